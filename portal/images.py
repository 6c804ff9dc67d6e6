"""What happens to an uploaded image?

It is refused unless it is a JPEG, PNG, WebP or AVIF of a bearable size; then turned upright, converted to sRGB, written
anew without its metadata (GPS included), and rendered in every format and width that pages use. Files reach the storage
when the transaction commits: a refused, rehearsed or rolled-back upload leaves nothing behind. Only renditions
(`media/__processed__/`) are served, never originals.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from functools import reduce
from io import BytesIO
from operator import or_
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from imagefield.fields import ImageField, ImageFieldFile, PPOIField
from imagefield.processing import register
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

from portal.languages import columns
from portal.version import moves_with

WIDTHS = (480, 960, 1920)  # pixels; renditions are never wider than the original
SHAPES = {"whole": None, "wide": 2.0}  # width by height; a shape that cuts does so around the focal point
SHARED = (1200, 630)  # what social networks ask for
QUALITIES = {"AVIF": 58, "WEBP": 76}  # in the order in which a browser is offered them
READABLE = ("JPEG", "PNG", "WEBP", "AVIF")
KEPT_AT = {"JPEG": {"quality": 92}, "PNG": {}, "WEBP": {"quality": 92}, "AVIF": {"quality": 85}}

mimetypes.add_type("image/avif", ".avif")  # Python 3.11 does not know it, and browsers are told not to guess
mimetypes.add_type("image/webp", ".webp")


class Picture(ContentFile):
    """An upload that has been decoded under the limits and written anew: upright, sRGB, without metadata."""

    def __init__(self, upload: File) -> None:
        """Raise ValidationError, in words for an editor, when the upload is no picture that the portal takes."""
        image, kind = _decoded(upload)
        written = BytesIO()
        image.save(written, kind, **KEPT_AT[kind])
        self.width, self.height = image.size
        stem = slugify(PurePath(upload.name or "").stem)[:60] or "picture"
        super().__init__(written.getvalue(), name=f"{stem}.{kind.lower()}")


def _decoded(upload: File) -> tuple[Pillow.Image, str]:
    if upload.size > settings.IMAGE_MAX_BYTES:
        raise ValidationError(
            _t("This file is too heavy: %(size)s. The limit is %(limit)s.")
            % {"size": filesizeformat(upload.size), "limit": filesizeformat(settings.IMAGE_MAX_BYTES)}
        )
    upload.seek(0)
    try:
        image = Pillow.open(upload, formats=READABLE)
    except Pillow.DecompressionBombError:
        raise ValidationError(_too_large()) from None
    except Exception:
        raise ValidationError(
            _t("This is not a picture that the site can show. Choose a JPEG, PNG, WebP or AVIF file.")
        ) from None
    if image.width * image.height > settings.IMAGE_MAX_PIXELS:
        raise ValidationError(_too_large())
    kind = str(image.format)
    try:
        return _upright_srgb(image), kind
    except Exception:
        raise ValidationError(_t("This picture is damaged or incomplete. Export or download it once more.")) from None


def _too_large() -> str:
    limit = settings.IMAGE_MAX_PIXELS // 1_000_000
    return _t("This picture is too large. The limit is %(limit)d million pixels.") % {"limit": limit}


def _upright_srgb(image: Pillow.Image) -> Pillow.Image:
    """The first frame, turned as its orientation says, in RGB or RGBA; raise OSError when the file is truncated."""
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            image = ImageCms.profileToProfile(image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            image = image.convert(mode)
    image = image.convert(mode)
    image.info = {}
    return image


class PictureFormField(forms.ImageField):
    """Decodes by itself: Django's field would first try every format that Pillow knows, with no limit of size."""

    def to_python(self, data: Any) -> Picture | None:
        upload = forms.FileField.to_python(self, data)
        return upload if upload is None or isinstance(upload, Picture) else Picture(upload)


class PictureFile(ImageFieldFile):
    def save(self, name: str, content: File, save: bool = True) -> None:
        """Render now: what cannot be rendered is not saved. Write on commit, then delete what it replaces. 1 query."""
        picture = content if isinstance(content, Picture) else Picture(content)
        instance, field = self.instance, self.field
        replaced = type(instance)._base_manager.filter(pk=instance.pk).values_list(field.name, flat=True).first()
        wanted = f"{slugify(PurePath(name).stem)[:60] or 'picture'}{PurePath(str(picture.name)).suffix}"
        self.name = self.storage.get_available_name(field.generate_filename(instance, wanted))
        self.file, self._committed = picture, True
        instance.__dict__[field.name] = self
        instance.width, instance.height = picture.width, picture.height
        files = {self.name: picture.read()} | {
            context.name: self._process(context=context) for context in self.contexts()
        }
        transaction.on_commit(lambda: self._write(files, replaced))
        if save:
            instance.save()

    save.alters_data = True

    def contexts(self) -> list[Any]:
        """What to render: every format, but only the widths that this picture has."""
        keys = [
            f"{shape}_{kind}_{bound}" for shape in SHAPES for kind in QUALITIES for bound, _width in self.sizes(shape)
        ]
        return [self._process_context(self.field.formats[key]) for key in (*keys, "share", "thumbnail")]

    def sizes(self, shape: str) -> list[tuple[int, int]]:
        """The bounds of `WIDTHS` up to the first that the picture does not reach, each with its width in pixels."""
        ratio = SHAPES[shape]
        widest = min(self.instance.width, round(self.instance.height * ratio)) if ratio else self.instance.width
        pairs = zip((0, *WIDTHS), WIDTHS, strict=False)
        return [(bound, min(bound, widest)) for below, bound in pairs if below < widest]

    def offered(self, shape: str) -> list[tuple[str, list[tuple[str, int]]]]:
        """Per format, the best first: MIME type, then address and width in pixels of each size. No storage is asked."""
        sizes = self.sizes(shape)
        return [
            (f"image/{kind.lower()}", [(self.address(f"{shape}_{kind}_{bound}"), wide) for bound, wide in sizes])
            for kind in QUALITIES
        ]

    def address(self, key: str) -> str:
        """Where a rendition of `FORMATS` is served."""
        return self.storage.url(self._process_context(self.field.formats[key]).name)

    def render_missing(self) -> None:
        """Render what the storage does not hold: crops after a change of focal point, or files that were lost."""
        for context in self.contexts():
            if not self.storage.exists(context.name):
                self.storage.save(context.name, ContentFile(self._process(context=context)))

    def discard(self, name: str | None = None) -> None:
        """Delete the original and its renditions from the storage."""
        name = name or self.name
        self.storage.delete(name)
        self.field._clear_generated_files_for(self, name)

    def _write(self, files: dict[str, bytes], replaced: str | None) -> None:
        for name, content in files.items():
            self.storage.save(name, ContentFile(content))
        if replaced:
            self.discard(replaced)


