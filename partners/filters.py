"""Which partners does the list show, and how many would each filter leave?

Filters are plain GET parameters; a value that names nothing is ignored. The census, held in the process, counts the
public partners by everything that can be filtered, so that no filter costs a query whatever the number of partners.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _t

from partners.models import Partner, PartnerTheme
from portal.languages import active, columns, read
from portal.version import held
from themes.models import WorkTheme

COLUMNS = {"country": Partner.Country, "kind": Partner.Kind, "status": Partner.Status}
Chosen = dict[str, Any]  # filter → the value of a column, or the key of a theme


@dataclass(frozen=True)
class Census:
    """What can be filtered. `pairs`: the (filter, value) pairs of each public partner, by its key; `counts`: how many
    partners have each set of pairs; `themes`: those that are public, in order.
    """

    pairs: dict[int, frozenset[tuple[str, Any]]]
    counts: Counter[frozenset[tuple[str, Any]]]
    themes: list[WorkTheme]

    def count(self, chosen: Chosen) -> int:
        wanted = set(chosen.items())
        return sum(number for pairs, number in self.counts.items() if wanted <= pairs)


@dataclass(frozen=True)
class Choice:
    label: str
    count: int
    query: str
    is_chosen: bool


def census() -> Census:
    """No query when held, 5 when built."""
    return held("census", _build)


def _build() -> tuple[Census, datetime | None]:
    at = timezone.now()
    themes = list(WorkTheme.objects.published(at))
    pairs = defaultdict(set)
    for partner, theme in PartnerTheme.objects.filter(theme__in=themes).values_list("partner", "theme"):
        pairs[partner].add(("theme", theme))
    for partner, *values in Partner.objects.published(at).values_list("pk", *COLUMNS):
        pairs[partner].update(zip(COLUMNS, values, strict=True))
    public = {key: frozenset(found) for key, found in pairs.items() if any(name == "country" for name, _value in found)}
    ends = [moment for rows in (Partner.objects, WorkTheme.objects) if (moment := rows.next_change(at))]
    return Census(public, Counter(public.values()), themes), min(ends, default=None)


def chosen_in(query: QueryDict) -> Chosen:
    """What the visitor chose; what names nothing is left out. A theme goes by its slug in any language."""
    known = {name: choices.values for name, choices in COLUMNS.items()}
    chosen = {name: query[name] for name in COLUMNS if query.get(name) in known[name]}
    for theme in census().themes:
        if query.get("theme", "") in [getattr(theme, slug) for slug in columns("slug")]:
            chosen["theme"] = theme.pk
    return chosen


def filtered(chosen: Chosen) -> list[int]:
    """Keys of the partners that a choice leaves, as a reader of the active language has them in order.

    The order is held: the database would sort all partners for each page of them. No query when held, 1 when built.
    """
    everyone, known, wanted = held(("order", active()), partial(_order, active())), census(), set(chosen.items())
    fitting = {pairs for pairs in known.counts if wanted <= pairs}
    return [key for key in everyone if known.pairs.get(key) in fitting] if wanted else everyone


def _order(language: str) -> tuple[list[int], datetime | None]:
    at = timezone.now()
    rows = Partner.objects.published(at).ordered_as_read(language, "name", at)
    return list(rows.values_list("pk", flat=True)), Partner.objects.next_change(at)


def query_of(chosen: Chosen, **extra: Any) -> str:
    """The query string of a choice, empty without one."""
    slugs = {theme.pk: read(theme).slug for theme in census().themes}
    return urlencode({name: slugs[value] if name == "theme" else value for name, value in chosen.items()} | extra)


def facets(chosen: Chosen) -> list[tuple[str, str, list[Choice]]]:
    """Per filter that leaves a choice: name, label and choices, "all" first. What leaves nobody is left out."""
    titles = [(theme.pk, read(theme).title) for theme in census().themes]
    labels = {"country": _t("Country"), "kind": _t("Kind"), "theme": _t("Theme"), "status": _t("Status")}
    options = {name: choices.choices for name, choices in COLUMNS.items()} | {"theme": titles}
    found = [(name, label, _choices(name, options[name], chosen)) for name, label in labels.items()]
    return [(name, label, choices) for name, label, choices in found if choices[1:]]


def _choices(name: str, options: list[tuple[Any, str]], chosen: Chosen) -> list[Choice]:
    rest = {other: value for other, value in chosen.items() if other != name}
    found = [Choice(_t("All"), census().count(rest), query_of(rest), name not in chosen)]
    for value, label in options:
        narrowed = rest | {name: value}
        is_chosen = chosen.get(name) == value
        if (count := census().count(narrowed)) or is_chosen:
            found.append(Choice(capfirst(label), count, query_of(narrowed), is_chosen))
    return found
