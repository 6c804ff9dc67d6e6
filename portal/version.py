"""How does a process know that what visitors see has changed?

One number in one row moves on every commit that changes what a visitor sees. What is the same on every page
(settings, navigation, points of the map) is held in the process until the number moves or an instant passes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from portal.rehearsal import rehearsing

ASK_EVERY = 1.0  # seconds between two questions to the database


class SiteVersion(models.Model):  # noqa: DJ008 (no page shows it)
    """The one row that holds the number."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="portal_siteversion_single")]


class _Held:
    number = -1
    asked_at = float("-inf")
    values: dict[Any, tuple[Any, datetime | None]] = {}


def current() -> int:
    """The site's version, at most `ASK_EVERY` seconds old. At most 1 query."""
    if time.monotonic() - _Held.asked_at >= ASK_EVERY:
        number = SiteVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        if number != _Held.number:
            _Held.values = {}
        _Held.number, _Held.asked_at = number, time.monotonic()
    return _Held.number


def move() -> None:
    """Move the number in this transaction; this process follows on commit, others in `ASK_EVERY`. 1 or 2 queries."""
    if rehearsing():
        return
    if not SiteVersion.objects.filter(pk=1).update(number=F("number") + 1):
        SiteVersion.objects.create(pk=1, number=1)
    transaction.on_commit(forget)


def forget() -> None:
    """Ask the database again at the next question."""
    _Held.number, _Held.asked_at, _Held.values = -1, float("-inf"), {}


def held(key: Any, build: Callable[[], tuple[Any, datetime | None]]) -> Any:
    """The value that `build` returns with the instant (None: never) at which it ends, built again once that passed.

    In a rehearsal it is built each time and kept by nobody: it may hold what is not public.
    """
    if rehearsing():
        return build()[0]
    current()
    value, ends = _Held.values.get(key, (None, timezone.now()))
    if ends is not None and ends <= timezone.now():
        value, ends = _Held.values[key] = build()
    return value


def moves_with(model: type[models.Model]) -> type[models.Model]:
    """Move the site's version whenever a row of `model` is saved or deleted; a class decorator."""
    VISIBLE.add(model)
    return model


VISIBLE: set[type[models.Model]] = set()


def connect() -> None:
    """Listen to every model marked by `moves_with`; called once, when the apps are ready."""
    for model in apps.get_models():
        if model in VISIBLE:
            models.signals.post_save.connect(_moved, sender=model)
            models.signals.post_delete.connect(_moved, sender=model)


def _moved(**signal: Any) -> None:
    move()
