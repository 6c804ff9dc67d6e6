"""How is a draft saved, scheduled, published, an older one restored?

Saving and publishing lock the record first: rows locked in different orders are deadlocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _t

from portal.changes import Change, compare, same
from portal.editions import Edition, public_edition, working_draft
from portal.languages import codes, column, columns
from portal.publishing import Publishable
from portal.rehearsal import lock
from portal.snapshots import Snapshot, apply, merge, snapshot


class Stale(Exception):
    """The draft was saved by somebody else since the form was opened; `draft` is the present one, None if it ended."""

    def __init__(self, draft: Edition | None) -> None:
        self.draft = draft


class Moved(ValidationError):
    """The public page is no longer the one from which the draft started; `changes` is what happened to it since."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__(
            _t("The public page was changed after this draft was begun: open the draft and compare before publishing.")
        )
        self.changes = changes


@transaction.atomic
def save_draft(record: models.Model, said: Snapshot, by: Any, revision: int = 0, comment: str = "") -> Edition | None:
    """Keep what the page is to say; nothing public moves. None, and no draft, when it says what is public already.

    `revision` is the one that the author's form was opened with, 0 for "there was no draft"; raise Stale if it is old.
    """
    lock(record)
    draft = check_revision(record, revision)
    Edition.objects.of(record).filter(state=Edition.State.TYPED, author=by).delete()
    public = baseline(record)
    if public and same(type(record), public.snapshot, said):
        Edition.objects.of(record).working().delete()
        return None
    if draft is None:
        return _new(record, Edition.State.DRAFT, said, by, base=public, comment=comment)
    draft.snapshot, draft.author, draft.comment = said, by, comment
    return _begun_again(draft)


def _new(record: models.Model, state: str, said: Snapshot, by: Any, **more: Any) -> Edition:
    label, key = record._meta.label_lower, str(record.pk)
    return Edition.objects.create(
        label=label, key=key, state=state, snapshot=said, title=str(record)[:250], author=by, **more
    )


def _begun_again(draft: Edition) -> Edition:
    """The draft under its next revision, neither submitted nor scheduled."""
    draft.state, draft.due_at, draft.reason = Edition.State.DRAFT, None, ""
    draft.revision += 1
    draft.save()
    return draft


def baseline(record: models.Model) -> Edition | None:
    """The public edition, made from the row as it stands where a public row has none (it came by another door)."""
    edition = public_edition(record)
    if edition is None and is_seen(record):
        edition = _new(record, Edition.State.PUBLISHED, snapshot(record), None, comment=_t("As found."))
    return edition


def is_seen(record: models.Model) -> bool:
    """Whether visitors can see the record, now or from a moment already set; what does not open always can be."""
    return not isinstance(record, Publishable) or any(getattr(record, name) for name in columns("public_from"))


def check_revision(record: models.Model, revision: int) -> Edition | None:
    """The record's draft, if it is the one that a form was opened with (0: there was none); raise Stale otherwise."""
    draft = working_draft(record)
    if (draft.revision if draft else 0) != revision:
        raise Stale(draft)
    return draft


@transaction.atomic
def discard_draft(record: models.Model, revision: int) -> None:
    """End the draft; the public page stays. Raise Stale when the draft was saved meanwhile."""
    lock(record)
    check_revision(record, revision)
    Edition.objects.of(record).working().delete()


def submit(draft: Edition, by: Any, comment: str = "") -> None:
    """Ask for a review."""
    _turn(draft, Edition.State.SUBMITTED, author=by, comment=comment or draft.comment)


def schedule(draft: Edition, at: datetime, by: Any, languages: Iterable[str] = ()) -> None:
    """Have the draft published at `at`, in all languages or in some; raise ValidationError when that is past."""
    to_come(at)
    _turn(draft, Edition.State.SCHEDULED, author=by, due_at=at, languages=list(languages), reason="")


def to_come(at: datetime) -> None:
    """Raise ValidationError unless the instant is to come."""
    if at <= timezone.now():
        raise ValidationError(_t("Choose a time to come."))


