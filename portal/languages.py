"""Which text is shown in which language, and what falls back?

A translated field has one column per language (`name_fr`, `name_en`) and no other column that may be read: the base
column that modeltranslation keeps holds whatever was saved last. Queries, constraints, forms and importers name columns
through `column`; pages read records through `read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from modeltranslation.translator import NotRegistered, translator
from modeltranslation.utils import build_localized_fieldname

from portal.proofreading import correct_typography


@cache
def codes() -> tuple[str, ...]:
    """The content's languages in the order of the settings."""
    return tuple(code for code, _ in settings.LANGUAGES)


def active() -> str:
    """The language of this thread as one of `codes()`; the default one where the active language is none of them."""
    language = get_language()
    return language if language in codes() else settings.LANGUAGE_CODE


def language_name(code: str) -> str:
    """The language in the words of the interface, as inside a sentence."""
    name = get_language_info(code)["name_translated"]
    return name if active() == "en" else name.lower()


@cache
def column(field: str, language: str) -> str:
    """The column of a translated field: `column("name", "en")` is `name_en`."""
    return build_localized_fieldname(field, language)


def columns(field: str) -> tuple[str, ...]:
    """Every column of a translated field, in the order of `codes()`."""
    return tuple(column(field, language) for language in codes())


def any_column_q(field: str, **lookups: Any) -> Q:
    """Rows of which one column of the field meets all these lookups, as `gt=""` for what is written somewhere."""
    each = (Q(**{f"{name}__{lookup}": value for lookup, value in lookups.items()}) for name in columns(field))
    return reduce(or_, each)


@cache
def translated_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Names of a model's translated fields, in the order of its fields; empty when it is not registered."""
    try:
        registered = translator.get_options_for_model(model).all_fields
    except NotRegistered:
        return ()
    return tuple(field.name for field in model._meta.fields if field.name in registered)


class Text(str):
    """A text as a reader gets it; `language` is the one it is written in, which is not always the one asked for."""

    language: str

    def __new__(cls, text: str, language: str) -> Text:
        shown = super().__new__(cls, text)
        shown.language = language
        return shown


def text_of(record: models.Model, field: str, order: Sequence[str] = ()) -> Text:
    """The first of the field's texts, in `order`, that is not empty; an empty one in the first language if all are.

    Without an order, that of a reader of the active language, whatever is public.
    """
    order = order or default_order(record, active())
    for language in order:
        if value := getattr(record, column(field, language)):
            return Text(value, language)
    return Text("", order[0])


def printed(text: Text) -> Text:
    """The text as pages print it: French with its own spaces, quotation marks and apostrophes, however it was typed."""
    return Text(correct_typography(text), "fr") if text.language == "fr" else text


def default_order(record: models.Model, language: str) -> tuple[str, ...]:
    """The asked language, then the record's source language where it has one, then the others."""
    source = getattr(record, "source_language", settings.LANGUAGE_CODE)
    return tuple(dict.fromkeys((language, source, *codes())))


class Reading:
    """A record as it is read in one language at one instant: each translated field is the Text that is shown.

    Everything else is the record's own; related records, lists and results of methods are readings in turn. The order
    of fall-back is the record's: `reading_order(language, at)` where the model has one (see `portal/publishing.py`).
    What was read once is not looked for again.
    """

    def __init__(self, record: models.Model, language: str, at: datetime) -> None:
        self.record, self.language, self.at = record, language, at
        rule = getattr(record, "reading_order", None)
        self.order = rule(language, at) if rule else default_order(record, language)

    def __getattr__(self, name: str) -> Any:
        if name in translated_fields(type(self.record)):
            value = printed(text_of(self.record, name, self.order))
        else:
            value = self._in_turn(getattr(self.record, name))
        self.__dict__[name] = value
        return value

    def _in_turn(self, value: Any) -> Any:
        if isinstance(value, models.Model):
            return Reading(value, self.language, self.at)
        if isinstance(value, models.Manager):
            value = value.all()
        if isinstance(value, list | tuple | models.QuerySet):
            return [self._in_turn(item) for item in value]
        if callable(value) and not isinstance(value, type):
            return lambda *args: self._in_turn(value(*args))
        return value

    def __eq__(self, other: object) -> bool:
        return self.record == getattr(other, "record", other)

    def __hash__(self) -> int:
        return hash(self.record)

    def __str__(self) -> str:
        return str(self.record)


def read(record: models.Model, language: str | None = None, at: datetime | None = None) -> Any:
    """The record's Reading, in the active language and now unless said otherwise."""
    return Reading(record, language or active(), at or timezone.now())


def called(page: Any) -> Any:
    """What the record of a Reading is called, as it is read there; its model says by which field, in `named_by`."""
    return getattr(page, page.named_by)


def read_all(records: Iterable[models.Model], language: str | None = None, at: datetime | None = None) -> list[Any]:
    """Readings of many records at one instant, in their order."""
    at = at or timezone.now()
    return [read(record, language, at) for record in records]


def shown_column(field: str, language: str, at: datetime | None = None) -> Coalesce:
    """The same text as `read(record, language, at).<field>` for a publishable record, as an SQL expression."""

    def when(other: str, **condition: str) -> Case:
        public = Q(public_in_q(other, at), **condition)
        return Case(When(public, then=NullIf(F(column(field, other)), Value(""))), output_field=CharField())

    others = [other for other in codes() if other != language]
    return Coalesce(
        when(language),
        *(when(other, source_language=other) for other in others),
        *(when(other) for other in others),
        Value(""),
        output_field=CharField(),
    )


def public_in_q(language: str, at: datetime | None = None) -> Q:
    """Rows whose own text in `language` is public at `at` (now by default); until is exclusive, empty from is never."""
    at = at or timezone.now()
    until = column("public_until", language)
    opened = Q(**{f"{column('public_from', language)}__lte": at})
    return opened & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": at}))
