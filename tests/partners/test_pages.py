"""The pages of partners, as visitors read them."""

from datetime import date

import pytest
from django.utils import timezone
from django.utils.translation import override, pgettext

from partners.models import Partner
from portal import version
from portal.images import Image
from tests.factories import (
    LONG_AGO,
    make_draft,
    make_figure,
    make_french_only,
    make_member,
    make_partner,
    make_statement,
    make_theme,
)
from tests.pages import get

pytestmark = pytest.mark.django_db

TEXTS = {
    f"{section}_{language}": f"<p>{section} in {language}.</p>"
    for section in ("presentation", "cooperation", "committee", "themes_intro")
    for language in ("fr", "en")
}


def make_full_partner(**overrides):
    fields = {"latitude": "50.6292", "longitude": "3.0573", "seat_fr": "Lille", "seat_en": "Lille"}
    return make_partner(**TEXTS | fields | {"website": "https://www.lenord.fr/", "email": "a@example.org"} | overrides)


def make_cover():
    """A picture with an address for each rendition; no file is written."""
    words = {"name": "Cap", "alt_fr": "Une falaise.", "alt_en": "A cliff.", "credit": "A. Photographer"}
    (image,) = Image.objects.bulk_create([Image(file="originals/cap.jpg", width=1920, height=960, **words)])
    return image


def show(client, partner, language="en"):
    return get(client, partner.get_absolute_url(language))


def test_the_page_follows_the_order_of_the_committee_s_own_pages(client):
    partner = make_full_partner(cover=make_cover())
    make_figure(partner)
    make_member(partner, gender="F", quote_en="Good day.")
    make_statement(partner, make_theme())
    page = show(client, partner)
    assert [heading.text for heading in page.all("h1", "h2", "figcaption")] == [
        "Department of Nord",
        "A. Photographer",
        "Key figures",
        "Elected member",
        "Camille Dupont Role",
        "Department of Nord",
        "Nord and cross-border cooperation",
        "Nord and the Straits Committee",
        "Work themes that matter to Nord",
        "Where",
    ]
    steps = [step.text for step in page.all("li", class_="breadcrumb__item")]
    assert steps == ["Home", "The partners", "Department of Nord"]


def test_a_heading_that_begins_with_a_french_article_has_its_capital(client):
    headings = [heading.text for heading in show(client, make_full_partner(), "fr").all("h2")]
    assert sum(heading.startswith("Le Nord ") for heading in headings) == 2


def test_a_figure_reads_with_its_unit_year_and_source(client):
    partner = make_partner()
    make_figure(partner, is_approximate=True, source_url="https://www.insee.fr/")
    page = show(client, partner)
    assert page.one("dt", class_="key-figures__label").text == "inhabitants"
    assert page.one("dd", class_="key-figures__value").text == "1.5 million"
    assert page.one("dd", class_="key-figures__source").text == "2020, INSEE"


def test_a_figure_without_a_value_stands_as_it_is_written(client):
    partner = make_partner()
    words = "1 president, 78 councillors from the 39 districts"
    make_figure(partner, indicator="seats", value=None, unit="", label_en=words)
    assert show(client, partner).one("dd", class_="key-figures__value--text").text == words


@pytest.mark.parametrize(
    "genders, context, words",
    [
        ("F", "feminine", "Elected member"),
        ("M", "masculine", "Elected member"),
        ([""], "neutral", "Elected member"),
        ("FF", "feminine", "Elected members"),
        ("MM", "masculine", "Elected members"),
        ("FM", "neutral", "Elected members"),
    ],
)
def test_the_heading_agrees_with_who_was_elected(client, genders, context, words):
    partner = make_partner()
    for number, gender in enumerate(genders):
        make_member(partner, f"M{number}", gender=gender)
    with override("fr"):
        expected = pgettext(context, words)
    assert expected in [heading.text for heading in show(client, partner, "fr").all("h2")]


def test_former_members_stand_below_with_their_years(client):
    partner = make_partner()
    make_member(partner, "Now")
    make_member(partner, "Before", mandate_from=date(2017, 5, 1), mandate_until=date(2021, 5, 4))
    make_member(partner, "Tomorrow", mandate_from=date(2999, 1, 1))
    page = show(client, partner)
    assert [name.text for name in page.all("span", class_="elected-member__name")] == ["Now"]
    former = page.one("div", class_="elected-member__former").text
    assert former.endswith("Before, Role, from 2017 to 2021")


