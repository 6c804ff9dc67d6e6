"""The sheet of a partner, to be printed and handed over."""

import pytest

from tests import factories
from tests.pages import get

pytestmark = pytest.mark.django_db


def test_the_sheet_says_the_same_in_each_language_that_of_the_page_first(client):
    partner = factories.make_partner(summary_fr="Au bord de la mer.", summary_en="By the sea.")
    factories.make_member(partner)
    factories.make_figure(partner)
    page = get(client, partner.get_sheet_url("en"))
    assert [section["lang"] for section in page.all("section")] == ["en", "fr"]
    assert [heading.text for heading in page.all("h2")] == ["Department of Nord", "Département du Nord"]
    english, french = page.all("section")
    assert "By the sea." in english.text and "Camille Dupont, Role" in english.text
    assert "Au bord de la mer." in french.text and "Camille Dupont, Rôle" in french.text


def test_a_language_that_is_not_public_has_no_column(client):
    page = get(client, factories.make_french_only().get_sheet_url("en"))
    assert [section["lang"] for section in page.all("section")] == ["fr"]


def test_the_sheet_of_a_draft_is_not_found(client):
    assert client.get(factories.make_draft().get_sheet_url("en")).status_code == 404


def test_the_page_leads_to_the_sheet_and_the_sheet_to_the_page(client):
    partner = factories.make_partner()
    pages = [partner.get_absolute_url("en"), partner.get_sheet_url("en")]
    for here, there in (pages, reversed(pages)):
        assert there in [link["href"] for link in get(client, here).all("a")]


def test_the_sheet_costs_four_queries(client, django_assert_max_num_queries):
    partner = factories.make_partner()
    for number in range(3):
        factories.make_statement(partner, factories.make_theme(f"T{number}"))
        factories.make_member(partner)
    client.get(partner.get_sheet_url("fr"))
    client.get("/en/")
    with django_assert_max_num_queries(4):
        client.get(partner.get_sheet_url("en"))
