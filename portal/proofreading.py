"""What should an editor look at again in a text? Remarks never keep anybody from saving."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that one of the languages uses all the time and the others hardly ever.
COMMON = {
    "fr": _words("le la les des du une est dans pour avec et qui que sur aux par ce sont leur"),
    "en": _words("the and of with for that which this are from by to their its has was"),
    "nl": _words("het een van voor met dat niet zijn wordt ook door naar worden bij aan"),
}
DECIMALS = {  # neither dates nor versions, as in “RGAA 4.1”
    "en": re.compile(r"(?<![\d,.])\d+,\d{1,2}(?![\d,])"),
    "fr": re.compile(
        r"(?<![\d,.])(?<![A-Z]\s)(?<!version\s)\d+\.\d{1,2}(?![\d.])|(?<![\d.])\d{1,3}(?:\.\d{3})+(?![\d.])"
    ),
}
_EN, _FR = (
    "two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|many",
    "dix|vingt|trente|quarante|cinquante|soixante|cent|deux|trois|quatre|cinq|six|sept|huit|neuf|quelques",
)
AGES = {
    "en": re.compile(rf"\bfor (?:[a-z]+ ){{0,2}}(?:\d+|{_EN}) years\b|\b(?:\d+|{_EN}) years ago\b|\blast year\b", re.I),
    "fr": re.compile(
        rf"\b(?:depuis|il y a) (?:[a-zé’]+ ){{0,2}}(?:\d+|{_FR}) ?(?:ans|années)\b|\bl[’']an(?:née)? derni[eè]re?\b",
        re.I,
    ),
}
VAGUE_LINKS = frozenset(
    ("ici", "cliquez ici", "cliquer ici", "lien", "ce lien", "lire la suite", "en savoir plus", "plus", "voir")
    + ("here", "click here", "link", "this link", "read more", "learn more", "more", "see", "hier", "klik hier")
)
_FILE = re.compile(r"^\S+\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|zip|csv|jpe?g|png)$", re.I)
_LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.I | re.S)
_UNTOUCHED = re.compile(r"(<[^>]*>|&#?\w+;|\b(?:https?://|www\.)[^\s<]+|\S+@\S+)")

NARROW, FIXED = "\u202f", "\u00a0"  # no-break spaces: before ; ! ? and inside « », before a colon
_TYPOGRAPHY = [
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r'(?<![\w"])"\s*([^"\s][^"]*?)\s*"(?![\w"])'), rf"«{NARROW}\1{NARROW}»"),
    (re.compile(r"«\s*(?=[^\s»])"), f"«{NARROW}"),
    (re.compile(r"(?:(?<=[^\s«])\s*|^\s+)»"), f"{NARROW}»"),
    (re.compile(r"(?<=[^\s:;!?\d])\s*:(?=\s|$)|(?:(?<=\d)|^)\s+:(?=\s|$)"), f"{FIXED}:"),
    (re.compile(r"(?:(?<=[^\s:;!?(«])\s*|^\s+)([;!?]+)(?=[\s»)]|$)"), rf"{NARROW}\1"),
]


@lru_cache(maxsize=500)
def correct_typography(text: str) -> str:
    """A French text with spaces, quotation marks and apostrophes set right; mark-up and addresses stay as they are."""
    parts = _UNTOUCHED.split(text)
    for place in range(0, len(parts), 2):
        for wrong, right in _TYPOGRAPHY:
            parts[place] = wrong.sub(right, parts[place])
    return "".join(parts)


def kept_terms(lines: str) -> tuple[tuple[str, str], ...]:
    """Wrong and right wording of each line “Strait Committee = Straits Committee”; other lines say nothing."""
    pairs = (line.partition("=") for line in lines.splitlines())
    return tuple((wrong.strip(), right.strip()) for wrong, _equals, right in pairs if wrong.strip() and right.strip())


@lru_cache(maxsize=20_000)
def remarks(text: str, language: str, terms: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
    """What to look at again in a plain or rich text, in sentences of the active language."""
    words = unescape(re.sub(r"<[^>]*>", " ", text))
    return (*_of_words(words, language, terms), *_of_markup(text), *_of_typography(text, language))


def _of_words(words: str, language: str, terms: Iterable[tuple[str, str]]) -> Iterator[str]:
    if other := other_language(words, language):
        yield _t("Is this in another language? (%(language)s)") % {
            "language": get_language_info(other)["name_translated"]
        }
    without_addresses = re.sub(r"\S*(?:://|www\.)\S*", "", words)
    for found in DECIMALS[language].findall(without_addresses) if language in DECIMALS else ():
        yield _t("“%(number)s”: this language writes its numbers otherwise.") % {"number": found}
    for found in AGES[language].finditer(words) if language in AGES else ():
        yield _t("“%(words)s” will be wrong next year: give the year.") % {"words": found[0]}
    for wrong, right in terms:
        if re.search(rf"\b{re.escape(wrong)}\b", words):
            yield _t("“%(wrong)s”: we write “%(right)s”.") % {"wrong": wrong, "right": right}


def _of_markup(text: str) -> Iterator[str]:
    for inside in _LINK.findall(text):
        label = unescape(re.sub(r"<[^>]*>", "", inside)).strip()
        if re.sub(r"\W+$", "", label.lower()) in VAGUE_LINKS:
            yield _t("The link “%(link)s” does not say where it leads.") % {"link": label}
        elif _FILE.match(label) or "://" in label:
            yield _t("The link “%(link)s” is a file name or an address: say what it leads to.") % {"link": label}
    levels = [2, *(int(level) for level in re.findall(r"<h([1-6])", text))]
    if any(after > before + 1 for before, after in zip(levels, levels[1:], strict=False)):
        yield _t("A heading skips a level.")
    if re.search(r"<p>\s*<strong>[^<]*[^<.!?:…\s]\s*</strong>\s*</p>", text):
        yield _t("A paragraph all in bold looks like a heading: make it one.")


def _of_typography(text: str, language: str) -> Iterator[str]:
    if language == "fr" and correct_typography(text) != text:
        yield _t("Spaces, quotation marks or apostrophes are not those of French typography.")


def other_language(words: str, language: str) -> str | None:
    """The language whose common words are three at least, and twice as many as those of the text's own."""
    found = re.findall(r"[a-zà-ÿ]+", words.lower())
    counts = {code: sum(word in common for word in found) for code, common in COMMON.items()}
    likely = max(counts, key=lambda code: counts[code])
    return likely if language in COMMON and counts[likely] >= max(3, 2 * counts[language] + 1) else None
