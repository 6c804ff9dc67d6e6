"""The partners of the Committee."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.querysets import PartnerQuerySet
from portal.addresses import Addressed, address_of, slug_constraints
from portal.models import picture_field
from portal.publishing import Publishable, publication_constraints
from portal.richtext import RichTextField
from portal.snapshots import editioned
from portal.version import moves_with

if TYPE_CHECKING:
    from partners.models.rows import ElectedMember, PartnerTheme

NEEDED = ("name", "name_in_sentence")


@editioned("elected_members", "key_figures", "partner_themes")
@moves_with
class Partner(Addressed, Publishable):
    """A local authority around the strait."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("department")
        COUNTY_COUNCIL = "county_council", _("county council")
        PROVINCE = "province", _("province")
        REGION = "region", pgettext_lazy("kind of authority", "region")
        UNITARY_COUNCIL = "unitary_council", _("unitary council")
        OTHER = "other", _("other authority")

    class Country(models.TextChoices):
        """ISO 3166-1 alpha-2, in the order in which the site lists them."""

        FRANCE = "FR", _("France")
        UNITED_KINGDOM = "GB", _("United Kingdom")
        BELGIUM = "BE", _("Belgium")
        NETHERLANDS = "NL", _("Netherlands")

    class Status(models.TextChoices):
        MEMBER = "member", pgettext_lazy("status of a partner", "member")
        ASSOCIATE = "associate", pgettext_lazy("status of a partner", "associate")
        OBSERVER = "observer", pgettext_lazy("status of a partner", "observer")
        FORMER = "former", pgettext_lazy("status of a partner", "former member")

    needed_to_publish = NEEDED

    name = models.CharField(_("name"), max_length=120, help_text=_("Full name, as a heading. Up to 120 characters."))
    name_in_sentence = models.CharField(
        _("name in a sentence"),
        max_length=120,
        help_text=_(
            "Short name as it stands inside a sentence, with its article in French: "
            "“le Pas-de-Calais”, “Pas-de-Calais”."
        ),
    )
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences for lists and search engines, up to 300 characters."),
    )
    presentation = RichTextField(
        _("presentation"), blank=True, help_text=_("Who the authority is, in a few paragraphs.")
    )
    cooperation = RichTextField(
        _("cross-border cooperation"), blank=True, help_text=_("Why it works across borders, and with whom.")
    )
    committee = RichTextField(_("place in the Committee"), blank=True, help_text=_("What the Committee is for it."))
    themes_intro = RichTextField(
        _("introduction to the themes"), blank=True, help_text=_("Stands above the statements on each theme.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    country = models.CharField(_("country"), max_length=2, choices=Country)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.MEMBER)
    is_founder = models.BooleanField(_("founding member"), default=False)
    joined_on = models.DateField(
        _("joined on"), null=True, blank=True, help_text=_("Leave empty when the day is not known.")
    )
    left_on = models.DateField(_("left on"), null=True, blank=True)
    succeeded_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name=_("succeeded by"),
        null=True,
        blank=True,
        related_name="predecessors",
        help_text=_("The partner that took over; this one keeps its page and its address."),
    )
    seat = models.CharField(_("seat"), max_length=80, blank=True, help_text=_("Town of the seat, in each language."))
    latitude = models.DecimalField(
        _("latitude of the seat"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north, between −90 and 90, as in 50.2910."),
    )
    longitude = models.DecimalField(
        _("longitude of the seat"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east, between −180 and 180, as in 2.7775."),
    )
    website = models.URLField(_("website"), blank=True, help_text=_("Full address, beginning with https://."))
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Shown to visitors: a shared mailbox, not a person’s.")
    )
    cover = picture_field(_("cover"), _("Wide picture at the head of the page and on cards, from the image library."))
    logo = picture_field(_("logo"), _("From the image library; best as a PNG with a transparent background."))
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Small numbers come first."))

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["position", "pk"]
        constraints = [
            *publication_constraints(NEEDED),
            *slug_constraints(),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="partners_partner_seat_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(joined_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="partners_partner_leaves_after_joining",
            ),
            models.CheckConstraint(
                condition=Q(succeeded_by__isnull=True) | ~Q(succeeded_by=F("id")), name="partners_partner_own_successor"
            ),
        ]

    def get_absolute_url(self, language: str | None = None) -> str:
        return address_of(self, "partners:detail", language)

    def get_sheet_url(self, language: str | None = None) -> str:
        """The path of the sheet that says the same in every language, to be printed."""
        return address_of(self, "partners:sheet", language)

    def faults(self) -> dict[str, str]:
        faults = super().faults()
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            faults[missing] = _t("Latitude and longitude go together: give both or neither.")
        if self.left_on and self.joined_on and self.left_on < self.joined_on:
            faults["left_on"] = _t("A partner cannot leave before it joined.")
        if self.succeeded_by_id and self.succeeded_by_id == self.pk:
            faults["succeeded_by"] = _t("A partner cannot succeed itself.")
        return faults

    @property
    def website_name(self) -> str:
        """The website as people say it: `pasdecalais.fr`."""
        return self.website.split("://")[-1].removeprefix("www.").rstrip("/")

    def current_members(self, on: date | None = None) -> list[ElectedMember]:
        """Elected members whose mandate runs on a day (today by default), in order; from the rows at hand."""
        return [member for member in self.elected_members.all() if member.is_current(on)]

    def former_members(self, on: date | None = None) -> list[ElectedMember]:
        """Elected members whose mandate has ended, in order; from the rows at hand."""
        return [member for member in self.elected_members.all() if member.is_former(on)]

    def statements(self, at: datetime | None = None) -> list[PartnerTheme]:
        """Why each public theme matters to the partner, in order; from the rows at hand."""
        return [statement for statement in self.partner_themes.all() if statement.theme.is_public(at)]
