"""What differs between two snapshots, and how is it told to an editor?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.diff import word_diff
from portal.snapshots import Snapshot, Values, fields_of, filled, label_of, language_of, rows_of

HIDDEN = "confirmed"  # what editors never read: it follows from the rest


@dataclass(frozen=True)
class Change:
    """One difference between two snapshots; `row` is None for the record's own fields.

    `kind` is "changed", "added", "removed" or "moved"; the last three say it of a whole row, the first two of these
    hold no field.
    """

    kind: str
    model: type[models.Model]
    field: str | None
    before: Any
    after: Any
    row: str | None = None
    row_name: str = ""

    @property
    def language(self) -> str | None:
        return language_of(self.model, self.field or "")

    @property
    def label(self) -> str:
        """What changed, in words: `Name`, `Elected members, Camille Dupont: role`."""
        own = label_of(self.model, self.field) if self.field else ""
        if self.row is None:
            return own
        place = f"{capfirst(self.model._meta.verbose_name)}, {self.row_name}"
        return f"{place}{_(': ')}{own}" if own else place

    @property
    def diff(self) -> list[tuple[str, str]]:
        """The change as runs of words (see portal/diff.py); a value that is not text counts as one word."""
        field = fields_of(self.model)[self.field or ""]
        if isinstance(field, models.CharField | models.TextField) and not field.choices:
            return word_diff(self.before, self.after)
        runs = [("delete", _in_words(field, self.before)), ("insert", _in_words(field, self.after))]
        return [(op, text) for op, text in runs if text]


def _in_words(field: models.Field, value: Any) -> str:
    """A value of a snapshot as editors read it; a related record by its name (1 query)."""
    if value is None or value == "":
        return ""
    if isinstance(field, models.ForeignKey | models.ManyToManyField):
        keys = value if isinstance(value, list) else [value]
        named = field.related_model._base_manager.filter(pk__in=keys)
        return ", ".join(map(str, named)) or _("(deleted)")
    plain = field.to_python(value)
    if isinstance(plain, datetime):
        plain = timezone.localtime(plain)
    return str(dict(field.flatchoices).get(value) or localize(plain))


def compare(model: type[models.Model], before: Snapshot, after: Snapshot, hidden: bool = False) -> list[Change]:
    """What differs, the record first, then row by row; what only one of both knows is no difference.

    `hidden` also tells what editors never read, for the question whether two snapshots are the same.
    """
    changes = list(_in_values(model, before["fields"], after["fields"]))
    for name, key in rows_of(model).items():
        if name in before["rows"] and name in after["rows"]:
            changes += _in_rows(key.model, before["rows"][name], after["rows"][name])
    return [change for change in changes if hidden or not (change.field or "").startswith(HIDDEN)]


def same(model: type[models.Model], one: Snapshot, other: Snapshot) -> bool:
    """Whether both say the same, to the last column."""
    return not compare(model, one, other, hidden=True)


def _in_values(model: type[models.Model], before: Values, after: Values) -> Iterator[Change]:
    for name in fields_of(model):
        if name in before and name in after and before[name] != after[name]:
            yield Change("changed", model, name, before[name], after[name])


def _in_rows(model: type[models.Model], before: dict[str, Values], after: dict[str, Values]) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys(), key=lambda key: (after.get(key) or before[key]).get("position", 0)):
        old, new = before.get(key), after.get(key)
        name = str(filled(model(), new or old or {}))
        if old is None or new is None:
            yield Change("added" if old is None else "removed", model, None, old, new, key, name)
        else:
            for change in _in_values(model, old, new):
                kind = "moved" if change.field == "position" else "changed"
                yield replace(change, kind=kind, row=key, row_name=name)
