"""Who is told by mail, and of what? Publishers, of a draft that waits for them."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.editions import Edition
from portal.languages import codes

logger = logging.getLogger(__name__)


def ask_for_review(draft: Edition, record: Any, address: str) -> None:
    """Say in every language, since nobody's own is known, what waits at `address`; a failure is logged. 2 queries."""
    publishers = get_user_model().objects.with_perm("portal.publish").filter(is_staff=True).exclude(email="")
    readers = sorted({person.email for person in publishers if person != draft.author})
    subjects, texts = [], []
    for code in codes():
        with override(code):
            words = {"name": str(record), "author": draft.author, "comment": draft.comment, "address": address}
            subjects.append(_("To review: %(name)s") % words)
            texts.append(
                _("%(author)s submitted the draft of “%(name)s” for review.\n%(comment)s\n%(address)s") % words
            )
    try:
        EmailMessage(" · ".join(subjects), "\n\n".join(texts), bcc=readers).send()
    except OSError:
        logger.exception("No mail told the publishers of the draft of %s %s", draft.label, draft.key)
