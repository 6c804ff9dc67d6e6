"""Texts travel to translators and come back: what is taken, and what is refused for which reason."""

import re
from datetime import timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image as Pillow

from partners.demo import load as demo
from portal import roles, version
from portal.desk import content
from portal.drafts import save_draft, schedule
from portal.editions import Edition, working_draft
from portal.exchange import NAMESPACE, Unreadable, check, export, take, texts_of
from portal.images import Image
from portal.languages import column
from portal.models import SiteSettings
from portal.snapshots import snapshot
from portal.staleness import CURRENT, MISSING, STALE, confirm_all, source_of, state
from tests.factories import make_figure, make_member, make_partner
from tests.forms import fields_of

pytestmark = pytest.mark.django_db
RICH_FR = '<h3>La mer</h3><p>Lire <a href="/fr/partenaires/">la <strong>liste</strong></a> &amp; voir.<br>Fin.</p>'
RICH_EN = '<h3>The sea</h3><p>Read <a href="/en/partners/">the <strong>list</strong></a> &amp; look.<br>End.</p>'


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def partner():
    return make_partner(presentation_fr=RICH_FR, summary_fr="Résumé < 3", seat_fr="Gand", seat_en="Ghent")


def sent(**choice):
    return export(content(), "fr", "en", **choice).decode()


def answered(xml, **targets):
    """The file with targets written by a translator, by the id of the unit; None leaves the target out."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(xml)
    for unit in root.iter(f"{{{NAMESPACE}}}unit"):
        if unit.get("id") in targets:
            segment = unit.find(f"{{{NAMESPACE}}}segment")
            for old in segment.findall(f"{{{NAMESPACE}}}target"):
                segment.remove(old)
            segment.append(ElementTree.fromstring(f'<target xmlns="{NAMESPACE}">{targets[unit.get("id")]}</target>'))
    return ElementTree.tostring(root)


def back(data, user=None):
    """Status and reason of each text, by its place's last part."""
    return {one.text.id if one.text else one.place: (one.status, one.reason) for one in check(data, content(), user)[1]}


def taken(data):
    everything = content()
    target, outcomes = check(data, everything)
    take(outcomes, everything, target, None)
    return next(iter(content().worked_on))


RICH_ANSWER = (
    '<pc id="h31">The sea</pc>'
    '<pc id="p2">Read <pc id="a3">the <pc id="strong4">list</pc></pc> &amp; look.<ph id="br5"/>'
    "End.</pc>"
)


def test_mark_up_travels_as_codes_and_comes_back_as_the_mark_up_of_the_source(partner):
    xml = sent()
    assert "&lt;p&gt;" not in re.sub(r'disp\w+="[^"]*"', "", xml) and "Résumé &lt; 3" in xml
    changed = taken(answered(xml, presentation=RICH_ANSWER))
    assert changed.presentation_en == RICH_EN
    assert state(changed, "presentation", "en") == CURRENT


def test_what_comes_back_is_a_draft_and_nothing_public(partner):
    taken(answered(sent(), summary="Summary &lt; 3", presentation=RICH_ANSWER))
    partner.refresh_from_db()
    assert (partner.summary_en, partner.presentation_en) == (None, None)
    draft = working_draft(partner)
    assert (draft.snapshot["fields"]["summary_en"], draft.comment) == ("Summary < 3", "Translations from a file.")


def test_what_comes_back_joins_the_draft_that_waits(partner, admin_user):
    said = snapshot(partner)
    save_draft(partner, said | {"fields": said["fields"] | {"seat_fr": "Gent"}}, admin_user)
    changed = taken(answered(sent(), summary="Summary."))
    assert (changed.seat_fr, changed.summary_en) == ("Gent", "Summary.")
    assert Edition.objects.working().count() == 1


def test_a_file_that_comes_back_untouched_changes_nothing(partner):
    assert set(back(sent().encode()).values()) == {("unchanged", ""), ("empty", "")}
    taken(sent().encode())
    assert working_draft(partner) is None


