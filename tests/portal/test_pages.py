"""The home page, editorial pages, errors, and what stands on every page."""

from datetime import date

import pytest
from django.db import connection
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import gettext

from portal import version
from portal.furniture import furniture_in_active_language
from portal.languages import Text
from portal.models import Page, SiteSettings
from portal.templatetags.portal import spoken_day, unbroken
from tests.factories import make_french_only, make_member, make_page, make_partner, make_statement, make_theme
from tests.pages import Document, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    names = {"site_name_fr": "Comité du Détroit", "site_name_en": "Straits Committee", "welcome_en": "Two shores"}
    return SiteSettings.objects.create(pk=1, host="A host", publisher="A member", **names)


def test_the_home_page_shows_who_what_and_the_words_of_representatives(client, site):
    partner, theme = make_partner(latitude="50.6292", longitude="3.0573"), make_theme()
    make_statement(partner, theme, is_lead=True)
    make_member(partner, "In office", quote_en="Neighbours talk.", quote_fr="On se parle.")
    make_member(partner, "Gone", quote_en="Farewell.", mandate_until=date(2021, 5, 4))
    page = get(client, "/en/")
    assert page.one("h1").text == "Two shores"
    assert (
        page.links()["Department of Nord"]
        == page.links()["Nord"]
        == "/en/partners/nord/".replace("nord", partner.slug_en)
    )
    assert "Led by Nord" in [mark.text for mark in page.all("p", class_="lead-mark")]
    assert [quote.text for quote in page.all("blockquote")] == ["Neighbours talk."]


def test_the_home_page_costs_three_queries(client, site, django_assert_max_num_queries):
    for number in range(10):
        make_statement(make_partner(f"P{number}"), make_theme(f"T{number}"), is_lead=True)
    client.get("/en/")
    with django_assert_max_num_queries(3):
        client.get("/en/")


def test_the_navigation_marks_this_page_and_the_section_above_it_whoever_came_before(client, site):
    partner = make_partner()
    places = {"/en/": None, "/en/partners/": "page", partner.get_absolute_url("en"): "true", "/en/themes/": None}
    for address, mark in [*places.items(), *reversed(places.items())]:
        links = get(client, address).all("a", class_="site-nav__link")
        assert [link["aria-current"] for link in links if link.text == "The partners"] == [mark], address


def test_an_editorial_page_stands_in_the_footer_where_its_editor_put_it(client, site):
    make_page("Le Comité", placement=Page.Placement.ABOUT)
    make_page("Mentions", placement=Page.Placement.LEGAL)
    make_page("Nulle part")
    make_page("Brouillon", placement=Page.Placement.LEGAL, public_from_fr=None, public_from_en=None)
    links = get(client, "/fr/").links()
    assert links["Le Comité"] == "/fr/le-comite/" and links["Mentions"] == "/fr/mentions/"
    assert not {"Nulle part", "Brouillon"} & links.keys()


def test_the_accessibility_statement_says_its_status_on_every_page(client, site):
    make_page("Accessibilité", placement=Page.Placement.LEGAL, kind=Page.Kind.ACCESSIBILITY)
    assert get(client, "/en/").links()["Accessibility: not yet assessed"]
    site.accessibility_status = SiteSettings.AccessibilityStatus.PARTIAL
    site.save()
    version.forget()  # what the commit does; a test never commits
    assert get(client, "/en/").links()["Accessibility: partially compliant"]


def test_the_legal_notice_names_publisher_and_host(client, site):
    page = make_page(kind=Page.Kind.LEGAL)
    assert {"A host", "A member"} <= {value.text for value in get(client, page.get_absolute_url("en")).all("dd")}


def test_what_stands_on_every_page_costs_nothing_once_it_is_known(site, django_assert_num_queries):
    furniture_in_active_language()
    with django_assert_num_queries(0):
        furniture_in_active_language()


def test_the_site_is_named_even_before_its_settings_are(client):
    assert "Straits Committee" in get(client, "/en/").one("title").text


def test_the_root_sends_each_visitor_to_their_language(client):
    for accepted, home in (("en-GB,en", "/en/"), ("fr-BE", "/fr/"), ("nl", "/fr/"), ("", "/fr/")):
        response = client.get("/", headers={"accept-language": accepted})
        assert (response.status_code, response["Location"]) == (302, home)


