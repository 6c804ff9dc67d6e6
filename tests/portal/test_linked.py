"""What does a page tell machines and the networks on which it is shared?"""

import json
import re
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow

from portal.models import Image, SiteSettings
from tests.factories import make_french_only, make_member, make_page, make_partner, make_theme
from tests.pages import Document

pytestmark = pytest.mark.django_db
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
NEEDED = {
    "BreadcrumbList": {"itemListElement"},
    "GovernmentOrganization": {"name", "url", "address"},
    "Person": {"name"},
    "Place": {"name", "geo"},
    "GeoCoordinates": {"latitude", "longitude"},
    "Article": {"headline", "inLanguage", "datePublished", "dateModified", "publisher", "url"},
    "WebPage": {"headline", "inLanguage", "url"},
    "WebSite": {"name", "inLanguage", "url"},
}


def graph(client, path):
    """Nodes of the page by type; each has the keys that its type needs."""
    (script,) = SCRIPT.findall(client.get(path).content.decode())
    data = json.loads(script)
    assert data["@context"] == "https://schema.org"
    for node in every_node(data["@graph"]):
        assert NEEDED.get(node["@type"], set()) <= set(node), node
        assert not [key for key, value in node.items() if value in ("", None, [], {}, "None")], node
    return {node["@type"]: node for node in data["@graph"]}


def every_node(value):
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for item in value.values():
            yield from every_node(item)
    elif isinstance(value, list):
        for item in value:
            yield from every_node(item)


def shared(client, path):
    page = Document(client.get(path))
    return {meta["property"]: meta["content"] for meta in page.all("meta") if meta["property"]}


def make_picture(**overrides):
    file = BytesIO()
    Pillow.new("RGB", (1600, 900), "teal").save(file, "JPEG")
    upload = SimpleUploadedFile("cover.jpg", file.getvalue(), "image/jpeg")
    fields = {"file": upload, "name": "Cover", "alt_fr": "Une falaise.", "alt_en": "A cliff.", "credit": "Us"}
    image = Image(**fields | overrides)
    image.save()
    return image


def test_a_partner_is_a_public_authority_with_its_seat_and_who_represents_it(client):
    partner = make_partner(
        seat_en="Lille", seat_fr="Lille", latitude="50.6", longitude="3.1", website="https://nord.fr"
    )
    make_member(partner, "Camille Dupont", role_en="President")
    make_member(partner, "Dominique Martin", mandate_until=date(2021, 1, 1))
    nodes = graph(client, partner.get_absolute_url("en"))
    authority = nodes["GovernmentOrganization"]
    assert (authority["name"], authority["sameAs"]) == ("Department of Nord", "https://nord.fr")
    assert authority["location"]["geo"]["latitude"] == 50.6
    assert authority["member"] == [{"@type": "Person", "name": "Camille Dupont", "jobTitle": "President"}]
    steps = nodes["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert steps[-1]["item"] == authority["url"] == f"http://testserver{partner.get_absolute_url('en')}"


def test_a_partner_of_whom_little_is_known_says_no_more(client):
    assert "member" not in graph(client, make_partner().get_absolute_url("en"))["GovernmentOrganization"]


@pytest.mark.parametrize(("make", "kind"), [(make_theme, "Article"), (make_page, "WebPage")])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_themes_and_pages_are_texts_in_the_language_of_the_page(client, make, kind, language):
    record = make()
    node = graph(client, record.get_absolute_url(language))[kind]
    assert node["inLanguage"] == language and node["headline"] == getattr(record, f"title_{language}")
    assert node["datePublished"] == "2020-02-05T11:00:00+01:00"


def test_the_home_page_is_the_site(client):
    SiteSettings(pk=1, site_name_fr="Comité", site_name_en="Committee", publisher="Nord").save()
    site = graph(client, "/fr/")["WebSite"]
    assert (site["name"], site["alternateName"], site["inLanguage"]) == ("Comité", ["Committee"], "fr")
    assert site["publisher"]["name"] == "Nord"


def test_a_text_of_another_language_is_left_out_and_a_page_of_another_language_says_nothing(client):
    partner = make_partner()
    make_member(partner, "Camille Dupont", role_en="")
    (person,) = graph(client, partner.get_absolute_url("en"))["GovernmentOrganization"]["member"]
    assert "jobTitle" not in person
    french = client.get(make_french_only().get_absolute_url("en")).content.decode()
    assert "ld+json" not in french and "og:title" not in french


def test_no_text_can_end_the_script_that_carries_it(client):
    hostile = "</script><script>alert(1)</script><!-- &amp; \u2028"
    theme = make_theme(title_en=hostile, summary_en=hostile)
    page = client.get(theme.get_absolute_url("en")).content.decode()
    assert page.count("<script") == page.count("</script>") == 1
    assert "alert(1)" in graph(client, theme.get_absolute_url("en"))["Article"]["headline"]


def test_a_page_is_shared_with_its_card_its_name_and_its_address(client):
    partner = make_partner(summary_en="By the sea.", cover=make_picture())
    said = shared(client, partner.get_absolute_url("en"))
    assert said["og:title"] == "Department of Nord" and said["og:description"] == "By the sea."
    assert said["og:url"] == f"http://testserver{partner.get_absolute_url('en')}"
    assert (said["og:image:width"], said["og:image:height"], said["og:image:type"]) == ("1200", "630", "image/jpeg")
    assert said["og:image"].startswith("http://testserver/cards/")
    assert said["og:image:alt"] == "Department of Nord – Straits Committee – A cliff."


def test_search_engines_are_given_the_picture_itself(client):
    picture = make_picture()
    about = graph(client, make_partner(cover=picture).get_absolute_url("en"))["GovernmentOrganization"]
    assert about["image"] == f"http://testserver{picture.wide[-1][1][-1][0]}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_manifest_names_the_site_and_icons_that_exist(client, settings, language):
    SiteSettings(pk=1, site_name_fr="Comité", site_name_en="Committee").save()
    (link,) = Document(client.get(f"/{language}/")).all("link", rel="manifest")
    response = client.get(link["href"])
    said = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (said["name"], said["lang"]) == ({"fr": "Comité", "en": "Committee"}[language], language)
    for icon in said["icons"]:
        assert (settings.BASE_DIR / icon["src"].removeprefix("/")).is_file()


def test_the_address_for_weaknesses_comes_from_the_settings_and_expires_within_a_year(client):
    SiteSettings(pk=1, site_name_fr="Comité", contact_email="site@example.org").save()
    response = client.get("/.well-known/security.txt")
    said = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert said["Contact"] == "mailto:site@example.org"
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert timedelta(days=360) < left < timedelta(days=365)


def test_without_an_address_nothing_is_said_of_weaknesses(client):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_humans_are_named_from_the_settings(client):
    SiteSettings(pk=1, site_name_fr="Comité", publisher="Nord", host="Host\n1 rue du Port").save()
    told = client.get("/humans.txt").content.decode()
    assert "Publisher: Nord" in told and "Host: Host 1 rue du Port" in told
