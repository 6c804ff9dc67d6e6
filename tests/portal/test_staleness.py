"""Whether a translation is missing, out of date or up to date, after what an editor did."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.models import KeyFigure, Partner
from portal.staleness import CURRENT, MISSING, STALE, confirm, confirm_all, confirmed_against, rows, same, state, states
from tests.factories import make_figure, make_member, make_partner, make_statement, make_theme

FRENCH, ENGLISH = "<p>La mer.</p>", "<p>The sea.</p>"


def written(**overrides) -> Partner:
    """A partner, not saved, whose two presentations were confirmed together."""
    partner = Partner(**{"source_language": "fr", "presentation_fr": FRENCH, "presentation_en": ENGLISH} | overrides)
    confirm_all(partner)
    return partner


def edit(partner, right=(), unaffected=(), **texts) -> Partner:
    """Save a form: only what the editor typed differently counts as changed."""
    changed = {name: getattr(partner, name) for name, text in texts.items() if getattr(partner, name) != text}
    for name, text in texts.items():
        setattr(partner, name, text)
    confirm(partner, changed, right=right, unaffected=unaffected)
    return partner


def fr(text):
    return {"presentation_fr": f"<p>{text}</p>"}


def en(text):
    return {"presentation_en": f"<p>{text}</p>"}


RIGHT, UNAFFECTED = {"right": ["presentation_en"]}, {"unaffected": ["presentation_fr"]}
TO_ENGLISH, TO_FRENCH = {"source_language": "en"}, {"source_language": "fr"}

CASES = {
    "the editor changes nothing": ([{}], CURRENT),
    "the editor saves the same texts again": ([fr("La mer.") | en("The sea.")], CURRENT),
    "the editor rewrites the source": ([fr("L’océan.")], STALE),
    "the editor rewrites the source twice": ([fr("L’océan."), fr("Le détroit.")], STALE),
    "the editor rewrites the source and takes it back": ([fr("L’océan."), fr("La mer.")], CURRENT),
    "the editor rewrites both in one save": ([fr("L’océan.") | en("The ocean.")], CURRENT),
    "the editor rewrites the source, then the translation": ([fr("L’océan."), en("The ocean.")], CURRENT),
    "the editor rewrites the translation only": ([en("The seaside.")], CURRENT),
    "the editor rewrites the translation, then the source": ([en("The seaside."), fr("L’océan.")], STALE),
    "the editor says the translation is still right": ([fr("L’océan."), RIGHT], CURRENT),
    "the editor says so in the save that changes the source": ([fr("L’océan.") | RIGHT], CURRENT),
    "the editor says so, then rewrites the source again": ([fr("L’océan."), RIGHT, fr("Le détroit.")], STALE),
    "the editor says so, then takes the source back": ([fr("L’océan."), RIGHT, fr("La mer.")], STALE),
    "the editor says the change does not affect the translation": ([fr("La Mer.") | UNAFFECTED], CURRENT),
    "the editor says so of a second change, after a first that did": (
        [fr("L’océan."), fr("L’Océan.") | UNAFFECTED],
        STALE,
    ),
    "the editor says so, then rewrites the source": ([fr("La Mer.") | UNAFFECTED, fr("L’océan.")], STALE),
    "the editor says so without changing anything": ([UNAFFECTED], CURRENT),
    "the editor says so of an old change": ([fr("L’océan."), UNAFFECTED], STALE),
    "the editor adds blanks to the source": ([{"presentation_fr": "<p>  La   mer. </p>\n"}], CURRENT),
    "the editor adds no-break spaces to the source": ([{"presentation_fr": "<p>La&nbsp;mer.</p>"}], CURRENT),
    "the editor adds a soft hyphen to the source": ([fr("La m\u00ader.")], CURRENT),
    "the editor leaves an empty paragraph": ([{"presentation_fr": f"{FRENCH}<p><br></p><p></p>"}], CURRENT),
    "the editor's browser writes entities": ([{"presentation_fr": "<p>La mer&#46;</p>"}], CURRENT),
    "the editor's paste adds attributes": ([{"presentation_fr": '<p class="x" dir="ltr">La mer.</p>'}], CURRENT),
    "the editor sets a word in bold": ([fr("La <strong>mer</strong>.")], STALE),
    "the editor sets bold around nothing": ([fr("La mer<strong></strong>.")], CURRENT),
    "the editor turns a paragraph into a heading": ([{"presentation_fr": "<h3>La mer.</h3>"}], STALE),
    "the editor adds a link": ([fr('La <a href="/fr/">mer</a>.')], STALE),
    "the editor changes an accent": ([fr("La mér.")], STALE),
    "the editor splits the paragraph": ([{"presentation_fr": "<p>La</p><p>mer.</p>"}], STALE),
    "the editor sets the apostrophes right": ([fr("L'eau."), RIGHT, fr("L’eau.")], CURRENT),
    "the editor only adds a blank to a stale translation": ([fr("L’océan."), en("The  sea.")], STALE),
    "the editor empties the translation": ([{"presentation_en": ""}], MISSING),
    "the editor leaves only an empty paragraph in the translation": ([{"presentation_en": "<p></p>"}], MISSING),
    "the editor empties the translation and writes it again": ([{"presentation_en": ""}, en("The sea.")], CURRENT),
    "the editor empties the source": ([{"presentation_fr": ""}], None),
    "the editor empties the source and writes the same again": ([{"presentation_fr": ""}, fr("La mer.")], CURRENT),
    "the editor empties the source and writes another": ([{"presentation_fr": ""}, fr("L’océan.")], STALE),
    "the editor empties both": ([{"presentation_fr": "", "presentation_en": ""}], None),
    "the editor makes English the source": ([TO_ENGLISH], CURRENT),
    "the editor makes English the source and rewrites it": ([TO_ENGLISH, en("The ocean.")], STALE),
    "the editor makes English the source while rewriting it": ([TO_ENGLISH | en("The ocean.")], STALE),
    "the editor makes English the source while rewriting both": (
        [TO_ENGLISH | en("The ocean.") | fr("L’océan.")],
        CURRENT,
    ),
    "the editor makes a stale English the source": ([fr("L’océan."), TO_ENGLISH], STALE),
    "the editor makes a stale English the source, then mends the French": (
        [fr("L’océan."), TO_ENGLISH, fr("La mer, donc.")],
        CURRENT,
    ),
    "the editor makes English the source and goes back": ([TO_ENGLISH, TO_FRENCH], CURRENT),
    "the editor makes a missing English the source": ([{"presentation_en": ""}, TO_ENGLISH], None),
    "the editor makes a missing English the source and writes it": (
        [{"presentation_en": ""}, TO_ENGLISH, en("The sea.")],
        CURRENT,
    ),
    "the editor changes something else": ([{"seat_fr": "Lille"}], CURRENT),
}


@pytest.mark.parametrize(("saves", "expected"), CASES.values(), ids=CASES.keys())
def test_the_translation_is(saves, expected):
    partner = written()
    for save in saves:
        edit(partner, **save)
    assert state(partner, "presentation", "fr" if partner.source_language == "en" else "en") == expected


@pytest.mark.parametrize(
    ("saves", "expected"),
    [([], CURRENT), ([fr("L’océan.")], STALE), ([fr("L’océan.") | UNAFFECTED], CURRENT), ([TO_ENGLISH], CURRENT)],
)
def test_a_translation_that_arrived_from_elsewhere_raises_no_alarm_until_its_source_changes(saves, expected):
    partner = Partner(source_language="fr", presentation_fr=FRENCH, presentation_en=ENGLISH)
    for save in saves:
        edit(partner, **save)
    assert state(partner, "presentation", "fr" if partner.source_language == "en" else "en") == expected


def test_the_source_has_no_state_and_neither_has_a_text_without_source():
    partner = Partner(source_language="fr", presentation_en=ENGLISH, seat_fr="Lille")
    assert state(partner, "seat", "fr") is None
    assert state(partner, "presentation", "en") is None


def test_the_editor_sees_what_the_source_said_when_the_translation_was_confirmed():
    partner = edit(written(), **fr("L’océan."))
    assert confirmed_against(partner, "presentation", "en") == FRENCH


def test_a_row_that_was_just_added_in_both_languages_is_up_to_date():
    figure = KeyFigure(partner=written(), label_fr="Budget", label_en="Budget")
    confirm(figure, {"label_fr": "", "label_en": None})
    assert states(figure) == [(figure, "label", "en", CURRENT)]


def test_the_rows_of_a_page_turn_with_its_source_language():
    partner = written()
    figure = KeyFigure(partner=partner, label_fr="Sièges", label_en="Seats")
    confirm_all(figure)
    edit(partner, **TO_ENGLISH)
    confirm(figure, {"source_language": "fr"})
    assert state(figure, "label", "fr") == CURRENT
    edit(figure, label_en="Councillors")
    assert state(figure, "label", "fr") == STALE


@pytest.mark.django_db
def test_the_rows_of_a_page_count_with_it_and_cost_nothing_when_loaded(django_assert_num_queries):
    partner = make_partner()
    make_member(partner, role_en=""), make_figure(partner), make_statement(partner, make_theme())
    loaded = Partner.objects.for_page().get()
    with django_assert_num_queries(0):
        assert [type(row).__name__ for row in rows(loaded)] == ["ElectedMember", "KeyFigure", "PartnerTheme"]
        found = {(one.field, one.state) for one in states(loaded)}
    assert ("role", MISSING) in found and ("statement", CURRENT) in found
    assert not {"slug", "public_from"} & {name for name, _ in found}


@pytest.mark.django_db
def test_saving_and_reordering_never_confirm_nor_alarm():
    partner = make_partner(presentation_fr=FRENCH, presentation_en=ENGLISH)
    confirm_all(partner)
    partner.presentation_fr = "<p>L’océan.</p>"
    partner.save()
    partner.refresh_from_db()
    assert state(partner, "presentation", "en") == STALE
    partner.position = 7
    partner.save()
    assert {one.field: one.state for one in states(partner)} == {
        "name": CURRENT,
        "name_in_sentence": CURRENT,
        "presentation": STALE,
    }


@pytest.mark.django_db
def test_bringing_back_old_columns_brings_back_their_state():
    partner = make_partner(presentation_fr=FRENCH, presentation_en=ENGLISH)
    confirm_all(partner)
    partner.save()
    kept = {name: getattr(partner, name) for name in ("presentation_fr", "presentation_en", "confirmed_en")}
    edit(partner, **fr("L’océan."), **en("The ocean."))
    edit(partner, **fr("Le détroit."))
    for name, value in kept.items():
        setattr(partner, name, value)
    assert state(partner, "presentation", "en") == CURRENT


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (None, "", True),
        ("<b>A</b>", "<strong>A</strong>", True),
        ('<a rel="x" href="/a">A</a>', '<a href="/a" target="_blank">A</a>', True),
        ('<a href="/a">A</a>', '<a href="/b">A</a>', False),
        ("A<br>B", "A<br />B", True),
        ("10 000 €", "10\u202f000\u00a0€", True),
        ("« oui »", '"oui"', True),
        ("e\u0301te\u0301", "été", True),
        ("une", "Une", False),
        ("a < b", "a < c", False),
        ("A<!-- note -->", "A", True),
    ],
)
def test_two_texts_that_read_the_same_are_the_same(one, other, equal):
    assert same(one, other) is equal


@dataclass
class Rules:
    """The rules said simply, for two languages: what the translation was last compared with, None when unknown."""

    source: str = "fr"
    texts: dict = field(default_factory=lambda: {"fr": "one", "en": "one"})
    seen: object = "one"

    def save(self, new_fr, new_en, source, right, unaffected):
        other = {"fr": "en", "en": "fr"}
        if source != self.source:
            agreed = self.seen in (None, self.texts[self.source])
            self.source = source
            self.seen = (self.texts[source] if agreed else "never") if all(self.texts.values()) else None
        new = {"fr": new_fr, "en": new_en}
        translation = other[source]
        was, now = self.texts[source], new[source]
        edited = new[translation] != self.texts[translation]
        if not new[translation]:
            self.seen = None
        elif edited or right:
            self.seen = now or None
        elif now != was:
            agreed = self.seen in (None, was)
            if self.seen is None and was:
                self.seen = was
            if (unaffected and agreed) or (not was and self.seen is None):
                self.seen = now
        self.texts = new

    def state(self):
        source, translation = self.source, "en" if self.source == "fr" else "fr"
        if not self.texts[source]:
            return None
        if not self.texts[translation]:
            return MISSING
        return CURRENT if self.seen in (None, self.texts[source]) else STALE


WORDS = st.sampled_from(["", "one", "two", "three"])
SAVE = st.fixed_dictionaries(
    {"fr": WORDS, "en": WORDS, "source": st.sampled_from(["fr", "en"]), "right": st.booleans(), "same": st.booleans()}
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SAVE, max_size=8))
def test_whatever_editors_do_the_state_follows_the_rules(saves):
    rules = Rules()
    partner = written(seat_fr="one", seat_en="one")
    for save in saves:
        translation = "seat_en" if save["source"] == "fr" else "seat_fr"
        edit(
            partner,
            seat_fr=save["fr"],
            seat_en=save["en"],
            source_language=save["source"],
            right=[translation] if save["right"] else [],
            unaffected=[f"seat_{save['source']}"] if save["same"] else [],
        )
        rules.save(save["fr"], save["en"], save["source"], save["right"], save["same"])
        assert state(partner, "seat", translation[-2:]) == rules.state()
