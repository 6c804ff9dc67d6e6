"""What does the search find, in which language, and when?"""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from partners.models import ElectedMember, Partner
from portal.drafts import keep_in_trash, publish, save_draft
from portal.models import SearchEntry
from portal.rehearsal import rehearsal
from portal.search import SearchEntryQuerySet
from portal.snapshots import snapshot
from portal.words import cut, marked, terms
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


def find(text, language="en", at=None):
    """Titles of what is found, the best match first."""
    rows = SearchEntry.objects.shown(at).filter(language=language).matching(terms(text))
    return [row.title for row in rows]


def ask(client, text, language="en", **more):
    with override(language):
        address = reverse("search")
    return client.get(address, {"q": text} | more)


def words_of(response):
    """The page on one line."""
    return response.content.decode().replace("\n", " ")


@pytest.mark.parametrize(
    "typed",
    ["peche", "Pêche", "PÊCHES", "pêch", "la pêche", "ports de pêche", "d’œuvre", "oeuvre", "écluse", "l'ecluse"],
)
def test_case_accents_endings_and_elisions_do_not_matter(typed):
    make_partner(summary_fr="Des ports de pêche, des écluses, des hors-d’œuvre.")
    assert find(typed, "fr") == ["Département du Nord"]


@pytest.mark.parametrize(("typed", "found"), [("cooperat", True), ("ooperation", False), ("kent zeeland", False)])
def test_the_last_word_may_be_unfinished_and_every_word_must_be_there(typed, found):
    make_partner("Kent", cooperation_en="<p>Cooperation across borders.</p>")
    make_partner("Zeeland")
    assert bool(find(typed)) is found


def test_only_the_last_word_may_be_unfinished():
    make_partner(summary_en="Cooperation on harbours.")
    assert find("harbours coopera") and not find("coopera harbours")


def test_a_word_of_the_title_counts_more_than_one_of_the_text():
    make_partner("Essex", summary_en="Kent, Kent and Kent again, its neighbour.")
    make_partner("Kent", summary_en="A county.")
    assert find("kent") == ["Department of Kent", "Department of Essex"]


def test_partners_themes_and_pages_are_found_by_all_that_their_pages_say():
    partner, theme = make_partner(seat_en="Arras"), make_theme(body_en="<p>Apprentices</p>")
    make_member(partner, "Camille Dupont", role_en="Councillor")
    make_figure(partner, label_en="inhabitants at the census")
    make_statement(partner, theme, statement_en="<p>Because <strong>schools</strong> matter.</p>")
    make_page("Mentions", body_en="<p>Publisher</p>")
    for typed in ("Arras", "census", "school"):
        assert find(typed) == ["Department of Nord"], typed
    for typed in ("dupont", "councillors"):
        assert sorted(find(typed)) == ["Camille Dupont", "Department of Nord"], typed
    assert find("apprentice") == ["Jeunesse (EN)"] and find("publishers") == ["Mentions (EN)"]


def test_a_text_that_falls_back_is_found_where_it_is_shown():
    make_french_only(summary_fr="Une région maritime.")
    assert find("région maritime", "en") == ["Département du Hauts-de-France"] == find("region", "fr")


def test_nothing_is_found_before_it_opens_nor_after_it_closes():
    now = timezone.now()
    day, make = timedelta(days=1), make_partner
    make("Kent", public_until_fr=now + 2 * day, public_until_en=now + 2 * day)
    make("Essex", public_from_fr=now + day, public_from_en=now + day)
    make_draft("Nord")
    assert find("department") == ["Department of Kent"]
    assert sorted(find("department", at=now + 1.5 * day)) == ["Department of Essex", "Department of Kent"]
    assert find("department", at=now + 3 * day) == ["Department of Essex"]


def test_a_translation_is_found_from_the_instant_at_which_it_opens():
    tomorrow = timezone.now() + timedelta(days=1)
    make_partner(summary_fr="Une écluse.", summary_en="A lock.", public_from_en=tomorrow)
    assert find("écluse") and not find("lock")
    assert find("lock", at=tomorrow) and not find("écluse", at=tomorrow)


def test_a_statement_is_found_only_while_its_theme_is_public():
    theme = make_theme()
    make_statement(make_partner(), theme, statement_en="<p>Saltmarsh</p>")
    assert find("saltmarsh")
    tomorrow = timezone.now() + timedelta(days=1)
    theme.public_until_fr = theme.public_until_en = tomorrow
    theme.save()
    assert find("saltmarsh") and not find("saltmarsh", at=tomorrow)
    theme.public_from_fr = theme.public_from_en = theme.public_until_fr = theme.public_until_en = None
    theme.save()
    assert not find("saltmarsh")


