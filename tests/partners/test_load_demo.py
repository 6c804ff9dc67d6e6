"""The demonstration, and the command that loads it."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.utils import timezone
from PIL import Image as Pillow

from news.models import NewsItem
from partners.demo import load as demo
from partners.models import ElectedMember, KeyFigure, Partner, PartnerTheme
from portal import desk
from portal.editions import Edition
from portal.models import Image, Page, SiteSettings
from portal.snapshots import registered, snapshot
from portal.staleness import confirm_all
from themes.models import WorkTheme

pytestmark = pytest.mark.django_db

GAPS = {
    ("missing", "Département du Nord", "cooperation_en"),
    ("missing", "Province de Flandre-Occidentale", "statement_en"),
    ("missing", "Province de Flandre-Orientale", "note_fr"),
    ("missing", "Province de Hollande-Méridionale", "themes_intro_fr"),
    ("missing", "essex", "caption_en"),
    ("stale", "Province de Zélande", "summary_fr"),
    *(
        ("missing", "Région Hauts-de-France", f"{section}_en")
        for section in ("presentation", "cooperation", "committee", "themes_intro")
    ),
    ("draft", "Département du Nord", ""),
    ("draft", "Province de Flandre-Occidentale", ""),
    ("draft", "Province de Flandre-Orientale", ""),
    ("draft", "Province de Zélande", ""),
    ("draft", "Province de Hollande-Méridionale", ""),
    ("review", "Comté du Kent", "review_on_fr"),
    ("review", "Comté du Kent", "review_on_en"),
    ("mandate", "Comté du Kent", "mandate_until"),
    ("mandate", "Province de Zélande", "mandate_until"),
    ("figure", "Département du Pas-de-Calais", "as_of"),
    ("figure", "Département du Nord", "as_of"),
    ("figure", "Comté du Kent", "as_of"),
    ("figure", "Province de Flandre-Orientale", "as_of"),
    ("figure", "Province de Hollande-Méridionale", "as_of"),
}


@pytest.fixture(autouse=True)
def small_pictures(monkeypatch, tmp_path):
    """Flat pictures under the same names: rendering the true ones takes a quarter of a minute."""
    for path in demo.PICTURES.glob("*.jpg"):
        Pillow.new("RGB", (64, 32), "navy").save(tmp_path / path.name)
    monkeypatch.setattr(demo, "PICTURES", tmp_path)


def run(*arguments, **options):
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out, **options)
    return out.getvalue()


def everything():
    return {record: snapshot(record) for model in registered() for record in model._base_manager.all()}


def test_nine_partners_three_themes_and_four_pages_are_there_in_the_order_of_the_committee():
    assert run() == "Demonstration: 36 created.\n"
    assert " ".join(Partner.objects.published().values_list("slug_en", flat=True)) == (
        "pas-de-calais nord kent west-flanders east-flanders zeeland south-holland essex hauts-de-france"
    )
    assert WorkTheme.objects.public_in("fr").count() == WorkTheme.objects.public_in("en").count() == 3
    assert set(Page.objects.public_in("en").values_list("kind", flat=True)) == {
        "about",
        "legal",
        "accessibility",
        "privacy",
    }
    assert SiteSettings.load().site_name_en == "Straits Committee"


def test_a_second_run_changes_nothing_and_says_so():
    run()
    before, saved = everything(), list(Partner.objects.values_list("updated_at", flat=True))
    assert run() == run("--overwrite") == "Nothing to do: the 36 records of the demonstration are there already.\n"
    assert (everything(), list(Partner.objects.values_list("updated_at", flat=True))) == (before, saved)


def test_what_an_editor_changed_survives_even_under_another_address():
    run()
    Partner.objects.filter(slug_en="nord").update(summary_fr="Écrit par une autre main.", slug_fr="departement-du-nord")
    KeyFigure.objects.filter(partner__slug_en="nord", indicator="seats").delete()
    run()
    nord = Partner.objects.get(slug_en="nord")
    assert (nord.summary_fr, nord.slug_fr) == ("Écrit par une autre main.", "departement-du-nord")
    assert not nord.key_figures.filter(indicator="seats").exists()


def test_what_an_editor_changed_is_restored_on_request(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):  # pictures are written on commit
        run()
    before = everything()
    Partner.objects.filter(slug_en="nord").update(summary_fr="Écrit par une autre main.", cooperation_en="<p>New.</p>")
    KeyFigure.objects.filter(partner__slug_en="nord", indicator="seats").delete()
    Image.objects.filter(name="kent").update(alt_en="Something else.")
    assert run("--overwrite") == "Demonstration: 34 kept, 2 updated.\n"
    assert everything() == before
    assert Image.objects.get(name="kent").alt_en.startswith("A tall white cliff")


def test_if_empty_leaves_a_site_with_one_partner_alone():
    run()
    Partner.objects.exclude(slug_en="kent").delete()
    assert "nothing was loaded" in run("--if-empty")
    assert Partner.objects.count() == 1


def test_a_dry_run_writes_nothing_and_keeps_no_file(media):
    assert run("--dry-run") == "Demonstration: 36 created. Dry run: nothing was written.\n"
    assert not Partner.objects.exists() and not Image.objects.exists() and not list(media.rglob("*.*"))


def test_verbosity_chooses_between_nothing_a_summary_and_every_record():
    assert run("--dry-run", verbosity=0) == ""
    assert "created: partner “Comté du Kent”\n" in run("--dry-run", verbosity=2)


def test_content_that_does_not_fit_is_refused_whole(monkeypatch):
    site = demo.read(demo.HERE / "site.toml")
    site["settings"]["contact_email"] = "nobody"
    monkeypatch.setattr(demo, "read", lambda path, read=demo.read: site if path.name == "site.toml" else read(path))
    with pytest.raises(CommandError, match="does not fit"):
        run()
    assert not Partner.objects.exists()


def test_there_is_exactly_the_work_that_the_list_of_gaps_announces():
    run()
    found = [(one.kind, str(one.record), one.column) for one in desk.findings(desk.content())]
    assert sorted(found) == sorted(GAPS)


def test_the_desk_is_empty_when_the_gaps_are_mended():
    run()
    Edition.objects.working().delete()
    for finding in desk.findings(desk.content()):
        mended = finding.row or finding.record
        if finding.kind in ("missing", "stale"):
            setattr(mended, finding.column, "Tout est dit." if finding.language == "fr" else "All is said.")
            confirm_all(mended)
        elif finding.kind == "review":
            setattr(mended, finding.column, None)
        elif finding.kind == "figure":
            mended.as_of = timezone.localdate().year
        elif finding.kind == "mandate":
            mended.mandate_until = None
        type(mended)._base_manager.filter(pk=mended.pk).update(
            **{field.name: getattr(mended, field.name) for field in mended._meta.fields if not field.is_relation}
        )
    assert list(desk.findings(desk.content())) == []


def test_every_partner_but_one_is_public_in_both_languages():
    run()
    assert set(Partner.objects.public_in("fr")) - set(Partner.objects.public_in("en")) == set(
        Partner.objects.filter(slug_en="hauts-de-france")
    )
    assert Partner.objects.public_in("fr").count() == 9


def test_the_news_say_no_more_of_their_date_than_is_known():
    run()
    items = NewsItem.objects.public_in("fr").public_in("en").latest_first()
    assert [(item.slug_en, item.precision, item.partners.count()) for item in items] == [
        ("the-youth-of-the-strait-in-bruges", "year", 1),
        ("south-holland-joins-the-committee", "month", 1),
        ("east-flanders-joins-the-committee", "year", 1),
        ("the-committee-is-launched-in-arras", "day", 5),
    ]


def test_nothing_that_waits_for_a_check_is_public():
    run()
    assert not ElectedMember.objects.filter(name="Sylvie Labadens").exists()
    budgets = KeyFigure.objects.filter(indicator="budget").values_list("partner__slug_en", flat=True)
    assert set(budgets) == {"pas-de-calais", "nord", "kent"}
    drafts = Edition.objects.working()
    assert "Sylvie Labadens" in str(drafts.get(title="Département du Nord").snapshot)
    assert all(
        amount in str([draft.snapshot for draft in drafts]) for amount in ("250000000", "274600000", "265000000")
    )


def test_kent_and_zeeland_have_former_members_and_no_current_one():
    run()
    found = {partner.slug_en: partner for partner in Partner.objects.all()}
    assert [len(found[slug].current_members()) for slug in ("kent", "zeeland", "pas-de-calais")] == [0, 0, 1]
    assert [len(found[slug].former_members()) for slug in ("kent", "zeeland", "pas-de-calais")] == [2, 1, 0]


def test_each_theme_has_the_statements_of_the_seven_members_and_its_leaders():
    run()
    statements = PartnerTheme.objects.filter(partner__status="member")
    assert statements.count() == PartnerTheme.objects.count() == 21
    assert set(statements.filter(is_lead=True).values_list("theme__slug_en", "partner__slug_en")) == {
        ("economic-development", "west-flanders"),
        ("ecological-transition", "kent"),
        ("ecological-transition", "zeeland"),
        ("youth", "nord"),
        ("youth", "pas-de-calais"),
    }


def test_every_image_is_credited_described_in_both_languages_and_used():
    run()
    assert not Image.objects.filter(Q(credit="") | Q(alt_fr="") | Q(alt_en="")).exists()
    used = {*Partner.objects.values_list("cover__name", flat=True), SiteSettings.load().share_image.name}
    assert used | set(WorkTheme.objects.values_list("illustration__name", flat=True)) == set(
        Image.objects.values_list("name", flat=True)
    )


def french_texts(words):
    for name, value in words.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from french_texts(each)
            elif isinstance(each, str) and name.endswith("_fr"):
                yield each


FILES = sorted({*demo.HERE.rglob("*.toml"), *(path for _model, path, _table in demo.MORE)})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_french_texts_have_french_spaces_and_no_text_a_straight_apostrophe(path):
    wrong = re.compile(r"[ \u00a0][;!?»]|«[ \u00a0]|[ \u202f]:|\w[;!?»]|«\w")
    assert not [text for text in french_texts(demo.read(path)) if wrong.search(text)]
    assert "'" not in path.read_text(encoding="utf-8")
