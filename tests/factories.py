"""Valid records, public and bilingual by default; a test states only what matters to it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from news.models import NewsItem
from partners.models import ElectedMember, KeyFigure, Partner, PartnerTheme
from portal.models import Page
from themes.models import WorkTheme

LONG_AGO = datetime(2020, 2, 5, 10, 0, tzinfo=UTC)
PUBLIC = {"public_from_fr": LONG_AGO, "public_from_en": LONG_AGO}


def make_partner(name: str = "Nord", **overrides: Any) -> Partner:
    """A French department, public in both languages."""
    fields = PUBLIC | {
        "name_fr": f"Département du {name}",
        "name_en": f"Department of {name}",
        "name_in_sentence_fr": f"le {name}",
        "name_in_sentence_en": name,
        "kind": Partner.Kind.DEPARTMENT,
        "country": Partner.Country.FRANCE,
        "source_language": "fr",
    }
    partner = Partner(**fields | overrides)
    partner.full_clean()
    partner.save()
    return partner


def make_french_only(name: str = "Hauts-de-France", **overrides: Any) -> Partner:
    """A partner that is written and public in French only."""
    return make_partner(name, **{"name_en": "", "name_in_sentence_en": "", "public_from_en": None} | overrides)


def make_draft(name: str = "Essex", **overrides: Any) -> Partner:
    """A partner that is public in no language."""
    return make_partner(name, **{"public_from_fr": None, "public_from_en": None} | overrides)


def make_theme(title: str = "Jeunesse", **overrides: Any) -> WorkTheme:
    """A theme, public in both languages."""
    fields = PUBLIC | {
        "title_fr": title,
        "title_en": f"{title} (EN)",
        "summary_fr": "Résumé.",
        "summary_en": "Summary.",
    }
    theme = WorkTheme(**fields | overrides)
    theme.full_clean()
    theme.save()
    return theme


def make_member(partner: Partner, name: str = "Camille Dupont", **overrides: Any) -> ElectedMember:
    """An elected member in office."""
    return _saved(ElectedMember(**{"partner": partner, "name": name, "role_fr": "Rôle", "role_en": "Role"} | overrides))


def make_figure(partner: Partner, **overrides: Any) -> KeyFigure:
    """A population with year and source."""
    fields = {"partner": partner, "indicator": "population", "value": 1_500_000, "unit": "inhabitants", "as_of": 2020}
    return _saved(KeyFigure(**fields | {"source_name_fr": "Insee", "source_name_en": "INSEE"} | overrides))


def make_statement(partner: Partner, theme: WorkTheme, **overrides: Any) -> PartnerTheme:
    """Why the theme matters to the partner, in both languages."""
    fields = {"partner": partner, "theme": theme, "statement_fr": "<p>Pourquoi.</p>", "statement_en": "<p>Why.</p>"}
    return _saved(PartnerTheme(**fields | overrides))


def make_page(title: str = "Mentions", **overrides: Any) -> Page:
    """An editorial page, public in both languages."""
    fields = PUBLIC | {
        "title_fr": title,
        "title_en": f"{title} (EN)",
        "body_fr": "<p>Texte.</p>",
        "body_en": "<p>Text.</p>",
    }
    return _saved(Page(**fields | overrides))


def make_news(title: str = "Lancement", *, partners: Any = (), themes: Any = (), **overrides: Any) -> NewsItem:
    """A news item of 5 February 2020, public in both languages."""
    fields = PUBLIC | {
        "title_fr": title,
        "title_en": f"{title} (EN)",
        "summary_fr": "Résumé.",
        "summary_en": "Summary.",
        "dated_on": date(2020, 2, 5),
    }
    item = _saved(NewsItem(**fields | overrides))
    item.partners.set(partners)
    item.themes.set(themes)
    return item


def _saved(record: Any) -> Any:
    record.full_clean()
    record.save()
    return record
