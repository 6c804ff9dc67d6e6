"""What hangs on a partner's page: elected members, key figures, statements on themes."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partners.models.partner import Partner
from partners.querysets import ElectedMemberQuerySet, PartnerThemeQuerySet
from portal.languages import text_of
from portal.models import picture_field
from portal.richtext import RichTextField
from portal.version import moves_with
from themes.models import WorkTheme


class PartnerRow(models.Model):
    """A row of a partner's page. Its key is a UUID, so that a draft can name a row that the table does not hold yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    confirmed = models.JSONField(_("confirmed against"), default=dict, blank=True, editable=False)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        abstract = True

    def reading_order(self, language: str, at: datetime | None = None) -> tuple[str, ...]:
        """The partner's: a row is public where its page is."""
        return self.partner.reading_order(language, at)

    def public_languages(self, at: datetime | None = None) -> tuple[str, ...]:
        """The partner's too."""
        return self.partner.public_languages(at)

    @property
    def source_language(self) -> str:
        return self.partner.source_language


def between(first: str, last: str, name: str) -> models.CheckConstraint:
    """`last`, when both are known, is not before `first`."""
    known = Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True})
    return models.CheckConstraint(condition=known | Q(**{f"{last}__gte": F(first)}), name=name)


@moves_with
class ElectedMember(PartnerRow):
    """Who represents a partner (élue, élu), for the length of a mandate."""

    class Gender(models.TextChoices):
        FEMALE = "F", _("feminine: “Élue”")
        MALE = "M", _("masculine: “Élu”")

    named_by = "name"

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partner"), related_name="elected_members")
    name = models.CharField(_("name"), max_length=120)
    gender = models.CharField(
        _("form of address"),
        max_length=1,
        choices=Gender,
        blank=True,
        help_text=_("Chooses between “Élue” and “Élu”; left empty, the page uses a neutral heading."),
    )
    role = models.CharField(_("role"), max_length=400, blank=True, help_text=_("Up to 400 characters."))
    quote = models.TextField(
        _("quotation"),
        blank=True,
        help_text=_("Their own words, without quotation marks; leave empty if there are none."),
    )
    portrait = picture_field(_("portrait"))
    mandate_from = models.DateField(
        _("mandate from"), null=True, blank=True, help_text=_("Leave empty when not known.")
    )
    mandate_until = models.DateField(
        _("mandate until"), null=True, blank=True, help_text=_("Last day in office; leave empty while in office.")
    )

    objects = ElectedMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("elected member")
        verbose_name_plural = _("elected members")
        ordering = ["position", "name", "id"]
        constraints = [between("mandate_from", "mandate_until", "partners_electedmember_ends_after_it_begins")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.mandate_from and self.mandate_until and self.mandate_until < self.mandate_from:
            raise ValidationError({"mandate_until": _t("The mandate cannot end before it begins.")})

    def get_absolute_url(self, language: str | None = None) -> str:
        """Their place on the partner's page."""
        return f"{self.partner.get_absolute_url(language)}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"member-{self.pk}"

    def is_public(self, at: datetime | None = None) -> bool:
        """Whether the partner's page names them: once the mandate has begun."""
        on = timezone.localdate(at)
        return self.partner.is_public(at) and (self.is_current(on) or self.is_former(on))

    def is_former(self, on: date | None = None) -> bool:
        """Whether the mandate ended before the day (today by default); its last day still counts as in office."""
        return self.mandate_until is not None and self.mandate_until < (on or timezone.localdate())

    def is_current(self, on: date | None = None) -> bool:
        """Whether the mandate runs on the day (today by default); an unknown beginning has begun."""
        on = on or timezone.localdate()
        return not self.is_former(on) and (self.mandate_from is None or self.mandate_from <= on)


@moves_with
class KeyFigure(PartnerRow):
    """One figure about a partner, with its unit, year and source; with no value the label stands alone."""

    class Indicator(models.TextChoices):
        POPULATION = "population", _("population")
        BUDGET = "budget", _("budget")
        SEATS = "seats", _("seats in the assembly")
        SUBDIVISIONS = "subdivisions", _("subdivisions")
        AREA = "area", _("area")
        OTHER = "other", _("other")

    class Unit(models.TextChoices):
        """The units of `portal/figures.py`."""

        NONE = "none", _("none: the label says what is counted")
        INHABITANTS = "inhabitants", _("inhabitants")
        EUR = "EUR", _("euros")
        GBP = "GBP", _("pounds sterling")
        KM2 = "km2", _("square kilometres")

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partner"), related_name="key_figures")
    indicator = models.CharField(_("indicator"), max_length=20, choices=Indicator, default=Indicator.OTHER)
    value = models.DecimalField(
        _("value"),
        max_digits=20,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_(
            "The whole number, without thousands separator: 1500000 for 1.5 million. Empty: the label stands alone."
        ),
    )
    unit = models.CharField(
        _("unit"), max_length=20, choices=Unit, blank=True, help_text=_("What the value counts; needed with a value.")
    )
    is_approximate = models.BooleanField(
        _("rounded"), default=False, help_text=_("Reads as “1.5 million” rather than to the unit.")
    )
    label = models.CharField(
        _("label"),
        max_length=200,
        blank=True,
        help_text=_("What is counted, as in “initial budget”. Up to 200 characters."),
    )
    as_of = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
        help_text=_("The year that the figure is about, not that of its publication."),
    )
    source_name = models.CharField(
        _("source"), max_length=120, blank=True, help_text=_("Who publishes the figure: “INSEE”.")
    )
    source_url = models.URLField(_("link to the source"), blank=True)
    note = models.CharField(
        _("note"), max_length=250, blank=True, help_text=_("What the figure covers, when that is not obvious.")
    )

    class Meta:
        verbose_name = _("key figure")
        verbose_name_plural = _("key figures")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=True) | ~Q(unit=""), name="partners_keyfigure_value_has_unit"
            )
        ]

    def __str__(self) -> str:
        return text_of(self, "label") or self.get_indicator_display()

    def clean(self) -> None:
        super().clean()
        if self.value is not None and not self.unit:
            raise ValidationError(
                {"unit": _t("Say what the value counts: choose a unit, or “none” when the label says it.")}
            )


@moves_with
class PartnerTheme(PartnerRow):
    """Why a theme matters to a partner, in its own words."""

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name=_("partner"), related_name="partner_themes")
    theme = models.ForeignKey(WorkTheme, models.PROTECT, verbose_name=_("theme"), related_name="partner_themes")
    statement = RichTextField(
        _("statement"), blank=True, help_text=_("Why this theme matters, in two to four sentences.")
    )
    is_lead = models.BooleanField(
        _("leads this theme"), default=False, help_text=_("The partner that coordinates the work on this theme.")
    )

    objects = PartnerThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme statement")
        verbose_name_plural = _("theme statements")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["partner", "theme"], name="partners_partnertheme_once")]

    def __str__(self) -> str:
        return str(self.theme)