@pytest.mark.parametrize(
    ("unit", "answer", "reason"),
    [
        ("presentation", "<pc id='p1'>Flat.</pc>", "The mark-up was changed: it must be that of the source."),
        ("presentation", "No codes.", "The mark-up was changed: it must be that of the source."),
        ("presentation", RICH_ANSWER.replace("strong4", "strong9"), "The mark-up was changed"),
        ("presentation", RICH_ANSWER.replace('<ph id="br5"/>', ""), "The mark-up was changed"),
        ("presentation", RICH_ANSWER + '<pc id="p6">More.</pc>', "The mark-up was changed"),
        ("presentation", "Outside " + RICH_ANSWER, "The mark-up was changed"),
        ("presentation", RICH_ANSWER.replace("The sea", "&lt;script&gt;alert()&lt;/script&gt;"), None),
        (
            "presentation",
            RICH_ANSWER.replace("a3", "strong4x").replace('strong4"', 'a3"').replace("strong4x", "strong4"),
            None,
        ),
        ("summary", "x" * 301, "300"),
        ("summary", "x" * 300, None),
        ("summary", "La mer est dans le nord et pour les gens.", "This seems to be in another language (fr)."),
        ("seat", "<pc id='p1'>Ghent</pc>!", None),
    ],
)
def test_an_answer_is_refused_with_its_reason(partner, unit, answer, reason):
    status, said = back(answered(sent(), **{unit: answer}))[unit]
    assert (status, said) == ("taken", "") if reason is None else status == "refused" and reason in said


def test_code_typed_by_a_translator_comes_back_as_words(partner):
    answer = RICH_ANSWER.replace("The sea", "&lt;script&gt;alert()&lt;/script&gt;")
    assert "<h3>&lt;script&gt;" in taken(answered(sent(), presentation=answer)).presentation_en


def test_codes_that_a_translator_reordered_are_taken(partner):
    partner.presentation_fr = "<p>Un <em>deux</em> <strong>trois</strong></p>"
    partner.save()
    answer = '<pc id="p1"><pc id="strong3">Three</pc> <pc id="em2">two</pc> one</pc>'
    assert taken(answered(sent(), presentation=answer)).presentation_en == (
        "<p><strong>Three</strong> <em>two</em> one</p>"
    )


def test_a_translation_with_a_mark_up_of_its_own_keeps_it(partner):
    partner.presentation_en = "<p>All in <em>one</em> paragraph.</p>"
    partner.save()
    xml = sent()
    assert back(xml.encode())["presentation"] == ("unchanged", "")
    answer = '<pc id="p1">All in <pc id="em2">a single</pc> paragraph.</pc>'
    assert taken(answered(xml, presentation=answer)).presentation_en == "<p>All in <em>a single</em> paragraph.</p>"


def test_a_source_that_moved_meanwhile_refuses_its_answer_alone(partner):
    xml = answered(sent(), summary="Summary.", presentation=RICH_ANSWER)
    partner.summary_fr = "Autre"
    partner.save()
    assert back(xml)["summary"] == ("refused", "The source was changed since the file was made.")
    changed = taken(xml)
    assert (changed.summary_en, changed.presentation_en) == ("", RICH_EN)


def test_unknown_texts_are_refused_one_by_one(partner):
    member = make_member(partner, role_fr="Maire", role_en="")
    xml = answered(sent(), **{f"elected_members.{member.pk}.role": "Mayor", "summary": "Summary."})
    member.delete()
    statuses = sorted(back(xml).values())
    assert ("refused", "This text is not, or no longer, on the site.") in statuses and ("taken", "") in statuses


def test_texts_of_rows_come_back_to_their_rows(partner):
    member = make_member(partner, role_fr="Maire", role_en="")
    changed = taken(answered(sent(), **{f"elected_members.{member.pk}.role": "Mayor"}))
    assert [(one.pk, one.role_en) for one in changed.elected_members.all()] == [(member.pk, "Mayor")]


def test_a_page_first_written_in_the_other_language_is_not_in_the_file_and_is_refused(partner):
    xml = answered(sent(), summary="Summary.")
    partner.source_language = "en"
    partner.name_en = "Nord"
    partner.save()
    assert 'id="summary"' not in sent()
    assert back(xml)["summary"] == ("refused", "This page is written first in another language.")


def test_a_page_whose_change_is_scheduled_is_left_alone(partner, admin_user):
    said = snapshot(partner)
    draft = save_draft(partner, said | {"fields": said["fields"] | {"seat_fr": "Gent"}}, admin_user)
    schedule(draft, timezone.now() + timedelta(days=1), admin_user)
    status, reason = back(answered(sent(), summary="Summary."))["summary"]
    assert status == "refused" and "scheduled" in reason


