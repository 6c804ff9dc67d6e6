"""The page that the portal must be able to show: typed into the real forms, published, read in English."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture

from partners.models import Partner
from portal.models import Image
from tests.factories import make_theme
from tests.forms import fields_of

SEED = next(iter(sorted((Path(settings.BASE_DIR).parent / "shared" / "seed").glob("*.txt"))), None)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SEED is None, reason="the seed page is not beside the project (../shared/seed)"),
]

THEMES = ("Economic development", "Ecological transition", "Youth")


class _Words(HTMLParser):
    """The text that a page shows, in reading order."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.skipped += tag in ("script", "style", "title", "svg")

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in ("script", "style", "title", "svg")

    def handle_data(self, text: str) -> None:
        if not self.skipped:
            self.words.append(text)


def words(html: str) -> str:
    """One line of text: every kind of space is a space."""
    parser = _Words()
    parser.feed(html)
    return re.sub(r"\s+", " ", " ".join(parser.words))


def seed() -> dict[str, Any]:
    """The parts of the seed page, by what they are."""
    parts = [re.sub(r"\s+", " ", part).strip() for part in re.split(r"\n\s*\n", SEED.read_text())]
    breadcrumb, name, seats, member, inhabitants, budget, *rest = [part for part in parts if part]
    headings = [index for index, part in enumerate(rest) if len(part) < 100]
    bullets = re.findall(r"•\s*(.*?)(?=\s*•|$)", rest[headings[3] + 2])
    person, role = member.removeprefix("Elected member: ").split(", ", 1)
    return {
        "breadcrumb": breadcrumb,
        "name": name,
        "seats": seats,
        "person": person,
        "role": role,
        "inhabitants": inhabitants,
        "budget": budget,
        "sections": [rest[index + 1] for index in headings[:3]],
        "themes_intro": rest[headings[3] + 1],
        "bullets": bullets,
        "credit": rest[-1].removeprefix("Copyright: "),
    }


def typed_into_the_form(client: Any, text: dict[str, Any]) -> dict[str, Any]:
    """What an editor types, field by field; the three statements go to the three themes."""
    form = fields_of(client.get(reverse("admin:partners_partner_add")))
    themes = [make_theme(title, title_en=title) for title in THEMES]
    figures = [
        {"indicator": "seats", "label_en": text["seats"]},
        {"indicator": "population", "value": "1500000", "unit": "inhabitants", "is_approximate": "on", "as_of": "2020"},
        {"indicator": "budget", "value": "1800000000", "unit": "EUR", "is_approximate": "on", "label_en": "budget"},
    ]
    rows = {
        "elected_members": [{"name": text["person"], "gender": "F", "role_en": text["role"]}],
        "key_figures": figures,
        "partner_themes": [
            {"theme": str(theme.pk), "statement_en": f"<p>{bullet}</p>"}
            for theme, bullet in zip(themes, text["bullets"], strict=True)
        ],
    }
    for prefix, wanted in rows.items():
        form[f"{prefix}-TOTAL_FORMS"] = str(len(wanted))
        for number, row in enumerate(wanted):
            form |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
            form[f"{prefix}-{number}-position"] = str(number)
    presentation, cooperation, committee = (f"<p>{section}</p>" for section in text["sections"])
    return form | {
        "source_language": "en",
        "name_en": text["name"],
        "name_in_sentence_en": "Pas-de-Calais",
        "kind": "department",
        "country": "FR",
        "status": "member",
        "presentation_en": presentation,
        "cooperation_en": cooperation,
        "committee_en": committee,
        "themes_intro_en": f"<p>{text['themes_intro']}</p>",
        "cover": str(Image.objects.get().pk),
    }


def upload_the_cover(client: Any, credit: str) -> None:
    file = io.BytesIO()
    Picture.new("RGB", (1600, 800), "#3f8199").save(file, "JPEG")
    form = fields_of(client.get(reverse("admin:portal_image_add")))
    picture = SimpleUploadedFile("coast.jpg", file.getvalue(), "image/jpeg")
    typed = {"file": picture, "name": "Coast", "credit": credit, "alt_fr": "La côte.", "alt_en": "The coast."}
    assert client.post(reverse("admin:portal_image_add"), form | typed).status_code == 302


@pytest.fixture
def page(admin_client, client, settings, tmp_path):
    """The public English page, made through the back office."""
    settings.MEDIA_ROOT = tmp_path
    text = seed()
    upload_the_cover(admin_client, text["credit"])
    typed = typed_into_the_form(admin_client, text)
    response = admin_client.post(reverse("admin:partners_partner_add"), typed | {"_publish": ""})
    assert response.status_code == 302, response.context["errors"]
    return client.get(Partner.objects.get().get_absolute_url("en"))


def test_every_paragraph_bullet_and_figure_of_the_seed_is_on_the_page_in_its_order(page):
    text, shown = seed(), words(page.content.decode())
    in_order = [text["name"], *text["sections"], text["themes_intro"], *text["bullets"]]
    places = [shown.find(part) for part in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)
    for part in (text["seats"].rstrip("."), text["person"], text["role"], text["credit"]):
        assert part in shown


def test_the_figures_read_in_english(page):
    shown = words(page.content.decode())
    assert re.search(r"inhabitants\s+1\.5 million", shown), "the label comes first in the source, second on screen"
    assert "€1.8 billion" in shown
    assert "1,5 millions" not in shown


def test_the_breadcrumb_leads_home_and_to_the_partners(page):
    names = [link.label for link in page.context["head"].trail]
    assert names == ["Home", "The partners"]
    assert words(page.content.decode()).count(seed()["name"]) >= 2


def test_the_french_address_shows_the_english_text_and_says_so(page, client):
    french = client.get(Partner.objects.get().get_absolute_url("fr"))
    assert seed()["sections"][0] in words(french.content.decode())
    assert 'lang="en"' in french.content.decode()
    assert "noindex" in french.content.decode()
