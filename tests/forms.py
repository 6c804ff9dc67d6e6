"""A form of a page as a browser would post it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    """Collects what the form with a given end of its id would send; submit buttons left out."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.fields = form_id, False, dict[str, Any]()
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self.inside = (given.get("id") or "").endswith(self.form_id)
        name = given.get("name")
        if not self.inside or "disabled" in given:
            return
        if tag == "input" and name and given.get("type") not in ("submit", "file", "button"):
            if given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    self.fields[name] = given.get("value") or "on"
            else:
                self.fields[name] = given.get("value") or ""
        elif tag == "textarea" and name:
            self.area, self.fields[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.fields[self.select] = given.get("value") or ""

    def handle_data(self, text: str) -> None:
        if self.area:
            self.fields[self.area] += text

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            if self.area:
                self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def fields_of(response: Any, form_id: str = "_form") -> dict[str, Any]:
    """What the page's form would post, by name."""
    parser = _Fields(form_id)
    parser.feed(response.content.decode())
    return parser.fields
