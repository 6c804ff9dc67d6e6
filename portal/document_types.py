"""Which documents does the portal take, and is a file what its name says?

Formats in which a file cannot run anything on the site: no HTML, no SVG, and no office file with macros. The content is
looked at as well as the name; nothing of an archive is unpacked but the few bytes that say its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import NamedTuple
from zipfile import ZipFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _t

from portal.figures import file_size
from portal.languages import active

TAIL = 2048  # bytes at the end of a PDF among which its mark must be
MACROS = ("Basic/", "Scripts/", "word/vba", "xl/vba", "ppt/vba", "xl/macrosheets/")


class Format(NamedTuple):
    """`is_one` says whether a file's content is of the format; it may raise anything for one that is not."""

    name: str
    mime: str
    is_one: Callable[[File, Format], bool]


def _is_pdf(file: File, kind: Format) -> bool:
    begins = file.read(5) == b"%PDF-"
    file.seek(max(0, file.size - TAIL))
    return begins and b"%%EOF" in file.read()


def _is_open_document(file: File, kind: Format) -> bool:
    with ZipFile(file) as parts, parts.open("mimetype") as said:
        return said.read(100).decode().strip() == kind.mime


def _is_office(file: File, kind: Format) -> bool:
    main = {"DOCX": "word/document.xml", "XLSX": "xl/workbook.xml", "PPTX": "ppt/presentation.xml"}[kind.name]
    with ZipFile(file) as parts:
        return {"[Content_Types].xml", main} <= set(parts.namelist())


def _is_table(file: File, kind: Format) -> bool:
    text = file.read().decode("utf-8-sig")
    return "\0" not in text and not text.lstrip().startswith("<")


OPEN, OFFICE = "application/vnd.oasis.opendocument.", "application/vnd.openxmlformats-officedocument."
FORMATS = {
    ".pdf": Format("PDF", "application/pdf", _is_pdf),
    ".odt": Format("ODT", OPEN + "text", _is_open_document),
    ".ods": Format("ODS", OPEN + "spreadsheet", _is_open_document),
    ".odp": Format("ODP", OPEN + "presentation", _is_open_document),
    ".docx": Format("DOCX", OFFICE + "wordprocessingml.document", _is_office),
    ".xlsx": Format("XLSX", OFFICE + "spreadsheetml.sheet", _is_office),
    ".pptx": Format("PPTX", OFFICE + "presentationml.presentation", _is_office),
    ".csv": Format("CSV", "text/csv; charset=utf-8", _is_table),
}


def suffix_of(name: str | None) -> str:
    """The end of a file's name, in small letters: ".pdf"."""
    return PurePath(name or "").suffix.lower()


def check(upload: File) -> None:
    """Raise ValidationError, in words for an editor, when the upload is no document that the portal takes."""
    kind = FORMATS.get(suffix_of(upload.name))
    if kind is None:
        known = ", ".join(one.name for one in FORMATS.values())
        raise ValidationError(
            _t("The site takes these documents: %(formats)s. This file is none.") % {"formats": known}
        )
    if upload.size > settings.DOCUMENT_MAX_BYTES:
        raise ValidationError(
            _t("This file is too heavy: %(size)s. The limit is %(limit)s.")
            % {"size": file_size(upload.size, active()), "limit": file_size(settings.DOCUMENT_MAX_BYTES, active())}
        )
    if not _holds(kind.is_one, upload, kind):
        message = (
            _t("This table is not text in UTF-8: save it once more as “CSV UTF-8”.")
            if kind.name == "CSV"
            else _t("The content of this file is not what its name says (%(format)s): export or save it once more.")
        )
        raise ValidationError(message % {"format": kind.name})
    if _holds(_has_macros, upload, kind):
        raise ValidationError(_t("This file carries macros: save it without them."))


def _has_macros(file: File, kind: Format) -> bool:
    with ZipFile(file) as parts:
        return any(name.startswith(MACROS) for name in parts.namelist())


def _holds(rule: Callable[[File, Format], bool], file: File, kind: Format) -> bool:
    """Whether a rule holds of the whole file; a file at which it stumbles breaks it."""
    file.seek(0)
    try:
        return rule(file, kind)
    except Exception:  # a damaged archive may raise whatever its reader meets
        return False
    finally:
        file.seek(0)
