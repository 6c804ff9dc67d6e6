"""Which HTML may an editor write?

Paragraphs, one level of headings, lists, quotations, links, strong and emphasised words. Whatever comes in, through a
form, an import or a command, `clean` reduces to that; `RichTextField` calls it in validation and again in every write.
"""

import re
from html import unescape
from typing import Any

import nh3
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField

from portal.admin_richtext import EXTENSIONS, RichTextWidget
from portal.tidy import INLINE, NBSP, TAGS, TOKEN, spaced, tidy

RENAMED = {"b": "strong", "i": "em"} | dict.fromkeys(("h1", "h2", "h4", "h5", "h6"), "h3")
RENAMED |= dict.fromkeys(("div", "section", "article", "figure", "figcaption", "pre", "dt", "dd"), "p")
RENAMED |= dict.fromkeys(("table", "thead", "tbody", "tr"), "p")
RENAMING = re.compile(rf"<(/?)({'|'.join(RENAMED)})(?=[\s/>])", re.IGNORECASE)
CELL = re.compile(r"<t[dh](?=[\s/>])", re.IGNORECASE)
SITE_RELATIVE = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")
BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#][^\x00-\x20\\]*)?", re.IGNORECASE)
BARE_ADDRESS = re.compile(r"[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
DANGEROUS = {"script", "style", "iframe", "object", "embed"}
REFUSAL = _(
    "This text contains code that a page must not carry: %(found)s. Nothing has been saved, and the rest of your text "
    "is still here: take the code out if you see it, then save again."
)


def _without_scheme(url: str) -> str | None:
    """`/path` as it is, a bare host or address completed; None for what leaves the site unseen (`//host`)."""
    if BARE_ADDRESS.fullmatch(url):
        return f"mailto:{url}"
    if BARE_HOST.fullmatch(url):
        return f"https://{url}"
    return url if SITE_RELATIVE.fullmatch(url) else None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"},
    attributes={"*": set(), "a": {"href"}},
    link_rel=None,  # no target is allowed, so there is no opener to protect
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative=_without_scheme,
)
PROBE = nh3.Cleaner(
    tags=nh3.ALLOWED_TAGS | DANGEROUS | {"form", "input", "button", "video", "audio", "svg", "font"},
    clean_content_tags=set(),
    attributes={"*": {"href"}},
    generic_attribute_prefixes={"on"},
    url_schemes={"javascript", "vbscript", "data"},
    url_relative="deny",
)


def clean(html: str) -> str:
    """The allowed part of `html` in one regular form, "" when nothing is left; cleaning twice changes nothing.

    Text without tags becomes paragraphs at blank lines. A no-break space stays, other runs of white space become one.
    """
    if not re.search(r"<[a-zA-Z/!?]", html):
        html = re.sub(r"\s*\n\s*\n\s*", "<p>", html.replace("\r\n", "\n").strip()).replace("\n", "<br>")
    html = RENAMING.sub(lambda tag: f"<{tag[1]}{RENAMED[tag[2].lower()]}", CELL.sub(r" \g<0>", html))
    return tidy(CLEANER.clean(html).replace("&nbsp;", NBSP))


def plain(html: str | None) -> str:
    """The words alone, on one line, for descriptions and search."""
    text = TOKEN.sub(lambda token: token[4] or ("" if token[2] in INLINE else " "), html or "")
    return spaced(unescape(text)).strip()


def render(html: str | None, heading: int = 3) -> SafeString:
    """Markup for a page with its headings at level `heading`: the one place that calls editors' HTML safe.

    It is not cleaned again (2 ms for 5,000 words): the field does that in every write, and what goes round the field by
    raw SQL has to call `clean`.
    """
    raised = (html or "").replace("<h3>", f"<h{heading}>").replace("</h3>", f"</h{heading}>")
    return mark_safe(raised)  # noqa: S308 (cleaned when it was written)


def dangers(html: str) -> list[str]:
    """What in `html` could run or load something, named as in its code: "<script>", "onclick", "javascript:"."""
    found = []
    for slash, name, attributes, _text in TOKEN.findall(PROBE.clean(html)):
        found += [f"<{name}>"] * (name in DANGEROUS and not slash)
        found += re.findall(r" (on\w+)=", attributes)
        found += ["".join(scheme.split()).lower() for scheme in re.findall(r' href="([^":]*:)', attributes)]
    return list(dict.fromkeys(found))


class RichTextFormField(ProseEditorFormField):
    """Takes foreign mark-up out without a word, and refuses by name what an attacker would have written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"widget": RichTextWidget, "extensions": EXTENSIONS})

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not value:
            return value
        if found := dangers(value):
            raise ValidationError(REFUSAL, code="dangerous", params={"found": ", ".join(found)})
        return clean(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(clean(initial or ""), clean(data or ""))


class RichTextField(ProseEditorField):
    """A text column that holds nothing but the output of `clean`; a plain `TextField` to migrations."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"extensions": EXTENSIONS, "sanitize": clean})

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(clean(value) if isinstance(value, str) else value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": RichTextFormField} | kwargs)
