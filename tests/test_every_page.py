"""Every named public address, in both languages, published and not, for visitors and for staff."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import LocalePrefixPattern, get_resolver, reverse
from django.utils import timezone, translation

from portal.languages import codes, column
from tests import factories
from tests.pages import get

pytestmark = pytest.mark.django_db

RECORDS = {  # name of the address → what makes the record that it shows
    "news:detail": factories.make_news,
    "page": factories.make_page,
    "partners:detail": factories.make_partner,
    "themes:detail": factories.make_theme,
}
OTHERS = (
    "data",
    "elected_members",
    "home",
    "news:list",
    "partners:compare",
    "partners:list",
    "plan",
    "themes:list",
)
NOT_INDEXED = ("search", "partners:sheet")
NO_PAGES = ("manifest", "news:feed", "news:partner_feed", "news:theme_feed")
HIDDEN = {
    "draft": {"public_from_fr": None, "public_from_en": None},
    "not yet": {f"public_from_{code}": timezone.now() + timedelta(days=1) for code in codes()},
    "no longer": {f"public_until_{code}": timezone.now() - timedelta(days=1) for code in codes()},
}


@pytest.fixture(params=["visitor", "staff"])
def reader(request, client):
    if request.param == "staff":
        client.force_login(User.objects.create_superuser("editor"))
    return client


@pytest.fixture
def full_site():
    """One record of each kind, tied together."""
    records = {name: make() for name, make in RECORDS.items()}
    factories.make_statement(records["partners:detail"], records["themes:detail"], is_lead=True)
    factories.make_member(records["partners:detail"], quote_fr="Bonjour.", quote_en="Good day.")
    factories.make_figure(records["partners:detail"])
    records["news:detail"].partners.set([records["partners:detail"]])
    records["news:detail"].themes.set([records["themes:detail"]])
    return records


def names(patterns, namespace=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern.url_patterns, namespace + inner)
        elif pattern.name:
            yield namespace + pattern.name


def test_no_public_address_is_left_out_of_the_walk():
    prefixed = [one for one in get_resolver().url_patterns if isinstance(one.pattern, LocalePrefixPattern)]
    assert sorted(names(prefixed)) == sorted([*RECORDS, *OTHERS, *NOT_INDEXED, *NO_PAGES])


def path_of(name, records, language):
    if name in RECORDS:
        return records[name].get_absolute_url(language)
    if name == "partners:sheet":
        return records["partners:detail"].get_sheet_url(language)
    with translation.override(language):
        return reverse(name)


@pytest.mark.parametrize("language", codes())
@pytest.mark.parametrize("name", [*RECORDS, *OTHERS])
def test_a_public_page_is_complete(full_site, reader, name, language):
    path = path_of(name, full_site, language)
    page = get(reader, path)
    assert page.one("html")["lang"] == language
    assert len(page.all("h1")) == 1 and page.one("h1").text
    assert page.one("title").text.endswith(("Comité du Détroit", "Straits Committee"))
    assert page.one("link", rel="canonical")["href"] == f"http://testserver{path}"
    paths = {code: f"http://testserver{path_of(name, full_site, code)}" for code in codes()}
    default = "http://testserver/" if name == "home" else paths["fr"]
    assert page.alternates() == paths | {"x-default": default}
    (other,) = (code for code in codes() if code != language)
    assert page.one("a", class_="site-header__language")["href"] == path_of(name, full_site, other)
    assert page.robots() == []
    assert len(page.all("main")) == 1 and page.all("a", href="#content")
    assert all(nav["aria-label"] or nav["aria-labelledby"] for nav in page.all("nav"))


@pytest.mark.parametrize("language", codes())
@pytest.mark.parametrize("name", NOT_INDEXED)
def test_a_page_that_is_not_to_be_indexed_says_so(full_site, reader, name, language):
    page = get(reader, path_of(name, full_site, language))
    assert (page.robots(), page.alternates(), page.all("link", rel="canonical")) == (["noindex"], {}, [])
    (other,) = (code for code in codes() if code != language)
    assert page.one("a", class_="site-header__language")["href"] == path_of(name, full_site, other)


@pytest.mark.parametrize("language", codes())
@pytest.mark.parametrize("name", [*RECORDS, *OTHERS, *NOT_INDEXED])
def test_every_field_has_a_label_and_every_label_an_element(full_site, client, name, language):
    page = get(client, path_of(name, full_site, language))
    ids = [element["id"] for element in page.elements if element["id"]]
    assert len(ids) == len(set(ids))
    labelled = [element["aria-labelledby"] for element in page.elements if element["aria-labelledby"]]
    assert set(labelled) <= set(ids)
    fields = {element["id"] for element in page.all("input", "select", "textarea") if element["type"] != "hidden"}
    assert fields <= {label["for"] for label in page.all("label")}


@pytest.mark.parametrize("language", codes())
@pytest.mark.parametrize("name", [*RECORDS, *OTHERS, *NOT_INDEXED])
def test_headings_go_down_one_level_at_a_time(full_site, client, name, language):
    levels = [int(heading.name[1]) for heading in get(client, path_of(name, full_site, language)).all(*HEADINGS)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("language", codes())
@pytest.mark.parametrize("name", RECORDS)
def test_what_is_not_public_is_not_found_by_anybody(reader, name, language, hidden):
    record = RECORDS[name](**HIDDEN[hidden])
    page = get(reader, record.get_absolute_url(language), 404)
    assert page.robots() == ["noindex"]
    assert page.alternates() == {}
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("name", RECORDS)
def test_a_page_of_one_language_falls_back_in_the_other_and_says_so(client, name):
    record = RECORDS[name](public_from_en=None)
    french, english = (record.get_absolute_url(code) for code in ("fr", "en"))
    fallback = get(client, english)
    assert fallback.one("html")["lang"] == "en"
    assert fallback.one("h1")["lang"] == "fr"
    assert fallback.one("p", class_="notice")
    assert (fallback.robots(), fallback.alternates(), fallback.all("link", rel="canonical")) == (["noindex"], {}, [])
    own = get(client, french)
    assert own.robots() == [] and not own.all("p", class_="notice")
    assert own.alternates() == dict.fromkeys(("fr", "x-default"), f"http://testserver{french}")
    assert own.one("a", class_="site-header__language")["href"] == english


@pytest.mark.parametrize("name", RECORDS)
def test_a_slug_of_the_other_language_leads_to_the_right_address(client, name):
    record = RECORDS[name](slug_fr="cle", slug_en="key")
    for language, wrong in (("en", "cle"), ("fr", "key")):
        right = record.get_absolute_url(language)
        stray = right.replace(getattr(record, column("slug", language)), wrong)
        response = client.get(stray)
        assert (response.status_code, response["Location"]) == (301, right)


@pytest.mark.parametrize("name", [*RECORDS, *OTHERS])
def test_a_visitor_gets_no_cookie_and_a_page_that_can_be_cached(full_site, client, name):
    response = client.get(path_of(name, full_site, "en"))
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("name", OTHERS)
def test_a_site_without_content_is_not_an_error(client, name):
    for language in codes():
        assert get(client, path_of(name, {}, language)).one("h1").text
