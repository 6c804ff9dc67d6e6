"""The picture that stands for a page where it is shared: what is on it, when it is drawn, and for whom it is not."""

from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from portal import card_drawing, cards
from portal.models import SiteSettings
from tests.factories import make_french_only, make_news, make_page, make_partner, make_theme
from tests.pages import Document
from tests.portal.test_images import make_image, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)

LONG = (
    "Communauté d’agglomération du Détroit, « œuvre » commune : l’été, l’île – où naît la coopération, à Noël, sans fin"
)


def address(client, path):
    """Where the card of a page is."""
    (meta,) = Document(client.get(path)).all("meta", property="og:image")
    return meta["content"].removeprefix("http://testserver")


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def opened(response):
    return Pillow.open(BytesIO(content(response)))


@pytest.fixture
def drawn(monkeypatch):
    """What was drawn: title, name of the site, and whether with a picture."""
    seen, draw = [], cards.draw

    def note(title, name, picture):
        seen.append((title, name, picture is not None))
        return draw(title, name, picture)

    monkeypatch.setattr(cards, "draw", note)
    return seen


def test_a_card_says_the_page_and_the_site_in_the_language_of_the_page(client, drawn):
    SiteSettings(pk=1, site_name_fr="Comité du Détroit", site_name_en="Straits Committee").save()
    partner = make_partner(cover=make_image())
    french, english = (address(client, partner.get_absolute_url(code)) for code in ("fr", "en"))
    assert french != english and not drawn, "no page waits for its card"
    for path in (french, english):
        response = client.get(path)
        assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert "immutable" in response["Cache-Control"]
        assert opened(response).size == (1200, 630)
    assert drawn == [
        ("Département du Nord", "Comité du Détroit", True),
        ("Department of Nord", "Straits Committee", True),
    ]


@pytest.mark.parametrize("make", [make_theme, make_page, make_news])
def test_each_record_has_a_card(make, client, drawn):
    content(client.get(address(client, make("Jeunesse").get_absolute_url("fr"))))
    assert drawn == [("Jeunesse", "Comité du Détroit", False)]


@pytest.mark.parametrize("path", ["/fr/", "/en/", "/en/partners/", "/fr/partenaires/comparer/", "/en/data/"])
def test_so_has_each_page_without_a_record(path, client, drawn):
    assert opened(client.get(address(client, path))).size == (1200, 630)
    assert len(drawn) == 1


def test_a_card_is_drawn_once_and_served_without_a_query(client, drawn, django_assert_num_queries):
    path = address(client, make_page().get_absolute_url("en"))
    first = content(client.get(path))
    with django_assert_num_queries(0):
        assert content(client.get(path)) == first
    assert len(drawn) == 1


def test_what_changes_on_the_card_changes_its_address_and_the_former_one_leads_there(client):
    page = make_page()
    former = address(client, page.get_absolute_url("en"))
    page.title_en = "Another title"
    page.save()
    present = address(client, page.get_absolute_url("en"))
    assert present != former
    assert client.get(former)["Location"] == present
    page.body_en = "<p>Another text.</p>"
    page.save()
    assert address(client, page.get_absolute_url("en")) == present


def test_the_site_s_picture_stands_in_and_one_too_small_does_not(client, drawn):
    SiteSettings(pk=1, site_name_fr="Comité", share_image=make_image()).save()
    content(client.get(address(client, make_page().get_absolute_url("fr"))))
    small = make_partner(cover=make_image(picture_bytes((300, 150)), name="Small"))
    content(client.get(address(client, small.get_absolute_url("fr"))))
    assert [with_picture for _title, _name, with_picture in drawn] == [True, False]


@pytest.mark.parametrize(
    "page",
    ["fr/nothing", "de", "en/search", "admin", "../admin", "en/partners/%00", "static/css/portal.css", "x" * 300],
)
def test_no_other_address_has_anything_drawn(page, client, drawn):
    make_page()
    assert client.get(f"/cards/{'0' * 24}/{page}.jpg").status_code in (400, 404)
    assert not drawn


def test_an_invented_digest_draws_nothing(client, drawn):
    true = address(client, make_page().get_absolute_url("en"))
    invented = true.replace(true.split("/")[2], "a" * 24)
    assert client.get(invented)["Location"] == true
    assert client.get(f"{invented}?title=Anything")["Location"] == true
    assert client.post(true).status_code == 405
    assert not drawn


def test_what_is_not_public_or_not_to_be_indexed_has_no_card(client, drawn):
    page = make_page()
    path = address(client, page.get_absolute_url("en"))
    page.public_until_fr = page.public_until_en = timezone.now()
    page.save()
    foreign = make_french_only().get_absolute_url("en").strip("/")
    assert client.get(path).status_code == 404
    assert client.get(f"/cards/{'0' * 24}/{foreign}.jpg").status_code == 404
    assert not drawn


def test_rendering_everything_anew_draws_cards_anew_too(client, drawn, capsys):
    path = address(client, make_page().get_absolute_url("en"))
    content(client.get(path))
    call_command("render_images", "--all")
    content(client.get(path))
    assert len(drawn) == 2


def test_a_picture_whose_rendition_is_lost_is_left_out(client, media, drawn):
    partner = make_partner(cover=make_image())
    for lost in media.rglob("*.webp"):
        lost.unlink()
    content(client.get(address(client, partner.get_absolute_url("fr"))))
    assert [with_picture for _title, _name, with_picture in drawn] == [False]


# The drawing ------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["the machine's font", "Pillow's own"])
def font(request, monkeypatch):
    if request.param == "Pillow's own":
        monkeypatch.setattr(card_drawing, "SERIFS", ())
    card_drawing._font.cache_clear()
    yield
    card_drawing._font.cache_clear()


@pytest.mark.parametrize("title", ["Nord", LONG, LONG * 3, "Anti" * 60])
@pytest.mark.parametrize("kind", ["", "JPEG", "transparent"])
def test_every_title_fits_on_a_card_of_at_most_80_kilobytes(title, kind, font):
    picture = None
    if kind:
        picture = BytesIO()
        noise = Pillow.effect_noise((1920, 960), 90)
        noise.convert("RGBA" if kind == "transparent" else "RGB").save(picture, "WEBP", quality=60)
    drawn = card_drawing.draw(title, "Comité du Détroit", picture)
    assert len(drawn) <= 80_000
    card = Pillow.open(BytesIO(drawn))
    assert (card.size, card.format) == ((1200, 630), "JPEG")


@given(st.text(min_size=1, max_size=160), st.sampled_from([card_drawing.ABOVE_SHORES, card_drawing.BELOW_PICTURE]))
@settings(max_examples=60, deadline=None)
def test_no_title_leaves_its_place(title, height):
    font, lines = card_drawing.fitted(card_drawing._legible(title), height)
    assert len(lines) * font.size * card_drawing.LEADING <= height
    assert all(card_drawing._width(line, font) <= 1200 - 2 * card_drawing.MARGIN for line in lines)


def test_accents_are_drawn_with_a_font_that_has_none(monkeypatch):
    monkeypatch.setattr(card_drawing, "SERIFS", ())
    card_drawing._font.cache_clear()
    titles = ("Élève à Noël, forêt, ça", "Eleve a Noel, foret, ca")
    with_accents, without = (card_drawing.draw(title, "Site") for title in titles)
    card_drawing._font.cache_clear()
    assert with_accents != without
    assert card_drawing._parted("œuvre d’été")[0] == "oeuvre d’ete"
