"""What happens in the Committee: news, projects, events, calls."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from news.querysets import NewsItemQuerySet
from partners.models import Partner, between
from portal.addresses import Addressed, address_of, slug_constraints
from portal.models import documents_field, picture_field
from portal.publishing import Publishable, publication_constraints
from portal.richtext import RichTextField
from portal.snapshots import editioned
from portal.version import moves_with
from themes.models import WorkTheme

NEEDED = ("title", "summary")


@editioned()
@moves_with
class NewsItem(Addressed, Publishable):
    """One item, told for the partners and themes that it concerns, or for the whole Committee where it names none."""

    class Kind(models.TextChoices):
        NEWS = "news", _("news")
        PROJECT = "project", _("project")
        EVENT = "event", _("event")
        CALL = "call", _("call for proposals")

    class Precision(models.TextChoices):
        """How much of `dated_on` is known."""

        DAY = "day", _("the day")
        MONTH = "month", _("the month only")
        YEAR = "year", _("the year only")

    named_by = "title"
    needed_to_publish = NEEDED

    title = models.CharField(_("title"), max_length=160, help_text=_("Up to 160 characters."))
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences for lists, feeds and search engines, up to 300 characters."),
    )
    body = RichTextField(_("text"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NEWS)
    dated_on = models.DateField(
        _("date"), help_text=_("The day of what is told; where only the month or the year is known, any day in it.")
    )
    precision = models.CharField(
        _("known of the date"), max_length=5, choices=Precision, default=Precision.DAY, help_text=_("What is shown.")
    )
    starts_on = models.DateField(
        _("begins on"), null=True, blank=True, help_text=_("First day of an event or a project.")
    )
    ends_on = models.DateField(_("ends on"), null=True, blank=True, help_text=_("Last day; empty for a single day."))
    closes_on = models.DateField(
        _("closes on"), null=True, blank=True, help_text=_("Last day to answer a call; empty where it stays open.")
    )
    picture = picture_field(_("picture"))
    partners = models.ManyToManyField(Partner, verbose_name=_("partners"), blank=True, related_name="news")
    themes = models.ManyToManyField(WorkTheme, verbose_name=_("themes"), blank=True, related_name="news")
    documents = documents_field("news")

    objects = NewsItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
        ordering = ["-dated_on", "-pk"]
        constraints = [
            *publication_constraints(NEEDED),
            *slug_constraints(),
            between("starts_on", "ends_on", "news_newsitem_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(kind="event", starts_on__isnull=False)
                | Q(kind="project")
                | Q(kind__in=["news", "call"], starts_on__isnull=True, ends_on__isnull=True),
                name="news_newsitem_dates_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=False), name="news_newsitem_ends_if_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(kind="call", closes_on__gte=F("dated_on")),
                name="news_newsitem_closes_if_a_call",
            ),
        ]

    def get_absolute_url(self, language: str | None = None) -> str:
        return address_of(self, "news:detail", language)

    def faults(self) -> dict[str, str]:
        """The database's rules on dates too, each said at the field where it is to be mended."""
        wrong = super().faults()
        if self.kind in (self.Kind.NEWS, self.Kind.CALL):
            for name in ("starts_on", "ends_on"):
                if getattr(self, name):
                    wrong[name] = _t("Only an event or a project begins and ends: choose another kind, or empty it.")
        elif self.kind == self.Kind.EVENT and not self.starts_on:
            wrong["starts_on"] = _t("An event has a day: give the first one.")
        elif self.ends_on and not self.starts_on:
            wrong["starts_on"] = _t("What ends has begun: give the first day too.")
        elif self.ends_on and self.ends_on < self.starts_on:
            wrong["ends_on"] = _t("The end cannot come before the beginning.")
        if self.closes_on and self.kind != self.Kind.CALL:
            wrong["closes_on"] = _t("Only a call closes: choose that kind, or empty it.")
        elif self.closes_on and self.dated_on and self.closes_on < self.dated_on:
            wrong["closes_on"] = _t("A call cannot close before its date.")
        return wrong

    def is_over(self, on: date) -> bool:
        """Whether its last day, where it has one, is before the day `on`."""
        last = self.closes_on or self.ends_on or (self.starts_on if self.kind == self.Kind.EVENT else None)
        return last is not None and last < on

    def public_partners(self, at: datetime | None = None) -> list[Partner]:
        """In the order of the Committee; from the rows at hand."""
        return [partner for partner in self.partners.all() if partner.is_public(at)]

    def public_themes(self, at: datetime | None = None) -> list[WorkTheme]:
        """In their order; from the rows at hand."""
        return [theme for theme in self.themes.all() if theme.is_public(at)]
