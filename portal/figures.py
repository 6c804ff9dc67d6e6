"""How do figures read?

Every language is one table, `LANGUAGES`: separators, plural, large numbers, units. Another language is another table.
A space that must not break is U+00A0; French thousands are parted by U+202F.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

MILLION, BILLION, TRILLION = 6, 9, 12
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
THREE_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Figure:
    """`number` is set large, `unit` are the words that follow it, `text` is both as read in a sentence."""

    number: str
    unit: str
    text: str


@dataclass(frozen=True)
class Unit:
    """The words of a unit; `of` follows a large number ("million d’habitants"), `sign` stands before the digits.

    `is_symbol`: the unit is set large with the number (km²). `is_currency`: exact amounts are shortened too.
    """

    one: str = ""
    many: str = ""
    of: str = ""
    sign: str = ""
    is_symbol: bool = False
    is_currency: bool = False


@dataclass(frozen=True)
class Language:
    """How a language writes numbers; `scales` are (power of ten, singular, plural), the largest first."""

    thousands: str
    decimal: str
    is_plural: Callable[[Decimal], bool]
    scales: tuple[tuple[int, str, str], ...]
    units: dict[str, Unit]
    byte: str


ENGLISH = Language(
    thousands=",",
    decimal=".",
    is_plural=lambda amount: amount != 1,
    scales=(
        (TRILLION, "trillion", "trillion"),
        (BILLION, "billion", "billion"),
        (MILLION, "million", "million"),
    ),
    units={
        "none": Unit(),
        "inhabitants": Unit("inhabitant", "inhabitants", "inhabitants"),
        "EUR": Unit(sign="€", is_currency=True),
        "GBP": Unit(sign="£", is_currency=True),
        "km2": Unit("km²", "km²", "km²", is_symbol=True),
    },
    byte="B",
)

# A French "billion" is an English trillion: above a thousand million, amounts stay in milliards.
FRENCH = Language(
    thousands="\N{NARROW NO-BREAK SPACE}",
    decimal=",",
    is_plural=lambda amount: amount >= 2,
    scales=((BILLION, "milliard", "milliards"), (MILLION, "million", "millions")),
    units={
        "none": Unit(),
        "inhabitants": Unit("habitant", "habitants", "d’habitants"),
        "EUR": Unit("euro", "euros", "d’euros", is_currency=True),
        "GBP": Unit("livre sterling", "livres sterling", "de livres sterling", is_currency=True),
        "km2": Unit("km²", "km²", f"de{NBSP}km²", is_symbol=True),
    },
    byte="o",
)

LANGUAGES = {"en": ENGLISH, "fr": FRENCH}


def figure(value: Decimal | None, unit: str, language: str, approximate: bool = False) -> Figure:
    """How `value` (at most 28 digits) reads in `language` ("fr", "fr-be"); one without a table reads as English.

    Approximate values are rounded to three significant digits, halves away from zero: at most 0.5 % off. From a million
    on they read in millions. Exact values keep every digit; an exact amount of money reads in millions too where two
    decimals say it all. None gives an empty figure; "" is the unit "none"; an unknown unit raises KeyError.
    """
    if value is None:
        return Figure("", "", "")
    words = LANGUAGES.get(language.partition("-")[0], ENGLISH)
    kind = words.units[unit or "none"]
    size = THREE_DIGITS.plus(abs(value)) if approximate else abs(value)
    amount, scale = size, ""
    if approximate or kind.is_currency:
        amount, scale = _scaled(size, words, any_decimals=approximate)
    number = (MINUS if value < 0 else "") + kind.sign + _digits(amount, words, kind.is_currency and not scale)
    if scale:
        number, unit_words, gap = number + NBSP + scale, kind.of, " "
    else:
        unit_words, gap = kind.many if words.is_plural(amount) else kind.one, NBSP
    if kind.is_symbol:
        number, unit_words = number + NBSP + unit_words, ""
    return Figure(number, unit_words, number + gap + unit_words if unit_words else number)


def file_size(size: int, language: str) -> str:
    """Bytes in powers of 1,000, as in "1.2 MB" or "1,2 Mo": to a tenth of a megabyte; from 1 kB, below a megabyte."""
    words = LANGUAGES.get(language.partition("-")[0], ENGLISH)
    if size >= 10**MILLION:
        return _digits(round(Decimal(size).scaleb(-MILLION), 1), words, False) + f"{NBSP}M{words.byte}"
    return _digits(Decimal(max(1, round(size / 1000))), words, False) + f"{NBSP}k{words.byte}"


def _scaled(size: Decimal, words: Language, any_decimals: bool) -> tuple[Decimal, str]:
    """`size` in its largest scale, and the word for it; unchanged and "" below a million or beyond two decimals."""
    for power, one, many in words.scales:
        amount = size.scaleb(-power)
        if amount >= 1:
            if any_decimals or amount == round(amount, 2):
                return amount, many if words.is_plural(amount) else one
            break
    return size, ""


def _digits(amount: Decimal, words: Language, is_price: bool) -> str:
    """Digits grouped by three, without idle zeros; the cents of a price have two."""
    whole, _, decimals = format(amount, ",f").partition(".")
    decimals = decimals.rstrip("0")
    if is_price and len(decimals) == 1:
        decimals += "0"
    return whole.replace(",", words.thousands) + (words.decimal + decimals if decimals else "")
