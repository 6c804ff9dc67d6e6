"""What editors see of a news item."""

from django.contrib import admin

from news.models import NewsItem
from portal.admin_base import PortalAdmin
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
        "documents",
    )
    autocomplete_fields = ("documents",)
    publication = ("source_language", "public_from", "public_until", "review_on", "owner")
    search_engines = ("slug",)
    list_display = ("__str__", "on_the_site", "missing", "kind", "dated_on")
    list_filter = ("kind", "themes", "partners")
    date_hierarchy = "dated_on"
    search_fields = (*columns("title"), *columns("summary"))
