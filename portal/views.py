"""The pages that belong to no app: home, editorial pages, errors."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import get_language_from_request, ngettext, override
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partners.map import chart
from partners.models import ElectedMember
from partners.standing import whole
from portal.furniture import furniture_in_active_language
from portal.languages import Reading, active, codes, read_all
from portal.linked import article
from portal.models import Page, SearchEntry
from portal.pages import RecordView, accompanied
from portal.paging import paged
from portal.public import held_while_public, public_page
from portal.search import hits
from portal.seo import head, paths_of
from portal.words import LONGEST, terms
from themes.views import all_themes

VOICES = 3  # quotations on the home page
HITS = 10  # on a page of results


@public_page()
def home(request: HttpRequest) -> HttpResponse:
    """Who the partners are, where, what they work on, and what representatives say. No query when held."""
    site = furniture_in_active_language().site
    context = {
        "head": head(request, paths_of("home"), description=site.introduction, about=website()),
        "chart": chart(),
        "whole": whole(),
        "themes": read_all(all_themes()),
        "voices": read_all(held_while_public("voices", _voices)),
    }
    return render(request, "home.html", accompanied(site) | context)


def _voices() -> list[ElectedMember]:
    """Held, for they are found by a look at all. 1 query when built."""
    return list(ElectedMember.objects.in_office().with_words()[:VOICES])


def website() -> dict[str, Any]:
    """The site in the terms of schema.org."""
    furniture = furniture_in_active_language()
    names = [name for name in furniture.other_names if name != furniture.name]
    return {"@type": "WebSite", "name": furniture.name, "alternateName": names, "inLanguage": active()}


def search(request: HttpRequest) -> HttpResponse:
    """What is found in the asked language, or else in the others; not kept ready, and not indexed. 2 or 3 queries."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    wanted, found, elsewhere = terms(text), None, {}
    if wanted:
        rows = {code: SearchEntry.objects.shown().filter(language=code).matching(wanted) for code in codes()}
        found = paged(request, rows.pop(active()), HITS)
        if not found.paginator.count:
            others = {code: hits(other.filter(is_fallback=False)[:HITS], wanted) for code, other in rows.items()}
            elsewhere = {code: other for code, other in others.items() if other}
    number = found.paginator.count if found else 0
    told = ngettext("“%(text)s”: %(number)d result", "“%(text)s”: %(number)d results", number)
    title = told % {"text": text, "number": number} if wanted else _t("Search")
    context = {
        "head": head(request, paths_of("search"), title=title, own=(), page=found.number if found else 1),
        "text": text,
        "page": found,
        "query": urlencode({"q": text}),
        "hits": hits(found or (), wanted),
        "elsewhere": elsewhere,
    }
    return render(request, "search.html", context)


class PageView(RecordView):
    """An editorial page. 2 queries."""

    name = "page"
    template_name = "page.html"
    described_by = ("body",)

    def get_queryset(self) -> QuerySet:
        return Page.objects.prefetch_related("documents")

    def about(self, page: Reading) -> dict[str, Any]:
        return article(page, "WebPage")


TITLES = {
    400: _("This request makes no sense here"),
    403: _("This page is not open to you"),
    404: _("Nothing at this address"),
    500: _("Something broke on our side"),
}


def error(request: HttpRequest, exception: Exception | None = None, *, status: int) -> HttpResponse:
    """What went wrong, in the dress of the site; the language switch leads home. A 500 asks nothing of the database."""
    with override(get_language_from_request(request, check_path=True)):
        context = {"head": head(request, paths_of("home"), title=str(TITLES[status]), own=())}
        page = render_to_string(f"{status}.html", context, request if status != 500 else None)
    return HttpResponse(page, status=status)
