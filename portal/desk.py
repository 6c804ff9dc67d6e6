"""What is there to do, on which page, in which language?

Checks look at all the content at once, loaded in one query a table; apps add theirs with `register` from `apps.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.addresses import admin_address
from portal.editions import Edition
from portal.languages import codes, column
from portal.links import leads_nowhere, public_addresses, targets
from portal.models import Image, SiteSettings
from portal.proofreading import kept_terms, remarks
from portal.snapshots import as_said, is_registered, label_of, registered, rows_of
from portal.staleness import CURRENT, MISSING, STALE, TextState, rows, source_of, states, text_fields

PAGES_AT_ONCE = 50


@dataclass(frozen=True)
class Finding:
    """One thing to do; `column` is where, on the record or on one of its rows. An empty language concerns all."""

    kind: str
    record: models.Model
    column: str = ""
    language: str = ""
    row: models.Model | None = None
    note: str = ""

    @property
    def kind_label(self) -> str:
        return str(CHECKS[self.kind][0])

    @property
    def place(self) -> str:
        """The field in words, after its row where it has one: `key figure, population: label`."""
        label = label_of(type(self.row or self.record), self.column) if self.column else ""
        return f"{self.row._meta.verbose_name}, {self.row}{_t(': ')}{label}" if self.row else label

    @property
    def url(self) -> str:
        """The change form, at the field."""
        address = admin_address(self.record)
        return f"{address}#{self.anchor}" if self.column else address

    @property
    def anchor(self) -> str:
        return f"id_{self._prefix()}{self.column}"

    def _prefix(self) -> str:
        """How the change form numbers the rows: in their order, from 0."""
        for relation in rows_of(type(self.record)) if self.row else ():
            of_kind = list(getattr(self.record, relation).all())
            if self.row in of_kind:
                return f"{relation}-{of_kind.index(self.row)}-"
        return ""


@dataclass(frozen=True)
class Content:
    """All the content: as it is public, and as editors work on it, drafts included."""

    public: list[Any]
    worked_on: list[Any]
    drafts: list[tuple[models.Model, Edition]]


Check = Callable[[Content], Iterable[Finding]]
CHECKS: dict[str, tuple[Any, Check]] = {}


def register(kind: str, label: Any, check: Check) -> None:
    """Add a check; the desk lists kinds in the order in which they were added."""
    CHECKS[kind] = (label, check)


def content() -> Content:
    """Everything that is translated, rows and owners included: 1 query a table but the settings' when they are held, 1
    for the drafts of all.
    """
    public = [record for model in translated_models() for record in _loaded(model)]
    found = {(record._meta.label_lower, str(record.pk)): record for record in public}
    drafts = {}
    for draft in Edition.objects.working().select_related("author"):
        if record := found.get((draft.label, draft.key)):
            drafts[record] = draft
    worked_on = [as_said(record, drafts[record].snapshot) if record in drafts else record for record in public]
    for record in worked_on:
        _join(record, found)
    return Content(public, worked_on, [(record, drafts[record]) for record in worked_on if record in drafts])


def translated_models() -> list[type[models.Model]]:
    """The models with texts to translate that are edited on their own, the pages of the site first."""
    hanging = {key.model for model in registered() for key in rows_of(model).values()}
    found = [model for model in apps.get_models() if text_fields(model) and model not in hanging]
    return sorted(found, key=lambda model: not is_registered(model))


def _loaded(model: type[models.Model]) -> Iterable[models.Model]:
    if model is SiteSettings:
        return [copy(site)] if (site := SiteSettings.load())._state.db else []  # whoever reads it may write in it
    records = model._default_manager.select_related("owner" if hasattr(model, "owner") else None)
    return records.prefetch_related(*rows_of(model))


def _join(record: models.Model, found: dict[tuple[str, str], models.Model]) -> None:
    """Give the rows the records that they name from those at hand, so that nothing asks for them one by one."""
    for row in rows(record):
        for field in row._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and not field.is_cached(row):
                other = found.get((field.remote_field.model._meta.label_lower, str(getattr(row, field.attname))))
                if other:
                    setattr(row, field.name, other)


def findings(everything: Content) -> list[Finding]:
    """What every check finds, in the order of the checks."""
    return [finding for _label, check in CHECKS.values() for finding in check(everything)]


def gaps(record: models.Model) -> list[Finding]:
    """The record's translations that are missing or stale, each where it is to be mended."""
    return _gaps(record, states(record))


def _gaps(record: models.Model, found: list[TextState]) -> list[Finding]:
    unfinished = [one for one in found if one.state != CURRENT]
    return [_at(record, one.record, one.field, one.language, one.state) for one in unfinished]


def _at(record: models.Model, one: models.Model, field: str, language: str, kind: str, note: str = "") -> Finding:
    """What is found in a text of the record, or of `one` of its rows."""
    return Finding(kind, record, column(field, language), language, None if one is record else one, note)


def untranslated(everything: Content) -> Iterator[Finding]:
    """Texts that are missing or stale; a page with no word in a language that is not public in it counts once."""
    for record in everything.worked_on:
        found = states(record)
        whole = _blank_languages(record, found)
        for language in whole:
            first = next(one for one in found if one.language == language)
            note = _t("nothing is translated yet")
            yield Finding(MISSING, record, column(first.field, language), language, note=note)
        rest = [gap for gap in _gaps(record, found) if gap.language not in whole]
        yield from sorted(rest, key=lambda gap: gap.kind != MISSING)


