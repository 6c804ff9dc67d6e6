"""What happens to an uploaded image?"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from imagefield.fields import ImageField, PPOIField

from portal.version import moves_with

WIDTHS = (480, 960, 1920)  # pixels; renditions are never wider than the original


@moves_with
class Image(models.Model):
    """A picture of the library: what it shows in words, or that it is only decoration, and to whom it is owed."""

    file = ImageField(
        _("picture"),
        upload_to="originals",
        width_field="width",
        height_field="height",
        ppoi_field="focal_point",
        auto_add_fields=False,
        help_text=_("JPEG, PNG, WebP or AVIF, at least 1,200 pixels wide, up to 40 million pixels."),
    )
    width = models.PositiveIntegerField(_("width"), editable=False, default=0)
    height = models.PositiveIntegerField(_("height"), editable=False, default=0)
    focal_point = PPOIField(_("focal point"))
    name = models.CharField(
        _("name in the library"),
        max_length=120,
        unique=True,
        help_text=_("How editors find it; visitors never see it."),
    )
    alt = models.CharField(
        _("text alternative"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for who cannot see it. Up to 250 characters."),
    )
    is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("Tick when the picture says nothing that the text does not.")
    )
    caption = models.CharField(_("caption"), max_length=250, blank=True, help_text=_("Up to 250 characters."))
    credit = models.CharField(
        _("credit"), max_length=160, help_text=_("Photographer and rights holder, shown with the picture.")
    )
    licence = models.CharField(_("licence"), max_length=80, blank=True, help_text=_("As in: CC BY 4.0."))
    taken_on = models.DateField(_("taken on"), null=True, blank=True)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
