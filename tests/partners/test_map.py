"""Where the partners stand on the map, and that no name covers another."""

import tomllib
from itertools import combinations

import pytest
from django.utils.translation import override

from partners.demo.load import HERE
from partners.map import HEIGHT, KEPT_CLEAR, WIDTH, _box, draw, project
from partners.models import Partner
from portal.languages import read_all

FIELDS = ("name_in_sentence_fr", "name_in_sentence_en", "latitude", "longitude", "country", "status")


def partner(**fields):
    return Partner(**{"country": "FR", "status": "member", "latitude": 50.6292, "longitude": 3.0573} | fields)


def chart(partners, language):
    for number, one in enumerate(partners):
        one.pk = number
    with override(language):
        return draw(read_all(partners, language))


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_name_covers_another_a_mark_or_a_sea(language):
    files = [tomllib.loads(path.read_text()) for path in (HERE / "partners").glob("*.toml")]
    listed = sorted(files, key=lambda words: words["position"])
    shown = chart([Partner(**{name: words.get(name) for name in FIELDS}) for words in listed], language)
    assert len(shown.points) == 9
    boxes = [_box(point.name, point.anchor, point.label_x, point.label_y) for point in shown.points]
    marks = [(point.x - 7, point.y - 7, point.x + 7, point.y + 7) for point in shown.points]
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    assert not [(box, mark) for box in boxes for mark in marks + KEPT_CLEAR if overlap(box, mark)]
    assert all(left > 0 and right < WIDTH and top > 0 and bottom < HEIGHT for left, top, right, bottom in boxes)


@pytest.mark.parametrize(
    "latitude, longitude, place",
    [("50.2910", "2.7775", (428, 429)), ("51.2720", "0.5290", (145, 234)), ("52.0705", "4.3007", (619, 72))],
)
def test_a_seat_stands_where_the_coast_is_drawn(latitude, longitude, place):
    assert project(float(latitude), float(longitude)) == place


def test_two_partners_at_one_seat_stand_side_by_side():
    names = ("le Nord", "les Hauts-de-France")
    shown = chart([partner(name_in_sentence_fr=name, seat_fr="Lille") for name in names], "fr")
    one, other = shown.points
    assert (other.x - one.x, other.y) == (18, one.y)
    assert [one.anchor, other.anchor] == ["end", "start"]
    assert [point.name for point in shown.points] == ["Nord", "Hauts-de-France"]
    (note,) = shown.notes
    assert note.startswith("Le Nord ") and "les Hauts-de-France " in note and "Lille" in note


def test_a_partner_outside_the_frame_or_without_a_seat_is_in_the_list_only():
    far = partner(name_in_sentence_fr="la Bretagne", latitude=48.1, longitude=-1.7)
    nowhere = partner(name_in_sentence_fr="le Nord", latitude=None, longitude=None)
    shown = chart([far, nowhere], "fr")
    assert (len(shown.partners), shown.points) == (2, ())
    assert shown.notes == ("Absents de la carte : la Bretagne et le Nord.",)


@pytest.mark.parametrize("name, short", [("l’Essex", "Essex"), ("les Hauts", "Hauts"), ("Leiden", "Leiden")])
def test_a_name_on_the_map_has_no_article(name, short):
    (point,) = chart([partner(name_in_sentence_fr=name)], "fr").points
    assert point.name == short
