"""What does a page say of itself to machines, in the terms of schema.org (JSON-LD) and Open Graph?

Only in its own language: what is shown from another one is left out, and a page that is not to be indexed says nothing.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from portal.card_drawing import SIZE
from portal.cards import card_of
from portal.languages import active, called, column
from portal.richtext import plain
from portal.seo import Head

IN_SCRIPT = {sign: f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}  # nothing can end the script element
Node = dict[str, Any]


def said(text: Any) -> str:
    """A text without its mark-up where it is in the language of the page, nothing otherwise."""
    return plain(text) if getattr(text, "language", active()) == active() else ""


def moment(value: datetime | date | None) -> str:
    """In ISO 8601, local time to the second; "" for None."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return value.isoformat() if value else ""


def article(page: Any, kind: str = "Article") -> Node:
    """A text of the site: when it was opened and last saved."""
    return {
        "@type": kind,
        "headline": said(called(page)),
        "inLanguage": active(),
        "datePublished": moment(getattr(page.record, column("public_from", active()))),
        "dateModified": moment(page.updated_at),
    }


def picture_of(head: Head, furniture: Any) -> Node:
    """What is shown where the page is shared: its card, with what is written and seen there in words."""
    card = card_of(head, furniture)
    seen = said(head.picture.alt) if head.picture and not head.picture.is_decorative else ""
    words = filter(None, (card.title, card.name, seen))
    width, height = SIZE
    return {"url": urljoin(head.canonical, card.url), "width": width, "height": height, "alt": " – ".join(words)}


def json_ld(head: Head, furniture: Any) -> SafeString:
    """The page's nodes as the content of a script element, which no browser runs; nothing in it can end the element."""
    organisation = {"@type": "Organization", "name": furniture.site.publisher or furniture.name}
    nodes = []
    if head.trail:
        nodes.append({"@type": "BreadcrumbList", "itemListElement": _steps(head)})
    if head.about:
        about = {**head.about, "url": head.canonical, "description": said(head.description)}
        if head.picture:
            about["image"] = _largest(head)
        if "inLanguage" in about:
            about["publisher"] = organisation
        nodes.append(about)
    graph = _without_gaps({"@context": "https://schema.org", "@graph": nodes})
    written = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for sign, escaped in IN_SCRIPT.items():
        written = written.replace(sign, escaped)
    return mark_safe(written) if nodes else SafeString()  # noqa: S308 (no sign of HTML is left)


def _largest(head: Head) -> str:
    """Where the page's picture is, as large as it is served; "" where it has no rendition."""
    files = head.picture.wide[-1][1]
    return urljoin(head.canonical, files[-1][0]) if files else ""


def _steps(head: Head) -> list[Node]:
    root = head.canonical.removesuffix(head.path)
    steps = [*((step.label, root + step.url) for step in head.trail), (head.title, head.canonical)]
    return [
        {"@type": "ListItem", "position": position, "name": str(name), "item": url}
        for position, (name, url) in enumerate(steps, 1)
    ]


def _without_gaps(value: Any) -> Any:
    """The same without what is empty, at every depth."""
    if isinstance(value, dict):
        inside = {name: _without_gaps(item) for name, item in value.items()}
        kept = {name: item for name, item in inside.items() if item not in ("", None, [], {})}
        return kept if set(kept) - {"@type"} else {}
    if isinstance(value, list | tuple):
        return [item for item in map(_without_gaps, value) if item not in ("", None, [], {})]
    return value if isinstance(value, int | float) else str(value) if value is not None else None
