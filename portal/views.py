"""The pages that belong to no app: home, editorial pages, errors."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partners.map import chart
from partners.models import ElectedMember
from portal.furniture import furniture_in_active_language
from portal.languages import read_all
from portal.models import Page
from portal.pages import RecordView
from portal.public import public_page
from portal.seo import Link, head, link_to, paths_of
from themes.models import WorkTheme

VOICES = 3  # quotations on the home page


@public_page()
def home(request: HttpRequest) -> HttpResponse:
    """Who the partners are, where, what they work on, and what their representatives say. 3 queries."""
    site = furniture_in_active_language().site
    context = {
        "head": head(request, paths_of("home"), description=site.introduction),
        "chart": chart(),
        "themes": read_all(WorkTheme.objects.published().for_cards()),
        "voices": read_all(ElectedMember.objects.in_office().with_words()[:VOICES]),
    }
    return render(request, "home.html", context)


class PageView(RecordView):
    """An editorial page. 1 query."""

    name = "page"
    template_name = "page.html"
    described_by = ("body",)

    def get_queryset(self) -> QuerySet:
        return Page.objects.published()

    def trail(self) -> list[Link]:
        return [link_to("home", _t("Home"))]


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