@register
def encoded(get_image: Callable, kind: str, quality: int) -> Callable:
    """Write in another format than the original's."""

    def processor(image: Pillow.Image, context: Any) -> Pillow.Image:
        # AVIF alone reads the speed: 7 takes half the time of 6, for 4 % more bytes.
        context.save_kwargs |= {"format": kind, "quality": quality, "speed": 7}
        return get_image(image, context)

    return processor


@register
def on_white(get_image: Callable) -> Callable:
    """Lay a transparent picture on white, for a format that knows no transparency."""

    def processor(image: Pillow.Image, context: Any) -> Pillow.Image:
        image = get_image(image, context).convert("RGBA")
        return Pillow.alpha_composite(Pillow.new("RGBA", image.size, "white"), image).convert("RGB")

    return processor


@register
def fitted(get_image: Callable, width: int, ratio: float | None) -> Callable:
    """Scale down to `width` pixels at most; with a ratio (width by height), first cut to it around the focal point."""

    def processor(image: Pillow.Image, context: Any) -> Pillow.Image:
        image = get_image(image, context)
        box = (0, 0, *image.size) if ratio is None else _box(image.size, ratio, context.ppoi)
        wide, high = box[2] - box[0], box[3] - box[1]
        scale = min(1.0, width / wide)
        size = max(1, round(wide * scale)), max(1, round(high * scale))
        return image.resize(size, Pillow.Resampling.LANCZOS, box=box, reducing_gap=3.0)

    return processor


def _box(size: tuple[int, int], ratio: float, focus: list[float]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the largest box of that ratio, as near to the focal point as the edges let."""
    wide, high = min(size[0], size[1] * ratio), min(size[1], size[0] / ratio)
    left = min(max(size[0] * focus[0] - wide / 2, 0), size[0] - wide)
    top = min(max(size[1] * focus[1] - high / 2, 0), size[1] - high)
    return round(left), round(top), round(left + wide), round(top + high)


def _format(kind: str, quality: int, width: int, ratio: float | None) -> Callable:
    """A rendition as django-imagefield describes it; a whole picture keeps its address when the focal point moves."""

    def spec(file: PictureFile, context: Any) -> None:
        context.extension = f".{kind.lower()}"
        context.processors = [("encoded", kind, quality), ("fitted", width, ratio)]
        if ratio is None:
            context.ppoi = None
        if kind == "JPEG":
            context.processors.insert(1, "on_white")

    return spec


FORMATS = {
    f"{shape}_{kind}_{width}": _format(kind, quality, width, ratio)
    for shape, ratio in SHAPES.items()
    for kind, quality in QUALITIES.items()
    for width in WIDTHS
} | {
    "share": _format("JPEG", 80, SHARED[0], SHARED[0] / SHARED[1]),
    "thumbnail": _format("WEBP", 70, 480, None),  # the library's
}


class PictureField(ImageField):
    attr_class = PictureFile

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        models.signals.post_delete.connect(self._discard, sender=cls)

    def formfield(self, **kwargs: Any) -> forms.Field:
        return models.ImageField.formfield(self, **{"form_class": PictureFormField} | kwargs)

    def update_dimension_fields(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to do: `PictureFile.save` knows the size, and no file is ever opened to find it out."""

    def _generate_files(self, instance: models.Model, **signal: Any) -> None:
        transaction.on_commit(getattr(instance, self.name).render_missing)

    def _discard(self, instance: models.Model, **signal: Any) -> None:
        transaction.on_commit(getattr(instance, self.name).discard)


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
                condition=reduce(
                    or_,
                    (Q(**{f"{name}__isnull": False, f"{name}__gt": ""}) for name in columns("alt")),
                    Q(is_decorative=True),
                ),
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

    @property
    def share_url(self) -> str:
        """A JPEG of 1,200 by 630 pixels at most, cut around the focal point."""
        return self.file.address("share")

    @property
    def share_size(self) -> tuple[int, int]:
        """Width and height of what `share_url` leads to."""
        ratio = SHARED[0] / SHARED[1]
        width = round(min(SHARED[0], self.width, self.height * ratio))
        return width, round(width / ratio)
