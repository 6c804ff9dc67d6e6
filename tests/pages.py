"""What a page says, for tests: its elements, found without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import override

EMPTY = {"meta", "link", "img", "br", "input", "source", "hr", "use", "path", "circle", "stop"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def __getitem__(self, name: str) -> str | None:
        return self.attributes.get(name)


class Document(HTMLParser):
    """The elements of a response, in their order."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.feed(response.content.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag):
        while self.open and self.open.pop().name != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element.words.append(data)

    def all(self, *names: str, **attributes: str) -> list[Element]:
        """Elements of these names that have the attributes; `class_` asks for one class among several."""
        return [element for element in self.elements if element.name in names and self._has(element, attributes)]

    def one(self, tag: str, **attributes: str) -> Element:
        (element,) = self.all(tag, **attributes)
        return element

    @staticmethod
    def _has(element: Element, attributes: dict[str, str]) -> bool:
        return all(
            value in (element["class"] or "").split() if name == "class_" else element[name.rstrip("_")] == value
            for name, value in attributes.items()
        )

    def links(self) -> dict[str, str]:
        """Text of each link → where it leads."""
        return {element.text: element["href"] or "" for element in self.all("a")}

    def alternates(self) -> dict[str, str]:
        """hreflang → absolute address, of the alternates in the head; feeds apart."""
        links = self.all("link", rel="alternate")
        return {element["hreflang"]: element["href"] for element in links if element["hreflang"]}

    def feeds(self) -> dict[str, str]:
        """Title → path of the feeds in the head."""
        return {link["title"]: link["href"] for link in self.all("link", type="application/atom+xml")}

    def robots(self) -> list[str]:
        return [element["content"] for element in self.all("meta", name="robots")]


def get(client, path: str, status: int = 200, **extra) -> Document:
    """The page at a path, which answers with the status."""
    response = client.get(path, **extra)
    assert response.status_code == status, f"{path}: {response.status_code}"
    return Document(response)


def path_of(view: str, language: str) -> str:
    """The path of a page that is no record's, in a language."""
    with override(language):
        return reverse(view)
