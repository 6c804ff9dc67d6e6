"""Which part of a long list does an address ask for?"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import Http404, HttpRequest


def part_of(request: HttpRequest) -> int:
    """The number of `?page=2`, 1 without it; raise Http404 where it is written oddly: each page has one address."""
    asked = request.GET.get("page", "1")
    with suppress(ValueError):
        if str(int(asked)) == asked:
            return int(asked)
    raise Http404


def paged(request: HttpRequest, rows: Any, size: int, count: int | None = None) -> Page:
    """The rows of the part asked for; raise Http404 where there are none, but for the first.

    2 queries for a queryset, 1 where `count` is given.
    """
    pages = Paginator(rows, size)
    if count is not None:
        pages.count = count
    try:
        return pages.page(part_of(request))
    except EmptyPage as error:
        raise Http404 from error
