"""What do editors see of the portal's own records: pages, settings, pictures, documents, people?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from imagefield.fields import PPOIField

from portal.admin_base import PortalAdmin, PublishableAdmin, named
from portal.admin_widgets import FocalPointInput, PictureInput
from portal.editing import EditionAdmin
from portal.figures import file_size
from portal.images import Image
from portal.languages import active, columns
from portal.models import Document, Edition, Page, SiteSettings
from portal.renditions import PictureField


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    content = ("title", "body")
    relations = ("documents", "kind", ("placement", "position"))
    list_display = (*PublishableAdmin.list_display, "kind", "placement")
    list_filter = ("kind", "placement")
    search_fields = columns("title")
    autocomplete_fields = ("documents",)


@admin.register(SiteSettings)
class SiteSettingsAdmin(EditionAdmin, PortalAdmin):
    """One row: the list leads to it, it is neither added nor deleted."""

    content = ("site_name", "tagline", "welcome", "introduction")
    relations = ("share_image",)
    publication = ("publisher", "publication_director", "host", "contact_email", "accessibility_status", "terms")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if not SiteSettings.objects.exists():
            SiteSettings.objects.create(pk=1)
        return redirect("admin:portal_sitesettings_change", 1)


@admin.register(Image)
class ImageAdmin(PortalAdmin):
    """The library: a grid of thumbnails."""

    content = ("file", "focal_point", "alt", "is_decorative", "caption")
    relations = ("credit", ("licence", "taken_on"))
    publication = ("name",)
    list_display = ("thumbnail", "__str__", "credit", "missing")
    list_display_links = ("__str__",)
    search_fields = ("name", "credit", *columns("alt"), *columns("caption"))
    list_per_page = 48

    @admin.display(description=_("picture"))
    def thumbnail(self, obj: Any) -> str:
        return render_to_string("admin/_thumbnail.html", {"image": obj, "address": obj.file.address("thumbnail")})

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, PictureField):
            field.widget = PictureInput()
        elif isinstance(db_field, PPOIField):
            field.widget = FocalPointInput()
        return field


@admin.register(Document)
class DocumentAdmin(PortalAdmin):
    """The library of files; one that a page or a draft names is not deleted."""

    content = ("title", "file")
    relations = (("written_in", "dated_on"),)
    list_display = ("__str__", "format", "weight", "written_in", "dated_on", "missing")
    list_filter = ("written_in",)
    date_hierarchy = "dated_on"
    search_fields = columns("title")

    @admin.display(description=_("format"))
    def format(self, obj: Document) -> str:
        return obj.format

    @admin.display(description=_("size"), ordering="size")
    def weight(self, obj: Document) -> str:
        return file_size(obj.size, active())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        *rest, protected = super().get_deleted_objects(objs, request)
        return (*rest, protected + named(pages_with(objs)))


def pages_with(documents: Iterable[Document]) -> set[models.Model]:
    """The pages that name one of these documents, as they are public or as they are drafted."""
    keys = {document.pk for document in documents}
    lists = [relation for relation in Document._meta.related_objects if relation.many_to_many]
    found: set[models.Model] = set()
    for relation in lists:
        found |= set(relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys}))
    drafts = Edition.objects.working().filter(
        label__in=[relation.related_model._meta.label_lower for relation in lists]
    )
    naming = (
        draft for draft in drafts if {str(key) for key in keys} & set(draft.snapshot["fields"].get("documents", ()))
    )
    return found | {page for draft in naming if (page := draft.record())}


class PersonForm(UserChangeForm):
    forget_second_factor = forms.BooleanField(
        label=_("Remove the second factor"),
        required=False,
        help_text=_(
            "For somebody who has lost the phone and the recovery codes. Make sure that it is they who ask: from then "
            "on the password alone lets them in, and where a second factor is demanded they set up another at once."
        ),
    )


class PersonAdmin(UserAdmin):
    form = PersonForm
    fieldsets = ((None, {"fields": ("username", "password", "forget_second_factor")}), *(UserAdmin.fieldsets or ())[1:])

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("forget_second_factor"):
            Authenticator.objects.filter(user=obj).delete()


admin.site.unregister([User, Authenticator, EmailAddress])  # whose pages would show what they keep secret, or need not
admin.site.register(User, PersonAdmin)
