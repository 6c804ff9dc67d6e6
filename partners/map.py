"""Where do the partners stand on the map, and on which side of its point does each name go?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import asinh, degrees, radians, tan
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.text import Truncator

from partners.filters import census
from partners.models import Partner
from partners.wording import not_on_the_map, share_a_seat, short_name
from portal.languages import active, read_all
from portal.public import held_while_public

WEST, EAST, NORTH = -0.62, 5.42, 52.42  # degrees; with the size, the frame of static/img/coast.svg
WIDTH, HEIGHT = 760, 510  # units of the drawing
SCALE = WIDTH / (EAST - WEST)  # units per degree of longitude
LIMIT = 60  # partners that the map and the list beside it can bear; the page of all partners has the others
APART = 18  # units between two partners at one seat
LONGEST = 24  # letters of a name that are drawn
LETTER, LINE = 12.4, 27  # units: a letter of a name at its largest, which is on the narrowest screens
SIDES = (("start", 14, 5), ("end", -15, 5), ("middle", 0, 30), ("middle", 0, -15))  # anchor of a name and its offset

Box = tuple[float, float, float, float]  # left, top, right, bottom
KEPT_CLEAR: list[Box] = [  # names of the seas, then coasts on which a name would be hard to read
    (215, 255, 345, 350),
    (290, 105, 434, 135),
    (165, 90, 235, 200),
    (190, 205, 270, 255),
    (555, 130, 640, 225),
]


@dataclass(frozen=True)
class Point:
    """A partner on the map; `reach` is the radius of what can be clicked."""

    partner: Any
    name: str
    x: int
    y: int
    reach: int
    anchor: str
    label_x: int
    label_y: int

    @property
    def label(self) -> str:
        """As much of the name as the map can bear."""
        return Truncator(self.name).chars(LONGEST)

    @cached_property
    def drawn(self) -> str:
        """As it stands on every page but its own."""
        return render_to_string("partners/_point.html", {"point": self})


@dataclass(frozen=True)
class Chart:
    """`partners` is the list that equals the map, by country; `seats` are lists of points that share one place."""

    partners: tuple[Any, ...]
    points: tuple[Point, ...]
    shared: tuple[list[Point], ...]
    notes: tuple[str, ...]

    @cached_property
    def drawn(self) -> str:
        """As it stands on every page but those of its partners, drawn once."""
        return render_to_string("partners/_map.html", {"chart": self})

    @cached_property
    def listed(self) -> str:
        """The list that equals the map, drawn once."""
        return render_to_string("partners/_roll.html", {"partners": self.partners})

    def drawn_at(self, here: Point) -> str:
        """As it stands on the page of one of its partners, whose point is drawn otherwise."""
        point = render_to_string("partners/_point.html", {"point": here, "here": here})
        return mark_safe(self.drawn.replace(here.drawn, point))  # noqa: S308 (map and both points come from templates, which escape)

    @property
    def keys(self) -> list[tuple[str, str]]:
        """(value, label) of the statuses whose sign is on the map."""
        shown = {point.partner.status for point in self.points}
        return [choice for choice in Partner.Status.choices if choice[0] in shown]


def chart() -> Chart:
    """The map in the active language, held in the process. No query when held, 3 when built."""
    language = active()
    return held_while_public(("chart", language), partial(_build, language))


def chart_with(partner: Any) -> tuple[Chart, Point | None]:
    """The map and the partner's point on it, added where the map of all leaves it out: a former one, one too many."""
    known = chart()
    here = next((point for point in known.points if point.partner == partner), None)
    if here or partner.latitude is None or not _is_in_frame(*project(partner.latitude, partner.longitude)):
        return known, here
    x, y = project(partner.latitude, partner.longitude)
    while any(abs(point.x - x) < APART and abs(point.y - y) < APART for point in known.points):
        x += 1
    here = _point(
        partner, x, y, APART // 2, KEPT_CLEAR + [_box(p.label, p.anchor, p.label_x, p.label_y) for p in known.points]
    )
    return replace(known, points=(*known.points, here)), here


def _build(language: str) -> Chart:
    known = census()
    present = known.keys_of(known.everyone & ~known.answering({"status": Partner.Status.FORMER}))
    shown = Partner.objects.in_bulk(present[:LIMIT])
    return draw(read_all((shown[key] for key in present if key in shown), language), len(present))


def draw(partners: Sequence[Any], number: int = 0) -> Chart:
    """The chart of readings, the first of `number`, in order; without a seat in its frame, in the list only."""
    seats: dict[tuple[int, int], list[Any]] = {}
    for partner in partners:
        if partner.latitude is not None:
            seats.setdefault(project(partner.latitude, partner.longitude), []).append(partner)
    inside = {spot: here for spot, here in seats.items() if _is_in_frame(*spot)}
    rows = [
        [(partner, x + APART * rank - APART * (len(here) - 1) // 2, y) for rank, partner in enumerate(here)]
        for (x, y), here in inside.items()
    ]
    taken = KEPT_CLEAR + [(x - 9, y - 9, x + 9, y + 9) for row in rows for _partner, x, y in row]
    groups = [[_point(*mark, 9 if row[1:] else 17, taken) for mark in row] for row in rows]
    shared = tuple(group for group in groups if group[1:])
    placed = {partner for row in rows for partner, _x, _y in row}
    countries = Partner.Country.values
    return Chart(
        partners=tuple(sorted(partners, key=lambda partner: countries.index(partner.country))),
        points=tuple(point for group in groups for point in group),
        shared=shared,
        notes=(
            *(share_a_seat([point.partner for point in group]) for group in shared),
            *not_on_the_map([partner for partner in partners if partner not in placed], len(partners), number),
        ),
    )


def project(latitude: float, longitude: float) -> tuple[int, int]:
    """Units from the left and from the top of the frame, in Mercator's projection."""
    north, here = (degrees(asinh(tan(radians(angle)))) for angle in (NORTH, latitude))
    return round((float(longitude) - WEST) * SCALE), round((north - here) * SCALE)


def _is_in_frame(x: int, y: int) -> bool:
    return 0 < x < WIDTH and 0 < y < HEIGHT


def _point(partner: Any, x: int, y: int, reach: int, taken: list[Box]) -> Point:
    """With its name on the first side that is free, or else on the right; the name's box joins `taken`."""
    name = short_name(partner.name_in_sentence)
    label = Truncator(name).chars(LONGEST)
    tried = [(anchor, x + across, y + down) for anchor, across, down in SIDES]
    side = next((side for side in tried if _is_free(_box(label, *side), taken)), tried[0])
    taken.append(_box(label, *side))
    return Point(partner, name, x, y, reach, *side)


def _box(name: str, anchor: str, x: int, y: int) -> Box:
    wide = len(name) * LETTER
    left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
    return left, y - LINE + 8, left + wide, y + 8


def _is_free(wanted: Box, taken: list[Box]) -> bool:
    left, top, right, bottom = wanted
    in_frame = left > 0 and top > 0 and right < WIDTH and bottom < HEIGHT
    return in_frame and not any(box[0] < right and left < box[2] and box[1] < bottom and top < box[3] for box in taken)
