"""How do texts travel to translators and back?

As XLIFF 2.0: a file for each page, a unit for each text. Mark-up travels as codes (`pc`, `ph`) that a translator moves
and a tool protects; what comes back is written with the tags of the present texts, never with tags of the file. Each
text is checked on its return; those that are taken become drafts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import translate_url
from django.utils.translation import gettext as _t
from django.utils.translation import override

from portal.desk import Content
from portal.drafts import save_draft
from portal.editions import Edition
from portal.languages import codes, column
from portal.proofreading import other_language
from portal.richtext import RichTextField, clean
from portal.roles import may_write
from portal.snapshots import is_registered, label_of, rows_of, snapshot
from portal.staleness import CURRENT, MISSING, STALE, confirm, same, source_of, state, text_fields
from portal.tidy import INLINE, TOKEN

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
STATES = {MISSING: "initial", STALE: "initial", CURRENT: "final"}
FIXED = {"canCopy": "no", "canDelete": "no"}


class Unreadable(Exception):
    """The file is no XLIFF 2 between two of our languages; the text says why."""


@dataclass(frozen=True)
class Text:
    """One text of a page; `row` is the record itself or one of its rows."""

    record: Any
    row: Any
    field: str
    id: str

    @property
    def place(self) -> str:
        row = "" if self.row is self.record else f"{self.row._meta.verbose_name}, {self.row}"
        return _t(": ").join(part for part in (str(self.record), row, label_of(type(self.row), self.field)) if part)

    def said(self, language: str) -> str:
        return getattr(self.row, column(self.field, language)) or ""

    @property
    def is_rich(self) -> bool:
        return isinstance(self.row._meta.get_field(self.field), RichTextField)


@dataclass(frozen=True)
class Outcome:
    """What becomes of a text that came back: taken, confirmed as still right, unchanged, empty, or refused."""

    status: str
    place: str
    reason: str = ""
    text: Any = None  # the Text; None where the site has none such
    value: str = ""


def texts_of(record: models.Model) -> Iterator[Text]:
    for field in text_fields(type(record)):
        yield Text(record, record, field, field)
    for relation in rows_of(type(record)):
        for row in getattr(record, relation).all():
            for field in text_fields(row._meta.model):
                yield Text(record, row, field, f"{relation}.{row.pk}.{field}")


def page_id(record: models.Model) -> str:
    """How a page is called in files and commands, as in `partners.partner.3`."""
    return f"{record._meta.label_lower}.{record.pk}"


def export(
    everything: Content, source: str, target: str, states: Collection[str] = (), pages: Collection[str] = ()
) -> bytes:
    """The texts first written in `source`, drafts included, for `target`: all, or in some states, of some pages."""
    root = Element("xliff", {"xmlns": NAMESPACE, "version": "2.0", "srcLang": source, "trgLang": target})
    for record in everything.worked_on:
        if source_of(record) != source or (pages and page_id(record) not in pages):
            continue
        file = Element("file", {"id": page_id(record), "original": str(record)})
        for text in texts_of(record):
            found = state(text.row, text.field, target)
            if found and found in (states or STATES):
                _write_unit(file, text, source, target, found)
        if len(file):
            root.append(file)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _write_unit(file: Element, text: Text, source: str, target: str, found: str) -> None:
    unit = SubElement(file, "unit", {"id": text.id, "name": text.place, "xml:space": "preserve"})
    if limit := text.row._meta.get_field(text.field).max_length:
        note = SubElement(SubElement(unit, "notes"), "note")
        note.text = _t("At most %(number)s characters.") % {"number": limit}
    segment = SubElement(unit, "segment", {"state": STATES[found]})
    segment.append(_coded("source", text.said(source), text.is_rich))
    if text.said(target):
        segment.append(_coded("target", text.said(target), text.is_rich))


def _tree(name: str, said: str, is_rich: bool) -> Element:
    """The text as an element with its own tags, less the characters that XML knows no way to write."""
    said = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", said if is_rich else escape(said))
    return fromstring(f"<{name}>{said.replace('<br>', '<br/>')}</{name}>")


def _tags(tree: Element) -> dict[str, Element]:
    """What stands inside, in order; the id of a tag is its name and its rank, as in `strong2`."""
    return {f"{tag.tag}{rank}": tag for rank, tag in enumerate(tree.iter()) if rank}


def _coded(name: str, said: str, is_rich: bool) -> Element:
    """The text as an element, its tags as codes."""
    tree = _tree(name, said, is_rich)
    for key, tag in _tags(tree).items():
        shown = {"dispStart": f"<{tag.tag}>", "dispEnd": f"</{tag.tag}>"} if tag.tag != "br" else {"disp": "<br>"}
        tag.tag, tag.attrib = "ph" if tag.tag == "br" else "pc", {"id": key} | shown | FIXED
    return tree


def check(data: bytes, everything: Content, user: Any = None) -> tuple[str, list[Outcome]]:
    """The language of a file, and what would become of each of its texts; nothing is written. Raise Unreadable.

    `user`: whose right to write is asked; None is the operator's.
    """
    root, source, target = _opened(data)
    known = {page_id(record): {text.id: text for text in texts_of(record)} for record in everything.worked_on}
    waiting = {page_id(record): draft for record, draft in everything.drafts}
    outcomes = []
    for file in root.iter(f"{{{NAMESPACE}}}file"):
        page = file.get("id", "")
        for unit in file.iter(f"{{{NAMESPACE}}}unit"):
            text = known.get(page, {}).get(unit.get("id", ""))
            if text is None:
                reason = _t("This text is not, or no longer, on the site.")
                outcomes.append(Outcome("refused", unit.get("name") or f"{page} {unit.get('id')}", reason))
                continue
            try:
                _refuse_page(text, source, target, waiting.get(page), user)
                outcomes.append(_checked(text, unit, source, target))
            except ValidationError as error:
                outcomes.append(Outcome("refused", text.place, " ".join(error.messages), text))
    return target, outcomes


def _opened(data: bytes) -> tuple[Element, str, str]:
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(_t("This is not XML that can be read safely: %(why)s") % {"why": error}) from error
    if root.tag != f"{{{NAMESPACE}}}xliff":
        raise Unreadable(_t("This is not a file of XLIFF 2.0."))
    source, target = root.get("srcLang", ""), root.get("trgLang", "")
    if source not in codes() or target not in codes() or source == target:
        pair = {"pair": f"{source} → {target}"}
        raise Unreadable(_t("The file is not between two languages of the site: %(pair)s.") % pair)
    return root, source, target


def _refuse_page(text: Text, source: str, target: str, draft: Edition | None, user: Any) -> None:
    if source_of(text.record) != source:
        raise ValidationError(_t("This page is written first in another language."))
    if draft and draft.state != Edition.State.DRAFT:
        raise ValidationError(_t("The draft of this page is %(state)s.") % {"state": draft.get_state_display()})
    meta, field = text.record._meta, text.row._meta.get_field(column(text.field, target))
    if user and not (user.has_perm(f"{meta.app_label}.change_{meta.model_name}") and may_write(user, field)):
        raise ValidationError(_t("You may not write this text."))


def _checked(text: Text, unit: Element, source: str, target: str) -> Outcome:
    """What becomes of one text; raise ValidationError when it is refused."""
    came, present = _joined(unit, "source"), _coded("source", text.said(source), text.is_rich)
    if not same(_flat(came), _flat(present)):
        raise ValidationError(_t("The source was changed since the file was made."))
    answer = _joined(unit, "target")
    if not _flat(answer).strip():
        return Outcome("empty", text.place, text=text)
    value = _decoded(answer, text, source, target) if text.is_rich else "".join(answer.itertext())
    value = text.row._meta.get_field(column(text.field, target)).clean(value, text.row)
    if other := other_language(re.sub(r"<[^>]*>", " ", value), target):
        raise ValidationError(_t("This seems to be in another language (%(code)s).") % {"code": other})
    if not same(value, text.said(target)):
        return Outcome("taken", text.place, text=text, value=value)
    read_again = all(segment.get("state", "initial") != "initial" for segment in unit.iter(f"{{{NAMESPACE}}}segment"))
    is_stale = state(text.row, text.field, target) == STALE
    status = "confirmed" if read_again and is_stale else "unchanged"
    return Outcome(status, text.place, text=text, value=text.said(target))


def _joined(unit: Element, name: str) -> Element:
    """The source or the target of all segments of a unit as one; what may be ignored stands as it is."""
    whole = Element(name)
    for part in unit:
        if part.tag in (f"{{{NAMESPACE}}}segment", f"{{{NAMESPACE}}}ignorable"):
            found = part.find(f"{{{NAMESPACE}}}{name}")
            if found is None and part.tag.endswith("ignorable"):
                found = part.find(f"{{{NAMESPACE}}}source")
            if found is not None:
                if len(whole):
                    whole[-1].tail = (whole[-1].tail or "") + (found.text or "")
                else:
                    whole.text = (whole.text or "") + (found.text or "")
                whole.extend(found)
    return whole


def _flat(element: Element) -> str:
    """The words of a text with its codes named in their places."""
    inside = "".join(f"⟦{child.get('id')}⟧{_flat(child)}⟦/⟧{child.tail or ''}" for child in element)
    return (element.text or "") + inside


def _decoded(element: Element, text: Text, source: str, target: str) -> str:
    """The rich text in the mark-up of the present translation or of the source; any other raises ValidationError."""
    came = {code.get("id", ""): code for code in element.iter() if code is not element}
    for said in (text.said(target), text.said(source)):
        tags = _tags(_tree("target", said, is_rich=True))
        if came.keys() == tags.keys() and len(list(element.iter())) == len(came) + 1:  # none of them twice
            for key, tag in tags.items():
                came[key].tag, came[key].attrib = tag.tag, tag.attrib
                if tag.get("href", "").startswith("/"):
                    with override(source):
                        came[key].set("href", translate_url(tag.get("href", ""), target))
            html = clean(tostring(element, encoding="unicode", method="html"))
            if _blocks(html) == _blocks(said):
                return html
    raise ValidationError(_t("The mark-up was changed: it must be that of the source."))


def _blocks(html: str) -> list[str]:
    return [f"{slash}{tag}" for slash, tag, _attributes, _words in TOKEN.findall(html) if tag and tag not in INLINE]


@transaction.atomic
def take(outcomes: list[Outcome], everything: Content, target: str, by: Any) -> int:
    """Write what is taken or confirmed into drafts, and return how many pages. A picture, with no draft, is saved."""
    taken = [outcome for outcome in outcomes if outcome.status in ("taken", "confirmed")]
    drafts = {page_id(record): draft for record, draft in everything.drafts}
    pages = groupby(taken, key=lambda outcome: page_id(outcome.text.record))
    return sum(_keep([(one.text, one.value) for one in group], target, drafts.get(page), by) for page, group in pages)


def _keep(texts: list[tuple[Text, str]], target: str, draft: Edition | None, by: Any) -> bool:
    record = texts[0][0].record
    for text, value in texts:
        name = column(text.field, target)
        before = {name: getattr(text.row, name)}
        setattr(text.row, name, value)
        confirm(text.row, before, right=[name])
    if not is_registered(type(record)):
        record.save(update_fields=[column(name, target) for name in ("confirmed", *(text.field for text, _ in texts))])
        return True
    said = deepcopy(draft.snapshot) if draft else snapshot(record)
    for text, _value in texts:
        relation, _dot, rest = text.id.partition(".")
        values = said["rows"][relation][rest.partition(".")[0]] if rest else said["fields"]
        for name in (column(text.field, target), column("confirmed", target)):
            values[name] = getattr(text.row, name)
    return save_draft(record, said, by, draft.revision if draft else 0, _t("Translations from a file.")) is not None
