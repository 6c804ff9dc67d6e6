"""The verbs of work themes."""

from __future__ import annotations

from typing import Self

from django.db.models import Prefetch

from portal.publishing import PublishableQuerySet


class WorkThemeQuerySet(PublishableQuerySet):
    def for_cards(self) -> Self:
        """What a card needs: picture, and who leads; through the relation, for themes know no partners. 2 queries."""
        rows = self.model._meta.get_field("partner_themes").related_model._default_manager.filter(is_lead=True)
        leaders = rows.select_related("partner").order_by("partner__position", "partner__pk")
        return self.select_related("illustration").prefetch_related(Prefetch("partner_themes", leaders))

    def for_page(self) -> Self:
        """What the theme's page needs beside its statements: the illustration. No query of its own."""
        return self.select_related("illustration")
