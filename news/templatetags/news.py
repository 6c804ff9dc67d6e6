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
def period(item: Any, on: date | None = None) -> SafeString | str:
    """When an event or a project takes or took place, until when a call is open; nothing for what has no such day.

    `on` is the day on which this is read, today by default.
    """
    on = on or timezone.localdate()
    first, last, is_over = day(item.starts_on), day(item.ends_on), item.record.is_over(on)
    if item.closes_on:
        return format_html(_t("Closed on {}") if is_over else _t("Open until {}"), day(item.closes_on))
    if not first or item.kind == item.Kind.PROJECT and not last:
        return first and format_html(_t("Since {}") if item.starts_on <= on else _t("From {}"), first)
    if not last or first == last:
        return format_html(_t("Took place on {}") if is_over else _t("On {}"), first)
    if not is_over:
        return format_html(_t("From {} to {}"), first, last)
    return format_html(
        _t("Ran from {} to {}") if item.kind == item.Kind.PROJECT else _t("Took place from {} to {}"), first, last
    )
