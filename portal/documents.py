"""What is a document of the library, and how does it reach its readers?

A file keeps its content under its name: another content has another name, which nobody can guess. Like pictures, files
reach the storage when the transaction commits. They are served by the portal itself, with headers that let nothing in
them run, and may be read by whoever has the address.
"""

from __future__ import annotations

import re
import secrets
from functools import partial
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.document_types import FORMATS, check, suffix_of
from portal.languages import any_column_q, codes, column, text_of
from portal.storage import put
from portal.version import moves_with

FOLDER = "documents"
TOKEN = re.compile(r"-[0-9a-f]{16}(?=\.\w+$)")  # in names of files: what makes them unguessable
WRITTEN_IN = dict(settings.LANGUAGES) | {"nl": _("Dutch")}  # the languages of the partners
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


class DocumentFormField(forms.FileField):
    """Refuses what is no document before anything else looks at it."""

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is not None:
            check(upload)
        return upload

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"accept": ",".join(FORMATS)}


class DocumentFile(FieldFile):
    def save(self, name: str, content: File, save: bool = True) -> None:
        """Check, and write on commit, then delete what it replaces. 1 query."""
        check(content)
        instance: Any = self.instance
        field = self.field
        replaced = type(instance)._base_manager.filter(pk=instance.pk).values_list(field.name, flat=True).first()
        stem = slugify(PurePath(name).stem)[:60] or "document"
        self.name = f"{FOLDER}/{stem}-{secrets.token_hex(8)}{suffix_of(name)}"
        instance.__dict__[field.name] = self
        instance.size = content.size
        self._committed = True
        transaction.on_commit(partial(self._write, self.name, content.read(), replaced))
        if save:
            instance.save()

    save.alters_data = True  # type: ignore[attr-defined]

    def _write(self, name: str, content: bytes, replaced: str | None) -> None:
        put(self.storage, name, content)
        if replaced:
            self.storage.delete(replaced)


class DocumentField(models.FileField):
    attr_class = DocumentFile

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, **kwargs)
        models.signals.post_delete.connect(self._discard, sender=cls)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": DocumentFormField} | kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs

    def _discard(self, instance: models.Model, **signal: Any) -> None:
        file = getattr(instance, self.name)
        transaction.on_commit(partial(file.storage.delete, file.name))


@moves_with
class Document(models.Model):
    """A file to be read or downloaded, shown by the pages that name it with its format, size and language."""

    title = models.CharField(
        _("title"),
        max_length=160,
        blank=True,
        help_text=_("What the document is, as its link says. Up to 160 characters."),
    )
    file = DocumentField(
        _("file"),
        upload_to=FOLDER,
        max_length=150,
        help_text=_(
            "PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX or CSV, up to 20 MB. Anyone who has its address can open it."
        ),
    )
    written_in = models.CharField(
        _("language of the document"), max_length=5, choices=WRITTEN_IN, default=settings.LANGUAGE_CODE
    )
    dated_on = models.DateField(_("date"), default=timezone.localdate, help_text=_("The day of the document itself."))
    size = models.PositiveBigIntegerField(_("size"), editable=False, default=0)  # bytes
    confirmed = models.JSONField(_("confirmed against"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-dated_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=any_column_q("title", isnull=False, gt=""), name="portal_document_titled")
        ]

    def __str__(self) -> str:
        return str(text_of(self, "title"))

    def clean(self) -> None:
        super().clean()
        name = column("title", self.source_language)
        if not getattr(self, name):
            raise ValidationError({name: _t("Needed: the title in the language of the document.")})

    @property
    def source_language(self) -> str:
        """The language in which the title is written first: the document's, where the site speaks it."""
        return self.written_in if self.written_in in codes() else settings.LANGUAGE_CODE

    @property
    def format(self) -> str:
        """As in "PDF"."""
        kind = FORMATS.get(suffix_of(self.file.name))
        return kind.name if kind else ""


@require_safe
def serve(request: HttpRequest, name: str) -> FileResponse:
    """The file of a document: a PDF opens in the browser, the others are downloaded. No query."""
    kind = FORMATS.get(suffix_of(name))
    try:
        if kind is None:
            raise FileNotFoundError
        file = default_storage.open(f"{FOLDER}/{name}")
    except FileNotFoundError:
        raise Http404 from None
    plain = TOKEN.sub("", name)
    return FileResponse(
        file, as_attachment=kind.name != "PDF", filename=plain, content_type=kind.mime, headers=dict(HEADERS)
    )
