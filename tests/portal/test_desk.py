"""What the desk finds on the content, and how an editor reaches it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from partners.models import Partner
from portal.desk import content, findings, page
from portal.drafts import save_draft
from portal.editions import working_draft
from portal.models import SiteSettings
from portal.snapshots import snapshot
from portal.staleness import confirm_all
from tests.factories import (
    make_draft,
    make_figure,
    make_french_only,
    make_member,
    make_page,
    make_partner,
    make_statement,
    make_theme,
)

pytestmark = pytest.mark.django_db


def found(kind=None):
    """Kind and place of all findings, or the places of one kind."""
    with override("en"):
        pairs = [(one.kind, one.anchor.removeprefix("id_"), one.language, one.note) for one in findings(content())]
    return [pair[1:] for pair in pairs if pair[0] == kind] if kind else pairs


def test_content_without_gaps_leaves_nothing_to_do():
    partner = make_partner()
    make_member(partner), make_figure(partner, as_of=timezone.localdate().year), make_page()
    make_statement(partner, make_theme())
    assert found() == []


def test_missing_and_stale_texts_are_found_where_they_are_mended():
    partner = make_partner(presentation_fr="<p>Un.</p>", presentation_en="<p>One.</p>", seat_fr="Gand")
    confirm_all(partner)
    partner.presentation_fr = "<p>Deux.</p>"
    partner.save()
    make_member(partner, position=1)
    make_member(partner, "Second", role_en="", position=2)
    assert found() == [
        ("missing", "seat_en", "en", ""),
        ("missing", "elected_members-1-role_en", "en", ""),
        ("stale", "presentation_en", "en", ""),
    ]


def test_a_page_that_nobody_has_begun_to_translate_counts_once():
    make_french_only(seat_fr="Lille", summary_fr="Résumé.")
    assert found() == [("missing", "name_en", "en", "nothing is translated yet")]


def test_the_desk_looks_at_the_draft_where_there_is_one(django_user_model):
    editor = django_user_model.objects.create_user("claude")
    partner = make_partner(seat_fr="Gand")
    said = snapshot(partner)
    key = "0b0f1b3e-5b0a-4c4e-9df0-6a2f5b4b1c11"
    rows = said["rows"] | {"elected_members": {key: {"name": "New", "role_fr": "Maire", "role_en": "", "position": 0}}}
    save_draft(partner, {"fields": said["fields"] | {"seat_en": "Ghent"}, "rows": rows}, editor)
    moment = timezone.localtime(working_draft(partner).saved_at)
    assert found() == [
        ("missing", "elected_members-0-role_en", "en", ""),
        ("draft", "", "", f"draft, claude, {moment:%d/%m/%Y %H:%M}"),
    ]


def test_reviews_are_due_from_their_day_on():
    today = timezone.localdate()
    make_partner(review_on_fr=today, review_on_en=today + timedelta(days=1))
    assert [pair[:2] for pair in found("review")] == [("review_on_fr", "fr")]


@pytest.mark.parametrize(
    ("target", "broken"),
    [
        ("/fr/", False),
        ("/fr/partenaires/", False),
        ("/fr/partenaires/departement-du-nord/", False),
        ("/fr/partenaires/department-of-nord/#carte", False),
        ("/en/partners/departement-du-essex/", True),
        ("/fr/partenaires/personne/", True),
        ("/fr/rien/", True),
        ("/nothing/at/all", True),
        ("/media/__processed__/plan.webp", False),
        ("https://www.kent.gov.uk/", False),
        ("https://kent", True),
        ("mailto:contact@example.org", False),
        ("mailto:contact", True),
        ("tel:+33 1", False),
        ("tel:", True),
    ],
)
def test_links_that_lead_nowhere_are_found(target, broken):
    make_partner(), make_draft()
    make_page(body_fr=f'<p>Lire <a href="{target}">cette page</a>.</p>')
    assert found("link") == ([("body_fr", "fr", target)] if broken else [])


def test_an_ended_mandate_is_found_until_somebody_succeeds():
    partner = make_partner()
    member = make_member(partner, mandate_until=date(2021, 5, 1))
    assert found("mandate") == [("elected_members-0-mandate_until", "", "01/05/2021")]
    make_member(partner, "Successor", position=1)
    assert found("mandate") == []
    member.delete()
    make_partner("Kent", status=Partner.Status.FORMER)
    assert found("mandate") == []


def test_only_the_latest_figure_can_be_old():
    partner = make_partner()
    year = timezone.localdate().year
    make_figure(partner, as_of=year - 3, position=1)
    assert found("figure") == [("key_figures-0-as_of", "", str(year - 3))]
    make_figure(partner, as_of=year - 2, position=2)
    assert found("figure") == []


def test_the_wording_of_every_text_is_looked_at_with_the_terms_that_editors_keep():
    SiteSettings.objects.create(pk=1, site_name_fr="Site", site_name_en="Site", terms="Channel Tunnel = Tunnel")
    make_partner(summary_en="The Channel Tunnel.", summary_fr="Le tunnel.")
    assert found("wording") == [("summary_en", "en", "“Channel Tunnel”: we write “Tunnel”.")]


@pytest.mark.parametrize("partners", [1, 5])
def test_the_desk_costs_ten_queries_at_most_whatever_the_number_of_records(
    partners, django_assert_max_num_queries, django_user_model, rf, admin_user
):
    theme = make_theme()
    for number in range(partners):
        partner = make_partner(f"Nord {number}", owner=admin_user)
        make_member(partner), make_figure(partner), make_statement(partner, theme, statement_en="")
        said = snapshot(partner)
        save_draft(partner, said | {"fields": said["fields"] | {"seat_fr": "Gand"}}, admin_user)
    request = rf.get("/admin/desk/")
    request.user = admin_user
    SiteSettings.load()  # held, as in any process that has shown a page since the last publication
    with django_assert_max_num_queries(10):
        assert b"Gand" not in page(request).render().content


def test_who_may_see_no_page_sees_no_finding(client):
    make_partner(seat_fr="Lille")
    user = get_user_model().objects.create_user("guest", is_staff=True)
    client.force_login(user)
    assert "seat_" not in client.get(reverse("desk")).content.decode()
    client.logout()
    assert client.get(reverse("desk")).status_code == 302


def test_an_editor_filters_by_language_owner_and_kind(admin_client, admin_user):
    make_partner("Nord", owner=admin_user, seat_fr="Lille")
    make_partner("Kent", source_language="en", seat_en="Maidstone")
    mine = admin_client.get(reverse("desk"), {"owner": admin_user.pk}).content.decode()
    assert "Nord" in mine and "Kent" not in mine
    french = admin_client.get(reverse("desk"), {"language": "fr", "kind": "missing"}).content.decode()
    assert "seat_fr" in french and "seat_en" not in french
    assert "seat_" not in admin_client.get(reverse("desk"), {"kind": "stale"}).content.decode()
    assert "seat_" in admin_client.get(reverse("desk"), {"p": "x", "owner": ""}).content.decode()


def test_the_home_page_of_the_back_office_counts_what_there_is_to_do(admin_client):
    html = admin_client.get(reverse("admin:index")).content.decode()
    assert "?kind=" not in html and reverse("desk") in html
    make_partner(seat_fr="Lille", summary_fr="Résumé.")
    html = admin_client.get(reverse("admin:index")).content.decode()
    assert "?kind=missing" in html and "<b>2</b>" in html
