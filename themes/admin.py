"""What editors see of a work theme."""

from django.contrib import admin

from portal.admin_base import PortalAdmin
from portal.editing import EditionAdmin
from portal.languages import columns
from themes.models import WorkTheme


@admin.register(WorkTheme)
class WorkThemeAdmin(EditionAdmin, PortalAdmin):
    content = ("title", "summary", "body")
    relations = ("illustration", "position")
    publication = ("source_language", "public_from", "public_until", "review_on", "owner")
    search_engines = ("slug",)
    list_display = ("__str__", "on_the_site", "missing")
    search_fields = (*columns("title"), *columns("summary"))
