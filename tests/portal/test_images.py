"""What happens to an upload: what is kept of it, what is refused, what is rendered and from where it is served."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import override
from PIL import Image as Pillow
from PIL import ImageFile

from portal.images import Image
from portal.rehearsal import rehearsal
from portal.uploads import Picture

pytestmark = pytest.mark.django_db(transaction=True)

ORIENTATION, GPS = 0x0112, 0x8825


def picture_bytes(size=(1200, 800), kind="JPEG", colour="navy", **options):
    written = BytesIO()
    Pillow.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def upload(content=None, name="Cap Blanc-Nez.JPG"):
    return SimpleUploadedFile(name, content if content is not None else picture_bytes())


def make_image(content=None, **overrides):
    fields = {"name": "Cap", "alt_fr": "Une falaise.", "credit": "Exemple", "taken_on": date(2020, 2, 5)}
    image = Image(file=upload(content), **fields | overrides)
    image.full_clean()
    image.save()
    return image


def files(media):
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def opened(media, address):
    return Pillow.open(media / address.removeprefix("/media/")).convert("RGB")


def photograph_with_metadata():
    exif = Pillow.Exif()
    exif[ORIENTATION] = 6  # turned a quarter to the right when shown
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (50.0, 55.0, 30.0)
    return picture_bytes((1200, 800), exif=exif, comment=b"private")


def test_neither_the_stored_original_nor_a_rendition_says_where_it_was_taken(media):
    make_image(photograph_with_metadata())
    stored = files(media)
    assert len(stored) > 8
    for name in stored:
        picture = Pillow.open(media / name)
        assert not picture.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile"} & picture.info.keys()


def test_a_photograph_taken_upright_stands_upright(media):
    image = make_image(photograph_with_metadata())
    assert (image.width, image.height) == (800, 1200)
    assert opened(media, image.renditions[0][1][-1][0]).size == (800, 1200)


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((300, 200), [300]),
        ((480, 300), [480]),
        ((1200, 800), [480, 960, 1200]),
        ((2400, 800), [480, 960, 1920]),
    ],
)
def test_renditions_come_in_two_formats_and_never_wider_than_the_original(media, size, widths):
    image = make_image(picture_bytes(size))
    assert [mime for mime, _sizes in image.renditions] == ["image/avif", "image/webp"]
    for mime, sizes in image.renditions:
        assert [width for _address, width in sizes] == widths
        for address, width in sizes:
            rendered = Pillow.open(media / address.removeprefix("/media/"))
            assert rendered.width == width
            assert rendered.format == mime.removeprefix("image/").upper()


def two_shores():
    """Red on the left half, blue on the right, twice as tall as wide pictures are cut."""
    picture = Pillow.new("RGB", (1000, 1000), "red")
    picture.paste("blue", (0, 500, 1000, 1000))
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(("focus", "seen"), [("0.5x0.1", (255, 0, 0)), ("0.5x0.9", (0, 0, 255))])
def test_what_is_cut_is_cut_around_the_focal_point(media, focus, seen):
    image = make_image(two_shores(), focal_point=focus)
    wide = opened(media, image.wide[1][1][0][0])
    assert wide.size == (480, 240)
    assert all(abs(is_ - should) < 30 for is_, should in zip(wide.getpixel((240, 120)), seen, strict=True))


def test_moving_the_focal_point_renders_new_cuts_and_keeps_the_whole_picture(media):
    image = make_image(two_shores())
    before = image.renditions, image.wide
    image.focal_point = "0.5x0.9"
    image.save()
    assert image.renditions == before[0]
    assert image.wide != before[1]
    assert opened(media, image.wide[1][1][0][0]).getpixel((240, 120))[2] > 200


def test_saving_without_another_file_renders_nothing(media, monkeypatch):
    image = make_image()
    monkeypatch.setattr(type(image.file), "_process", lambda *args, **kwargs: pytest.fail("rendered again"))
    image = Image.objects.get()
    image.credit = "Autre"
    image.save()


def test_the_addresses_of_renditions_ask_neither_storage_nor_database(media, django_assert_num_queries, monkeypatch):
    make_image()
    image = Image.objects.get()
    monkeypatch.setattr(FileSystemStorage, "exists", lambda *args: pytest.fail("asked the storage"))
    monkeypatch.setattr(FileSystemStorage, "_open", lambda *args: pytest.fail("opened a file"))
    with django_assert_num_queries(0):
        assert image.renditions
        assert image.wide


def refused():
    """A file's content, and a word of the message in French and in English."""
    big = BytesIO()
    Pillow.new("1", (7000, 6000)).save(big, "PNG")
    whole = picture_bytes((800, 800), colour="teal")
    gif = BytesIO()
    Pillow.new("P", (10, 10)).save(gif, "GIF")
    return {
        "no picture": (b"%PDF-1.7 something else", "not a picture"),
        "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not a picture"),
        "GIF": (gif.getvalue(), "not a picture"),
        "truncated": (whole[: len(whole) // 2], "damaged"),
        "too many pixels": (big.getvalue(), "too large"),
    }


@pytest.mark.parametrize("case", refused())
def test_what_is_no_picture_for_the_site_is_refused_in_words(case, media):
    content, word = refused()[case]
    with override("en"), pytest.raises(ValidationError, match=word):
        Picture(upload(content))
    with pytest.raises(ValidationError):
        make_image(content)
    assert files(media) == []
    assert not Image.objects.exists()


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ValidationError):
        Picture(upload(refused()["too many pixels"][0]))


def test_a_file_that_is_too_heavy_is_refused_unread(settings):
    settings.IMAGE_MAX_BYTES = 100
    with override("en"), pytest.raises(ValidationError, match="too heavy"):
        Picture(upload())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_each_of_the_four_formats_is_taken(kind, media):
    image = make_image(picture_bytes((600, 300), kind))
    assert image.file.name == f"originals/cap-blanc-nez.{kind.lower()}"


def test_print_colours_are_brought_to_the_screen(media):
    cmyk = BytesIO()
    Pillow.new("CMYK", (600, 300), (0, 255, 255, 0)).save(cmyk, "JPEG")
    red = opened(media, make_image(cmyk.getvalue()).renditions[0][1][0][0]).getpixel((5, 5))
    assert red[0] > 200 > 60 > red[2]


def test_an_upload_that_is_rehearsed_or_rolled_back_leaves_no_file(media):
    with rehearsal():
        make_image()
    with pytest.raises(RuntimeError), transaction.atomic():
        make_image()
        raise RuntimeError
    assert files(media) == []


def test_replacing_or_deleting_a_picture_takes_its_files_away(media):
    image = make_image()
    first = files(media)
    image.file = upload(two_shores(), "other.png")
    image.save()
    assert not set(first) & set(files(media))
    assert (image.width, image.height) == (1000, 1000)
    Image.objects.all().delete()
    assert files(media) == []


def test_originals_are_not_served(client, media):
    image = make_image()
    assert client.get(f"/media/{image.file.name}").status_code == 404
    assert client.get(f"/media/__processed__/../{image.file.name}").status_code in (400, 404)


def test_a_picture_is_described_or_decorative_for_the_form_and_for_the_database():
    with pytest.raises(ValidationError) as refusal:
        make_image(alt_fr="", alt_en="")
    assert "alt_fr" in refusal.value.message_dict
    assert make_image(alt_fr="", alt_en="A cliff.")
    assert make_image(name="Trait", alt_fr="", is_decorative=True)
    with pytest.raises(IntegrityError):
        Image.objects.update(alt_fr=None, alt_en="", is_decorative=False)