def test_the_credit_stands_with_the_picture_and_the_original_is_never_shown(client):
    page = show(client, make_partner(cover=make_cover()))
    picture = page.one("img", class_="cover__picture")
    assert (picture["alt"], picture["width"], picture["height"]) == ("A cliff.", "1920", "960")
    assert [source["type"] for source in page.all("source")] == ["image/avif", "image/webp"]
    shown = [picture["src"], *(source["srcset"] for source in page.all("source"))]
    assert all("/media/__processed__/" in address and "originals" not in address for address in shown)
    assert "A. Photographer" in page.one("figcaption").text


def test_a_text_that_is_missing_in_one_language_is_shown_from_the_other_and_marked(client):
    page = show(client, make_full_partner(cooperation_en=""))
    assert [notice.text for notice in page.all("p", class_="notice")] == ["Shown in French: not yet translated."]
    (foreign,) = page.all("div", class_="prose", lang="fr")
    assert foreign.text == "cooperation in fr."
    assert page.robots() == []


def test_a_short_text_of_the_other_language_says_so_after_it(client):
    partner = make_full_partner()
    make_figure(partner, label_en="", label_fr="communes", unit="none", note_en="", note_fr="Sans les quartiers.")
    make_member(partner, role_en="", role_fr="présidente")
    page = show(client, partner)
    assert page.one("dt", class_="key-figures__label").text == "communes (in French)"
    assert page.all("dd", class_="key-figures__source")[-1].text == "Sans les quartiers. (in French)"
    assert page.one("span", class_="elected-member__role").text == "présidente (in French)"
    assert {mark.text for mark in page.all("span", lang="fr")} == {"communes", "Sans les quartiers.", "présidente"}
    assert "(in French)" in get(client, "/en/elected-members/").one("span", class_="elected-member__role").text


def test_a_page_that_is_all_in_the_other_language_says_so_once(client):
    partner = make_french_only()
    make_member(partner, role_en="", role_fr="présidente")
    page = show(client, partner)
    assert page.one("p", class_="notice").text == "This page does not exist in English yet: it is shown in French."
    assert page.one("span", class_="elected-member__role").text == "présidente"


def test_a_section_without_text_is_left_out(client):
    page = show(client, make_full_partner(committee_fr="", committee_en=""))
    assert "Nord and the Straits Committee" not in [heading.text for heading in page.all("h2")]


def test_a_partner_of_one_language_keeps_its_headings_in_that_language(client):
    page = show(client, make_french_only("Nord", **{name: text for name, text in TEXTS.items() if name.endswith("fr")}))
    headings = page.all("h2", lang="fr")
    with override("fr"):
        assert [heading.text[:8] for heading in headings] == ["Départem", "Le Nord ", "Le Nord ", headings[3].text[:8]]
    assert len(page.all("p", class_="notice")) == 1


def test_both_slugs_of_a_partner_of_one_language_lead_to_the_same_place(client):
    partner = make_french_only("Nord", slug_fr="le-nord", slug_en="nord")
    assert get(client, "/en/partners/nord/").one("h1")["lang"] == "fr"
    response = client.get("/en/partners/le-nord/")
    assert (response.status_code, response["Location"]) == (301, partner.get_absolute_url("en"))


def test_a_partner_of_one_language_is_sorted_and_counted_by_the_name_that_is_shown(client):
    make_partner("Zeeland", name_en="Zeeland")
    make_french_only("Nord", name_fr="Middelburg")
    make_partner("Artois", name_en="Artois")
    page = get(client, "/en/partners/")
    assert [heading.text for heading in page.all("h2")] == ["Artois", "Middelburg", "Zeeland"]
    assert page.one("strong").text == "3 partners"


