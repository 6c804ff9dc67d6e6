"""How do the partners' figures stand side by side, and what do they sum up to?

Members are put in an order and drawn; associates and observers stand apart, for an observer may contain members.
Budgets are neither ranked, drawn nor added: currencies, gross and net, and legal duties differ between countries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property, partial, reduce
from operator import or_
from typing import Any
from urllib.parse import parse_qsl

from django.core.paginator import Page
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst, slugify

from partners.filters import census, chosen_in, facets, filtered, query_of
from partners.models import KeyFigure, Partner
from partners.wording import ARTICLE
from portal.figures import Figure, figure
from portal.languages import active, columns, read_all
from portal.paging import paged
from portal.version import held

RANKED = ("population", "area", "seats")
COMPARED = (*RANKED, "budget")
SORTS = ("name", *RANKED, "committee")  # of all tables; without one, each goes by its own figure
LIMIT = 60  # partners in a table, and in the list from which some are chosen


@dataclass(frozen=True)
class Row:
    """`found` is None where there is no figure; `width` is of the bar, in hundredths of the largest member, or 0."""

    partner: Any
    found: Any
    shown: Figure
    width: int


@dataclass(frozen=True)
class Table:
    """`order` is how the rows are ordered, one of SORTS; `query` puts all tables in the order of this one, if any may.

    `apart` are those that are no members.
    """

    indicator: str
    order: str
    query: str
    rows: list[Row]
    apart: list[Row]

    @property
    def title(self) -> str:
        return capfirst(KeyFigure.Indicator(self.indicator).label)

    @property
    def order_name(self) -> str:
        """The indicator that orders the rows, in words."""
        return KeyFigure.Indicator(self.order).label

    @property
    def years(self) -> list[int]:
        """The first and the last year of the members' figures; empty where there is one at most."""
        years = sorted({row.found.as_of for row in self.rows if row.found and row.found.as_of})
        return [years[0], years[-1]] if years[1:] else []

    @property
    def has_gaps(self) -> bool:
        """Whether a figure has neither year nor source."""
        found = (row.found for row in (*self.rows, *self.apart) if row.found)
        return any(not one.as_of and not one.source_name for one in found)

    @property
    def is_ranked(self) -> bool:
        return self.indicator in RANKED


