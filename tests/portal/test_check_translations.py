"""What the command tells operators, and how it ends."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.drafts import save_draft
from portal.models import SiteSettings
from portal.snapshots import snapshot
from portal.staleness import confirm_all
from tests.factories import make_figure, make_french_only, make_member, make_page, make_partner, make_theme

pytestmark = pytest.mark.django_db


def check(*arguments):
    out, failed = StringIO(), None
    try:
        call_command("check_translations", *arguments, stdout=out)
    except CommandError as error:
        failed = str(error)
    return out.getvalue(), failed


def test_a_site_without_gaps_ends_well():
    make_partner(), make_theme(), make_page()
    out, failed = check()
    assert out.split() == ["state", "language", "public", "page", "row", "column"]
    assert failed is None


def test_what_is_missing_or_out_of_date_on_a_public_page_ends_badly():
    partner = make_partner(summary_fr="Résumé", presentation_fr="<p>Un</p>", presentation_en="<p>One</p>")
    confirm_all(partner)
    partner.presentation_fr = "<p>Deux</p>"
    partner.save()
    member = make_member(partner, role_en="")
    out, failed = check()
    assert failed == "3 public translations are missing or out of date."
    assert [line.split()[:3] for line in out.splitlines()[1:]] == [
        ["missing", "en", "yes"],
        ["stale", "en", "yes"],
        ["missing", "en", "yes"],
    ]
    assert f"partners.partner {partner.pk} Département du Nord" in out
    assert f"partners.electedmember {member.pk}  role_en" in out


def test_a_page_that_is_not_public_in_a_language_is_listed_and_breaks_nothing():
    make_french_only()
    out, failed = check("--format", "json")
    assert [(line["state"], line["public"], line["column"]) for line in json.loads(out)] == [
        ("missing", False, "name_en"),
        ("missing", False, "name_in_sentence_en"),
    ]
    assert failed is None


def test_one_language_can_be_asked_for():
    make_partner(seat_fr="Gand")
    make_partner("Kent", source_language="en", seat_en="Maidstone")
    assert [line["column"] for line in json.loads(check("--language", "fr", "--format", "json")[0])] == ["seat_fr"]


def test_a_draft_does_not_count_until_it_is_public():
    partner = make_partner(summary_fr="Un", summary_en="One")
    said = snapshot(partner)
    save_draft(partner, said | {"fields": said["fields"] | {"summary_en": ""}}, None)
    assert check()[1] is None


@pytest.mark.parametrize("partners", [1, 4])
def test_the_number_of_queries_does_not_depend_on_the_number_of_pages(partners, django_assert_num_queries):
    for number in range(partners):
        make_figure(make_partner(f"Nord {number}"))
    SiteSettings.load()
    with django_assert_num_queries(10):
        check()
