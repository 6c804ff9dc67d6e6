"""What visitors get while the database does not answer, and when it does again."""

import logging
import re
import time
from socket import socketpair

import psycopg2
import pytest
from django.db import OperationalError
from psycopg2.extensions import POLL_OK, POLL_READ

from portal import outage
from portal.pagecache import PageCache
from portal.public import TERMS, Terms
from portal.version import ASK_EVERY, Hold
from tests.visitor import visit

LOCAL = re.compile(r"/static/|/fr/$|/en/$|$")


class Site:
    """A process whose database the test can stop; its pages read the database, its style sheet does not."""

    def __init__(self):
        self.time, self.stopped, self.asked, self.knocking = 1_700_000_000.0, False, 0, []
        hold = Hold(lambda: self.time, self.read)
        self.cache = PageCache(
            self.django, 10**6, hold=hold, clock=lambda: self.time, later=lambda job: None, aside=self.knocking.append
        )

    def read(self):
        self.asked += 1
        if self.stopped:
            raise OperationalError
        return 1

    def django(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path.startswith("/static/") or not self.stopped:
            environ[TERMS] = Terms((), None)
            start_response("200 OK", [("Content-Type", "text/html")])
            return [path.encode()]
        start_response("500 Internal Server Error", [("Content-Type", "text/html")])
        return [b"Something broke"]


@pytest.fixture
def site(db):
    """A site that has shown one page, and then lost its database for longer than a second."""
    site = Site()
    visit(site.cache, "/en/")
    site.stopped, site.time = True, site.time + 1
    return site


def test_a_page_that_was_kept_goes_on_being_served(site):
    for _ in range(100):
        seen = visit(site.cache, "/en/")
        assert (seen.status, seen.text) == (200, "/en/")
        site.time += 60


def test_any_other_page_is_a_503_in_both_languages(site):
    seen = visit(site.cache, "/en/partners/")
    assert (seen.status, seen.headers["retry-after"], seen.headers["cache-control"]) == (503, "5", "no-store")
    assert 'lang="fr"' in seen.text and 'lang="en"' in seen.text
    assert "Merci de réessayer" in seen.text and "Please try again" in seen.text
    assert "script" not in seen.text and "style=" not in seen.text
    assert seen.text.count("<h1") == 1
    assert 'href="">Réessayer' in seen.text and 'href="">Try again' in seen.text, (
        "the same page, not the home page alone"
    )
    assert not [address for address in re.findall(r'(?:src|href)="([^"]+)"', seen.text) if not LOCAL.match(address)]


@pytest.mark.parametrize(("method", "cookie"), [("POST", ""), ("GET", "sessionid=abc"), ("HEAD", "")])
def test_staff_and_forms_are_told_the_same(site, method, cookie):
    seen = visit(site.cache, "/admin/", method=method, cookie=cookie)
    assert (seen.status, seen.headers["retry-after"]) == (503, "5")


def test_static_files_need_no_database(site):
    visit(site.cache, "/en/partners/")
    assert visit(site.cache, "/static/css/portal.css").status == 200


def test_only_the_first_visitor_waits_for_an_answer_that_does_not_come(site):
    asked = site.asked
    for address in ("/en/", "/en/partners/", "/fr/", "/en/") * 10:
        visit(site.cache, address)
        site.time += 1
    assert site.asked == asked + 1
    assert len(site.knocking) == 1, "one thread knocks"


def test_a_database_that_stops_between_two_questions_is_noticed_by_the_page_that_fails(site):
    site.time -= 1
    assert visit(site.cache, "/en/partners/").status == 503


def test_a_fault_of_ours_stays_a_500(site):
    site.stopped, plain = False, site.cache.application
    site.cache.application = lambda environ, start: (start("500 Internal Server Error", []), [b"Something broke"])[1]
    assert visit(site.cache, "/en/partners/").status == 500
    site.cache.application = plain
    assert visit(site.cache, "/en/partners/").status == 200


def test_everything_is_back_once_the_database_answers_and_the_log_says_both(site, caplog):
    caplog.set_level(logging.WARNING, "portal.outage")
    assert visit(site.cache, "/en/partners/").status == 503
    site.stopped, site.time = False, site.time + ASK_EVERY
    site.knocking.pop()()
    assert visit(site.cache, "/en/partners/").status == 200
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    site.stopped, site.time = True, site.time + ASK_EVERY
    assert visit(site.cache, "/fr/").status == 503, "a second outage is noticed like the first"
    assert len(site.knocking) == 1


def test_staff_do_not_wait_half_a_minute_for_a_database_that_does_not_answer_visitors_either(site):
    """Their statements may wait for each other's locks; the question whether the database is there may not."""
    asked = []
    site.cache.application = lambda environ, start_response: (asked.append(environ), start_response("200 OK", []), [])[
        -1
    ]
    site.time -= 1
    assert visit(site.cache, "/admin/", cookie="sessionid=abc").status == 503
    assert not asked


class Mute:
    """A connection to a database that takes a question and never answers."""

    def __init__(self, state):
        self.mine, self.theirs = socketpair()
        self.poll, self.fileno = lambda: state, self.mine.fileno


def test_nobody_waits_for_a_database_that_never_answers():
    began = time.monotonic()
    with outage.waiting(0.05):
        for _ in range(10):
            with pytest.raises(psycopg2.OperationalError):
                outage._wait(Mute(POLL_READ))
        assert outage.patience.get() < 0.001, "each failure leaves half of the patience"
    assert time.monotonic() - began < 1, "ten times as long as all the patience there was"
    assert outage.patience.get() == outage.PATIENCE_OF_VISITORS, "and the next visitor has all of it"
    outage._wait(Mute(POLL_OK))


def test_staff_may_have_to_wait_for_each_other(site):
    seen = []
    site.cache.application = lambda environ, start_response: (
        seen.append(outage.patience.get()),
        start_response("200 OK", []),
        [],
    )[-1]
    site.stopped = False
    visit(site.cache, "/admin/", cookie="sessionid=abc")
    visit(site.cache, "/elsewhere/")
    assert seen == [outage.PATIENCE_OF_STAFF, outage.PATIENCE_OF_VISITORS]
