"""How do the dates of a news item read?"""

from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t

from portal.templatetags.portal import day

register = template.Library()


@register.filter
def dated(item: Any) -> SafeString:
    """As much of the item's date as is known, as a `time` element: "5 February 2020", "December 2021", "2022"."""
    if item.precision == item.Precision.DAY:
        return day(item.dated_on)
    machine, words = ("%Y-%m", "F Y") if item.precision == item.Precision.MONTH else ("%Y", "Y")
    return format_html('<time datetime="{}">{}</time>', f"{item.dated_on:{machine}}", date_format(item.dated_on, words))


@register.filter
def period(item: Any) -> SafeString | str:
    """When an event or a project takes place, or until when a call is open; nothing for what has no such day."""
    if item.closes_on:
        return format_html(_t("Open until {}"), day(item.closes_on))
    if not item.starts_on:
        return ""
    if not item.ends_on or item.ends_on == item.starts_on:
        return format_html(_t("On {}") if item.kind == item.Kind.EVENT else _t("From {}"), day(item.starts_on))
    return format_html(_t("From {} to {}"), day(item.starts_on), day(item.ends_on))


@register.filter
def is_over(item: Any, on: date | None = None) -> bool:
    """Whether its last day has passed."""
    return item.record.is_over(on or timezone.localdate())
