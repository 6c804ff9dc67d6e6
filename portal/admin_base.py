"""How is a page of the back office built? The base of every change form and list, and of the rows in a form.

A ModelAdmin lists its fields in four sections by their plain names; a translated field becomes one row with its
languages side by side. The ordinary `changeform_view` and `save_…` do plain saves; nothing is kept on the instance.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import URLField
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from portal import roles
from portal.addresses import admin_address
from portal.admin_richtext import RichTextAdminMixin
from portal.admin_widgets import Picker
from portal.editing import EditionAdmin
from portal.languages import codes, columns, language_name, translated_fields
from portal.publishing import Publishable, opening
from portal.staleness import MISSING, STALE, state, text_fields
from portal.translation_form import TranslatedForm, annotate, tell_rows

SECTIONS = {
    "content": _("Content"),
    "relations": _("Relations"),
    "publication": _("Publication"),
    "search_engines": _("Search engines"),
}
LONG_LINE = 250  # characters; what may be longer is written in a small text area


class SideBySide(BaseModelAdmin):
    """The languages of a field stand in one row, each input says its language, and only whose role it is may write."""

    content: tuple[Any, ...] = ()
    relations: tuple[Any, ...] = ()
    publication: tuple[Any, ...] = ()
    search_engines: tuple[Any, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        sections = {name: self.in_rows(getattr(self, name)) for name in SECTIONS}
        return [(SECTIONS[name], {"fields": fields}) for name, fields in sections.items() if fields]

    def in_rows(self, fields: tuple[Any, ...]) -> list[Any]:
        model: Any = self.model
        translated = translated_fields(model)
        return [columns(field) if field in translated else field for field in fields]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, URLField):
            kwargs |= {"assume_scheme": "https", "widget": forms.URLInput(attrs={"class": "vURLField"})}
        elif isinstance(db_field, models.CharField) and (db_field.max_length or 0) > LONG_LINE:
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 3})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        if language := getattr(db_field, "language", ""):
            self._tell_language(db_field, field, language)
            # The form cannot know which language is the source: `Publishable.clean` asks for what is needed.
            field.required = field.required and not issubclass(self.model, Publishable)
        field.disabled = not roles.may_write(request.user, db_field)
        return field

    def _tell_language(self, db_field: Any, field: forms.Field, language: str) -> None:
        name, spoken = capfirst(str(db_field.translated_field.verbose_name)), {"language": language_name(language)}
        field.label = _t("%(field)s (%(language)s)") % (spoken | {"field": name})
        if language != codes()[0]:
            field.help_text = ""  # it is read beside, under the first language
        if isinstance(db_field, models.CharField | models.TextField):
            field.widget.attrs["lang"] = language
        if isinstance(db_field, models.SlugField):
            field.error_messages["unique"] = (
                _t("Another page has this address in %(language)s: choose another.") % spoken
            )
        if isinstance(field.widget, AdminSplitDateTime):
            field.widget.attrs.pop("class", None)  # modeltranslation's would take the place of the inputs' own
            for part, box in zip((_t("Date:"), _t("Time:")), field.widget.widgets, strict=True):
                box.attrs["aria-label"] = f"{part} {field.label}"


class PortalAdmin(SideBySide, RichTextAdminMixin, TranslationAdmin):
    """The base of every form of a record that hangs on no other."""

    list_per_page = 50
    view_on_site: Any = False
    form = TranslatedForm

    class Media:
        js = ["js/ordering.js"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        annotate(context["adminform"].form, [inline.formset for inline in context["inline_admin_formsets"]])
        if record := context.get("original"):
            context |= {"title": str(record), "subtitle": None}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("to translate"))
    def missing(self, obj: models.Model) -> str:
        """Per language, the texts that are not translated and those that are out of date; the rows apart. No query."""
        gaps = {(language, what): self._fields_in(obj, language, what) for language in codes() for what in GAPS}
        lines = [
            (what, GAPS[what] % {"language": capfirst(language_name(language)), "fields": ", ".join(fields)})
            for (language, what), fields in gaps.items()
            if fields
        ]
        return render_to_string("admin/_missing.html", {"lines": lines}) if lines else self.get_empty_value_display()

    def _fields_in(self, obj: models.Model, language: str, what: str) -> list[str]:
        fields: Any = map(obj._meta.get_field, text_fields(type(obj)))
        return [str(field.verbose_name) for field in fields if state(obj, field.name, language) == what]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """What goes with the records; in the place of what protects them, the pages where they are used."""
        *rest, protected = super().get_deleted_objects(objs, request)
        return (*rest, used_by(objs) if protected else [])

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        """Found while typing where there may be many; else boxes to tick: they need neither script nor a second key."""
        is_long = db_field.name in self.autocomplete_fields
        kwargs["widget"] = Picker(db_field, self.admin_site) if is_long else forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows; changed and deleted ones leave the table first, so that two may exchange what is unique."""
        tell_rows(form, formset)
        touched = [one.instance.pk for one in formset.initial_forms if one.has_changed()]
        formset.model._base_manager.filter(pk__in=touched).delete()
        formset.save()


