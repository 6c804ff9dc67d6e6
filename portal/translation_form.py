"""What stands beside a translated text in a form, and what may its editor say of it?

Each text shows its state, what its source says since it was confirmed, and remarks on its wording. Boxes beside it are
named after its column: `right-…` (the translation was read again), `unaffected-…` (this change of the source does not
concern the translations), `typography-…` (correct it).
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms
from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html

from portal.diff import word_diff
from portal.languages import codes, column
from portal.models import SiteSettings
from portal.proofreading import correct_typography, kept_terms, remarks
from portal.staleness import CURRENT, LABELS, STALE, confirm, confirmed_against, source_of, state, text_fields

BOXES = ("right", "unaffected", "typography")


class TranslatedForm(forms.ModelForm):
    """Confirms translations from what was changed and ticked; boxes beside what is read-only count for nothing."""

    former_source = ""  # of a row whose page changes its source language

    def ticked(self, box: str) -> set[str]:
        """The columns beside which a box was ticked."""
        writable = (name for name, field in self.fields.items() if not field.disabled)
        return {name for name in writable if self.data.get(self.add_prefix(f"{box}-{name}"))}

    def has_changed(self) -> bool:
        turns = bool(self.former_source) and not self.instance._state.adding
        return super().has_changed() or turns or any(self.ticked(box) for box in BOXES)

    def save(self, commit: bool = True) -> Any:
        for name in self.ticked("typography"):
            corrected = correct_typography(getattr(self.instance, name) or "")
            limit = self.instance._meta.get_field(name).max_length
            if limit is None or len(corrected) <= limit:
                setattr(self.instance, name, corrected)
        before = {name: self.initial.get(name) for name in self.changed_data}
        if self.former_source:
            before["source_language"] = self.former_source
        confirm(self.instance, before, self.ticked("right"), self.ticked("unaffected"))
        return super().save(commit)


def tell_rows(form: Any, formset: Any) -> None:
    """Have the rows of a page follow its source language; before the rows are saved."""
    if "source_language" in form.changed_data:
        for row in formset.forms:
            row.former_source = form.initial.get("source_language", "")  # none on a new page


def annotate(form: Any, formsets: list[Any]) -> None:
    """Write what stands beside the texts of a page's form and of its rows, after each help text. 1 query."""
    terms = kept_terms(SiteSettings.load().terms)
    page = _annotated(form, terms)
    for formset in formsets:
        for row in formset.forms:
            _annotated(row, terms, {formset.fk.name: page})


def _annotated(form: Any, terms: Any, parent: dict[str, Any] | None = None) -> models.Model:
    """The record as it was when the form was opened, even where the form shows what was typed since."""
    record: Any = copy(form.instance)
    for name in (name for name in form.initial if name in form.fields):
        field = record._meta.get_field(name)
        if not field.many_to_many:
            setattr(record, field.attname, form.initial[name])
    for key, page in (parent or {}).items():
        setattr(record, key, page)
    for field in text_fields(record._meta.model):
        for language in codes():
            if (name := column(field, language)) in form.fields:
                note = render_to_string("admin/_beside.html", _beside(form, record, field, language, terms))
                shown = form[name]
                shown.help_text = format_html("{}{}", shown.help_text, note) if note.strip() else shown.help_text
    return record


def _beside(form: Any, record: models.Model, field: str, language: str, terms: Any) -> dict[str, Any]:
    name, source = column(field, language), source_of(record)
    found = state(record, field, language)
    text = form[name].value() or ""
    translated = any(state(record, field, other) == CURRENT for other in codes())
    return {
        "state": found,
        "label": LABELS.get(found or "", ""),
        "diff": word_diff(confirmed_against(record, field, language), getattr(record, column(field, source)))
        if found == STALE
        else [],
        "source": source,
        "offers_unaffected": language == source and translated,
        "remarks": remarks(text, language, terms),
        "offers_typography": language == "fr" and correct_typography(text) != text,
        "may": not form.fields[name].disabled,
        "boxes": {box: form.add_prefix(f"{box}-{name}") for box in BOXES},
        "ticked": [box for box in BOXES if name in form.ticked(box)],
    }
