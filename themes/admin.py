"""What editors see of a work theme."""

from django.contrib import admin

from portal.admin_base import PublishableAdmin
from portal.languages import columns
from themes.models import WorkTheme


@admin.register(WorkTheme)
class WorkThemeAdmin(PublishableAdmin):
    content = ("title", "summary", "body")
    relations = ("illustration", "position")
    search_fields = (*columns("title"), *columns("summary"))
