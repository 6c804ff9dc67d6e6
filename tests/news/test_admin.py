"""A news item in the back office: written, refused, drafted, previewed, published."""

from html import unescape

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from news.models import NewsItem
from tests.factories import make_news, make_partner, make_theme
from tests.forms import fields_of
from tests.pages import get

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/news/newsitem/", "/admin/news/newsitem/add/"
WORDS = {
    "title_fr": "Une fête à Gand",
    "title_en": "A feast in Ghent",
    "summary_fr": "Le port s’illumine.",
    "summary_en": "Lights on the harbour.",
    "kind": "event",
    "dated_on": "2026-05-03",
    "starts_on": "2026-05-03",
}


@pytest.fixture
def editor(client):
    client.force_login(User.objects.create_superuser("editor"))
    return client


def form_of(item):
    return reverse("admin:news_newsitem_change", args=[item.pk])


def test_an_item_is_written_with_its_partners_and_published_in_both_languages(editor):
    partner, theme = make_partner("Kent"), make_theme()
    typed = fields_of(editor.get(ADD)) | WORDS | {"partners": [partner.pk], "themes": [theme.pk], "_draft": "1"}
    editor.post(ADD, typed)
    item = NewsItem.objects.get()
    assert not item.is_public()
    draft = fields_of(editor.get(form_of(item))) | {"partners": [partner.pk], "themes": [theme.pk], "_publish": "all"}
    draft |= {f"public_from_{code}_0": "2026-05-01" for code in ("fr", "en")}
    draft |= {f"public_from_{code}_1": "08:00" for code in ("fr", "en")}
    response = editor.post(form_of(item), draft, follow=True)
    item.refresh_from_db()
    assert item.public_languages() == ("fr", "en"), unescape(response.content.decode())
    assert (list(item.partners.all()), list(item.themes.all())) == ([partner], [theme])
    history = get(editor, reverse("admin:news_newsitem_history", args=[item.pk]))
    assert "Une fête à Gand" in history.one("title").text
    assert "A feast in Ghent" in get(editor, partner.get_absolute_url("en")).links()


def test_an_event_without_its_day_is_refused_at_the_field(editor):
    response = editor.post(ADD, fields_of(editor.get(ADD)) | WORDS | {"starts_on": ""})
    assert response.context["adminform"].form.errors["starts_on"]
    assert not NewsItem.objects.exists()


def test_the_preview_shows_the_partners_of_the_form_and_keeps_nothing(editor):
    partner = make_partner("Kent")
    item = make_news()
    typed = fields_of(editor.get(form_of(item))) | {"partners": [partner.pk], "_preview": "1"}
    assert "Department of Kent" in unescape(unescape(editor.post(form_of(item), typed).content.decode()))
    assert not item.partners.exists()


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_whatever_the_number(editor, count, django_assert_max_num_queries):
    for number in range(count):
        make_news(f"N{number}")
    with django_assert_max_num_queries(14):
        assert editor.get(LIST).status_code == 200
