"""Which tables can anybody use again, what do they promise, and who is told that nothing has changed?"""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from partners.models import Partner
from portal import opendata, version
from portal.languages import codes
from tests.factories import (
    LONG_AGO,
    make_draft,
    make_figure,
    make_french_only,
    make_member,
    make_news,
    make_partner,
    make_statement,
    make_theme,
)
from tests.pages import get

pytestmark = pytest.mark.django_db
PROMISED = {
    "partners": "id name_fr name_en kind country status is_founder joined_on left_on seat_fr seat_en latitude longitude"
    " website email summary_fr summary_en page_fr page_en saved",
    "key-figures": "id partner partner_name_fr partner_name_en indicator value unit is_approximate label_fr label_en"
    " as_of source_name_fr source_name_en source_url note_fr note_en",
    "elected-members": "id partner partner_name_fr partner_name_en name role_fr role_en mandate_from mandate_until",
    "theme-statements": "id partner partner_name_fr partner_name_en theme theme_title_fr theme_title_en is_lead"
    " statement_fr statement_en",
    "news": "id title_fr title_en summary_fr summary_en kind dated_on precision starts_on ends_on closes_on partners"
    " themes page_fr page_en saved",
    "themes": "id title_fr title_en summary_fr summary_en page_fr page_en saved",
}
ADDRESSES = [f"/data/{name}.{kind}" for name in PROMISED for kind in ("csv", "json")]


def body(response):
    return b"".join(response.streaming_content)


def rows_of(client, name):
    """The rows of the CSV, once those of the JSON have been seen to say the same."""
    text = body(client.get(f"/data/{name}.csv")).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    same = json.loads(body(client.get(f"/data/{name}.json")))["rows"]
    printed = {None: "", True: "true", False: "false"}
    assert rows == [
        {key: printed[value] if value is None or isinstance(value, bool) else str(value) for key, value in row.items()}
        for row in same
    ]
    return rows


@pytest.fixture
def full_site():
    partner = make_partner(
        "Nord", seat_fr="Lille", latitude="50.6292", longitude="3.0573", summary_en='A "young", dense\none'
    )
    make_member(partner, "Camille Dupont")
    make_figure(partner, note_fr="Ménages")
    theme = make_theme()
    make_statement(partner, theme, statement_en="<p>The <strong>sea</strong>.</p>")
    make_news(partners=[partner], themes=[theme], kind="event", starts_on=LONG_AGO.date())
    return partner


@pytest.mark.parametrize("name", PROMISED)
def test_the_names_of_the_columns_are_kept(client, full_site, name):
    (row,) = rows_of(client, name)
    assert list(row) == PROMISED[name].split()


def test_the_data_sets_are_those_that_are_promised():
    assert set(opendata.DATASETS) == set(PROMISED)


def test_both_languages_stand_side_by_side_with_the_addresses_of_the_pages(client, full_site):
    (row,) = rows_of(client, "partners")
    assert (row["name_fr"], row["name_en"]) == ("Département du Nord", "Department of Nord")
    assert row["page_en"] == f"http://testserver{full_site.get_absolute_url('en')}"
    assert client.get(row["page_fr"]).status_code == 200
    assert (row["latitude"], row["summary_en"]) == ("50.6292", 'A "young", dense\none')


def test_a_language_that_is_not_public_is_empty_in_every_table(client):
    partner = make_french_only(name_en="Secret", name_in_sentence_en="Secret")
    make_member(partner, role_en="Secret")
    make_figure(partner, label_en="Secret")
    theme = make_theme(title_en="Secret", public_from_en=None)
    make_statement(partner, theme, statement_en="Secret")
    make_statement(make_partner("Nord"), theme)
    make_news("Lancement", title_en="Secret", public_from_en=None, partners=[make_draft("Essex")])
    for address in ADDRESSES:
        assert b"Secret" not in body(client.get(address)), address
    row = next(row for row in rows_of(client, "partners") if row["id"] == str(partner.pk))
    assert row["name_en"] == row["page_en"] == "" and row["page_fr"]
    assert rows_of(client, "news")[0]["partners"] == ""


def test_what_is_not_public_has_no_row(client):
    now = timezone.now()
    hidden = [make_draft("Essex")]
    hidden.append(make_partner("Kent", public_until_fr=now - timedelta(1), public_until_en=now - timedelta(1)))
    hidden.append(make_partner("Zeeland", public_from_fr=now + timedelta(1), public_from_en=now + timedelta(1)))
    for partner in hidden:
        make_member(partner)
        make_figure(partner)
    make_member(make_partner("Nord"), "Later", mandate_from=timezone.localdate() + timedelta(days=3))
    assert [len(rows_of(client, name)) for name in ("partners", "key-figures", "elected-members")] == [1, 0, 0]


