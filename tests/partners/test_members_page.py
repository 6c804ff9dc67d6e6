"""Who represents the partners, on one page."""

from datetime import date

import pytest

from tests.factories import make_draft, make_member, make_partner
from tests.pages import get

pytestmark = pytest.mark.django_db

PATH = "/en/elected-members/"


def test_members_in_office_stand_under_their_partner_in_the_order_of_the_committee(client):
    second, first = make_partner("Kent", position=2), make_partner("Nord", position=1)
    make_member(second, "Ann")
    make_member(first, "Bea", position=2)
    make_member(first, "Cleo", position=1)
    page = get(client, PATH)
    assert [heading.text for heading in page.all("h2")] == ["Department of Nord", "Department of Kent"]
    assert [name.text for name in page.all("span", class_="elected-member__name")] == ["Cleo", "Bea", "Ann"]


@pytest.mark.parametrize(
    "begun, words",
    [(None, "until 2021"), (date(2017, 5, 1), "from 2017 to 2021"), (date(2021, 1, 1), "in 2021")],
)
def test_former_members_stand_below_with_their_years(client, begun, words):
    make_member(make_partner(), "Dan", mandate_from=begun, mandate_until=date(2021, 12, 31))
    page = get(client, PATH)
    assert page.one("div", class_="elected-member__former").text.endswith(f"Dan, Role, {words}")
    assert "Nobody in office is named at present." in page.one("main").text


def test_a_mandate_that_has_not_begun_and_a_partner_that_is_not_public_are_not_shown(client):
    make_member(make_partner(), "Tomorrow", mandate_from=date(2999, 1, 1))
    make_member(make_draft(), "Hidden")
    page = get(client, PATH)
    assert "Tomorrow" not in page.one("main").text and "Hidden" not in page.one("main").text


def test_a_partner_without_members_is_left_out_and_an_empty_page_says_so(client):
    make_partner()
    page = get(client, PATH)
    assert not page.all("h2")
    assert page.one("p", class_="notice").text == "Nobody has been named yet."


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_costs_three_queries_whatever_the_number_of_members(client, count, django_assert_max_num_queries):
    for number in range(count):
        make_member(make_partner(f"P{number}"))
    get(client, PATH)
    with django_assert_max_num_queries(3):
        get(client, PATH)


def test_a_long_page_of_a_partner_begins_with_its_contents(client):
    text = {
        f"{name}_{code}": f"<p>{'mot ' * 400}</p>" for name in ("presentation", "committee") for code in ("fr", "en")
    }
    long = make_partner("Kent", **text, cooperation_en=f"<p>{'word ' * 300}</p>", cooperation_fr="<p>Mot.</p>")
    page = get(client, long.get_absolute_url("en"))
    ids = {element["id"] for element in page.elements}
    sections = [link for link in page.all("a") if (link["href"] or "").startswith("#") and link["href"] != "#content"]
    assert [link["href"] for link in sections] == ["#presentation", "#cooperation", "#committee"]
    assert {link["href"][1:] for link in sections} <= ids
    assert sections[1].text == "Kent and cross-border cooperation"


def test_a_short_page_of_a_partner_needs_no_contents(client):
    page = get(
        client, make_partner(presentation_fr="<p>Court.</p>", presentation_en="<p>Short.</p>").get_absolute_url("en")
    )
    assert not page.all("a", href="#presentation")
