"""Which words does a text hold, whatever their case, accents and endings?

The index and what is searched for go through the same `forms`, so that "Économies", "economie" and "économie" meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import snowballstemmer
from django.utils.translation import get_language_info

from portal.languages import codes
from portal.proofreading import COMMON

WORD = re.compile(r"(?:\b(?:[cdjlmnst]|qu)['’])?([^\W_]+)(?:['’]s\b)?", re.IGNORECASE)  # without elision or possessive
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
LONGEST, MOST = 200, 12  # characters and words of what is searched for; the rest says nothing more
BEFORE, AROUND = 70, 220  # characters of a snippet before the word found, and in all

Run = tuple[bool, str]  # whether the words are those searched for, and the words


class Term(NamedTuple):
    """One word searched for: its forms in every language, and what the word may only begin with ("" for none)."""

    forms: frozenset[str]
    prefix: str


def fold(word: str) -> str:
    """Letters and digits alone, in small letters without accents."""
    plain = unicodedata.normalize("NFKD", word.casefold().translate(LIGATURES))
    return "".join(letter for letter in plain if letter.isalnum())


@cache
def _algorithm(language: str) -> str:
    """The stemmer's name of a language; empty where it knows none."""
    name = get_language_info(language)["name"].lower()
    return name if name in snowballstemmer.algorithms() else ""


def _stem(word: str, language: str) -> str:
    """A stemmer holds the word at work, so each call makes its own (40 µs): threads share none."""
    algorithm = _algorithm(language)
    return snowballstemmer.stemmer(algorithm).stemWord(word) if algorithm else word


@lru_cache(maxsize=50_000)
def forms(word: str, language: str) -> frozenset[str]:
    """The folded word, its stem folded, and the stem of the folded word: what is typed without accents is found."""
    word = word.lower()
    return frozenset(filter(None, (fold(word), fold(_stem(word, language)), _stem(fold(word), language))))


def words(text: str) -> Iterator[re.Match[str]]:
    """Each word of a text as a match whose group 1 is the word."""
    return WORD.finditer(text)


def terms(text: str) -> tuple[Term, ...]:
    """What somebody searches for; common words count only where there are no others, and the last may be unfinished."""
    typed = [match[1] for match in words(text[:LONGEST]) if fold(match[1])][:MOST]
    common = COMMON.keys() & codes()
    telling = [word for word in typed if not any(fold(word) in COMMON[code] for code in common)] or typed
    return tuple(
        Term(
            frozenset().union(*(forms(word, code) for code in codes())),
            fold(word) if word is typed[-1] and len(fold(word)) > 1 else "",
        )
        for word in telling
    )


def is_found(word: str, language: str, wanted: tuple[Term, ...]) -> bool:
    """Whether a word of a text is one of those searched for."""
    own = forms(word, language)
    return any(own & term.forms or (term.prefix and fold(word).startswith(term.prefix)) for term in wanted)


def marked(text: str, language: str, wanted: tuple[Term, ...]) -> list[Run]:
    """The text as runs, those searched for apart."""
    runs: list[Run] = []
    done = 0
    for match in words(text):
        if is_found(match[1], language, wanted):
            start, end = match.span(1)
            runs += [(False, text[done:start]), (True, text[start:end])]
            done = end
    return [run for run in [*runs, (False, text[done:])] if run[1]]


def excerpt(text: str, language: str, wanted: tuple[Term, ...]) -> str:
    """About 220 characters around the first word that is searched for, "" where there is none; whole words."""
    first = next((match.start(1) for match in words(text) if is_found(match[1], language, wanted)), None)
    return "" if first is None else cut(text, max(0, first - BEFORE))


def cut(text: str, start: int = 0) -> str:
    """About 220 characters from `start` on, in whole words, with an ellipsis where something is left out."""
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = start + AROUND
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
