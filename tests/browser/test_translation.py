"""A source paragraph changes: its translation shows as out of date, is mended by a translator, and is published."""

import re

import pytest
from django.urls import reverse

from portal.staleness import confirm_all
from tests.browser.test_editing import address, seen, sign_in, write
from tests.factories import make_partner

pytestmark = pytest.mark.browser


def test_a_stale_paragraph_is_mended_by_a_translator_and_leaves_the_desk_empty(page, live_server):
    partner = make_partner(
        "Nord", name_en="Nord", presentation_fr="<p>La mer est grise.</p>", presentation_en="<p>The sea is grey.</p>"
    )
    confirm_all(partner)
    partner.save()

    sign_in(page, live_server, "publisher")
    page.goto(address(partner))
    write(page, "presentation_fr", "La mer est bleue.")
    page.get_by_role("button", name="all languages").click()
    page.get_by_text("Published.", exact=True).wait_for()
    assert "bleue" in seen(page, partner, "fr") and "The sea is grey." in seen(page, partner, "en")

    sign_in(page, live_server, "translator-en")
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name=re.compile("Translation out of date")).click()
    page.get_by_role("link", name="Presentation").click()
    page.wait_for_selector(".ProseMirror[lang=en]")
    beside = page.locator("#id_presentation_en_helptext")
    assert beside.get_by_text("Out of date").is_visible()
    assert "[removed:grise.end]" in re.sub(r"\s+", "", beside.locator(".diff").inner_text())
    box = page.locator(".ProseMirror[lang=en]").first
    assert box.get_attribute("aria-describedby") == "id_presentation_en_helptext"
    assert page.locator("[name=presentation_fr]").is_disabled()
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("The sea is blue.")
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_text("The draft is submitted for review.").wait_for()
    assert "The sea is grey." in seen(page, partner, "en")

    sign_in(page, live_server, "publisher")
    page.goto(reverse("desk"))
    assert page.get_by_text("1 thing to do").is_visible()
    page.get_by_role("row").filter(has_text="Draft waiting").get_by_role("link").click()
    page.get_by_role("button", name="all languages").click()
    page.get_by_text("Published.", exact=True).wait_for()
    assert "The sea is blue." in seen(page, partner, "en")
    page.goto(reverse("desk"))
    assert page.get_by_text("Nothing is left to do here.").is_visible()