class PublishableAdmin(EditionAdmin, PortalAdmin):
    """The base of the records that open and close by language, under an address of their own."""

    publication = ("source_language", "public_from", "public_until", "review_on", "owner")
    search_engines = ("slug",)
    list_display: tuple[str, ...] = ("__str__", "on_the_site", "missing")

    def view_on_site(self, obj: Any) -> str | None:
        return obj.get_absolute_url() if obj.is_public() else None

    @admin.display(description=_("on the site"))
    def on_the_site(self, obj: Publishable) -> str:
        """Per language: public, to come, closed or not public, with the instant; public ones lead there. No query."""
        return render_to_string("admin/_states.html", {"states": [opening(obj, language) for language in codes()]})


GAPS = {MISSING: _("%(language)s: %(fields)s"), STALE: _("%(language)s, out of date: %(fields)s")}


def used_by(objs: Any) -> list[str]:
    """The pages that protect these records from being deleted, in words, each once; a row is named by its page."""
    collector = NestedObjects(using="default")
    collector.collect(objs)
    return named({page_of(row) for row in collector.protected})


def named(pages: Iterable[models.Model]) -> list[str]:
    """Links to where the pages are changed, each with its kind."""
    found = sorted((str(page._meta.verbose_name), str(page), admin_address(page)) for page in pages)
    return [format_html('<a href="{}">{}</a> ({})', address, name, kind) for kind, name, address in found]


def page_of(row: models.Model) -> Any:
    """The record on which a row hangs, or the record itself."""
    keys: Any = (field for field in row._meta.fields if field.is_relation)
    parents = (getattr(row, key.name) for key in keys if key.remote_field.on_delete is models.CASCADE)
    return next(parents, row)


class RowFormSet(forms.BaseInlineFormSet):
    """Rows that somebody else removed since the form was opened come last, as new ones."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if self.is_bound and self.management_form.is_valid():
            self.data = self._with_removed_last()
            del self.management_form  # it was read too early

    def _with_removed_last(self) -> Any:
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        initial = self.initial_form_count()
        present = {str(row.pk) for row in self.get_queryset()}
        stems = [f"{self.prefix}-{index}-" for index in range(self.total_form_count())]
        rows = [{n.removeprefix(stem): data.pop(n) for n in list(data) if n.startswith(stem)} for stem in stems]
        kept = [row for row in rows[:initial] if row.get("id", [""])[0] in present]
        removed = [row | {"id": [""]} for row in rows[:initial] if row not in kept]
        for stem, row in zip(stems, [*kept, *removed, *rows[initial:]], strict=True):
            for name, values in row.items():
                data.setlist(f"{stem}{name}", values)
        data[f"{self.prefix}-INITIAL_FORMS"] = len(kept)
        return data


class RowInline(SideBySide, TranslationStackedInline):
    """Rows of a page, in the order of their `position`; `ordering.js` makes that buttons and drag."""

    extra = 0
    form = TranslatedForm
    formset = RowFormSet

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [(None, {"fields": self.in_rows((*self.content, "position"))})]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "position":
            field.label, field.help_text = _t("Place in the list"), _t("Small numbers come first.")
            field.widget.attrs |= {
                "data-position": "",
                "data-up": _t("Move up"),
                "data-down": _t("Move down"),
                "data-drag": _t("Drag to move"),
                "data-moved": _t("Now in place %(place)s of %(count)s"),
            }
        return field
