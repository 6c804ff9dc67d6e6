"""The change form as an editor, a publisher and two people at once meet it."""

import threading
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from partners.models import ElectedMember, Partner
from portal import roles
from portal.drafts import Stale, publish, publish_due, save_draft, schedule
from portal.editions import Edition, working_draft
from portal.models import SiteSettings
from portal.sharing import ShareLink
from portal.snapshots import snapshot
from tests.factories import make_member, make_partner, make_statement, make_theme
from tests.forms import fields_of

pytestmark = pytest.mark.django_db


def make_editor(name="editor", role="editor"):
    roles.set_up()
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=roles.roles()[role].name))
    return user


@pytest.fixture
def editor(client):
    user = make_editor()
    client.force_login(user)
    return client


@pytest.fixture
def publisher(client):
    user = make_editor("publisher", "publisher")
    client.force_login(user)
    return client


def address(partner, name="change"):
    return reverse(f"admin:partners_partner_{name}", args=[partner.pk])


def post(client, partner, action="_draft", value="1", **typed):
    form = fields_of(client.get(address(partner)))
    return client.post(address(partner), form | typed | {action: value})


# Drafts --------------------------------------------------------------------------------------------------------------


def test_saving_a_draft_changes_nothing_that_visitors_see(editor):
    partner = make_partner()
    make_member(partner)
    before = snapshot(partner)
    response = post(editor, partner, summary_fr="Nouveau")
    assert response.status_code == 302
    assert snapshot(partner) == before
    assert working_draft(partner).snapshot["fields"]["summary_fr"] == "Nouveau"


def test_the_form_opens_on_the_draft(editor):
    partner = make_partner()
    post(editor, partner, summary_fr="Nouveau")
    page = editor.get(address(partner))
    assert fields_of(page)["summary_fr"] == "Nouveau"
    assert fields_of(page)["_revision"] == "1"


def test_the_form_says_in_words_what_state_the_page_is_in(editor):
    partner = make_partner()
    post(editor, partner, summary_fr="Nouveau", summary_en="New")
    page = editor.get(address(partner), headers={"accept-language": "en"}).content.decode()
    assert "Public in French since" in page
    assert "It differs from the public page in 2 fields." in page


def test_saving_without_a_change_keeps_no_draft(editor):
    partner = make_partner()
    make_member(partner)
    post(editor, partner)
    assert working_draft(partner) is None


