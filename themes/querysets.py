"""The verbs of work themes."""

from typing import Self

from portal.publishing import PublishableQuerySet


class WorkThemeQuerySet(PublishableQuerySet):
    def for_cards(self) -> Self:
        """What a card needs: who leads. 2 queries."""
        return self.prefetch_related("partner_themes__partner")

    def for_page(self) -> Self:
        """What the theme's page needs: illustration, and every partner's statement. 2 queries."""
        return self.select_related("illustration").prefetch_related("partner_themes__partner")
