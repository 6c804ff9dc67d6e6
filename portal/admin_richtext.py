"""How does an editor write rich text in the back office, under a policy without inline code?

The editor is django-prose-editor's. Its buttons speak English only: `richtext.js` names them from `data-labels`.
"""

import json
from typing import Any

from django.contrib.admin import ModelAdmin
from django.forms import Media as PlainMedia
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import InlineStyle, Media

GROUPS = ["marks", "headings", "lists", "nodes -blockType", "link", "history"]
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3]},
    "BulletList": True,
    "OrderedList": {"enableListAttributes": False},
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False},
    "NoSpellCheck": False,
    "Menu": {"groups": [{"group": group} for group in GROUPS]},
}
LABELS = {
    "menu": _("Formatting"),
    "bold": pgettext_lazy("formatting", "Bold"),
    "italic": pgettext_lazy("formatting", "Italic"),
    "heading3": pgettext_lazy("formatting", "Heading"),
    "bulletList": _("Bulleted list"),
    "orderedList": _("Numbered list"),
    "blockquote": pgettext_lazy("formatting", "Quotation"),
    "link": pgettext_lazy("formatting", "Link"),
    "unlink": _("Remove the link"),
    "history:undo": pgettext_lazy("formatting", "Undo"),
    "history:redo": pgettext_lazy("formatting", "Redo"),
}
# The editor adds a style element of its own unless it finds one marked like this; its rules are in richtext.css.
TIPTAP_STYLE = Media(css={"all": [InlineStyle("", **{"data-tiptap-style": ""})]})


class RichTextWidget(AdminProseEditorWidget):
    """The editor over a textarea, which remains what is posted, with and without JavaScript."""

    @property
    def media(self) -> PlainMedia:
        # Our sheet after theirs; our script is no module, so it listens before the editor announces itself.
        sheets = ["django_prose_editor/overrides.css", "css/richtext.css"]
        return super().media + PlainMedia(css={"all": sheets}, js=["js/richtext.js"])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-labels"] = json.dumps({key: str(label) for key, label in LABELS.items()})
        return context


class RichTextAdminMixin(ModelAdmin):
    """For every ModelAdmin whose form, or inlines, hold rich text; its pages need nonces for scripts and styles."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        media = Media.from_media(context["media"]) + TIPTAP_STYLE
        context["media"] = media.with_nonce(str(request.csp_nonce))  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)
