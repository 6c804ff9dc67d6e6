"""How do the partners' figures stand side by side?

Members are put in an order and drawn; associates and observers stand apart, for an observer may contain members.
Budgets are neither ranked, drawn nor added: currencies, gross and net, and legal duties differ between countries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from typing import Any
from urllib.parse import parse_qsl

from django.core.paginator import Page
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from partners.filters import chosen_in, facets, number_of, query_of
from partners.models import KeyFigure, Partner
from partners.standing import COMPARED, RANKED, SORTS, by_age, standing
from portal.figures import Figure, figure
from portal.languages import active, columns, read_all
from portal.paging import paged

PER_TABLE = 12  # partners in a table
LIMIT = 40  # partners in the list from which some are chosen


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
        self.standing, named = standing(), _keys_of(request.GET.getlist("partner"))
        known = self.standing.census
        self.answering = known.answering(self.filters) & ~known.answering({"status": Partner.Status.FORMER})
        self.present = known.keys_of(self.answering)
        self.chosen = [key for key in self.present if key in named] if named else []
        self.compared = self.answering & reduce(or_, self.standing.measured.values())
        if self.chosen:
            self.compared = number_of(map(set(self.chosen).__contains__, known.keys))
        self.page: Page = paged(request, range(self.compared.bit_count()), PER_TABLE)

    @cached_property
    def keys(self) -> dict[str, list[int]]:
        """Indicator → the rows of its table that this page shows: members first, those without a figure last."""
        first = (self.page.number - 1) * PER_TABLE
        shown = [one for one in COMPARED if self.answering & self.standing.measured[one]]
        return {one: list(islice(self._ordered(self._order(one)), first, first + PER_TABLE)) for one in shown}

    def _order(self, indicator: str) -> str:
        return self.sort or (indicator if indicator in RANKED else "committee")

    def _ordered(self, order: str) -> Iterator[int]:
        """Keys of who is compared."""
        known = self.standing.census
        flags = known.flags(self.compared)
        return (known.keys[place] for place in self.standing.places(order) if flags[place])

    @cached_property
    def partners(self) -> dict[int, Any]:
        """Readings of all whom the page names, by key."""
        named = {key for keys in (*self.keys.values(), self.listed, self.silent[:LIMIT]) for key in keys}
        found = Partner.objects.for_links("name_in_sentence")
        return {partner.pk: partner for partner in read_all(found.in_bulk(named).values())}

    def _read(self, keys: Iterable[int]) -> list[Any]:
        """Readings in the order of their keys, without those that another process has just deleted."""
        return [self.partners[key] for key in keys if key in self.partners]

    @cached_property
    def tables(self) -> list[Table]:
        shown = {key for keys in self.keys.values() for key in keys}
        figures = {(one.partner_id, one.indicator): one for one in by_age().filter(partner__in=shown)}
        return [self._table(indicator, figures) for indicator in self.keys]

    def _table(self, indicator: str, figures: dict[tuple[int, str], KeyFigure]) -> Table:
        first = next(self._ordered(indicator)) if indicator in RANKED else None  # the largest member, if there is any
        largest = self.standing.sizes[indicator].get(first, (0,))[0]
        rows, apart = [], []
        for partner in self._read(self.keys[indicator]):
            found, is_member = figures.get((partner.pk, indicator)), partner.status == Partner.Status.MEMBER
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
        are_few = (self.chosen or self.filters) and self.compared.bit_count() <= LIMIT
        some = self.standing.census.keys_of(self.compared) if are_few else []
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
        found = facets(self.filters) if self.filters else ()
        every = (choice for _name, _label, choices in found for choice in choices[1:])
        return [choice.label for choice in every if choice.is_chosen]

    @cached_property
    def silent(self) -> list[int]:
        """Who has no figure to compare, and is in no table."""
        return [] if self.chosen else self.standing.census.keys_of(self.answering & ~self.compared)

    @property
    def silent_partners(self) -> list[Any]:
        """Those of them who are not too many to be named."""
        return self._read(self.silent[:LIMIT])


def _keys_of(slugs: Sequence[str]) -> set[int]:
    """No query for no slugs, otherwise 1."""
    named = reduce(or_, (Q(**{f"{name}__in": slugs}) for name in columns("slug")))
    return set(Partner.objects.filter(named).values_list("pk", flat=True)) if slugs else set()


def _row(partner: Any, found: KeyFigure | None, scale: Decimal | int) -> Row:
    if found is None:
        return Row(partner, None, figure(None, "", active()), 0)
    unit = found.unit if found.indicator == "budget" else "none"  # elsewhere the head of the column says it
    shown = figure(found.value, unit, active(), found.is_approximate)
    found.partner = partner.record
    (reading,) = read_all([found], partner.language, partner.at)
    return Row(partner, reading, shown, max(round(100 * found.value / scale), 0) if scale > 0 else 0)
