"""When is something public, and in which language?

A record is public in a language from `public_from_<language>` (included) until `public_until_<language>` (excluded);
no `public_from` means not public. A record that is public in one language can be read in all of them: what is not
public or not written in the asked language falls back to the source language, then to the others that are public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualQuerySet

from portal.languages import codes, column, columns, default_order, language_name, public_in_q, shown_column


class PublishableQuerySet(MultilingualQuerySet):
    """The verbs of publication; each takes the instant, now by default.

    modeltranslation makes a class anew for each query of what is not a queryset of its own.
    """

    def published(self, at: datetime | None = None) -> Self:
        """Rows that are public in at least one language, and so can be read in all."""
        at = at or timezone.now()
        return self.filter(reduce(or_, (public_in_q(language, at) for language in codes())))

    def public_in(self, language: str, at: datetime | None = None) -> Self:
        """Rows whose own text in `language` is public."""
        return self.filter(public_in_q(language, at))

    def ordered_as_read(self, language: str, field: str, at: datetime | None = None) -> Self:
        """By position, then by the text of `field` that a reader of `language` sees (annotated as `shown`)."""
        return self.annotate(shown=shown_column(field, language, at)).order_by("position", "shown", "pk")

    def next_change(self, at: datetime | None = None) -> datetime | None:
        """The first instant after `at` at which a row opens or closes in some language; None if none will. 1 query."""
        at = at or timezone.now()
        moments = [name for field in ("public_from", "public_until") for name in columns(field)]
        first = self.aggregate(**{name: models.Min(name, filter=Q(**{f"{name}__gt": at})) for name in moments})
        return min((moment for moment in first.values() if moment), default=None)


class Publishable(models.Model):
    """A record that opens and closes per language; `needed_to_publish` lists what a public text must have."""

    needed_to_publish: tuple[str, ...] = ()

    source_language = models.CharField(
        _("written first in"),
        max_length=5,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("The language in which this page is written first; the others are its translations."),
    )
    public_from = models.DateTimeField(
        _("public from"), null=True, blank=True, help_text=_("Leave empty to keep this language off the site.")
    )
    public_until = models.DateTimeField(
        _("public until"), null=True, blank=True, help_text=_("Leave empty when it has no end.")
    )
    review_on = models.DateField(
        _("read again on"), null=True, blank=True, help_text=_("The day from which the desk asks to read it again.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("in the care of"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who answers for the page; the desk can be filtered by that person."),
    )
    confirmed = models.JSONField(_("confirmed against"), default=dict, blank=True, editable=False)
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)

    class Meta:
        abstract = True

    @classmethod
    def written_in(cls, values: Mapping[str, Any]) -> list[str]:
        """The languages in which `values`, by column, have what a public text needs."""
        needed = cls.needed_to_publish
        return [code for code in codes() if all(values.get(column(name, code)) for name in needed)]

    def public_languages(self, at: datetime | None = None) -> tuple[str, ...]:
        """The languages in which the record's own text is public, in the order of the settings."""
        at = at or timezone.now()
        return tuple(language for language in codes() if self._is_open(language, at))

    def is_public(self, at: datetime | None = None, language: str | None = None) -> bool:
        """Whether the record can be read at all, or its own text in `language` is public."""
        public = self.public_languages(at)
        return language in public if language else bool(public)

    def reading_order(self, language: str, at: datetime | None = None) -> tuple[str, ...]:
        """Languages in which a text is looked for: public ones only, unless none is (a page that only staff see)."""
        public = self.public_languages(at)
        order = default_order(self, language)
        return tuple(other for other in order if other in public) or order

    def opens_and_closes(self, language: str) -> tuple[datetime | None, datetime | None]:
        """From when and until when its own text in a language is public; None for never, and for without end."""
        return getattr(self, column("public_from", language)), getattr(self, column("public_until", language))

    def _is_open(self, language: str, at: datetime) -> bool:
        opens, closes = self.opens_and_closes(language)
        return opens is not None and opens <= at and (closes is None or closes > at)

    def clean(self) -> None:
        super().clean()
        if faults := self.faults():
            raise ValidationError(faults)

    def faults(self) -> dict[str, str]:
        """Why the record cannot be saved, per column, in words for an editor: here, what a text lacks to be public."""
        faults: dict[str, str] = {}
        for language in codes():
            opens, closes = self.opens_and_closes(language)
            if opens and closes and closes <= opens:
                faults[column("public_until", language)] = _t("The end must come after the beginning.")
            if opens is None and language != self.source_language:
                continue
            for field in self.needed_to_publish:
                if not getattr(self, column(field, language)):
                    faults[column(field, language)] = self._why_needed(language)
        return faults

    def _why_needed(self, language: str) -> str:
        if language == self.source_language:
            return _t("Needed: this is the language in which the page is written first.")
        return _t("Needed: the page is public in this language.")


def opening(record: Any, language: str) -> dict[str, Any]:
    """What an editor is told of a language: whether it is public, coming, closed or off, from when and until when."""
    opens, closes = record.opens_and_closes(language)
    is_public = record.is_public(language=language)
    coming = opens is not None and opens > timezone.now()
    return {
        "code": language,
        "language": language_name(language),
        "state": "public" if is_public else "coming" if coming else "closed" if opens else "off",
        "opens": opens,
        "closes": closes,
        "url": record.get_absolute_url(language) if is_public else "",
    }


def publication_constraints(needed: Iterable[str]) -> list[models.BaseConstraint]:
    """The database's half of `Publishable.clean`: a public or source text has what it needs, and ends after it begins.

    NULL makes a CHECK unknown, which passes: "not empty" therefore says both that it is not NULL and that it is not "".
    """
    constraints: list[models.BaseConstraint] = []
    for language in codes():
        opens, closes = column("public_from", language), column("public_until", language)
        written = Q()
        for field in needed:
            name = column(field, language)
            written &= Q(**{f"{name}__isnull": False}) & ~Q(**{name: ""})
        used = Q(**{f"{opens}__isnull": False}) | Q(source_language=language)
        constraints += [
            models.CheckConstraint(condition=~used | written, name=f"%(app_label)s_%(class)s_written_{language}"),
            models.CheckConstraint(
                condition=Q(**{f"{opens}__isnull": True})
                | Q(**{f"{closes}__isnull": True})
                | Q(**{f"{closes}__gt": models.F(opens)}),
                name=f"%(app_label)s_%(class)s_closes_after_{language}",
            ),
        ]
    return constraints
