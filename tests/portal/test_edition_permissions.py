"""Who reaches what of drafts, history, shares and trash: every endpoint, every role, every state of the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from partners.models import Partner
from portal import roles
from portal.drafts import keep_in_trash, publish, save_draft, schedule, submit
from portal.editions import Edition, working_draft
from portal.sharing import share
from portal.snapshots import snapshot
from tests.factories import make_draft, make_partner
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

# In the order of the columns below.
ROLES = ("visitor", "staff", "translator-en", "editor", "publisher", "administrator")
LOGIN, NO, YES, GONE = 302, 403, 200, 404
DONE = "done"  # a redirect to a page of the back office, after what was asked

# What is asked, and how it is answered, role by role.
TABLE: dict[str, tuple[Any, ...]] = {
    "change": (LOGIN, NO, YES, YES, YES, YES),
    "history": (LOGIN, NO, YES, YES, YES, YES),
    "edition": (LOGIN, NO, YES, YES, YES, YES),
    "share": (LOGIN, NO, NO, NO, YES, YES),
    "trash": (LOGIN, NO, NO, NO, YES, YES),
    "delete": (LOGIN, NO, NO, NO, YES, YES),
    "POST typed": (LOGIN, NO, YES, YES, YES, YES),
    "POST _preview": (LOGIN, NO, YES, YES, YES, YES),
    "POST _draft": (LOGIN, NO, DONE, DONE, DONE, DONE),
    "POST _submit": (LOGIN, NO, DONE, DONE, DONE, DONE),
    "POST _publish": (LOGIN, NO, NO, NO, DONE, DONE),
    "POST _schedule": (LOGIN, NO, NO, NO, DONE, DONE),
    "POST discard": (LOGIN, NO, DONE, DONE, DONE, DONE),
    "POST restore": (LOGIN, NO, NO, NO, DONE, DONE),
    "POST share": (LOGIN, NO, NO, NO, YES, YES),
    "POST bring back": (LOGIN, NO, NO, NO, DONE, DONE),
    "GET restore": (LOGIN, GONE, GONE, GONE, GONE, GONE),
    "GET typed": (LOGIN, GONE, GONE, GONE, GONE, GONE),
}
STATES = ("public", "drafted", "submitted", "scheduled", "never published")


def client_of(role: str, client: Any) -> Any:
    if role == "visitor":
        return client
    roles.set_up()
    user = get_user_model().objects.create_user(role, is_staff=True)
    if role != "staff":
        user.groups.add(Group.objects.get(name=roles.roles()[role].name))
    client.force_login(user)
    return client


def page_in(state: str) -> Partner:
    """A partner in one of the states; all but the last have been published twice, so that there is what to restore."""
    if state == "never published":
        partner = make_draft()
        save_draft(partner, snapshot(partner), None)
        return partner
    partner = make_partner()
    publish(_drafted(partner, "Deux"), None)
    if state != "public":
        draft = _drafted(partner, "Trois")
        if state == "submitted":
            submit(draft, None)
        if state == "scheduled":
            schedule(draft, timezone.now() + timedelta(days=1), None)
    return partner


def _drafted(partner: Partner, summary: str) -> Edition:
    said = snapshot(partner)
    return save_draft(partner, {"fields": said["fields"] | {"summary_en": summary}, "rows": said["rows"]}, None)


def asked(client: Any, partner: Partner, what: str, page: Any) -> Any:
    """The answer to one request of the table; `page` is the answer to the change form."""

    def address(name: str, *more: Any) -> str:
        return reverse(f"admin:partners_partner_{name}", args=[partner.pk, *more])

    draft = working_draft(partner)
    if what == "trash":
        return client.get(reverse("admin:partners_partner_trash"))
    if what == "edition":
        return client.get(address("edition", Edition.objects.of(partner).first().pk))
    if what.endswith("restore"):
        oldest = Edition.objects.of(partner).last()
        return (client.post if what.startswith("POST") else client.get)(address("restore", oldest.pk))
    if what == "POST bring back":
        other = make_partner("Autre")
        edition = keep_in_trash(other, None)
        other.delete()
        return client.post(reverse("admin:partners_partner_trash"), {"edition": edition.pk})
    if what == "POST discard":
        return client.post(address("discard"), {"revision": draft.revision if draft else 0})
    if what.startswith("POST _"):
        tomorrow = timezone.localtime() + timedelta(days=1)
        due = {"schedule-due_at_0": tomorrow.strftime("%Y-%m-%d"), "schedule-due_at_1": "10:00"}
        form = fields_of(page) if page.status_code == 200 else {}
        typed = {"summary_en": "Typed"} | due | {what.removeprefix("POST "): ""}
        return client.post(address("change"), form | typed)
    if what.startswith("POST "):
        return client.post(address(what.removeprefix("POST ")), {"note": "x"})
    return client.get(address(what.removeprefix("GET ")))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_it_may_and_nothing_else(client, role, state):
    column = ROLES.index(role)
    client, partner = client_of(role, client), page_in(state)
    form = client.get(reverse("admin:partners_partner_change", args=[partner.pk]))
    for what, answers in TABLE.items():
        if state == "never published" and what.endswith("restore"):
            continue  # it has no past
        with transaction.atomic():
            answer, expected = asked(client, partner, what, form), answers[column]
            transaction.set_rollback(True)  # each answer begins from the same page
        if expected == DONE:
            assert answer.status_code == 302, (what, answer.status_code)
            assert "login" not in answer.url
        else:
            assert answer.status_code == expected, what
            assert expected != LOGIN or "login" in answer.url


@pytest.mark.parametrize("role", ROLES[:4])
def test_no_page_moves_without_the_right_to_publish(client, role):
    client, partner = client_of(role, client), page_in("drafted")
    before = snapshot(partner)
    page = client.get(reverse("admin:partners_partner_change", args=[partner.pk]))
    for what in TABLE:
        asked(client, partner, what, page)
    assert snapshot(partner) == before


def test_a_shared_link_opens_one_draft_and_a_wrong_one_nothing(client):
    partner = page_in("drafted")
    link = share(partner, None)
    assert client.get(link).status_code == 200
    assert client.get(link[:-5] + "x" + link[-4:]).status_code == 404
    assert client.get(link.replace("/fr/", "/de/")).status_code == 404


def test_a_translator_changes_nothing_but_their_language(client):
    client, partner = client_of("translator-en", client), page_in("public")
    address = reverse("admin:partners_partner_change", args=[partner.pk])
    form = fields_of(client.get(address))
    client.post(
        address, form | {"summary_en": "New", "summary_fr": "Non", "website": "https://non.example/", "_draft": ""}
    )
    changed = [change.field for change in working_draft(partner).changes_from(working_draft(partner).base)]
    assert changed == ["summary_en"]
