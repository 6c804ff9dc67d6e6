"""The pages of work themes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t

from portal.languages import Reading, read_all
from portal.pages import RecordView
from portal.public import public_page
from portal.seo import Link, head, link_to, paths_of
from themes.models import WorkTheme


@public_page()
def themes(request: HttpRequest) -> HttpResponse:
    """All themes with who leads them. 2 queries."""
    context = {
        "head": head(
            request,
            paths_of("themes:list"),
            title=_t("The themes"),
            description=_t("What the partners work on together, and who leads."),
            trail=[link_to("home", _t("Home"))],
        ),
        "themes": read_all(WorkTheme.objects.published().for_cards()),
    }
    return render(request, "themes/list.html", context)


class ThemeView(RecordView):
    """A theme, and why it matters to each partner. 3 queries."""

    name = "theme"
    template_name = "themes/detail.html"
    pictured_by = "illustration"

    def get_queryset(self) -> QuerySet:
        return WorkTheme.objects.published().for_page()

    def trail(self) -> list[Link]:
        return [link_to("home", _t("Home")), link_to("themes:list", _t("The themes"))]

    def context(self, page: Reading) -> dict[str, Any]:
        others = WorkTheme.objects.published(page.at).exclude(pk=page.pk)
        return {"others": read_all(others, page.language, page.at)}