@pytest.mark.parametrize("path, language", [("/en/nothing/", "en"), ("/fr/rien/du/", "fr"), ("/nothing/at/all/", "fr")])
def test_an_unknown_address_leads_home_in_both_languages(client, site, path, language):
    page = get(client, path, 404)
    assert page.one("html")["lang"] == language
    assert {"/fr/", "/en/"} <= set(page.links().values())
    assert page.robots() == ["noindex"] and not page.all("link", rel="canonical")


def test_a_request_for_a_foreign_host_is_refused_in_the_dress_of_the_site(client):
    page = get(client, "/en/", 400, headers={"host": "evil.example"})
    with translation.override("en"):
        assert page.one("h1").text == gettext("This request makes no sense here")


def test_a_failure_asks_nothing_of_the_database(client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    client.raise_request_exception = False
    monkeypatch.setattr("portal.views.render", fail)
    with connection.execute_wrapper(fail):
        response = client.get("/fr/")
    assert response.status_code == 500
    page = Document(response)
    assert page.one("html")["lang"] == "fr" and len(page.all("h1")) == 1
    assert {"/fr/", "/en/"} <= set(page.links().values())


def test_other_methods_are_refused(client):
    assert client.post(make_page().get_absolute_url("en")).status_code == 405


@pytest.mark.parametrize(
    "language, day, words",
    [
        ("fr", date(2020, 2, 1), "1er\xa0février\xa02020"),
        ("fr", date(2020, 2, 11), "11\xa0février\xa02020"),
        ("en", date(2020, 2, 1), "1\xa0February\xa02020"),
    ],
)
def test_a_date_reads_as_it_is_said(language, day, words):
    with translation.override(language):
        assert spoken_day(day) == words


def test_a_short_hyphenated_word_stays_on_one_line_and_nothing_else_is_trusted():
    shown = unbroken("Pas-de-Calais, cross-border <b>, Saint-Pol-sur-Ternoise")
    assert shown.count('<span class="nowrap">') == 2
    assert "<b>" not in shown and "Saint-Pol-sur-Ternoise" in shown


def test_a_text_in_another_language_is_marked_and_escaped():
    template = Template("<h1{{ name|lang }}>{{ name }}</h1>")
    with translation.override("en"):
        assert template.render(Context({"name": Text("L’Essex & Cie", "fr")})) == '<h1 lang="fr">L’Essex &amp; Cie</h1>'
        assert template.render(Context({"name": Text("Essex", "en")})) == "<h1>Essex</h1>"


def test_a_french_name_is_marked_wherever_it_stands(client, site):
    make_french_only(latitude="50.6292", longitude="3.0573")
    page = get(client, "/en/")
    assert page.one("a", class_="coast-map__link")["lang"] == "fr"
    assert {link.text for link in page.all("a", lang="fr", href="/en/partners/departement-du-hauts-de-france/")} == {
        "Hauts-de-France",
        "Département du Hauts-de-France",
    }


def test_templates_are_indented_for_their_authors_and_pages_are_sent_without(client, site, settings):
    assert "\n  " in (settings.BASE_DIR / "templates" / "home.html").read_text()
    assert not any(line.startswith(b"  ") for line in client.get("/en/").content.split(b"\n"))


@pytest.mark.parametrize(
    "path, words",
    [
        ("/en/", "No partner has been published yet."),
        ("/en/partners/", "No partner has been published yet."),
        ("/en/partners/compare/", "No partner has been published yet."),
        ("/en/elected-members/", "Nobody has been named yet."),
        ("/en/themes/", "No theme has been published yet."),
        ("/en/news/", "No news has been published yet."),
    ],
)
def test_an_empty_site_explains_itself_without_empty_lists_or_headings(client, path, words):
    page = get(client, path)
    assert words in page.one("main").text
    assert all(element.text for element in page.all("h1", "h2", "h3", "p", "ul", "ol", "table", "th"))


def test_a_partner_that_wrote_nothing_says_so_and_a_summary_stands_in_for_a_presentation(client):
    silent = get(client, make_partner("Nord").get_absolute_url("en"))
    assert "This partner has not introduced itself here yet." in silent.one("main").text
    brief = get(client, make_partner("Kent", summary_en="On the coast.").get_absolute_url("en"))
    assert brief.one("p", class_="page-header__lead").text == "On the coast."


def test_a_long_name_is_cut_on_the_map_and_whole_for_assistive_technology(client):
    name = "Communities of the two shores"
    make_partner("X", name_in_sentence_en=name, latitude="51", longitude="2")
    link = get(client, "/en/").one("a", class_="coast-map__link")
    assert (link.text, link["aria-label"]) == ("Communities of the two …", name)
