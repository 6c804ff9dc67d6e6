"""Which pictures does the portal take, and what does it keep of them?

A JPEG, PNG, WebP or AVIF of a bearable size; turned upright, converted to sRGB, and written anew without its metadata
(GPS included).
"""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

from portal.figures import file_size
from portal.languages import active

READABLE = ("JPEG", "PNG", "WEBP", "AVIF")
KEPT_AT = {"JPEG": {"quality": 92}, "PNG": {}, "WEBP": {"quality": 92}, "AVIF": {"quality": 85}}


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
            % {"size": file_size(upload.size, active()), "limit": file_size(settings.IMAGE_MAX_BYTES, active())}
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