def _blank_languages(record: models.Model, found: list[TextState]) -> list[str]:
    written = {one.language for one in found if one.state != MISSING}
    blank = dict.fromkeys(one.language for one in found if one.language not in written)
    return [language for language in blank if getattr(record, column("public_from", language), True) is None]


def drafts_waiting(everything: Content) -> Iterator[Finding]:
    for record, draft in everything.drafts:
        when = timezone.localtime(draft.due_at or draft.saved_at)
        note = _t("%(state)s, %(author)s, %(when)s") % {
            "state": draft.get_state_display(),
            "author": draft.author or "–",
            "when": f"{when:%d/%m/%Y %H:%M}",
        }
        yield Finding("draft", record, note=f"{note} {draft.reason}".strip())


def reviews_due(everything: Content) -> Iterator[Finding]:
    for record in everything.worked_on:
        for language in codes() if hasattr(record, "review_on") else ():
            name = column("review_on", language)
            if (due := getattr(record, name)) and due <= timezone.localdate():
                yield Finding("review", record, name, language, note=f"{due:%d/%m/%Y}")


def undescribed_pictures(everything: Content) -> Iterator[Finding]:
    for record in everything.worked_on:
        if isinstance(record, Image) and not record.is_decorative:
            name = column("alt", source_of(record))
            if not getattr(record, name):
                yield Finding("picture", record, name, source_of(record))


def remarks_on_texts(everything: Content) -> Iterator[Finding]:
    """What proofreading says of every text."""
    terms = kept_terms(SiteSettings.load().terms)
    return _in_texts(everything, "wording", lambda text, language: remarks(text, language, terms))


def dead_links(everything: Content) -> Iterator[Finding]:
    """Links that lead to nothing public on the site, or to an outside address that cannot be right."""
    public = public_addresses(everything.public)
    return _in_texts(
        everything, "link", lambda text, _: (to or "–" for to in targets(text) if leads_nowhere(to, public))
    )


def _in_texts(everything: Content, kind: str, notes: Callable[[str, str], Iterable[str]]) -> Iterator[Finding]:
    """What `notes` has to say of each text in its language."""
    for record in everything.worked_on:
        for one in (record, *rows(record)):
            for field, language in product(text_fields(one._meta.model), codes()):
                for note in notes(getattr(one, column(field, language)) or "", language):
                    yield _at(record, one, field, language, kind, note)


def page(request: HttpRequest) -> HttpResponse:
    """The desk: findings by page, of one kind, language or owner where the address says so. Only `content` asks."""
    everything = content()
    found = [finding for finding in findings(everything) if may_see(request, finding.record)]
    asked = {name: request.GET.get(name, "") for name in ("kind", "language", "owner")}
    kept = (record for record in everything.worked_on if getattr(record, "owner_id", None))
    owners = {str(record.owner_id): record.owner for record in kept}
    chosen = [finding for finding in found if _matches(finding, asked)]
    order = {record: place for place, record in enumerate(everything.worked_on)}
    chosen.sort(key=lambda finding: order[finding.record])
    pages = [(record, list(group)) for record, group in groupby(chosen, key=lambda finding: finding.record)]
    context = admin.site.each_context(request) | {
        "title": _t("What is there to do"),
        "pages": Paginator(pages, PAGES_AT_ONCE).get_page(request.GET.get("p")),
        "number": len(chosen),
        "choices": [
            ("kind", _t("What"), [(kind, label) for kind, (label, _check) in CHECKS.items()], asked["kind"]),
            ("language", _t("Language"), settings.LANGUAGES, asked["language"]),
            ("owner", _t("In the care of"), list(owners.items()), asked["owner"]),
        ],
        "asked": urlencode({name: value for name, value in asked.items() if value}),
    }
    return TemplateResponse(request, "admin/desk.html", context)


def counts(request: HttpRequest) -> list[tuple[str, Any, int]]:
    """Kind, label and number of what there is to do, for the back office's home page."""
    numbers = Counter(finding.kind for finding in findings(content()) if may_see(request, finding.record))
    return [(kind, label, numbers[kind]) for kind, (label, _check) in CHECKS.items() if numbers[kind]]


def may_see(request: HttpRequest, record: models.Model) -> bool:
    """Whether the user may open the record in the back office."""
    by_model = admin.site._registry.get(type(record))
    return by_model is not None and by_model.has_view_permission(request)


def _matches(finding: Finding, asked: dict[str, str]) -> bool:
    owner = str(getattr(finding.record, "owner_id", ""))
    return (
        asked["kind"] in ("", finding.kind)
        and asked["language"] in ("", finding.language or asked["language"])
        and asked["owner"] in ("", owner)
    )


register(MISSING, _("translation missing"), untranslated)
register(STALE, _("translation out of date"), lambda everything: ())  # found with those that are missing
register("draft", _("draft waiting"), drafts_waiting)
register("review", _("to be read again"), reviews_due)
register("link", _("link that leads nowhere"), dead_links)
register("picture", _("picture without description"), undescribed_pictures)
register("wording", _("wording to look at"), remarks_on_texts)