def test_successor_and_predecessor_lead_to_each_other(client):
    council = make_partner("East Kent")
    county = make_partner("Kent", succeeded_by=council, status="former", left_on=date(2028, 4, 1))
    assert "Former member, until 1 April 2028." in show(client, county).one("p", class_="page-header__facts").text
    assert show(client, county).links()["Department of East Kent"] == council.get_absolute_url("en")
    assert show(client, council).links()["Department of Kent"] == county.get_absolute_url("en")


def test_a_former_partner_says_so_with_its_dates_its_successor_and_its_place_on_the_map(client):
    council = make_partner("East Kent", latitude="51.27", longitude="0.52")
    days = {"joined_on": date(2020, 2, 5), "left_on": date(2028, 6, 1)}
    county = make_partner("Kent", succeeded_by=council, status="former", latitude="51.27", longitude="0.52", **days)
    page = show(client, county)
    facts = page.one("p", class_="page-header__facts").text
    assert facts.endswith("Former member, from 5 February 2020 to 1 June 2028.")
    assert page.one("p", class_="notice").text.endswith("It was succeeded by: Department of East Kent")
    assert page.one("a", class_="coast-map__link", **{"aria-current": "page"})["aria-label"] == "Kent (former member)"
    assert "former member" in page.one("p", class_="coast-map__key").text
    assert "du 5 février 2020 au 1er juin 2028" in show(client, county, "fr").one("p", class_="page-header__facts").text
    assert "Kent (former member)" not in str([link["aria-label"] for link in get(client, "/en/").all("a")])


def test_a_successor_that_is_not_public_is_not_named(client):
    page = show(client, make_partner("Kent", succeeded_by=make_draft("East Kent")))
    assert "East Kent" not in page.one("main").text


def test_the_last_change_is_dated(client):
    assert show(client, make_partner()).one("time")["datetime"] == timezone.localdate().isoformat()


def test_the_partner_of_the_page_is_marked_on_the_map(client):
    partner = make_full_partner()
    page = show(client, partner)
    (here,) = (link for link in page.all("a", class_="coast-map__link") if link["aria-current"] == "page")
    assert here["href"] == partner.get_absolute_url("en")


def test_a_partner_without_a_seat_has_no_map(client):
    make_full_partner()
    assert not show(client, make_partner("Kent")).all("svg", class_="coast-map__chart")


def listed(client, query, language="en"):
    path = {"en": "/en/partners/", "fr": "/fr/partenaires/"}[language]
    return [heading.text for heading in get(client, f"{path}?{query}").all("h2")]


@pytest.fixture
def three():
    youth = make_theme("Jeunesse", slug_fr="jeunesse", slug_en="youth")
    make_statement(make_partner("A", position=1, kind="county_council", country="GB"), youth)
    make_partner("B", position=2, country="BE", kind="province", status="observer")
    make_statement(make_partner("C", position=3), youth)
    make_draft("D")


@pytest.mark.parametrize(
    "query, names",
    [
        ("country=GB", "A"),
        ("kind=province", "B"),
        ("theme=youth", "AC"),
        ("theme=jeunesse", "AC"),
        ("status=observer", "B"),
        ("theme=youth&country=FR", "C"),
        ("country=GB&status=observer", ""),
        ("country=XX&kind=&theme=nothing&status=%00&other=1", "ABC"),
        ("country=GB&country=BE", "B"),
    ],
)
def test_the_list_answers_to_its_filters_and_ignores_what_means_nothing(client, three, query, names):
    assert listed(client, query) == [f"Department of {name}" for name in names]
    assert len(listed(client, query, "fr")) == len(names)


def test_each_filter_says_how_many_it_leaves(client, three):
    page = get(client, "/en/partners/?theme=youth")
    texts = [item.text for item in page.all("li")]
    assert "United Kingdom 1" in texts and "France 1" in texts and "Belgium 1" not in texts
    assert page.links()["United Kingdom"] == "?theme=youth&country=GB"
    chosen = [link.text for link in page.all("a") if link["aria-current"] == "true"]
    assert "Jeunesse (EN)" in chosen and "All" in chosen


def test_the_language_switch_keeps_the_filters(client, three):
    page = get(client, "/en/partners/?theme=youth&country=GB")
    other = page.one("a", class_="site-header__language")["href"]
    assert other == "/fr/partenaires/?country=GB&theme=youth"
    assert [heading.text for heading in get(client, other).all("h2")] == ["Département du A"]


