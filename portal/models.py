"""The records that belong to no app: images, editorial pages, the site's settings."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.addresses import Addressed, address_of, slug_constraints
from portal.documents import Document
from portal.editions import Edition
from portal.images import Image
from portal.languages import active, text_of
from portal.publishing import Publishable, PublishableQuerySet, publication_constraints
from portal.richtext import RichTextField
from portal.search import SearchEntry
from portal.seo import path_of
from portal.sharing import ShareLink
from portal.snapshots import editioned
from portal.version import SiteVersion, held, moves_with

__all__ = ["Document", "Edition", "Image", "Page", "SearchEntry", "ShareLink", "SiteSettings", "SiteVersion"]


def picture_field(label: Any, help_text: Any = "") -> models.ForeignKey:
    """A picture from the library, which keeps those that are in use."""
    return models.ForeignKey(
        Image, models.PROTECT, verbose_name=label, null=True, blank=True, related_name="+", help_text=help_text
    )


def documents_field(related_name: str) -> models.ManyToManyField:
    """Documents from the library, below the text of a page."""
    return models.ManyToManyField(
        Document,
        verbose_name=_("documents"),
        blank=True,
        related_name=related_name,
        help_text=_("Files to read or download, listed below the text."),
    )


@editioned()
@moves_with
class Page(Addressed, Publishable):
    """An editorial page: about, legal notice, accessibility statement, privacy, or any other."""

    class Kind(models.TextChoices):
        ABOUT = "about", _("about the Committee")
        LEGAL = "legal", _("legal notice")
        ACCESSIBILITY = "accessibility", _("accessibility statement")
        PRIVACY = "privacy", _("privacy")
        OTHER = "other", _("other")

    class Placement(models.TextChoices):
        NONE = "none", _("in no menu")
        ABOUT = "about", _("footer, first list")
        LEGAL = "legal", _("footer, legal list")

    named_by = "title"
    needed_to_publish = ("title", "body")

    title = models.CharField(_("title"), max_length=120, help_text=_("Up to 120 characters."))
    body = RichTextField(_("text"), blank=True)
    documents = documents_field("pages")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    placement = models.CharField(
        _("place in the menus"),
        max_length=10,
        choices=Placement,
        default=Placement.NONE,
        help_text=_("Every page of the site links to it from there."),
    )
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Small numbers come first."))

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["placement", "position", "pk"]
        constraints = [*publication_constraints(("title", "body")), *slug_constraints()]

    def get_absolute_url(self, language: str | None = None) -> str:
        return address_of(self, "page", language)


@editioned()
@moves_with
class SiteSettings(models.Model):
    """What is said once for the whole site: its name, who publishes it, where to write. One row, pk 1."""

    class AccessibilityStatus(models.TextChoices):
        """The mention that French law asks of every page (article 47 of the law 2005-102, RGAA 4.1)."""

        NOT_ASSESSED = "not_assessed", _("not yet assessed")
        NOT_COMPLIANT = "not_compliant", _("not compliant")
        PARTIAL = "partial", _("partially compliant")
        FULL = "full", _("fully compliant")

    site_name = models.CharField(_("name of the site"), max_length=80, help_text=_("Up to 80 characters."))
    tagline = models.CharField(_("tagline"), max_length=160, blank=True, help_text=_("Up to 160 characters."))
    welcome = models.CharField(
        _("heading of the home page"), max_length=80, blank=True, help_text=_("Up to 80 characters.")
    )
    introduction = models.CharField(
        _("introduction of the home page"), max_length=400, blank=True, help_text=_("Up to 400 characters.")
    )
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    publication_director = models.CharField(_("director of publication"), max_length=160, blank=True)
    host = models.CharField(
        _("host"), max_length=250, blank=True, help_text=_("Name, address and telephone of the host, as the law asks.")
    )
    contact_email = models.EmailField(
        _("contact address"), blank=True, help_text=_("E-mail address shown in the footer.")
    )
    accessibility_status = models.CharField(
        _("accessibility"), max_length=20, choices=AccessibilityStatus, default=AccessibilityStatus.NOT_ASSESSED
    )
    share_image = picture_field(
        _("default picture for sharing"), _("Shown by social networks with a page that has no picture of its own.")
    )

    terms = models.TextField(
        _("terms"),
        blank=True,
        default="Strait Committee = Straits Committee\nComité des Détroits = Comité du Détroit",
        help_text=_("Wordings that the desk points out, one a line: the wrong one, an equals sign, the right one."),
    )
    confirmed = models.JSONField(_("confirmed against"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="portal_sitesettings_single")]

    def __str__(self) -> str:
        return str(text_of(self, "site_name"))

    def get_absolute_url(self, language: str | None = None) -> str:
        return path_of("home", language or active())

    @classmethod
    def load(cls) -> SiteSettings:
        """The one row, or an unsaved one with the default values; to be read only. No query when held, 1 when built."""
        rows = cls.objects.select_related("share_image").filter(pk=1)
        return held("settings", lambda: (rows.first() or cls(pk=1), None))
