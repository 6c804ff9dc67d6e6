"""What is a draft, a scheduled change, a version, the trash?

An edition is everything that a page says at one moment. The same model is the working draft of a record (one at most,
submitted or scheduled in its time), what is public now (one at most), what was public before, what a deleted record
said, and what somebody has typed without saving it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.languages import codes, column
from portal.snapshots import Change, Snapshot, apply, compare, merge, same, snapshot


class Stale(Exception):
    """The draft was saved by somebody else since the form was opened; `draft` is the present one, None if it ended."""

    def __init__(self, draft: Edition | None) -> None:
        super().__init__("stale")
        self.draft = draft


class Moved(Exception):
    """The public page is no longer the one from which the draft started; `changes` is what happened to it since."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__("moved")
        self.changes = changes


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

    def changes_from(self, other: Edition | None) -> list[Change]:
        """What this edition says that `other` does not; everything when there is no other."""
        return compare(self.model, other.snapshot if other else {"fields": {}, "rows": {}}, self.snapshot)


def working_draft(record: models.Model) -> Edition | None:
    """The record's draft, with its author and its base. 1 query."""
    return Edition.objects.of(record).working().select_related("author", "base").first() if record.pk else None


def public_edition(record: models.Model) -> Edition | None:
    """The edition that is public now; None when nothing was published through editions yet. 1 query."""
    return Edition.objects.of(record).public().select_related("author").first() if record.pk else None


def _new(record: models.Model, state: str, said: Snapshot, by: Any, **more: Any) -> Edition:
    title = str(record)[:250]
    label, key = record._meta.label_lower, str(record.pk)
    return Edition.objects.create(label=label, key=key, state=state, snapshot=said, title=title, author=by, **more)


def baseline(record: models.Model) -> Edition | None:
    """The public edition, made from the row as it stands where a public row has none (it came by another door)."""
    edition = public_edition(record)
    if edition is None and is_seen(record):
        edition = _new(record, Edition.State.PUBLISHED, snapshot(record), None, comment=_t("As found."))
    return edition


def is_seen(record: models.Model) -> bool:
    """Whether visitors can see the record, now or from a moment already set; settings always can."""
    if not hasattr(record, "public_languages"):
        return True
    return any(getattr(record, column("public_from", language)) for language in codes())


def _lock(record: models.Model) -> None:
    """Every draft and publication begins here: rows locked in different orders are deadlocks."""
    type(record)._base_manager.select_for_update().filter(pk=record.pk).first()


@transaction.atomic
def save_draft(record: models.Model, said: Snapshot, by: Any, revision: int = 0, comment: str = "") -> Edition | None:
    """Keep what the page is to say; nothing public moves. None, and no draft, when it says what is public already.

    `revision` is the one that the author's form was opened with, 0 for "there was no draft"; raise Stale if it is old.
    """
    _lock(record)
    draft = check_revision(record, revision)
    Edition.objects.of(record).filter(state=Edition.State.TYPED, author=by).delete()
    public = baseline(record)
    if public and same(type(record), public.snapshot, said):
        Edition.objects.of(record).working().delete()
        return None
    if draft is None:
        return _new(record, Edition.State.DRAFT, said, by, base=public, comment=comment)
    draft.snapshot, draft.author, draft.comment, draft.state = said, by, comment, Edition.State.DRAFT
    draft.revision, draft.due_at, draft.reason = draft.revision + 1, None, ""
    draft.save()
    return draft


def check_revision(record: models.Model, revision: int) -> Edition | None:
    """The record's draft, if it is the one that a form was opened with (0: there was none); raise Stale otherwise."""
    draft = working_draft(record)
    if (draft.revision if draft else 0) != revision:
        raise Stale(draft)
    return draft


@transaction.atomic
def discard_draft(record: models.Model, revision: int) -> None:
    """End the draft; the public page stays. Raise Stale when the draft was saved meanwhile."""
    _lock(record)
    check_revision(record, revision)
    Edition.objects.of(record).working().delete()


@transaction.atomic
def submit(draft: Edition, by: Any, comment: str = "") -> None:
    """Ask for a review."""
    _turn(draft, Edition.State.SUBMITTED, author=by, comment=comment or draft.comment)


@transaction.atomic
def schedule(draft: Edition, at: datetime, by: Any, languages: Iterable[str] = ()) -> None:
    """Have the draft published at `at`, in all languages or in some; raise ValidationError when that is past."""
    if at <= timezone.now():
        raise ValidationError(_t("Choose a time to come."))
    _turn(draft, Edition.State.SCHEDULED, author=by, due_at=at, languages=list(languages), reason="")


def _turn(draft: Edition, state: str, **more: Any) -> None:
    """Move the draft to another state if nobody else did; raise Stale otherwise."""
    own = Edition.objects.working().filter(pk=draft.pk, revision=draft.revision)
    if not own.update(state=state, revision=F("revision") + 1, saved_at=timezone.now(), **more):
        raise Stale(Edition.objects.filter(pk=draft.pk).first())
    draft.refresh_from_db()


def difference_since_base(draft: Edition, record: models.Model) -> list[Change]:
    """What happened to the public page since the draft was begun, by publication or outside editions. 5 queries."""
    public = public_edition(record)
    if public is None:
        return []
    began = draft.base.snapshot if draft.base else {"fields": {}, "rows": {}}
    return compare(type(record), began, snapshot(record))


