"""How do all partners stand by their figures, and what do the members sum up to?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial

from django.db.models import F, QuerySet
from django.utils.text import slugify

from partners.filters import Census, census, number_of
from partners.models import KeyFigure, Partner
from partners.wording import ARTICLE
from portal.languages import active
from portal.public import held_while_public
from portal.version import held

RANKED = ("population", "area", "seats")
COMPARED = (*RANKED, "budget")
SORTS = ("name", *RANKED, "committee")  # of all tables; without one, each goes by its own figure
Sizes = dict[str, dict[int, tuple[Decimal, str, int | None]]]


def by_age() -> QuerySet:
    """Figures that can be compared; of each partner and indicator the one that counts is the last.

    It is that of the latest year; of two of a year, the first in order.
    """
    figures = QuerySet(KeyFigure).filter(indicator__in=COMPARED, value__isnull=False)
    return figures.order_by(F("as_of").asc(nulls_first=True), "-position", "id")


def sizes() -> Sizes:
    """Indicator → partner → value, unit and year, of whoever has one. No query when held, 1 when built."""

    def build() -> tuple[Sizes, None]:
        found: Sizes = {indicator: {} for indicator in COMPARED}
        for indicator, partner, *size in by_age().values_list("indicator", "partner_id", "value", "unit", "as_of"):
            found[indicator][partner] = tuple(size)
        return found, None

    return held("sizes", build)


@dataclass(frozen=True)
class Standing:
    """How all partners stand by their figures, at one version of the site.

    `measured`: indicator → who of the census has a figure; `places`: one of SORTS → places in the census in that order.
    """

    census: Census
    sizes: Sizes
    measured: dict[str, int]
    places: Callable[[str], list[int]]


def standing() -> Standing:
    """In the active language. No query when held; an order by name asks 1 when it is first asked for."""

    def build() -> Standing:
        known, found = census(), sizes()
        measured = {indicator: number_of(map(who.__contains__, known.keys)) for indicator, who in found.items()}
        return Standing(known, found, measured, cache(partial(_places, known, found)))

    return held_while_public(("standing", active()), build)


def _places(known: Census, sizes: Sizes, order: str) -> list[int]:
    """Members first, those whose size is not known last; equals as the census has them."""
    names = _names(active()) if order == "name" else {}
    ranks = names or {key: -size[0] for key, size in sizes.get(order, {}).items()}
    last = "" if order == "name" else 1
    members = known.flags(known.answering({"status": Partner.Status.MEMBER}))
    ranked = [(not members[place], ranks.get(key, last), place) for place, key in enumerate(known.keys)]
    return [place for *_rank, place in sorted(ranked)]


def _names(language: str) -> dict[int, str]:
    """Key → the short name, by which partners are sorted."""
    rows = Partner.objects.published().ordered_as_read(language, "name_in_sentence").rewrite(False)
    return {key: slugify(ARTICLE.sub("", name)) for key, name in rows.values_list("pk", "shown")}


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
    """The full members together: inhabitants and area, never budgets. No query when held."""
    return held_while_public("whole", _build_whole)


def _build_whole() -> Whole:
    known, status = census(), {"status": Partner.Status.MEMBER}
    members, totals = set(known.keys_of(known.answering(status))), []
    for indicator, unit in (("population", "inhabitants"), ("area", "km2")):
        found = [size for key, size in sizes()[indicator].items() if key in members and size[1] == unit]
        years = sorted({year for _value, _unit, year in found if year})
        if found:
            total = sum((value for value, _unit, _year in found), Decimal())
            totals.append(Total(indicator, total, unit, len(found), tuple(dict.fromkeys(years[:1] + years[-1:]))))
    countries = [country for country in Partner.Country.values if known.count(status | {"country": country})]
    return Whole(len(members), len(countries), tuple(totals))
