"""The partner's form: what is typed wrong, what is put in another order, what goes with a partner."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext, override

from partners.models import Partner, PartnerTheme
from tests.factories import (
    make_draft,
    make_figure,
    make_french_only,
    make_member,
    make_partner,
    make_statement,
    make_theme,
)
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

WRONG = {
    "a value without unit": (
        {"key_figures-0-value": "1500000", "key_figures-0-unit": ""},
        "key_figures-0-unit",
        "Say what the value counts: choose a unit, or “none” when the label says it.",
    ),
    "a mandate that ends before it begins": (
        {"elected_members-0-mandate_from": "2021-07-01", "elected_members-0-mandate_until": "2020-07-01"},
        "elected_members-0-mandate_until",
        "The mandate cannot end before it begins.",
    ),
    "a latitude beyond the pole": (
        {"latitude": "91", "longitude": "2.7775"},
        "latitude",
        "Ensure this value is less than or equal to %(limit_value)s.",
    ),
    "a latitude without longitude": (
        {"latitude": "50.29", "longitude": ""},
        "longitude",
        "Latitude and longitude go together: give both or neither.",
    ),
    "the address of another partner": (
        {"slug_en": "kent"},
        "slug_en",
        "Another page has this address in %(language)s: choose another.",
    ),
    "a partner succeeded by itself": ({"succeeded_by": "itself"}, "succeeded_by", "A partner cannot succeed itself."),
    "a website that is no address": ({"website": "pas de calais"}, "website", "Enter a valid URL."),
    "a rich text with a script": (
        {"presentation_en": "<p>Hello</p><script>alert(1)</script>"},
        "presentation_en",
        "This text contains code that a page must not carry: %(found)s. Nothing has been saved, and the rest of your "
        "text is still here: take the code out if you see it, then save again.",
    ),
    "a source language without a name": (
        {"name_fr": ""},
        "name_fr",
        "Needed: this is the language in which the page is written first.",
    ),
}
FILLED_IN = {"language": {"fr": "anglais", "en": "English"}, "limit_value": {"fr": "90", "en": "90"}}
FILLED_IN["found"] = dict.fromkeys(("fr", "en"), "<script>")


@pytest.fixture
def partner():
    partner = make_partner("Pas-de-Calais", slug_en="pas-de-calais")
    make_member(partner)
    make_figure(partner, value=None)
    make_partner("Kent", slug_fr="kent", slug_en="kent")
    return partner


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor"))
    return client


def form_of(partner):
    return reverse("admin:partners_partner_change", args=[partner.pk])


def errors_in(response):
    """Messages of the form and of its rows, by the name of the input beside which they stand."""
    forms = [response.context["adminform"].form]
    forms += [form for rows in response.context["inline_admin_formsets"] for form in rows.formset.forms]
    return {form.add_prefix(name): list(errors) for form in forms for name, errors in form.errors.items()}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("case", WRONG)
def test_what_is_typed_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(editor, partner, case, language):
    changes, field, message = WRONG[case]
    editor.cookies["interface_language"] = language
    typed = fields_of(editor.get(form_of(partner))) | changes | {"summary_fr": "Ce que je viens d’écrire."}
    typed = {name: str(partner.pk) if value == "itself" else value for name, value in typed.items()}
    response = editor.post(form_of(partner), typed)
    with override(language):
        told = gettext(message) % {name: words[language] for name, words in FILLED_IN.items()}
    assert response.status_code == 200
    assert errors_in(response) == {field: [told]}
    assert told in unescape(response.content.decode())
    shown = fields_of(response)
    assert {name: shown[name] for name in (*changes, "summary_fr")} == {
        name: typed[name] for name in (*changes, "summary_fr")
    }
    assert Partner.objects.get(pk=partner.pk).summary_fr != "Ce que je viens d’écrire."


def test_a_partner_written_in_english_needs_no_french(editor):
    address = reverse("admin:partners_partner_add")
    typed = fields_of(editor.get(address)) | {
        "source_language": "en",
        "country": "GB",
        "kind": "county_council",
        "status": "member",
        "name_en": "Kent County Council",
        "name_in_sentence_en": "Kent",
    }
    assert editor.post(address, typed).status_code == 302
    assert Partner.objects.get().slug_fr == Partner.objects.get().slug_en == "kent-county-council"


def test_two_themes_of_a_partner_can_exchange_their_places_in_one_save(editor, partner):
    tourism, youth = make_theme("Tourisme"), make_theme("Jeunesse")
    make_statement(partner, tourism, statement_en="<p>About tourism.</p>", position=1)
    make_statement(partner, youth, statement_en="<p>About youth.</p>", position=2)
    typed = fields_of(editor.get(form_of(partner)))
    typed |= {"partner_themes-0-theme": str(youth.pk), "partner_themes-1-theme": str(tourism.pk)}
    assert editor.post(form_of(partner), typed).status_code == 302
    kept = fields_of(editor.get(form_of(partner)))
    assert kept["partner_themes-0-theme"] == str(youth.pk)
    assert kept["partner_themes-0-statement_en"] == "<p>About tourism.</p>"
    assert kept["partner_themes-0-id"] == typed["partner_themes-0-id"]


def test_the_same_theme_twice_is_refused_in_words(editor, partner):
    tourism, youth = make_theme("Tourisme"), make_theme("Jeunesse")
    make_statement(partner, tourism, position=1)
    make_statement(partner, youth, position=2)
    typed = fields_of(editor.get(form_of(partner))) | {"partner_themes-1-theme": str(tourism.pk)}
    response = editor.post(form_of(partner), typed)
    assert response.status_code == 200
    assert any(rows.formset.non_form_errors() for rows in response.context["inline_admin_formsets"])


def test_rows_keep_the_order_in_which_they_are_put(editor, partner):
    first = partner.elected_members.get()
    second = make_member(partner, "Alex Martin", position=5)
    typed = fields_of(editor.get(form_of(partner)))
    typed |= {"elected_members-0-position": "2", "elected_members-1-position": "1"}
    assert editor.post(form_of(partner), typed).status_code == 302
    kept = fields_of(editor.get(form_of(partner)))
    assert [kept[f"elected_members-{place}-id"] for place in (0, 1)] == [str(second.pk), str(first.pk)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_both_languages_of_a_text_stand_side_by_side_and_name_their_language(editor, partner, language):
    editor.cookies["interface_language"] = language
    page = editor.get(form_of(partner)).content.decode()
    for field in ("name", "summary", "presentation", "slug", "public_from"):
        assert f"field-{field}_fr field-{field}_en" in page
    assert 'name="name_en"' in page
    assert page.count('lang="en"') > 10
    with override(language):
        named = gettext("%(field)s (%(language)s)") % {
            "field": gettext("name").capitalize(),
            "language": {"fr": "anglais", "en": "English"}[language],
        }
    assert named in page


def test_texts_of_some_sentences_are_written_in_small_text_areas(editor, partner):
    page = editor.get(reverse("admin:partners_partner_change", args=[partner.pk])).content.decode()
    for name in ("summary_fr", "summary_en", "elected_members-0-role_fr"):
        (area,) = re.findall(rf'<textarea name="{name}"[^>]*>', page)
        assert 'rows="3"' in area and "maxlength=" in area


def test_the_list_says_what_is_public_and_what_is_to_translate(editor):
    editor.cookies["interface_language"] = "en"
    make_french_only(summary_fr="Une région.")
    page = editor.get(reverse("admin:partners_partner_changelist")).content.decode()
    assert "public since" in page
    assert "not public" in page
    assert "English: name, name in a sentence, summary" in page


def test_a_partner_without_a_name_in_the_interface_language_is_named_all_the_same(editor):
    with override("en"):
        make_draft("Kent", source_language="en", name_fr="", name_in_sentence_fr="", name_en="Kent County Council")
    editor.cookies["interface_language"] = "fr"
    assert "Kent County Council" in editor.get(reverse("admin:partners_partner_changelist")).content.decode()


def test_the_list_costs_the_same_with_ten_partners_as_with_one(editor, django_assert_max_num_queries):
    address = reverse("admin:partners_partner_changelist")
    make_partner("Nord")
    with CaptureQueriesContext(connection) as alone:
        editor.get(address)
    for number in range(9):
        make_partner(f"P{number}")
    with django_assert_max_num_queries(len(alone)):
        editor.get(address)


def test_deleting_a_partner_says_what_goes_with_it(editor, partner):
    make_statement(partner, make_theme("Tourisme"))
    page = editor.get(reverse("admin:partners_partner_delete", args=[partner.pk])).content.decode()
    assert "Camille Dupont" in page
    assert "Tourisme" in page


@pytest.mark.parametrize(
    ("language", "message"),
    [("fr", "Département du Pas-de-Calais"), ("en", "Department of Pas-de-Calais")],
)
def test_a_theme_in_use_is_kept_and_the_message_names_the_partners(editor, partner, language, message):
    editor.cookies["interface_language"] = language
    theme = make_theme("Tourisme")
    make_statement(partner, theme)
    address = reverse("admin:themes_worktheme_delete", args=[theme.pk])
    page = unescape(editor.get(address).content.decode())
    assert message in page
    with override(language):
        assert gettext("This is still used, so it cannot be deleted. First take it out of:") in page
    editor.post(address, {"post": "yes"})
    assert PartnerTheme.objects.count() == 1
