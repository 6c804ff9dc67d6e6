"""In which formats, widths and crops is a picture served, and when are they rendered?

When it is uploaded, and when its focal point moves: never while a visitor waits. Files reach the storage when the
transaction commits: a refused, rehearsed or rolled-back upload leaves nothing behind. Only renditions
(`media/__processed__/`) are served, never originals.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.base import File
from django.db import models, transaction
from django.utils.text import slugify
from imagefield.fields import ImageField, ImageFieldFile
from imagefield.processing import register
from PIL import Image as Pillow

from portal.storage import put
from portal.uploads import Picture, PictureFormField

WIDTHS = (480, 960, 1920)  # pixels; renditions are never wider than the original
SHAPES = {"whole": None, "wide": 2.0}  # width by height; a shape that cuts does so around the focal point
QUALITIES = {"AVIF": 58, "WEBP": 76}  # in the order in which a browser is offered them

mimetypes.add_type("image/avif", ".avif")  # Python 3.11 does not know it, and browsers are told not to guess
mimetypes.add_type("image/webp", ".webp")


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
        original = {self.name: picture.read()}
        files = original | {context.name: self._process(context=context) for context in self.contexts()}
        transaction.on_commit(lambda: self._write(files, replaced))
        if save:
            instance.save()

    save.alters_data = True

    def contexts(self) -> list[Any]:
        """What to render: every format, but only the widths that this picture has."""
        keys = [
            f"{shape}_{kind}_{bound}" for shape in SHAPES for kind in QUALITIES for bound, _width in self.sizes(shape)
        ]
        return [self._process_context(self.field.formats[key]) for key in (*keys, "thumbnail")]

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
        return self.storage.url(self.name_of(key))

    def name_of(self, key: str) -> str:
        """What a rendition of `FORMATS` is called in the storage."""
        return name_of(type(self.instance), self.name, self.instance.focal_point, key)

    def missing(self) -> list[Any]:
        """What the storage does not hold: crops after a change of focal point, new formats, files that were lost."""
        return [context for context in self.contexts() if not self.storage.exists(context.name)]

    def render(self, again: bool = False) -> int:
        """Render what is missing, or everything `again`; how many files. Raise an error when the original is no use."""
        contexts = self.contexts() if again else self.missing()
        for context in contexts:
            put(self.storage, context.name, self._process(context=context))
        return len(contexts)

    def discard(self, name: str | None = None) -> None:
        """Delete the original and its renditions from the storage."""
        name = name or self.name
        self.storage.delete(name)
        self.field._clear_generated_files_for(self, name)

    def _write(self, files: dict[str, bytes], replaced: str | None) -> None:
        for name, content in files.items():
            put(self.storage, name, content)
        if replaced:
            self.discard(replaced)


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
        transaction.on_commit(getattr(instance, self.name).render)

    def _discard(self, instance: models.Model, **signal: Any) -> None:
        transaction.on_commit(getattr(instance, self.name).discard)


@register
def encoded(get_image: Callable, kind: str, quality: int) -> Callable:
    """Write in another format than the original's."""

    def processor(image: Pillow.Image, context: Any) -> Pillow.Image:
        # AVIF alone reads the speed: 7 takes half the time of 6, for 4 % more bytes.
        context.save_kwargs |= {"format": kind, "quality": quality, "speed": 7}
        return get_image(image, context)

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

    return spec


FORMATS = {
    f"{shape}_{kind}_{width}": _format(kind, quality, width, ratio)
    for shape, ratio in SHAPES.items()
    for kind, quality in QUALITIES.items()
    for width in WIDTHS
} | {
    "thumbnail": _format("WEBP", 70, 480, None),  # the library's
}


@lru_cache(maxsize=5000)
def name_of(model: type[models.Model], name: str, focal_point: str, key: str) -> str:
    """Digests of what a rendition is made from, which cost more than the rest of a card."""
    file = model(file=name, focal_point=focal_point).file
    return file._process_context(FORMATS[key]).name