@transaction.atomic
def publish(
    draft: Edition, by: Any, languages: Iterable[str] = (), comment: str = "", knowing: bool = False
) -> Edition:
    """Make the draft public in all languages that are written, or in those named; return the edition now public.

    Raise ValidationError with every message when something does not fit, Stale when the draft is no longer this one,
    and Moved when the public page is no longer the one it started from, unless its author publishes `knowing` that.
    With languages named, what waits in the others stays in the draft, which then starts from the new edition.
    """
    record = draft.record(lock=True)
    draft = Edition.objects.working().select_related("base").filter(pk=draft.pk, revision=draft.revision).first()
    if record is None or draft is None:
        raise Stale(draft)
    moved = [] if knowing else difference_since_base(draft, record)
    if moved:
        raise Moved(moved)
    languages = tuple(languages)
    said = _opened(record, draft.snapshot, languages)
    apply(said, record, languages or None)
    Edition.objects.of(record).public().update(state=Edition.State.SUPERSEDED)
    now_public = _new(
        record,
        Edition.State.PUBLISHED,
        snapshot(record),
        by,
        base=draft.base,
        languages=list(languages),
        comment=comment or draft.comment,
    )
    _keep_what_waits(draft, now_public, languages)
    return now_public


def _opened(record: Any, said: Snapshot, languages: tuple[str, ...]) -> Snapshot:
    """`said` with an opening instant, now, in each language published for the first time.

    A language that is not named is opened when it has what a public text needs; a named one in any case, so that
    validation says what it lacks.
    """
    if not hasattr(record, "public_languages"):
        return said
    fields = dict(said["fields"])
    for language in languages or codes():
        written = all(fields.get(column(name, language)) for name in record.needed_to_publish)
        if not fields.get(column("public_from", language)) and (written or languages):
            fields[column("public_from", language)] = timezone.now().isoformat()
    return {"fields": fields, "rows": said["rows"]}


def _keep_what_waits(draft: Edition, public: Edition, languages: tuple[str, ...]) -> None:
    waiting = [language for language in codes() if languages and language not in languages]
    rest = merge(draft.model, public.snapshot, draft.snapshot, waiting)
    if same(draft.model, public.snapshot, rest):
        draft.delete()
        return
    draft.snapshot, draft.base, draft.state, draft.due_at = rest, public, Edition.State.DRAFT, None
    draft.revision += 1
    draft.save()


def restore(edition: Edition, by: Any) -> Edition | None:
    """Begin a draft that says what `edition` said. Raise Stale when the record has a draft already."""
    record = edition.record()
    if record is None:
        raise Stale(None)
    return save_draft(record, edition.snapshot, by, comment=_t("Restored from %(when)s.") % {"when": _moment(edition)})


def _moment(edition: Edition) -> str:
    return timezone.localtime(edition.created_at).strftime("%d/%m/%Y %H:%M")


@transaction.atomic
def keep_in_trash(record: models.Model, by: Any) -> Edition:
    """Remember what a record says before it is deleted; its draft, if there is one, is what comes back."""
    draft = working_draft(record)
    said = draft.snapshot if draft else snapshot(record)
    Edition.objects.of(record).public().update(state=Edition.State.SUPERSEDED)
    Edition.objects.of(record).working().delete()
    return _new(record, Edition.State.DELETED, said, by)


@transaction.atomic
def bring_back(edition: Edition, by: Any) -> models.Model:
    """Make the deleted record again under its key, public in no language, with a draft of all that it said.

    Raise ValidationError when it no longer fits, as when its address was taken since.
    """
    closed = {column(name, language): None for name in ("public_from", "public_until") for language in codes()}
    fields = edition.snapshot["fields"]
    said = {"fields": fields | {name: None for name in closed if name in fields}, "rows": edition.snapshot["rows"]}
    record = edition.model(pk=edition.model._meta.pk.to_python(edition.key))
    apply(said, record)
    Edition.objects.filter(pk=edition.pk).delete()
    _new(record, Edition.State.DRAFT, edition.snapshot, by, comment=_t("Brought back from the trash."))
    return record


def publish_due(at: datetime | None = None, tell: Callable[[Edition, str], None] | None = None) -> tuple[int, int]:
    """Publish what is due; return how many were published and how many could not be. Several machines may call it.

    Each edition is claimed by one conditional update in the transaction that publishes it. One that no longer fits goes
    back to its author as a draft, with the reason, and does not stop the others. `tell` hears of each.
    """
    done = failed = 0
    for edition in list(Edition.objects.due(at).select_related("author")):
        try:
            if not _publish_claimed(edition):
                continue
            done, reason = done + 1, ""
        except Stale:
            continue
        except (ValidationError, Moved) as error:
            failed, reason = failed + 1, _reason(error)
            Edition.objects.filter(pk=edition.pk, state=Edition.State.SCHEDULED, revision=edition.revision).update(
                state=Edition.State.DRAFT, reason=reason, revision=F("revision") + 1
            )
        if tell:
            tell(edition, reason)
    return done, failed


@transaction.atomic
def _publish_claimed(edition: Edition) -> bool:
    """Publish unless somebody else has claimed the edition; the record is locked first, as everywhere."""
    edition.record(lock=True)
    mine = Edition.objects.filter(pk=edition.pk, revision=edition.revision, state=Edition.State.SCHEDULED)
    if not mine.update(saved_at=timezone.now()):
        return False
    publish(edition, edition.author, edition.languages)
    return True


def _reason(error: ValidationError | Moved) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else moved_meanwhile()


def moved_meanwhile() -> str:
    """Why a draft waits: what it started from is no longer public."""
    return _t("The public page was changed after this draft was begun: open the draft and compare before publishing.")


def formerly_at(model: type[models.Model], slug: str) -> list[str]:
    """Keys of the records of which a past edition had this slug in some language, the latest first. 1 query."""
    either = Q()
    for language in codes():
        either |= Q(**{f"snapshot__fields__{column('slug', language)}": slug})
    past = Edition.objects.history().filter(either, label=model._meta.label_lower)
    return list(dict.fromkeys(past.values_list("key", flat=True)))
