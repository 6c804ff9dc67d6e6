"""What is there to do, on which page, in which language?

Checks look at all the content at once, loaded in one query a table; apps add theirs with `register` from `apps.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.editions import Edition
from portal.images import Image
from portal.languages import codes, column, columns
from portal.richtext import RichTextField
from portal.snapshots import as_said, is_registered, label_of, registered, rows_of
from portal.staleness import CURRENT, LABELS, MISSING, STALE, rows, source_of, states, text_fields


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
        return str(CHECKS[self.kind][0] if self.kind in CHECKS else LABELS[self.kind])

    @property
    def place(self) -> str:
        """The field in words, after its row where it has one: `key figure, population: label`."""
        label = label_of(type(self.row or self.record), self.column) if self.column else ""
        return f"{self.row._meta.verbose_name}, {self.row}{_t(': ')}{label}" if self.row else label

    @property
    def url(self) -> str:
        """The change form, at the field."""
        meta = self.record._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[self.record.pk])
        return f"{address}#id_{self._prefix()}{self.column}" if self.column else address

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
    """Everything that is translated, rows, owners and drafts included. 1 query a table."""
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


def _loaded(model: type[models.Model]) -> models.QuerySet:
    records = model._default_manager.select_related("owner" if hasattr(model, "owner") else None)
    return records.prefetch_related(*(rows_of(model) if is_registered(model) else ()))


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
    return [
        Finding(one.state, record, column(one.field, one.language), one.language, _row(record, one.record))
        for one in states(record)
        if one.state != CURRENT
    ]


def _row(record: models.Model, one: models.Model) -> models.Model | None:
    return None if one is record else one


def untranslated(kind: str) -> Check:
    """The texts that are missing, or stale; a page with no word in a language that is not public in it counts once."""

    def check(everything: Content) -> Iterator[Finding]:
        for record in everything.worked_on:
            found, whole = gaps(record), _blank_languages(record)
            for language in whole if kind == MISSING else ():
                first = next(one for one in found if one.language == language)
                yield Finding(kind, record, first.column, language, note=_t("nothing is translated yet"))
            yield from (one for one in found if one.kind == kind and one.language not in whole)

    return check


def _blank_languages(record: models.Model) -> set[str]:
    written = [(one.language, one.state) for one in states(record)]
    blank = {language for language, _state in written} - {language for language, state in written if state != MISSING}
    return {language for language in blank if getattr(record, column("public_from", language), True) is None}


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


def broken_links(everything: Content) -> Iterator[Finding]:
    """Links of rich texts that lead to nothing public on the site, or whose outside address cannot be right."""
    public = _public_addresses(everything.public)
    for record in everything.worked_on:
        for one in (record, *rows(record)):
            for name, language, html in rich_texts(one):
                for target in re.findall(r'href="([^"]*)"', html):
                    if _is_broken(unescape(target), public):
                        yield Finding("link", record, name, language, _row(record, one), unescape(target) or "–")


def rich_texts(record: models.Model) -> Iterator[tuple[str, str, str]]:
    """Column, language and text of each rich text that is not empty."""
    for field in text_fields(type(record)):
        if isinstance(record._meta.get_field(field), RichTextField):
            for name, language in zip(columns(field), codes(), strict=True):
                if html := getattr(record, name):
                    yield name, language, html


def _public_addresses(public: list[Any]) -> set[str]:
    """The paths of public pages, under the slugs of every language: a foreign one redirects."""
    paths = set()
    for record in public:
        if hasattr(record, "public_languages") and record.is_public():
            for language in codes():
                stem = record.get_absolute_url(language).rstrip("/").rsplit("/", 1)[0]
                paths |= {f"{stem}/{slug}/" for name in columns("slug") if (slug := getattr(record, name))}
    return paths


def _is_broken(target: str, public: set[str]) -> bool:
    try:
        parts = urlsplit(target.strip())
    except ValueError:
        return True
    if parts.scheme in ("http", "https") and parts.hostname not in settings.ALLOWED_HOSTS:
        return "." not in (parts.hostname or "").strip(".") or bool(re.search(r"\s", target.strip()))
    if parts.scheme == "mailto":
        return "@" not in parts.path
    if parts.scheme == "tel":
        return not re.search(r"\d", parts.path)
    if parts.scheme not in ("", "http", "https") or not parts.path.startswith("/"):
        return True
    return parts.path not in public and not _leads_to_a_page_without_record(parts.path)


def _leads_to_a_page_without_record(path: str) -> bool:
    if path.startswith((settings.MEDIA_URL, settings.STATIC_URL)):
        return True
    try:
        with override(path.split("/")[1]):
            return "slug" not in resolve(path).kwargs
    except Resolver404:
        return False


register(MISSING, LABELS[MISSING], untranslated(MISSING))
register(STALE, LABELS[STALE], untranslated(STALE))
register("draft", _("draft waiting"), drafts_waiting)
register("review", _("to be read again"), reviews_due)
register("link", _("link that leads nowhere"), broken_links)
register("picture", _("picture without description"), undescribed_pictures)
