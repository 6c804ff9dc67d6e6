"""What editors and translators see beside a translated text, and what their boxes do."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.translation import override

from partners.models import Partner
from portal import roles
from portal.desk import content
from portal.staleness import CURRENT, MISSING, STALE, confirm_all, rows, state
from tests.factories import make_figure, make_member, make_partner
from tests.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    partner = make_partner(
        summary_fr="Un", summary_en="One", presentation_fr="<p>Mer.</p>", presentation_en="<p>Sea.</p>"
    )
    confirm_all(partner)
    partner.save()
    return partner


@pytest.fixture
def stale(partner):
    Partner.objects.filter(pk=partner.pk).update(summary_fr="Deux")
    return partner


@pytest.fixture
def sign_in(client):
    roles.set_up()

    def signed_in(role):
        user = get_user_model().objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=roles.roles()[role].name))
        client.force_login(user)
        client.cookies["interface_language"] = "en"
        return client

    return signed_in


@pytest.fixture
def editor(sign_in):
    return sign_in("editor")


def form_of(client, record):
    with override("en"):
        return client.get(reverse("admin:partners_partner_change", args=[record.pk]))


def save(client, record, **typed):
    """Change some fields of the form as it stands, save it, and return the page as editors now work on it."""
    shown = form_of(client, record)
    response = client.post(shown.request["PATH_INFO"], fields_of(shown) | typed | {"_draft": "1", "_continue": "1"})
    assert response.status_code == 302, re.findall(r'<ul class="errorlist.*?</ul>', response.content.decode())
    return next(one for one in content().worked_on if one == record)


def beside(client, record, name):
    """What stands beside a text, without mark-up."""
    html = form_of(client, record).content.decode()
    found = re.search(rf'id="id_{name}_helptext">(.*?)</div>\s*</div>\s*</div>', html, re.S)
    return " ".join(re.sub(r"<[^>]*>", "", found[1]).split()) if found else ""


def test_a_stale_text_shows_what_its_source_says_since_and_one_box(editor, stale):
    assert "Out of date" in beside(editor, stale, "summary_en")
    html = form_of(editor, stale).content.decode()
    assert re.search(r"<del><span[^>]*>\[removed: </span>Un<", html) and 'name="right-summary_en"' in html
    assert 'aria-describedby="id_summary_en_helptext"' in html
    assert 'name="right-presentation_en"' not in html


def test_still_right_brings_it_up_to_date(editor, stale):
    assert state(save(editor, stale, **{"right-summary_en": "on"}), "summary", "en") == CURRENT


def test_saving_without_a_word_leaves_it_stale(editor, stale):
    assert state(save(editor, stale, seat_fr="Lille"), "summary", "en") == STALE


def test_writing_the_source_makes_it_stale_and_both_do_not(editor, partner):
    changed = save(editor, partner, summary_fr="Deux", presentation_fr="<p>Océan.</p>", presentation_en="<p>Ocean.</p>")
    assert (state(changed, "summary", "en"), state(changed, "presentation", "en")) == (STALE, CURRENT)


def test_a_change_that_does_not_affect_the_translation_is_said_beside_the_source(editor, partner):
    assert state(save(editor, partner, summary_fr="Un.", **{"unaffected-summary_fr": "on"}), "summary", "en") == CURRENT


def test_the_rows_of_a_page_have_their_states_too(editor, partner):
    member = make_member(partner, role_fr="Maire", role_en="")
    changed = save(editor, partner, **{"elected_members-0-role_fr": "Maire de Lille"})
    assert state(next(rows(changed)), "role", "en") == MISSING
    changed = save(editor, partner, **{"elected_members-0-role_en": "Mayor"})
    assert state(next(rows(changed)), "role", "en") == CURRENT
    changed = save(editor, partner, **{"elected_members-0-role_fr": "Maire d’Arras"})
    assert state(next(rows(changed)), "role", "en") == STALE
    changed = save(editor, partner, **{"elected_members-0-right-role_en": "on"})
    assert (next(rows(changed)), state(next(rows(changed)), "role", "en")) == (member, CURRENT)


def test_another_source_language_keeps_what_is_known_of_the_page_and_its_rows(editor, partner):
    figure = make_figure(partner, source_name_fr="Insee", source_name_en="INSEE")
    confirm_all(figure)
    figure.save()
    make_member(partner)
    changed = save(editor, partner, source_language="en", **{"elected_members-0-role_fr": "Autre rôle"})
    assert state(changed, "summary", "fr") == CURRENT
    found = {
        one: {field: state(one, field, "fr") for field in ("role", "source_name") if hasattr(one, field)}
        for one in rows(changed)
    }
    assert list(found.values()) == [{"role": CURRENT}, {"source_name": CURRENT}]
    changed = save(editor, partner, **{"key_figures-0-source_name_en": "French statistics"})
    assert [state(one, "source_name", "fr") for one in changed.key_figures.all()] == [STALE]


def test_french_typography_is_corrected_on_request_and_confirms_nothing(editor, partner):
    assert "French typography" in beside(editor, save(editor, partner, summary_fr="Un !"), "summary_fr")
    changed = save(editor, partner, **{"typography-summary_fr": "on"})
    assert (changed.summary_fr, state(changed, "summary", "en")) == ("Un\u202f!", STALE)


def test_remarks_stand_beside_the_text_and_stop_nobody(editor, partner):
    save(editor, partner, summary_en="For 30 years, the Strait Committee")
    said = beside(editor, partner, "summary_en")
    assert "“For 30 years” will be wrong next year" in said and "we write “Straits Committee”" in said


def test_a_translator_changes_one_language_whatever_is_posted(sign_in, partner):
    translator = sign_in("translator-en")
    html = form_of(translator, partner).content.decode()
    assert re.search(r'name="summary_fr"[^>]*disabled', html) and not re.search(r'name="summary_en"[^>]*disabled', html)
    changed = save(
        translator,
        partner,
        summary_en="Two",
        summary_fr="Piraté",
        source_language="en",
        country="GB",
        public_from_en_0="2030-01-01",
        **{"typography-summary_fr": "on"},
    )
    assert (changed.summary_en, changed.summary_fr, changed.source_language, changed.country) == (
        "Two",
        "Un",
        "fr",
        "FR",
    )
    assert changed.public_from_en == partner.public_from_en


def test_a_translator_cannot_say_of_the_source_that_nothing_changed(sign_in, stale):
    translator = sign_in("translator-en")
    assert 'name="unaffected-' not in form_of(translator, stale).content.decode()
    assert state(save(translator, stale, **{"unaffected-summary_fr": "on"}), "summary", "en") == STALE
    assert state(save(translator, stale, **{"right-summary_en": "on"}), "summary", "en") == CURRENT


def test_a_translator_of_the_other_language_cannot_say_that_it_is_right(sign_in, stale):
    translator = sign_in("translator-fr")
    assert 'name="right-' not in form_of(translator, stale).content.decode()
    assert state(save(translator, stale, **{"right-summary_en": "on"}), "summary", "en") == STALE


def test_a_translator_mends_rows_and_adds_or_removes_none(sign_in, partner):
    make_member(partner, role_en="")
    translator = sign_in("translator-en")
    html = form_of(translator, partner).content.decode()
    assert "elected_members-0-DELETE" not in html
    changed = save(
        translator,
        partner,
        **{"elected_members-0-role_en": "Role", "elected_members-0-role_fr": "X", "elected_members-0-DELETE": "on"},
    )
    (member,) = rows(changed)
    assert (member.role_en, member.role_fr) == ("Role", "Rôle")


@pytest.mark.parametrize("figures", [1, 4])
def test_the_form_asks_no_more_however_many_rows_there_are(figures, editor, partner, django_assert_max_num_queries):
    for position in range(figures):
        make_figure(partner, position=position)
    with django_assert_max_num_queries(40):
        form_of(editor, partner)
