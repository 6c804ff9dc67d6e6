"""The pages of partners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partners.comparison import Comparison
from partners.filters import COLUMNS, census, chosen_in, facets, query_of
from partners.map import chart_with
from partners.models import Partner
from partners.wording import headings, tally
from portal.languages import Reading, Text, active, read, read_all
from portal.linked import said
from portal.pages import RecordView
from portal.paging import paged
from portal.public import public_page
from portal.seo import Head, head, link_to, paths_of
from portal.version import held
from themes.models import WorkTheme

PER_PAGE = 18  # cards, or partners with those whom they elected
LONG = 4000  # characters of the four sections, markup included, from which a page has a table of contents


@public_page(*COLUMNS, "theme", "page")
def partners(request: HttpRequest) -> HttpResponse:
    """The list, filtered and in pages. 1 query, and the census when it is not held."""
    chosen, known = chosen_in(request.GET), census()
    page = paged(request, known.keys_of(known.answering(chosen)), PER_PAGE)
    cards = Partner.objects.for_cards().in_bulk(page.object_list)
    context = {
        "head": head(
            request,
            paths_of("partners:list"),
            title=_t("The partners"),
            description=tally({status: known.count({"status": status}) for status in Partner.Status.values}),
            trail=[link_to("home", _t("Home"))],
            page=page.number,
        ),
        "partners": read_all(cards[key] for key in page.object_list if key in cards),
        "page": page,
        "facets": facets(chosen),
        "chosen": query_of(chosen),
    }
    return render(request, "partners/list.html", context)


@public_page("partner", *COLUMNS, "theme", "sort", "page")
def compare(request: HttpRequest) -> HttpResponse:
    """The figures of all partners, or of those that are chosen, side by side. 2 queries, or 3."""
    compared = Comparison(request)
    context = {
        "head": head(
            request,
            paths_of("partners:compare"),
            title=_t("Compare the partners"),
            description=_t("Population, area, assembly and budget of the partners, each with its year and source."),
            trail=[link_to("home", _t("Home")), link_to("partners:list", _t("The partners"))],
            page=compared.page.number,
        ),
        "comparison": compared,
    }
    return render(request, "partners/compare.html", context)


@public_page("page")
def elected_members(request: HttpRequest) -> HttpResponse:
    """Who represents the partners, now and formerly, partner by partner. 3 queries."""
    rows = Partner.objects.published().represented().ordered_as_read(active(), "name")
    page = paged(request, rows, PER_PAGE)
    context = {
        "head": head(
            request,
            paths_of("elected_members"),
            title=_t("The elected members"),
            description=_t("Who represents each partner around the strait, today and formerly."),
            trail=[link_to("home", _t("Home"))],
            page=page.number,
        ),
        "partners": read_all(page.object_list),
        "page": page,
    }
    return render(request, "partners/elected_members.html", context)


class PartnerView(RecordView):
    """A partner. 4 queries; 2 for the themes and for who succeeds whom when they are not held."""

    name = "partner"
    template_name = "partners/detail.html"
    described_by = ("summary", "presentation")
    pictured_by = "cover"
    above = {"partners:list": _("The partners")}

    def get_queryset(self) -> QuerySet:
        return Partner.objects.for_page()

    def about(self, page: Reading) -> dict[str, Any]:
        """A public authority: where its seat is, and who represents it now."""
        point = {} if page.latitude is None else {"latitude": float(page.latitude), "longitude": float(page.longitude)}
        return {
            "@type": "GovernmentOrganization",
            "name": said(page.name),
            "email": page.email,
            "sameAs": page.website,
            "address": {"@type": "PostalAddress", "addressLocality": said(page.seat), "addressCountry": page.country},
            "location": {"@type": "Place", "name": said(page.seat), "geo": {"@type": "GeoCoordinates", **point}},
            "member": [
                {"@type": "Person", "name": member.name, "jobTitle": said(member.role)}
                for member in page.current_members()
            ],
        }

    def context(self, page: Reading) -> dict[str, Any]:
        partner, titles = page.record, headings(page)
        whole, here = chart_with(page)
        add_themes(partner)
        return {
            "headings": titles,
            "contents": contents(page, titles),
            "map": whole.drawn_at(here) if here else "",
            "successors": self.readings(page, [new for old, new in successions() if old == partner]),
            "predecessors": self.readings(page, [old for old, new in successions() if new == partner]),
        }

    def readings(self, page: Reading, partners: list[Partner]) -> list[Any]:
        public = [partner for partner in partners if partner.is_public(page.at)]
        return read_all(public, page.language, page.at)


class SheetView(PartnerView):
    """A partner in every language in which it is public, on one A4 sheet; the page is what is indexed. 4 queries."""

    template_name = "partners/sheet.html"

    def address(self, record: Partner, language: str) -> str:
        return record.get_sheet_url(language)

    def head(self, page: Reading) -> Head:
        title = _t("%(name)s, to print") % {"name": page.name}
        return replace(super().head(page), title=title, canonical="", alternates=(), noindex=True)

    def context(self, page: Reading) -> dict[str, Any]:
        add_themes(page.record)
        own = sorted(page.public_languages(page.at), key=lambda code: code != page.language)
        return {"columns": [(code, read(page.record, code, page.at)) for code in own]}


def contents(page: Reading, titles: dict[str, Text]) -> list[tuple[str, Text]]:
    """Id and heading of each section of a long page; nothing for a short one."""
    texts = {name: getattr(page, name) for name in ("presentation", "cooperation", "committee", "themes_intro")}
    if sum(map(len, texts.values())) < LONG:
        return []
    named = {"presentation": page.name, **titles}
    shown = [(name, named[name]) for name in ("presentation", "cooperation", "committee") if texts[name]]
    return [*shown, ("work", titles["themes"])] if texts["themes_intro"] or page.statements() else shown


def add_themes(partner: Partner) -> None:
    """Give a partner's statements their themes, which are few and held: joined to each, they cost a tenth of the page.

    One that was added elsewhere a moment ago is asked for when it is read.
    """
    themes = held("every theme", lambda: (WorkTheme.objects.in_bulk(), None))
    for row in partner.partner_themes.all():
        if row.theme_id in themes:
            row.theme = themes[row.theme_id]


def successions() -> list[tuple[Partner, Partner]]:
    """Each partner that another one succeeds, and that other one; held, for they are few. 1 query when built."""

    def build() -> tuple[list[tuple[Partner, Partner]], None]:
        followed = Partner.objects.filter(succeeded_by__isnull=False).select_related("succeeded_by")
        return [(partner, partner.succeeded_by) for partner in followed], None

    return held("successions", build)
