"""How does a process know that what visitors see has changed?

One number in one row moves with every commit that changes what a visitor sees. What is the same on every page
(settings, navigation, points of the map) is held in the process until the number moves or an instant passes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial, wraps
from threading import Lock
from typing import Any

from django.apps import apps
from django.db import Error, OperationalError, models, transaction
from django.db.models import F
from django.utils import timezone

from portal.rehearsal import rehearsing

ASK_EVERY = 0.9  # seconds between two questions to the database: with the answer's way back, less than one second


class SiteVersion(models.Model):  # noqa: DJ008 (no page shows it)
    """The one row that holds the number."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="portal_siteversion_single")]


def _read() -> int:
    return SiteVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


class Hold:
    """What one process knows: the site's number, and what it keeps for as long as the number stands.

    `generation` counts the changes that this process has noticed, a new day among them. It never comes back to an
    earlier value, as the number does when the transaction that read its own move is rolled back. `clock` says the
    seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float] = time.time, read: Callable[[], int] = _read) -> None:
        self._clock, self._read, self._asking, self._noting = clock, read, Lock(), Lock()
        self.generation = 0
        self.number: int | None = None
        self.day: date | None = None
        self.error: Error | None = None
        self.values: dict[Any, tuple[Any, datetime | None]] = {}
        self.changed: list[models.Model] = []
        self.forget()

    def forget(self, *changed: models.Model) -> None:
        """Keep nothing, and ask the database at the next question; `changed` are the records on account of which."""
        with self._noting:
            self.generation += 1
            self.number, self.day, self.error, self.values = None, None, None, {}
            self.changed = [*self.changed[-99:], *changed]
            self.doubt()

    def doubt(self) -> None:
        """Ask the database at the next question, and keep everything unless the number has moved."""
        self.asked_at = float("-inf")

    def is_due(self) -> bool:
        """Whether the next question goes to the database."""
        return not 0 <= self._clock() - self.asked_at < ASK_EVERY

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def current(self) -> int:
        """The number, less than a second old; raise OperationalError without an answer. At most 1 query."""
        if self.is_due():
            self._ask()
        if self.error or self.number is None:
            raise OperationalError("The database does not say the site's version.") from self.error
        return self.number

    def _ask(self) -> None:
        """Ask, or wait for who is asking; nobody waits twice while the database is known not to answer."""
        if not self._asking.acquire(blocking=self.error is None):
            return
        try:
            is_noted = not self.is_due()
            while not is_noted:  # once, though an answer may take longer than it is good for
                generation, asked_at = self.generation, self._clock()
                try:
                    is_noted = self._note(self._read(), None, generation, asked_at)
                except Error as error:  # from now on, for those who waited meanwhile
                    is_noted = self._note(self.number, error, generation, self._clock())
        finally:
            self._asking.release()

    def _note(self, number: int | None, error: Error | None, generation: int, asked_at: float) -> bool:
        """Note an answer, unless this process published since the question: the answer may be from before."""
        with self._noting:
            if generation != self.generation:
                return False
            day = timezone.localdate(self._now())
            if error is None and (number, day) != (self.number, self.day):
                self.generation, self.number, self.day, self.values = generation + 1, number, day, {}
            self.error, self.asked_at = error, asked_at
            return True

    def held(self, key: Any, build: Callable[[], tuple[Any, datetime | None]]) -> Any:
        """See the module's `held`."""
        self.current()
        values = self.values  # of the generation in which `build` begins
        value, ends = values.get(key, (None, self._now()))
        if ends is not None and ends <= self._now():
            value, ends = values[key] = build()
        return value


process = Hold()


def current() -> int:
    """The site's version, less than a second old. At most 1 query."""
    return process.current()


def forget() -> None:
    """Ask the database again at the next question, and hold nothing."""
    process.forget()


def held(key: Any, build: Callable[[], tuple[Any, datetime | None]]) -> Any:
    """The value that `build` returns with the instant (None: never) at which it ends, built again once that passed.

    In a rehearsal it is built each time and kept by nobody: it may hold what is not public.
    """
    return build()[0] if rehearsing() else process.held(key, build)


def move(*changed: models.Model) -> None:
    """Move the number in this transaction; this process follows on commit, the others within a second. 1 to 3 queries.

    Saves and deletions of marked models do it by themselves; `update()`, `bulk_create()` and SQL must call it.
    """
    if rehearsing():
        return
    row = SiteVersion.objects.filter(pk=1)
    if not row.update(number=F("number") + 1):
        SiteVersion.objects.bulk_create([SiteVersion(pk=1)], ignore_conflicts=True)
        row.update(number=F("number") + 1)
    transaction.on_commit(partial(process.forget, *changed))


def moves_with(model: type[models.Model]) -> type[models.Model]:
    """Move the site's version in the transaction in which a row of `model` is saved or deleted; a class decorator."""
    save_base = model.save_base

    @wraps(save_base)
    def save_and_move(self: models.Model, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(savepoint=False):
            save_base(self, *args, **kwargs)

    model.save_base = save_and_move  # type: ignore[method-assign] # Django sends post_save after the row's own transaction
    VISIBLE.add(model)
    return model


VISIBLE: set[type[models.Model]] = set()


def connect() -> None:
    """Listen to every model marked by `moves_with`; called once, when the apps are ready."""
    for model in apps.get_models():
        if model in VISIBLE:
            models.signals.post_save.connect(_moved, sender=model)
            models.signals.post_delete.connect(_moved, sender=model)


def _moved(instance: models.Model, **signal: Any) -> None:
    move(instance)
