"""What must never be deployed? Run by `manage.py check --deploy`, which fails on any of these errors."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register

from portal.publishing import Publishable
from portal.snapshots import is_registered

SHORTEST_KEY = 50  # characters, as Django's own check asks
OPEN_SOURCES = ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:", "blob:")
TO_NOBODY = ("console", "dummy", "locmem", "filebased")


@register(Tags.security, deploy=True)
def hosts_and_secrets(**kwargs: Any) -> list[CheckMessage]:
    """What lets a stranger in, whatever the pages say."""
    key, found = settings.SECRET_KEY, list[CheckMessage]()
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", hint="Set DEBUG=off: its error pages show the settings.", id="portal.E001"))
    if len(key) < SHORTEST_KEY or len(set(key)) < 10:
        hint = f"Set SECRET_KEY to {SHORTEST_KEY} random characters or more, different on each machine."
        found.append(Error("SECRET_KEY can be guessed.", hint=hint, id="portal.E002"))
    if any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        hint = "Name in ALLOWED_HOSTS each host that serves the portal."
        found.append(Error("ALLOWED_HOSTS takes hosts that nobody named.", hint=hint, id="portal.E003"))
    if not (settings.HTTPS and settings.SECURE_SSL_REDIRECT and settings.SESSION_COOKIE_SECURE):
        hint = "Leave HTTPS unset, or set HTTPS=on."
        found.append(Error("Passwords and sessions may travel in clear.", hint=hint, id="portal.E004"))
    if not settings.SECOND_FACTOR:
        hint = "Leave SECOND_FACTOR unset, or set SECOND_FACTOR=on."
        found.append(Warning("A password alone opens the back office.", hint=hint, id="portal.W010"))
    return found


@register(Tags.security, deploy=True)
def content_security_policy(**kwargs: Any) -> list[CheckMessage]:
    """A policy that names an open source for scripts or styles, or is absent, protects nobody."""
    policy = getattr(settings, "CONTENT_SECURITY_POLICY", {}).get("DIRECTIVES", {})
    hint = "Keep CONTENT_SECURITY_POLICY to 'self' and nonces, with default-src 'none'."
    found: list[CheckMessage] = [
        Error(f"The content security policy allows {source} in {name}.", hint=hint, id="portal.E005")
        for directives in (policy, getattr(settings, "ADMIN_CSP", {}))
        for name in ("default-src", "script-src", "style-src", "object-src", "base-uri", "form-action")
        for source in map(str, directives.get(name, ()))
        if source in OPEN_SOURCES or "//" in source
    ]
    if list(map(str, policy.get("default-src", ()))) != ["'none'"]:
        found.append(Error("The content security policy does not begin from nothing.", hint=hint, id="portal.E006"))
    return found


@register(deploy=True)
def mail_and_database(**kwargs: Any) -> list[CheckMessage]:
    """What works, but hardly as the operator meant it."""
    found: list[CheckMessage] = []
    if any(f".{name}." in settings.EMAIL_BACKEND for name in TO_NOBODY):
        hint = "Set EMAIL_URL, as in smtp://user:password@mail.example.org:587 with +tls where needed."
        found.append(Warning("Mail goes to nobody.", hint=hint, id="portal.W007"))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        hint = "Set DATABASE_URL to PostgreSQL where more than one machine serves or several people edit at once."
        found.append(Info("The portal runs on SQLite.", hint=hint, id="portal.I008"))
    return found


@register(Tags.models)
def editions_of_what_is_published(**kwargs: Any) -> list[CheckMessage]:
    """Whatever opens and closes is drafted too: a model that forgot to say so would be edited in the open."""
    return [
        Error(
            f"{model.__name__} is published, but not as editions.", hint="Mark it with @editioned(…).", id="portal.E009"
        )
        for model in apps.get_models()
        if issubclass(model, Publishable) and not is_registered(model)
    ]
