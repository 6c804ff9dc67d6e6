"""What holds for the whole house, whoever writes in it?"""

import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from portal import catalogue

HOUSE = settings.BASE_DIR
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")
HIDDEN_AND_OURS = {".ci", ".dockerignore", ".editorconfig", ".env.example", ".gitignore"}
FOREIGN_HOST = re.compile(
    r"""(?:<link[^>]*href|src|srcset|action|poster)=["']?(?:https?:)?//|url\(["']?(?:https?:)?//"""
)
REQUESTED = re.compile(r"""(?:fetch|import|importScripts)\(?\s*["'](?:https?:)?//""")
MACHINE = re.compile(r"/(?:wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+|tm[p])/")
STORE = re.compile(r"\b(?:pyp[i]|pythonhoste[d]|npmj[s]|jsdeliv[r]|unpk[g]|googleapi[s]|gstati[c]|cdnj[s])\b", re.I)


def files(*patterns):
    """The files of the house that match one of the patterns (all by default), without what is made or private.

    Django's makemessages, which another test may be running, puts a file of its own beside each template and text.
    """
    every = (path for top in sorted(HOUSE.iterdir()) if is_ours(top) for path in [top, *top.rglob("*")])
    kept = (path for path in every if not path.name.endswith((".html.py", ".txt.py")))
    return [path for path in kept if path.is_file() and any(path.match(pattern) for pattern in patterns or "*")]


def is_ours(top):
    made = {"media", "staticfiles", "var", "screenshots"}
    if top.name in made or top.suffix in {".sqlite3", ".sqlite3-shm", ".sqlite3-wal"} or (top / "pyvenv.cfg").exists():
        return False
    return not top.name.startswith(".") or top.name in {
        ".ci",
        ".dockerignore",
        ".editorconfig",
        ".env.example",
        ".gitignore",
    }


def found(pattern, paths):
    """Each match with its place, as in "templates/base.html:12: |safe"."""
    return [
        f"{path.relative_to(HOUSE)}:{number}: {match.group()}"
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def text_files():
    return [path for path in files() if b"\0" not in path.read_bytes()]


def test_no_template_declares_a_text_safe():
    assert not found(re.compile(r"\|\s*safe\b|\bautoescape off\b"), files("*.html"))


def test_no_template_carries_inline_style_or_script():
    assert not found(re.compile(r"\sstyle=|\son\w+=[\"']|<style\b|javascript:"), files("*.html"))


def test_nothing_is_fetched_from_another_host():
    sources = files("*.html", "*.css", "*.js", "*.svg", "*.xml")
    assert not found(FOREIGN_HOST, [path for path in sources if path.suffix != ".js"]) + found(REQUESTED, sources)


def test_colours_are_values_of_tokens_alone():
    """In the sheet, hex colours stand in `@layer tokens`; everything else names a role."""
    for sheet in files("*.css"):
        outside = re.sub(r"@layer tokens\s*\{.*?\n\}", "", sheet.read_text(), flags=re.DOTALL)
        outside = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", outside, flags=re.DOTALL)
        colours = [hit for line in outside.splitlines() if ":" in line for hit in HEX_COLOUR.findall(line)]
        assert not colours, f"{sheet.name}: {colours}"


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_the_catalogue_is_complete_and_current():
    assert catalogue.problems() == []


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_readme_names_only_files_that_exist():
    named = re.findall(r"`((?:[\w.-]+/)*[\w.-]+(?:\.\w+|/))`", (HOUSE / "README.md").read_text())
    assert len(named) > 20
    assert not [name for name in named if not (HOUSE / name).exists()]


def test_the_readme_says_where_each_question_is_answered():
    """A module of `portal/` that opens with a question stands in the table of the README."""
    readme = (HOUSE / "README.md").read_text()
    asking = [path for path in (HOUSE / "portal").glob("*.py") if "?" in path.read_text().partition("\n")[0]]
    assert len(asking) > 20
    assert not [path.name for path in asking if f"`portal/{path.name}`" not in readme]


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in files("*.py") if path.is_relative_to(HOUSE / "tests")}
    assert folders and not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_the_example_of_the_environment_names_exactly_what_the_settings_read():
    read = set(re.findall(r"\benv\.\w+\(\s*\"(\w+)\"", (HOUSE / "portal/settings.py").read_text()))
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (HOUSE / ".env.example").read_text(), re.MULTILINE))
    assert read and read == named


def test_no_file_names_a_machine_or_a_package_store():
    everywhere = [path for path in text_files() if path.name != Path(__file__).name]
    assert not found(STORE, everywhere)
    assert not found(MACHINE, [path for path in everywhere if not path.is_relative_to(HOUSE / "deploy")])
