"""The traps of texts that fall back, each as a visitor, an editor or an importer would meet it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils.translation import override

from partners.models import ElectedMember, Partner, PartnerTheme
from portal.languages import codes, column, read, shown_column, translated_fields
from portal.snapshots import fields_of, registered, snapshot
from tests.factories import make_french_only, make_member, make_page, make_partner, make_statement, make_theme

pytestmark = pytest.mark.django_db
CODE = [
    path
    for app in ("portal", "partners", "themes")
    for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
    if "migrations" not in path.parts
]


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_sorting_puts_an_untranslated_name_where_the_visitor_reads_it():
    make_partner("Zélande", name_en="Zeeland")
    make_partner("Nord", name_en="Nord")
    make_french_only("Hauts-de-France", name_fr="Hauts-de-France")
    english = Partner.objects.ordered_as_read("en", "name")
    assert [read(partner, "en").name for partner in english] == ["Hauts-de-France", "Nord", "Zeeland"]
    french = Partner.objects.ordered_as_read("fr", "name")
    assert [read(partner, "fr").name for partner in french] == sorted(read(partner, "fr").name for partner in french)


def test_sorting_ignores_an_english_name_that_is_not_public():
    make_partner("Nord", name_fr="Nord", name_en="Z of the North", public_from_en=None)
    make_partner("Oise", name_fr="Oise", name_en="Oise")
    assert [read(partner, "en").name for partner in Partner.objects.ordered_as_read("en", "name")] == ["Nord", "Oise"]


def test_grouping_across_a_relation_gives_english_labels_under_english(client):
    partner = make_partner()
    make_statement(partner, make_theme("Jeunesse", title_en="Youth"))
    labels = PartnerTheme.objects.values_list(f"theme__{column('title', 'en')}")
    assert list(labels) == [("Youth",)]
    html = page(client, "/en/partners/")
    assert "Youth" in html and "Jeunesse" not in html


def test_a_filter_across_a_relation_names_the_column_and_finds_what_is_shown():
    member = make_member(make_partner(name_en="Department of Nord"))
    with override("en"):
        assert ElectedMember.objects.get(**{f"partner__{column('name', 'en')}": "Department of Nord"}) == member


def test_an_expression_on_a_shown_text_is_never_empty():
    make_french_only(name_fr="Hauts-de-France")
    with override("en"):
        row = Partner.objects.annotate(lowered=Lower(shown_column("name", "en"))).get()
    assert row.lowered == "hauts-de-france"


def test_no_query_of_the_portal_names_the_base_column_of_a_translated_field():
    names = {name for model in registered() for name in translated_fields(model)} - {"confirmed"}
    query = re.compile(
        rf"\b(?:filter|exclude|order_by|values|values_list|annotate|aggregate|only|defer|F)"
        rf"\([^)]*?[\"'( ](?:\w+__)?({'|'.join(names)})(?:__i?\w+)?(?:[\"']|=)",
    )
    # The library's pictures and elected members have names of their own that are not translated.
    allowed = {"name", "theme"}
    found = [
        (path.name, hit[0])
        for path in CODE
        for hit in query.finditer(path.read_text(encoding="utf-8"))
        if hit[1] not in allowed
    ]
    assert found == []


def test_the_link_printed_for_a_page_that_falls_back_leads_to_it(client):
    partner = make_french_only("Hauts-de-France")
    address = partner.get_absolute_url("en")
    assert f'href="{address}"' in page(client, "/en/partners/")
    assert client.get(address).status_code == 200


def test_the_slug_of_another_language_redirects_to_the_right_address(client):
    partner = make_partner()
    assert partner.slug_fr != partner.slug_en
    response = client.get(f"/en/partners/{partner.slug_fr}/")
    assert (response.status_code, response["Location"]) == (301, partner.get_absolute_url("en"))


def test_missing_slugs_never_collide_and_languages_may_share_one():
    make_partner("Un", slug_fr="commun"), make_partner("Deux", slug_en="commun")
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.filter(slug_en="commun").update(slug_fr="commun")
    Partner.objects.update(slug_fr=None)
    assert Partner.objects.filter(slug_fr=None).count() == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_importer_run_twice_under_any_language_makes_nothing_twice(language):
    with override(language):
        partner = make_french_only(slug_fr="hauts-de-france")
        Partner.objects.update_or_create(slug_fr="hauts-de-france", defaults={"seat_fr": "Lille"})
    assert Partner.objects.get() == partner


def test_what_a_query_asks_for_does_not_change_with_the_language_in_which_it_runs():
    make_partner(name_fr="Comté", name_en="County")
    with override("fr"):
        rows = Partner.objects.ordered_as_read("en", "name")
    with override("en"):
        assert rows.get().shown == "County"
    with override("fr"):
        assert rows.all().get().shown == "County"


def test_the_database_and_the_form_refuse_a_public_language_without_its_texts():
    partner = make_partner()
    for empty in ("", None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Partner.objects.filter(pk=partner.pk).update(name_en=empty)
        partner.name_en = empty
        with pytest.raises(ValidationError) as refusal:
            partner.full_clean()
        assert "name_en" in refusal.value.message_dict


@pytest.mark.parametrize("last_saved_under", codes())
def test_the_language_of_the_last_save_changes_no_page(client, last_saved_under):
    partner = make_partner(name_fr="Comté", name_en="County")
    with override(last_saved_under):
        Partner.objects.get(pk=partner.pk).save()
    assert "<h1>Comté" in re.sub(r"<h1[^>]*>\s*", "<h1>", page(client, partner.get_absolute_url("fr")))
    assert "<h1>County" in re.sub(r"<h1[^>]*>\s*", "<h1>", page(client, partner.get_absolute_url("en")))


def test_no_snapshot_holds_a_base_column():
    for model in registered():
        assert not set(fields_of(model)) & set(translated_fields(model))
    with override("en"):
        assert "name" not in snapshot(make_partner())["fields"]


def test_a_text_that_falls_back_is_marked_with_its_language_and_announced(client):
    partner = make_french_only(name_fr="Région Hauts-de-France")
    html = page(client, partner.get_absolute_url("en"))
    assert re.search(r'lang="fr"[^>]*>\s*Région Hauts-de-France', html)
    assert re.search(r'<meta name="robots" content="[^"]*noindex', html)
    assert 'hreflang="en"' not in html.split("</head>")[0]


def test_counting_is_the_same_in_every_language():
    (
        make_partner("Nord"),
        make_french_only("Hauts-de-France"),
        make_partner("Kent", public_from_fr=None, source_language="en"),
    )
    counts = set()
    for language in codes():
        with override(language):
            counts.add((Partner.objects.published().count(), Partner.objects.ordered_as_read(language, "name").count()))
    assert counts == {(3, 3)}


def test_the_verbs_that_are_fine_stay_fine():
    partner = make_partner(name_fr="Comté", name_en="County")
    with override("en"):
        assert Partner.objects.only("name_fr", "name_en").get().name_en == "County"
        partner.seat_en = "Bruges"
        Partner.objects.bulk_update([partner], ["seat_en"])
        partner.summary_en = "Summary."
        partner.save(update_fields=["summary_en"])
        partner.refresh_from_db()
    assert (partner.name_fr, partner.seat_en, partner.summary_en) == ("Comté", "Bruges", "Summary.")


@pytest.mark.parametrize("typed", ["Zélande", "zelande", "ZÉLANDE"])
def test_searching_in_english_finds_the_french_name_that_is_shown_there(client, typed):
    make_french_only("Zélande", name_fr="Province de Zélande")
    assert "Province de Zélande" in re.sub(r"</?mark>", "", page(client, f"/en/search/?q={typed}"))


def test_filtering_by_theme_takes_the_address_of_the_theme_in_either_language(client):
    make_statement(make_partner("Nord", name_en="Nord"), make_theme("Jeunesse", title_en="Youth"))
    make_partner("Kent", name_en="Kent")
    for slug in ("youth", "jeunesse"):
        html = page(client, f"/en/partners/?theme={slug}")
        assert "Nord</a>" in html and "Kent</a>" not in html


def test_the_library_and_its_tabs_from_elsewhere_are_in_no_form(admin_client):
    html = admin_client.get(f"/admin/partners/partner/{make_partner().pk}/change/").content.decode()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html) and "jquery-ui" not in html


@pytest.mark.parametrize(("make", "slug"), [(make_partner, "compare"), (make_page, "partners"), (make_page, "search")])
def test_an_address_that_the_site_itself_uses_is_refused_beside_its_field(make, slug):
    with pytest.raises(ValidationError) as refusal:
        make("Nord", slug_en=slug)
    assert list(refusal.value.message_dict) == ["slug_en"]
