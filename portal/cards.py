"""Which picture stands for a page where it is shared, and when is it drawn?

Its address says the page and a digest of what is on it, never a text. It is drawn when it is first asked for, which is
when somebody shares the page, and kept beside the renditions of pictures: the page itself waits for nothing.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import IO, Any, NamedTuple

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from portal.card_drawing import draw
from portal.furniture import furniture_in_active_language
from portal.languages import codes
from portal.preview import answer, visitor
from portal.seo import Head
from portal.storage import put

FOLDER = "__processed__/cards"
DRAWING = 1  # another number gives every card another address: for a change of the drawing
LEAST = 600  # pixels: a picture that is less wide is not shown


class Card(NamedTuple):
    """What is on the card of a page; `picture` is the name of a rendition in the storage, or empty.

    The home page, whose title is the site's name, does not say it again.
    """

    path: str
    title: str
    name: str
    picture: str

    @property
    def digest(self) -> str:
        return sha256(json.dumps([DRAWING, *self[1:]]).encode()).hexdigest()[:24]

    @property
    def url(self) -> str:
        return reverse("card", args=[self.digest, self.path.strip("/")])


def card_of(head: Head, furniture: Any) -> Card:
    """The card of a page: with its own picture, or the site's. No query."""
    picture: Any = head.picture or furniture.site.share_image
    sizes = picture.file.sizes("wide") if picture else []
    shown = picture.file.name_of(f"wide_WEBP_{sizes[-1][0]}") if sizes and sizes[-1][1] >= LEAST else ""
    return Card(head.path, str(head.title or furniture.name), str(furniture.name if head.title else ""), shown)


@require_safe
def serve(request: HttpRequest, digest: str, page: str) -> HttpResponseBase:
    """The card, drawn if it is not there yet; a digest that is not the page's leads to the one that is.

    No query once it is drawn, before that those of the page.
    """
    kept = f"{FOLDER}/{digest}.jpg"
    if not default_storage.exists(kept):
        card = _card_at(request, f"/{page}/")
        if card.digest != digest:
            return HttpResponseRedirect(card.url)
        put(default_storage, kept, draw(card.title, card.name, _opened(card.picture)))
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return FileResponse(default_storage.open(kept), content_type="image/jpeg", headers=headers)


def _card_at(request: HttpRequest, path: str) -> Card:
    """What is on the card of the page at a path; raise Http404 where there is none that may be indexed."""
    language = path.split("/")[1]
    if language not in codes():
        raise Http404
    with override(language):
        asked = visitor(path, language, request)
        response = answer(asked)
        head: Head | None = getattr(asked, "head", None)
        if response.status_code != 200 or head is None or head.noindex:
            raise Http404
        return card_of(head, furniture_in_active_language())


def _opened(picture: str) -> IO[bytes] | None:
    return default_storage.open(picture) if picture and default_storage.exists(picture) else None


def discard() -> None:
    """Delete every card: each is drawn again when it is asked for."""
    if default_storage.exists(FOLDER):
        for name in default_storage.listdir(FOLDER)[1]:
            default_storage.delete(f"{FOLDER}/{name}")
