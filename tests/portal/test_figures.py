"""Figures read as `facts.md` says, in both languages. In the tables ~ is U+00A0 and _ is U+202F."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import figures
from portal.figures import ENGLISH, FRENCH, Figure, figure

EXACT = [
    ("392969", "inhabitants", "392,969~inhabitants", "392_969~habitants"),
    ("2607746", "inhabitants", "2,607,746~inhabitants", "2_607_746~habitants"),
    ("0", "inhabitants", "0~inhabitants", "0~habitant"),
    ("-0", "inhabitants", "0~inhabitants", "0~habitant"),
    ("0.5", "inhabitants", "0.5~inhabitants", "0,5~habitant"),
    ("1", "inhabitants", "1~inhabitant", "1~habitant"),
    ("1.00", "inhabitants", "1~inhabitant", "1~habitant"),
    ("1.5", "inhabitants", "1.5~inhabitants", "1,5~habitant"),
    ("1.99", "inhabitants", "1.99~inhabitants", "1,99~habitant"),
    ("2", "inhabitants", "2~inhabitants", "2~habitants"),
    ("-1", "inhabitants", "−1~inhabitant", "−1~habitant"),
    ("-1250", "inhabitants", "−1,250~inhabitants", "−1_250~habitants"),
    ("999", "inhabitants", "999~inhabitants", "999~habitants"),
    ("1000", "inhabitants", "1,000~inhabitants", "1_000~habitants"),
    ("8100000000", "inhabitants", "8,100,000,000~inhabitants", "8_100_000_000~habitants"),
    ("78", "none", "78", "78"),
    ("78", "", "78", "78"),
    ("0", "none", "0", "0"),
    ("1500000", "none", "1,500,000", "1_500_000"),
    ("-12.25", "none", "−12.25", "−12,25"),
    ("6671", "km2", "6,671~km²", "6_671~km²"),
    ("6671.0", "km2", "6,671~km²", "6_671~km²"),
    ("6671.5", "km2", "6,671.5~km²", "6_671,5~km²"),
    ("6671.05", "km2", "6,671.05~km²", "6_671,05~km²"),
    ("1", "km2", "1~km²", "1~km²"),
    ("1800000000", "EUR", "€1.8~billion", "1,8~milliard d’euros"),
    ("2040000000", "EUR", "€2.04~billion", "2,04~milliards d’euros"),
    ("274600000", "EUR", "€274.6~million", "274,6~millions d’euros"),
    ("265000000", "EUR", "€265~million", "265~millions d’euros"),
    ("1000000", "EUR", "€1~million", "1~million d’euros"),
    ("1234567", "EUR", "€1,234,567", "1_234_567~euros"),
    ("1530900000", "GBP", "£1,530,900,000", "1_530_900_000~livres sterling"),
    ("999999", "EUR", "€999,999", "999_999~euros"),
    ("1000000.5", "EUR", "€1,000,000.50", "1_000_000,50~euros"),
    ("0", "EUR", "€0", "0~euro"),
    ("1", "EUR", "€1", "1~euro"),
    ("2", "EUR", "€2", "2~euros"),
    ("12.5", "EUR", "€12.50", "12,50~euros"),
    ("12.125", "EUR", "€12.125", "12,125~euros"),
    ("1", "GBP", "£1", "1~livre sterling"),
    ("-1800000000", "EUR", "−€1.8~billion", "−1,8~milliard d’euros"),
    ("-12.5", "GBP", "−£12.50", "−12,50~livres sterling"),
    ("1500000000000", "EUR", "€1.5~trillion", "1_500~milliards d’euros"),
    ("1E+12", "EUR", "€1~trillion", "1_000~milliards d’euros"),
    ("1234500000000", "EUR", "€1,234,500,000,000", "1_234,5~milliards d’euros"),
    ("2500000000000000", "EUR", "€2,500~trillion", "2_500_000~milliards d’euros"),
]

APPROXIMATE = [
    ("1500000", "inhabitants", "1.5~million inhabitants", "1,5~million d’habitants"),
    ("2600000", "inhabitants", "2.6~million inhabitants", "2,6~millions d’habitants"),
    ("2607746", "inhabitants", "2.61~million inhabitants", "2,61~millions d’habitants"),
    ("1990000", "inhabitants", "1.99~million inhabitants", "1,99~million d’habitants"),
    ("1994999", "inhabitants", "1.99~million inhabitants", "1,99~million d’habitants"),
    ("1995000", "inhabitants", "2~million inhabitants", "2~millions d’habitants"),
    ("1000000", "inhabitants", "1~million inhabitants", "1~million d’habitants"),
    ("999999", "inhabitants", "1~million inhabitants", "1~million d’habitants"),
    ("999499", "inhabitants", "999,000~inhabitants", "999_000~habitants"),
    ("392969", "inhabitants", "393,000~inhabitants", "393_000~habitants"),
    ("1234", "inhabitants", "1,230~inhabitants", "1_230~habitants"),
    ("1.999", "inhabitants", "2~inhabitants", "2~habitants"),
    ("0", "inhabitants", "0~inhabitants", "0~habitant"),
    ("-1500000", "inhabitants", "−1.5~million inhabitants", "−1,5~million d’habitants"),
    ("1530900000", "GBP", "£1.53~billion", "1,53~milliard de livres sterling"),
    ("1800000000", "EUR", "€1.8~billion", "1,8~milliard d’euros"),
    ("999950000", "EUR", "€1~billion", "1~milliard d’euros"),
    ("274600000", "EUR", "€275~million", "275~millions d’euros"),
    ("999600000000", "EUR", "€1~trillion", "1_000~milliards d’euros"),
    ("1234", "EUR", "€1,230", "1_230~euros"),
    ("1500000", "none", "1.5~million", "1,5~million"),
    ("6671.5", "km2", "6,670~km²", "6_670~km²"),
    ("1500000", "km2", "1.5~million~km²", "1,5~million~de~km²"),
]

ROWS = [(*row, False) for row in EXACT] + [(*row, True) for row in APPROXIMATE]


def spaced(text):
    return text.replace("~", "\u00a0").replace("_", "\u202f")


@pytest.mark.parametrize(("value", "unit", "english", "french", "approximate"), ROWS)
def test_a_figure_reads_well_in_both_languages(value, unit, english, french, approximate):
    assert figure(Decimal(value), unit, "en", approximate).text == spaced(english)
    assert figure(Decimal(value), unit, "fr", approximate).text == spaced(french)


@pytest.mark.parametrize(
    ("value", "unit", "language", "number", "words"),
    [
        ("1500000", "inhabitants", "en", "1.5~million", "inhabitants"),
        ("1500000", "inhabitants", "fr", "1,5~million", "d’habitants"),
        ("1800000000", "EUR", "en", "€1.8~billion", ""),
        ("1800000000", "EUR", "fr", "1,8~milliard", "d’euros"),
        ("1530900000", "GBP", "fr", "1,53~milliard", "de livres sterling"),
        ("6670", "km2", "fr", "6_670~km²", ""),
        ("78", "none", "fr", "78", ""),
    ],
)
def test_what_is_set_large_is_apart_from_the_words_that_follow(value, unit, language, number, words):
    read = figure(Decimal(value), unit, language, approximate=True)
    assert (read.number, read.unit) == (spaced(number), words)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_figure_without_a_value_reads_as_nothing(language):
    assert figure(None, "EUR", language) == Figure("", "", "")


def test_a_variant_reads_as_its_language_and_an_unknown_language_as_english():
    assert figure(Decimal("1000"), "EUR", "fr-be").text == spaced("1_000~euros")
    assert figure(Decimal("1000"), "EUR", "sv").text == "€1,000"


def test_an_unknown_unit_is_refused():
    with pytest.raises(KeyError):
        figure(Decimal(1), "furlongs", "en")


def test_every_language_knows_every_unit():
    assert all(table.units.keys() == ENGLISH.units.keys() for table in figures.LANGUAGES.values())


def test_dutch_is_one_table_away(monkeypatch):
    dutch = replace(
        FRENCH,
        thousands=".",
        is_plural=lambda amount: amount != 1,
        scales=((9, "miljard", "miljard"), (6, "miljoen", "miljoen")),
        units={
            "inhabitants": figures.Unit("inwoner", "inwoners", "inwoners"),
            "EUR": figures.Unit(sign="€\u00a0", is_currency=True),
        },
    )
    monkeypatch.setitem(figures.LANGUAGES, "nl", dutch)
    assert figure(Decimal("392969"), "inhabitants", "nl").text == spaced("392.969~inwoners")
    assert figure(Decimal("1500000"), "inhabitants", "nl", approximate=True).text == spaced("1,5~miljoen inwoners")
    assert figure(Decimal("1800000000"), "EUR", "nl").text == spaced("€~1,8~miljard")


@pytest.mark.parametrize(
    ("size", "english", "french"),
    [(0, "1 kB", "1 ko"), (1_450, "1 kB", "1 ko"), (999_400, "999 kB", "999 ko"), (1_240_000, "1.2 MB", "1,2 Mo"),
     (20_000_000, "20 MB", "20 Mo"), (1_234_000_000, "1,234 MB", "1\u202f234 Mo")],
)  # fmt: skip
def test_the_size_of_a_file_reads_in_powers_of_a_thousand(size, english, french):
    assert figures.file_size(size, "en") == english.replace(" ", "\xa0")
    assert figures.file_size(size, "fr-be") == french.replace(" ", "\xa0")


def parsed(text, table):
    """The number that a reader takes from `text`."""
    number = re.search(r"\d[\d.,\u202f]*", text)[0].replace(table.thousands, "").replace(table.decimal, ".")
    power = next((power for power, *words in table.scales if set(words) & set(re.split(r"\s", text))), 0)
    return Decimal(number).scaleb(power) * (-1 if "\N{MINUS SIGN}" in text else 1)


values = st.decimals(min_value=-(10**16), max_value=10**16, places=2)
units = st.sampled_from(list(ENGLISH.units))
tables = st.sampled_from(list(figures.LANGUAGES.items()))


@given(values, units, tables)
def test_an_exact_figure_can_be_read_back_to_the_last_digit(value, unit, language):
    assert parsed(figure(value, unit, language[0]).text, language[1]) == value


@given(values, units, tables)
def test_an_approximate_figure_is_at_most_half_a_percent_off(value, unit, language):
    read = parsed(figure(value, unit, language[0], approximate=True).text, language[1])
    assert abs(read - value) <= abs(value) * Decimal("0.005")


@given(values, units, tables, st.booleans())
def test_a_figure_keeps_its_sign_and_is_never_broken_inside_its_digits(value, unit, language, approximate):
    read = figure(value, unit, language[0], approximate)
    assert ("\N{MINUS SIGN}" in read.number) == (value < 0)
    assert "-" not in read.text
    assert not re.search(r"\d \S|\S \d", read.text)
    assert " " not in read.number
