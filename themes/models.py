"""The themes on which the partners work together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.addresses import Addressed, address_of, slug_constraints
from portal.models import picture_field
from portal.publishing import Publishable, publication_constraints
from portal.richtext import RichTextField
from portal.snapshots import editioned
from portal.version import moves_with
from themes.querysets import WorkThemeQuerySet


@editioned()
@moves_with
class WorkTheme(Addressed, Publishable):
    """A theme of work, such as youth; partners say why it matters to them in their PartnerTheme."""

    named_by = "title"
    needed_to_publish = ("title", "summary")

    title = models.CharField(_("title"), max_length=120, help_text=_("Up to 120 characters."))
    summary = models.CharField(
        _("summary"), max_length=300, blank=True, help_text=_("One or two sentences, up to 300 characters.")
    )
    body = RichTextField(_("text"), blank=True)
    illustration = picture_field(_("illustration"), _("From the image library; shown wide at the head of the page."))
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Small numbers come first."))

    objects = WorkThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("work theme")
        verbose_name_plural = _("work themes")
        ordering = ["position", "pk"]
        constraints = [*publication_constraints(("title", "summary")), *slug_constraints()]

    def get_absolute_url(self, language: str | None = None) -> str:
        return address_of(self, "themes:detail", language)

    def statements(self, at: datetime | None = None) -> models.QuerySet:
        """What public partners say of the theme, leaders first; reached through the relation, for themes know none."""
        partners = self.partner_themes.model._meta.get_field("partner").related_model.objects.published(at)
        rows = self.partner_themes.filter(partner__in=partners).select_related("partner")
        return rows.order_by("-is_lead", "partner__position", "partner__pk")

    def leaders(self, at: datetime | None = None) -> list[Any]:
        """The public partners that lead the theme, from the rows of `for_cards`."""
        return [row.partner for row in self.partner_themes.all() if row.is_lead and row.partner.is_public(at)]
