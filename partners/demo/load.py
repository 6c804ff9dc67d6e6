"""How does the demonstration come into the database?

Its words and figures are the TOML files beside this module, whose keys are the columns of the models; its pictures
are in `pictures/`. A record that is there already, in whatever language its address is found, stays as its editors
left it unless it is to be overwritten.
"""

import re
import tomllib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.images import ImageFile
from django.db import models, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import override

from partners.demo.papers import pdf
from partners.models import Partner
from portal.drafts import save_draft
from portal.editions import working_draft
from portal.languages import column, columns, translated_fields
from portal.models import Document, Image, Page, SiteSettings
from portal.richtext import RichTextField, clean
from portal.snapshots import Snapshot, apply, rows_of, snapshot, values_of
from portal.staleness import confirm_all, text_fields
from themes.models import WorkTheme

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
ROWS = uuid.UUID("5b0a7c52-2f0e-4a9e-8a35-6d1e0c0b2020")  # the space of the rows' keys, the same at every load
BLOCK = re.compile(r" ?(</?(?:p|h3|ul|ol|li|blockquote)>) ?")
NAMED_BY = {Image: "name", Document: "title_fr"}  # what has a file, and no address
CREATED, UPDATED, KEPT = "created", "updated", "kept"

Words = dict[str, Any]
MORE: list[tuple[type[models.Model], Path, str]] = []  # what other apps have loaded: model, file, table in it


def load(overwrite: bool, tell: Callable[[str, models.Model], None] = lambda outcome, record: None) -> Counter[str]:
    """Load what is missing, and with `overwrite` restore what was changed; how many were CREATED, UPDATED, KEPT.

    All of it or nothing: a record that does not fit raises ValidationError. `tell` hears of each record.
    """
    counts: Counter[str] = Counter()
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        for model, words in records():
            outcome, record = (put_with_file if model in NAMED_BY else put)(model, words, overwrite)
            counts[outcome] += 1
            tell(outcome, record)
    return counts


def records() -> Iterator[tuple[type[models.Model], Words]]:
    """Each record of the demonstration, after those that it names."""
    yield from ((Image, words) for words in read(HERE / "images.toml")["images"])
    yield from ((Document, words) for words in read(HERE / "documents.toml")["documents"])
    yield from ((WorkTheme, words) for words in read(HERE / "themes.toml")["themes"])
    yield from ((Partner, read(path)) for path in sorted(HERE.glob("partners/*.toml")))
    site = read(HERE / "site.toml")
    yield from ((Page, words) for words in site["pages"])
    yield SiteSettings, site["settings"] | {"id": 1}
    yield from ((model, words) for model, path, table in MORE for words in read(path)[table])


def read(path: Path) -> Words:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def put(model: type[models.Model], words: Words, overwrite: bool) -> tuple[str, models.Model]:
    """Write a record and its rows, then the draft that its file may have, unless somebody is at work on another."""
    words, found = dict(words), find(model, words)
    if found and not overwrite:
        return KEPT, found
    draft, record, before = words.pop("draft", {}), found or model(pk=words.get("id")), found and snapshot(found)
    with transaction.atomic():
        apply(said(model, words), record)
        if same := before == snapshot(record):
            transaction.set_rollback(True)
    if draft and not working_draft(record):
        rows = {name: words.get(name, []) + more for name, more in draft.items()}
        save_draft(record, said(model, words | rows), None)
    return (KEPT if same else UPDATED if found else CREATED), record


def put_with_file(model: type[models.Model], words: Words, overwrite: bool) -> tuple[str, models.Model]:
    """Write the words of a picture or a document; its file is taken once, and never replaced."""
    words = {column: "" for field in text_fields(model) for column in columns(field)} | words
    content = words.pop("text", "")
    found = model._base_manager.filter(**{NAMED_BY[model]: words[NAMED_BY[model]]}).first()
    if found and (not overwrite or all((getattr(found, name) or "") == value for name, value in words.items())):
        return KEPT, found
    record = found or model(file=file_of(model, words, content))
    for name, value in words.items():
        setattr(record, name, value)
    confirm_all(record)
    record.full_clean(exclude=translated_fields(model))
    record.save()
    return (UPDATED if found else CREATED), record


def file_of(model: type[models.Model], words: Words, text: str) -> File:
    """The drawing of that name, or the text as a PDF."""
    if model is Image:
        path = PICTURES / f"{words['name']}.jpg"
        return ImageFile(path.open("rb"), path.name)
    title = words[column("title", words["written_in"])]
    return ContentFile(pdf(title, words["written_in"], text), f"{slugify(title)}.pdf")


def find(model: type[models.Model], words: Words) -> models.Model | None:
    """The record that has this key, or one of these addresses in any language. 1 query."""
    slugs = [words[column] for column in columns("slug") if column in words]
    either = (Q(**{f"{column}__in": slugs}) for column in columns("slug") if slugs)
    return model._base_manager.filter(reduce(or_, either, Q(pk=words.get("id")))).first()


def said(model: type[models.Model], words: Words) -> Snapshot:
    """What a file says of a record and its rows; translations were made from today's source unless it says another."""
    several = {field.name: field for field in model._meta.many_to_many}
    own = {name: value for name, value in words.items() if name not in rows_of(model) and name not in several}
    record, rows = filled(model, own), {}
    for relation, key in rows_of(model).items():
        rows[relation] = {}
        for position, row in enumerate(words.get(relation, []), start=1):
            name = " ".join((words["slug_fr"], relation, *(row.get(k, "") for k in ("name", "indicator", "theme"))))
            one = filled(key.model, row | {"position": position, key.name: record})
            rows[relation][str(uuid.uuid5(ROWS, name))] = values_of(one)
    ties = {name: [value_for(field, slug).pk for slug in words.get(name, [])] for name, field in several.items()}
    return {"fields": values_of(record) | {name: sorted(map(str, keys)) for name, keys in ties.items()}, "rows": rows}


def filled(model: type[models.Model], words: Words) -> models.Model:
    """An unsaved record that says these words: names turned into records, rich text cleaned."""
    record = model(**{name: value_for(model._meta.get_field(name), value) for name, value in words.items()})
    confirm_all(record)
    for name in columns("confirmed"):
        setattr(record, name, getattr(record, name) | words.get(name, {}))
    return record


def value_for(field: models.Field, value: Any) -> Any:
    if field.is_relation and isinstance(value, str):
        return field.related_model._base_manager.get(**{NAMED_BY.get(field.related_model, "slug_fr"): value})
    if isinstance(field, RichTextField):
        return clean(BLOCK.sub(r"\1", re.sub("[ \n]+", " ", value)).strip())
    return value
