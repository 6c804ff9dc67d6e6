"""How do the partners' figures stand side by side, and what do they sum up to?

Members are put in an order and drawn; associates and observers stand apart, for an observer may contain members.
Budgets are neither ranked, drawn nor added: currencies, gross and net, and legal duties differ between countries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _t

from partners.filters import Choice
from partners.models import KeyFigure, Partner
from partners.wording import short_name
from portal.figures import Figure, figure
from portal.languages import active, columns, read_all
from portal.version import held

RANKED = ("population", "area", "seats")
COMPARED = (*RANKED, "budget")
LIMIT = 60  # partners that the tables bear: the first in the order of the list


@dataclass(frozen=True)
class Row:
    """`found` is None where there is no figure; `width` is of the bar, in hundredths of the largest member, or 0."""

    partner: Any
    found: Any
    shown: Figure
    width: int


@dataclass(frozen=True)
class Table:
    """`order` is how the rows are ordered: an indicator, "name" or "committee"; `years` the first and the last."""

    indicator: str
    order: str
    rows: list[Row]
    apart: list[Row]
    years: tuple[int, ...]

    @property
    def title(self) -> str:
        return capfirst(KeyFigure.Indicator(self.indicator).label)

    @property
    def order_name(self) -> str:
        """The indicator that orders the rows, in words."""
        return KeyFigure.Indicator(self.order).label

    @property
    def has_gaps(self) -> bool:
        """Whether a figure has neither year nor source."""
        found = (row.found for row in (*self.rows, *self.apart) if row.found)
        return any(not one.as_of and not one.source_name for one in found)

    @property
    def is_ranked(self) -> bool:
        return self.indicator in RANKED


@dataclass(frozen=True)
class Comparison:
    """`listed` can be chosen, with whether they are; `silent` have no figure to compare, and are in no table."""

    tables: list[Table]
    listed: list[tuple[Any, bool]]
    silent: list[Any]
    orders: list[Choice]
    is_chosen: bool
    sort: str


def comparison(query: QueryDict) -> Comparison:
    """Of the partners whose slug, in any language, `query` names; of all without one that is known. 3 queries."""
    slugs, sort = set(query.getlist("partner")), query.get("sort", "")
    present = Partner.objects.published().exclude(status=Partner.Status.FORMER).ordered_as_read(active(), "name")
    listed = list(present[:LIMIT])
    chosen = [one for one in listed if not slugs.isdisjoint(getattr(one, name) for name in columns("slug"))]
    compared = read_all(chosen or listed)
    figures = latest(
        KeyFigure.objects.filter(partner__in=chosen or listed, indicator__in=COMPARED, value__isnull=False)
    )
    shown = [partner for partner in compared if chosen or any((partner.pk, one) in figures for one in COMPARED)]
    sort = sort if sort in (*RANKED, "name", "committee") else ""
    return Comparison(
        tables=[_table(indicator, sort, shown, figures) for indicator in COMPARED],
        listed=[(partner, partner.record in chosen) for partner in read_all(listed)],
        silent=[partner for partner in compared if partner not in shown],
        orders=_orders(sort, [partner.slug for partner in compared] if chosen else []),
        is_chosen=bool(chosen),
        sort=sort,
    )


def latest(figures: Iterable[KeyFigure]) -> dict[tuple[int, str], KeyFigure]:
    """(partner, indicator) → its figure of the latest year; of two of a year, the first in order."""
    by_age = sorted(figures, key=lambda one: (one.as_of or 0, -one.position))
    return {(one.partner_id, one.indicator): one for one in by_age}


def _table(indicator: str, sort: str, partners: Sequence[Any], figures: dict[tuple[int, str], KeyFigure]) -> Table:
    order = sort or (indicator if indicator in RANKED else "committee")
    if order == "name":
        partners = sorted(partners, key=lambda partner: slugify(short_name(partner.name_in_sentence)))
    elif order in RANKED:
        partners = sorted(partners, key=lambda partner: -_value(figures, partner, order))
    members = [partner for partner in partners if partner.status == Partner.Status.MEMBER]
    largest = max((_value(figures, partner, indicator) for partner in members), default=0)
    scale = largest if indicator in RANKED and largest > 0 else 0
    rows = [_row(partner, figures.get((partner.pk, indicator)), scale) for partner in members]
    apart = [_row(partner, figures.get((partner.pk, indicator)), 0) for partner in partners if partner not in members]
    years = sorted({row.found.as_of for row in rows if row.found and row.found.as_of})
    return Table(indicator, order, rows, apart, (years[0], years[-1]) if years[1:] else ())


def _value(figures: dict[tuple[int, str], KeyFigure], partner: Any, indicator: str) -> Decimal:
    found = figures.get((partner.pk, indicator))
    return found.value if found else Decimal(-1)


def _row(partner: Any, found: KeyFigure | None, scale: Decimal | int) -> Row:
    if found is None:
        return Row(partner, None, figure(None, "", active()), 0)
    unit = found.unit if found.indicator == "budget" else "none"  # elsewhere the head of the column says it
    shown = figure(found.value, unit, active(), found.is_approximate)
    found.partner = partner.record
    (reading,) = read_all([found], partner.language, partner.at)
    return Row(partner, reading, shown, max(round(100 * found.value / scale), 0) if scale else 0)


def _orders(sort: str, slugs: Sequence[str]) -> list[Choice]:
    labels = {"": _t("each by its own figure"), "name": _t("name"), "committee": _t("order of the Committee")}
    labels |= {indicator: KeyFigure.Indicator(indicator).label for indicator in RANKED}
    chosen = [("partner", slug) for slug in slugs]
    return [
        Choice(capfirst(str(label)), 0, urlencode([*chosen, *([("sort", value)] if value else [])]), value == sort)
        for value, label in labels.items()
    ]


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
