"""Partners in bulk, to see how the portal bears many of them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

from django.db import transaction

from partners.models import ElectedMember, KeyFigure, Partner, PartnerTheme
from portal import version
from themes.models import WorkTheme

ROWS = (ElectedMember, KeyFigure, PartnerTheme)
MADE = "made-up-"  # how the addresses of made partners begin, in both languages
SINCE = datetime(2020, 2, 5, 10, 0, tzinfo=UTC)
PLACES = [f"{first}{last}" for first, last in product(("Sand", "Chalk", "Ash", "Wick", "Dun"), ("ford", "gate", "sea"))]
TEXT = "<p>{0} works with its neighbours on both shores of the strait, on transport, youth and the coast.</p>" * 4


def make(number: int) -> None:
    """Have so many made-up partners, in the place of those made before."""
    with transaction.atomic():
        made = Partner.objects.filter(slug_en__startswith=MADE)
        for rows in (*(model.objects.filter(partner__in=made) for model in ROWS), made):
            rows._raw_delete(rows.db)  # without a signal for each row: the version moves once, below
        themes = list(WorkTheme.objects.all()[:3])
        partners = Partner.objects.bulk_create([partner(index) for index in range(number)], batch_size=500)
        rows = [row for partner in partners for row in rows_of(partner, themes)]
        for model in ROWS:
            model.objects.bulk_create([row for row in rows if isinstance(row, model)], batch_size=500)
        version.move()


def both(**texts: Any) -> dict[str, Any]:
    return {f"{field}_{language}": value for field, value in texts.items() for language in ("fr", "en")}


def partner(index: int) -> Partner:
    name = f"{PLACES[index % len(PLACES)]} {index}"
    words = {field: TEXT.format(name) for field in ("presentation", "cooperation", "committee", "themes_intro")}
    texts = both(
        name=f"District of {name}", name_in_sentence=name, summary=f"{name}, on the coast.", seat=name, **words
    )
    places = {"latitude": f"{50 + index % 20 / 10:.4f}", "longitude": f"{1 + index % 30 / 10:.4f}", "position": 1000}
    kinds = {"country": Partner.Country.values[index % 4], "kind": Partner.Kind.values[index % 6]}
    return Partner(**texts, **places, **kinds, **both(slug=f"{MADE}{index}", public_from=SINCE), source_language="en")


def rows_of(partner: Partner, themes: list[WorkTheme]) -> list[Any]:
    figures = [("population", 40_000), ("budget", 1_500_000), ("area", 640)]
    units = {"population": "inhabitants", "budget": "GBP", "area": "km2"}
    said = both(role="Leader of the council", quote="The sea brings us together.")
    return [
        ElectedMember(partner=partner, name="Camille Dupont", **said),
        *(
            KeyFigure(partner=partner, indicator=what, value=value, unit=units[what], as_of=2024)
            for what, value in figures
        ),
        *(PartnerTheme(partner=partner, theme=theme, **both(statement=TEXT.format(partner))) for theme in themes),
    ]
