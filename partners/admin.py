"""What editors see of a partner: its page, with the rows that hang on it."""

from django.contrib import admin

from partners.models import ElectedMember, KeyFigure, Partner, PartnerTheme
from portal.admin_base import PublishableAdmin, RowInline
from portal.languages import columns


class ElectedMemberInline(RowInline):
    model = ElectedMember
    content = (("name", "gender"), "role", "quote", "portrait", ("mandate_from", "mandate_until"))


class KeyFigureInline(RowInline):
    model = KeyFigure
    content = (
        ("indicator", "as_of"),
        ("value", "unit", "is_approximate"),
        "label",
        "source_name",
        "source_url",
        "note",
    )


class PartnerThemeInline(RowInline):
    model = PartnerTheme
    content = (("theme", "is_lead"), "statement")


@admin.register(Partner)
class PartnerAdmin(PublishableAdmin):
    content = (
        "name",
        "name_in_sentence",
        "summary",
        "presentation",
        "cooperation",
        "committee",
        "themes_intro",
        "seat",
    )
    relations = (
        ("kind", "country"),
        ("status", "is_founder"),
        ("joined_on", "left_on"),
        "succeeded_by",
        ("latitude", "longitude"),
        ("website", "email"),
        ("cover", "logo"),
        "position",
    )
    inlines = (ElectedMemberInline, KeyFigureInline, PartnerThemeInline)
    list_display = (*PublishableAdmin.list_display, "kind", "country", "status")
    list_filter = ("country", "status", "kind")
    search_fields = (*columns("name"), *columns("summary"))
