"""What stands on every page, and is therefore held in the process: names of the site, pages of the footer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _t

from portal.languages import Reading, Text, active, codes, read, read_all
from portal.models import Page, SiteSettings
from portal.public import held_while_public
from portal.seo import Head, Link


@dataclass(frozen=True)
class Furniture:
    """`site` is a Reading of the settings; `other_names` are the site's names in the other languages.

    `accessibility` is the mention that every page owes, where no page of `legal` makes it.
    """

    name: str
    other_names: tuple[Text, ...]
    site: Any
    about: tuple[Link, ...]
    legal: tuple[Link, ...]
    accessibility: str
    _drawn: dict[Any, str] = field(default_factory=dict)

    def drawn(self, template: str, marked: tuple[str, ...], head: Head | None = None) -> str:
        """A template that depends on nothing but this, and on what of `head` is `marked`: its path, then its trail."""
        if (template, marked) not in self._drawn:
            self._drawn[template, marked] = render_to_string(template, {"furniture": self, "head": head})
        return self._drawn[template, marked]


def furniture(request: HttpRequest) -> dict[str, Any]:
    """Context processor; nothing is asked before a template does. No query when held, 3 when built."""
    return {"furniture": SimpleLazyObject(furniture_in_active_language)}


def furniture_in_active_language() -> Furniture:
    language = active()
    return held_while_public(("furniture", language), partial(_build, language))


def _build(language: str) -> Furniture:
    at = timezone.now()
    settings, pages = SiteSettings.load(), Page.objects.published(at).exclude(placement=Page.Placement.NONE)
    names = [text for code in codes() if (text := read(settings, code, at).site_name).language == code and text]
    listed = read_all(pages.ordered_as_read(language, "title", at), language, at)
    stated = any(page.kind == Page.Kind.ACCESSIBILITY and page.placement == Page.Placement.LEGAL for page in listed)
    return Furniture(
        name=next((name for name in names if name.language == language), _t("Straits Committee")),
        other_names=tuple(name for name in names if name.language != language),
        site=read(settings, language, at),
        about=_links(listed, lambda page: page.placement == Page.Placement.ABOUT),
        legal=_links(listed, lambda page: page.placement == Page.Placement.LEGAL, settings),
        accessibility="" if stated else _accessibility(settings),
    )


def _links(pages: list[Reading], belongs: Callable, settings: SiteSettings | None = None) -> tuple[Link, ...]:
    return tuple(Link(_label(page, settings), page.get_absolute_url(page.language)) for page in pages if belongs(page))


def _label(page: Reading, settings: SiteSettings | None) -> str:
    """The title; the accessibility statement is called by its status."""
    return _accessibility(settings) if settings and page.kind == Page.Kind.ACCESSIBILITY else page.title


def _accessibility(settings: SiteSettings) -> str:
    """The status, on every page as French law asks (2005-102, art. 47)."""
    return _t("Accessibility: %(status)s") % {"status": settings.get_accessibility_status_display()}