def _turn(draft: Edition, state: str, **more: Any) -> None:
    """Move the draft to another state if nobody else did; raise Stale otherwise."""
    own = Edition.objects.working().filter(pk=draft.pk, revision=draft.revision)
    if not own.update(state=state, revision=F("revision") + 1, saved_at=timezone.now(), **more):
        raise Stale(Edition.objects.filter(pk=draft.pk).first())
    draft.refresh_from_db()


def difference_since_base(draft: Edition, record: models.Model) -> list[Change]:
    """What happened to the public page since the draft was begun, by publication or outside editions. 4 queries."""
    return compare(draft.model, draft.base.snapshot, snapshot(record)) if draft.base else []


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
    found = Edition.objects.working().select_related("base").filter(pk=draft.pk, revision=draft.revision).first()
    if record is None or found is None:
        raise Stale(found)
    if not knowing and (moved := difference_since_base(found, record)):
        raise Moved(moved)
    languages = list(languages)
    waiting = [language for language in codes() if languages and language not in languages]
    apply(merge(found.model, _opened(record, found.snapshot, languages), snapshot(record), waiting), record)
    Edition.objects.of(record).public().update(state=Edition.State.SUPERSEDED)
    more = {"base": found.base, "languages": languages, "comment": comment or found.comment}
    public = _new(record, Edition.State.PUBLISHED, snapshot(record), by, **more)
    rest = merge(found.model, public.snapshot, found.snapshot, waiting)
    if same(found.model, public.snapshot, rest):
        found.delete()
    else:
        found.snapshot, found.base = rest, public
        _begun_again(found)
    return public


def _opened(record: Any, said: Snapshot, languages: list[str]) -> Snapshot:
    """`said` with an opening instant, now, in each language published for the first time.

    A language that is not named is opened when it has what a public text needs; a named one in any case, so that
    validation says what it lacks.
    """
    if not isinstance(record, Publishable):
        return said
    opening = [column("public_from", language) for language in languages or record.written_in(said["fields"])]
    now = {name: timezone.now().isoformat() for name in opening if not said["fields"].get(name)}
    return said | {"fields": said["fields"] | now}


def publish_due(at: datetime | None = None, tell: Callable[[Edition, str], None] | None = None) -> tuple[int, int]:
    """Publish what is due; return how many were published and how many could not be. Several machines may call it.

    Of those that call it at once, one finds the edition under the revision at which it is due. One that no longer fits
    goes back to its author as a draft, with the reason, and does not stop the others. `tell` hears of each.
    """
    done = failed = 0
    for edition in list(Edition.objects.due(at).select_related("author")):
        try:
            publish(edition, edition.author, edition.languages)
            done, reason = done + 1, ""
        except Stale:
            continue
        except ValidationError as error:
            failed, reason = failed + 1, " ".join(error.messages)
            back = Edition.objects.filter(pk=edition.pk, revision=edition.revision)
            back.update(state=Edition.State.DRAFT, reason=reason, revision=F("revision") + 1)
        if tell:
            tell(edition, reason)
    return done, failed


def restore(edition: Edition, by: Any) -> Edition | None:
    """Begin a draft that says what `edition` said. Raise Stale when the record has a draft already."""
    record = edition.record()
    if record is None:
        raise Stale(None)
    when = timezone.localtime(edition.created_at).strftime("%d/%m/%Y %H:%M")
    return save_draft(record, edition.snapshot, by, comment=_t("Restored from %(when)s.") % {"when": when})


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
    said, closed = edition.snapshot, dict.fromkeys((*columns("public_from"), *columns("public_until")))
    record = edition.model(pk=edition.model._meta.pk.to_python(edition.key))
    apply(said | {"fields": said["fields"] | closed}, record)
    Edition.objects.filter(pk=edition.pk).delete()
    _new(record, Edition.State.DRAFT, said, by, comment=_t("Brought back from the trash."))
    return record
