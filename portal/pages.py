"""What do the pages of all records have in common?

Each is found by any of its slugs, moved to its own address, read in the active language, and says when it falls back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import starmap
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.generic import View

from portal.addresses import find
from portal.languages import Reading, active, called, codes, read
from portal.linked import article
from portal.paging import part_of
from portal.public import public_page
from portal.richtext import plain
from portal.seo import Head, head, link_to

COMPANIONS: dict[type[models.Model], list[Callable[[Reading], dict[str, Any]]]] = {}


def accompany(model: type[models.Model], more: Callable[[Reading], dict[str, Any]]) -> None:
    """Add what `more` returns to the context of every page of `model`: how an app shows itself on another's pages.

    The home page is the page of SiteSettings.
    """
    COMPANIONS.setdefault(model, []).append(more)


def accompanied(page: Reading) -> dict[str, Any]:
    """What the apps add to the context of this page."""
    return {name: value for more in COMPANIONS.get(type(page.record), ()) for name, value in more(page).items()}


class RecordView(View):
    """The page of one publishable record; `name` is what its template calls it.

    The first text of `described_by`, and the image `pictured_by`, stand for it in results and where it is shared;
    `above` names the views between the home page and this one; `parameters` are what the page reads of the query.
    """

    name: str
    template_name: str
    described_by: tuple[str, ...] = ("summary", "body")
    pictured_by = ""
    above: Mapping[str, Any] = {}
    parameters: tuple[str, ...] = ()

    def get_queryset(self) -> models.QuerySet:
        """Where the record is looked for, with what its page needs; every kind of page says its own."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return public_page(*self.parameters)(super().dispatch)(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Raise Http404 for what is public in no language; redirect (301) from another slug."""
        language, at = active(), timezone.now()
        record: Any = find(self.get_queryset(), slug, language)
        address = self.address(record, language)
        if request.path != address:
            return HttpResponsePermanentRedirect(address)
        page = read(record, language, at)
        context = accompanied(page) | {
            self.name: page,
            "head": self.head(page),
            "fallback": "" if record.is_public(at, language) else page.order[0],
        }
        return render(request, self.template_name, context | self.context(page))

    def address(self, record: Any, language: str) -> str:
        """The path of the page in a language."""
        return record.get_absolute_url(language)

    def context(self, page: Reading) -> dict[str, Any]:
        """What the template needs beside the record, its head and the language that it falls back to."""
        return {}

    def head(self, page: Reading) -> Head:
        texts = (plain(getattr(page, field)) for field in self.described_by)
        return head(
            self.request,
            {code: self.address(page.record, code) for code in codes()},
            title=called(page),
            description=next(filter(None, texts), ""),
            trail=[link_to("home", _t("Home")), *starmap(link_to, self.above.items())],
            own=page.public_languages(page.at),
            about=self.about(page),
            picture=getattr(page, self.pictured_by) if self.pictured_by else None,
            page=part_of(self.request),
        )

    def about(self, page: Reading) -> dict[str, Any]:
        """What the page is about, in the terms of schema.org."""
        return article(page)