def test_an_elected_member_is_found_from_the_first_day_of_the_mandate():
    first = timezone.localdate() + timedelta(days=2)
    make_member(make_partner(), "Camille Dupont", mandate_from=first)
    assert not find("Dupont") and find("Dupont", at=timezone.now() + timedelta(days=2))


def test_the_index_follows_every_change_of_record_and_rows():
    partner = make_partner()
    member = make_member(partner, "Camille Dupont")
    partner.name_en, partner.slug_en = "Nord County", "nord-county"
    partner.save()
    member.name = "Dominique Martin"
    member.save()
    assert find("Martin") == ["Dominique Martin", "Nord County"] and not find("Dupont") and not find("department")
    addresses = set(SearchEntry.objects.filter(language="en").values_list("address", flat=True))
    assert addresses == {"/en/partners/nord-county/", f"/en/partners/nord-county/#member-{member.pk}"}
    member.delete()
    assert not find("Martin")
    partner.delete()
    assert not SearchEntry.objects.exists()


def test_what_is_rehearsed_is_not_found_and_what_is_published_is_indexed_once(
    django_user_model, django_assert_max_num_queries
):
    partner, editor = make_partner(), django_user_model.objects.create_user("editor")
    for number in range(4):
        make_member(partner, f"Member {number}")
    said = snapshot(partner)
    said["fields"]["summary_en"] = "Saltmarsh"
    for row in said["rows"]["elected_members"].values():
        row["name"] += " of the assembly"
    with rehearsal(partner):
        partner.summary_en = "Estuary"
        partner.save()
    assert not find("estuary")
    draft = save_draft(partner, said, editor)
    assert not find("saltmarsh")
    deleted = count_statements(lambda: publish(draft, editor), 'DELETE FROM "portal_searchentry"')
    assert find("saltmarsh assembly") and deleted == 2  # partners at once, members at once
    keep_in_trash(partner, editor)
    partner.delete()
    assert not find("saltmarsh")


def count_statements(action, beginning):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        action()
    return sum(query["sql"].startswith(beginning) for query in queries)


def test_rebuilding_indexes_what_was_written_past_the_models_and_forgets_what_is_gone(capsys):
    partner = make_partner()
    gone = make_partner("Essex")
    Partner.objects.filter(pk=partner.pk).update(name_en="Saltmarsh County")
    Partner.objects.filter(pk=gone.pk)._raw_delete("default")
    call_command("rebuild_search")
    assert find("saltmarsh") and not find("essex")
    assert capsys.readouterr().out.strip().startswith("2 ")
    SearchEntry.objects.filter(language="en").update(title_words="harbour")
    assert find("harbour") == ["Saltmarsh County"]


