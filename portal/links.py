"""Which links lead nowhere?"""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import override

from portal.languages import codes, columns


def targets(html: str) -> list[str]:
    """Where the links of a rich text lead, in order."""
    return [unescape(target) for target in re.findall(r'href="([^"]*)"', html)]


def public_addresses(public: list[Any]) -> set[str]:
    """The paths of public pages, under the slugs of every language: a foreign one redirects."""
    paths = set()
    for record in public:
        if hasattr(record, "public_languages") and record.is_public():
            for language in codes():
                stem = record.get_absolute_url(language).rstrip("/").rsplit("/", 1)[0]
                paths |= {f"{stem}/{slug}/" for name in columns("slug") if (slug := getattr(record, name))}
    return paths


def leads_nowhere(target: str, public: set[str]) -> bool:
    """Whether a link is to a page of ours that is not in `public`, or cannot be right as it is written."""
    try:
        parts = urlsplit(target.strip())
    except ValueError:
        return True
    if parts.scheme in ("http", "https") and parts.hostname not in settings.ALLOWED_HOSTS:
        return "." not in (parts.hostname or "").strip(".") or bool(re.search(r"\s", target.strip()))
    if parts.scheme == "mailto":
        return "@" not in parts.path
    if parts.scheme == "tel":
        return not re.search(r"\d", parts.path)
    if parts.scheme not in ("", "http", "https") or not parts.path.startswith("/"):
        return True
    return parts.path not in public and not _leads_to_a_page_without_record(parts.path)


def _leads_to_a_page_without_record(path: str) -> bool:
    if path.startswith((settings.MEDIA_URL, settings.STATIC_URL)):
        return True
    try:
        with override(path.split("/")[1]):
            return "slug" not in resolve(path).kwargs
    except Resolver404:
        return False
