"""Who may do what in the back office?

A role is a group of that name, made by `manage.py setup_roles` from the one table below. Besides Django's permissions
on models there is one to write in each language, and one to write what all languages share.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.models import User as Person
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import get_language_info

from portal.documents import Document
from portal.images import Image
from portal.languages import codes
from portal.models import Edition, SiteSettings
from portal.publishing import Publishable
from portal.snapshots import rows_of

SHARED = "shared"  # beside the languages, in `may_write`


class Role(NamedTuple):
    """The name of the group, in both languages of its readers, and verbs on each kind of model."""

    name: str
    pages: str
    rows: str
    library: str
    settings: str
    people: str
    writes: tuple[str, ...]
    publishes: bool = False


def roles() -> dict[str, Role]:
    """Every role by its key; the key of a demonstration login is the same."""
    everything, look = "view add change delete", "view"
    table = {
        f"translator-{code}": Role(
            f"Traduction · Translation: {get_language_info(code)['name_local']}",
            *("view change", "view change", "view change", look, ""),
            writes=(code,),
        )
        for code in codes()
    }
    written = (*codes(), SHARED)
    return table | {
        "editor": Role("Rédaction · Editor", "view add change", everything, "view add change", look, "", written),
        "publisher": Role(
            "Publication · Publisher", everything, everything, everything, "view change", "", written, publishes=True
        ),
        "administrator": Role(
            "Administration · Administrator", everything, everything, everything, "view add change", everything,
            written, publishes=True,
        ),
    }  # fmt: skip


def models_of_kind() -> dict[str, list[type[Any]]]:
    """The models that each column of the table is about; rows are what goes when its page goes."""
    pages = [model for model in apps.get_models() if issubclass(model, Publishable)]
    rows = [key.model for page in pages for key in rows_of(page).values()]
    library: list[type[Any]] = [Image, Document]
    return {"pages": pages, "rows": rows, "library": library, "settings": [SiteSettings], "people": [Person, Group]}


def set_up() -> dict[str, int]:
    """Make the groups, or put them right: name and number of permissions. Permissions given by hand are taken back."""
    counts = {}
    for role in roles().values():
        wanted = list(_permissions(role))
        Group.objects.get_or_create(name=role.name)[0].permissions.set(wanted)
        counts[role.name] = len(wanted)
    return counts


def may_write(user: Person, field: models.Field) -> bool:
    """Whether the user may change a column: of a language that is theirs, or shared; `public_…` takes a publisher."""
    if field.name.startswith("public_"):
        return user.has_perm("portal.publish")
    return user.has_perm(f"portal.write_{getattr(field, 'language', SHARED)}")


def _permissions(role: Role) -> Iterator[Permission]:
    for kind, kinds in models_of_kind().items():
        for model in kinds:
            names = [f"{verb}_{model._meta.model_name}" for verb in getattr(role, kind).split()]
            yield from Permission.objects.filter(content_type__app_label=model._meta.app_label, codename__in=names)
    editions = ContentType.objects.get_for_model(Edition)
    for what in role.writes:
        yield Permission.objects.get_or_create(
            content_type=editions, codename=f"write_{what}", defaults={"name": f"Can write: {what}"}
        )[0]
    if role.publishes:
        yield Permission.objects.get(content_type=editions, codename="publish")