def test_still_right_is_said_by_the_state_of_the_segment(partner):
    confirm_all(partner)
    partner.seat_fr = "Gent"
    partner.save()
    xml = sent(states=[STALE])
    assert re.findall(r'unit id="(\w+)"', xml) == ["seat"]
    assert back(xml.encode())["seat"] == ("unchanged", "")
    changed = taken(xml.replace('state="initial"', 'state="reviewed"').encode())
    assert (state(changed, "seat", "en"), changed.seat_en) == (CURRENT, "Ghent")


def test_states_and_pages_choose_what_is_sent(partner):
    make_figure(make_partner("Zélande"), label_fr="Sièges")
    assert set(re.findall(r'unit id="(\w+)"', sent(states=[MISSING], pages=[f"partners.partner.{partner.pk}"]))) == {
        "presentation",
        "summary",
    }


def test_segments_that_a_tool_has_split_are_joined(partner):
    xml = sent()
    split = xml.replace("<source>Résumé &lt; 3</source></segment>", (
        "<source>Résumé</source><target>Summary</target></segment><ignorable><source> </source></ignorable>"
        "<segment><source>&lt; 3</source><target>&lt; 3</target></segment>"
    ))  # fmt: skip
    assert split != xml
    assert taken(split.encode()).summary_en == "Summary < 3"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not XML",
        b"\xff\xfe\x00",
        b"<xliff/>",
        b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>',
        f'<xliff xmlns="{NAMESPACE}" srcLang="fr" trgLang="fr"/>'.encode(),
        f'<xliff xmlns="{NAMESPACE}" srcLang="fr" trgLang="de"/>'.encode(),
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    ],
)
def test_what_is_no_file_between_two_of_our_languages_is_refused_whole(data):
    with pytest.raises(Unreadable):
        check(data, content())


def test_a_translator_brings_back_only_what_they_may_write(partner, django_user_model):
    roles.set_up()
    user = django_user_model.objects.create_user("t")
    user.groups.add(roles.Group.objects.get(name=roles.roles()["translator-fr"].name))
    data = answered(sent(), summary="Summary.")
    assert back(data, user)["summary"] == ("refused", "You may not write this text.")
    user.groups.set([roles.Group.objects.get(name=roles.roles()["translator-en"].name)])
    assert back(data, get_user_model().objects.get(pk=user.pk))["summary"] == ("taken", "")


@pytest.fixture
def demonstration(monkeypatch, tmp_path):
    for path in demo.PICTURES.glob("*.jpg"):
        Pillow.new("RGB", (64, 32), "navy").save(tmp_path / path.name)
    monkeypatch.setattr(demo, "PICTURES", tmp_path)
    call_command("load_demo", verbosity=0)


@pytest.mark.parametrize(("source", "target"), [("fr", "en"), ("en", "fr")])
def test_the_whole_demonstration_passes_through_another_tool_without_loss(demonstration, source, target):
    """Read and written again by translate-toolkit, whose every target is set anew, code by code."""
    xliff2 = pytest.importorskip("translate.storage.xliff2")
    sent_away = export(content(), source, target)
    store = xliff2.Xliff2File.parsestring(sent_away)
    for unit in store.units:
        if unit.target:
            unit.rich_target = unit.rich_target
    returned = bytes(store)
    before = texts(target)
    assert len(store.units) == len(check(sent_away, content())[1]) > 50
    assert {outcome.status for outcome in check(returned, content())[1]} == {"unchanged", "empty"}
    empty(target)
    assert texts(target) != before
    everything = content()
    _target, outcomes = check(returned, everything)
    assert not [outcome for outcome in outcomes if outcome.status == "refused"]
    take(outcomes, everything, target, None)
    assert texts(target) == before


def test_what_is_taken_of_the_settings_is_not_read_before_it_is_published():
    SiteSettings.objects.create(pk=1, site_name_fr="Le Comité", site_name_en="The Committee", tagline_fr="Deux rives")
    everything = content()
    target, outcomes = check(answered(sent(), tagline="Two shores"), everything)
    assert take(outcomes, everything, target, None) == 1
    assert not SiteSettings.load().tagline_en


