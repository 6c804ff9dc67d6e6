"""Signing in: password and second factor, what is refused after failed tries, how long it lasts, what is closed."""

import os
import re
import subprocess
import sys
import time
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from portal import roles
from portal import settings as production
from portal.signin import BEFORE, urlpatterns
from tests.factories import make_partner
from tests.forms import fields_of
from tests.pages import get

pytestmark = pytest.mark.django_db

LOGIN, SET_UP, SECRET = "/admin/login/", "/admin/security/set-up/", "JBSWY3DPEHPK3PXP"
ROLES = ("translator-en", "editor", "publisher", "administrator")
FAILS = {
    "fr": "Ce nom et ce mot de passe ne vont pas ensemble.",
    "en": "This name and this password do not go together.",
}
REFUSED = {
    "fr": "Trop d’essais ont échoué. Attendez un quart d’heure, puis réessayez.",
    "en": "Too many failed tries. Wait a quarter of an hour, then try again.",
}


@pytest.fixture
def alice():
    """Staff with the password "right" and the role of an editor."""
    return make_staff("alice", "editor")


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def limited(settings):
    settings.ACCOUNT_RATE_LIMITS = production.ACCOUNT_RATE_LIMITS


def make_staff(name, role=None):
    user = User.objects.create_user(name, password="right", is_staff=True)
    if role:
        roles.set_up()
        user.groups.add(Group.objects.get(name=roles.roles()[role].name))
    return user


def give_factor(user):
    """Second factor with SECRET; gives the recovery codes."""
    TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user).get_unused_codes()


