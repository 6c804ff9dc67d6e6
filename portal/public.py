"""Which pages are the same for everybody, what do they read of the query, and when do they end?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.apps import apps
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone

from portal.publishing import Publishable, PublishableQuerySet
from portal.rehearsal import rehearsing
from portal.version import held

TERMS = "portal.terms"  # where a view leaves its Terms in the environ: no header of a visitor can have this name


class Terms(NamedTuple):
    """On which terms a page may be kept; `ends` is None when nothing is to open or close."""

    parameters: tuple[str, ...]
    ends: datetime | None


def public_page(*parameters: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let the page cache keep a view's pages; of the query, the view sees these parameters and no others. A decorator.

    The view must depend on nothing but the address and what the site's version covers: no header, cookie or user.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            query = known(request.META.get("QUERY_STRING", ""), parameters)
            request.META["QUERY_STRING"], request.GET = query, QueryDict(query)
            if not rehearsing():
                request.META[TERMS] = Terms(parameters, next_change())
            return view(request, *args, **kwargs)

        answer.parameters = parameters  # type: ignore[attr-defined]
        return answer

    return decorate


def known(query: str, parameters: Iterable[str]) -> str:
    """The pairs of a query string that a page reads, in one order: by name, without blank and repeated ones."""
    text = query.encode("latin-1", "replace").decode("utf-8", "replace")
    pairs = dict.fromkeys(pair for pair in parse_qsl(text) if pair[0] in parameters and "\0" not in pair[1])
    return urlencode(sorted(pairs, key=itemgetter(0)))


def held_while_public(key: Any, build: Callable[[], Any]) -> Any:
    """What `build` makes of public records, held until the next of them opens or closes. No query when held."""

    def build_until() -> tuple[Any, datetime | None]:
        ends = None if rehearsing() else next_change()  # asked for first: what opens meanwhile is not missed
        return build(), ends

    return held(key, build_until)


def next_change() -> datetime | None:
    """When the next record opens or closes; None if none will. No query when held."""
    return held("next change", _next_change)


def _next_change() -> tuple[datetime | None, datetime | None]:
    """When the next record opens or closes, which is also until when this is true. 1 query per publishable model."""
    at = timezone.now()
    rows = (model._default_manager.all() for model in apps.get_models() if issubclass(model, Publishable))
    changes = (every.next_change(at) for every in rows if isinstance(every, PublishableQuerySet))
    first = min(filter(None, changes), default=None)
    return first, first