def texts(target):
    """Every text in a language, as editors work on it, of pages that are first written in another."""
    return {
        (str(one.record.pk), one.id): one.said(target)
        for record in content().worked_on
        for one in texts_of(record)
        if source_of(record) != target
    }


def empty(target):
    """Take away every translation that a page may lack, in its draft too."""
    for record in content().worked_on:
        for one in texts_of(record):
            needed = getattr(record, "needed_to_publish", ()) if one.row is record else ()
            if source_of(record) != target and one.field not in (*needed, "alt", "site_name"):
                type(one.row).objects.filter(pk=one.row.pk).update(**{column(one.field, target): ""})
    for draft in Edition.objects.working():
        draft.snapshot = emptied(draft.snapshot, f"_{target}", draft.model.needed_to_publish)
        draft.save()
    version.forget()  # update() tells nobody, and the settings are held


def emptied(said, ending, needed):
    if not isinstance(said, dict):
        return said
    kept = [f"{name}{ending}" for name in (*needed, "public_from", "public_until", "review_on", "slug", "confirmed")]
    return {
        name: "" if name.endswith(ending) and name not in kept else emptied(value, ending, needed)
        for name, value in said.items()
    }


def test_pictures_have_no_draft_and_are_saved(demonstration):
    image = Image.objects.exclude(caption_fr="").exclude(caption_fr=None).first()
    xml = sent(pages=[f"portal.image.{image.pk}"])
    everything = content()
    target, outcomes = check(answered(xml, caption="A new caption."), everything)
    assert take(outcomes, everything, target, None) == 1
    image.refresh_from_db()
    assert image.caption_en == "A new caption."


def test_operators_send_and_take_back_from_the_command_line(partner, tmp_path):
    path, out = tmp_path / "en.xlf", StringIO()
    call_command("export_translations", "en", "--state", "missing", "--output", path)
    path.write_bytes(answered(path.read_text(encoding="utf-8"), summary="Summary.", presentation="Flat."))
    with pytest.raises(CommandError, match="1 texts were refused"):
        call_command("import_translations", path, "--dry-run", stdout=out)
    assert working_draft(partner) is None and "1 refused, 1 taken; 0 pages changed (dry run)." in out.getvalue()
    with pytest.raises(CommandError):
        call_command("import_translations", path, stdout=out)
    assert working_draft(partner).snapshot["fields"]["summary_en"] == "Summary."
    assert re.search(r"refused: .*: .*\. .*mark-up", out.getvalue())


def uploaded(client, data, name="en.xlf"):
    return client.post(reverse("exchange"), {"file": SimpleUploadedFile(name, data)})


def test_an_editor_downloads_a_file_and_brings_it_back_after_reading_its_report(partner, admin_client, admin_user):
    asked = {"pair": "fr en", "states": ["missing", "stale"]}
    response = admin_client.get(reverse("exchange"), asked)
    assert response["Content-Disposition"] == 'attachment; filename="fr-en.xlf"'
    report = uploaded(admin_client, answered(response.content.decode(), summary="Summary.", presentation="Flat."))
    assert "The mark-up was changed" in report.content.decode() or "mise en forme" in report.content.decode()
    assert working_draft(partner) is None
    kept = fields_of(report, form_id="")
    response = admin_client.post(reverse("exchange"), kept | {"take": "1"})
    assert response["Location"] == reverse("desk")
    draft = working_draft(partner)
    assert (draft.snapshot["fields"]["summary_en"], draft.author) == ("Summary.", admin_user)


@pytest.mark.parametrize("data", [b"", b"nothing", b"\xff\xff", b"x" * 2_000_001])
def test_a_file_that_cannot_be_read_is_refused_in_words(admin_client, data):
    response = uploaded(admin_client, data)
    assert response.status_code == 200 and 'class="errorlist' in response.content.decode()


def test_whoever_may_see_no_page_is_sent_no_text(client, partner, django_user_model):
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    response = client.get(reverse("exchange"), {"pair": "fr en", "states": ["missing"]})
    assert b"<unit" not in response.content
    report = uploaded(client, answered(sent(), summary="Summary.")).content.decode()
    assert 'name="take"' not in report
    client.logout()
    assert client.get(reverse("exchange")).status_code == 302
