"""What happens when an editor presses a button?

The change form opens on the draft where there is one, and everything that it posts is rehearsed: the draft is applied,
the ordinary save of the admin is run on top (permissions, forms, inlines, validation), the result is kept as the draft
or shown as a preview, and the database is rolled back. Only publishing touches what visitors see.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import drafts
from portal.addresses import admin_address
from portal.changes import Change, compare
from portal.drafts import Moved, Stale
from portal.edition_pages import EditionPages, number
from portal.editions import Edition, working_draft
from portal.languages import codes, columns, language_name
from portal.notices import ask_for_review
from portal.publishing import Publishable, opening
from portal.rehearsal import rehearsal
from portal.snapshots import Snapshot, apply, snapshot
from portal.typed import as_posted, keep_typed, others_at_work, typed

ACTIONS = ("_preview", "_publish", "_submit", "_schedule", "_draft")


class ScheduleForm(forms.Form):
    """When a draft is to be published, and in which languages."""

    due_at = forms.SplitDateTimeField(
        label=gettext_lazy("Publish at"), widget=AdminSplitDateTime, validators=[drafts.to_come]
    )
    languages = forms.ChoiceField(label=gettext_lazy("in"), required=False)

    prefix = "schedule"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        languages: Any = self.fields["languages"]
        languages.choices = [("", _("all languages"))] + [(code, language_name(code)) for code in codes()]


def fingerprint(changes: list[Change]) -> str:
    """What names a list of changes in a form, so that publishing knows that its author has seen just these."""
    told = json.dumps([[change.row, change.field, change.kind, change.after] for change in changes], default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:20] if changes else ""


class EditionAdmin(EditionPages):
    """A ModelAdmin whose change form works on drafts; for models registered in `portal/snapshots.py`."""

    change_form_template = "admin/edition_form.html"
    change_list_template = "admin/edition_list.html"

    # The list -----------------------------------------------------------------------------------------------------

    def get_queryset(self, request: Any) -> models.QuerySet:
        drafts = Edition.objects.working().filter(label=self.opts.label_lower, key=Cast(OuterRef("pk"), CharField()))
        return super().get_queryset(request).annotate(draft_state=Subquery(drafts.values("state")[:1]))

    def get_list_display(self, request: Any) -> Any:
        return (*super().get_list_display(request), "draft")

    @admin.display(description=gettext_lazy("draft"), ordering="draft_state")
    def draft(self, obj: Any) -> str:
        """In which state the draft is, if there is one; read with the row."""
        return str(Edition.State(obj.draft_state).label) if obj.draft_state else self.get_empty_value_display()

    def changelist_view(self, request: Any, extra_context: Any = None) -> Any:
        has_trash = self.may_publish(request) and self.has_delete_permission(request)
        return super().changelist_view(request, {"has_trash": has_trash} | (extra_context or {}))

    # The form -----------------------------------------------------------------------------------------------------

    def changeform_view(
        self, request: Any, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        record = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and record is None or not self._may_save(request, record):
            return super().changeform_view(request, object_id, form_url, extra_context)
        context = (extra_context or {}) | self._buttons(request)
        if request.method == "POST":
            return self._posted(request, record, context)
        if "recover" in request.GET and (kept := typed(record, self.model).filter(author=request.user).first()):
            request.POST = as_posted(kept)
            when = timezone.localtime(kept.saved_at).strftime("%d/%m/%Y %H:%M")
            why = _("This is what you typed on %(when)s and did not save. Check it, then save the draft.")
            return self._as_typed(request, record, context, why % {"when": when})
        return self._rehearsed(request, record, context)

    def _may_save(self, request: Any, record: Any) -> bool:
        return self.has_change_permission(request, record) if record else self.has_add_permission(request)

    def _buttons(self, request: Any) -> dict[str, Any]:
        languages = [(code, language_name(code)) for code in codes()]
        per_language = languages if issubclass(self.model, Publishable) else []
        return {"may_publish": self.may_publish(request), "languages": per_language, "schedule_form": ScheduleForm()}

    def _state(self, request: Any, record: Any, draft: Edition | None = None) -> dict[str, Any]:
        """What the top of the form says; about 6 queries."""
        kept = typed(record, self.model).filter(author=request.user).first()
        if record is None:
            return {"revision": 0, "typed": kept}
        moved = drafts.difference_since_base(draft, record) if draft else []
        return {
            "record": record,
            "draft": draft,
            "revision": draft.revision if draft else 0,
            "moved": moved,
            "knowing": fingerprint(moved),
            "openings": [opening(record, code) for code in codes()] if isinstance(record, Publishable) else [],
            "others": others_at_work(record, request.user),
            "typed": kept,
        }

    # What is posted -----------------------------------------------------------------------------------------------

    def response_add(self, request: Any, obj: Any, post_url_continue: Any = None) -> Any:
        request.saved_record = obj
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: Any, obj: Any) -> Any:
        request.saved_record = obj
        return HttpResponse()

    def _posted(self, request: Any, record: Any, context: dict[str, Any]) -> Any:
        action = next((name for name in ACTIONS if name in request.POST), "_draft")
        if action == "_preview":
            return self._rehearsed(request, record, context, lambda saved: self.preview_response(request, saved))
        if action in ("_publish", "_schedule") and not self.may_publish(request):
            raise PermissionDenied
        if action == "_schedule":
            context["schedule_form"] = asked = ScheduleForm(request.POST)
            if not asked.is_valid():
                return self._as_typed(request, record, context, _("Not scheduled: see the date below."))
        if record is None:
            return self._added(request, context, action)
        said: list[Snapshot] = []
        response = self._rehearsed(request, record, context, lambda saved: said.append(snapshot(saved)))
        revision = number(request.POST.get("_revision"))
        try:
            former = drafts.check_revision(record, revision)
            if not said:
                return response
            draft = drafts.save_draft(record, said[0], request.user, revision)
        except Stale as stale:
            return self._conflict(request, record, context, stale.draft, said)
        if former and former.state == Edition.State.SCHEDULED and action != "_schedule":
            messages.warning(request, _("The draft is no longer scheduled: schedule it again if it still is to wait."))
        return self._carried_on(request, record, draft, action)

    def _rehearsed(self, request: Any, record: Any, context: dict[str, Any], then: Any = None) -> Any:
        """The form on the draft, or what `then` makes of the record as the form would save it; all of it is undone.

        The form is rendered before that: a select that names the record names it as drafted.
        """
        draft = working_draft(record) if record else None
        state = self._state(request, record, draft)
        with rehearsal(record):
            problems = apply(draft.snapshot, record, forgiving=True) if draft else []
            response = self._saved_quietly(request, record, context | {"edition": state | {"problems": problems}})
            if request.saved_record is not None:
                return then(request.saved_record)
            return response.render() if hasattr(response, "render") else response

    def _saved_quietly(self, request: Any, record: Any, context: dict[str, Any]) -> Any:
        """The ordinary answer of the admin; what it announces is not heard, since it may be undone."""
        loud, request._messages, request.saved_record = request._messages, default_storage(request), None
        try:
            return super().changeform_view(request, str(record.pk) if record else None, "", context)
        finally:
            request._messages = loud

    def _as_typed(self, request: Any, record: Any, context: dict[str, Any], why: str) -> Any:
        """The form just as it was posted, valid or not, with the reason why it was not saved."""
        request.method, request.held_back = "POST", why
        return self._rehearsed(request, record, context)

    def get_form(self, request, obj=None, **kwargs):  # type: ignore[override]  # modeltranslation's own signature
        form_class = super().get_form(request, obj, **kwargs)
        return _held_back(form_class, request.held_back) if hasattr(request, "held_back") else form_class

    def _added(self, request: Any, context: dict[str, Any], action: str) -> Any:
        """A new record is saved at once, public in no language; what its form said becomes its first draft."""
        with transaction.atomic():
            response = self._saved_quietly(request, None, context | {"edition": self._state(request, None)})
            record = request.saved_record
            if record is None:
                return response
            said = snapshot(record)
            if isinstance(record, Publishable):
                self.model._base_manager.filter(pk=record.pk).update(**dict.fromkeys(columns("public_from")))
            Edition.objects.filter(label=record._meta.label_lower, key="", author=request.user).delete()
            draft = drafts.save_draft(record, said, request.user)
        return response if IS_POPUP_VAR in request.POST else self._carried_on(request, record, draft, action)

    def _carried_on(self, request: Any, record: Any, draft: Edition | None, action: str) -> Any:
        """After the draft is kept: publish, submit or schedule it, and say what was done."""
        if draft is None:
            messages.info(request, _("The public page says just this: there is nothing to keep."))
            return self.back_to(record)
        comment = request.POST.get("_comment", "")[:250]
        try:
            done = getattr(self, f"_do{action}")(request, record, draft, comment)
            self.log_change(request, record, done)
            messages.success(request, done)
        except Moved as error:
            messages.success(request, _("The draft is saved."))
            messages.warning(request, error.message)
        except ValidationError as error:
            messages.success(request, _("The draft is saved."))
            for message in error.messages:
                messages.error(request, _("Not published. %(why)s") % {"why": message})
        return self.back_to(record)

    def _do_draft(self, request: Any, record: Any, draft: Edition, comment: str) -> str:
        return _("The draft is saved. The public page has not changed.")

    def _do_submit(self, request: Any, record: Any, draft: Edition, comment: str) -> str:
        drafts.submit(draft, request.user, comment)
        ask_for_review(draft, record, request.build_absolute_uri(admin_address(record)))
        return _("The draft is submitted for review.")

    def _do_schedule(self, request: Any, record: Any, draft: Edition, comment: str) -> str:
        asked = ScheduleForm(request.POST)
        asked.is_valid()
        languages = [asked.cleaned_data["languages"]] if asked.cleaned_data["languages"] else []
        drafts.schedule(draft, asked.cleaned_data["due_at"], request.user, languages)
        return _("The draft is scheduled.")

    def _do_publish(self, request: Any, record: Any, draft: Edition, comment: str) -> str:
        languages = [code for code in codes() if code == request.POST["_publish"]]
        moved = drafts.difference_since_base(draft, record)
        knowing = bool(moved) and request.POST.get("_knowing") == fingerprint(moved)
        drafts.publish(draft, request.user, languages, comment, knowing)
        if working_draft(record):
            return _("Published in %(language)s; the rest waits in the draft.") % {
                "language": language_name(languages[0])
            }
        return _("Published.")

    def _conflict(
        self, request: Any, record: Any, context: dict[str, Any], theirs: Edition | None, said: list[Snapshot]
    ) -> Any:
        """Somebody saved meanwhile: the form as typed, what saving it again would change, and 409."""
        keep_typed(record, self.model, request.POST, request.user)
        present = theirs.snapshot if theirs else snapshot(record)
        changes = compare(self.model, present, said[0]) if said else []
        why = _(
            "Somebody saved this page while you were typing: see what differs above. Nothing of yours is saved yet."
        )
        context = context | {"conflict": {"draft": theirs, "changes": changes}}
        response = self._as_typed(request, record, context, why)
        response.status_code = 409
        return response

    # Deleting -----------------------------------------------------------------------------------------------------

    def delete_model(self, request: Any, obj: Any) -> None:
        with transaction.atomic():
            drafts.keep_in_trash(obj, request.user)
            super().delete_model(request, obj)

    def delete_queryset(self, request: Any, queryset: Any) -> None:
        for record in queryset:
            self.delete_model(request, record)


def _held_back(form_class: Any, why: str) -> Any:
    """The form, never valid: it shows what is posted, with `why` on top."""

    class HeldBack(form_class):
        def clean(self) -> Any:
            cleaned = super().clean()
            self.add_error(None, why)
            return cleaned

    return HeldBack
