"""What is in the feeds?

One for the whole site, for each partner and each theme, per language: items that have a text of their own in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _t

from news.models import NewsItem
from news.views import SUBJECTS
from portal.addresses import find
from portal.furniture import furniture_in_active_language
from portal.languages import Reading, active, called, column, read, read_all

LONGEST = 30  # items


class NewsFeed(Feed):
    """The items of the whole site. 1 query."""

    feed_type = Atom1Feed

    def title(self, subject: Any) -> str:
        return f"{furniture_in_active_language().name} – {_t('News')}"

    def link(self, subject: Any) -> str:
        return reverse("news:list")

    def author_name(self) -> str:
        return furniture_in_active_language().name

    def rows(self, subject: Any) -> QuerySet:
        return NewsItem.objects.for_feed(active())

    def items(self, subject: Any) -> list[Reading]:
        return read_all(self.rows(subject)[:LONGEST])

    def item_title(self, item: Reading) -> str:
        return item.title

    def item_description(self, item: Reading) -> str:
        return escape(item.summary)  # Atom reads it as HTML

    def item_categories(self, item: Reading) -> list[str]:
        return [capfirst(item.get_kind_display())]

    def item_pubdate(self, item: Reading) -> datetime:
        return getattr(item.record, column("public_from", active()))

    def item_updateddate(self, item: Reading) -> datetime:
        return max(item.updated_at, self.item_pubdate(item))


class SubjectFeed(NewsFeed):
    """The items about one partner or one theme, found by its slug in any language. 2 queries."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_object(self, request: HttpRequest, slug: str) -> Any:
        return read(find(SUBJECTS[self.name].objects.all(), slug, active()))

    def title(self, subject: Any) -> str:
        return f"{super().title(subject)} – {called(subject)}"

    def link(self, subject: Any) -> str:
        return subject.get_absolute_url()

    def rows(self, subject: Any) -> QuerySet:
        return super().rows(subject).filter(**{f"{self.name}s": subject.record})
