"""What does a page say at one moment, as data?

A snapshot is `{"fields": {column: value}, "rows": {relation: {key: {column: value}}}}`: both languages, and the rows
that hang on the record. It names suffixed columns only, leaves out what is set by saving (`auto_now`), and keeps
microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import copy
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.languages import translated_fields
from portal.search import indexed_once

M = TypeVar("M", bound=type[models.Model])
Values = dict[str, Any]
Snapshot = dict[str, dict[str, Any]]

_ROWS: dict[type[models.Model], tuple[str, ...]] = {}


def editioned(*rows: str) -> Callable[[M], M]:
    """Class decorator: the model is drafted and published as editions, with the rows of these reverse relations."""

    def register(model: M) -> M:
        _ROWS[model] = rows
        return model

    return register


def registered() -> tuple[type[models.Model], ...]:
    """The models that are drafted and published as editions, in the order in which they were declared."""
    return tuple(_ROWS)


def is_registered(model: type[models.Model]) -> bool:
    return model in _ROWS


def rows_of(model: type[models.Model]) -> dict[str, Any]:
    """The relations whose rows hang on a record of `model`, each with the row's foreign key to it."""
    meta: Any = model._meta
    return {name: meta.get_field(name).field for name in _ROWS.get(model, ())}


@cache
def fields_of(model: type[models.Model]) -> dict[str, models.Field]:
    """The fields that a snapshot of one record or row holds, by name."""
    parents = [key for rows in (rows_of(owner) for owner in _ROWS) for key in rows.values() if key.model is model]
    kept = (
        field
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if not field.primary_key
        and not getattr(field, "auto_now", False)
        and field.name not in translated_fields(model)
        and field not in parents
    )
    return {field.name: field for field in kept}


def language_of(model: type[models.Model], name: str) -> str | None:
    """The language of a column; None for what is shared by all."""
    return getattr(fields_of(model).get(name), "language", None)


def snapshot(record: models.Model) -> Snapshot:
    """What the database holds now for the record and its rows. 1 query, and 1 a relation."""
    stored = type(record)._base_manager.get(pk=record.pk)
    rows = {}
    for name in rows_of(type(record)):
        rows[name] = {str(row.pk): values_of(row) for row in getattr(stored, name).all()}
    return {"fields": values_of(stored), "rows": rows}


def values_of(record: models.Model) -> Values:
    """A row's own values, ready for JSON."""
    return {name: _plain(field, field.value_from_object(record)) for name, field in fields_of(type(record)).items()}


