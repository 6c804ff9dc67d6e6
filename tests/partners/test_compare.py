"""The comparison of figures, and the sums on the home page."""

import re

import pytest

from portal import version
from tests.factories import make_draft, make_figure, make_french_only, make_partner, make_statement, make_theme
from tests.pages import get

pytestmark = pytest.mark.django_db

PATH = "/en/partners/compare/"


def make_area(partner, value):
    return make_figure(partner, indicator="area", unit="km2", value=value, as_of=None)


@pytest.fixture
def three():
    """Members in the order of the Committee, whose orders by name and by each figure all differ."""
    sizes = {"Nord": (2_600_000, 5_743), "Kent": (1_600_000, 3_543), "Pas-de-Calais": (1_500_000, 6_671)}
    partners = []
    for position, (name, (population, area)) in enumerate(sizes.items()):
        partners.append(partner := make_partner(name, position=position))
        make_figure(partner, value=population, as_of=2020 + position)
        make_area(partner, area)
        make_figure(partner, indicator="budget", unit="EUR", value=10**9 * (position + 1), label_en="initial budget")
    return partners


def tables(page):
    """Caption → the names in the rows, in their order."""
    found, current = {}, None
    for element in page.elements:
        if element.name == "caption":
            current = found.setdefault(element.text, [])
        elif element.name == "th" and element["scope"] == "row":
            current.append(element.text)
    return found


def test_each_table_begins_with_the_largest_but_budgets_are_never_ranked(client, three):
    assert tables(get(client, PATH)) == {
        "Population Largest first": ["Nord", "Kent", "Pas-de-Calais"],
        "Area Largest first": ["Pas-de-Calais", "Nord", "Kent"],
        "Budget In the order of the Committee; not ranked": ["Nord", "Kent", "Pas-de-Calais"],
    }


@pytest.mark.parametrize(
    "sort, names, words",
    [
        ("area", ["Pas-de-Calais", "Nord", "Kent"], "In the order of: area"),
        ("name", ["Kent", "Nord", "Pas-de-Calais"], "By name"),
        ("committee", ["Nord", "Kent", "Pas-de-Calais"], "In the order of the Committee"),
    ],
)
def test_all_tables_can_take_one_order(client, three, sort, names, words):
    page = get(client, f"{PATH}?sort={sort}")
    assert set(map(tuple, tables(page).values())) == {tuple(names)}
    assert f"Population {words}" in tables(page)
    current = page.all("a", **{"aria-current": "true", "href": f"?sort={sort}"})
    assert [link.text for link in current] == {"area": ["km²"], "name": ["Partner"] * 3}.get(
        sort, ["Order of the Committee"]
    )
    assert page.one("a", class_="site-header__language")["href"].endswith(f"?sort={sort}")


@pytest.mark.parametrize(
    "sort, ascending, descending", [("", 0, 2), ("area", 0, 1), ("name", 3, 0), ("committee", 0, 0)]
)
def test_the_heads_tell_assistive_technology_which_column_orders(client, three, sort, ascending, descending):
    heads = [head["aria-sort"] for head in get(client, f"{PATH}?sort={sort}").all("th", scope="col")]
    assert (heads.count("ascending"), heads.count("descending")) == (ascending, descending)


def test_the_heads_of_columns_order_all_tables_but_that_of_amounts_does_not(client, three):
    page = get(client, f"{PATH}?country=FR&partner={three[0].slug_en}")
    heads = {link.text: link["href"] for link in page.all("a") if link["href"].startswith("?")}
    kept = f"?country=FR&partner={three[0].slug_en}"
    assert heads["Inhabitants"] == f"{kept}&sort=population" and heads["km²"] == f"{kept}&sort=area"
    assert heads["Partner"] == f"{kept}&sort=name" and "Amount" not in heads
    assert "Budget In the order of the Committee; not ranked" in tables(get(client, f"{PATH}?sort=budget"))


def test_the_filters_of_the_list_narrow_the_comparison_and_are_passed_on(client, three):
    make_area(make_partner("Essex", country="GB"), 3_670)
    page = get(client, f"{PATH}?country=GB&sort=area")
    assert tables(page) == {"Area Largest first": ["Essex"]}
    assert "1 partner compared United Kingdom Compare all" in page.one("main").text
    assert [(field["name"], field["value"]) for field in page.all("input", type="hidden")] == [
        ("country", "GB"),
        ("sort", "area"),
    ]
    assert page.links()["Compare all"] == PATH
    assert get(client, "/en/partners/?country=GB").links()["Compare their figures"] == f"{PATH}?country=GB"


