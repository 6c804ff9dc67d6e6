"""The main fields of the seed page, typed by hand into the back office and read on the public page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partners.models import Partner
from tests.browser.test_editing import sign_in, write
from tests.journeys.test_seed_page import SEED, seed, words

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(SEED is None, reason="the seed page is not beside the project (../shared/seed)"),
]


def test_a_publisher_types_the_seed_page_and_a_visitor_reads_it(page, live_server):
    text = seed()
    sign_in(page, live_server, "publisher")
    page.goto(reverse("admin:partners_partner_add"))
    page.fill("[name=name_en]", text["name"])
    page.fill("[name=name_in_sentence_en]", "Pas-de-Calais")
    for column, section in zip(("presentation_en", "cooperation_en", "committee_en"), text["sections"], strict=True):
        write(page, column, section)
    for column, choice in (("kind", "department"), ("country", "FR"), ("source_language", "en")):
        page.select_option(f"[name={column}]", choice)
    page.get_by_text("Add another Elected member").click()
    page.fill("[name=elected_members-0-name]", text["person"])
    page.fill("[name=elected_members-0-role_en]", text["role"])
    page.get_by_role("button", name="all languages").click()
    page.get_by_text("Published.").wait_for()
    page.goto(Partner.objects.get().get_absolute_url("en"))
    shown = words(page.content())
    assert page.get_by_role("heading", level=1).inner_text() == text["name"]
    assert [part for part in (*text["sections"], text["person"], text["role"]) if part not in shown] == []
