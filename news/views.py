"""The pages of news items, and what other pages show of them."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from news.models import NewsItem
from partners.filters import Choice
from partners.models import Partner
from portal.addresses import find
from portal.languages import Reading, active, called, columns, read, read_all
from portal.linked import article, moment, said
from portal.pages import RecordView
from portal.paging import paged
from portal.public import held_while_public, public_page
from portal.seo import Link, head, link_to, paths_of
from themes.models import WorkTheme

SUBJECTS = {"partner": Partner, "theme": WorkTheme}  # what an item may be about; the relation has an "s"
PER_PAGE = 24
BESIDE = 3  # items on the home page, and on that of a partner or a theme


@public_page("kind", *SUBJECTS, "page")
def items(request: HttpRequest) -> HttpResponse:
    """The list, in pages. 2 queries, and 1 for each subject that is asked for."""
    subjects = subjects_in(request.GET)
    rows = NewsItem.objects.published().filter(**{f"{name}s": subject.record for name, subject in subjects.items()})
    counts, asked = rows.counted_by_kind(), request.GET.get("kind")
    kind = asked if asked in NewsItem.Kind.values else ""
    about = {name: subject.slug for name, subject in subjects.items()}
    shown, count = (rows.filter(kind=kind), counts.get(kind, 0)) if kind else (rows, sum(counts.values()))
    page = paged(request, shown.latest_first(), PER_PAGE, count)
    context = {
        "head": head(
            request,
            paths_of("news:list"),
            title=_t("News"),
            description=_t("What the partners do together: news, projects, events, calls."),
            trail=[link_to("home", _t("Home"))],
            page=page.number,
        ),
        "items": read_all(page.object_list),
        "page": page,
        "facets": [("kind", _t("Kind"), _kinds(counts, kind, about))] if kind or len(counts) > 1 else [],
        "subjects": subjects,
        "chosen": urlencode(about | ({"kind": kind} if kind else {})),
    }
    return render(request, "news/list.html", context | subjects)


def subjects_in(query: QueryDict) -> dict[str, Any]:
    """The readings of what the list is narrowed to, by their slug in any language; what names nothing is ignored."""
    found = {}
    for name, model in SUBJECTS.items():
        with suppress(Http404):
            if slug := query.get(name):
                found[name] = read(find(model.objects.all(), slug, active()))
    return found


def _kinds(counts: dict[str, int], chosen: str, about: dict[str, str]) -> list[Choice]:
    found = [Choice(_t("All"), sum(counts.values()), urlencode(about), not chosen)]
    for value, label in NewsItem.Kind.choices:
        if value in counts or value == chosen:
            query = urlencode(about | {"kind": value})
            found.append(Choice(capfirst(label), counts.get(value, 0), query, value == chosen))
    return found


class NewsItemView(RecordView):
    """A news item. 4 queries."""

    name = "item"
    template_name = "news/detail.html"
    pictured_by = "picture"
    above = {"news:list": _("News")}

    def get_queryset(self) -> QuerySet:
        return NewsItem.objects.for_page()

    def about(self, page: Reading) -> dict[str, Any]:
        if page.kind == NewsItem.Kind.EVENT:
            dates = {"startDate": moment(page.starts_on), "endDate": moment(page.ends_on)}
            return {"@type": "Event", "name": said(page.title), **dates}
        return article(page, "NewsArticle")


def beside(name: str, page: Reading) -> dict[str, Any]:
    """For the page of a partner or a theme: its latest items, the list of all of them, its feed. See `latest_of`."""
    latest = latest_of(f"{name}s").get(page.pk, [])
    title = _t("News: %(subject)s") % {"subject": called(page)}
    return {
        "news": read_all(latest, page.language, page.at),
        "all_news": f"{reverse('news:list')}?{urlencode({name: page.slug})}",
        "feeds": [Link(title, reverse(f"news:{name}_feed", args=[page.slug]))] if latest else [],
    }


def on_home(site: Reading) -> dict[str, Any]:
    """The latest items of all. No query when held, 1 when built."""

    def build() -> list[NewsItem]:
        return list(NewsItem.objects.published().latest_first().defer(*columns("body"))[:BESIDE])

    return {"news": read_all(held_while_public("news", build)), "all_news": reverse("news:list")}


def latest_of(relation: str) -> dict[int, list[NewsItem]]:
    """The latest public items of each partner, or each theme. No query when held, 1 when built."""
    return held_while_public(("news", relation), lambda: NewsItem.objects.published().latest_of_each(relation, BESIDE))


on_partners, on_themes = partial(beside, "partner"), partial(beside, "theme")