class Comparison:
    """What a page of figures shows: of the partners whose slug, in any language, the query names, or else of all that
    have figures. The filters of the list narrow both. 2 queries, and 1 where partners are named.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.filters, sort = chosen_in(request.GET), request.GET.get("sort", "")
        self.sort = sort if sort in SORTS else ""
        pairs, self.sizes = census().pairs, sizes()
        former, member = (("status", status) for status in (Partner.Status.FORMER, Partner.Status.MEMBER))
        self.present = [key for key in filtered(self.filters) if former not in pairs.get(key, {former})]
        self.members = {key for key in self.present if member in pairs[key]}
        named = _keys_of(request.GET.getlist("partner"))
        self.chosen = [key for key in self.present if key in named]
        self.compared = self.chosen or [key for key in self.present if key in self.sizes]
        self.page: Page = paged(request, self.compared, LIMIT)

    @cached_property
    def keys(self) -> dict[str, list[int]]:
        """Indicator → the rows of its table that this page shows: members first, those without a figure last."""
        part = slice((self.page.number - 1) * LIMIT, self.page.number * LIMIT)
        known = {indicator for key in self.present for indicator in self.sizes.get(key, ())}
        return {one: self._ordered(self._order(one))[part] for one in COMPARED if one in known}

    def _order(self, indicator: str) -> str:
        return self.sort or (indicator if indicator in RANKED else "committee")

    def _ordered(self, order: str) -> list[int]:
        keys = self.compared
        if order == "name":
            names = held(("names", active()), partial(_names, active()))
            keys = sorted(keys, key=lambda key: names.get(key, ""))
        elif order in RANKED:
            keys = sorted(keys, key=lambda key: -self._size(key, order))
        return sorted(keys, key=lambda key: key not in self.members)

    def _size(self, key: int, indicator: str) -> Decimal:
        return self.sizes.get(key, {}).get(indicator, Decimal(-1))

    @cached_property
    def partners(self) -> dict[int, Any]:
        """Readings of all whom the page names, by key."""
        named = {key for keys in (*self.keys.values(), self.listed, self.silent[:LIMIT]) for key in keys}
        return {partner.pk: partner for partner in read_all(Partner.objects.in_bulk(named).values())}

    def _read(self, keys: Iterable[int]) -> list[Any]:
        """Readings in the order of their keys, without those that another process has just deleted."""
        return [self.partners[key] for key in keys if key in self.partners]

    @cached_property
    def tables(self) -> list[Table]:
        shown = {key for keys in self.keys.values() for key in keys}
        figures = latest(KeyFigure.objects.filter(partner__in=shown, indicator__in=COMPARED, value__isnull=False))
        return [self._table(indicator, figures) for indicator in self.keys]

    def _table(self, indicator: str, figures: dict[tuple[int, str], KeyFigure]) -> Table:
        sizes = [self._size(key, indicator) for key in self.compared if key in self.members and indicator in RANKED]
        largest = max(sizes, default=0)
        rows, apart = [], []
        for partner in self._read(self.keys[indicator]):
            found, is_member = figures.get((partner.pk, indicator)), partner.pk in self.members
            (rows if is_member else apart).append(_row(partner, found, largest if is_member else 0))
        return Table(indicator, self._order(indicator), self.links.get(indicator, ""), rows, apart)

    @cached_property
    def who(self) -> str:
        """The query of who is compared."""
        slugs = urlencode([("partner", partner.slug) for partner in self._read(self.chosen)])
        return "&".join(filter(None, (query_of(self.filters), slugs)))

    @cached_property
    def links(self) -> dict[str, str]:
        """Order → the query of the same comparison in it."""
        return {sort: "&".join(filter(None, (self.who, f"sort={sort}"))) for sort in SORTS}

    @property
    def query(self) -> str:
        """The query of this comparison, without the number of the page."""
        return self.links.get(self.sort, self.who)

    @property
    def data(self) -> str:
        """Where the figures of the partners compared are as a file; of all where they are too many to be named."""
        some = self.compared if (self.chosen or self.filters) and len(self.compared) <= LIMIT else []
        query = urlencode([("partner", key) for key in some])
        return f"{reverse('dataset', args=['key-figures', 'csv'])}?{query}".rstrip("?")

    @property
    def listed(self) -> list[int]:
        """Who can be chosen: the first of the list, and who is chosen already."""
        return [*self.present[:LIMIT], *(key for key in self.chosen if key not in self.present[:LIMIT])]

    @property
    def choices(self) -> list[tuple[Any, bool]]:
        """Who can be chosen, with whether they are."""
        return [(partner, partner.pk in self.chosen) for partner in self._read(self.listed)]

    @property
    def unlisted(self) -> int:
        return len(self.present) - len(self.listed)

    @property
    def passed_on(self) -> list[tuple[str, str]]:
        """What the form adds to the choice: filters and order."""
        order = [("sort", self.sort)] if self.sort else []
        return [*parse_qsl(query_of(self.filters)), *order]

    @property
    def narrowed(self) -> list[str]:
        """What the filters are called."""
        every = (choice for _name, _label, choices in facets(self.filters) for choice in choices[1:])
        return [choice.label for choice in every if choice.is_chosen]

    @cached_property
    def silent(self) -> list[int]:
        """Who has no figure to compare, and is in no table."""
        return [] if self.chosen else [key for key in self.present if key not in self.sizes]

    @property
    def silent_partners(self) -> list[Any]:
        """Those of them who are not too many to be named."""
        return self._read(self.silent[:LIMIT])


def _keys_of(slugs: Sequence[str]) -> set[int]:
    """No query for no slugs, otherwise 1."""
    named = reduce(or_, (Q(**{f"{name}__in": slugs}) for name in columns("slug")))
    return set(Partner.objects.filter(named).values_list("pk", flat=True)) if slugs else set()


def _names(language: str) -> tuple[dict[int, str], datetime | None]:
    """Key → the short name, by which partners are sorted. 2 queries."""
    at = timezone.now()
    rows = Partner.objects.published(at).ordered_as_read(language, "name_in_sentence", at)
    names = {key: slugify(ARTICLE.sub("", name)) for key, name in rows.values_list("pk", "shown")}
    return names, Partner.objects.next_change(at)


def sizes() -> dict[int, dict[str, Decimal]]:
    """Partner → indicator → the latest value, of whoever has one. No query when held, 1 when built."""

    def build() -> tuple[dict[int, dict[str, Decimal]], None]:
        figures = KeyFigure.objects.filter(indicator__in=COMPARED, value__isnull=False)
        found: dict[int, dict[str, Decimal]] = {}
        rows = figures.values_list("partner_id", "indicator", "value", "as_of", "position", named=True)
        for (key, indicator), row in latest(rows).items():
            found.setdefault(key, {})[indicator] = row.value
        return found, None

    return held("sizes", build)


def latest(figures: Iterable[KeyFigure]) -> dict[tuple[int, str], KeyFigure]:
    """(partner, indicator) → its figure of the latest year; of two of a year, the first in order."""
    by_age = sorted(figures, key=lambda one: (one.as_of or 0, -one.position))
    return {(one.partner_id, one.indicator): one for one in by_age}


def _row(partner: Any, found: KeyFigure | None, scale: Decimal | int) -> Row:
    if found is None:
        return Row(partner, None, figure(None, "", active()), 0)
    unit = found.unit if found.indicator == "budget" else "none"  # elsewhere the head of the column says it
    shown = figure(found.value, unit, active(), found.is_approximate)
    found.partner = partner.record
    (reading,) = read_all([found], partner.language, partner.at)
    return Row(partner, reading, shown, max(round(100 * found.value / scale), 0) if scale > 0 else 0)


@dataclass(frozen=True)
class Total:
    """The sum of an indicator over `counted` members of all; `years` the first and the last, empty when unknown."""

    indicator: str
    value: Decimal
    unit: str
    counted: int
    years: tuple[int, ...]
    is_approximate: bool = True  # figures of several years


@dataclass(frozen=True)
class Whole:
    members: int
    countries: int
    totals: tuple[Total, ...]


def whole() -> Whole:
    """The full members together: inhabitants and area, never budgets. No query when held, 3 when built."""
    return held("whole", _build_whole)


def _build_whole() -> tuple[Whole, datetime | None]:
    at = timezone.now()
    members = dict(Partner.objects.published(at).members().values_list("pk", "country"))
    figures = latest(KeyFigure.objects.filter(partner__in=members, value__isnull=False))
    totals = []
    for indicator, unit in (("population", "inhabitants"), ("area", "km2")):
        counted = [one for (_pk, kind), one in figures.items() if kind == indicator and one.unit == unit]
        years = sorted({one.as_of for one in counted if one.as_of})
        if counted:
            total = sum((one.value for one in counted), Decimal())
            totals.append(Total(indicator, total, unit, len(counted), tuple(dict.fromkeys(years[:1] + years[-1:]))))
    return Whole(len(members), len(set(members.values())), tuple(totals)), Partner.objects.next_change(at)
