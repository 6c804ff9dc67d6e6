"""Pictures that are there already are rendered by a command that may fail on one of them, stop and begin again."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal import renditions
from portal.images import Image
from tests.portal.test_images import files, make_image, picture_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pictures(media):
    return [make_image(picture_bytes((600, 400)), name=name) for name in ("First", "Second", "Third")]


def render(capsys, *options):
    """What the command says, and whether it ends well."""
    try:
        call_command("render_images", *options)
    except CommandError as error:
        return "".join(capsys.readouterr()) + str(error), error.returncode
    return capsys.readouterr().out, 0


def lose(media, image):
    """Every rendition of a picture."""
    lost = [media / context.name for context in image.file.contexts()]
    for path in lost:
        path.unlink()
    return lost


def test_what_is_missing_is_rendered_and_nothing_else(media, pictures, capsys):
    before, untouched = files(media), media / pictures[0].file.contexts()[0].name
    written = untouched.stat().st_mtime_ns
    lost = lose(media, pictures[1])
    said, code = render(capsys)
    assert files(media) == before
    assert untouched.stat().st_mtime_ns == written
    assert f"2 of 3: “Second”, {len(lost)} files" in said and "“First”" not in said
    assert "1 rendered, 2 complete, 0 broken" in said and code == 0


def test_the_second_run_finds_nothing_to_do(pictures, capsys):
    render(capsys)
    assert render(capsys) == ("Pictures: 0 rendered, 3 complete, 0 broken.\n", 0)


def test_everything_is_rendered_anew_when_asked(media, pictures, capsys):
    damaged = media / pictures[2].file.contexts()[0].name
    damaged.write_bytes(b"half a picture")
    assert "0 rendered" in render(capsys)[0], "what is there is not opened"
    assert "3 rendered" in render(capsys, "--all")[0]
    assert damaged.stat().st_size > 100
    assert not [path for path in media.rglob(".*") if path.is_file()], "no part of a file stays"


def test_a_dry_run_writes_nothing(media, pictures, capsys):
    lose(media, pictures[0])
    before = files(media)
    assert "1 rendered, 2 complete, 0 broken. Dry run: nothing was written." in render(capsys, "--dry-run")[0]
    assert files(media) == before


def test_a_broken_and_a_missing_original_are_named_and_the_rest_is_rendered(media, pictures, capsys):
    for image in pictures:
        lose(media, image)
    (media / pictures[0].file.name).write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (media / pictures[1].file.name).unlink()
    said, code = render(capsys)
    assert code == 1
    assert "1 of 3: “First” cannot be rendered. OSError" in said
    assert "2 of 3: “Second” cannot be rendered. FileNotFoundError" in said
    assert "1 rendered, 0 complete, 2 broken" in said
    assert not pictures[2].file.missing()


def test_verbosity_decides_how_much_is_said(pictures, capsys):
    assert render(capsys, "--verbosity=0") == ("", 0)
    assert "3 of 3: “Third”, 0 files" in render(capsys, "--verbosity=2")[0]


def test_an_interrupted_run_leaves_whole_files_and_the_next_one_does_the_rest(media, pictures, capsys, monkeypatch):
    lost = lose(media, pictures[0]) + lose(media, pictures[1])
    replace, seen = Path.replace, []

    def stopped(path, target):
        seen.append(target)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    said, code = render(capsys)
    assert (code, "Run it again" in said) == (130, True)
    monkeypatch.undo()
    assert len([path for path in lost if path.exists()]) == 2
    assert not [path for path in media.rglob(".*") if path.is_file()]
    assert render(capsys)[1] == 0
    assert all(path.stat().st_size for path in lost)


def test_a_picture_that_is_deleted_meanwhile_is_passed_over(pictures, capsys, monkeypatch):
    render_first = renditions.PictureFile.missing

    def and_delete(self):
        Image.objects.filter(name="Third").delete()
        return render_first(self)

    monkeypatch.setattr(renditions.PictureFile, "missing", and_delete)
    assert "0 rendered, 2 complete, 0 broken" in render(capsys)[0]
