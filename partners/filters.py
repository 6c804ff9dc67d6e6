"""Which partners does the list show, and how many would each filter leave?

Filters are plain GET parameters; a value that names nothing is ignored. The census, held in the process, knows who
answers to each value, so that no filter costs a query, and none goes through the partners one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import compress, repeat
from operator import and_
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _t

from partners.models import Partner, PartnerTheme
from portal.languages import active, columns, read_all
from portal.public import held_while_public
from themes.models import WorkTheme

COLUMNS = {"country": Partner.Country, "kind": Partner.Kind, "status": Partner.Status}
Chosen = dict[str, Any]  # filter → the value of a column, or the key of a theme


@dataclass(frozen=True)
class Census:
    """The public partners in the order in which a reader of one language has them; a theme's look-up waits for its use.

    A number stands for some of them, with a byte of 1 or 0 for each in order, the lowest first: `&` and `~` choose,
    `bit_count()` counts. `having` are those who have a (column, value) pair.
    """

    keys: list[int]
    having: dict[tuple[str, Any], int]

    @cached_property
    def everyone(self) -> int:
        return number_of(repeat(1, len(self.keys)))

    @cached_property
    def themes(self) -> dict[int, Any]:
        """Readings of those that are public, by key. 1 query."""
        return {theme.pk: theme for theme in read_all(WorkTheme.objects.published())}

    @cached_property
    def stating(self) -> dict[tuple[str, Any], int]:
        """("theme", its key) → who states why it matters. 1 query."""
        rows, found = QuerySet(PartnerTheme).filter(theme__in=self.themes).order_by(), defaultdict(set)
        for partner, theme in rows.values_list("partner", "theme"):
            found[theme].add(partner)
        return {("theme", theme): number_of(map(who.__contains__, self.keys)) for theme, who in found.items()}

    def answering(self, chosen: Chosen) -> int:
        asked = ((self.stating if pair[0] == "theme" else self.having).get(pair, 0) for pair in chosen.items())
        return reduce(and_, asked, self.everyone)

    def flags(self, some: int) -> bytes:
        """1 or 0 for each partner."""
        return some.to_bytes(len(self.keys), "little")

    def keys_of(self, some: int) -> list[int]:
        return list(compress(self.keys, self.flags(some)))

    def count(self, chosen: Chosen) -> int:
        return self.answering(chosen).bit_count()


def number_of(flags: Iterable[int]) -> int:
    """What stands in the census for those whose flag is 1 or True, the flags being those of all in order."""
    return int.from_bytes(bytes(flags), "little")


@dataclass(frozen=True)
class Choice:
    label: str
    count: int
    query: str
    is_chosen: bool


def census() -> Census:
    """Of the active language. No query when held, 1 when built, and 2 for what is asked of themes."""
    language = active()
    return held_while_public(("census", language), partial(_build, language))


def _build(language: str) -> Census:
    at = timezone.now()
    shown = Partner.objects.published(at).ordered_as_read(language, "name", at).rewrite(False)
    rows = list(shown.values_list("pk", *COLUMNS))
    pairs = [(at, name, value) for at, (name, choices) in enumerate(COLUMNS.items(), 1) for value in choices.values]
    having = {(name, value): number_of(row[at] == value for row in rows) for at, name, value in pairs}
    return Census([row[0] for row in rows], having)


def chosen_in(query: QueryDict) -> Chosen:
    """What the visitor chose; what names nothing is left out. A theme goes by its slug in any language."""
    known = {name: choices.values for name, choices in COLUMNS.items()}
    chosen = {name: query[name] for name in COLUMNS if query.get(name) in known[name]}
    for key, theme in census().themes.items() if query.get("theme") else ():
        if query["theme"] in [getattr(theme, slug) for slug in columns("slug")]:
            chosen["theme"] = key
    return chosen


def query_of(chosen: Chosen) -> str:
    """The query string of a choice, empty without one."""
    themes = census().themes if "theme" in chosen else {}
    return urlencode({name: themes[value].slug if name == "theme" else value for name, value in chosen.items()})


def facets(chosen: Chosen) -> list[tuple[str, str, list[Choice]]]:
    """Per filter that leaves a choice: name, label and choices, "all" first. What leaves nobody is left out."""
    titles = [(key, theme.title) for key, theme in census().themes.items()]
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
