"""How is something tried without being done?

A rehearsal locks the record, lets the caller change whatever it wants, and rolls all of it back. Previews and drafts
are rehearsals; signals, caches and logs ask `rehearsing()` and keep quiet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models, transaction

_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


def rehearsing() -> bool:
    """Whether what happens now will be rolled back."""
    return _rehearsing.get()


def lock(record: models.Model) -> None:
    """Let nobody else change the record before this transaction ends. 1 query."""
    type(record)._base_manager.select_for_update().filter(pk=record.pk).first()


@contextmanager
def rehearsal(record: models.Model | None = None) -> Iterator[None]:
    """Undo in the database, on leaving, everything that was done inside; `record`'s row is locked first (1 query)."""
    token = _rehearsing.set(True)
    try:
        with transaction.atomic():
            if record is not None and record.pk:
                lock(record)
            yield
            transaction.set_rollback(True)
    finally:
        _rehearsing.reset(token)
