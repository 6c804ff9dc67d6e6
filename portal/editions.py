"""What is a draft, a scheduled change, a version, the trash?

An edition is everything that a page says at one moment. The same model is the working draft of a record (one at most,
submitted or scheduled in its time), what is public now (one at most), what was public before, what a deleted record
said, and what somebody has typed without saving it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.changes import Change, compare
from portal.languages import columns


class EditionQuerySet(models.QuerySet):
    def of(self, record: models.Model) -> Self:
        """The editions of one record, in whatever state, newest first."""
        return self.filter(label=record._meta.label_lower, key=str(record.pk))

    def working(self) -> Self:
        """Drafts, submitted or scheduled ones included: at most one a record."""
        return self.filter(state__in=Edition.WORKING)

    def public(self) -> Self:
        """What is public now: at most one a record."""
        return self.filter(state=Edition.State.PUBLISHED)

    def history(self) -> Self:
        """What is or was public, newest first."""
        return self.filter(state__in=(Edition.State.PUBLISHED, Edition.State.SUPERSEDED))

    def trash(self) -> Self:
        """What deleted records said, the last deleted first."""
        return self.filter(state=Edition.State.DELETED)

    def due(self, at: datetime | None = None) -> Self:
        """Scheduled editions whose time has come, the oldest first."""
        return self.filter(state=Edition.State.SCHEDULED, due_at__lte=at or timezone.now()).order_by("due_at", "pk")


class Edition(models.Model):
    """What one record says, or said, or is to say."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted for review")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("public")
        SUPERSEDED = "superseded", _("replaced")
        DELETED = "deleted", _("deleted")
        TYPED = "typed", _("typed, not saved")

    WORKING = (State.DRAFT, State.SUBMITTED, State.SCHEDULED)

    label = models.CharField(max_length=60)  # of the model, as in "partners.partner"
    key = models.CharField(max_length=40)  # of the record, as text; empty while it was never saved
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    snapshot = models.JSONField()  # see portal/snapshots.py; for TYPED the posted pairs of the form
    title = models.CharField(_("title"), max_length=250, blank=True)
    base = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    languages = models.JSONField(_("languages"), default=list)  # published, or to be published; empty means all
    comment = models.CharField(_("comment"), max_length=250, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("author"), null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    reason = models.TextField(_("why it could not be published"), blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["label", "key", "state"]), models.Index(fields=["state", "due_at"])]
        permissions = [("publish", "Can publish, schedule and restore")]
        constraints = [
            models.UniqueConstraint(
                fields=["label", "key"], condition=Q(state="published"), name="portal_edition_one_published"
            ),
            models.UniqueConstraint(
                fields=["label", "key"],
                condition=Q(state__in=("draft", "submitted", "scheduled")),
                name="portal_edition_one_working",
            ),
            models.UniqueConstraint(
                fields=["label", "key", "author"], condition=Q(state="typed"), name="portal_edition_one_typed"
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(due_at__isnull=False), name="portal_edition_scheduled_is_due"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    def record(self, lock: bool = False) -> models.Model | None:
        """The record that the edition is about, its row locked if asked; None when it no longer exists. 1 query."""
        rows = self.model._base_manager.filter(pk=self.key)
        return (rows.select_for_update() if lock else rows).first()

    @cached_property
    def changes(self) -> list[Change]:
        """What the draft changes of the page that it started from; nothing where that was not public yet."""
        return self.changes_from(self.base) if self.base else []

    def changes_from(self, other: Edition) -> list[Change]:
        """What this edition says that `other` does not."""
        return compare(self.model, other.snapshot, self.snapshot)


def working_draft(record: models.Model) -> Edition | None:
    """The record's draft, with its author and its base. 1 query."""
    return Edition.objects.of(record).working().select_related("author", "base").first() if record.pk else None


def public_edition(record: models.Model) -> Edition | None:
    """The edition that is public now; None when nothing was published through editions yet. 1 query."""
    return Edition.objects.of(record).public().select_related("author").first() if record.pk else None


def formerly_at(model: type[models.Model], slug: str) -> list[str]:
    """Keys of the records of which a past edition had this slug in some language, the latest first. 1 query."""
    either = Q(*((f"snapshot__fields__{name}", slug) for name in columns("slug")), _connector=Q.OR)
    past = Edition.objects.history().filter(either, label=model._meta.label_lower)
    return list(dict.fromkeys(past.values_list("key", flat=True)))