def test_filters_that_leave_nobody_explain_themselves(client, three):
    page = get(client, f"{PATH}?country=NL")
    assert "There is nobody to compare." in page.one("p", class_="notice").text and not page.all("table")


def test_an_empty_comparison_explains_itself(client):
    page = get(client, PATH)
    assert page.one("p", class_="notice").text == "No partner has been published yet." and not page.all("table")


def test_many_partners_are_compared_in_parts_and_the_bars_keep_one_scale(client):
    for number in range(62):
        make_figure(make_partner(f"P{number:02}", position=number), value=100 - number)
    first, *_others, last = parts = [get(client, f"{PATH}?sort=population&page={number}") for number in range(1, 7)]
    names = [name for page in parts for name in tables(page)["Population Largest first"]]
    assert names == [f"P{number:02}" for number in range(62)]
    assert first.links()["Next page"] == "?sort=population&page=2"
    widths = [drawn[1] for path in last.all("path") if (drawn := re.fullmatch(r"M0 0h(\d+)v1H0z", path["d"]))]
    assert widths == ["40", "39"]
    assert "2 other partners do not stand here." in first.one("main").text
    get(client, f"{PATH}?sort=population&page=7", status=404)


@pytest.mark.parametrize(
    "sort, names",
    [("", "CBADE"), ("population", "CBADE"), ("area", "ACBED"), ("name", "ABCDE"), ("committee", "CABED")],
)
def test_members_come_first_equals_as_the_committee_has_them_and_those_without_a_figure_last(client, sort, names):
    listed = [("E", 0, None, 9), ("C", 1, 5, None), ("B", 2, 5, None), ("A", 2, 1, 7), ("D", 3, 3, None)]
    for name, position, population, area in listed:
        partner = make_partner(name, position=position, status="observer" if name in "DE" else "member")
        for indicator, value in (("population", population), ("area", area)):
            if value:
                make_figure(partner, indicator=indicator, value=value)
    first_table = next(iter(tables(get(client, f"{PATH}?sort={sort}")).values()))
    assert "".join(name[0] for name in first_table) == names


def test_filters_keep_order_scale_and_parts(client):
    for number in range(32):
        country = "GB" if number % 2 else "FR"
        make_figure(make_partner(f"P{number:02}", position=number, country=country), value=1000 - number)
    first, second = (get(client, f"{PATH}?country=GB&page={page}") for page in (1, 2))
    names = [name for page in (first, second) for name in tables(page)["Population Largest first"]]
    assert names == [f"P{number:02}" for number in range(1, 32, 2)]
    assert [drawn["d"] for drawn in first.all("path") if drawn["d"].startswith("M0 0h")][0] == "M0 0h100v1H0z"
    assert "16 partners compared" in second.one("main").text


def test_the_figures_of_exactly_the_partners_compared_can_be_downloaded(client, three):
    links = get(client, PATH).links()
    assert links["Download these figures as CSV"] == "/data/key-figures.csv"
    nord, kent, _pas = three
    address = get(client, f"{PATH}?partner={nord.slug_en}&partner={kent.slug_en}").links()[
        "Download these figures as CSV"
    ]
    assert address == f"/data/key-figures.csv?partner={nord.pk}&partner={kent.pk}"
    lines = b"".join(client.get(address)).decode().splitlines()
    assert len(lines) == 1 + 6 and "Pas-de-Calais" not in "".join(lines)


def test_budgets_cannot_be_asked_to_order(client, three):
    assert "Budget In the order of the Committee; not ranked" in tables(get(client, f"{PATH}?sort=budget"))


def test_bars_repeat_the_number_for_the_eye_alone_and_no_budget_is_drawn(client, three):
    page = get(client, PATH)
    bars = page.all("svg", class_="bar")
    assert len(bars) == 6 and all(bar["aria-hidden"] == "true" for bar in bars)
    widths = [int(drawn[1]) for path in page.all("path") if (drawn := re.fullmatch(r"M0 0h(\d+)v1H0z", path["d"]))]
    assert widths == [100, 62, 58, 100, 86, 53]


def test_a_figure_stands_with_its_year_its_source_and_what_it_counts(client, three):
    cells = [cell.text for cell in get(client, PATH).all("td", class_="compare__source")]
    assert cells[0] == "2020, INSEE"
    assert cells[-3:] == ["2020, initial budget, INSEE"] * 3


