"""How do translators get their file, and where do they bring it back, without the command line?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.desk import content, may_see
from portal.drafts import Stale
from portal.exchange import STATES, Unreadable, check, export, page_id, take
from portal.languages import codes
from portal.staleness import LABELS, MISSING, STALE

LARGEST = 2_000_000  # bytes; the whole text of a hundred partners is half of that
STATUSES = {
    "taken": _("to be taken"),
    "confirmed": _("still right"),
    "unchanged": _("unchanged"),
    "empty": _("not translated"),
    "refused": _("refused"),
}


class SendForm(forms.Form):
    """Which texts travel."""

    pair = forms.ChoiceField(label=_("From and into"))
    states = forms.MultipleChoiceField(
        label=_("Texts"),
        choices=[(state, LABELS[state]) for state in STATES],
        initial=[MISSING, STALE],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pairs = [(source, target) for target in codes() for source in codes() if source != target]
        pair: Any = self.fields["pair"]
        pair.choices = [(f"{source} {target}", f"{_name(source)} → {_name(target)}") for source, target in pairs]


class BackForm(forms.Form):
    """A file that comes back: uploaded to be checked, then posted as it was read to be taken."""

    file = forms.FileField(label=_("File (.xlf)"), required=False)
    xliff = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("file")
        if upload and upload.size > LARGEST:
            raise forms.ValidationError(_t("This file is too large: send the pages one after the other."))
        try:
            data["text"] = upload.read().decode("utf-8-sig") if upload else data.get("xliff", "")
        except UnicodeDecodeError:
            raise forms.ValidationError(_t("This file is not in UTF-8.")) from None
        if not data["text"]:
            raise forms.ValidationError(_t("Choose a file."))
        return data


def exchange(request: HttpRequest) -> HttpResponse:
    """Send a file, check one that comes back, and take it as drafts once its report was read."""
    if "pair" in request.GET and (asked := SendForm(request.GET)).is_valid():
        source, target = asked.cleaned_data["pair"].split()
        return _sent(request, source, target, asked.cleaned_data["states"])
    context: dict[str, Any] = {"title": _t("Translations by file"), "send": SendForm(), "back": BackForm()}
    if request.method == "POST":
        context["back"] = form = BackForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                if "take" in request.POST:
                    return _taken(request, form.cleaned_data["text"])
                context |= _report(request, form.cleaned_data["text"])
            except (Unreadable, Stale) as error:
                why = str(error) if isinstance(error, Unreadable) else _t("A draft was saved meanwhile: check again.")
                form.add_error(None, why)
    return TemplateResponse(request, "admin/exchange.html", admin.site.each_context(request) | context)


def _sent(request: HttpRequest, source: str, target: str, states: list[str]) -> HttpResponse:
    everything = content()
    pages = [page_id(record) for record in everything.worked_on if may_see(request, record)]
    data = export(everything, source, target, states, pages or ["-"])
    name = f'attachment; filename="{source}-{target}.xlf"'
    return HttpResponse(data, content_type="application/xliff+xml", headers={"Content-Disposition": name})


def _report(request: HttpRequest, text: str) -> dict[str, Any]:
    target, outcomes = check(text.encode(), content(), request.user)
    counts = Counter(outcome.status for outcome in outcomes)
    return {
        "xliff": text,
        "language": _name(target),
        "counts": [(label, counts[status]) for status, label in STATUSES.items() if counts[status]],
        "outcomes": [(STATUSES[one.status], one) for one in outcomes if one.status not in ("unchanged", "empty")],
        "can_take": bool(counts["taken"] or counts["confirmed"]),
    }


def _taken(request: HttpRequest, text: str) -> HttpResponse:
    everything = content()
    target, outcomes = check(text.encode(), everything, request.user)
    pages = take(outcomes, everything, target, request.user)
    said = ngettext("%(number)s page now waits as a draft.", "%(number)s pages now wait as drafts.", pages)
    messages.success(request, said % {"number": pages})
    return redirect("desk")


def _name(code: str) -> str:
    return get_language_info(code)["name_translated"]
