"""The few template tags and filters that every template may use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t

from portal import figures, linked
from portal.languages import active, language_name
from portal.richtext import render

register = template.Library()
HYPHENATED = re.compile(r"\w+(?:-\w+)+")
LONGEST = 16  # characters: a longer word must be free to break on a screen of 320 pixels


@register.filter
def lang(text: Any) -> str:
    """` lang="fr"` where the text is in another language than the page, nothing otherwise."""
    language = getattr(text, "language", None)
    return format_html(' lang="{}"', language) if language and language != active() else ""


@register.filter
def is_foreign(text: Any) -> bool:
    """Whether there is a text, and it is not in the language of the page."""
    return bool(text) and bool(lang(text))


@register.filter
def said(text: Any, is_told: Any = None) -> Any:
    """A short text, marked where it is in another language than the page: "… (in French)", unless the page `is_told`.

    A page that falls back as a whole has told its language above, and would repeat it at every label.
    """
    if not is_foreign(text):
        return text
    marked = format_html("<span{}>{}</span>", lang(text), text)
    if is_told:
        return marked
    told = _t("in %(language)s") % {"language": language_name(text.language)}
    return format_html('{} <span class="quiet">({})</span>', marked, told)


@register.filter
def notice(text: Any) -> str:
    """A paragraph to stand before a text that is in another language than the page, nothing otherwise."""
    if not is_foreign(text):
        return ""
    told = _t("Shown in %(shown)s: not yet translated.") % {"shown": language_name(text.language)}
    return format_html('<p class="notice">{}</p>', told)


@register.filter
def unbroken(heading: str) -> SafeString:
    """The heading with short hyphenated words kept on one line: a browser may break "cross-border" at its hyphen."""

    def kept(word: re.Match[str]) -> str:
        return f'<span class="nowrap">{word[0]}</span>' if len(word[0]) <= LONGEST else word[0]

    return mark_safe(HYPHENATED.sub(kept, escape(heading)))  # noqa: S308 (escaped before it is wrapped)


@register.filter
def richtext(html: str, heading: int = 3) -> SafeString:
    """An editor's rich text, its headings at level `heading`."""
    return render(html, heading)


register.filter(language_name)


@register.filter
def found(runs: Iterable[tuple[bool, str]]) -> SafeString:
    """Runs of `portal/words.py` as escaped text, the words found in `mark`."""
    pieces = (format_html("<mark>{}</mark>", words) if is_found else words for is_found, words in runs)
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def spoken_day(day: date) -> str:
    """The date as it is said: "5 February 2020", "1er février 2020"."""
    words = date_format(day, "DATE_FORMAT")
    return "1er" + words[1:] if active() == "fr" and day.day == 1 else words


@register.filter
def day(moment: date | datetime | None) -> str:
    """The date as a `time` element; nothing for None."""
    if not moment:
        return ""
    on = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), spoken_day(on))


@register.simple_tag(takes_context=True)
def current(context: Any, url: str) -> str:
    """` aria-current="page"` on a link to this page, `true` on one to a page above it, nothing otherwise."""
    head = context.get("head")  # an error that is answered by Django itself has none
    is_above = head and any(step.url == url for step in head.trail[1:])
    value = "page" if head and head.path == url else "true" if is_above else ""
    return format_html(' aria-current="{}"', value) if value else ""


@register.simple_tag(takes_context=True)
def furnish(context: Any, template: str) -> str:
    """A part that differs from page to page in nothing but what `current` marks: drawn once for each page so marked."""
    furniture, head = context.get("furniture"), context.get("head")
    if not furniture:  # an error of the server's: nothing is asked of the database
        return render_to_string(template, {"head": head})
    steps = (head.path, *(step.url for step in head.trail[1:])) if head else ()
    plain = furniture.drawn(template, ())
    return furniture.drawn(template, tuple(url if f'href="{url}"' in plain else "" for url in steps), head)


@register.simple_tag
def figure(row: Any) -> figures.Figure:
    """How a key figure reads in the language of the page."""
    return figures.figure(row.value, row.unit, active(), row.is_approximate)


@register.filter
def file_size(size: int) -> str:
    """Bytes in the language of the page: "1.2 MB"."""
    return figures.file_size(size, active())


@register.inclusion_tag("components/picture.html")
def picture(
    image: Any,
    shape: str = "renditions",
    sizes: str = "100vw",
    css: str = "",
    eager: bool = False,
    alt: str | None = None,
) -> dict[str, Any]:
    """An image of the library from its renditions, never from its original; nothing where there are none.

    `shape`: `renditions` (whole) or `wide` (two by one). `alt` replaces the image's own text, "" where a link beside it
    already says where it leads.
    """
    offered: Sequence = getattr(image, shape, None) or [] if image else []
    widest = max((width for _mime, files in offered for _url, width in files), default=0)
    if alt is None and image:
        alt = "" if image.is_decorative else image.alt
    return {
        "offered": offered,
        "image": image,
        "src": next((url for _mime, files in reversed(offered) for url, _width in files[-1:]), ""),
        "width": widest,
        "height": widest // 2 if shape == "wide" else round(widest * image.height / image.width) if offered else 0,
        "sizes": sizes,
        "css": css,
        "eager": eager,
        "alt": alt,
    }


@register.inclusion_tag("components/share.html")
def share(head: Any, furniture: Any) -> dict[str, Any]:
    """Open Graph and JSON-LD of a page that may be indexed."""
    data = linked.json_ld(head, furniture)
    return {"head": head, "furniture": furniture, "picture": linked.picture_of(head, furniture), "data": data}
