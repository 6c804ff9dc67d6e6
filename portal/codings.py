"""In which bytes is a kept page handed over, and how does a visitor who has them already find out?"""

from __future__ import annotations

import gzip
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import brotli

CACHE_CONTROL = "public, max-age=1, stale-while-revalidate=9, stale-if-error=86400"  # seconds
VARY = "Accept-Encoding, Cookie"  # staff, known by a cookie, get pages of their own
OURS = ("cache-control", "content-length", "etag", "vary")
# What Django adds for the back office, and would say nothing here though each answer paid for it: `frame-ancestors` of
# the policy stands in for the first (CSP 2, § 7.7), browsers do the second by themselves, and a page that is the same
# for all, and knows nobody, has nothing that the window which opened it could reach.
IDLE = ("x-frame-options", "referrer-policy", "cross-origin-opener-policy")
IDENTITY, GZIP, BROTLI = range(3)  # what a visitor can read; who reads BROTLI reads gzip too
OVERHEAD = 2000  # bytes, about, that a page takes beside its bodies


@lru_cache(maxsize=100)
def best_coding(accepted: str) -> int:
    """IDENTITY, GZIP or BROTLI for an Accept-Encoding header; no browser reads Brotli without gzip."""
    weights = {}
    for part in accepted.lower().replace(" ", "").split(","):
        coding, _, weight = part.partition(";q=")
        weights[coding] = weight
    takes = {coding for coding, weight in weights.items() if not weight or weight.strip("0.")}
    if "gzip" not in takes:
        return IDENTITY
    return BROTLI if "br" in takes else GZIP


class Ready(NamedTuple):
    """One coding of a page, as it is handed to the server."""

    etag: str
    headers: list[tuple[str, str]]
    unchanged: list[tuple[str, str]]
    body: list[bytes]  # of one piece, which servers send fastest

    @classmethod
    def of(cls, headers: list[tuple[str, str]], body: bytes, coding: str = "") -> Ready:
        etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
        unchanged = [("ETag", etag), ("Cache-Control", CACHE_CONTROL), ("Vary", VARY)]
        coded = [("Content-Encoding", coding)] if coding else []
        return cls(etag, [*headers, *unchanged, *coded, ("Content-Length", str(len(body)))], unchanged, [body])

    def is_known_by(self, tags: str) -> bool:
        """Whether an If-None-Match header names these bytes; a proxy may have marked the tag as weak."""
        return tags in (self.etag, "*") or self.etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))


class Page:
    """A kept page: ready bytes by coding. The first visitor gets fast gzip; the best codings are made afterwards."""

    __slots__ = ("ends", "generation", "headers", "ready", "size", "used")

    def __init__(self, headers: list[tuple[str, str]], body: bytes, generation: int, ends: float) -> None:
        """`generation` is the hold's when rendering began; `ends` and `used` are seconds since 1970."""
        self.headers = [pair for pair in headers if pair[0].lower() not in (*OURS, *IDLE)]
        self.generation, self.ends, self.used = generation, ends, 0.0
        plain = Ready.of(self.headers, body)
        self.ready = [plain, plain, plain]
        if self._is_text():
            self._offer(GZIP, gzip.compress(body, 1, mtime=0), "gzip")
        self._weigh()

    def compress(self) -> None:
        """Make the small codings: some milliseconds, for a thread that nobody waits for."""
        if self._is_text():
            (body,) = self.ready[IDENTITY].body
            self._offer(GZIP, gzip.compress(body, 9, mtime=0), "gzip")
            self._offer(BROTLI, brotli.compress(body, quality=10), "br")  # 11 takes three times as long for no byte
            self._weigh()

    def _offer(self, best: int, body: bytes, coding: str) -> None:
        """Hand the coded body to who reads `best` or better, if it is smaller than what they get now."""
        for reader in range(best, BROTLI + 1):
            if len(body) < len(self.ready[reader].body[0]):
                self.ready[reader] = Ready.of(self.headers, body, coding)

    def _is_text(self) -> bool:
        kind = dict(self.headers).get("Content-Type", "")
        return kind.startswith("text/") or any(word in kind for word in ("json", "xml"))

    def _weigh(self) -> None:
        self.size = OVERHEAD + sum(len(body) for body in {ready.body[0] for ready in self.ready})