def test_figures_are_numbers_without_separators(client, full_site):
    make_figure(full_site, value="12.50", unit="km2", indicator="area", position=2)
    assert [row["value"] for row in rows_of(client, "key-figures")] == ["1500000", "12.5"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_files_are_utf_8_without_mark_and_open_to_every_site(client, full_site, address):
    response = client.get(address)
    text = body(response)
    assert not text.startswith(b"\xef\xbb\xbf") and text.decode("utf-8")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Type"] in ("text/csv; charset=utf-8", "application/json")
    assert not response.cookies


def test_no_other_page_is_open_to_scripts_of_other_sites(client, full_site):
    for path in ("/en/", "/sitemap.xml", "/data/nothing.csv", "/en/data/"):
        assert "Access-Control-Allow-Origin" not in client.get(path)


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_file_costs_two_queries_whatever_the_number_and_news_two_more_for_what_they_name(
    client, django_assert_max_num_queries, address
):
    for number in range(8):
        partner = make_partner(f"N{number}")
        make_member(partner)
        make_figure(partner)
        theme = make_theme(f"T{number}")
        make_statement(partner, theme)
        make_news(f"A{number}", partners=[partner], themes=[theme])
    body(client.get(address))
    with django_assert_max_num_queries(4 if "news" in address else 2):
        body(client.get(address))


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_the_file_already_gets_no_rows(client, full_site, address, django_assert_max_num_queries):
    first = client.get(address)
    with django_assert_max_num_queries(1):
        again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    assert client.get(address, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304


def test_a_change_is_a_new_file(client, full_site, django_capture_on_commit_callbacks):
    first = client.get("/data/partners.csv")
    with django_capture_on_commit_callbacks(execute=True):
        make_partner("Kent")
    again = client.get("/data/partners.csv", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200 and again["ETag"] != first["ETag"]


def test_a_page_that_opens_by_itself_is_a_new_file_too(client, full_site):
    tomorrow = timezone.now() + timedelta(days=1)
    kent = make_partner("Kent", public_from_fr=tomorrow, public_from_en=tomorrow)
    before = client.get("/data/partners.csv")["ETag"]
    version.forget()
    Partner.objects.filter(pk=kent.pk).update(public_from_fr=LONG_AGO, public_from_en=LONG_AGO)  # as if a day passed
    assert client.get("/data/partners.csv")["ETag"] != before


@pytest.mark.parametrize("address", ["/data/users.csv", "/data/partners.xml", "/data/Partners.csv", "/data/..csv"])
def test_other_addresses_lead_nowhere(client, address):
    assert client.get(address).status_code == 404


def test_the_data_are_read_only(client, full_site):
    assert client.post("/data/partners.csv").status_code == 405
    assert client.head("/data/partners.csv").status_code == 200


@pytest.mark.parametrize("language", codes())
def test_the_dictionary_explains_every_column_and_leads_to_every_file(client, full_site, language):
    with override(language):
        page = get(client, reverse("data"))
    named = [name.text for name in page.all("dt")]
    for columns in PROMISED.values():
        assert set(columns.split()) <= set(named)
    assert set(ADDRESSES) <= {link["href"] for link in page.all("a")}
    assert all(meaning.text for meaning in page.all("dd"))


@pytest.mark.parametrize("language", codes())
def test_the_short_address_leads_to_the_page_in_the_visitors_language(client, language):
    response = client.get("/data/", headers={"accept-language": language})
    assert response.status_code == 302 and response["Location"].startswith(f"/{language}/")


@pytest.mark.parametrize(
    "asked, named", [("partner={0}", 1), ("partner={0}&partner={1}", 2), ("partner=x", 2), ("", 2)]
)
def test_the_figures_can_be_those_of_some_partners(client, asked, named):
    partners = [make_partner("Nord"), make_partner("Kent")]
    for partner in partners:
        make_figure(partner)
    response = client.get("/data/key-figures.csv?" + asked.format(*(partner.pk for partner in partners)))
    assert len(b"".join(response).splitlines()) == 1 + named


def test_a_statement_stands_without_mark_up_with_its_partner_and_theme(client, full_site):
    (row,) = rows_of(client, "theme-statements")
    assert (row["partner_name_en"], row["theme_title_en"], row["statement_en"]) == (
        "Department of Nord",
        "Jeunesse (EN)",
        "The sea.",
    )


def test_a_news_item_names_its_partners_and_themes_by_number(client, full_site):
    (row,) = rows_of(client, "news")
    assert (row["kind"], row["starts_on"], row["partners"]) == ("event", "2020-02-05", str(full_site.pk))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_file_says_its_licence_and_where_it_is_described(client, full_site, address, settings):
    response = client.get(address)
    assert settings.DATA_LICENCE[1] in response["Link"] and 'rel="describedby"' in response["Link"]
    if address.endswith("json"):
        about = json.loads(body(response))
        assert (about["date"], about["licence"]) == (timezone.localdate().isoformat(), settings.DATA_LICENCE[0])
