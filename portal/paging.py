"""Which part of a long list does an address ask for?"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest


def paged(request: HttpRequest, rows: Any, size: int, count: int | None = None) -> Page:
    """The rows of `?page=2`, or the first `size`; raise Http404 for a number that leads nowhere or is written oddly.

    So each page has one address, and the page cache keeps none twice. 2 queries for a queryset, 1 where `count` is
    given.
    """
    pages, asked = Paginator(rows, size), request.GET.get("page", "1")
    if count is not None:
        pages.count = count
    with suppress(ValueError, InvalidPage):
        if str(int(asked)) == asked:
            return pages.page(asked)
    raise Http404
