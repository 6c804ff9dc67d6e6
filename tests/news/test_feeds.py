"""The feeds, as a reader of feeds meets them."""

from xml.etree import ElementTree

import pytest

from tests.factories import make_draft, make_news, make_partner, make_theme
from tests.pages import path_of

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not response.cookies
    return ElementTree.fromstring(response.content)


def entries(feed, name="title"):
    return [entry.findtext(f"{ATOM}{name}") for entry in feed.iter(f"{ATOM}entry")]


def test_a_feed_has_what_is_written_and_public_in_its_language_and_nothing_else(client):
    make_news("Les deux")
    make_news("Français seul", public_from_en=None)
    make_news("Personne", public_from_fr=None, public_from_en=None)
    french, english = read(client, path_of("news:feed", "fr")), read(client, "/en/news/atom.xml")
    assert sorted(entries(french)) == ["Français seul", "Les deux"]
    assert entries(english) == ["Les deux (EN)"]
    assert french.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"


def test_a_feed_has_what_readers_of_feeds_ask_for(client):
    make_news("L’œuf & la poule", summary_en="Under < 5 & counting")
    feed = read(client, "/en/news/atom.xml")
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "author/" + ATOM + "name"))
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/en/news/", "self": "http://testserver/en/news/atom.xml"}
    assert entries(feed, "published") == ["2020-02-05T10:00:00+00:00"]
    assert entries(feed, "id") == ["http://testserver/en/news/loeuf-la-poule-en/"]
    assert entries(feed, "summary") == ["Under &lt; 5 &amp; counting"]  # of type html


@pytest.mark.parametrize("name, path", [("partner", "/en/news/partners/"), ("theme", "/en/news/themes/")])
def test_each_partner_and_each_theme_has_its_own(client, name, path):
    subject = make_partner("Kent") if name == "partner" else make_theme()
    make_news("Sien", **{f"{name}s": [subject]})
    make_news("Autre")
    for slug in (subject.slug_en, subject.slug_fr):
        feed = read(client, f"{path}{slug}/atom.xml")
        assert entries(feed) == ["Sien (EN)"]
        assert feed.findtext(f"{ATOM}title").endswith(str(subject))
        assert feed.find(f"{ATOM}link").get("href") == f"http://testserver{subject.get_absolute_url('en')}"


def test_what_is_not_public_has_no_feed(client):
    draft = make_draft()
    assert client.get(f"/en/news/partners/{draft.slug_en}/atom.xml").status_code == 404
    assert client.get("/en/news/themes/nothing/atom.xml").status_code == 404


def test_a_feed_without_items_is_still_a_feed(client):
    assert entries(read(client, path_of("news:feed", "fr"))) == []
