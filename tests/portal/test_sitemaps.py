"""Which pages do search engines and people find listed?"""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django.utils.translation import override

from partners.models import Partner
from portal import sitemaps
from tests.factories import LONG_AGO, make_draft, make_french_only, make_page, make_partner, make_theme
from tests.pages import Document

pytestmark = pytest.mark.django_db
SITE, LINK = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/1999/xhtml}link"


def entries(client, path="/sitemap.xml"):
    """Per address, without its host: the day of its last change, and its alternates."""
    response = client.get(path)
    assert response.status_code == 200 and response["Content-Type"].startswith("application/xml")
    found = {}
    for url in ElementTree.fromstring(response.content.decode()).iter(f"{SITE}url"):
        links = {link.get("hreflang"): strip(link.get("href")) for link in url.iter(LINK)}
        found[strip(url.findtext(f"{SITE}loc"))] = (url.findtext(f"{SITE}lastmod"), links)
    return found


def strip(address):
    assert address.startswith("http://testserver/")
    return address.removeprefix("http://testserver")


def test_the_sitemap_holds_exactly_what_is_public(client):
    records = [make_partner("Nord"), make_partner("Kent"), make_theme(), make_page()]
    make_draft("Essex")
    now = timezone.now()
    later, over = now + timedelta(days=1), now - timedelta(days=1)
    make_partner("Zeeland", public_from_fr=later, public_from_en=later)
    make_theme("Passé", public_until_fr=over, public_until_en=over)
    expected = {record.get_absolute_url(code) for record in records for code in ("fr", "en")}
    lists = {path for section in sitemaps.SECTIONS if section.view for path in sitemaps.paths_of(section.view).values()}
    assert set(entries(client)) == expected | lists
    assert all(client.get(path).status_code == 200 for path in entries(client))


def test_a_french_only_partner_is_absent_from_the_english_sitemap(client):
    partner = make_french_only()
    french, english = (partner.get_absolute_url(code) for code in ("fr", "en"))
    found = entries(client)
    assert english not in found
    assert found[french][1] == {"fr": french, "x-default": french}


def test_the_alternates_are_those_that_the_page_itself_names(client):
    make_partner()
    make_french_only()
    make_theme(public_from_fr=None)
    for path, (_day, alternates) in entries(client).items():
        named = {code: strip(address) for code, address in Document(client.get(path)).alternates().items()}
        assert named == alternates, path


def test_the_last_change_is_the_day_of_saving_or_of_opening(client):
    record = make_partner()
    opened = timezone.now() - timedelta(days=3)
    Partner.objects.filter(pk=record.pk).update(updated_at=LONG_AGO, public_from_en=opened)
    found = entries(client)
    assert found[record.get_absolute_url("fr")][0] == "2020-02-05"
    assert found[record.get_absolute_url("en")][0] == f"{opened:%Y-%m-%d}"


def test_the_sitemap_costs_one_query_whatever_the_number(client, django_assert_num_queries):
    for number in range(12):
        make_partner(f"N{number}")
        make_theme(f"T{number}")
    client.get("/sitemap.xml")
    with django_assert_num_queries(1):
        client.get("/sitemap.xml")


def test_beyond_the_limit_the_sitemap_is_an_index_of_files(client, monkeypatch):
    make_partner()
    whole = entries(client)
    assert client.get("/sitemap-1.xml").status_code == 404
    monkeypatch.setattr(sitemaps, "MOST", 4)
    index = ElementTree.fromstring(client.get("/sitemap.xml").content.decode())
    files = [strip(found.text) for found in index.iter(f"{SITE}loc")]
    assert len(files) == -(-len(whole) // 4)
    assert {path: entry for file in files for path, entry in entries(client, file).items()} == whole
    assert client.get(f"/sitemap-{len(files) + 1}.xml").status_code == client.get("/sitemap-0.xml").status_code == 404


def test_robots_keep_out_of_the_back_office_and_find_the_sitemap(client):
    told = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in told and "Sitemap: http://testserver/sitemap.xml" in told


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_plan_names_every_public_page_as_it_is_read(client, language):
    partner, french = make_partner(), make_french_only()
    make_draft("Essex")
    with override(language):
        path = sitemaps.paths_of("plan")[language]
    page = Document(client.get(path))
    links = {link["href"]: link for link in page.all("a")}
    assert partner.get_absolute_url(language) in links
    assert links[french.get_absolute_url(language)]["lang"] == ("fr" if language == "en" else None)
    assert not [href for href in links if "essex" in href]


@pytest.mark.parametrize("path", ["/fr/", "/en/", "/en/nowhere/"])
def test_every_page_says_how_accessible_the_site_is(client, path):
    assert client.get(path).content.decode().count("Accessibilit") == 1
    make_page("Déclaration", kind="accessibility", placement="legal")
    assert client.get(path).content.decode().count("Accessibilit") == 1
