"""The pages of news items, and where else they stand."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from news.models import NewsItem
from portal import version
from tests.factories import make_draft, make_news, make_partner, make_theme
from tests.pages import get, path_of

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 3)


def titles(page, heading="h2"):
    return [found.text for found in page.all(heading)]


def test_the_list_shows_the_latest_first_in_the_reader_s_language(client):
    make_news("Avant", dated_on=MAY)
    make_news("Après", dated_on=MAY + timedelta(days=1), kind="project")
    make_news("Caché", public_from_fr=None, public_from_en=None)
    page = get(client, "/en/news/")
    assert titles(page) == ["Après (EN)", "Avant (EN)"]
    assert titles(get(client, path_of("news:list", "fr"))) == ["Après", "Avant"]
    assert [time["datetime"] for time in page.all("time")] == ["2026-05-04", "2026-05-03"]


def test_an_item_of_one_language_is_listed_in_both_and_marked(client):
    make_news("Seulement", title_en="", summary_en="", public_from_en=None)
    page = get(client, "/en/news/")
    assert page.links()["Seulement"] == "/en/news/seulement/"
    assert page.one("p", class_="news-list__text").text.endswith("(in French)")
    assert page.all("span", lang="fr")


def test_the_kinds_are_links_with_their_number_and_the_chosen_one_is_marked(client):
    make_news("Une")
    make_news("Deux")
    make_news("Trois", kind="project")
    page = get(client, "/en/news/?kind=project")
    assert titles(page) == ["Trois (EN)"]
    filters = page.one("ul", class_="filters__list").text
    assert filters == "All News 2 Project 1"
    assert page.one("a", **{"aria-current": "true", "href": "?kind=project"}).text == "Project"
    assert page.one("a", class_="site-header__language")["href"] == path_of("news:list", "fr") + "?kind=project"


def test_a_single_kind_needs_no_filter(client):
    make_news()
    assert not get(client, "/en/news/").all("ul", class_="filters__list")


def test_the_list_can_be_of_one_partner_and_one_theme(client):
    kent, theme = make_partner("Kent"), make_theme()
    make_news("Les deux", partners=[kent], themes=[theme])
    make_news("Lui", partners=[kent])
    make_news("Rien")
    assert titles(get(client, f"/en/news/?partner={kent.slug_fr}")) == ["Lui (EN)", "Les deux (EN)"]
    page = get(client, f"/en/news/?partner={kent.slug_en}&theme={theme.slug_en}")
    assert titles(page) == ["Les deux (EN)"]
    assert "Department of Kent" in page.one("p", class_="result-count").text
    assert page.links()["Show all the news"] == "/en/news/"


@pytest.mark.parametrize("query", ["kind=x", "partner=nobody", "theme=%00", "partner=", "kind=news&kind=x"])
def test_odd_questions_get_the_list_or_a_plain_answer(client, query):
    make_news()
    get(client, f"/en/news/?{query}")


def test_a_kind_without_items_says_so(client):
    make_news()
    assert "Nothing answers" in get(client, "/en/news/?kind=call").one("p", class_="notice").text


def test_the_list_is_in_pages(client):
    for number in range(25):
        make_news(f"N{number:02}")
    page = get(client, "/en/news/?page=2")
    assert titles(page) == ["N00 (EN)"]
    assert page.links()["Previous page"] == "?"


@pytest.mark.parametrize(
    "precision, machine, english, french",
    [
        ("day", "2020-02-05", "5 February 2020", "5 février 2020"),
        ("month", "2020-02", "February 2020", "février 2020"),
        ("year", "2020", "2020", "2020"),
    ],
)
def test_a_date_says_no_more_than_is_known(client, precision, machine, english, french):
    item = make_news(precision=precision)
    for language, words in (("en", english), ("fr", french)):
        first = get(client, item.get_absolute_url(language)).all("time")[0]
        assert (first["datetime"], first.text) == (machine, words)


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"kind": "event", "starts_on": MAY}, "On 3 May 2026"),
        ({"kind": "event", "starts_on": MAY, "ends_on": MAY + timedelta(2)}, "From 3 May 2026 to 5 May 2026"),
        ({"kind": "project", "starts_on": MAY}, "Since 3 May 2026"),
        ({"kind": "project", "starts_on": date(2999, 1, 1)}, "From 1 January 2999"),
        (
            {"kind": "project", "starts_on": date(2020, 2, 1), "ends_on": date(2020, 3, 1)},
            "Ran from 1 February 2020 to 1 March 2020",
        ),
        (
            {"kind": "event", "starts_on": date(2020, 2, 1), "ends_on": date(2020, 3, 1)},
            "Took place from 1 February 2020 to 1 March 2020",
        ),
        ({"kind": "call", "closes_on": date(2999, 1, 1)}, "Open until 1 January 2999"),
        ({"kind": "call", "closes_on": date(2020, 3, 1)}, "Closed on 1 March 2020"),
        ({"kind": "event", "starts_on": date(2020, 3, 1)}, "Took place on 1 March 2020"),
    ],
)
def test_an_item_says_when_it_takes_place(client, monkeypatch, fields, words):
    monkeypatch.setattr(timezone, "localdate", lambda *moment: MAY)
    item = make_news(**fields)
    assert get(client, item.get_absolute_url("en")).all("dd")[0].text == words


def test_an_item_names_its_public_partners_and_themes(client):
    kent, hidden, theme = make_partner("Kent"), make_draft(), make_theme()
    page = get(client, make_news(partners=[kent, hidden], themes=[theme]).get_absolute_url("en"))
    links = page.links()
    assert links["Department of Kent"] == kent.get_absolute_url("en")
    assert links["Jeunesse (EN)"] == theme.get_absolute_url("en")
    assert "Department of Essex" not in links


def test_the_three_latest_stand_on_the_pages_of_partner_and_theme_with_the_way_to_the_others(client):
    kent, theme = make_partner("Kent"), make_theme()
    for day in range(4):
        make_news(f"N{day}", dated_on=MAY + timedelta(days=day), partners=[kent], themes=[theme])
    for subject, name in ((kent, "partner"), (theme, "theme")):
        page = get(client, subject.get_absolute_url("en"))
        assert titles(page, "h3")[-3:] == ["N3 (EN)", "N2 (EN)", "N1 (EN)"]
        assert f"/en/news/?{name}={subject.slug_en}" in page.links().values()
        assert page.feeds()[f"News: {subject}"] == f"/en/news/{name}s/{subject.slug_en}/atom.xml"


def test_a_page_without_news_says_nothing_of_them(client):
    page = get(client, make_partner().get_absolute_url("en"))
    assert "News" not in titles(page)
    assert list(page.feeds()) == ["News"]


def test_an_item_appears_beside_its_partner_as_soon_as_it_opens(client):
    kent = make_partner("Kent")
    item = make_news(partners=[kent], public_from_fr=None, public_from_en=None)
    assert "News" not in titles(get(client, kent.get_absolute_url("en")))
    NewsItem.objects.filter(pk=item.pk).update(public_from_en=timezone.now())
    version.move()
    version.forget()
    assert "News" in titles(get(client, kent.get_absolute_url("en")))


def test_no_page_of_news_asks_more_for_being_one_of_many(client, django_assert_max_num_queries):
    partners, theme = [make_partner(f"P{number}") for number in range(6)], make_theme()
    items = [make_news(f"N{number}", partners=partners, themes=[theme]) for number in range(12)]
    paths = {"/en/news/": 2, "/en/news/?kind=news": 2, f"/en/news/?partner={partners[0].slug_en}": 3}
    paths |= {items[0].get_absolute_url("en"): 3, "/en/news/atom.xml": 1}
    paths |= {partners[0].get_absolute_url("en"): 4, theme.get_absolute_url("en"): 3}
    for path, queries in paths.items():
        get(client, path)
        with django_assert_max_num_queries(queries + 1):  # and one for the site's version, at most once a second
            get(client, path)


def test_the_home_page_shows_the_three_latest_items_and_the_way_to_the_others(client, django_assert_max_num_queries):
    for day in range(4):
        make_news(f"N{day}", dated_on=MAY + timedelta(days=day))
    make_news("Caché", dated_on=MAY + timedelta(days=9), public_from_fr=None, public_from_en=None)
    page = get(client, "/en/")
    assert titles(page, "h3")[-3:] == ["N3 (EN)", "N2 (EN)", "N1 (EN)"]
    assert page.links()["All the news"] == "/en/news/"
    with django_assert_max_num_queries(1):  # the site's version, at most once a second
        get(client, "/en/")


def test_a_home_page_without_news_says_nothing_of_them(client):
    make_partner()
    assert "News" not in titles(get(client, "/en/"))


def test_the_first_of_a_month_reads_as_french_says_it(client):
    item = make_news(kind="event", starts_on=date(2999, 6, 1))
    assert get(client, item.get_absolute_url("fr")).all("dd")[0].text == "Le 1er juin 2999"
