"""Which tables of the open data are about partners?"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models import ElectedMember, KeyFigure, Partner, PartnerTheme
from portal import opendata
from themes.models import WorkTheme

OF_PARTNER = (
    ("id", "id", _("key of the row")),
    ("partner", "partner.id", _("number of the partner")),
    ("partner_name", "partner.name"),
)


def register() -> None:
    """Called once, when the apps are ready."""
    opendata.register(
        "partners",
        _("Partners"),
        Partner,
        Partner.objects.published,
        ("id", "id", _("number of the partner")),
        "name kind country status is_founder joined_on left_on seat latitude longitude website email summary page",
        ("saved", "updated_at"),
    )
    opendata.register(
        "key-figures",
        _("Key figures"),
        KeyFigure,
        lambda at: _of_public_partners(KeyFigure.objects.all(), at),
        *OF_PARTNER,
        "indicator value unit is_approximate label as_of source_name source_url note",
    )
    opendata.register(
        "theme-statements",
        _("Theme statements"),
        PartnerTheme,
        lambda at: _of_public_partners(
            PartnerTheme.objects.select_related("theme").filter(theme__in=WorkTheme.objects.published(at)), at
        ),
        *OF_PARTNER,
        ("theme", "theme.id", _("number of the theme")),
        ("theme_title", "theme.title"),
        "is_lead",
        ("statement", "statement", _("why the theme matters to the partner, without mark-up")),
    )
    opendata.register(
        "elected-members",
        _("Elected members"),
        ElectedMember,
        lambda at: _of_public_partners(ElectedMember.objects.begun(timezone.localdate(at)), at),
        *OF_PARTNER,
        "name role mandate_from mandate_until",
    )


def _of_public_partners(rows: QuerySet, at: datetime) -> QuerySet:
    ordered = rows.order_by("partner__position", "partner__pk", "position", "id")
    return ordered.filter(partner__in=Partner.objects.published(at)).select_related("partner")
