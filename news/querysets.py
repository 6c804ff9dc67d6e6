"""The verbs of news items."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from portal.languages import column, columns
from portal.publishing import PublishableQuerySet

LATEST_FIRST = ("-dated_on", "-pk")


class NewsItemQuerySet(PublishableQuerySet):
    def latest_first(self) -> Self:
        return self.order_by(*LATEST_FIRST)

    def for_feed(self, language: str, at: datetime | None = None) -> Self:
        """Those that have a text of their own in the language, the one that appeared last on the site first."""
        return self.public_in(language, at).order_by(f"-{column('public_from', language)}", "-pk")

    def for_page(self) -> Self:
        """All that the item's page shows. 4 queries."""
        return self.select_related("picture").prefetch_related("partners", "themes", "documents")

    def counted_by_kind(self) -> dict[str, int]:
        """How many of each kind there are. 1 query."""
        return dict(self.order_by().values_list("kind").annotate(Count("pk")))

    def latest_of_each(self, relation: str, number: int) -> dict[Any, list[Any]]:
        """Key of each related record → its `number` latest items, without their body. 1 query."""
        rank = Window(RowNumber(), partition_by=F(relation), order_by=LATEST_FIRST)
        tied = self.filter(**{f"{relation}__isnull": False}).annotate(subject=F(relation), rank=rank)
        found: dict[Any, list[Any]] = {}
        for item in tied.filter(rank__lte=number).defer(*columns("body")).order_by("rank"):
            found.setdefault(item.subject, []).append(item)
        return found
