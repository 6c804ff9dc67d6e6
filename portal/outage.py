"""What does a visitor get while the database does not answer?

What was kept goes on being served, everything else is a 503 in both languages. A thread of its own knocks at the
database's door, so that no visitor waits for an answer that does not come.
"""

from __future__ import annotations

import logging
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import Error, connections
from django.template.loader import render_to_string
from psycopg2 import OperationalError as NoAnswer
from psycopg2 import extensions

from portal.version import ASK_EVERY, Hold

logger = logging.getLogger(__name__)

RETRY_AFTER = 5  # seconds
SAY_EVERY = 60  # seconds between two lines of the log
PATIENCE_OF_VISITORS = 0.9  # seconds: twice that is less than the two after which they are to be told
PATIENCE_OF_STAFF = 30.0  # who may have to wait for each other's locks
patience = ContextVar("patience", default=PATIENCE_OF_VISITORS)  # seconds for a statement, or a connection


class Watch:
    """Asks for the site's version on behalf of a page cache; `aside` does a job in another thread."""

    def __init__(self, hold: Hold, aside: Callable[[Callable[[], None]], None]) -> None:
        self.hold, self.aside = hold, aside
        self.is_cut_off = False

    def ask(self) -> None:
        """See to it that what the hold says is less than a second old, or as last known while there is no answer."""
        if self.hold.is_due() and not self.is_cut_off and not self._answers():
            self.is_cut_off = True
            self.aside(self._knock)

    def is_gone(self) -> bool:
        """Whether the database does not answer, asked now."""
        self.hold.doubt()
        self.ask()
        return self.is_cut_off

    def _knock(self) -> None:
        began = said = time.monotonic()
        logger.error("The database does not answer: pages in the cache are served, everything else is a 503.")
        while not self._answers():
            if time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                logger.error("The database has not answered for %d s.", said - began)
            time.sleep(ASK_EVERY)
        self.is_cut_off = False
        logger.warning("The database answers again, after %d s.", time.monotonic() - began)
        connections.close_all()

    def _answers(self) -> bool:
        try:
            with waiting(patience.get()):
                renew_connections()
                self.hold.current()
        except Error:
            return False
        return True


def lose_patience() -> None:
    """From now on, give PostgreSQL up when it takes a question and does not answer: libpq would wait for ever."""
    if connections["default"].vendor == "postgresql":
        extensions.set_wait_callback(_wait)


@contextmanager
def waiting(seconds: float) -> Iterator[None]:
    """Wait so long for the database, and at most twice as long for all that is asked within."""
    token = patience.set(seconds)
    try:
        yield
    finally:
        patience.reset(token)


def _wait(connection: Any) -> None:
    """What psycopg2 calls while it waits; what is raised closes the connection, and leaves half of the patience: Django
    tries a connection, then makes a new one, and the page that fails asks whether the database is gone.
    """
    seconds = patience.get()
    ends = time.monotonic() + seconds
    while (state := connection.poll()) != extensions.POLL_OK:
        watched = select.poll()
        watched.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        if not watched.poll(max(ends - time.monotonic(), 0) * 1000):
            patience.set(seconds / 2)
            raise NoAnswer(f"No answer within {seconds} s.")


def renew_connections() -> None:
    """Drop this thread's broken or aged connections, as Django does between requests, but never a transaction."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def unavailable() -> tuple[str, list[tuple[str, str]], list[bytes]]:
    """Status, headers and body of a 503; its template needs no database."""
    body = render_to_string("503.html").encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'"),
        ("Retry-After", str(RETRY_AFTER)),
    ]
    return "503 Service Unavailable", headers, [body]
