"""By which texts are partners and their elected members found?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models import ElectedMember, KeyFigure, Partner, PartnerTheme
from portal import search
from portal.languages import Text
from themes.models import WorkTheme

OWN = ("summary", "presentation", "cooperation", "committee", "themes_intro", "seat")


def register() -> None:
    """Called once, when the apps are ready."""
    rows = dict.fromkeys((ElectedMember, KeyFigure, PartnerTheme), lambda row: [row.partner_id])
    of_theme = {WorkTheme: lambda theme: theme.partner_themes.values_list("partner", flat=True)}
    search.register(
        Partner,
        _("Partner"),
        texts,
        prefetch=("elected_members", "key_figures", "partner_themes__theme"),
        moments=moments,
        touched_by=rows | of_theme,
    )
    search.register(
        ElectedMember,
        pgettext_lazy("what is found", "elected member"),
        ("role", "quote"),
        prefetch=("partner",),
        moments=lambda member: [*search.openings(member.partner), *first_days(member)],
        touched_by={Partner: lambda partner: partner.elected_members.values_list("pk", flat=True)},
    )


def texts(partner: Any) -> Iterator[str]:
    """All that the partner's page says at the instant at which it is read."""
    yield from (getattr(partner, field) for field in OWN)
    day = timezone.localdate(partner.at)
    for member in partner.current_members(day) + partner.former_members(day):
        yield Text(", ".join(filter(None, (member.name, member.role))), member.role.language)
        yield member.quote
    yield from (statement.statement for statement in partner.statements(partner.at))
    yield from (figure.label for figure in partner.key_figures)


def moments(partner: Partner) -> Iterator[datetime | None]:
    """When the partner, or a theme that it speaks of, opens or closes, and the first days of mandates."""
    yield from search.openings(partner)
    for row in partner.partner_themes.all():
        yield from search.openings(row.theme)
    for member in partner.elected_members.all():
        yield from first_days(member)


def first_days(member: ElectedMember) -> Iterator[datetime]:
    """The beginning of a mandate, and of the time after it, in local time."""
    for day in (member.mandate_from, member.mandate_until and member.mandate_until + timedelta(days=1)):
        if day:
            yield timezone.make_aware(datetime.combine(day, time.min))
