"""The back office as a whole: its language, its policy, the library, the settings, what every list costs."""

from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from portal.images import Image
from portal.models import SiteSettings
from portal.publishing import opening
from tests.factories import LONG_AGO, make_page, make_partner, make_theme
from tests.forms import fields_of
from tests.portal.test_images import files, make_image, picture_bytes, two_shores, upload

pytestmark = pytest.mark.django_db

LIBRARY = "admin:portal_image_changelist"
ADD = "admin:portal_image_add"


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor"))
    return client


def test_editors_choose_the_language_of_the_interface_and_visitors_get_no_cookie(editor, client):
    make_partner()
    chosen = editor.post(reverse("admin:language"), {"language": "en", "next": "/admin/"})
    assert chosen.url == "/admin/"
    cookie = chosen.cookies["interface_language"]
    assert (cookie.value, cookie["path"]) == ("en", "/admin/")
    assert 'lang="en"' in editor.get("/admin/").content.decode()[:200]
    editor.post(reverse("admin:language"), {"language": "fr"})
    assert 'lang="fr"' in editor.get("/admin/").content.decode()[:200]


def test_only_staff_can_choose_a_language(client):
    assert client.post(reverse("admin:language"), {"language": "en"}).url.startswith("/admin/login/")
    assert "interface_language" not in client.cookies


def test_the_choice_of_language_leads_nowhere_else(editor):
    there = editor.post(reverse("admin:language"), {"language": "en", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in there.url


def test_the_policy_of_the_back_office_has_a_nonce_and_no_hole(editor):
    policy = editor.get(reverse("admin:partners_partner_add")).headers["Content-Security-Policy"]
    assert "'nonce-" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_policy_of_public_pages_stays_as_it_was(client):
    policy = client.get("/fr/").headers["Content-Security-Policy"]
    assert "nonce" not in policy
    assert "data:" not in policy


@pytest.mark.parametrize(
    "name", ["partners_partner", "themes_worktheme", "portal_page", "portal_image", "auth_user", "auth_group"]
)
def test_the_cost_of_a_list_does_not_grow_with_its_length(editor, name):
    def make(number):
        make_partner(f"P{number}", cover=make_image(picture_bytes((20, 20)), name=f"P{number}"))
        make_theme(f"T{number}")
        make_page(f"S{number}")
        User.objects.create_user(f"U{number}")

    make(1)
    with CaptureQueriesContext(connection) as few:
        editor.get(reverse(f"admin:{name}_changelist"))
    for number in range(2, 6):
        make(number)
    with CaptureQueriesContext(connection) as more:
        editor.get(reverse(f"admin:{name}_changelist"))
    assert len(more) <= len(few)


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [
        (None, None, "off"),
        (LONG_AGO, None, "public"),
        (LONG_AGO, LONG_AGO + timedelta(days=1), "closed"),
        (timezone.now() + timedelta(days=1), None, "coming"),
    ],
)
def test_the_state_of_a_language_is_told(opens, closes, state):
    told = opening(make_partner(public_from_en=opens, public_until_en=closes), "en")
    assert told["state"] == state
    assert bool(told["url"]) == (state == "public")


def test_the_settings_are_one_row_that_can_be_neither_added_nor_deleted(editor):
    assert editor.get(reverse("admin:portal_sitesettings_changelist")).url.endswith("/1/change/")
    assert SiteSettings.objects.count() == 1
    assert editor.get(reverse("admin:portal_sitesettings_add")).status_code == 403
    assert editor.get(reverse("admin:portal_sitesettings_delete", args=[1])).status_code == 403


WRONG = {
    "no file": ({"file": ""}, "file", "This field is required."),
    "a file that is no image": (
        {"file": b"%PDF-1.7"},
        "file",
        "This is not a picture that the site can show. Choose a JPEG, PNG, WebP or AVIF file.",
    ),
    "half an image": (
        {"file": picture_bytes((800, 800))[:3000]},
        "file",
        "This picture is damaged or incomplete. Export or download it once more.",
    ),
    "no description": (
        {"alt_fr": ""},
        "alt_fr",
        "Say what the picture shows, in one language at least, or tick “decorative”.",
    ),
    "no credit": ({"credit": ""}, "credit", "This field is required."),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_an_upload_is_said_beside_the_field(editor, media, case, language):
    changes, field, message = WRONG[case]
    editor.cookies["interface_language"] = language
    typed = {"name": "Cap", "alt_fr": "Une falaise.", "credit": "Moi", "focal_point_x": 30, "focal_point_y": 70}
    typed |= changes
    content = typed.pop("file", picture_bytes())
    response = editor.post(reverse(ADD), typed | {"file": SimpleUploadedFile("a.jpg", content) if content else ""})
    with override(language):
        told = gettext(message)
    assert response.context["adminform"].form.errors == {field: [told]}
    assert told in unescape(response.content.decode())
    kept = fields_of(response)
    assert {name: kept[name] for name in ("name", "focal_point_x")} == {"name": "Cap", "focal_point_x": "30"}
    assert files(media) == []


def test_a_picture_enters_the_library_with_the_point_that_must_stay_in_sight(
    editor, media, django_capture_on_commit_callbacks
):
    typed = {"name": "Cap", "alt_en": "A cliff.", "credit": "Me", "focal_point_x": 30, "focal_point_y": 70}
    with django_capture_on_commit_callbacks(execute=True):
        response = editor.post(reverse(ADD), typed | {"file": upload(two_shores(), "cap.png")})
    assert response.status_code == 302
    assert Image.objects.get().focal_point == "0.3x0.7"
    assert Image.objects.get().file.address("thumbnail") in editor.get(reverse(LIBRARY)).content.decode()
    page = editor.get(reverse("admin:portal_image_change", args=[Image.objects.get().pk])).content.decode()
    assert "/originals/" not in page


def test_an_image_in_use_is_kept_and_the_message_names_the_page(editor):
    image = make_image()
    make_partner("Nord", cover=image)
    make_theme("Tourisme", illustration=image)
    address = reverse("admin:portal_image_delete", args=[image.pk])
    page = editor.get(address).content.decode()
    assert "Nord" in page
    assert "Tourisme" in page
    editor.post(address, {"post": "yes"})
    assert Image.objects.exists()