HOSTILE = [
    *('"', "'", "')--", "a OR", "AND", "NEAR(a b)", "a* b*", "title_words:a", "-nord", "((((", "nord)", "^nord"),
    *("a & b | !c", "<->", "a:*", "\\", "%", "_", "\0", "nord\0", "🦀", "🦀 nord", "שלום עולם", "\u202enord", "½"),
    *("a" * 10_000, "nord " * 2_000, "\ud7ff", "\ufffd", "<script>alert(1)</script>", "${7*7}", "é" * 300),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_whatever_is_typed_gets_a_page(client, typed, language):
    make_partner()
    response = ask(client, typed, language)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("query", ["?q=%ff%fe", "?q", "?q=&q=nord", "?page=99"])
def test_odd_addresses_get_a_page(client, query):
    make_partner()
    assert client.get(f"/en/search/{query}").status_code == 200


@pytest.mark.parametrize("number", ["zero", "-1", "99"])
def test_a_page_of_results_that_does_not_exist_is_not_found(client, number):
    make_partner()
    assert client.get(f"/en/search/?q=nord&page={number}").status_code == 404


def test_nothing_typed_gets_the_form_alone(client):
    page = ask(client, "").content.decode()
    assert "<mark>" not in page and 'role="status"' not in page and 'name="q"' in page


def test_a_hit_says_its_kind_its_language_and_the_words_found(client):
    make_french_only(presentation_fr="<p>Avant. Une <strong>écluse maritime</strong> &amp; belle.</p>")
    page = words_of(ask(client, "ECLUSE"))
    assert re.search(r'<a href="/en/partners/[^"]*" lang="fr">Département du Hauts-de-France</a>', page)
    assert "Partner, in French" in page
    assert '<p lang="fr"> Avant. Une <mark>écluse</mark> maritime &amp; belle. </p>' in page


def test_hits_of_the_other_language_are_offered_where_the_asked_one_has_none(client):
    make_partner(summary_fr="Une écluse.", summary_en="A lock.")
    page = ask(client, "écluse").content.decode()
    assert "Found in French" in page and "/fr/" in page and "0 results" in page
    assert "Found in French" not in ask(client, "lock").content.decode()
    assert "Nothing holds all of these words" in ask(client, "zebra").content.decode()


def test_results_come_in_pages_that_keep_what_was_typed(client):
    for number in range(12):
        make_partner(f"Number{number}")
    first, second = (unescape(ask(client, "department & co", page=page).content.decode()) for page in (1, 2))
    assert "Nothing holds" in first
    first, second = (unescape(ask(client, "department nu", page=page).content.decode()) for page in (1, 2))
    assert first.count("results__item") == 10 and second.count("results__item") == 2
    assert "?q=department+nu&page=2" in first and 'start="11"' in second


def test_the_page_of_results_is_not_indexed_and_the_language_switch_keeps_the_words(client):
    make_partner()
    page = ask(client, "nord").content.decode()
    assert '<meta name="robots" content="noindex">' in page and "?q=nord" in page
    with override("fr"):
        assert reverse("search") + "?q=nord" in page


@pytest.mark.parametrize(("typed", "most"), [("department", 3), ("écluse", 3), ("", 0)])
def test_a_search_costs_three_queries_at_most(client, django_assert_max_num_queries, typed, most):
    for number in range(12):
        make_member(make_partner(f"N{number}", summary_fr="Une écluse."))
    client.get("/en/")
    with django_assert_max_num_queries(most):
        ask(client, typed)


def test_marks_stand_on_whole_words_of_the_text_as_it_is_written():
    wanted = terms("économies mar")
    runs = marked("L'Économie, la mer et les marées.", "fr", wanted)
    assert runs == [(False, "L'"), (True, "Économie"), (False, ", la mer et les "), (True, "marées"), (False, ".")]


def test_a_long_text_is_cut_between_words():
    text = "mot " * 500
    assert cut(text, 100).startswith("… mot") and cut(text, 100).endswith("mot …") and len(cut(text)) < 230
    assert len(cut("x" * 5_000)) < 230


def test_a_very_long_text_can_be_saved_and_found():
    words = " ".join(f"word{number}" for number in range(25_000))
    make_page(body_en=f"<p>{words}</p>")
    assert find("word19999")


@pytest.mark.postgresql
def test_postgresql_answers_from_its_index():
    make_partner()
    rows = SearchEntry.objects.shown().matching(terms("nord"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "portal_searchentry_vector" in rows.explain()


def test_members_follow_the_partner_that_they_move_to():
    kent, nord = make_partner("Kent"), make_partner("Nord")
    member = make_member(kent, "Camille Dupont")
    ElectedMember.objects.filter(pk=member.pk).delete()
    make_member(nord, "Camille Dupont")
    assert find("dupont") == ["Camille Dupont", "Department of Nord"]
    assert isinstance(SearchEntry.objects.all(), SearchEntryQuerySet)


def test_the_page_names_languages_in_its_own(client):
    make_partner()
    page = ask(client, "nord", "fr").content.decode()
    assert "français" in page and "French" not in page


def test_an_elected_member_is_a_hit_of_its_own_that_leads_to_their_place_on_the_page(client):
    partner = make_partner()
    member = make_member(partner, "Camille Dupont", role_en="Leader", role_fr="présidence")
    former = make_member(partner, "Dominique Martin", mandate_until=timezone.localdate() - timedelta(days=1))
    make_member(partner, "Claude Petit", mandate_from=timezone.localdate() + timedelta(days=1))
    make_member(make_draft("Essex"), "Alix Grand")
    page = words_of(ask(client, "dupont"))
    assert "Elected member, in English" in page and f'href="{member.get_absolute_url("en")}"' in page
    profile = client.get(partner.get_absolute_url("en")).content.decode()
    assert f'id="{member.anchor}"' in profile and f'id="{former.anchor}"' in profile
    assert "Dominique Martin" in find("martin") and not find("petit") and not find("grand")
    assert "Claude Petit" in find("petit", at=timezone.now() + timedelta(days=2))


def test_an_elected_member_of_a_page_in_one_language_is_found_as_in_that_language(client):
    make_member(make_french_only(), "Camille Dupont")
    assert "Elected member, in French" in words_of(ask(client, "dupont"))