def code(secret=SECRET):
    """What an app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def type_in(client, name="alice", password="right", to="/admin/", **more):
    return client.post(f"{LOGIN}?next={to}", {"login": name, "password": password}, **more)


def is_in(client):
    return client.get("/admin/").status_code == 200


def errors(response):
    return re.findall(r'role="alert">(.*?)</p>', unescape(response.content.decode()))


# One door -----------------------------------------------------------------------------------------------------------


def test_an_editor_signs_in_with_name_and_password_and_arrives_where_they_were_going(client, alice):
    there = reverse("admin:partners_partner_changelist")
    sent = client.get(there)
    assert sent.url == f"{LOGIN}?next={there}"
    assert type_in(client, to=there).url == there
    assert client.get(there).status_code == 200


def test_signing_in_leads_to_no_other_site(client, alice):
    assert type_in(client, to="https://elsewhere.example/").url == "/admin/"
    assert type_in(Client(), to="//elsewhere.example/").url == "/admin/"


def test_there_is_no_door_without_the_second_factor(client, alice):
    give_factor(alice)
    assert reverse("admin:login") == reverse("account_login") == LOGIN
    client.post(LOGIN, {"username": "alice", "password": "right", "this_is_the_login_form": "1"})
    assert not is_in(client)
    assert type_in(client).url == reverse("mfa_authenticate")
    assert not is_in(client)
    assert admin.site.login(Client().get(LOGIN).wsgi_request).template_name == ["admin/sign_in.html"]


def test_who_is_not_staff_is_refused_rather_than_sent_to_and_fro(client):
    User.objects.create_user("visitor", password="right")
    assert (
        client.post(f"{LOGIN}?next=/admin/", {"login": "visitor", "password": "right"}, follow=True).status_code == 403
    )
    assert client.get(reverse("mfa_index"), follow=True).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["signup", "email", "reset_password", "change_password", "set_password", "confirm_login_code", "inactive"],
)
def test_other_pages_of_the_library_are_closed(client, alice, name):
    with pytest.raises(NoReverseMatch):
        reverse(f"account_{name}")
    client.force_login(User.objects.create_superuser("root"))
    for place in ("/accounts/", "/admin/", "/admin/login/", "/admin/security/"):
        for path in (name, name.replace("_", "/"), "/".join(reversed(name.split("_")))):
            if place + path != "/admin/password/change":
                assert client.get(f"{place}{path}/").status_code == 404


def test_the_list_of_open_pages_is_complete_and_no_social_account_or_key_is_among_them():
    assert {one.name for one in urlpatterns} - BEFORE == {
        "account_login",
        "account_logout",
        "mfa_authenticate",
        "mfa_index",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
    }


def test_the_tables_of_the_library_are_not_shown():
    assert Authenticator not in admin.site._registry
    assert EmailAddress not in admin.site._registry


# Second factor ------------------------------------------------------------------------------------------------------


def test_the_second_factor_is_asked_for_and_opens(client, alice):
    give_factor(alice)
    there = reverse("admin:partners_partner_changelist")
    asked = type_in(client, to=there)
    assert asked.url == reverse("mfa_authenticate")
    wrong = client.post(asked.url, {"code": "000000"})
    assert get(client, asked.url).one("input", name="code")["autocomplete"] == "one-time-code"
    assert wrong.context["form"].errors["code"]
    assert not is_in(client)
    assert client.post(asked.url, {"code": code()}).url == there
    assert is_in(client)


def test_a_code_of_the_app_opens_once(alice):
    give_factor(alice)
    shown = code()
    for client, opens in ((Client(), True), (Client(), False)):
        client.post(type_in(client).url, {"code": shown})
        assert is_in(client) == opens


def test_a_recovery_code_opens_in_its_place_once(alice):
    spare = give_factor(alice)[0]
    for client, opens in ((Client(), True), (Client(), False)):
        client.post(type_in(client).url, {"code": spare})
        assert is_in(client) == opens


def test_who_began_to_sign_in_can_leave_and_come_back_as_another(client, alice):
    give_factor(alice)
    make_staff("bob", "editor")
    type_in(client)
    assert client.get(LOGIN).url == reverse("mfa_authenticate")
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout")).url == LOGIN
    assert type_in(client, "bob").url == "/admin/"


def test_staff_set_up_a_second_factor_see_the_codes_and_go_on(client, alice, demanded):
    there = reverse("admin:partners_partner_changelist") + "?kind=county"
    type_in(client, to="/admin/")
    assert client.get(there).url == SET_UP
    page = get(client, SET_UP)
    secret = page.one("code", class_="secret").text
    assert page.one("img", class_="qr-code")["alt"]
    assert page.one("input", name="code")["autocomplete"] == "one-time-code"
    assert client.post(SET_UP, {"code": "000000"}).context["form"].errors["code"]
    done = client.post(SET_UP, {"code": code(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    page = get(client, done.url)
    assert len(page.all("li")) == 10
    assert page.all("a", href=there)
    assert client.get(there).status_code == 200
    assert client.get(reverse("mfa_download_recovery_codes")).content.count(b"\n") >= 10


def paths(patterns, prefix="/"):
    """An address for each pattern; what stands for a record need not exist."""
    for one in patterns:
        route = re.sub(r"\(\?P<app_label>(\w+)[^)]*\)", r"\1", str(one.pattern)).strip("^$")
        route = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", route)
        route = prefix + re.sub(r"\(\?P<url>\.\*\)\$?|<[^>]+>", "1", route)
        if hasattr(one, "url_patterns"):
            yield from paths(one.url_patterns, route)
        else:
            yield route


def test_no_page_of_the_back_office_answers_before_there_is_a_second_factor(client, demanded):
    client.force_login(User.objects.create_superuser("root"))
    open_before = {reverse(name) for name in BEFORE} | {
        "/admin/jsi18n/",  # words without content, as for everybody
        LOGIN,
        reverse("mfa_authenticate"),
        reverse("account_logout"),
    }
    tried = set(paths(one for one in get_resolver().url_patterns if str(one.pattern).startswith("admin/")))
    assert len(tried) > 80 and open_before <= tried | {"/admin/jsi18n/"}
    for path in sorted(tried - open_before):
        for answer in (client.get(path), client.post(path)):
            assert (answer.status_code, answer.get("Location")) == (302, SET_UP), path
    give_factor(User.objects.get())
    assert is_in(client)


def test_where_none_is_demanded_the_password_opens_and_one_can_be_set_up(client, alice):
    type_in(client)
    assert is_in(client)
    assert get(client, SET_UP).all("code", class_="secret")


def test_security_is_changed_soon_after_signing_in_or_with_the_password_once_more(client, alice):
    give_factor(alice)
    client.force_login(alice)
    ask = reverse("account_reauthenticate")
    for name in ("deactivate_totp", "view_recovery_codes", "generate_recovery_codes", "download_recovery_codes"):
        assert client.get(reverse(f"mfa_{name}")).url.startswith(ask)
    assert client.post(reverse("mfa_deactivate_totp")).url.startswith(ask)
    assert client.post(reverse("mfa_generate_recovery_codes")).url.startswith(ask)
    asked = client.get(reverse("mfa_deactivate_totp")).url
    assert get(client, asked).one("input", name="password")["autocomplete"] == "current-password"
    assert client.post(asked, {"password": "wrong"}).context["form"].errors["password"]
    assert Authenticator.objects.filter(user=alice).count() == 2
    assert client.post(asked, {"password": "right"}).status_code == 302
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=alice).exists()


def test_after_a_quarter_of_an_hour_the_password_is_asked_for_again(client, alice):
    type_in(client)
    assert client.get(SET_UP).status_code == 200
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 15 * 60 + 1
    session.save()
    assert client.get(SET_UP).url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize("one", [one for one in urlpatterns if str(one.pattern).startswith("security/")], ids=str)
def test_what_protects_somebody_is_open_to_them_alone(client, one):
    assert client.get(reverse(one.name)).url == f"{LOGIN}?next={reverse(one.name)}"


def test_new_recovery_codes_end_the_old_ones(client, alice):
    old = give_factor(alice)
    client.post(type_in(client).url, {"code": code()})
    client.post(reverse("mfa_generate_recovery_codes"))
    new = Authenticator.objects.get(user=alice, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    assert len(new) == 10
    assert not set(old) & set(new)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_changes_its_own_password_and_second_factor_from_the_header(client, role):
    make_staff("someone", role)
    type_in(client, "someone")
    assert get(client, "/admin/").all("a", href=reverse("mfa_index"))
    page = get(client, reverse("mfa_index"))
    assert page.all("a", href=reverse("admin:password_change")) and page.all("a", href=SET_UP)
    assert get(client, SET_UP).one("code", class_="secret")


@pytest.mark.parametrize("role", [None, *ROLES])
def test_only_an_administrator_resets_the_second_factor_of_somebody_else(client, alice, role):
    give_factor(alice)
    client.force_login(make_staff("helper", role))
    address = reverse("admin:auth_user_change", args=[alice.pk])
    if role != "administrator":
        assert client.post(address, {"forget_second_factor": "on", "username": "alice"}).status_code == 403
        assert Authenticator.objects.filter(user=alice).count() == 2
        return
    form = fields_of(client.get(address), "user_form")
    client.post(address, form)
    assert Authenticator.objects.filter(user=alice).count() == 2
    assert client.post(address, form | {"forget_second_factor": "on"}).status_code == 302
    assert not Authenticator.objects.filter(user=alice).exists()
    assert "second facteur" in LogEntry.objects.first().get_change_message()
    assert type_in(Client()).url == "/admin/"


# Failed tries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_unknown_name_and_a_wrong_password_say_the_same(client, alice, limited, language):
    asked = {"headers": {"accept-language": language}}
    assert errors(type_in(client, "alice", "wrong", **asked)) == [FAILS[language]]
    assert errors(type_in(client, "nobody", "wrong", **asked)) == [FAILS[language]]
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert errors(type_in(client, "alice", "right", **asked)) == [FAILS[language]]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["alice", "nobody"])
def test_after_five_failed_tries_a_name_is_refused_from_everywhere(alice, limited, name, language):
    for number in range(5):
        assert errors(type_in(Client(), name, "wrong", REMOTE_ADDR=f"192.0.2.{number}"))
    late = type_in(Client(), name, REMOTE_ADDR="198.51.100.1", headers={"accept-language": language})
    assert errors(late) == [REFUSED[language]]
    make_staff("bob", "editor")
    assert type_in(Client(), "bob", REMOTE_ADDR="192.0.2.1").status_code == 302


def test_after_twenty_failed_tries_an_address_is_refused_whatever_the_name(alice, limited):
    for number in range(20):
        type_in(Client(), f"name{number}", "wrong", REMOTE_ADDR="192.0.2.7")
    assert errors(type_in(Client(), REMOTE_ADDR="192.0.2.7", headers={"accept-language": "en"})) == [REFUSED["en"]]
    assert type_in(Client(), REMOTE_ADDR="192.0.2.8").status_code == 302


def test_behind_a_proxy_the_address_that_it_names_last_is_counted(alice, limited, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        forged = {"x-forwarded-for": f"203.0.113.{number}, 192.0.2.7"}
        type_in(Client(), f"name{number}", "wrong", headers=forged)
    assert errors(type_in(Client(), headers={"x-forwarded-for": "203.0.113.99, 192.0.2.7"}))
    assert type_in(Client(), headers={"x-forwarded-for": "192.0.2.8"}).status_code == 302


def test_signing_in_well_is_never_refused(alice, limited):
    for _number in range(25):
        assert type_in(Client()).status_code == 302


def test_codes_cannot_be_guessed_one_after_the_other(client, alice, limited):
    give_factor(alice)
    there = type_in(client).url
    for number in range(5):
        client.post(there, {"code": f"00000{number}"})
    assert client.post(there, {"code": code()}, headers={"accept-language": "en"}).context["form"].errors["code"] == [
        REFUSED["en"]
    ]
    assert not is_in(client)


TRY = """
import django
django.setup()
from django.test import Client
typed = {"login": "alice", "password": "right"}
print(Client().post("/admin/login/", typed, headers={"accept-language": "en"}).content.decode())
"""


@pytest.mark.django_db(transaction=True)
def test_another_process_knows_of_the_failed_tries(alice, limited):
    for _number in range(5):
        type_in(Client(), password="wrong")
    at = connection.settings_dict
    place = f"{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/" if connection.vendor == "postgresql" else "/"
    environment = {
        "DATABASE_URL": f"{connection.vendor}://{place}{at['NAME']}",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    result = subprocess.run(
        [sys.executable, "-c", TRY], env=os.environ | environment | {"DEBUG": "on"}, capture_output=True, text=True
    )
    connection.cursor().execute("DELETE FROM portal_cache")  # a table that no model knows is not emptied after a test
    assert REFUSED["en"] in result.stdout, result.stderr


# Sessions -----------------------------------------------------------------------------------------------------------


def test_a_session_ends_after_a_working_day_and_its_cookie_is_out_of_reach(client, alice, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = type_in(client).cookies["sessionid"]
    assert cookie["max-age"] == 12 * 60 * 60
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert client.session.get_expiry_age() == 12 * 60 * 60


def test_cookies_are_sent_over_https_alone_where_it_is_on():
    said = "from portal import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECOND_FACTOR)"
    for https, expected in (("on", "True True True"), ("off", "False False False")):
        environment = {name: value for name, value in os.environ.items() if name != "SECOND_FACTOR"}
        result = subprocess.run([sys.executable, "-c", said], env=environment | {"HTTPS": https}, capture_output=True)
        assert result.stdout.decode().strip() == expected


def test_a_change_of_password_ends_the_other_sessions(client, alice):
    elsewhere = Client()
    type_in(client)
    type_in(elsewhere)
    new = {"old_password": "right", "new_password1": "Rather-other-7", "new_password2": "Rather-other-7"}
    assert client.post(reverse("admin:password_change"), new).status_code == 302
    assert is_in(client)
    assert not is_in(elsewhere)


def test_signing_out_takes_a_button(client, alice):
    type_in(client)
    assert client.get(reverse("admin:logout")).status_code == 405
    assert is_in(client)
    client.post(reverse("admin:logout"))
    assert not is_in(client)


# Visitors -----------------------------------------------------------------------------------------------------------


def test_a_visitor_notices_nothing(client, demanded, django_assert_num_queries):
    page = make_partner().get_absolute_url("fr")
    client.get(page)
    with django_assert_num_queries(4):
        answer = client.get(page)
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    assert client.get("/fr/rien/").status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_form_says_what_it_is_to_people_and_to_password_managers(client, language):
    page = get(client, LOGIN, headers={"accept-language": language})
    assert page.one("html")["lang"] == language
    assert len(page.all("h1")) == 1
    assert page.one("input", name="login")["autocomplete"] == "username"
    assert page.one("input", name="password")["autocomplete"] == "current-password"
    for name in ("id_login", "id_password"):
        assert page.one("label", **{"for": name}).text
    policy = client.get(LOGIN).headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "nonce" not in policy
