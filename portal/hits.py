"""What was handed over for which words since the database was last asked: until it is again, it stays true."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple

from portal.codings import Ready
from portal.version import ASK_EVERY, Hold

WORDINGS = 2_000  # that are noted between two questions to the database
LONG = 1000  # characters of words that are not noted

Environ = dict[str, Any]
Words = tuple[str, ...]  # all that chooses a page and its coding, as the visitor said it


def words_with(scheme: str) -> Callable[[Environ], Words]:
    """A function that reads the words off an environ whose scheme stands under this name; it raises KeyError when one
    is missing.
    """
    return itemgetter("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "HTTP_ACCEPT_ENCODING", scheme)


class Hits(NamedTuple):
    """What was found in one generation of the hold; `since` and `until` are seconds since 1970."""

    generation: int
    since: float
    until: float
    found: dict[Words, Ready]

    def now(self, hold: Hold) -> Hits:
        """These, or empty ones where the database has been asked since."""
        asked = hold.generation, hold.asked_at
        return self if asked == self[:2] else Hits(*asked, asked[1] + ASK_EVERY, {})

    def note(self, words: Callable[[Environ], Words], environ: Environ, ready: Ready) -> None:
        """Note what is handed over for these words, unless there is room for no more."""
        with suppress(KeyError):
            said = words(environ)
            if len(self.found) < WORDINGS and sum(map(len, said)) < LONG:
                self.found[said] = ready


NONE = Hits(-1, inf, -inf, {})  # of no generation, so that nothing is ever noted in it
