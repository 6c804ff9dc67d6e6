"""What changed between two texts, word by word?"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from html import unescape

from django.utils.translation import gettext as _t
from django.utils.translation import pgettext

# A tag, or a word with the blanks around it: with blanks as tokens of their own, difflib takes 17 s on 5,000 words.
_TOKENS = re.compile(r"<[^<>]+>|\s*[^\s<]+\s*|<|\s+")
_HREF = re.compile(r'href="([^"]*)"')


def word_diff(old: str | None, new: str | None) -> list[tuple[str, str]]:
    """Runs of `equal`, `delete` and `insert` in reading order; empty when both texts are.

    Of rich text, paragraphs become lines, and only mark-up that changed is named, in brackets: “[bold]”.
    """
    before, after = _TOKENS.findall(old or ""), _TOKENS.findall(new or "")
    words = SequenceMatcher(
        None, [token.strip() for token in before], [token.strip() for token in after], autojunk=False
    )
    runs: list[tuple[str, str]] = []
    for op, start, end, new_start, new_end in words.get_opcodes():
        if op == "equal":
            runs.append((op, _readable(after[new_start:new_end], changed=False)))
        else:
            runs.append(("delete", _readable(before[start:end], changed=True)))
            runs.append(("insert", _readable(after[new_start:new_end], changed=True)))
    return [(op, text) for op, text in runs if text]


def _readable(tokens: list[str], changed: bool) -> str:
    """The tokens as text without mark-up: a block opens a line; the rest of a changed mark-up is named."""
    return "".join(_tag(token, changed) if token[0] == "<" and token[1:] else unescape(token) for token in tokens)


def _tag(tag: str, changed: bool) -> str:
    name = tag.strip("</> ").split()[0] if tag.strip("</> ") else ""
    line = "\n" if name in ("p", "h3", "ul", "ol", "li", "blockquote", "br") and tag[1] != "/" else ""
    if not changed or tag[1] == "/":
        return line
    names = {
        "strong": _t("bold"),
        "em": _t("italic"),
        "h3": _t("heading"),
        "li": _t("list item"),
        "blockquote": pgettext("mark-up", "quotation"),
        "a": _t("link to %(address)s") % {"address": unescape("".join(_HREF.findall(tag)))},
    }
    return f"{line}[{names[name]}] " if name in names else line
