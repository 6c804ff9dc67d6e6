"""A source paragraph changes: its translation shows as out of date, is mended by a translator, and is published."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
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


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_desk_the_exchange_and_what_stands_beside_a_text_break_no_rule_of_accessibility(
    chromium, live_server, width, scheme
):
    partner = make_partner(summary_fr="Un.", summary_en="For 30 years", seat_fr="Gand")
    confirm_all(partner)
    partner.summary_fr = "Deux !"
    partner.save()
    # Axe needs an inline style of its own, which the policy of the page would refuse.
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, live_server, "publisher")
    for path in (reverse("desk"), reverse("exchange"), reverse("admin:index"), address(partner)):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