def test_a_new_row_lives_in_the_draft_until_it_is_published(publisher):
    partner = make_partner()
    prefix = "elected_members"
    post(
        publisher,
        partner,
        **{f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-0-name": "Camille Dupont", f"{prefix}-0-position": "1"},
    )
    assert not ElectedMember.objects.exists()
    page = publisher.get(address(partner))
    assert fields_of(page)[f"{prefix}-0-name"] == "Camille Dupont"
    post(publisher, partner, f"{prefix}-0-role_fr", "Présidente")
    post(publisher, partner, "_publish", "")
    assert ElectedMember.objects.get().role_fr == "Présidente"
    assert working_draft(partner) is None


def test_errors_of_the_form_stand_beside_the_field_with_what_was_typed(editor):
    partner = make_partner()
    page = post(editor, partner, website="pas une adresse", summary_fr="Nouveau")
    assert page.status_code == 200
    assert fields_of(page)["website"] == "pas une adresse"
    assert fields_of(page)["summary_fr"] == "Nouveau"
    assert working_draft(partner) is None


# Publishing, and who may ---------------------------------------------------------------------------------------------


def test_an_editor_cannot_publish_schedule_restore_share_or_empty_the_trash(editor):
    partner = make_partner()
    page = editor.get(address(partner)).content.decode()
    assert 'name="_publish"' not in page
    for action in ("_publish", "_schedule"):
        assert post(editor, partner, action, "", summary_fr="Nouveau").status_code == 403
    post(editor, partner, summary_fr="Nouveau")
    edition = Edition.objects.of(partner).history().get()
    assert editor.post(reverse("admin:partners_partner_restore", args=[partner.pk, edition.pk])).status_code == 403
    assert editor.get(address(partner, "share")).status_code == 403
    assert editor.get(reverse("admin:partners_partner_trash")).status_code == 403
    partner.refresh_from_db()
    assert not partner.summary_fr


def test_an_editor_cannot_open_a_page_by_posting_its_dates(editor):
    partner = make_partner(public_from_en=None)
    form = fields_of(editor.get(address(partner)))
    posted = form | {
        "public_from_en_0": "2020-01-01",
        "public_from_en_1": "10:00",
        "summary_fr": "Nouveau",
        "_draft": "1",
    }
    editor.post(address(partner), posted)
    assert working_draft(partner).snapshot["fields"]["public_from_en"] is None


def test_a_publisher_publishes_one_language_and_the_other_waits(publisher):
    partner = make_partner()
    post(publisher, partner, "_publish", "fr", summary_fr="Nouveau", summary_en="New")
    partner.refresh_from_db()
    assert (partner.summary_fr, partner.summary_en) == ("Nouveau", None)
    assert fields_of(publisher.get(address(partner)))["summary_en"] == "New"


def test_publishing_is_logged_and_says_so_once(publisher):
    partner = make_partner()
    post(publisher, partner, "_publish", "", summary_fr="Nouveau")
    assert LogEntry.objects.count() == 1
    page = publisher.get(address(partner))
    assert len(list(page.context["messages"])) == 1


# Two at once ---------------------------------------------------------------------------------------------------------


def test_an_older_form_is_told_so_and_loses_nothing(editor, django_user_model):
    partner = make_partner()
    form = fields_of(editor.get(address(partner)))
    other = editor.__class__()
    other.force_login(make_editor("other"))
    post(other, partner, summary_fr="Autre")
    page = editor.post(
        address(partner), form | {"summary_fr": "Le mien", "_draft": "1"}, headers={"accept-language": "en"}
    )
    assert page.status_code == 409
    assert fields_of(page)["summary_fr"] == "Le mien"
    assert "other saved this page" in page.content.decode()
    assert working_draft(partner).snapshot["fields"]["summary_fr"] == "Autre"
    again = editor.post(address(partner), fields_of(page) | {"_draft": "1"})
    assert again.status_code == 302
    assert working_draft(partner).snapshot["fields"]["summary_fr"] == "Le mien"


def test_a_row_that_somebody_removed_meanwhile_waits_as_a_new_one_in_the_form_of_who_changed_it(editor):
    partner = make_partner()
    make_member(partner, "Gone", position=1)
    kept = make_member(partner, "Kept", position=2)
    form = fields_of(editor.get(address(partner)))
    other = editor.__class__()
    other.force_login(make_editor("other"))
    post(other, partner, **{"elected_members-0-DELETE": "on"})
    mine = {"elected_members-0-role_fr": "Maire", "elected_members-1-role_fr": "Vice-président"}
    page = editor.post(address(partner), form | mine | {"_draft": "1"})
    assert page.status_code == 409
    assert [change.kind for change in page.context["conflict"]["changes"]] == ["added", "changed"]
    assert editor.post(address(partner), fields_of(page) | {"_draft": "1"}).status_code == 302
    rows = working_draft(partner).snapshot["rows"]["elected_members"]
    assert {row["name"]: row["role_fr"] for row in rows.values()} == {"Gone": "Maire", "Kept": "Vice-président"}
    assert str(kept.pk) in rows


def test_what_happened_to_the_public_page_is_shown_before_it_is_replaced(publisher):
    partner = make_partner()
    post(publisher, partner, summary_fr="Nouveau")
    Partner.objects.filter(pk=partner.pk).update(seat_fr="Lille")
    form = fields_of(publisher.get(address(partner)))
    hasty = {name: value for name, value in form.items() if name != "_knowing"}
    publisher.post(address(partner), hasty | {"_publish": ""})
    assert Partner.objects.get().seat_fr == "Lille"
    page = publisher.get(address(partner))
    assert "Lille" in page.content.decode()
    publisher.post(address(partner), fields_of(page) | {"_publish": ""})
    assert Partner.objects.get().summary_fr == "Nouveau"


# A new page, a schedule, a mail --------------------------------------------------------------------------------------


def test_a_new_partner_is_saved_as_a_draft_public_in_no_language(editor):
    form = fields_of(editor.get(reverse("admin:partners_partner_add")))
    typed = {
        "name_fr": "Essex",
        "name_in_sentence_fr": "l’Essex",
        "country": "GB",
        "summary_fr": "Résumé",
        "_draft": "1",
    }
    response = editor.post(reverse("admin:partners_partner_add"), form | typed)
    partner = Partner.objects.get()
    assert response.url == address(partner)
    assert not partner.is_public()
    assert working_draft(partner).snapshot["fields"]["summary_fr"] == "Résumé"


def test_a_publisher_publishes_a_new_partner_in_one_go(publisher):
    form = fields_of(publisher.get(reverse("admin:partners_partner_add")))
    typed = {"name_fr": "Essex", "name_in_sentence_fr": "l’Essex", "country": "GB", "_publish": ""}
    publisher.post(reverse("admin:partners_partner_add"), form | typed)
    assert Partner.objects.get().public_languages() == ("fr",)


def test_a_scheduled_draft_is_published_when_due(publisher):
    partner = make_partner()
    soon = timezone.localtime() + timedelta(days=1)
    due = {"schedule-due_at_0": soon.strftime("%Y-%m-%d"), "schedule-due_at_1": soon.strftime("%H:%M:%S")}
    post(publisher, partner, "_schedule", "1", summary_fr="Nouveau", **due)
    assert working_draft(partner).state == "scheduled"
    publish_due(soon + timedelta(minutes=1))
    partner.refresh_from_db()
    assert partner.summary_fr == "Nouveau"


def test_who_saves_a_scheduled_draft_again_is_told_that_it_is_scheduled_no_more(publisher):
    partner = make_partner()
    said = snapshot(partner)
    said["fields"]["summary_fr"] = "Nouveau"
    schedule(save_draft(partner, said, None), timezone.now() + timedelta(days=1), None)
    page = publisher.get(address(partner), headers={"accept-language": "en"})
    assert "saving it again cancels that" in page.content.decode()
    form = fields_of(page) | {"summary_fr": "Autre", "_draft": "1"}
    after = publisher.post(address(partner), form, headers={"accept-language": "en"}, follow=True)
    assert working_draft(partner).state == "draft"
    assert "no longer scheduled" in after.content.decode()


def test_publishers_are_told_by_mail_in_both_languages_what_waits_for_them(editor, mailoutbox):
    make_editor("publisher", "publisher")
    get_user_model().objects.filter(username="publisher").update(email="publisher@example.org")
    get_user_model().objects.filter(username="editor").update(email="editor@example.org")
    partner = make_partner()
    post(editor, partner, "_submit", summary_fr="Nouveau", _comment="Merci de vérifier")
    (mail,) = mailoutbox
    assert mail.recipients() == ["publisher@example.org"]
    assert all(word in mail.subject for word in ("À relire", "To review"))
    assert all(
        mail.body.count(word) == 2 for word in ("editor", "Merci de vérifier", f"http://testserver{address(partner)}")
    )


def test_a_draft_is_submitted_even_when_no_mail_leaves(editor, settings, caplog):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    make_editor("publisher", "publisher")
    get_user_model().objects.filter(username="publisher").update(email="publisher@example.org")
    partner = make_partner()
    post(editor, partner, "_submit", summary_fr="Nouveau")
    assert working_draft(partner).state == "submitted"
    assert "No mail told the publishers" in caplog.text


def test_a_date_in_the_past_is_refused_beside_the_field_with_the_form_as_typed(publisher):
    partner = make_partner()
    due = {"schedule-due_at_0": "2020-01-01", "schedule-due_at_1": "10:00:00"}
    page = post(publisher, partner, "_schedule", "1", summary_fr="Nouveau", **due)
    assert page.status_code == 200
    assert fields_of(page)["summary_fr"] == "Nouveau"
    assert page.context["schedule_form"].errors
    assert working_draft(partner) is None


def test_the_command_says_what_it_published(publisher, capsys):
    partner = make_partner()
    post(publisher, partner, summary_fr="Nouveau")
    Edition.objects.working().update(state="scheduled", due_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_due", "--dry-run")
    assert Edition.objects.working().exists()
    call_command("publish_due")
    assert not Edition.objects.working().exists()
    assert str(partner) in capsys.readouterr().out


# Discarding, history and trash ---------------------------------------------------------------------------------------


def test_discarding_asks_first_and_says_what_is_lost(editor):
    partner = make_partner()
    post(editor, partner, summary_fr="Nouveau")
    page = editor.get(address(partner, "discard"))
    assert "Nouveau" in page.content.decode()
    editor.post(address(partner, "discard"), {"revision": "1"})
    assert working_draft(partner) is None


def test_history_compares_and_restores(publisher):
    partner = make_partner(summary_fr="Un")
    post(publisher, partner, "_publish", "", summary_fr="Deux", _comment="Mise à jour")
    new, old = Edition.objects.of(partner).history()
    page = publisher.get(address(partner, "history"), {"from": old.pk, "to": new.pk}).content.decode()
    assert "Mise à jour" in page
    assert "Deux" in page
    publisher.post(reverse("admin:partners_partner_restore", args=[partner.pk, old.pk]))
    assert working_draft(partner).snapshot["fields"]["summary_fr"] == "Un"


def test_a_deleted_partner_is_in_the_trash_and_comes_back(publisher):
    partner = make_partner()
    make_statement(partner, make_theme())
    publisher.post(address(partner, "delete"), {"post": "yes"})
    assert not Partner.objects.exists()
    trash = reverse("admin:partners_partner_trash")
    assert str(partner.name_fr) in publisher.get(trash).content.decode()
    publisher.post(trash, {"edition": Edition.objects.trash().get().pk})
    back = Partner.objects.get()
    assert (back.pk, back.slug_fr, back.is_public()) == (partner.pk, partner.slug_fr, False)


# What is typed, previewed and shared ---------------------------------------------------------------------------------


def test_what_is_typed_is_kept_valid_or_not_and_recovered_by_its_author_alone(editor):
    partner = make_partner()
    before = snapshot(partner)
    form = fields_of(editor.get(address(partner)))
    assert editor.post(address(partner, "typed"), form | {"website": "à moitié"}).status_code == 200
    assert snapshot(partner) == before
    assert working_draft(partner) is None
    page = editor.get(address(partner), {"recover": "1"})
    assert fields_of(page)["website"] == "à moitié"
    other = editor.__class__()
    other.force_login(make_editor("other"))
    assert fields_of(other.get(address(partner), {"recover": "1"}))["website"] == ""
    assert "editor" in other.get(address(partner)).content.decode()
    assert Edition.objects.history().count() == 0


def test_a_saved_draft_ends_what_was_typed(editor):
    partner = make_partner()
    editor.post(address(partner, "typed"), fields_of(editor.get(address(partner))) | {"summary_fr": "Nouveau"})
    post(editor, partner, summary_fr="Nouveau")
    assert not Edition.objects.filter(state="typed").exists()


def test_a_shared_link_shows_the_draft_counts_its_uses_and_can_be_revoked(publisher, client):
    partner = make_partner()
    post(publisher, partner, name_fr="Nom rêvé")
    link = publisher.post(address(partner, "share"), {"note": "Le cabinet", "days": "3"}).context["new_link"]
    visitor = client.__class__()
    page = visitor.get(link)
    assert page.status_code == 200
    assert "Nom rêvé" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert not page.cookies
    shared = ShareLink.objects.get()
    assert (shared.uses, shared.is_usable()) == (1, True)
    publisher.post(address(partner, "share"), {"revoke": shared.pk})
    assert visitor.get(link).status_code == 404


def test_a_shared_link_expires(publisher, client):
    partner = make_partner()
    post(publisher, partner, name_fr="Nom rêvé")
    link = publisher.post(address(partner, "share"), {}).context["new_link"]
    ShareLink.objects.update(expires_at=timezone.now())
    assert client.__class__().get(link).status_code == 404


def test_a_draft_changes_no_byte_that_a_visitor_gets(editor, client):
    partner, visitor = make_partner(), client.__class__()
    make_member(partner)
    addresses = [partner.get_absolute_url(language) for language in ("fr", "en")] + ["/fr/", "/en/partners/"]
    before = [visitor.get(address).content for address in addresses]
    post(editor, partner, name_fr="Autre", name_en="Other", slug_fr="autre", **{"elected_members-0-name": "Autre"})
    post(editor, partner, "_preview", name_en="Another")
    assert [visitor.get(address).content for address in addresses] == before


def test_an_address_that_was_public_leads_to_the_new_one(publisher, client):
    partner, visitor = make_partner(slug_en="before"), client.__class__()
    post(publisher, partner, "_publish", "", slug_en="after")
    answer = visitor.get("/en/partners/before/")
    assert (answer.status_code, answer.url) == (301, "/en/partners/after/")
    post(publisher, partner, slug_en="only-drafted")
    assert visitor.get("/en/partners/only-drafted/").status_code == 404


def test_two_drafts_that_each_add_a_row_do_not_take_each_others_key(publisher):
    """On SQLite a key given in a transaction that was rolled back is given again: rows of a page have UUID keys."""
    one, other = make_partner("Un"), make_partner("Deux")
    for partner, name in ((one, "Camille"), (other, "Dominique")):
        row = {"TOTAL_FORMS": "1", "0-name": name, "0-position": "0"}
        post(publisher, partner, **{f"elected_members-{field}": value for field, value in row.items()})
    for partner in (one, other):
        post(publisher, partner, "_publish", "")
    assert [partner.elected_members.get().name for partner in (one, other)] == ["Camille", "Dominique"]


def test_a_preview_writes_nothing_leaves_no_file_and_announces_nothing(editor, media):
    partner = make_partner()
    before = snapshot(partner)
    page = post(editor, partner, "_preview", name_fr="Nom rêvé")
    assert "Nom rêvé" in page.content.decode()
    assert snapshot(partner) == before
    assert not Edition.objects.exists()
    assert not list(media.rglob("*.*"))
    assert not LogEntry.objects.exists()
    assert not list(editor.get(address(partner)).context["messages"])


def test_settings_are_drafted_and_previewed_on_the_home_page(publisher):
    SiteSettings.objects.create(pk=1, site_name_fr="Comité", site_name_en="Committee")
    place = reverse("admin:portal_sitesettings_change", args=[1])
    form = fields_of(publisher.get(place)) | {"welcome_en": "Two shores"}
    assert "Two shores" in publisher.post(place, form | {"_preview": "1"}).content.decode()
    publisher.post(place, form | {"_publish": ""})
    assert SiteSettings.objects.get().welcome_en == "Two shores"


def test_a_rehearsed_save_leaves_earlier_messages_to_be_read(editor):
    partner = make_partner()
    post(editor, partner, summary_fr="Nouveau")
    editor.get(address(partner))
    form = fields_of(editor.get(address(partner)))
    editor.post(address(partner), form | {"summary_fr": "Autre", "_draft": "1"})
    editor.post(address(partner), form | {"_revision": "2", "_preview": "1"})
    assert len(list(editor.get(address(partner)).context["messages"])) == 1


def test_a_select_that_names_the_record_names_it_as_drafted(publisher):
    partner, other = make_partner("Avant"), make_partner("Autre")
    post(publisher, partner, name_fr="Nom rêvé")
    page = publisher.get(address(partner)).content.decode()
    assert f'<option value="{partner.pk}">Nom rêvé</option>' in page
    assert (
        f'<option value="{partner.pk}">Département du Avant</option>' in publisher.get(address(other)).content.decode()
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does_and_the_other_is_told():
    partner = make_partner()
    said = snapshot(partner)
    said["fields"]["summary_fr"] = "Nouveau"
    draft = save_draft(partner, said, None)
    start, answers = threading.Barrier(4), []

    def publish_now():
        start.wait()
        try:
            publish(Edition.objects.get(pk=draft.pk), None)
            answers.append("published")
        except (Stale, Edition.DoesNotExist):
            answers.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish_now) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["published", "told", "told", "told"]
    assert Edition.objects.of(partner).public().count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_published_by_one_of_several_machines():
    for number in range(3):
        partner = make_partner(str(number))
        said = snapshot(partner)
        said["fields"]["summary_fr"] = "Nouveau"
        schedule(save_draft(partner, said, None), timezone.now() + timedelta(hours=1), None)
    start, done = threading.Barrier(3), []

    def machine():
        start.wait()
        done.append(publish_due(timezone.now() + timedelta(hours=2)))
        connection.close()

    threads = [threading.Thread(target=machine) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sum(counts) for counts in zip(*done, strict=True)] == [3, 0]
    assert Edition.objects.history().filter(state="published").count() == 3
