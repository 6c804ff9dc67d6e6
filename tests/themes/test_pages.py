"""The pages of themes, as visitors read them."""

import pytest

from portal import version
from tests.factories import make_draft, make_partner, make_statement, make_theme
from tests.pages import get

pytestmark = pytest.mark.django_db


def test_the_list_says_who_leads(client):
    theme = make_theme()
    make_statement(make_partner("Nord", position=2), theme, is_lead=True)
    make_statement(make_partner("Kent", position=1), theme, is_lead=True)
    make_statement(make_draft("Essex"), theme, is_lead=True)
    page = get(client, "/en/themes/")
    assert [mark.text for mark in page.all("p", class_="lead-mark")] == ["Led by Kent and Nord"]


def test_a_theme_shows_every_public_statement_leaders_first(client):
    theme = make_theme()
    make_statement(make_partner("Kent", position=1), theme, statement_en="<p>From Kent.</p>")
    make_statement(make_partner("Nord", position=2), theme, statement_en="<p>From Nord.</p>", is_lead=True)
    make_statement(make_draft("Essex"), theme, statement_en="<p>From Essex.</p>")
    page = get(client, theme.get_absolute_url("en"))
    assert [text.text for text in page.all("div", class_="prose")] == ["From Nord.", "From Kent."]


def test_a_statement_without_translation_is_marked(client):
    theme = make_theme()
    make_statement(make_partner(), theme, statement_en="")
    page = get(client, theme.get_absolute_url("en"))
    assert page.one("p", class_="notice").text == "Shown in French: not yet translated."
    assert page.one("div", class_="prose")["lang"] == "fr"


def test_headings_of_the_text_stand_below_the_title(client):
    theme = make_theme(body_en="<h3>Why</h3><p>So.</p>")
    assert "Why" in [heading.text for heading in get(client, theme.get_absolute_url("en")).all("h2")]


def test_the_other_themes_are_offered(client):
    theme, other, draft = (
        make_theme(),
        make_theme("Autre"),
        make_theme("Plus tard", public_from_fr=None, public_from_en=None),
    )
    links = get(client, theme.get_absolute_url("en")).links()
    assert other.title_en in links
    assert not {draft.title_en, draft.title_fr} & links.keys()


@pytest.mark.parametrize("partners", [2, 12])
def test_a_theme_costs_two_queries_and_the_list_none(client, partners, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(version.process, "_clock", lambda: 0.0)  # the site's version is asked for once a second
    theme = make_theme()
    for number in range(partners):
        make_statement(make_partner(f"P{number}"), theme, is_lead=number < 2)
    client.get("/en/themes/")
    client.get(theme.get_absolute_url("en"))
    with django_assert_max_num_queries(0):
        client.get("/en/themes/")
    with django_assert_max_num_queries(2):
        client.get(theme.get_absolute_url("en"))


def test_many_statements_come_in_pages_and_the_leaders_are_named_on_each(client):
    theme = make_theme()
    for number in range(30):
        make_statement(make_partner(f"P{number:02}", position=number), theme, is_lead=number == 7)
    path = theme.get_absolute_url("en")
    first, second = get(client, path), get(client, f"{path}?page=2")
    assert [len(page.all("div", class_="prose")) for page in (first, second)] == [20, 10]
    assert first.links()["Next page"] == "?page=2#statements"
    for page in (first, second):
        assert page.one("p", class_="page-header__facts").text == "Led by P07."
    assert second.one("link", rel="canonical")["href"].endswith(f"{path}?page=2")
    assert second.one("a", class_="site-header__language")["href"] == f"{theme.get_absolute_url('fr')}?page=2"
    get(client, f"{path}?page=3", status=404)
