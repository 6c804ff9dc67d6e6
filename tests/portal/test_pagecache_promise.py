"""The promise of the page cache, over any sequence of events: nobody sees a page a second after its publication in its
former state, nor past its opening or closing, nor one of another language or host."""

import json
from bisect import bisect_right
from datetime import UTC, datetime
from itertools import product
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis.strategies import just, lists, none, sampled_from, sets, tuples

from portal.pagecache import PageCache
from portal.public import TERMS, Terms, known
from portal.version import Hold
from tests.visitor import BROWSER, visit

LANGUAGES, PARAMETERS = ("fr", "en"), ("country", "page")
BEGIN = 1_700_000_000.0  # in the middle of a day, which the steps below do not leave
PAGES = [f"/{language}/{slug}{number}/" for language, slug, number in product(LANGUAGES, ("page-", "renamed-"), "01")]

seconds = sampled_from([0.0, 0.0625, 0.25, 0.5, 0.9375, 1.0625, 2.5])  # whose sums a float holds exactly
changes = tuples(
    sampled_from(["write", "rename", "open", "close"]), sampled_from([0, 1]), sampled_from(LANGUAGES), seconds
)
headers = sampled_from(
    [
        BROWSER,
        BROWSER | {"host": "localhost"},
        BROWSER | {"accept_encoding": "gzip"},
        BROWSER | {"x_forwarded_host": "evil.example", "accept_language": "fr"},
        BROWSER | {"cookie": "seen=1"},
        BROWSER | {"cookie": "sessionid=abc"},
    ]
)
queries = sampled_from(["", "?country=FR", "?utm=1", "?page=2&country=FR"])
# Half of the visitors ask in the same words.
visits = just(("", BROWSER, "GET")) | tuples(queries, headers, sampled_from(["GET", "GET", "GET", "HEAD"]))
# Time passes; one of two processes may publish; a visitor looks at some pages through each of the two processes.
steps = tuples(seconds, sampled_from([0, 1]), none() | changes, sets(sampled_from(PAGES), max_size=8), visits)


@pytest.mark.django_db  # a process asks whether its connection still holds
@settings(max_examples=200, deadline=None, derandomize=True)
@given(lists(steps, min_size=10, max_size=40))
def test_no_visitor_is_told_what_is_no_longer_so(events):
    site = Site()
    for number, (step, process, change, pages, (query, headers, method)) in enumerate(events):
        site.time += step
        if change:
            site.publish(process, number, *change)
        for page, reader in product(sorted(pages), (0, 1)):
            site.look(reader, page, query, method, headers)
        if number % 3 == 0:
            site.work()


class Site:
    """Two processes before one database, whose states are all remembered."""

    def __init__(self):
        self.time, self.number = BEGIN, 0
        record = {language: {"text": "", "slug": "page-", "opens": BEGIN, "closes": None} for language in LANGUAGES}
        self.states = [(BEGIN - 10, json.dumps([record] * 2))]  # (since when, state)
        self.jobs, self.tags, self.published = [], {}, [0, 0]  # which of the states each process published last
        self.holds = [Hold(self.now, lambda: self.number) for _ in range(2)]
        self.caches = [
            PageCache(self.django, 40_000, hold=hold, clock=self.now, later=self.jobs.append) for hold in self.holds
        ]

    def now(self):
        return self.time

    def publish(self, process, edition, what, which, language, moment):
        """As `move` does: the number in the transaction, the process that published at once."""
        state = json.loads(self.states[-1][1])
        text = state[which][language]
        text |= {
            "write": {"text": f"edition {edition}"},
            "rename": {"slug": "page-" if text["slug"] == "renamed-" else "renamed-"},
            "open": {"opens": self.time + moment, "closes": self.time + moment + 2},
            "close": {"opens": BEGIN, "closes": self.time + moment},
        }[what]
        self.states.append((self.time, json.dumps(state)))
        self.number, self.published[process] = self.number + 1, len(self.states) - 1
        self.holds[process].forget()

    def work(self):
        """The background's turn."""
        jobs, self.jobs[:] = list(self.jobs), []
        for job in jobs:
            job()

    def look(self, process, path, query, method, headers):
        """A visit, with what the browser has kept of an earlier one; fail when it shows what it must not."""
        had = self.tags.get((path, headers["host"]), ("", ""))
        asked = headers | {"if_none_match": had[0]} if had[0] else headers
        seen = visit(self.caches[process], path + query, method, **asked)
        allowed = [page_of(state, self.time, path, headers["host"], query[1:]) for state in self.recent(process)]
        if seen.status == 304:
            assert (200, had[1]) in allowed
        elif method == "HEAD":
            assert seen.status in [status for status, _ in allowed] and not seen.body
        else:
            assert (seen.status, seen.text) in allowed
            if "etag" in seen.headers:
                self.tags[path, headers["host"]] = seen.headers["etag"], seen.text
        cache = self.caches[process]
        assert cache.total == sum(page.size for page in cache.pages.values()) <= cache.size

    def recent(self, process):
        """The states that a process may show: none that was replaced more than a second ago, or by itself."""
        first = bisect_right([begin for begin, _ in self.states], self.time - 1) - 1
        return [json.loads(state) for _, state in self.states[max(first, self.published[process]) :]]

    def django(self, environ, start_response):
        """The site without a cache, which reads its present state."""
        state = json.loads(self.states[-1][1])
        status, text = page_of(state, self.time, environ["PATH_INFO"], environ["HTTP_HOST"], environ["QUERY_STRING"])
        moments = [text[end] for record in state for text in record.values() for end in ("opens", "closes")]
        ends = min((moment for moment in moments if moment and moment > self.time), default=None)
        environ[TERMS] = Terms(PARAMETERS, datetime.fromtimestamp(ends, UTC) if ends else None)
        start_response(f"{status} Whatever", [("Content-Type", "text/html")])
        return [text.encode()] if environ["REQUEST_METHOD"] == "GET" else []


def page_of(state, at, path, host, query):
    """Status and text of a page in a state of the site, at an instant."""
    _, language, slug, _ = path.split("/")
    for number, record in enumerate(state):
        own = record[language]
        is_open = own["opens"] <= at and (own["closes"] is None or at < own["closes"])
        if is_open and slug == f"{own['slug']}{number}":
            chosen = parse_qs(known(query, PARAMETERS))
            return 200, f"{host} {language} {slug} {own['text']} {chosen} " * 20
    return 404, "nothing here"
