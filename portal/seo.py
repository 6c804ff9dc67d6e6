"""Where do title, description, canonical address, alternates, breadcrumb and language switch of a page come from?

A view computes one `Head`; `components/head.html` and the site's header print it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language_info, override

from portal.languages import active, codes

LENGTH = 160  # characters of a description: search engines cut longer ones


@dataclass(frozen=True)
class Link:
    """An address and what it is called; `language` is the one that the address leads to, where that is not this one."""

    label: str
    url: str
    language: str = ""


@dataclass(frozen=True)
class Head:
    """Canonical and alternates are absolute, everything else is a path of this site.

    `about` is what the page is about, for `portal/linked.py`; `picture` an image, for where the page is shared; `page`
    the part of a long list that is shown.
    """

    title: str
    description: str
    path: str
    trail: tuple[Link, ...]
    canonical: str
    alternates: tuple[Link, ...]
    noindex: bool
    switch: tuple[Link, ...]
    about: Mapping[str, Any]
    picture: Any
    page: int


def head(
    request: HttpRequest,
    paths: Mapping[str, str],
    *,
    title: str = "",
    description: str = "",
    trail: Iterable[Link] = (),
    own: Iterable[str] | None = None,
    about: Mapping[str, Any] | None = None,
    picture: Any = None,
    page: int = 1,
) -> Head:
    """The head of a page that has one of `paths` per language.

    `own` are the languages in which it has a text of its own (None: in all); elsewhere it is shown from another
    language, so it is not indexed there and no alternate leads to it. x-default is the first of them, and for the home
    page `/`, which asks the browser. The language switch keeps the query string. Each `page` of a list has its own
    canonical address; a filtered list has that of the whole one.
    """
    language = active()
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    part = query if page > 1 and [*request.GET] == ["page"] else ""
    own = codes() if own is None else tuple(own)
    root = f"{request.scheme}://{request.get_host()}" if own else ""  # a request for a host that is not ours has none
    alternates = [Link("", root + paths[code] + part, code) for code in own if language in own]
    if alternates:
        first = root + "/" if paths == paths_of("home") else alternates[0].url
        alternates.append(Link("", first, "x-default"))
    request.head = found = Head(  # type: ignore[attr-defined]  # for portal/cards.py, which asks a page for its head
        title=title,
        description=Truncator(description).chars(LENGTH),
        path=paths[language],
        trail=tuple(trail),
        canonical=root + paths[language] + part if root else "",
        alternates=tuple(alternates),
        noindex=language not in own,
        switch=tuple(Link(name_of(code), paths[code] + query, code) for code in codes() if code != language),
        about=about or {},
        picture=picture,
        page=page,
    )
    return found


def link_to(view: str, label: str) -> Link:
    """A step of a breadcrumb: a page that is no record's, in the active language."""
    return Link(label, path_of(view, active()))


@cache
def path_of(view: str, language: str) -> str:
    """The path of a page that is no record's; the code's, so that it is asked for once."""
    with override(language):
        return reverse(view)


def paths_of(view: str) -> dict[str, str]:
    """The path of a page that is no record's, per language."""
    return {language: path_of(view, language) for language in codes()}


def name_of(language: str) -> str:
    """What a language calls itself: "Français"."""
    return get_language_info(language)["name_local"].capitalize()