def _plain(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.ManyToManyField):
        return sorted(str(related.pk) for related in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None and isinstance(field, models.CharField | models.TextField):
        return None if isinstance(field, models.SlugField) else ""
    return value if isinstance(value, bool | int | str | list | dict | None) else str(value)


def label_of(model: type[models.Model], name: str) -> str:
    """A column in words, without its language."""
    field: Any = model._meta.get_field(name)
    return capfirst(str(getattr(field, "translated_field", field).verbose_name))


def merge(model: type[models.Model], shared: Snapshot, own: Snapshot, languages: Collection[str]) -> Snapshot:
    """`shared` with the texts of `own` in `languages`; a row that `own` has not says nothing in them."""
    if not languages:
        return shared

    def with_texts(model: type[models.Model], values: Values, texts: Values) -> Values:
        kept = {name: value for name, value in values.items() if language_of(model, name) not in languages}
        return kept | {name: text for name, text in texts.items() if language_of(model, name) in languages}

    rows = {}
    for name, key in rows_of(model).items():
        texts = own["rows"].get(name, {})
        present = shared["rows"].get(name, {}).items()
        rows[name] = {row: with_texts(key.model, values, texts.get(row, {})) for row, values in present}
    return {"fields": with_texts(model, shared["fields"], own["fields"]), "rows": rows}


def apply(state: Snapshot, record: models.Model, forgiving: bool = False) -> list[str]:
    """Write a snapshot into the record and its rows, through validation and ordinary saves; all of it or nothing.

    What does not fit raises one ValidationError with every message; `forgiving` keeps the present value there instead
    and returns the messages. About 5 queries, and 4 a changed row.
    """
    with transaction.atomic(), indexed_once():
        present = None if record._state.adding else values_of(record)
        problems = _write(record, state["fields"], present, forgiving)
        for name, key in rows_of(type(record)).items():
            if name in state["rows"]:
                problems += _write_rows(record, key, state["rows"][name], forgiving)
        if problems and not forgiving:
            raise ValidationError(problems)
    return problems


def _write_rows(record: models.Model, key: models.ForeignKey, wanted: dict[str, Values], forgiving: bool) -> list[str]:
    """Deleted and changed rows leave first: two rows may have swapped what must be unique."""
    rows = {str(row.pk): row for row in key.model._base_manager.filter(**{key.name: record})}
    present = {pk: values_of(row) for pk, row in rows.items()}
    changed = [pk for pk in wanted if pk not in rows or _differing(key.model, wanted[pk], present[pk])]
    key.model._base_manager.filter(pk__in=[pk for pk in rows if pk not in wanted or pk in changed]).delete()
    problems = []
    for pk in changed:
        row = rows.get(pk) or key.model(pk=pk)
        row._state.adding = True
        setattr(row, key.name, record)
        problems += _write(row, wanted[pk], present.get(pk), forgiving)
    return problems


def _write(record: models.Model, values: Values, present: Values | None, forgiving: bool) -> list[str]:
    """Change and save one record or row; `present` is what it said before, None where it is new."""
    found = _problems(filled(record, _differing(type(record), values, present or {})))
    problems = [message for messages in found.values() for message in messages]
    if problems and forgiving and present:
        wrong = [name for name in found if name in present] or list(present)
        if _problems(filled(record, {name: present[name] for name in wrong})):
            filled(record, present)
    if not problems or forgiving and present:
        record.save(force_insert=record._state.adding)
        _set_many_to_many(record, values)
    return problems


def _differing(model: type[models.Model], values: Values, present: Values) -> Values:
    """The values that are not the present ones, of the fields that this version of the model still has."""
    known = {name: values[name] for name in fields_of(model) if name in values}
    return {name: value for name, value in known.items() if name not in present or present[name] != value}


def filled(record: models.Model, values: Values) -> models.Model:
    """The record, not saved, with these values; what it knows not and what ties it to many others is left out."""
    for name, field in fields_of(type(record)).items():
        if name not in values or isinstance(field, models.ManyToManyField):
            continue
        kind = field.target_field if isinstance(field, models.ForeignKey) else field
        setattr(record, field.attname, None if values[name] is None else kind.to_python(values[name]))
    return record


def _set_many_to_many(record: models.Model, values: Values) -> None:
    for name, field in fields_of(type(record)).items():
        if isinstance(field, models.ManyToManyField) and name in values:
            existing = field.related_model._base_manager.filter(pk__in=values[name])
            getattr(record, name).set(existing)


def _problems(record: models.Model) -> dict[str, list[str]]:
    """What `full_clean` says, by column, each message preceded by the field's label; base columns are not looked at."""
    try:
        record.full_clean(exclude=translated_fields(type(record)))
    except ValidationError as error:
        return {name: [_told(record, name, text) for text in texts] for name, texts in error.message_dict.items()}
    return {}


def _told(record: models.Model, name: str, message: str) -> str:
    model = type(record)
    if name not in fields_of(model):
        return message
    language = language_of(model, name)
    label = f"{label_of(model, name)} ({language.upper()})" if language else label_of(model, name)
    return f"{label}{_(': ')}{message}"


def as_said(record: models.Model, said: Snapshot) -> models.Model:
    """The record and its rows as a snapshot says, in memory, never to be saved. No query when rows are prefetched."""
    shown = filled(copy(record), said["fields"])
    held: dict[str, list[models.Model]] = {}
    for name, key in rows_of(type(record)).items():
        present = {str(row.pk): row for row in getattr(record, name).all()}
        rows = [
            filled(copy(present.get(pk)) or key.model(pk=key.model._meta.pk.to_python(pk)), values)
            for pk, values in said["rows"].get(name, {}).items()
        ]
        for row in rows:
            setattr(row, key.name, shown)
        held[name] = sorted(rows, key=lambda row: [getattr(row, str(part)) for part in row._meta.ordering or ()])
    shown.__dict__["_prefetched_objects_cache"] = held
    return shown
