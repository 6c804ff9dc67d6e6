"""The life of a page in a real browser: drafted, previewed, submitted, compared, published, mended."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import Partner
from portal import roles
from portal.drafts import publish_due
from portal.editions import working_draft
from tests.factories import make_partner

pytestmark = pytest.mark.browser


def sign_in(page, live_server, role):
    roles.set_up()
    user, _ = get_user_model().objects.get_or_create(username=role, defaults={"is_staff": True})
    user.groups.add(Group.objects.get(name=roles.roles()[role].name))
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.set_extra_http_headers({"Accept-Language": "en"})


def address(partner, name="change"):
    return reverse(f"admin:partners_partner_{name}", args=[partner.pk])


def write(page, field, text):
    """Replace a rich text through its editor, as a person would."""
    page.wait_for_selector(".prose-menubar")
    box = page.locator(f".form-row:has([name={field}]) .ProseMirror[lang={field[-2:]}]").first
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def seen(page, partner, language):
    """What a visitor without session reads, whole and never an error."""
    answer = page.request.get(partner.get_absolute_url(language), headers={"Cookie": ""})
    assert answer.status == 200
    return re.sub(r"\s+", " ", answer.text())


def test_a_page_is_drafted_previewed_submitted_published_by_language_and_mended(page, live_server):
    partner = make_partner("Nord", presentation_fr="<p>Avant.</p>", presentation_en="<p>Before.</p>")
    first_fr, first_en = seen(page, partner, "fr"), seen(page, partner, "en")

    sign_in(page, live_server, "editor")
    page.goto(address(partner))
    write(page, "presentation_fr", "Les dunes reculent.")
    write(page, "presentation_en", "The dunes retreat.")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    preview.wait_for_load_state()
    for title, text in (("Français", "Les dunes reculent."), ("English", "The dunes retreat.")):
        frame = preview.frame_locator(f"iframe[title={title}]")
        assert frame.get_by_text(text).is_visible()
        assert preview.locator(f"iframe[title={title}]").evaluate("frame => frame.clientWidth") == 390
    preview.close()
    assert (seen(page, partner, "fr"), seen(page, partner, "en")) == (first_fr, first_en)
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_text("The draft is submitted for review.").wait_for()
    assert (seen(page, partner, "fr"), seen(page, partner, "en")) == (first_fr, first_en)

    sign_in(page, live_server, "publisher")
    page.goto(address(partner))
    page.get_by_text("What the draft changes").click()
    assert page.locator("ins", has_text="dunes retreat").first.is_visible()
    page.get_by_role("button", name="English only").click()
    page.get_by_text("Published in English").wait_for()
    assert "The dunes retreat." in seen(page, partner, "en")
    assert "Avant." in seen(page, partner, "fr")

    tomorrow = timezone.localtime() + timedelta(days=1)
    page.get_by_text("Schedule…").click()
    page.fill("[name=schedule-due_at_0]", tomorrow.strftime("%Y-%m-%d"))
    page.fill("[name=schedule-due_at_1]", "08:00")
    page.get_by_role("button", name="Schedule this draft").click()
    page.get_by_text("The draft is scheduled.").wait_for()
    assert "Avant." in seen(page, partner, "fr")
    assert publish_due(tomorrow + timedelta(days=1)) == (1, 0)
    assert "Les dunes reculent." in seen(page, partner, "fr")

    page.goto(address(partner, "history"))
    page.get_by_role("button", name="Restore as a draft").last.click()
    page.get_by_text("The earlier edition is now a draft.").wait_for()
    page.get_by_role("button", name="all languages").click()
    page.get_by_text("Published.").wait_for()
    assert "Avant." in seen(page, partner, "fr")
    assert "Before." in seen(page, partner, "en")


def test_a_crash_of_the_browser_loses_nothing_that_was_kept(page, live_server):
    partner = make_partner("Nord")
    sign_in(page, live_server, "editor")
    page.clock.install()
    page.goto(address(partner))
    page.fill("[name=summary_fr]", "Une phrase à moitié")
    page.fill("[name=website]", "pas encore une adresse")
    with page.expect_response(re.compile("/typed/$")):
        page.clock.run_for(21_000)
    page.goto("about:blank")
    assert working_draft(partner) is None
    page.goto(address(partner))
    page.get_by_role("link", name="Recover what you typed").click()
    assert page.input_value("[name=summary_fr]") == "Une phrase à moitié"
    assert page.input_value("[name=website]") == "pas encore une adresse"
    assert Partner.objects.get().summary_fr in (None, "")


def test_a_new_partner_is_previewed_before_it_was_ever_saved(page, live_server):
    sign_in(page, live_server, "editor")
    page.goto(reverse("admin:partners_partner_add"))
    page.fill("[name=name_fr]", "Comté d’Essex")
    page.fill("[name=name_in_sentence_fr]", "l’Essex")
    page.select_option("[name=country]", "GB")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    opened.value.wait_for_load_state()
    assert (
        opened.value.frame_locator("iframe[title=Français]").get_by_role("heading", level=1).inner_text()
        == "Comté d’Essex"
    )
    assert not Partner.objects.exists()
