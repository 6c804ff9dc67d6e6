"""How is a page shown before it is public?

A preview is the real public view, run inside a rehearsal in which the record is open in every language that is written.
There is no other rendering: what visitors will get is what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import get_language_info, override

from portal.languages import codes, column
from portal.publishing import Publishable


@dataclass(frozen=True)
class Page:
    """A page as visitors will get it: its language, that language's own name, and the whole HTML document."""

    language: str
    language_name: str
    html: str


def open_to_all(record: Any) -> None:
    """Make the record public, now and without end, in each language that has what a public text needs. 1 query."""
    if isinstance(record, Publishable):
        opened: dict[str, Any] = {}
        for language in record.written_in(vars(record)):
            opened |= {column("public_from", language): timezone.now(), column("public_until", language): None}
        type(record)._base_manager.filter(pk=record.pk).update(**opened)


def pages(record: Any, asked_by: Any) -> list[Page]:
    """The record's public page in every language; to be called inside a rehearsal, which undoes what it opens."""
    open_to_all(record)
    return [public_page(record, language, asked_by) for language in codes()]


def public_page(record: Any, language: str, asked_by: Any) -> Page:
    """The record's public page in one language, as a visitor without session or cookie gets it."""
    with override(language):
        response = answer(visitor(record.get_absolute_url(language), language, asked_by))
    return Page(language, get_language_info(language)["name_local"], response.content.decode())


def visitor(path: str, language: str, asked_by: Any) -> Any:
    """What somebody without session or cookie asks for, at the host and by the scheme of a request at hand."""
    request: Any = HttpRequest()
    kept = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO")
    request.META = {name: asked_by.META[name] for name in kept if name in asked_by.META}
    request.method, request.path, request.path_info = "GET", path, path
    request.user, request.LANGUAGE_CODE = AnonymousUser(), language
    request.is_preview, request.shared_pages = True, getattr(asked_by, "shared_pages", None)
    return request


def answer(request: Any) -> HttpResponse:
    """What the view at its path says, rendered, past all middleware; raise Http404 where there is none."""
    match = request.resolver_match = resolve(request.path)
    response = match.func(request, *match.args, **match.kwargs)
    return response.render() if hasattr(response, "render") else response
