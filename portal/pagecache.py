"""How long does a page live in the cache, and what empties it?

The cache stands outside Django: a hit is a look-up and ready bytes. A page whose view is a `public_page` is rendered
from its address alone, so that no header, cookie or body of a visitor reaches it, and kept until the site's version
moves, the day ends, or something opens or closes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from math import inf
from threading import Event, Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import NoReverseMatch

from portal import version
from portal.background import Background, in_thread
from portal.codings import Page, Ready, best_coding
from portal.hits import NONE, Environ, words_with
from portal.languages import codes
from portal.outage import PATIENCE_OF_STAFF, PATIENCE_OF_VISITORS, Watch, unavailable, waiting
from portal.public import TERMS, Terms, known
from portal.version import ASK_EVERY

PATIENCE = 5  # seconds to wait for a page that another thread renders
PATHS = 50_000  # of which a process remembers what they read of the query
WARMED = 30  # pages rendered again at once when the version moves

Key = tuple[str, str, str, str]  # scheme, host, path, query
Job = Callable[[], None]


class Answer(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]


class PageCache:
    """WSGI middleware around Django. `size` is in bytes; `clock` says the seconds since 1970, as the hold's does."""

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        size: int | None = None,
        *,
        hold: version.Hold = version.process,
        clock: Callable[[], float] = time.time,
        later: Callable[[Job], None] | None = None,
        aside: Callable[[Job], None] = in_thread,
    ) -> None:
        self.application, self.hold, self.clock = application, hold, clock
        self.watch, self.later = Watch(hold, aside), later or Background()
        self.size = settings.PAGE_CACHE_BYTES if size is None else size
        self.session, self.proxy = settings.SESSION_COOKIE_NAME, settings.SECURE_PROXY_SSL_HEADER
        self.words = words_with(self.proxy[0] if self.proxy else "wsgi.url_scheme")
        self.hits = NONE
        self.pages: dict[Key, Page] = {}
        self.total = 0  # bytes
        self.parameters: dict[str, tuple[str, ...]] = {}  # by path; they are the code's, no version ends them
        self.flights: dict[Key, Event] = {}
        self.lock = Lock()
        self.warmed = hold.generation  # the generation for which the pages most asked for were rendered again
        self.server: Environ = {}  # what the server said of itself last

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """A hit costs one look in a dictionary, no call of our own and no lock: each would be felt."""
        generation, since, until, found = self.hits
        if generation != self.hold.generation or not since <= self.clock() < until or "HTTP_COOKIE" in environ:
            found = NONE.found
        try:
            ready = found[self.words(environ)]
        except KeyError:  # not said before, or less than browsers say
            answer = self._find(environ)
            if isinstance(answer, Answer):
                start_response(answer.status, answer.headers)
                return answer.body
            ready = answer
        etag, headers, unchanged, body = ready
        if "HTTP_IF_NONE_MATCH" in environ:
            tags = environ["HTTP_IF_NONE_MATCH"]
            if tags == etag or ready.is_known_by(tags):
                start_response("304 Not Modified", unchanged)  # the same list each time: our server changes none
                return []
        start_response("200 OK", headers)
        return body  # granian sends a list in one go, and asks all else for one more piece

    def _find(self, environ: Environ) -> Ready | Answer:
        """What is to be handed over of a kept page, or Django's answer where it is none."""
        method, hold = environ["REQUEST_METHOD"], self.hold
        if self.session in environ.get("HTTP_COOKIE", "") or method not in ("GET", "HEAD"):
            return self._ask_for_staff(environ)
        self.watch.ask()
        if hold.generation != self.warmed:
            self.warmed = hold.generation
            self.later(self._warm)
        self.hits = hits = self.hits.now(hold)
        now, key = self.clock(), self._key(environ)
        page = self.pages.get(key)
        if page is None or page.generation != hold.generation or page.ends <= now:
            answer = self._miss(key, environ)
            if isinstance(answer, Answer):
                return answer if method == "GET" else answer._replace(body=[])
            page = answer
        page.used, ready = now, page.ready[best_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        if method == "HEAD":
            return ready._replace(body=[])
        if page.ends > now + ASK_EVERY and self.pages.get(key) is page:
            hits.note(self.words, environ, ready)
        return ready

    def _ask_for_staff(self, environ: Environ) -> Answer:
        """Who is signed in, or writes, meets Django itself, and what others published a moment ago."""
        self.hold.doubt()
        status, headers, body = self._ask_django(environ, PATIENCE_OF_STAFF)
        if not any(name.lower() == "cache-control" for name, value in headers):
            headers = [*headers, ("Cache-Control", "private, no-store")]
        return Answer(status, headers, body)

    def _key(self, environ: Environ) -> Key:
        """Scheme, host, path, and the query's known parameters; the whole query where the page is not known yet."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        scheme = environ["wsgi.url_scheme"] if self.proxy is None else self._scheme(environ)
        if query and path in self.parameters:
            query = known(query, self.parameters[path])
        return scheme, environ.get("HTTP_HOST", ""), path, query

    def _scheme(self, environ: Environ) -> str:
        """As Django's `HttpRequest.scheme`."""
        told = environ.get(self.proxy[0]) if self.proxy else None
        if told is None:
            return environ["wsgi.url_scheme"]
        return "https" if told.split(",")[0].strip() == self.proxy[1] else "http"

    # Behind a miss

    def _miss(self, key: Key, environ: Environ) -> Page | Answer:
        """The page, rendered by one thread for all who ask, or Django's answer where it is not to be kept."""
        if not self._may_keep(key, environ):
            answer = self._ask_django(environ)
            self._learn(key[2], environ.get(TERMS))
            return answer
        with self.lock:
            flight = self.flights.get(key)
            if is_first := flight is None:
                flight = self.flights[key] = Event()
        if not is_first:
            flight.wait(PATIENCE)
            page = self.pages.get(self._key(environ))
            if page and page.generation == self.hold.generation and page.ends > self.clock():
                return page
            return self._render(key, environ)
        try:
            return self._render(key, environ)
        finally:
            del self.flights[key]
            flight.set()

    def _may_keep(self, key: Key, environ: Environ) -> bool:
        """Whether the address is one of ours, spelt as we do: a port, capital or dot more would be an entry more."""
        _, host, path, query = key
        domain = split_domain_port(host)[0]
        ours = host in (domain, f"{domain}:{environ['SERVER_PORT']}") and validate_host(domain, settings.ALLOWED_HOSTS)
        public = path in self.parameters or path[1:].partition("/")[0] in codes()
        return ours and public and len(query) < 1000

    def _render(self, key: Key, environ: Environ) -> Page | Answer:
        """Ask Django with nothing of the visitor but the address, and keep the page where its view allows it."""
        generation, (scheme, host, path, query) = self.hold.generation, key
        self.server = {name: value for name, value in environ.items() if name.startswith(("SERVER_", "wsgi."))}
        asked = self.server | {"REQUEST_METHOD": "GET", "SCRIPT_NAME": environ.get("SCRIPT_NAME", "")}
        asked |= {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host}
        asked |= {"wsgi.url_scheme": scheme, "wsgi.input": BytesIO()}
        if self.proxy:
            asked[self.proxy[0]] = self.proxy[1] if scheme == "https" else "http"
        answer = self._ask_django(asked)
        terms: Terms | None = asked.get(TERMS)
        if terms is None or not is_for_everybody(answer):
            return answer
        page = Page(answer.headers, answer.body[0], generation, terms.ends.timestamp() if terms.ends else inf)
        self._learn(path, terms)
        self._keep((scheme, host, path, known(query, terms.parameters)), page)
        return page

    def _learn(self, path: str, terms: Terms | None) -> None:
        """Note that a path leads to a page for everybody, and what it reads of the query."""
        if terms and len(self.parameters) > PATHS:
            self.parameters.clear()
        if terms:
            self.parameters[path] = terms.parameters

    def _ask_django(self, environ: Environ, seconds: float = PATIENCE_OF_VISITORS) -> Answer:
        """Django's answer, or a 503 when it fails for want of the database; static files and health need none."""
        needs_database = not environ["PATH_INFO"].startswith((settings.STATIC_URL, settings.MEDIA_URL, "/health/"))
        if needs_database:
            self.watch.ask()
            if self.watch.is_cut_off:
                return Answer(*unavailable())
        told: list[Any] = []
        start_response = lambda status, headers, exc_info=None: told.extend((status, headers))  # noqa: E731
        with waiting(seconds):
            body = whole(self.application(environ, start_response))
            if told[0].startswith("500") and needs_database and self.watch.is_gone():
                return Answer(*unavailable())
        return Answer(told[0], told[1], body)

    # What is kept

    def _keep(self, key: Key, page: Page) -> None:
        """Keep a page, and have its small codings made; what was asked for least recently gives way."""
        if page.size > self.size // 8:
            return
        with self.lock:
            former = self.pages.get(key)
            self.pages[key], page.used = page, former.used if former else self.clock()
            self._grow(page.size - (former.size if former else 0))
        self.later(partial(self._compress, key, page))

    def _grow(self, size: int) -> None:
        """Count more bytes; when they are too many, let go of a tenth of the memory: outdated pages first."""
        self.total += size
        if self.total <= self.size:
            return
        generation = self.hold.generation
        order = sorted(self.pages, key=lambda key: (self.pages[key].generation == generation, self.pages[key].used))
        for key in order:
            if self.total <= self.size * 0.9:
                break
            self.total -= self.pages.pop(key).size

    def _compress(self, key: Key, page: Page) -> None:
        if self.pages.get(key) is page:
            before = page.size
            page.compress()
            self.hits = NONE
            with self.lock:
                if self.pages.get(key) is page:
                    self._grow(page.size - before)

    def _warm(self) -> None:
        """Render again what was asked for most recently, the pages of the records that changed before the others."""
        changed, self.hold.changed = self.hold.changed, []
        first = {address for record in changed for address in addresses(record)}
        outdated = [item for item in list(self.pages.items()) if item[1].generation != self.hold.generation]
        outdated.sort(key=lambda item: (item[0][2] in first, item[1].used), reverse=True)
        for key, page in outdated[:WARMED]:
            if self.pages.get(key) is page and not self.watch.is_cut_off:
                self._miss(key, self.server)


def addresses(record: Any) -> list[str]:
    """The paths of a record's pages, one per language; none where it has no page."""
    if not hasattr(record, "get_absolute_url"):
        return []
    try:
        return [record.get_absolute_url(language) for language in codes()]
    except NoReverseMatch:
        return []


def is_for_everybody(answer: Answer) -> bool:
    """Whether Django's answer is a whole page that says nothing against being shared, and holds nothing to use once."""
    headers = {name.lower(): value for name, value in answer.headers}
    private = any(word in headers.get("cache-control", "") for word in ("private", "no-store", "no-cache"))
    once = "set-cookie" in headers or "'nonce-" in headers.get("content-security-policy", "")
    return answer.status.startswith("200") and not private and not once


def whole(body: Iterable[bytes]) -> list[bytes]:
    """A body in one piece: a server keeps a thread to the end of any other, as long as a slow line takes for it."""
    try:
        return [b"".join(body)]
    finally:
        getattr(body, "close", tuple)()
