"""What can be done with a page besides editing it: history, comparison, trash, sharing, what is typed.

Each page asks for the right to change the record; those that change what others see, and sharing, for the right to
publish on top of it. What must not be known is a 404.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal import drafts
from portal.addresses import admin_address
from portal.changes import Change
from portal.drafts import Stale
from portal.editions import Edition, working_draft
from portal.preview import pages
from portal.rehearsal import rehearsal
from portal.sharing import LASTS, ShareLink, share
from portal.snapshots import apply
from portal.typed import keep_typed, others_at_work, typed


class EditionPages(admin.ModelAdmin):
    """The pages beside the change form of a model that is published as editions."""

    def may_publish(self, request: Any) -> bool:
        """Publish, schedule, restore and share; on top of the right to change the record."""
        return request.user.has_perm("portal.publish")

    def get_urls(self) -> list[Any]:
        def page(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=self._url_name(name))

        return [
            page("trash/", self.trash_view, "trash"),
            page("add/typed/", self.typed_view, "add_typed"),
            page("<path:object_id>/typed/", self.typed_view, "typed"),
            page("<path:object_id>/discard/", self.discard_view, "discard"),
            page("<path:object_id>/share/", self.share_view, "share"),
            page("<path:object_id>/edition/<int:edition>/", self.edition_view, "edition"),
            page("<path:object_id>/edition/<int:edition>/restore/", self.restore_view, "restore"),
            *super().get_urls(),
        ]

    def _url_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def back_to(self, record: models.Model, name: str = "change") -> HttpResponseRedirect:
        """To one of the record's pages, its change form by default."""
        return HttpResponseRedirect(admin_address(record, name))

    def _record(self, request: Any, object_id: str, publisher: bool = False) -> Any:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record) or publisher and not self.may_publish(request):
            raise PermissionDenied
        return record

    def _page(self, request: Any, template: str, title: str, record: Any = None, **more: Any) -> Any:
        context = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "original": record}
        return TemplateResponse(request, template, context | {"may_publish": self.may_publish(request)} | more)

    def preview_response(self, request: Any, record: models.Model, problems: Iterable[str] = ()) -> Any:
        """The record's public pages side by side, at two widths; to be called inside a rehearsal.

        It shows `problems` in the place of the request's messages, which wait for the page that they are about.
        """
        title, shown = _("Preview: %(name)s") % {"name": record}, pages(record, request)
        response = self._page(request, "admin/preview.html", title, record, pages=shown, messages=list(problems))
        response["Cache-Control"] = "private, no-store"
        return response.render()

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        """Who published what and when; with `from` and `to`, what differs between two editions."""
        record = self._record(request, object_id)
        past = list(Edition.objects.of(record).history().select_related("author"))
        draft = working_draft(record)
        chosen = {str(edition.pk): edition for edition in ([draft] if draft else []) + past}
        one, other = chosen.get(request.GET.get("from", "")), chosen.get(request.GET.get("to", ""))
        return self._page(
            request,
            "admin/edition_history.html",
            _("History: %(name)s") % {"name": record},
            record,
            draft=draft,
            editions=_with_changes(past),
            older=one,
            newer=other,
            changes=other.changes_from(one) if one and other else None,
        )

    def edition_view(self, request: Any, object_id: str, edition: int) -> Any:
        """The page as an edition says it: the draft, or what was public once."""
        record = self._record(request, object_id)
        shown = get_object_or_404(Edition.objects.of(record).exclude(state="typed"), pk=edition)
        with rehearsal(record):
            return self.preview_response(request, record, apply(shown.snapshot, record, forgiving=True))

    def restore_view(self, request: Any, object_id: str, edition: int) -> Any:
        """Begin a draft that says what an edition said; POST only."""
        if request.method != "POST":
            raise Http404
        record = self._record(request, object_id, publisher=True)
        past = get_object_or_404(Edition.objects.of(record).history(), pk=edition)
        try:
            draft = drafts.restore(past, request.user)
        except Stale:
            messages.error(request, _("There is a draft already: publish or discard it, then restore."))
            return self.back_to(record, "history")
        if draft is None:
            messages.info(request, _("The public page says just this: there is nothing to restore."))
            return self.back_to(record, "history")
        self.log_change(request, record, _("Restored an earlier edition as a draft."))
        messages.success(request, _("The earlier edition is now a draft. The public page has not changed."))
        return self.back_to(record)

    def discard_view(self, request: Any, object_id: str) -> Any:
        """Ask, saying what would be lost, then end the draft."""
        record = self._record(request, object_id)
        draft = working_draft(record)
        if draft is None:
            return self.back_to(record)
        if request.method == "POST":
            try:
                drafts.discard_draft(record, number(request.POST.get("revision")))
            except Stale:
                messages.error(request, _("The draft was saved by somebody else meanwhile; it is still there."))
                return self.back_to(record)
            self.log_change(request, record, _("Discarded the draft."))
            messages.success(request, _("The draft is discarded. The public page has not changed."))
            return self.back_to(record)
        title = _("Discard the draft of %(name)s?") % {"name": record}
        return self._page(request, "admin/discard_draft.html", title, record, draft=draft)

    def share_view(self, request: Any, object_id: str) -> Any:
        """The links that show the draft to somebody without an account: make one, revoke one, see their uses."""
        record = self._record(request, object_id, publisher=True)
        new_link = ""
        if "revoke" in request.POST:
            revoked = ShareLink.objects.of(record).filter(pk=number(request.POST["revoke"]))
            revoked.update(revoked_at=timezone.now())
            messages.success(request, _("The link no longer opens anything."))
            return self.back_to(record, "share")
        if request.method == "POST":
            lasts = timedelta(days=min(max(number(request.POST.get("days"), LASTS.days), 1), 90))
            path = share(record, request.user, request.POST.get("note", "")[:120], lasts)
            new_link = request.build_absolute_uri(path)
        links = ShareLink.objects.of(record)
        title = _("Share the draft of %(name)s") % {"name": record}
        return self._page(request, "admin/share.html", title, record, links=links, new_link=new_link)

    def typed_view(self, request: Any, object_id: str | None = None) -> Any:
        """Keep the form as it is typed (204), or forget it (`forget`); who may not save may not keep either."""
        if request.method != "POST":
            raise Http404
        record = self._record(request, object_id) if object_id else None
        if record is None and not self.has_add_permission(request):
            raise PermissionDenied
        if "forget" in request.POST:
            typed(record, self.model).filter(author=request.user).delete()
            return self.back_to(record) if record else HttpResponseRedirect(reverse(f"admin:{self._url_name('add')}"))
        keep_typed(record, self.model, request.POST, request.user)
        others = others_at_work(record, request.user) if record else []
        return JsonResponse({"kept": True, "others": [str(other.author) for other in others]})

    def trash_view(self, request: Any) -> Any:
        """What was deleted, and the way back."""
        if not self.has_delete_permission(request) or not self.may_publish(request):
            raise PermissionDenied
        kept = Edition.objects.trash().filter(label=self.opts.label_lower).select_related("author")
        if request.method == "POST":
            edition = get_object_or_404(kept, pk=number(request.POST.get("edition")))
            try:
                record = drafts.bring_back(edition, request.user)
            except ValidationError as error:
                for message in error.messages:
                    messages.error(request, _("Not brought back. %(why)s") % {"why": message})
                return HttpResponseRedirect(request.path)
            self.log_addition(request, record, _("Brought back from the trash."))
            messages.success(request, _("It is back as a draft, under its address. Publish it to show it again."))
            return self.back_to(record)
        title = _("Trash: %(what)s") % {"what": capfirst(self.opts.verbose_name_plural)}
        return self._page(request, "admin/trash.html", title, editions=kept)


def number(text: str | None, otherwise: int = 0) -> int:
    """What a form sends as a whole number."""
    return int(text) if text and text.isdecimal() else otherwise


def _with_changes(past: list[Edition]) -> list[tuple[Edition, Edition | None, list[Change] | None]]:
    """Each edition with the one that it replaced and what it changed; None for the first of all."""
    older = [*past[1:], None]
    return [
        (edition, before, edition.changes_from(before) if before else None)
        for edition, before in zip(past, older, strict=False)  # without any, there is none before the first either
    ]
