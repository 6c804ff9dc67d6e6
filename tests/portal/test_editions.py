"""Drafts, publication in one language or both, history, trash and schedule, as an editor meets them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from partners.models import Partner, PartnerTheme
from portal import checks
from portal.changes import compare, same
from portal.drafts import (
    Moved,
    Stale,
    bring_back,
    discard_draft,
    keep_in_trash,
    publish,
    publish_due,
    restore,
    save_draft,
    schedule,
)
from portal.editions import Edition, formerly_at, working_draft
from portal.rehearsal import rehearsal
from portal.snapshots import apply, snapshot
from tests.factories import make_draft, make_figure, make_member, make_partner, make_statement, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return get_user_model().objects.create_user("editor")


def edited(record, **values):
    """What the record would say with other values in its own columns."""
    said = snapshot(record)
    return {"fields": said["fields"] | values, "rows": said["rows"]}


def draft_of(record, editor, **values):
    return save_draft(record, edited(record, **values), editor)


def test_a_snapshot_that_is_applied_at_once_changes_nothing():
    partner = make_partner()
    make_member(partner)
    make_figure(partner)
    make_statement(partner, make_theme())
    before = snapshot(partner)
    assert apply(before, partner) == []
    assert snapshot(partner) == before


def test_a_draft_touches_no_public_row(editor):
    partner = make_partner()
    before = snapshot(partner)
    draft_of(partner, editor, summary_fr="Nouveau")
    assert snapshot(partner) == before


def test_a_draft_that_says_what_is_public_is_no_draft(editor):
    partner = make_partner()
    assert draft_of(partner, editor) is None
    assert working_draft(partner) is None


def test_publishing_shows_the_draft_and_ends_it(editor):
    partner = make_partner()
    publish(draft_of(partner, editor, summary_fr="Nouveau"), editor)
    partner.refresh_from_db()
    assert partner.summary_fr == "Nouveau"
    assert working_draft(partner) is None


def test_publishing_french_leaves_the_english_in_the_draft(editor):
    partner = make_partner()
    publish(
        draft_of(partner, editor, summary_fr="Nouveau", summary_en="New", website="https://new.example/"),
        editor,
        ["fr"],
    )
    partner.refresh_from_db()
    assert (partner.summary_fr, partner.summary_en, partner.website) == ("Nouveau", None, "https://new.example/")
    waiting = working_draft(partner)
    assert [change.field for change in waiting.changes_from(waiting.base)] == ["summary_en"]
    publish(waiting, editor, ["en"])
    partner.refresh_from_db()
    assert partner.summary_en == "New"
    assert working_draft(partner) is None


def test_a_new_row_published_in_french_keeps_its_english_in_the_draft(editor):
    partner = make_partner()
    member = make_member(partner)
    said, key = snapshot(partner), member.pk
    member.delete()
    publish(save_draft(partner, said, editor), editor, ["fr"])
    (row,) = partner.elected_members.all()
    assert (row.pk, row.role_fr, row.role_en or "") == (key, "Rôle", "")
    publish(working_draft(partner), editor, ["en"])
    assert partner.elected_members.get().role_en == "Role"


def test_a_record_never_published_opens_in_the_languages_that_are_written(editor):
    partner = make_draft(name_en="", name_in_sentence_en="")
    publish(save_draft(partner, snapshot(partner), editor), editor)
    partner.refresh_from_db()
    assert partner.public_languages() == ("fr",)


def test_publishing_a_language_that_is_not_written_is_refused_by_name(editor):
    partner = make_draft(name_en="", name_in_sentence_en="")
    draft = save_draft(partner, snapshot(partner), editor)
    with pytest.raises(ValidationError) as refusal:
        publish(draft, editor, ["en"])
    assert any("(EN)" in message for message in refusal.value.messages)
    partner.refresh_from_db()
    assert partner.public_languages() == ()


def test_a_form_that_holds_an_older_revision_is_told_so(editor):
    partner = make_partner()
    draft_of(partner, editor, summary_fr="Un")
    with pytest.raises(Stale) as told:
        save_draft(partner, edited(partner, summary_fr="Deux"), editor, revision=0)
    assert told.value.draft.snapshot["fields"]["summary_fr"] == "Un"
    with pytest.raises(Stale):
        discard_draft(partner, revision=7)


def test_a_page_that_moved_meanwhile_is_shown_before_it_is_replaced(editor):
    partner = make_partner()
    draft = draft_of(partner, editor, summary_fr="Nouveau")
    Partner.objects.filter(pk=partner.pk).update(seat_fr="Lille")
    with pytest.raises(Moved) as told:
        publish(draft, editor)
    assert [change.field for change in told.value.changes] == ["seat_fr"]
    publish(draft, editor, knowing=True)
    partner.refresh_from_db()
    assert partner.summary_fr == "Nouveau"


def test_swapping_two_themes_in_a_draft_can_be_published(editor):
    partner = make_partner()
    one, other = make_theme("Un"), make_theme("Deux")
    first, second = make_statement(partner, one), make_statement(partner, other)
    said = snapshot(partner)
    rows = said["rows"]["partner_themes"]
    rows[str(first.pk)]["theme"], rows[str(second.pk)]["theme"] = other.pk, one.pk
    publish(save_draft(partner, said, editor), editor)
    assert PartnerTheme.objects.get(pk=first.pk).theme == other


def test_what_no_longer_fits_keeps_its_public_value_and_is_refused_when_published(editor):
    partner = make_partner()
    draft = draft_of(partner, editor, slug_fr="pris", summary_fr="Nouveau")
    make_partner("Autre", slug_fr="pris")
    with rehearsal(partner):
        messages = apply(draft.snapshot, partner, forgiving=True)
    assert len(messages) == 1
    assert (partner.slug_fr, partner.summary_fr) == ("departement-du-nord", "Nouveau")
    with pytest.raises(ValidationError):
        publish(draft, editor)


def test_a_row_whose_theme_is_gone_is_left_out_and_told(editor):
    partner, theme = make_partner(), make_theme()
    statement = make_statement(partner, theme)
    said = snapshot(partner)
    statement.delete()
    theme.delete()
    assert len(apply(said, partner, forgiving=True)) == 1
    assert not partner.partner_themes.exists()


def test_a_snapshot_survives_fields_that_came_and_went(editor):
    partner = make_partner()
    said = edited(partner, summary_fr="Nouveau", colour_of_the_flag="bleu")
    del said["fields"]["website"]
    publish(save_draft(partner, said, editor), editor)
    partner.refresh_from_db()
    assert partner.summary_fr == "Nouveau"


def test_a_restored_edition_reads_as_it_read_then(editor):
    partner = make_partner(summary_fr="Un")
    make_member(partner)
    then = snapshot(partner)
    publish(draft_of(partner, editor, summary_fr="Deux"), editor)
    partner.elected_members.all().delete()
    publish(save_draft(partner, snapshot(partner), editor), editor, knowing=True)
    oldest = Edition.objects.of(partner).history().last()
    publish(restore(oldest, editor), editor)
    assert same(Partner, snapshot(partner), then)


def test_a_deleted_partner_comes_back_with_its_address_and_its_rows_as_a_draft(editor):
    partner = make_partner(slug_fr="nord")
    make_member(partner)
    said, key = snapshot(partner), partner.pk
    trashed = keep_in_trash(partner, editor)
    partner.delete()
    back = bring_back(trashed, editor)
    assert (back.pk, back.slug_fr, back.is_public()) == (key, "nord", False)
    publish(working_draft(back), editor)
    assert same(Partner, snapshot(back), said)
    assert not Edition.objects.trash().exists()


def test_a_partner_whose_address_was_taken_does_not_come_back_silently(editor):
    partner = make_partner(slug_fr="nord")
    trashed = keep_in_trash(partner, editor)
    partner.delete()
    make_partner("Autre", slug_fr="nord")
    with pytest.raises(ValidationError):
        bring_back(trashed, editor)
    assert Edition.objects.trash().count() == 1


def test_a_former_address_is_found_in_the_history(editor):
    partner = make_partner(slug_fr="avant")
    publish(draft_of(partner, editor, slug_fr="apres"), editor)
    assert formerly_at(Partner, "avant") == [str(partner.pk)]


def test_what_is_due_is_published_once(editor):
    partner = make_partner()
    schedule(draft_of(partner, editor, summary_fr="Nouveau"), timezone.now() + timedelta(hours=1), editor)
    assert publish_due() == (0, 0)
    later = timezone.now() + timedelta(hours=2)
    assert publish_due(later) == (1, 0)
    assert publish_due(later) == (0, 0)
    partner.refresh_from_db()
    assert partner.summary_fr == "Nouveau"


def test_an_edition_that_no_longer_fits_goes_back_with_its_reason_and_stops_no_other(editor):
    soon = timezone.now() + timedelta(hours=1)
    wrong, right = make_partner("A"), make_partner("B")
    schedule(draft_of(wrong, editor, slug_fr="pris"), soon, editor)
    schedule(draft_of(right, editor, summary_fr="Nouveau"), soon, editor)
    make_partner("C", slug_fr="pris")
    assert publish_due(soon + timedelta(hours=1)) == (1, 1)
    left = working_draft(wrong)
    assert left.state == Edition.State.DRAFT
    assert "slug" in left.reason.lower() or "adresse" in left.reason.lower() or "address" in left.reason.lower()
    right.refresh_from_db()
    assert right.summary_fr == "Nouveau"


def test_a_schedule_in_the_past_is_refused(editor):
    draft = draft_of(make_partner(), editor, summary_fr="Nouveau")
    with pytest.raises(ValidationError):
        schedule(draft, timezone.now() - timedelta(minutes=1), editor)


def test_changes_are_told_by_field_language_and_row(editor):
    partner = make_partner()
    first, second = make_member(partner, "A", position=1), make_member(partner, "B", position=2)
    before, gone = snapshot(partner), str(second.pk)
    first.position, second.position = 2, 1
    first.save()
    second.delete()
    third = make_member(partner, "C", position=3)
    partner.summary_en = "New"
    partner.save()
    told = {
        (change.kind, change.field, change.language, change.row)
        for change in compare(Partner, before, snapshot(partner))
    }
    assert told == {
        ("changed", "summary_en", "en", None),
        ("moved", "position", None, str(first.pk)),
        ("removed", None, None, gone),
        ("added", None, None, str(third.pk)),
    }


def test_an_instant_keeps_its_microseconds_from_the_row_to_the_snapshot_and_back():
    partner = make_partner(public_from_fr=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
    said = snapshot(partner)
    apply(json.loads(json.dumps(said)), partner)
    partner.refresh_from_db()
    assert partner.public_from_fr.microsecond == 678901
    assert snapshot(partner) == said


def test_a_model_that_is_published_but_not_as_editions_is_an_error_at_the_start(monkeypatch):
    assert checks.editions_of_what_is_published() == []
    monkeypatch.setattr(checks, "is_registered", lambda model: model is not Partner)
    assert [(found.id, "Partner" in found.msg) for found in checks.editions_of_what_is_published()] == [
        ("portal.E009", True)
    ]
