"""What editors see of a news item."""

from typing import Any

from django.contrib import admin
from django.db.models import ManyToManyField
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest

from news.models import NewsItem
from portal.admin import PortalAdmin
from portal.editing import EditionAdmin
from portal.languages import columns


@admin.register(NewsItem)
class NewsItemAdmin(EditionAdmin, PortalAdmin):
    content = ("title", "summary", "body")
    relations = (
        "kind",
        ("dated_on", "precision"),
        ("starts_on", "ends_on", "closes_on"),
        "picture",
        "partners",
        "themes",
    )
    publication = ("source_language", "public_from", "public_until", "review_on", "owner")
    search_engines = ("slug",)
    list_display = ("__str__", "on_the_site", "missing", "kind", "dated_on")
    list_filter = ("kind", "themes", "partners")
    date_hierarchy = "dated_on"
    search_fields = (*columns("title"), *columns("summary"))

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Boxes to tick: they need neither script nor a second key."""
        return super().formfield_for_manytomany(db_field, request, **kwargs | {"widget": CheckboxSelectMultiple()})
