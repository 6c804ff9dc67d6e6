"""What is in the open data?

Each data set is a table at a stable address without language, `/data/<name>.csv` and `.json`: one row per public
record, a translated field as one column per language, empty where that language is not public. Apps say in `apps.py`
what is in it. Rows are streamed; who has them already is told so (304).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import condition, require_safe

from portal import version
from portal.languages import codes, column, language_name, translated_fields
from portal.public import next_change, public_page
from portal.richtext import RichTextField, plain
from portal.seo import head, link_to, paths_of

PAGE = "page"  # instead of a field: the address of the record's page
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


class Column(NamedTuple):
    """A field by its path from the row, as in `partner.name`; explained by `meaning`, or else by its own label."""

    name: str
    path: str
    meaning: Any = ""


@dataclass(frozen=True)
class Dataset:
    """`rows` are the public ones at an instant, in a stable order; each says by itself in which languages it is."""

    name: str
    title: Any
    model: type[models.Model]
    rows: Callable[[datetime], models.QuerySet]
    columns: tuple[Column, ...]


DATASETS: dict[str, Dataset] = {}


def register(
    name: str,
    title: Any,
    model: type[models.Model],
    rows: Callable[[datetime], models.QuerySet],
    *columns: str | tuple[Any, ...],
) -> None:
    """Add a data set; called by the apps when they are ready. Its name and the columns' are promised: never rename.

    What makes a `Column`, or the names of fields, with blanks between them, whose columns are called like them.
    """
    made: list[Column] = []
    for each in columns:
        made += [Column(*each)] if isinstance(each, tuple) else [Column(field, field) for field in each.split()]
    DATASETS[name] = Dataset(name, title, model, rows, tuple(made))


def narrowed(dataset: Dataset, query: QueryDict) -> Dataset:
    """The rows of the partners, by number, that the query names; of all where it names none, or the rows have none."""
    path = next((each.path.replace(".", "__") for each in dataset.columns if each.name == "partner"), "")
    keys = [int(key) for key in query.getlist("partner") if key.isdecimal() and len(key) < 10]
    if not (path and keys):
        return dataset
    return replace(dataset, rows=lambda at: dataset.rows(at).filter(**{f"{path}__in": keys}))


class Cell(NamedTuple):
    """A column as it is printed; `language` is None for what is shared by all."""

    name: str
    column: Column
    language: str | None
    field: Any


def cells(dataset: Dataset) -> list[Cell]:
    """The columns in their order, a translated one once per language."""
    found = []
    for each in dataset.columns:
        model: Any = dataset.model
        path = each.path.split(".")
        while path[1:]:
            model = model._meta.get_field(path.pop(0)).related_model
        if each.path == PAGE or path[0] in translated_fields(model):
            found += [Cell(column(each.name, code), each, code, _field(model, path[0])) for code in codes()]
        else:
            found.append(Cell(each.name, each, None, _field(model, path[0])))
    return found


def _field(model: Any, name: str) -> Any:
    return None if name == PAGE else model._meta.get_field(name)


def table(dataset: Dataset, root: str, at: datetime) -> Iterator[list[Any]]:
    """The values of each row, in the order of `cells`; None for what is not known or not public. 1 query.

    A text is public where the record is that its path names, as `theme` in `theme.title`, or else the row.
    """
    every = [(cell.language, cell.column.path.rpartition(".")[0], _getter(cell, root)) for cell in cells(dataset)]
    holders = {path: attrgetter(path) if path else lambda row: row for _language, path, _get in every}
    for row in dataset.rows(at).iterator(chunk_size=500):
        public = {path: (None, *holder(row).public_languages(at)) for path, holder in holders.items()}
        yield [_plain(get(row)) if language in public[path] else None for language, path, get in every]


def _getter(cell: Cell, root: str) -> Callable[[Any], Any]:
    if cell.column.path == PAGE:
        return lambda row: root + row.get_absolute_url(cell.language)
    get = attrgetter(column(cell.column.path, cell.language) if cell.language else cell.column.path)
    return (lambda row: plain(get(row))) if isinstance(cell.field, RichTextField) else get


def _plain(value: Any) -> Any:
    if isinstance(value, models.Manager):
        value = " ".join(str(record.pk) for record in value.all() if record.is_public())
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, bool | int | float):
        return value
    return (value.isoformat() if isinstance(value, date) else str(value)) if value else None


class Echo:
    """A file for the CSV writer that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def as_csv(dataset: Dataset, root: str, at: datetime) -> Iterator[str]:
    """RFC 4180 in UTF-8 without byte order mark, which would stand in the name of the first column."""
    writer = csv.writer(Echo())
    yield writer.writerow([cell.name for cell in cells(dataset)])
    for values in table(dataset, root, at):
        yield writer.writerow([{True: "true", False: "false"}[v] if isinstance(v, bool) else v for v in values])


