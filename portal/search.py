"""How is search done?

An index of our own holds, for each record and each language in which it is read, the texts that a visitor sees, between
the instants at which they change: what is not public yet, or no longer, is in no row whose time is now. Rows are
written in the transaction of the change; PostgreSQL (`tsvector`, GIN) or SQLite (FTS5) follows them by itself, see
migration 0008. Apps say in `apps.py` what is searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import connections, models, transaction
from django.db.models import Q
from django.utils import timezone

from portal.languages import Reading, called, codes, read
from portal.rehearsal import rehearsing
from portal.richtext import plain
from portal.words import Run, Term, cut, excerpt, forms, marked, words

MOST_WORDS = 20_000  # of one record: PostgreSQL refuses a vector beyond 1 MB
CHUNK = 200  # records indexed in one transaction when all are


class SearchEntryQuerySet(models.QuerySet):
    def shown(self, at: datetime | None = None) -> Self:
        """What is public at the instant, now by default."""
        at = at or timezone.now()
        begun, lasting = Q(opens=None) | Q(opens__lte=at), Q(closes=None) | Q(closes__gt=at)
        return self.filter(begun, lasting).defer("title_words", "words")

    def matching(self, wanted: tuple[Term, ...]) -> models.QuerySet:
        """Rows that hold every term in one of its forms, the best match first; a word of the title counts most."""
        if connections[self.db].vendor == "postgresql":
            query = " & ".join(f"({' | '.join(_choices(term, chr(39), ':*'))})" for term in wanted)
            found = self.extra(
                select={"rank": "-ts_rank(vector, to_tsquery('simple', %s), 1)"},
                select_params=[query],
                where=["vector @@ to_tsquery('simple', %s)"],
                params=[query],
            )
        else:
            query = " AND ".join(f"({' OR '.join(_choices(term, chr(34), '*'))})" for term in wanted)
            found = self.extra(
                select={"rank": "bm25(portal_searchindex, 8.0, 1.0)"},
                tables=["portal_searchindex"],
                where=["portal_searchindex.rowid = portal_searchentry.id", "portal_searchindex MATCH %s"],
                params=[query],
            )
        return found.order_by("rank", "pk")


def _choices(term: Term, quote: str, star: str) -> list[str]:
    exact = [f"{quote}{form}{quote}" for form in sorted(term.forms)]
    return [*exact, f"{quote}{term.prefix}{quote}{star}"] if term.prefix else exact


class SearchEntry(models.Model):
    """A record as it is read in one language from `opens` (None: already) until `closes` (None: without end)."""

    label = models.CharField(max_length=60)  # of the model, as in "partners.partner"
    key = models.CharField(max_length=40)
    language = models.CharField(max_length=5)  # of who reads
    is_fallback = models.BooleanField()  # read in another language than the one asked for
    opens = models.DateTimeField(null=True)
    closes = models.DateTimeField(null=True)
    address = models.CharField(max_length=500)
    title = models.CharField(max_length=400)
    title_language = models.CharField(max_length=5)
    passages = models.JSONField(default=list)  # [language, plain text] of each text that is shown
    title_words = models.TextField()
    words = models.TextField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["label", "key"])]

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class Hit:
    """What the page of results says of a record; `language` is the title's, `passage_language` the snippet's."""

    kind: str
    address: str
    language: str
    title: list[Run]
    passage: list[Run]
    passage_language: str


@dataclass(frozen=True)
class Searched:
    """How a model is searched: of what kind a hit is, its texts but the title, and when these change by themselves.

    `prefetch` is what the texts are read from; `moments` are the instants at which what is shown changes.
    """

    kind: Any  # a name, translated where it is shown
    texts: Callable[[Reading], Iterable[str]]
    prefetch: tuple[str, ...]
    moments: Callable[[Any], Iterable[datetime | None]]


REGISTRY: dict[type[models.Model], Searched] = {}


def openings(record: Any) -> Iterator[datetime | None]:
    """When a publishable record opens and closes; None where it does not."""
    for language in codes():
        yield from record.opens_and_closes(language)


def register(
    model: type[models.Model],
    kind: Any,
    texts: Iterable[str] | Callable[[Reading], Iterable[str]],
    *,
    prefetch: tuple[str, ...] = (),
    moments: Callable[[Any], Iterable[datetime | None]] = openings,
    touched_by: Mapping[type[models.Model], Callable[[Any], Iterable[Any]]] | None = None,
) -> None:
    """Let a model that has `named_by`, `is_public` and an address be found; called by the apps when they are ready.

    `texts` are names of fields, or a function of a Reading. `touched_by`: other models with the keys of the records
    whose texts a change of one of their rows may alter.
    """
    fields = texts if callable(texts) else tuple(texts)
    read_texts = fields if callable(fields) else lambda page: [getattr(page, field) for field in fields]
    REGISTRY[model] = Searched(kind, read_texts, prefetch, moments)
    for other, keys_of in {model: lambda record: [record.pk], **(touched_by or {})}.items():

        def follow(instance: models.Model, keys_of: Any = keys_of, **signal: Any) -> None:
            _touch(model, keys_of(instance))

        for signal in (models.signals.post_save, models.signals.post_delete):
            signal.connect(follow, sender=other, weak=False, dispatch_uid=("search", model, other))


_touched: ContextVar[dict[type[models.Model], set[Any]] | None] = ContextVar("touched", default=None)


@contextmanager
def indexed_once() -> Iterator[None]:
    """Index at the end, once each, the records that change inside; to be entered within their transaction."""
    if _touched.get() is not None:
        yield
        return
    token = _touched.set({})
    try:
        yield
        touched = _touched.get() or {}
    finally:
        _touched.reset(token)
    for model, keys in touched.items():
        index(model, keys)


def _touch(model: type[models.Model], keys: Iterable[Any]) -> None:
    if rehearsing():
        return
    waiting = _touched.get()
    if waiting is None:
        index(model, keys)
    else:
        waiting.setdefault(model, set()).update(keys)


@transaction.atomic
def index(model: type[models.Model], keys: Iterable[Any]) -> int:
    """Write the rows of these records anew; return how many. Their rows are locked first. 3 queries and prefetches.

    Saves and deletions do it by themselves; `update()`, `bulk_create()` and SQL must call it.
    """
    searched, keys = REGISTRY[model], list(keys)
    found = model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk")
    records = list(found.prefetch_related(*searched.prefetch))
    SearchEntry.objects.filter(label=model._meta.label_lower, key__in=[str(key) for key in keys]).delete()
    return len(SearchEntry.objects.bulk_create(entry for record in records for entry in _entries(record, searched)))


def rebuild() -> int:
    """Index everything anew, a few records at a time, and forget what is no longer; return the number of rows."""
    written = 0
    for model in REGISTRY:
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            written += index(model, keys[start : start + CHUNK])
        rows = SearchEntry.objects.filter(label=model._meta.label_lower)
        gone = sorted(set(rows.values_list("key", flat=True)) - {str(key) for key in keys})
        for start in range(0, len(gone), CHUNK):
            rows.filter(key__in=gone[start : start + CHUNK]).delete()
    SearchEntry.objects.exclude(label__in=[model._meta.label_lower for model in REGISTRY]).delete()
    return written


def _entries(record: Any, searched: Searched) -> Iterator[SearchEntry]:
    """A row per language for the time until the next instant at which something opens or closes, and so on."""
    now = timezone.now()
    coming = sorted({moment for moment in searched.moments(record) if moment and moment > now})
    for opens, closes in zip([now, *coming], [*coming, None], strict=True):
        if record.is_public(opens):
            for language in codes():
                yield _entry(read(record, language, opens), searched, None if opens == now else opens, closes)


def _entry(page: Reading, searched: Searched, opens: datetime | None, closes: datetime | None) -> SearchEntry:
    record: Any = page.record
    title = called(page)
    written = getattr(title, "language", page.order[0])  # a person's name is in the language of the page
    passages = [(getattr(text, "language", page.language), plain(text)) for text in searched.texts(page) if text]
    return SearchEntry(
        label=record._meta.label_lower,
        key=str(record.pk),
        language=page.language,
        is_fallback=written != page.language,
        opens=opens,
        closes=closes,
        address=record.get_absolute_url(page.language),
        title=title,
        title_language=written,
        passages=passages,
        title_words=_indexed([(written, title)]),
        words=_indexed(passages),
    )


def _indexed(passages: Iterable[tuple[str, str]]) -> str:
    every = (forms(match[1], language) for language, text in passages for match in words(text))
    return " ".join(form for _number, own in zip(range(MOST_WORDS), every, strict=False) for form in sorted(own))


def hits(entries: Iterable[SearchEntry], wanted: tuple[Term, ...]) -> list[Hit]:
    """What the page says of each row: its title, and the first passage that holds a word searched for."""
    kinds = {model._meta.label_lower: searched.kind for model, searched in REGISTRY.items()}
    return [_hit(entry, kinds.get(entry.label, ""), wanted) for entry in entries]


def _hit(entry: SearchEntry, kind: str, wanted: tuple[Term, ...]) -> Hit:
    found = ((language, excerpt(text, language, wanted)) for language, text in entry.passages)
    first = [(language, cut(text)) for language, text in entry.passages[:1]] or [("", "")]
    language, passage = next((pair for pair in found if pair[1]), first[0])
    title = marked(entry.title, entry.title_language, wanted)
    runs = marked(passage, language, wanted)
    return Hit(str(kind), entry.address, entry.title_language, title, runs, language)