def test_the_list_says_how_many_sit_on_the_committee(client, three):
    page = get(client, "/en/partners/?country=GB")
    words = "2 members and 1 observer. Each writes its own page."
    assert page.one("meta", name="description")["content"] == words
    assert page.one("p", class_="page-header__lead").text == f"{words} Compare their figures"


def test_an_empty_result_explains_itself(client, three):
    page = get(client, "/en/partners/?country=GB&status=observer")
    assert "No partner answers to all these filters" in page.one("p", class_="notice").text
    assert page.one("strong").text == "0 partners"
    assert page.links()["Show all the partners"] == "/en/partners/"


def test_a_long_list_comes_in_pages_that_keep_the_filters(client):
    for number in range(30):
        make_partner(f"P{number:02}", position=number)
    first = get(client, "/en/partners/?country=FR")
    assert len(first.all("h2")) == 18
    assert first.links()["Next page"] == "?country=FR&page=2"
    second = get(client, "/en/partners/?country=FR&page=2")
    assert len(second.all("h2")) == 12 and second.links()["Previous page"] == "?country=FR"


def test_each_page_of_a_list_has_its_own_title_and_canonical_address(client):
    make_many(30)
    second = get(client, "/en/partners/?page=2")
    assert second.one("title").text == "The partners, page 2 – Straits Committee"
    assert second.one("link", rel="canonical")["href"] == "http://testserver/en/partners/?page=2"
    assert second.alternates()["fr"] == "http://testserver/fr/partenaires/?page=2"
    filtered = get(client, "/en/partners/?country=FR&page=2")
    assert filtered.one("link", rel="canonical")["href"] == "http://testserver/en/partners/"


@pytest.mark.parametrize("number", ["0", "3", "-1", "02", "two", "2.0", "1e1", "%D9%A2", "9" * 5000])
@pytest.mark.parametrize("path", ["/en/partners/", "/en/elected-members/", "/en/news/"])
def test_a_page_number_that_leads_nowhere_is_not_found(client, path, number):
    make_many(30)
    get(client, f"{path}?page={number}", status=404)


def test_a_change_shows_at_once(client, django_capture_on_commit_callbacks):
    partner = make_full_partner()
    get(client, "/en/"), get(client, "/en/partners/")
    with django_capture_on_commit_callbacks(execute=True):
        partner.name_en, partner.country = "Flanders", "BE"
        partner.save()
    assert "Flanders" in get(client, "/en/").links()
    assert listed(client, "country=BE") == ["Flanders"]


def make_many(count):
    """Partners as importers make them, with a seat each."""
    Partner.objects.bulk_create(
        Partner(
            **{
                f"{name}_{code}": f"{name}-{number}"
                for name in ("name", "name_in_sentence", "slug")
                for code in ("fr", "en")
            },
            public_from_fr=LONG_AGO,
            public_from_en=LONG_AGO,
            country="FR",
            position=number,
            latitude="50.5",
            longitude="2.5",
            cover=None,
        )
        for number in range(count)
    )


def test_the_map_says_how_many_it_leaves_out_and_a_partner_beyond_has_its_map_all_the_same(client):
    make_many(1200)
    words = "The map and its list show the first 60 of 1,200 partners."
    assert words in get(client, "/en/").one("p", class_="coast-map__key").text
    last = Partner.objects.last()
    here = show(client, last).one("a", class_="coast-map__link", **{"aria-current": "page"})
    assert here.text == last.name_in_sentence_en


@pytest.mark.parametrize("others", [10, 1000])
def test_no_page_asks_more_for_being_one_of_many(client, others, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(version.process, "_clock", lambda: 0.0)  # the site's version is asked for once a second
    make_many(others)
    partner = make_full_partner(cover=make_cover())
    for number in range(5):
        make_figure(partner)
        make_member(partner, f"M{number}")
        make_statement(partner, make_theme(f"T{number}"))
    paths = {partner.get_absolute_url("en"): 4, "/en/partners/": 1, "/en/partners/?country=FR": 1, "/en/": 0}
    for path, queries in paths.items():
        client.get(path)
        with django_assert_max_num_queries(queries):
            get(client, path)
