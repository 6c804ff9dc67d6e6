"""Which text a reader gets, in Python and in SQL alike."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import Partner
from portal.languages import codes, read, shown_column, translated_fields
from tests.factories import LONG_AGO, make_french_only, make_member, make_partner, make_theme

pytestmark = pytest.mark.django_db


def test_a_text_says_which_language_it_is_written_in():
    partner = read(make_french_only(), "en")
    assert partner.name == "Département du Hauts-de-France"
    assert partner.name.language == "fr"


def test_a_row_falls_back_as_its_page_does():
    partner = make_french_only()
    make_member(partner)
    (member,) = read(partner, "en").current_members()
    assert (member.role, member.role.language) == ("Rôle", "fr")


@pytest.mark.parametrize("source", ["fr", "en"])
@pytest.mark.parametrize("opens_fr", [None, LONG_AGO, timezone.now() + timedelta(days=1)])
@pytest.mark.parametrize("opens_en", [None, LONG_AGO, timezone.now() + timedelta(days=1)])
@pytest.mark.parametrize("seat_en", [None, "", "Ghent"])
def test_the_text_in_sql_is_the_text_on_the_page(source, opens_fr, opens_en, seat_en):
    partner = make_partner(
        source_language=source, public_from_fr=opens_fr, public_from_en=opens_en, seat_fr="Gand", seat_en=seat_en
    )
    for language in codes():
        for row in Partner.objects.published().annotate(shown=shown_column("seat", language)):
            assert row.shown == read(partner, language).seat


def test_the_translated_fields_of_a_model_are_listed_in_its_order():
    assert translated_fields(Partner)[:2] == ("slug", "public_from")


def test_french_is_printed_with_its_typography_and_english_as_it_is_typed():
    theme = make_theme(title_fr="L'eau : pourquoi ?", title_en='It\'s "ours" ?', body_fr='<p>Un "port" !</p>')
    french, english = read(theme, "fr"), read(theme, "en")
    assert french.title == "L’eau\u00a0: pourquoi\u202f?" and english.title == 'It\'s "ours" ?'
    assert french.body == "<p>Un «\u202fport\u202f»\u202f!</p>" and french.slug == theme.slug_fr
    theme.refresh_from_db()
    assert theme.title_fr == "L'eau : pourquoi ?"
