"""What is in the sitemap, for search engines and for people?

Apps say in `apps.py` which sections the site has: a list page, a publishable model, or both. A page stands in the
sitemap once for each language in which its own text is public, with the others as alternates, as `portal/seo.py` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import reduce
from operator import itemgetter
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from django.db import models
from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from portal.languages import active, called, codes, column, columns, public_in_q, read_all
from portal.public import public_page
from portal.seo import head, link_to, paths_of

MOST = 50_000  # addresses in one file, says sitemaps.org
NAMED = 200  # pages of one section on the plan; its list page has the others
PLACEHOLDER = "0-0"  # in the place of a slug
PLACE = re.compile(r"\{(\d+)\}")
OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"{1}>\n'
WITH_LINKS = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'


class Section(NamedTuple):
    """`label` names it for people; `view` is the name of its list page, "" for none."""

    position: int
    label: Any
    view: str
    model: type[models.Model] | None


SECTIONS: list[Section] = []


def register(position: int, label: Any, view: str = "", model: Any = None) -> None:
    """Put a section into the sitemap, in the order of `position`; called by the apps when they are ready."""
    SECTIONS.append(Section(position, label, view, model))
    SECTIONS.sort(key=lambda section: section.position)


@public_page()
def sitemap(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """All public addresses, or an index of files where one cannot hold them; raise Http404 for no file. 1 query."""
    root = request.build_absolute_uri("/").rstrip("/")
    pages, in_a_file = list(_pages(root, timezone.now())), MOST // len(codes())
    files = -(-len(pages) // in_a_file)
    if number is None and files > 1:
        found = (f"<sitemap><loc>{root}/sitemap-{one}.xml</loc></sitemap>\n" for one in range(1, files + 1))
        return _xml("sitemapindex", found)
    if number is not None and not (files > 1 and 1 <= number <= files):
        raise Http404
    first = in_a_file * ((number or 1) - 1)
    return _xml("urlset", pages[first : first + in_a_file], WITH_LINKS)


def _xml(tag: str, inside: Any, more: str = "") -> HttpResponse:
    written = "".join((OPENING.format(tag, more), *inside, f"</{tag}>\n"))
    return HttpResponse(written, content_type="application/xml; charset=utf-8")


def _pages(root: str, at: datetime) -> Iterator[str]:
    """The entries of each page, one for each of its languages."""
    root = escape(root)
    for section in SECTIONS:
        if section.view:
            paths = paths_of(section.view)
            default = "/" if section.view == "home" else ""
            yield _of_page(root, {code: (paths[code], None) for code in codes()}, default)
    stems, forms = [_stems(model) for model in _models()], dict[Any, tuple[str, Callable[[Any], Any]]]()
    days = slice(1 + len(codes()), 1 + 2 * len(codes()))
    for row in _rows(at):
        shown = (row[0], *map(bool, row[days]))
        if not any(shown[1:]):
            continue
        if shown not in forms:
            forms[shown] = _form(_of_page(root, _with_blanks(stems[row[0]], shown[1:])))
        text, values_of = forms[shown]
        yield text % values_of(row)


def _form(text: str) -> tuple[str, Callable[[Any], Any]]:
    """A text with {places} as `%` takes it, twice as fast as `format`, and what has their values of a row."""
    places = map(int, PLACE.findall(text))
    return PLACE.sub("%s", text.replace("%", "%%")), itemgetter(*places)


def _with_blanks(stems: dict[str, tuple[str, str]], shown: tuple[bool, ...]) -> dict[str, tuple[str, str | None]]:
    """What `_of_page` takes, with places of `_rows` for the slugs and days: records differ in nothing else.

    `shown` says for each language whether the page has a text of its own in it.
    """
    paths = [(code, f"{before}{{{place}}}{after}") for place, (code, (before, after)) in enumerate(stems.items(), 1)]
    days = [f"{{{place + len(stems)}}}" for place in range(1, 1 + len(stems))]
    return {code: (path, day) for (code, path), day, is_shown in zip(paths, days, shown, strict=True) if is_shown}


def _of_page(root: str, own: dict[str, tuple[str, str | None]], default: str = "") -> str:
    """An entry per language in which a page has a text of its own: its path there, and the day of its last change."""
    first = default or next((path for path, _day in own.values()), "")
    paths = [*((code, path) for code, (path, _day) in own.items()), ("x-default", first)]
    links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{root}{path}"/>' for code, path in paths)
    changed = {path: f"<lastmod>{day}</lastmod>" if day else "" for path, day in own.values()}
    return "".join(f"<url><loc>{root}{path}</loc>{day}{links}</url>\n" for path, day in changed.items())


def _models() -> list[Any]:
    return [section.model for section in SECTIONS if section.model]


def _stems(model: Any) -> dict[str, tuple[str, str]]:
    """What stands before and after the slug in the addresses of a model, per language: no reverse for every row."""
    sample = model(**dict.fromkeys(columns("slug"), PLACEHOLDER))
    return {code: sample.get_absolute_url(code).split(PLACEHOLDER) for code in codes()}


def _rows(at: datetime) -> Any:
    """Number of the model, slugs, per language the day of the last change, None where it is not public; pk. 1 query."""
    days = {f"day_{number}": _day(code, at) for number, code in enumerate(codes())}
    names = ("number", *columns("slug"), *days, "pk")
    found = [
        models.QuerySet(model).order_by().annotate(number=Value(number), **days).values_list(*names)
        for number, model in enumerate(_models())
    ]
    return reduce(lambda one, other: one.union(other, all=True), found).order_by("number", "pk").iterator()


def _day(language: str, at: datetime) -> Case:
    """The day, in UTC, on which the page was saved or opened in the language, whichever came later."""
    opened = column("public_from", language)
    changed = Greatest("updated_at", Coalesce(opened, "updated_at"))
    day = Substr(Cast(changed, CharField()), 1, 10)
    return Case(When(public_in_q(language, at), then=day), default=None, output_field=CharField())


@public_page()
def plan(request: HttpRequest) -> HttpResponse:
    """The plan of the site: every section with its pages, by the names that the reader sees. 1 query a section."""
    language, at = active(), timezone.now()
    sections = []
    for section in SECTIONS:
        pages = _named(section, language, at) if section.model else []
        url = reverse(section.view) if section.view else ""
        sections.append({"label": section.label, "url": url, "pages": pages})
    title, trail = _t("Site map"), [link_to("home", _t("Home"))]
    context = {"head": head(request, paths_of("plan"), title=title, trail=trail), "sections": sections}
    return render(request, "plan.html", context)


def _named(section: Section, language: str, at: datetime) -> list[tuple[str, str]]:
    shown: Any = section.model._default_manager.published(at)  # type: ignore[union-attr]
    pages = read_all(shown[:NAMED], language, at)
    return [(called(page), page.get_absolute_url(language)) for page in pages]


def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may visit, and where the sitemap is."""
    lines = ("User-agent: *", "Disallow: /admin/", "Disallow: /share/", "")
    told = "\n".join([*lines, f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""])
    return HttpResponse(told, content_type="text/plain; charset=utf-8")
