"""What a news item may say of its dates."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from news.models import NewsItem
from portal.drafts import publish, save_draft
from portal.snapshots import snapshot
from tests.factories import make_draft, make_news, make_partner, make_theme

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 3)
WRONG = [
    ({"kind": "event"}, "starts_on"),
    ({"kind": "news", "starts_on": DAY}, "starts_on"),
    ({"kind": "call", "starts_on": DAY}, "starts_on"),
    ({"kind": "project", "ends_on": DAY}, "starts_on"),
    ({"kind": "event", "starts_on": DAY, "ends_on": DAY - timedelta(days=1)}, "ends_on"),
    ({"kind": "news", "closes_on": DAY}, "closes_on"),
    ({"kind": "call", "closes_on": DAY, "dated_on": DAY + timedelta(days=1)}, "closes_on"),
]
RIGHT = [
    {"kind": "news"},
    {"kind": "project"},
    {"kind": "project", "starts_on": DAY, "ends_on": DAY + timedelta(days=300)},
    {"kind": "event", "starts_on": DAY},
    {"kind": "event", "starts_on": DAY, "ends_on": DAY},
    {"kind": "call"},
    {"kind": "call", "closes_on": DAY, "dated_on": DAY},
]


@pytest.mark.parametrize("fields, where", WRONG)
def test_dates_that_do_not_fit_the_kind_are_refused_at_their_field_and_by_the_database(fields, where):
    with pytest.raises(ValidationError) as refused:
        make_news(**fields)
    assert list(refused.value.message_dict)[0] == where
    item = make_news()
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsItem.objects.filter(pk=item.pk).update(**fields)


@pytest.mark.parametrize("fields", RIGHT)
def test_dates_that_fit_the_kind_are_kept(fields):
    assert make_news(**fields).pk


@pytest.mark.parametrize(
    "fields, over",
    [
        ({"kind": "event", "starts_on": DAY}, True),
        ({"kind": "event", "starts_on": DAY, "ends_on": DAY + timedelta(days=1)}, False),
        ({"kind": "call", "closes_on": DAY}, True),
        ({"kind": "call"}, False),
        ({"kind": "project", "starts_on": DAY}, False),
        ({"kind": "news"}, False),
    ],
)
def test_what_has_a_last_day_is_over_on_the_next(fields, over):
    assert make_news(**fields).is_over(DAY + timedelta(days=1)) is over


def test_a_draft_changes_the_partners_of_an_item_only_when_it_is_published():
    first, second, theme = make_partner(), make_partner("Kent"), make_theme()
    item = make_news(partners=[first])
    said = snapshot(item)
    said["fields"] |= {"partners": [str(second.pk)], "themes": [str(theme.pk)], "title_fr": "Autre titre"}
    draft = save_draft(item, said, None)
    assert list(item.partners.all()) == [first]
    publish(draft, None)
    item = NewsItem.objects.get()
    assert (item.title_fr, list(item.partners.all()), list(item.themes.all())) == ("Autre titre", [second], [theme])


def test_a_partner_that_is_not_public_is_not_named():
    item = make_news(partners=[make_draft(), shown := make_partner()])
    assert item.public_partners() == [shown]


def test_the_latest_items_of_each_partner_are_one_query(django_assert_num_queries):
    one, other = make_partner(), make_partner("Kent")
    items = [make_news(str(day), dated_on=DAY + timedelta(days=day), partners=[one]) for day in range(4)]
    both = make_news("Deux", dated_on=DAY - timedelta(days=1), partners=[one, other])
    make_news("Aucun")
    with django_assert_num_queries(1):
        found = NewsItem.objects.published(timezone.now()).latest_of_each("partners", 2)
    assert found == {one.pk: [items[3], items[2]], other.pk: [both]}
