"""Who answers to a choice is held in sets of bits, and each order too: the plain way, one by one, must say the same."""

from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from django.utils.http import urlencode
from django.utils.text import slugify
from hypothesis import given, settings
from hypothesis.extra.django import TestCase
from hypothesis.strategies import composite, integers, just, lists, none, sampled_from, sets, tuples

from partners.comparison import PER_TABLE, Comparison
from partners.filters import COLUMNS, census, chosen_in, facets
from partners.models import KeyFigure, Partner, PartnerTheme
from partners.standing import COMPARED, RANKED, SORTS
from partners.wording import ARTICLE
from portal import version
from portal.languages import codes
from tests.factories import LONG_AGO, make_theme

FORMER, MEMBER = Partner.Status.FORMER, Partner.Status.MEMBER
VALUES = {name: choices.values[:3] for name, choices in COLUMNS.items()} | {"status": Partner.Status.values}
THEMES, NAMES, SHORT = ("jeunesse", "climat"), ("Ambre", "Bois", "Zone"), ("le Bois", "la Zone", "Ambre")
ASKED = {**VALUES, "theme": THEMES, "sort": SORTS}
# Indicator, value, year and position; so few of each that many are equal.
figures = tuples(sampled_from(COMPARED), sampled_from([None, 1, 5, 9]), sampled_from([None, 2020]), integers(0, 1))


@composite
def partners(draw):
    """Columns, figures and themes of one; in one language of three it is not public."""
    columns = {name: draw(sampled_from(values)) for name, values in VALUES.items()} | {"position": draw(integers(0, 1))}
    for code in codes():
        columns |= {f"name_{code}": draw(sampled_from(NAMES)), f"name_in_sentence_{code}": draw(sampled_from(SHORT))}
        columns |= {f"public_from_{code}": draw(sampled_from([LONG_AGO, LONG_AGO, None]))}
    rows = lists(figures, max_size=9, unique_by=lambda row: (row[0], row[2], row[3]))
    return columns, draw(rows), draw(sets(sampled_from(THEMES)))


@composite
def questions(draw):
    """What a query asks, as its pairs."""
    asked = [(name, draw(none() | sampled_from(values))) for name, values in ASKED.items()]
    named = draw(just(()) | sets(integers(0, 20), max_size=3))
    return [pair for pair in asked if pair[1]] + [("partner", f"one-{number}") for number in sorted(named)]


class Plain:
    """A partner as a reader of a language has it."""

    def __init__(self, key, columns, rows, themes):
        self.key, self.columns, self.rows, self.themes = key, columns, rows, themes

    def read(self, field, language):
        """None where it is public in no language."""
        public = [code for code in (language, "fr", *codes()) if self.columns[f"public_from_{code}"]]
        return self.columns[f"{field}_{public[0]}"] if public else None

    def place(self, language):
        return self.columns["position"], self.read("name", language), self.key

    def answers(self, question):
        return all(
            value in self.themes if name == "theme" else self.columns[name] == value
            for name, value in question
            if name in (*COLUMNS, "theme")
        )

    def value(self, indicator):
        """Of the latest year, and of two of a year the first in order; 0 without one."""
        of = [(year or 0, -at, value) for what, value, year, at in self.rows if what == indicator and value]
        return max(of, default=(0,))[-1]

    def rank(self, order, language):
        """Members first, then the largest, or by name."""
        name = slugify(ARTICLE.sub("", self.read("name_in_sentence", language)))
        return self.columns["status"] != MEMBER, name if order == "name" else -self.value(order)


def make(drawn):
    """Put what was drawn into the database, and have it as plain values."""
    keys = {theme: make_theme(theme, slug_fr=theme, slug_en=theme).pk for theme in THEMES}
    made, rows = [], []
    for number, (columns, kept, themes) in enumerate(drawn):
        slugs = {f"slug_{code}": f"one-{number}" for code in codes()}
        partner = Partner.objects.create(**columns, **slugs, source_language="fr")
        made.append(Plain(partner.pk, columns | {"slug": f"one-{number}"}, kept, themes))
        for what, value, year, at in kept:
            figure = {"indicator": what, "value": value, "unit": "none" if value else "", "as_of": year}
            rows.append(KeyFigure(partner=partner, position=at, **figure))
        rows += [PartnerTheme(partner=partner, theme_id=keys[theme]) for theme in themes]
    for model in (KeyFigure, PartnerTheme):
        model.objects.bulk_create(row for row in rows if isinstance(row, model))
    version.forget()
    return made


class TestAnyPartnersAndAnyQuestion(TestCase):
    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(lists(partners(), min_size=1, max_size=16), lists(questions(), min_size=5, max_size=8))
    def test_shown_are_those_who_answer_in_the_order_asked_for(self, drawn, asked):
        made = make(drawn)
        for language in codes():
            public = [one for one in made if one.read("name", language) is not None]
            with translation.override(language):
                for question in asked:
                    check_list(sorted(public, key=lambda one: one.place(language)), question)
                    check_comparison(sorted(public, key=lambda one: one.place(language)), question, language)


def check_list(public, question):
    chosen = chosen_in(QueryDict(urlencode(question)))
    found = [one.key for one in public if one.answers(question)]
    assert census().keys_of(census().answering(chosen)) == found
    for _name, _label, choices in facets(chosen):
        for choice in choices:
            narrowed = [*QueryDict(choice.query).items()]
            assert choice.count == sum(one.answers(narrowed) for one in public)


def check_comparison(public, question, language):
    seen = Comparison(RequestFactory().get("/?" + urlencode(question)))
    present = [one for one in public if one.answers(question) and one.columns["status"] != FORMER]
    measured = [one for one in present if any(map(one.value, COMPARED))]
    chosen = [one for one in present if ("partner", one.columns["slug"]) in question]
    compared, asked = chosen or measured, dict(question)
    assert seen.present == [one.key for one in present]
    assert seen.silent == ([] if chosen else [one.key for one in present if one not in measured])
    assert seen.page.paginator.count == len(compared)
    assert [*seen.keys] == [what for what in COMPARED if any(one.value(what) for one in present)]
    for indicator, keys in seen.keys.items():
        order = asked.get("sort") or (indicator if indicator in RANKED else "committee")
        ordered = sorted(compared, key=lambda one: one.rank(order, language))
        assert keys == [one.key for one in ordered][:PER_TABLE], order
