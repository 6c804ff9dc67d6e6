"""The verbs of work themes."""

from __future__ import annotations

from typing import Self

from django.db.models import Prefetch, QuerySet

from portal.publishing import PublishableQuerySet


class WorkThemeQuerySet(PublishableQuerySet):
    def for_cards(self) -> Self:
        """What a card needs: its picture, and who leads. 2 queries."""
        leaders = Prefetch("partner_themes", self._statements().filter(is_lead=True))
        return self.select_related("illustration").prefetch_related(leaders)

    def for_page(self) -> Self:
        """What the theme's page needs: illustration, and every partner's statement, leaders first. 2 queries."""
        statements = self._statements().order_by("-is_lead", "partner__position", "partner__pk")
        return self.select_related("illustration").prefetch_related(Prefetch("partner_themes", statements))

    def _statements(self) -> QuerySet:
        """Rows of PartnerTheme with their partner; reached through the relation, for themes know no partners."""
        rows = self.model._meta.get_field("partner_themes").related_model
        return rows._default_manager.select_related("partner").order_by("partner__position", "partner__pk")
