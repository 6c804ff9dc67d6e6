"""Is the interface translated, completely and from what the code says today?

Message ids are English; every language that has a folder in `portal/locale` is checked and compiled. Compiling is done
in Python, so that a machine without gettext can run the portal; collecting the texts needs gettext's xgettext.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages
from django.test.utils import override_settings

NOT_OURS = [".venv", "venv", "locale", "media", "staticfiles", "tests", "var"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Collector(makemessages.Command):
    """Django's, which also knows `_t`: what a module with lazy texts calls the one that is not."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]


def sources(folders: Iterable[str | Path] | None = None) -> list[Path]:
    """The catalogues that translators edit, as in `fr/LC_MESSAGES/django.po`; LOCALE_PATHS by default."""
    folders = settings.LOCALE_PATHS if folders is None else folders
    return sorted(po for folder in folders for po in Path(folder).glob("*/LC_MESSAGES/*.po"))


def compile_all(folders: Iterable[str | Path] | None = None) -> list[Path]:
    """Compile each catalogue that is newer than its compiled file; return those that were."""
    stale = [po for po in sources(folders) if not _current(po.with_suffix(".mo"), po)]
    for po in stale:
        part = po.with_suffix(".mo.part")
        polib.pofile(str(po)).save_as_mofile(str(part))
        part.replace(po.with_suffix(".mo"))  # at once: a server that starts meanwhile never reads half a file
    return stale


def problems() -> list[str]:
    """What keeps a catalogue from being complete and current, one line each; raise CommandError without gettext."""
    return [line for po in sources() for line in _problems(polib.pofile(str(po)), collect(po))]


def update() -> None:
    """Bring every catalogue up to date with the code: new texts empty, texts that are gone dropped, no guessing."""
    for po in sources():
        catalogue = polib.pofile(str(po), wrapwidth=120)
        catalogue.merge(collect(po))
        for entry in catalogue.obsolete_entries():
            catalogue.remove(entry)
        catalogue.save()


def collect(po: Path) -> polib.POFile:
    """The texts that code and templates hold now, for the language and the domain of `po`."""
    language = po.parts[-3]
    with tempfile.TemporaryDirectory() as folder, override_settings(LOCALE_PATHS=[folder]):
        options = {"no_location": True, "verbosity": 0, "ignore_patterns": NOT_OURS}
        call_command(Collector(), locale=[language], domain=po.stem, **options)
        found = Path(folder) / language / "LC_MESSAGES" / po.name
        return polib.pofile(str(found)) if found.exists() else polib.POFile()


def _current(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def _problems(catalogue: polib.POFile, collected: polib.POFile) -> Iterator[str]:
    here, there = _by_id(catalogue), _by_id(collected)
    yield from (f"not in the catalogue: {key[1]}" for key in there if key not in here)
    yield from (f"no longer used: {key[1]}" for key in here if key not in there)
    for entry in here.values():
        if entry.fuzzy or not entry.translated():
            yield f"not translated: {entry.msgid}"
        elif not _same_placeholders(entry):
            yield f"other placeholders than the text: {entry.msgid}"


def _by_id(catalogue: polib.POFile) -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def _same_placeholders(entry: polib.POEntry) -> bool:
    """A plural form may leave its number out, as in "one partner"; it may not name what nobody fills in."""
    given = _placeholders(entry.msgid + entry.msgid_plural)
    if entry.msgid_plural:
        return all(_placeholders(text) <= given for text in entry.msgstr_plural.values())
    return _placeholders(entry.msgstr) == given


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