def test_the_latest_figure_of_an_indicator_is_compared(client):
    partner = make_partner()
    make_figure(partner, value=1, as_of=2019)
    make_figure(partner, value=3, as_of=2024)
    make_figure(partner, value=2, as_of=None)
    assert get(client, PATH).all("td", class_="compare__value")[0].text == "3"


def test_a_missing_figure_says_so_and_comes_last(client, three):
    make_area(make_partner("Zélande", position=9), 2_933)
    page = get(client, PATH)
    assert tables(page)["Population Largest first"][-1] == "Zélande"
    assert page.all("td", class_="compare__value")[3].text == "not available"


def test_who_has_no_figure_at_all_is_named_below_unless_chosen(client, three):
    silent = make_partner("Essex", status="associate")
    page = get(client, PATH)
    assert "No figure to compare yet: Essex." in page.one("main").text
    assert "Essex" not in str(tables(page))
    page = get(client, f"{PATH}?partner={silent.slug_en}")
    assert tables(page)["Population Largest first"] == ["Essex (associate)"]


def test_observers_stand_apart_without_a_bar_and_do_not_set_the_scale(client, three):
    make_figure(make_partner("Hauts-de-France", status="observer", position=0), value=6_000_000)
    page = get(client, PATH)
    assert tables(page)["Population Largest first"] == ["Nord", "Kent", "Pas-de-Calais", "Hauts-de-France (observer)"]
    assert [head.text for head in page.all("th", scope="rowgroup")] == ["Apart: associates and observers"] * 3
    assert len(page.all("svg", class_="bar")) == 6


def test_the_chosen_partners_alone_are_compared_whatever_the_language_of_their_slug(client, three):
    nord, kent, _pas = three
    page = get(client, f"{PATH}?partner={nord.slug_fr}&partner={kent.slug_en}&partner=nobody")
    assert tables(page)["Area Largest first"] == ["Nord", "Kent"]
    checked = [box["value"] for box in page.all("input", type="checkbox") if "checked" in box.attributes]
    assert checked == [nord.slug_en, kent.slug_en]
    assert f"?partner={nord.slug_en}&partner={kent.slug_en}&sort=area" in page.links().values()


def test_neither_drafts_nor_former_partners_are_compared(client, three):
    for partner in (make_draft("Essex"), make_partner("Sussex", status="former")):
        make_figure(partner)
    assert "Sussex" not in str(tables(get(client, PATH))) and "Essex" not in str(tables(get(client, PATH)))


def test_a_name_that_falls_back_is_marked(client):
    make_figure(make_french_only("Nord"))
    page = get(client, PATH)
    assert [link["lang"] for link in page.all("a") if link.text == "Nord"] == ["fr"]


@pytest.mark.parametrize("query", ["sort=x", "partner=", "partner=%00", "sort=area&sort=name", "partner=a" * 50])
def test_odd_questions_compare_all(client, three, query):
    assert len(tables(get(client, f"{PATH}?{query}"))) == 3


@pytest.mark.parametrize("count", [2, 30])
@pytest.mark.parametrize(
    "query, queries",
    [("", 2), ("sort=name", 2), ("country=FR&theme=jeunesse", 2), ("partner=p0", 3), ("country=NL", 2)],
)
def test_the_comparison_costs_two_queries_whatever_the_number(
    client, count, query, queries, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(version.process, "_clock", lambda: 0.0)  # the site's version is asked for once a second
    theme = make_theme("Jeunesse", slug_fr="jeunesse", slug_en="youth")
    for number in range(count):
        make_figure(partner := make_partner(f"P{number}", slug_fr=f"p{number}", slug_en=f"p{number}"))
        make_statement(partner, theme)
    get(client, f"{PATH}?{query}")
    with django_assert_max_num_queries(queries):
        get(client, f"{PATH}?{query}")


def test_the_home_page_sums_the_members_alone_says_the_years_and_leaves_out_budgets(client, three):
    make_figure(make_partner("Hauts-de-France", status="observer"), value=6_000_000)
    page = get(client, "/en/")
    values = [value.text for value in page.all("dd", class_="key-figures__value")]
    assert values == ["3", "1", "5.7 million", "16,000 km²"]
    assert [source.text for source in page.all("dd", class_="key-figures__source")] == [
        "sum of figures of 2020 to 2022",
        "sum of undated figures",
    ]


def test_a_sum_says_over_how_many_members_it_runs(client, three):
    make_area(make_partner("Zélande"), 2_933)
    assert "sum of figures of 2020 to 2022, 3 members of 4" in get(client, "/en/").one("main").text


def test_without_figures_there_is_no_sum(client):
    make_partner()
    assert not get(client, "/en/").all("dl")
