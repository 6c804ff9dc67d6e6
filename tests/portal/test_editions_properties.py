"""For any sequence of what editors may do, the public page is what a simple model of the rules says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as st

from partners.models import Partner
from portal.drafts import bring_back, discard_draft, keep_in_trash, publish, publish_due, restore, save_draft, schedule
from portal.editions import Edition, working_draft
from portal.rehearsal import rehearsal
from portal.snapshots import snapshot
from tests.factories import make_member, make_partner

TEXTS = ("summary_fr", "summary_en", "website")
VALUES = ("", "a", "b")
WEBSITES = {"": "", "a": "https://a.example/", "b": "https://b.example/"}


class Rules:
    """The rules, said once more: what is public, what is drafted, what was public before, of one record."""

    def __init__(self) -> None:
        self.public: dict = {"summary_fr": "", "summary_en": "", "website": "", "members": ("one",)}
        self.past: list[dict] = []  # what was published through editions, the first being what was found
        self.draft: dict | None = None
        self.due: tuple[str, ...] | None = None
        self.is_deleted = False

    def say(self, said: dict) -> None:
        self.past = self.past or [self.public]
        self.draft, self.due = (None if said == self.public else said), None

    def edit(self, field: str, value: object) -> None:
        self.say((self.draft or self.public) | {field: value})

    def publish(self, languages: tuple[str, ...]) -> None:
        assert self.draft is not None
        waiting = [f"summary_{code}" for code in ("fr", "en") if languages and code not in languages]
        said, self.draft, self.due = self.draft, None, None
        self.public = said | {field: self.public[field] for field in waiting}
        self.past.append(self.public)
        rest = self.public | {field: said[field] for field in waiting}
        self.draft = None if rest == self.public else rest

    def delete(self) -> None:
        self.draft, self.due, self.is_deleted = self.draft or self.public, None, True


def seen(partner: Partner) -> dict:
    partner = Partner.objects.get(pk=partner.pk)
    texts = {field: getattr(partner, field) or "" for field in TEXTS}
    return texts | {"members": tuple(partner.elected_members.order_by("name").values_list("name", flat=True))}


def key_of(partner: Partner, name: str) -> str:
    return str(uuid5(NAMESPACE_OID, f"{partner.pk}/{name}"))


def said_with(partner: Partner, field: str, value: object) -> dict:
    draft = working_draft(partner)
    said = deepcopy(draft.snapshot if draft else snapshot(partner))
    if field == "members":
        said["rows"]["elected_members"] = {key_of(partner, name): {"name": name} for name in value}
    else:
        said["fields"][field] = WEBSITES[value] if field == "website" else value
    return said


edits = st.tuples(
    st.just("edit"),
    st.one_of(
        st.tuples(st.sampled_from(TEXTS), st.sampled_from(VALUES)),
        st.tuples(st.just("members"), st.sampled_from([(), ("one",), ("two",), ("one", "two")])),
    ),
)
publications = st.tuples(st.just("publish"), st.sampled_from([(), ("fr",), ("en",)]))
schedules = st.tuples(st.just("schedule"), st.sampled_from([(), ("fr",), ("en",)]))
others = st.sampled_from([("discard", None), ("due", None), ("delete", None), ("bring back", None)])
restores = st.tuples(st.just("restore"), st.integers(0, 5))
steps = st.tuples(st.integers(0, 1), st.one_of(edits, publications, schedules, others, restores))


@pytest.mark.django_db
@pace(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, max_size=14))
def test_the_public_page_is_what_the_rules_say_whatever_editors_do(journey):
    with rehearsal():
        editor = get_user_model().objects.create_user("editor")
        partners = [make_partner("A"), make_partner("B")]
        for partner in partners:
            make_member(partner, "one", pk=key_of(partner, "one"), role_fr="", role_en="")
        rules = [Rules(), Rules()]
        for which, (verb, what) in journey:
            if verb == "due":
                publish_due(timezone.now() + timedelta(hours=2))
                for rule in rules:
                    if rule.due is not None:
                        rule.publish(rule.due)
            else:
                _do(partners[which], rules[which], verb, what, editor)
            for partner, rule in zip(partners, rules, strict=True):
                if rule.is_deleted:
                    assert not Partner.objects.filter(pk=partner.pk).exists()
                else:
                    assert seen(partner) == rule.public | {"website": WEBSITES[rule.public["website"]]}
                    assert (working_draft(partner) is None) == (rule.draft is None)


def _do(partner: Partner, rule: Rules, verb: str, what: Any, editor: Any) -> None:
    draft = None if rule.is_deleted else working_draft(partner)
    if rule.is_deleted:
        if verb == "bring back":
            bring_back(Edition.objects.trash().get(key=partner.pk), editor)
            publish(working_draft(partner), editor)
            rule.is_deleted = False
            rule.publish(())
    elif verb == "edit":
        save_draft(partner, said_with(partner, *what), editor, draft.revision if draft else 0)
        rule.edit(*what)
    elif verb == "publish" and draft:
        publish(draft, editor, what)
        rule.publish(what)
    elif verb == "schedule" and draft:
        schedule(draft, timezone.now() + timedelta(hours=1), editor, what)
        rule.due = what
    elif verb == "discard" and draft:
        discard_draft(partner, draft.revision)
        rule.draft = rule.due = None
    elif verb == "restore" and draft is None and rule.past:
        past = list(Edition.objects.of(partner).history().order_by("created_at", "pk"))
        restore(past[what % len(past)], editor)
        rule.say(rule.past[what % len(past)])
    elif verb == "delete":
        keep_in_trash(partner, editor)
        Partner.objects.get(pk=partner.pk).delete()
        rule.delete()


DIES_WHILE_PUBLISHING = """
import json, os, sys
import django
django.setup()
from django.db import connection
from partners.models import Partner
from portal.drafts import publish
from portal.editions import Edition

def dying_after(last):
    calls = iter(range(last))
    def watch(execute, *query):
        if next(calls, None) is None:
            os._exit(9)
        return execute(*query)
    return watch

for last in [*range(0, 60, 2), 1000]:
    connection.close()
    child = os.fork()
    if child == 0:
        draft = Edition.objects.working().get()
        with connection.execute_wrapper(dying_after(last)):
            publish(draft, None)
        os._exit(0)
    died = os.waitpid(child, 0)[1] != 0
    partner = Partner.objects.get()
    members = [member.name for member in partner.elected_members.all()]
    print(json.dumps([died, partner.summary_fr, members, Edition.objects.working().count()]))
    if not died:
        break
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_publishing_leaves_the_old_page_or_the_new_one_whole():
    partner = make_partner(summary_fr="Un")
    member = make_member(partner, "Une")
    said = snapshot(partner)
    said["fields"]["summary_fr"] = "Deux"
    said["rows"]["elected_members"][str(member.pk)]["name"] = "Autre"
    save_draft(partner, said, None)
    command = [sys.executable, "-c", DIES_WHILE_PUBLISHING]
    environment = os.environ | {"DATABASE_URL": _reachable_from_outside()}
    run = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, check=True, timeout=120, capture_output=True, text=True
    )
    *killed, last = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(killed) > 5
    assert all(seen_then == [True, "Un", ["Une"], 1] for seen_then in killed)
    assert last == [False, "Deux", ["Autre"], 0]


def _reachable_from_outside() -> str:
    """The address of the test's database for another process."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    host = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    return f"postgresql://{host}/{database['NAME']}"
