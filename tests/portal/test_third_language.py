"""A third language is one line of the settings and one migration: Dutch, on a site that already has its content."""

import os
import shutil
import subprocess
import sys

from django.conf import settings

BEFORE = """
from tests.factories import *
partner = make_partner("Nord", seat_fr="Lille", seat_en="Lille")
make_member(partner), make_theme("Jeunesse"), make_french_only("Hauts-de-France")
"""

AFTER = """
from django.contrib.auth import get_user_model
from django.test import Client
from partners.models import ElectedMember, Partner
from portal.desk import content, findings
from portal.exchange import export
from portal.languages import codes
from portal.staleness import CURRENT, STALE, state
from tests.forms import fields_of

def page(path, client=Client()):
    response = client.get(path, HTTP_HOST="localhost")
    assert response.status_code == 200, (path, response.status_code)
    return response

def read(path):
    return page(path).content.decode()

assert codes() == ("fr", "en", "nl")
nord, region = Partner.objects.get(name_fr="Département du Nord"), Partner.objects.get(public_from_en=None)

# Addresses: pages that were there answer in Dutch too, in French, and say so to readers and to search engines.
address = nord.get_absolute_url("nl")
assert address.startswith("/nl/") and "Département du Nord" in read(address)
assert "noindex" in read(address) and 'lang="fr"' in read(address)
assert f'href="{address}"' in read("/nl/partenaires/") and read("/nl/")
assert 'hreflang="nl"' not in read(nord.get_absolute_url("fr")).split("</head>")[0]

# The desk asks for Dutch once a page, whatever the number of its texts.
missing = [one for one in findings(content()) if one.kind == "missing" and one.language == "nl"]
assert len(missing) == 3 and {one.column for one in missing} == {"name_nl", "title_nl"}
assert b'trgLang="nl"' in export(content(), "fr", "nl") and b"Lille" in export(content(), "fr", "nl")

# Forms: three languages side by side; what is written in Dutch is published in Dutch.
admin = Client(HTTP_HOST="localhost")
admin.force_login(get_user_model().objects.create_superuser("admin"))
form = page(f"/admin/partners/partner/{nord.pk}/change/", admin)
posted = fields_of(form) | {
    "name_nl": "Noorderdepartement", "name_in_sentence_nl": "het Noorden", "seat_nl": "Rijsel",
    "elected_members-0-role_nl": "Rol", "_publish": "nl",
}
assert admin.post(form.request["PATH_INFO"], posted).status_code == 302
nord.refresh_from_db()
assert (nord.name_nl, nord.seat_nl) == ("Noorderdepartement", "Rijsel")
assert nord.public_languages() == ("fr", "en", "nl"), nord.public_languages()
assert ElectedMember.objects.get().role_nl == "Rol"

# States: each language has its own.
assert state(nord, "seat", "nl") == state(nord, "seat", "en") == CURRENT
form = page(f"/admin/partners/partner/{nord.pk}/change/", admin)
both = {"seat_fr": "Lille (Nord)", "seat_en": "Lille (Nord)", "_publish": ""}
admin.post(form.request["PATH_INFO"], fields_of(form) | both)
nord.refresh_from_db()
assert (state(nord, "seat", "en"), state(nord, "seat", "nl")) == (CURRENT, STALE)

# Alternates: three languages, and its own address in Dutch.
head = read(nord.get_absolute_url("nl")).split("</head>")[0]
assert "Noorderdepartement" in head and "noindex" not in head
assert all(f'hreflang="{code}"' in head for code in codes())
print("Dutch stands.")
"""


def test_dutch_is_one_line_of_the_settings_and_one_migration(tmp_path):
    site = tmp_path / "site"
    ignored = shutil.ignore_patterns(
        ".*", "*.sqlite3*", "media", "staticfiles", "node_modules", "__pycache__", "browser"
    )
    shutil.copytree(settings.BASE_DIR, site, ignore=ignored)
    database = f"sqlite:///{site / 'dutch.sqlite3'}"
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def manage(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=site, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    manage("migrate", "--verbosity", "0")
    manage("shell", "--no-imports", "--command", BEFORE)

    named = site / "portal" / "settings.py"
    languages = named.read_text(encoding="utf-8")
    step = languages.replace('("en", _("English"))]', '("en", _("English")), ("nl", _("Dutch"))]')
    assert step != languages
    named.write_text(step, encoding="utf-8")
    assert "name_nl" in manage("makemigrations")
    manage("migrate", "--verbosity", "0")
    manage("makemigrations", "--check", "--dry-run")

    assert "Dutch stands." in manage("shell", "--no-imports", "--command", AFTER)