def as_json(dataset: Dataset, root: str, at: datetime) -> Iterator[str]:
    """One object: what the rows are, under which licence, and the rows themselves as objects."""
    names = [cell.name for cell in cells(dataset)]
    licence, address = settings.DATA_LICENCE
    about = {"name": dataset.name, "date": timezone.localdate(at).isoformat(), "licence": licence}
    about |= {"licence_address": address, "described_at": f"{root}/data/"}
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "rows": ['
    for number, values in enumerate(table(dataset, root, at)):
        row = json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False)
        yield f"{',' if number else ''}\n{row}"
    yield "\n]}\n"


def _tag(request: HttpRequest, name: str, kind: str) -> str:
    """What the data depend on: the site's version, what is open, the day, and the host that addresses name."""
    state = (version.current(), next_change(), timezone.localdate(), request.build_absolute_uri())
    return f'"{blake2b(repr(state).encode(), digest_size=12).hexdigest()}"'


def _since(request: HttpRequest, name: str, kind: str) -> datetime:
    """Since when this process knows the present state: never before the last change."""
    day = timezone.localdate()
    return version.held(("data since", day), lambda: (timezone.now(), next_change()))


def dataset(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """One data set in one format, open to scripts of every site; raise Http404 for another name. 2 queries."""
    if name not in DATASETS:
        raise Http404
    response = _dataset(request, name, kind)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"], response["Content-Language"] = "public, max-age=60", ", ".join(codes())
    response["Link"] = f'<{settings.DATA_LICENCE[1]}>; rel="license", <{reverse("data")}>; rel="describedby"'
    return response


@require_safe
@condition(etag_func=_tag, last_modified_func=_since)
def _dataset(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    write = {"csv": as_csv, "json": as_json}[kind]
    written = write(narrowed(DATASETS[name], request.GET), request.build_absolute_uri("/").rstrip("/"), timezone.now())
    return StreamingHttpResponse(written, content_type=FORMATS[kind])


TYPES = {
    models.BooleanField: _("true or false"),
    models.IntegerField: _("whole number"),
    models.DecimalField: _("number"),
    models.DateTimeField: _("date and time"),
    models.DateField: _("date"),
    models.ManyToManyField: _("numbers, with blanks between them"),
}


@public_page()
def page(request: HttpRequest) -> HttpResponse:
    """The dictionary: every data set, its addresses, and what each column says. No query of its own."""
    title, description = (
        _t("Open data"),
        _t("Partners, figures, elected members, themes, statements and news as CSV and JSON."),
    )
    trail = [link_to("home", _t("Home"))]
    context = {
        "head": head(request, paths_of("data"), title=title, description=description, trail=trail),
        "datasets": [(one, [_explained(cell) for cell in cells(one)]) for _key, one in sorted(DATASETS.items())],
        "formats": FORMATS,
        "licence": settings.DATA_LICENCE,
        "since": _since(request, "", ""),
    }
    return render(request, "data.html", context)


def _explained(cell: Cell) -> dict[str, Any]:
    """Name, meaning, kind of value, and the values that are possible, for people."""
    kind = next((words for known, words in TYPES.items() if isinstance(cell.field, known)), _("text"))
    label = cell.field.verbose_name if cell.field else _("address of the page")
    return {
        "name": cell.name,
        "meaning": capfirst(str(cell.column.meaning or label)),
        "language": language_name(cell.language) if cell.language else "",
        "kind": kind,
        "values": [pair for pair in getattr(cell.field, "choices", None) or () if pair[0]],
    }


def short(request: HttpRequest) -> HttpResponse:
    """`/data/`, the address to remember, leads to the page in the language that the browser asks for."""
    return redirect(reverse("data"))
