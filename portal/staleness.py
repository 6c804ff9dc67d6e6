"""Which translations are missing, and which are out of date?

A record is written first in its `source_language`; `confirmed_<language>` holds, per field, the source text from which
the translation was last confirmed. A translation is stale when the source says something else today. Forms and
importers call `confirm` with what they changed; `save()` never does: publishing and restoring confirm nothing.

A translation without an entry is up to date until its source changes: content from elsewhere raises no alarm.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from html import unescape
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.languages import codes, column, columns, translated_fields
from portal.snapshots import rows_of

MISSING, STALE, CURRENT = "missing", "stale", "current"
LABELS = {MISSING: _("missing"), STALE: _("out of date"), CURRENT: _("up to date")}

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_EMPTY = re.compile(r"<([a-z0-9]+)[^<>]*></\1>|(?:<br>)+(?=</)|<!--.*?-->", re.DOTALL)
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WORD = re.compile(r"(?:^|>)\s*[^<>&\s]")
_LOOKALIKES = str.maketrans({"’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "…": "..."})
_SAME_TAG = {"b": "strong", "i": "em"}


class TextState(NamedTuple):
    """The state of one translation; `record` is the page's record or one of its rows."""

    record: models.Model
    field: str
    language: str
    state: str


@cache
def text_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The translated fields that a translator writes: texts, addresses apart."""
    fields = (model._meta.get_field(name) for name in translated_fields(model))
    texts = (models.CharField, models.TextField)
    return tuple(field.name for field in fields if isinstance(field, texts) and not isinstance(field, models.SlugField))


def source_of(record: models.Model) -> str:
    """The language in which the record is written first."""
    return getattr(record, "source_language", None) or settings.LANGUAGE_CODE


def same(one: str | None, other: str | None) -> bool:
    """Whether a reader sees the same two texts: blanks, typography and invisible mark-up do not count."""
    return (one or "") == (other or "") or _essence(one or "") == _essence(other or "")


def state(record: models.Model, field: str, language: str) -> str | None:
    """MISSING, STALE or CURRENT; None for the source language, and where the source says nothing."""
    source = source_of(record)
    written = _text(record, field, source)
    if language == source or _is_blank(written):
        return None
    if _is_blank(_text(record, field, language)):
        return MISSING
    return CURRENT if same(confirmed_against(record, field, language), written) else STALE


def states(record: models.Model) -> list[TextState]:
    """Every translation of the record, then of its rows, that has a state; no query when the rows are prefetched."""
    return [
        TextState(one, field, language, found)
        for one in (record, *rows(record))
        for field in text_fields(type(one))
        for language in codes()
        if (found := state(one, field, language))
    ]


def rows(record: models.Model) -> Iterator[models.Model]:
    """The rows that hang on the record. 1 query a relation, none when prefetched."""
    for relation in rows_of(type(record)) if record.pk else ():
        yield from getattr(record, relation).all()


def confirmed_against(record: models.Model, field: str, language: str) -> str:
    """The source text from which the translation was last confirmed; today's where none was kept."""
    return _entries(record, language).get(field, _text(record, field, source_of(record)))


def confirm(
    record: models.Model, before: Mapping[str, Any], right: Collection[str] = (), unaffected: Collection[str] = ()
) -> None:
    """Note on the record, not yet saved, what a change of its texts says about its translations.

    `before`: the former values of the changed columns (and of `source_language`, for rows too).
    `right`: columns of translations that were read again and are right. `unaffected`: columns of source texts whose
    change does not concern the translations; one that was stale before stays so.
    """
    source, former = source_of(record), before.get("source_language") or source_of(record)
    kept: dict[str, dict[str, str | None]] = {code: dict(_entries(record, code)) for code in codes()}
    for field in text_fields(type(record)):
        now = {code: _text(record, field, code) for code in codes()}
        then = {code: before.get(column(field, code), now[code]) or "" for code in codes()}
        entries = {code: kept[code].pop(field, None) for code in codes()}
        if source != former:
            entries = _turned(then, entries, former, source)
        for code, entry in entries.items():
            if code == source or _is_blank(now[code]):
                continue
            if not same(then[code], now[code]) or column(field, code) in right:
                entry = now[source] or None
            elif not same(then[source], now[source]):
                first_written = entry is None and not then[source]
                entry = then[source] if entry is None else entry
                told = column(field, source) in unaffected and same(entry, then[source])
                entry = now[source] if told or first_written else entry
            if entry is not None:
                kept[code][field] = entry
    for code in codes():
        setattr(record, column("confirmed", code), kept[code])


def confirm_all(record: models.Model) -> None:
    """Note that every translation of the record, its rows apart, was made from today's source: for loaders."""
    confirm(record, {}, right=[name for field in text_fields(type(record)) for name in columns(field)])


def _turned(then: dict[str, str], entries: dict[str, str | None], former: str, source: str) -> dict[str, str | None]:
    """The entries when another language becomes the source: what agreed with its text still does, the rest is stale.

    Two texts agree when they were confirmed against the same one.
    """
    if not then[source]:
        return dict.fromkeys(entries)
    anchors = {code: then[former] if code == former or entry is None else entry for code, entry in entries.items()}
    return {code: then[source] if same(anchor, anchors[source]) else "" for code, anchor in anchors.items()}


def _text(record: models.Model, field: str, language: str) -> str:
    return getattr(record, column(field, language)) or ""


def _entries(record: models.Model, language: str) -> dict[str, Any]:
    return getattr(record, column("confirmed", language), None) or {}


def _is_blank(text: str) -> bool:
    return not text or not (_WORD.search(text) or _essence(text))


def _essence(text: str) -> str:
    """What a reader sees of a text: its characters, without blanks, and its mark-up, in one spelling."""
    text, former = _TAG.sub(_spelt, text), ""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", unescape(text)).translate(_LOOKALIKES))
    while text != former:
        text, former = _EMPTY.sub("", text), text
    return text


def _spelt(tag: re.Match[str]) -> str:
    name = tag[2].lower()
    target = _HREF.search(tag[3]) if not tag[1] else None
    return f"<{tag[1]}{_SAME_TAG.get(name, name)}{'=' + target[1] if target else ''}>"
