"""The verbs of partners."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from modeltranslation.manager import MultilingualQuerySet

from portal.languages import any_column_q, columns
from portal.publishing import PublishableQuerySet


def naming(field: str, partner: str = "") -> list[str]:
    """The columns behind a partner's name, link and state, as `only()` takes them; `partner`: how a row calls it."""
    told = [name for of in (field, "slug", "public_from", "public_until") for name in columns(of)]
    return [f"{partner}{name}" for name in ("status", "country", "source_language", *told)]


class PartnerQuerySet(PublishableQuerySet):
    def members(self) -> Self:
        """Full members: the only ones that totals count, because observers overlap them."""
        return self.filter(status="member")

    def represented(self) -> Self:
        """Those that have elected members, now or formerly, with all of them and their portraits. 2 queries."""
        from partners.models import ElectedMember

        named = ElectedMember.objects.filter(partner=OuterRef("pk"))
        return self.filter(Exists(named))._with_members()

    def _with_members(self) -> Self:
        from partners.models import ElectedMember

        return self.prefetch_related(Prefetch("elected_members", ElectedMember.objects.select_related("portrait")))

    def for_links(self, field: str) -> Self:
        """What a link to them needs, with `field` as its words. No query of its own."""
        return self.only(*naming(field))

    def for_cards(self) -> Self:
        """What a card shows, the cover with it. No query of its own."""
        told = ("kind", "is_founder", "joined_on", "left_on", *columns("summary"))
        return self.select_related("cover").only("cover", *told, *naming("name"))

    def for_page(self) -> Self:
        """All that the partner's page shows, rows included, but for the themes. 4 queries."""
        return self._with_members().select_related("cover").prefetch_related("key_figures", "partner_themes")


class PartnerThemeQuerySet(MultilingualQuerySet):
    def for_theme_page(self) -> Self:
        """What the theme's page shows of them, with who speaks. No query of its own."""
        said = ("theme", "is_lead", *columns("statement"))
        return self.select_related("partner").only(*said, *naming("name", "partner__"))


class ElectedMemberQuerySet(MultilingualQuerySet):
    def begun(self, on: date) -> Self:
        """Those whose mandate has begun, or may have: neither pages nor data announce who will be elected."""
        return self.filter(Q(mandate_from__isnull=True) | Q(mandate_from__lte=on))

    def in_office(self, on: date | None = None) -> Self:
        """Those of public partners whose mandate runs on the day (today by default), in the order of the partners."""
        on = on or timezone.localdate()
        runs = Q(mandate_until__isnull=True) | Q(mandate_until__gte=on)
        partners = self.model._meta.get_field("partner").related_model.objects.published()
        ordered = self.begun(on).order_by("partner__position", "partner__pk", "position", "name", "id")
        return ordered.filter(runs, partner__in=partners).select_related("partner")

    def with_words(self) -> Self:
        """Those who are quoted, in one language at least."""
        quoted = any_column_q("quote", gt="")
        return self.filter(quoted)
