"""The verbs of partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Prefetch

from portal.publishing import PublishableQuerySet

if TYPE_CHECKING:
    from themes.models import WorkTheme


class PartnerQuerySet(PublishableQuerySet):
    def in_theme(self, theme: WorkTheme) -> Self:
        """Partners that say why the theme matters to them."""
        return self.filter(partner_themes__theme=theme)

    def members(self) -> Self:
        """Full members: the only ones that totals count, because observers overlap them."""
        return self.filter(status="member")

    def for_cards(self) -> Self:
        """What a card shows: the cover. No query of its own."""
        return self.select_related("cover")

    def for_page(self) -> Self:
        """All that the partner's page shows, rows included. 4 queries."""
        from partners.models import ElectedMember, PartnerTheme

        return self.select_related("cover", "logo", "succeeded_by").prefetch_related(
            Prefetch("elected_members", ElectedMember.objects.select_related("portrait")),
            "key_figures",
            Prefetch("partner_themes", PartnerTheme.objects.select_related("theme")),
        )
