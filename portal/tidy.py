"""How does loose HTML become regular?

`tidy` expects what a sanitiser lets through: escaped text and nothing but the tags below. It moves, closes and drops
tags, and never writes an attribute of its own.
"""

import re

NBSP = "\N{NO-BREAK SPACE}"
INLINE = {"a", "strong", "em"}
LISTS = {"ul", "ol"}
TAGS = INLINE | LISTS | {"p", "h3", "li", "blockquote", "br"}
TOKEN = re.compile(r"<(/?)(\w+)([^>]*)>|([^<]+)")
SPACES = re.compile(r"[ \t\n\r\f\v\xa0]{2,}|[\t\n\r\f\v]")
SIMPLE_ITEM = re.compile(r"<li><p>((?:(?!</?p>).)*)</p>(?=</li>|<[uo]l>)")


def tidy(html: str) -> str:
    """Text in paragraphs, items in lists, nothing empty; an item of one paragraph is that text alone."""
    writer = _Writer()
    for slash, name, attributes, text in TOKEN.findall(html):
        if text:
            writer.text(text)
        elif name == "br":
            writer.line_break()
        elif slash:
            writer.end(name)
        else:
            writer.start(name, attributes)
    while writer.open:
        writer.pop()
    return SIMPLE_ITEM.sub(r"<li>\1", "".join(writer.out))


def spaced(text: str) -> str:
    """`text` with every run of white space as one: U+00A0 where the run holds nothing else."""
    return SPACES.sub(lambda run: NBSP if set(run[0]) == {NBSP} else " ", text)


class _Writer:
    """The tokens written so far, and the tags that are open; `bare` until the current block holds something."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.open: list[str] = []
        self.bare = True

    def text(self, text: str) -> None:
        text = spaced(text)
        if self.bare or self.out[-1] == "<br>":
            text = text.lstrip()
        if text:
            self._enter_flow()
            if self.out[-1][0] != "<":
                text = spaced(self.out.pop() + " " * self.bare + text)
            self.out.append(text)
            self.bare = False

    def line_break(self) -> None:
        if not self.bare:
            self._trim()
            self.out.append("<br>")

    def start(self, name: str, attributes: str) -> None:
        if name in INLINE:
            if name != "a" or attributes:
                self._enter_flow()
                self._push(name, attributes)
            return
        while self.open and self.open[-1] in INLINE | {"p", "h3"}:
            self.pop()
        self._trim(breaks=True)
        if name == "li" and LISTS & set(self.open):
            while self.open[-1] not in LISTS:
                self.pop()
        elif self.open and self.open[-1] in LISTS:
            self._enter_item(again=name in LISTS)
        self._push("p" if name == "li" and self.open[-1:] not in (["ul"], ["ol"]) else name)

    def end(self, name: str) -> None:
        if name in self.open:
            while self.pop() != name:
                pass

    def pop(self) -> str:
        """Closes the innermost tag, or takes it back where it holds nothing."""
        name = self.open.pop()
        if name not in INLINE:
            self._trim(breaks=True)
            self.bare = True
        if self.out[-1].startswith(f"<{name}"):
            self.out.pop()
        else:
            self.out.append(f"</{name}>")
        return name

    def _push(self, name: str, attributes: str = "") -> None:
        self.open.append(name)
        self.out.append(f"<{name}{attributes}>")
        self.bare = self.bare or name not in INLINE

    def _enter_flow(self) -> None:
        """Opens what text and inline tags must stand in."""
        around = next((name for name in reversed(self.open) if name not in INLINE), "blockquote")
        if around in LISTS:
            self._enter_item()
        elif around == "blockquote":
            self._push("p")

    def _enter_item(self, again: bool = False) -> None:
        """Opens an item of the current list, or its last one `again`: a nested list belongs to the item above it."""
        if again and self.out[-1] == "</li>":
            self.out.pop()
            self.open.append("li")
        else:
            self._push("li")

    def _trim(self, breaks: bool = False) -> None:
        while self.out and (self.out[-1].isspace() or (breaks and self.out[-1] == "<br>")):
            self.out.pop()
        if self.out and self.out[-1][0] != "<":
            self.out[-1] = self.out[-1].rstrip()
