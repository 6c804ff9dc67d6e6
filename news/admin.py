"""What editors see of a news item."""

from django.contrib import admin

from news.models import NewsItem
from portal.admin_base import PublishableAdmin
from portal.languages import columns


@admin.register(NewsItem)
class NewsItemAdmin(PublishableAdmin):
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
    list_display = (*PublishableAdmin.list_display, "kind", "dated_on")
    list_filter = ("kind", "themes", "partners")
    date_hierarchy = "dated_on"
    search_fields = (*columns("title"), *columns("summary"))
