"""What is a picture of the library, and how are the pictures that are there rendered anew?"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from imagefield.fields import PPOIField

from portal.languages import any_column_q, columns
from portal.renditions import FORMATS, PictureField
from portal.version import moves_with


@moves_with
class Image(models.Model):
    """A picture of the library: what it shows in words, or that it is only decoration, and to whom it is owed."""

    file = PictureField(
        _("picture"),
        upload_to="originals",
        width_field="width",
        height_field="height",
        ppoi_field="focal_point",
        formats=FORMATS,
        help_text=_("JPEG, PNG, WebP or AVIF, at least 1,200 pixels wide, up to 40 million pixels."),
    )
    width = models.PositiveIntegerField(_("width"), editable=False, default=0)
    height = models.PositiveIntegerField(_("height"), editable=False, default=0)
    focal_point = PPOIField(
        _("focal point"), help_text=_("What must stay in sight where the picture is cropped, as on cards and covers.")
    )
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
    confirmed = models.JSONField(_("confirmed against"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_decorative=True) | any_column_q("alt", isnull=False, gt=""),
                name="portal_image_described_or_decorative",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if not self.is_decorative and not any(getattr(self, name) for name in columns("alt")):
            raise ValidationError(
                {columns("alt")[0]: _t("Say what the picture shows, in one language at least, or tick “decorative”.")}
            )

    @property
    def renditions(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """The whole picture; see `PictureFile.offered`."""
        return self.file.offered("whole")

    @property
    def wide(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """Cut to two by one around the focal point, for covers and cards; see `PictureFile.offered`."""
        return self.file.offered("wide")


def render_all(again: bool, dry_run: bool) -> Iterator[tuple[Image, int | Exception]]:
    """Render what pictures lack, or everything `again`: each with how many files were rendered, or what is wrong.

    One picture at a time is in memory. Each file stands once it is written, so this may be interrupted, and begun
    again. 1 query, and 1 a picture.
    """
    keys = list(Image.objects.order_by("pk").values_list("pk", flat=True))
    for image in filter(None, (Image.objects.filter(pk=key).first() for key in keys)):
        try:
            done: int | Exception = _render(image, again, dry_run)
        except Exception as error:  # whatever Pillow or the storage says of one picture, the others are rendered
            done = error
        yield image, done


def _render(image: Image, again: bool, dry_run: bool) -> int:
    if not image.file.storage.exists(image.file.name):
        raise FileNotFoundError(image.file.name)
    if dry_run:
        return len(image.file.contexts() if again else image.file.missing())
    return image.file.render(again)
