"""Who asks in the same words as a visitor before gets the same bytes, until anything could have changed."""

from datetime import UTC, datetime

import pytest

from portal import hits
from portal.pagecache import PageCache
from portal.public import TERMS, Terms
from portal.version import ASK_EVERY, Hold
from tests.visitor import visit

ADDRESS = "/en/partners/"


class Site:
    """A process and its database, whose pages say what was asked, and by whom."""

    def __init__(self):
        self.time, self.number, self.ends, self.jobs = 1_700_000_000.0, 1, None, []
        self.hold = Hold(lambda: self.time, lambda: self.number)
        self.cache = PageCache(
            self.django,
            100_000,
            hold=self.hold,
            clock=lambda: self.time,
            later=self.jobs.append,
            aside=lambda job: None,
        )

    def django(self, environ, start_response):
        environ[TERMS] = Terms(("page",), self.ends)
        start_response("200 OK", [("Content-Type", "text/html")])
        said = [environ.get(name) for name in ("wsgi.url_scheme", "HTTP_HOST", "QUERY_STRING", "HTTP_COOKIE")]
        return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {said} {self.number}".encode() * 20]

    def warm(self):
        """Two visits: one for the page, and one whose words are noted once its small codings are made."""
        visit(self.cache, ADDRESS)
        while self.jobs:
            self.jobs.pop()()
        return visit(self.cache, ADDRESS)


@pytest.fixture
def site(db, settings):
    settings.ALLOWED_HOSTS = ["testserver", "portal.example.org"]
    return Site()


def test_the_same_words_lead_to_the_same_bytes_without_another_look(site, monkeypatch):
    first = site.warm()
    monkeypatch.setattr(site.cache, "_find", None)
    assert visit(site.cache, ADDRESS) == first
    assert visit(site.cache, ADDRESS, if_none_match=first.headers["etag"]).status == 304


@pytest.mark.parametrize(
    "other", [{"host": "portal.example.org"}, {"scheme": "https"}, {"cookie": "sessionid=abc"}, {"method": "POST"}]
)
def test_other_words_lead_to_another_page(site, other):
    first = site.warm()
    assert visit(site.cache, ADDRESS, **other).text != first.text


def test_another_address_or_coding_is_another_answer_too(site):
    first = site.warm()
    assert visit(site.cache, f"{ADDRESS}?page=2").text != first.text
    assert visit(site.cache, "/fr/partenaires/").text != first.text
    assert visit(site.cache, ADDRESS, accept_encoding="gzip").headers["content-encoding"] == "gzip"
    assert visit(site.cache, ADDRESS, method="HEAD").body == b""


def test_a_publication_elsewhere_is_seen_though_the_words_were_said_a_moment_ago(site):
    first = site.warm()
    site.number += 1
    assert visit(site.cache, ADDRESS).text == first.text, "for less than a second"
    site.time += ASK_EVERY
    assert visit(site.cache, ADDRESS).text != first.text


def test_a_publication_here_is_seen_at_once(site):
    first = site.warm()
    site.number += 1
    site.hold.forget()
    assert visit(site.cache, ADDRESS).text != first.text


def test_a_clock_that_is_put_back_keeps_no_old_page(site):
    first = site.warm()
    site.number += 1
    site.time -= 3600
    assert visit(site.cache, ADDRESS).text != first.text


def test_a_page_that_ends_between_two_questions_to_the_database_ends_then(site):
    site.ends = datetime.fromtimestamp(site.time + 0.5, UTC)
    first = site.warm()
    site.number, site.ends = 2, None
    site.time += 0.5
    assert visit(site.cache, ADDRESS).text != first.text


def test_the_words_are_noted_anew_after_each_question_to_the_database(site):
    site.warm()
    site.time += ASK_EVERY
    visit(site.cache, ADDRESS)
    assert (len(site.cache.hits.found), site.cache.hits.until) == (1, site.time + ASK_EVERY)


def test_only_so_many_words_are_noted(site, monkeypatch):
    monkeypatch.setattr(hits, "WORDINGS", 5)
    site.warm()
    for number in range(20):
        seen = visit(site.cache, ADDRESS, accept_encoding=f"gzip, new{number}")
        assert (seen.status, seen.headers["content-encoding"]) == (200, "gzip")
    assert len(site.cache.hits.found) == 5


def test_long_words_are_answered_and_not_noted(site):
    site.warm()
    seen = visit(site.cache, ADDRESS, accept_encoding="gzip" + ", br" * 1000)
    assert (seen.status, len(site.cache.hits.found)) == (200, 1)


def test_parameters_that_a_page_does_not_read_are_answered_with_the_same_page(site):
    first = site.warm()
    assert visit(site.cache, f"{ADDRESS}?utm_source=mail").text == first.text


def test_what_is_not_kept_is_not_noted(site):
    site.cache.size = 0
    site.warm()
    assert not site.cache.hits.found
