"""Which record does an address lead to, and which address does a record have?

Every record has a slug in every language, made from the name that is shown there when an editor gave none. An address
with the slug of another language, or with one that a public page had before, leads (301) to the right one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models
from django.http import Http404
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from portal.editions import formerly_at
from portal.languages import active, any_column_q, codes, column, columns, default_order, text_of

PLACEHOLDER = "0-0"  # in the place of a slug
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})  # which slugify drops


class Addressed(models.Model):
    """A record with a slug per language; `named_by` is the translated field that names it, and makes a missing one."""

    named_by: str = "name"

    slug = models.SlugField(
        _("address"),
        max_length=120,
        null=True,
        blank=True,
        db_index=False,
        help_text=_(
            "Last part of the page's address: small letters, digits and hyphens. Left empty, it is made from the name."
        ),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Its name as read in the active language; never empty where any language has one."""
        return str(text_of(self, self.named_by))

    def faults(self) -> dict[str, str]:
        """See `Publishable`; the missing slugs are given first, so that the rules are checked on what will be saved."""
        self.fill_slugs()
        taken = _t("This address belongs to another page of the site: choose another.")
        own = {column("slug", code): taken for code in codes() if not self._leads_here(code)}
        return super().faults() | own  # type: ignore[misc]

    def _leads_here(self, language: str) -> bool:
        """Whether the address is that of a record, and not of a page like `/en/partners/compare/`."""
        slug = getattr(self, column("slug", language))
        try:
            with override(language):
                return resolve(self.get_absolute_url(language)).kwargs.get("slug") == slug  # type: ignore[attr-defined]
        except (NoReverseMatch, Resolver404):
            return True  # no slug, or not one: its field says so

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_slugs()
        super().save(*args, **kwargs)

    def fill_slugs(self) -> None:
        """Make each missing slug from the name shown in its language, numbered where it is taken (1 query each)."""
        for language in codes():
            name = column("slug", language)
            if not getattr(self, name):
                shown = text_of(self, self.named_by, default_order(self, language))
                setattr(self, name, self._free_slug(name, slugify(shown.translate(LIGATURES))[:110]) if shown else None)

    def _free_slug(self, name: str, wanted: str) -> str | None:
        wanted = wanted or "page"
        others = type(self)._default_manager.exclude(pk=self.pk)
        taken = set(others.filter(**{f"{name}__startswith": wanted}).values_list(name, flat=True))
        numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


def slug_constraints() -> list[models.BaseConstraint]:
    """One unique constraint per language; none on the base column, where two languages would collide."""
    return [
        models.UniqueConstraint(fields=[name], name=f"%(app_label)s_%(class)s_{name}_unique")
        for name in columns("slug")
    ]


def find(queryset: models.QuerySet, slug: str, language: str) -> models.Model:
    """The public record whose slug in some language is `slug`, `language` first, or once was. 1 query, or 3.

    Raise Http404 without one. The caller redirects when the record's own address is another one. Of the few that an
    address can lead to, each says itself whether it is public: in SQL, that took longer than all the rest.
    """
    called_so = any_column_q("slug", exact=slug)
    found = _public(queryset.filter(called_so)) or _public(queryset.filter(pk__in=formerly_at(queryset.model, slug)))
    if not found:
        raise Http404
    return next((record for record in found if getattr(record, column("slug", language)) == slug), found[0])


def _public(records: models.QuerySet) -> list[Any]:
    return [record for record in records.order_by() if record.is_public()]


def admin_address(record: models.Model, page: str = "change") -> str:
    """Where the record is changed, or another of its pages in the back office."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


def address_of(record: models.Model, view: str, language: str | None = None) -> str:
    """The path of a record's page in a language (the active one by default), as in `/en/partners/nord/`.

    One that was not saved since a language was added goes by the slug of another; raise NoReverseMatch without any.
    """
    language = language or active()
    slug = text_of(record, "slug", default_order(record, language))
    if not slug:
        raise NoReverseMatch(f"{record!r} has no address.")
    before, after = around_slug(view, language)
    return f"{before}{slug}{after}"


@cache
def around_slug(view: str, language: str) -> tuple[str, str]:
    """What stands before and after the slug in the addresses of a view; the code's, so that it is asked for once."""
    with override(language):
        before, after = reverse(view, args=[PLACEHOLDER]).split(PLACEHOLDER)
    return before, after
