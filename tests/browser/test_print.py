"""The printed sheet of a partner, in Chromium."""

import re

import pytest

from tests import factories

TALK = "Une phrase de longueur ordinaire sur la coopération des deux rives. " * 4


@pytest.mark.browser
def test_a_full_sheet_is_one_page_of_a4(chromium, live_server):
    summary = {"summary_fr": TALK[:300], "summary_en": TALK[:300]}
    partner = factories.make_partner("Pas-de-Calais-et-des-Deux-Mers", website="https://example.org/", **summary)
    for number in range(3):
        factories.make_statement(partner, factories.make_theme(f"Un thème de travail, numéro {number}"), is_lead=True)
    for _member in range(2):
        factories.make_member(partner, role_fr=TALK[:226], role_en=TALK[:226])
    for number in range(6):
        factories.make_figure(partner, indicator="other", label_fr=TALK[:40], label_en=TALK[:40], position=number)
    page = chromium.new_page(base_url=live_server.url)
    page.goto(partner.get_sheet_url("fr"))
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", printed))
    assert [round(float(side)) for side in box.split()] == [0, 0, 595, 842]
