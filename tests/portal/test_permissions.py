"""Who may open what in the back office, as a table; what a role may write; how roles and logins are made."""

import stat

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import reverse

from partners.models import Partner
from portal import roles
from portal.models import SiteSettings
from tests.factories import make_member, make_page, make_partner, make_theme
from tests.forms import fields_of
from tests.portal.test_documents import make_document
from tests.portal.test_images import make_image

pytestmark = pytest.mark.django_db

TRANSLATOR, EDITOR, PUBLISHER, ADMINISTRATOR = "translator-en", "editor", "publisher", "administrator"
EVERYBODY = {TRANSLATOR, EDITOR, PUBLISHER, ADMINISTRATOR}
WRITERS = EVERYBODY - {TRANSLATOR}
CHIEFS = {PUBLISHER, ADMINISTRATOR}
CONTENT = {
    "changelist": EVERYBODY,
    "history": EVERYBODY,
    "change": EVERYBODY,
    "add": WRITERS,
    "delete": CHIEFS,
}
PEOPLE = dict.fromkeys(CONTENT, {ADMINISTRATOR})
TABLE = {
    "partners_partner": CONTENT,
    "themes_worktheme": CONTENT,
    "portal_page": CONTENT,
    "portal_image": CONTENT,
    "portal_document": CONTENT,
    "portal_sitesettings": {
        "changelist": EVERYBODY,
        "history": CHIEFS,  # who cannot change them has no drafts to compare
        "change": EVERYBODY,
        "add": set(),
        "delete": set(),
    },
    "auth_user": PEOPLE,
    "auth_group": PEOPLE,
}


@pytest.fixture
def records():
    roles.set_up()
    image = make_image()
    return {
        "partners_partner": make_partner().pk,
        "themes_worktheme": make_theme().pk,
        "portal_page": make_page().pk,
        "portal_image": image.pk,
        "portal_document": make_document().pk,
        "portal_sitesettings": SiteSettings.objects.create(pk=1).pk,
        "auth_user": User.objects.create_user("someone").pk,
        "auth_group": Group.objects.first().pk,
    }


def sign_in(client, key):
    user, _is_new = User.objects.get_or_create(username=key, defaults={"is_staff": True})
    user.groups.set([Group.objects.get(name=roles.roles()[key].name)])
    client.force_login(user)
    return client


def address(model, page, pk):
    return reverse(f"admin:{model}_{page}", args=[] if page in ("changelist", "add") else [pk])


@pytest.mark.parametrize("model", TABLE)
def test_each_role_opens_what_the_table_says_and_nothing_else(client, records, model):
    for page, allowed in TABLE[model].items():
        where = address(model, page, records[model])
        client.logout()
        assert client.get(where).status_code == 302, f"{where} without a login"
        for role in EVERYBODY:
            found = sign_in(client, role).get(where)
            opens = found.status_code in (200, 302)  # the list of the one row of settings leads to it
            assert opens == (role in allowed), f"{role} on {where}: {found.status_code}"
            assert opens or found.status_code == 403


@pytest.mark.parametrize("model", TABLE)
def test_a_visitor_with_an_account_but_no_role_opens_nothing(client, records, model):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    for page in TABLE[model]:
        assert client.get(address(model, page, records[model])).status_code == 403


def test_a_translator_changes_the_texts_of_one_language_and_nothing_else(client, records):
    partner = Partner.objects.get()
    member = make_member(partner)
    sign_in(client, TRANSLATOR)
    where = address("partners_partner", "change", partner.pk)
    typed = fields_of(client.get(where))
    assert "summary_en" in typed
    assert not {"summary_fr", "country", "public_from_en_0", "elected_members-0-name"} & typed.keys()
    forged = {
        "summary_fr": "Faux",
        "country": "BE",
        "elected_members-0-name": "Faux",
        "public_until_fr_0": "2020-03-01",
    }
    typed |= forged | {"summary_en": "Mine.", "elected_members-0-role_en": "Vice-president"}
    assert client.post(where, typed).status_code == 302
    kept = fields_of(client.force_login(User.objects.create_superuser("root")) or client.get(where))
    assert kept["summary_en"] == "Mine."
    assert kept["elected_members-0-role_en"] == "Vice-president"
    assert kept["elected_members-0-name"] == member.name
    assert (kept["summary_fr"], kept["country"], kept["public_until_fr_0"]) == ("", "FR", "")


def test_an_editor_writes_everything_but_cannot_open_a_page_to_the_public(client, records):
    typed = fields_of(sign_in(client, EDITOR).get(address("partners_partner", "change", records["partners_partner"])))
    assert {"summary_fr", "summary_en", "country"} <= typed.keys()
    assert "public_from_fr_0" not in typed


def test_setting_up_roles_twice_changes_nothing_and_takes_back_what_was_given_by_hand():
    first = roles.set_up()
    editor = Group.objects.get(name=roles.roles()["editor"].name)
    editor.permissions.clear()
    call_command("setup_roles", verbosity=0)
    assert roles.set_up() == first
    assert editor.permissions.count() == first[editor.name]


@pytest.fixture
def base(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    return tmp_path / "var" / "logins.txt"


def test_a_demonstration_gets_one_login_for_each_role_known_to_its_owner_alone(base, capsys):
    call_command("make_logins")
    printed = capsys.readouterr().out
    assert stat.S_IMODE(base.stat().st_mode) == 0o600
    for line in base.read_text().splitlines():
        key, password = line.split()
        assert password in printed
        user = User.objects.get(username=key)
        assert user.check_password(password)
        assert user.is_staff
        assert [group.name for group in user.groups.all()] == [roles.roles()[key].name]
    assert {line.split()[0] for line in base.read_text().splitlines()} == set(roles.roles())


def test_the_logins_are_made_once_and_can_be_shown_again(base, capsys):
    call_command("make_logins")
    first = capsys.readouterr().out
    call_command("make_logins", "--show")
    assert capsys.readouterr().out == first
    call_command("make_logins")
    assert capsys.readouterr().out == first


def test_no_login_is_made_beside_the_users_of_a_real_site_unless_asked(base, capsys):
    User.objects.create_user("someone")
    call_command("make_logins")
    assert not base.exists()
    assert User.objects.count() == 1
    call_command("make_logins", "--force")
    assert User.objects.count() == 1 + len(roles.roles())
