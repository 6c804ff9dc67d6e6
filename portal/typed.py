"""What has somebody typed without saving it?

A change form sends what is in it every few seconds. It is kept as it was posted, valid or not, as an edition of its
author alone, which touches no record and ends with the next draft that they save.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils import timezone

from portal.editions import Edition

AT_WORK = timedelta(minutes=2)  # who typed no longer ago is said to be typing


def typed(record: models.Model | None, model: type[models.Model]) -> models.QuerySet[Edition]:
    """What is typed and not saved on a record, or on a new one where it is None; the latest first."""
    key = str(record.pk) if record else ""
    kept = Edition.objects.filter(label=model._meta.label_lower, key=key, state=Edition.State.TYPED)
    return kept.select_related("author").order_by("-saved_at")


def keep_typed(record: models.Model | None, model: type[models.Model], posted: QueryDict, by: Any) -> None:
    """Keep a form for its author, in the place of what was kept before. 2 queries."""
    Edition.objects.update_or_create(
        label=model._meta.label_lower,
        key=str(record.pk) if record else "",
        author=by,
        state=Edition.State.TYPED,
        defaults={"snapshot": _pairs(posted), "title": str(record or "")[:250]},
    )


def as_posted(kept: Edition) -> Any:
    """What was typed as a form would post it again."""
    posted = QueryDict(mutable=True)
    for name, value in kept.snapshot:
        posted.appendlist(name, value)
    return posted


def others_at_work(record: models.Model, user: Any) -> list[Edition]:
    """What others have typed on the record in the last minutes. 1 query."""
    latest = typed(record, type(record)).exclude(author=user)
    return list(latest.filter(saved_at__gte=timezone.now() - AT_WORK))


def _pairs(posted: QueryDict) -> list[list[str]]:
    """What was posted, less what belongs to the moment: buttons, revision, token."""
    kept = ((name, values) for name, values in posted.lists() if name[0] != "_" and name != "csrfmiddlewaretoken")
    return [[name, value] for name, values in kept for value in values]
