"""How does somebody without an account see a draft?

A link holds a random key of 256 bits, of which the database keeps the digest only: whoever reads the table cannot open
the draft. It expires, can be revoked, counts its uses, and shows the draft as it is when it is opened.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from portal.editions import Edition, working_draft
from portal.languages import active, codes
from portal.preview import open_to_all, public_page
from portal.rehearsal import rehearsal
from portal.snapshots import apply

LASTS = timedelta(days=7)


class ShareLinkQuerySet(models.QuerySet):
    def of(self, record: models.Model) -> Self:
        """The links to one record's draft, the latest first."""
        return self.filter(label=record._meta.label_lower, key=str(record.pk)).select_related("author")


class ShareLink(models.Model):
    """A way to one record's draft."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the key, in hexadecimal
    label = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    note = models.CharField(_("for whom"), max_length=120, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared link")
        verbose_name_plural = _("shared links")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.note or self.digest[:8]

    def is_usable(self, at: datetime | None = None) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and self.expires_at > (at or timezone.now())


def share(record: models.Model, by: Any, note: str = "", lasts: timedelta = LASTS) -> str:
    """Make a link to the record's draft; return its path, which is shown once and kept nowhere."""
    secret = secrets.token_urlsafe(32)
    ShareLink.objects.create(
        digest=_digest(secret),
        label=record._meta.label_lower,
        key=str(record.pk),
        note=note,
        author=by,
        expires_at=timezone.now() + lasts,
    )
    return reverse("shared", args=[secret, active()])


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def shared(request: Any, secret: str, language: str) -> HttpResponse:
    """The draft behind a link, in one language; 404 for a link that is unknown, revoked or expired."""
    links = ShareLink.objects.filter(digest=_digest(secret))
    link = links.first()
    record: Any = Edition(label=link.label, key=link.key).record() if link and link.is_usable() else None
    if record is None or language not in codes():
        raise Http404
    draft = working_draft(record)
    if draft is None and not (hasattr(record, "is_public") and not record.is_public()):
        return _private(redirect(record.get_absolute_url(language)))
    links.update(uses=F("uses") + 1, last_used_at=timezone.now())
    request.shared_pages = {other: reverse("shared", args=[secret, other]) for other in codes()}
    with rehearsal(record):
        if draft:
            apply(draft.snapshot, record, forgiving=True)
        open_to_all(record)
        page = public_page(record, language, request)
    return _private(HttpResponse(page.html, headers={"Content-Language": language}))


def _private(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
