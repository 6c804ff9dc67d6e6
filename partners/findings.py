"""What is there to do about partners, besides translating?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from partners.models import Partner
from portal.desk import Content, Finding

OLD = 2  # years: a figure of 2023 is old from 2026 on


def ended_mandates(everything: Content) -> Iterator[Finding]:
    """Partners whose elected members have all left office; former partners need none."""
    for partner in _partners(everything):
        former = partner.former_members()
        if former and not partner.current_members() and partner.status != Partner.Status.FORMER:
            last = max(former, key=lambda member: member.mandate_until)
            yield Finding("mandate", partner, "mandate_until", row=last, note=f"{last.mandate_until:%d/%m/%Y}")


def old_figures(everything: Content) -> Iterator[Finding]:
    """The latest figure of each indicator, where its year is more than `OLD` years ago."""
    for partner in _partners(everything):
        figures = [figure for figure in partner.key_figures.all() if figure.as_of]
        for figure in figures:
            newer = figure.indicator != "other" and any(
                other.indicator == figure.indicator and other.as_of > figure.as_of for other in figures
            )
            if not newer and timezone.localdate().year - figure.as_of > OLD:
                yield Finding("figure", partner, "as_of", row=figure, note=str(figure.as_of))


def _partners(everything: Content) -> list[Partner]:
    return [record for record in everything.worked_on if isinstance(record, Partner)]
