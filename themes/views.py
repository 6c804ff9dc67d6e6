"""The pages of work themes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.languages import Reading, read_all
from portal.pages import RecordView
from portal.paging import paged
from portal.public import held_while_public, public_page
from portal.seo import head, link_to, paths_of
from themes.models import WorkTheme

PER_PAGE = 20  # statements


def all_themes() -> list[WorkTheme]:
    """The public themes in order, with who leads them. No query when held, 2 when built."""
    return held_while_public("themes", lambda: list(WorkTheme.objects.published().for_cards()))


def statements_of(theme: WorkTheme, at: datetime) -> list[Any]:
    """Keys of what public partners say of the theme, in order. No query when held, 1 when built."""
    return held_while_public(("statements", theme.pk), lambda: list(theme.statements(at).values_list("pk", flat=True)))


@public_page()
def themes(request: HttpRequest) -> HttpResponse:
    """All themes with who leads them. No query when held."""
    context = {
        "head": head(
            request,
            paths_of("themes:list"),
            title=_t("The themes"),
            description=_t("What the partners work on together, and who leads."),
            trail=[link_to("home", _t("Home"))],
        ),
        "themes": read_all(all_themes()),
    }
    return render(request, "themes/list.html", context)


class ThemeView(RecordView):
    """A theme, and why it matters to each partner. 2 queries when held."""

    name = "theme"
    template_name = "themes/detail.html"
    pictured_by = "illustration"
    above = {"themes:list": _("The themes")}
    parameters = ("page",)

    def get_queryset(self) -> QuerySet:
        return WorkTheme.objects.for_page()

    def context(self, page: Reading) -> dict[str, Any]:
        theme = page.record
        part = paged(self.request, statements_of(theme, page.at), PER_PAGE)
        rows = theme.partner_themes.model.objects.for_theme_page().in_bulk(part.object_list)
        return {
            "page": part,
            "statements": read_all((rows[key] for key in part.object_list if key in rows), page.language, page.at),
            "leaders": next((theme.leaders() for theme in read_all(all_themes()) if theme == page.record), ()),
            "others": read_all([theme for theme in all_themes() if theme != page.record], page.language, page.at),
        }
