"""How does the picture look that stands for a page where it is shared?

The page's title and the site's name: on a sky above the two shores, or below the page's own picture, from which a run
of cliffs parts them. In the serif of the machine where it has one; the font that comes with Pillow has no accents, so
that they are drawn.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import IO
from unicodedata import category, combining, normalize

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, ImageOps

SIZE = (1200, 630)  # pixels: what social networks ask for
HEAVIEST = 80_000  # bytes
MARGIN, GAP = 72, 22
TITLE = range(84, 35, -4)  # pixels: the largest that fits
NAME = 30
ABOVE_SHORES, BELOW_PICTURE = 230, 290  # pixels: the most that a title may take
LEADING = 1.18
SKY = settings.BASE_DIR / "static/img/share.png"
INK, QUIET, DEEP, ON_DEEP, ON_DEEP_QUIET, LAMP = "#0b2536", "#435863", "#0b2536", "#eff3f0", "#b3c6ce", "#f7a833"
CLIFFS = ((0, 14), (90, 18), (210, 15), (370, 27), (460, 43), (520, 46), (720, 46), (770, 38), (860, 33), (920, 22),
          (1030, 19), (1120, 14), (1200, 16))  # fmt: skip
WEST = ((2, 2), (32, 2), (29, 9), (23, 14), (21, 22), (14, 28), (12, 37), (6, 41), (5, 46), (2, 46))
EAST = ((46, 46), (16, 46), (19, 40), (26, 35), (28, 27), (35, 22), (37, 13), (43, 8), (45, 3), (46, 3))
LIGHT = ((24, 19.5), (28.5, 24), (24, 28.5), (19.5, 24))
SERIFS = ("Charter-Regular.ttf", "CharisSIL-Regular.ttf", "NotoSerif-Regular.ttf", "DejaVuSerif.ttf",
          "LiberationSerif-Regular.ttf", "georgia.ttf")  # fmt: skip
MARKS = {"\u0300": "`", "\u0301": "´", "\u0302": "^", "\u0303": "~", "\u0308": "..", "\u030a": "°", "\u0327": ","}
PLAIN = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "–": "-", "—": "-", "\u00a0": " ", "\u202f": " "})
Point = tuple[float, float]


def draw(title: str, name: str, picture: IO[bytes] | None = None) -> bytes:
    """A JPEG of `SIZE`, of at most `HEAVIEST` bytes; `picture` is any that Pillow reads."""
    title, name = _legible(title), _legible(name)
    font, lines = fitted(title, BELOW_PICTURE if picture else ABOVE_SHORES)
    card = _on_sky(font, lines, name) if picture is None else _below(Image.open(picture), font, lines, name)
    for quality in (84, 76, 68, 58, 46, 32, 20):
        written = BytesIO()
        card.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
        if written.tell() <= HEAVIEST:
            break
    return written.getvalue()


def _legible(text: str) -> str:
    """Without the signs that control a machine, at which drawing may fail."""
    return "".join(sign for sign in text if not category(sign).startswith("C"))


def _on_sky(font: ImageFont.FreeTypeFont, lines: list[str], name: str) -> Image.Image:
    card = Image.open(SKY).convert("RGB")
    pen = ImageDraw.Draw(card)
    _say_name(pen, 52, name, INK, QUIET)
    _say_lines(pen, 52 + 48 + 2 * GAP, font, lines, INK)
    return card


def _below(picture: Image.Image, font: ImageFont.FreeTypeFont, lines: list[str], name: str) -> Image.Image:
    top = SIZE[1] - 52 - 48 - GAP - round(font.size * LEADING * len(lines)) - GAP  # of the title
    edge = top - 68
    card = Image.new("RGB", SIZE, DEEP)
    seen = (SIZE[0], edge + 60)
    upright = picture.convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    card.paste(ImageOps.fit(Image.alpha_composite(white, upright).convert("RGB"), seen, Image.Resampling.LANCZOS))
    pen = ImageDraw.Draw(card)
    pen.polygon([(x, edge + y) for x, y in CLIFFS] + [(SIZE[0], SIZE[1]), (0, SIZE[1])], fill=DEEP)
    _say_lines(pen, top, font, lines, ON_DEEP)
    _say_name(pen, SIZE[1] - 52 - 48, name, ON_DEEP, ON_DEEP_QUIET)
    return card


def _say_name(pen: ImageDraw.ImageDraw, top: float, name: str, shore: str, ink: str) -> None:
    """The site's mark, and its name beside it."""
    for points, colour in ((WEST, shore), (EAST, shore), (LIGHT, LAMP)):
        pen.polygon([(MARGIN + x, top + y) for x, y in points], fill=colour)
    size = next((size for size in range(NAME, 15, -2) if _width(name, _font(size)) <= SIZE[0] - 2 * MARGIN - 70), 16)
    _write(pen, (MARGIN + 70, top + 34), name, _font(size), ink)


def _say_lines(pen: ImageDraw.ImageDraw, top: float, font: ImageFont.FreeTypeFont, lines: list[str], ink: str) -> None:
    for number, line in enumerate(lines):
        _write(pen, (MARGIN, top + font.size * (0.9 + LEADING * number)), line, font, ink)


def fitted(title: str, height: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest font in which the title fits, and its lines; what does not fit in the smallest is cut short."""
    for size in TITLE:
        font = _font(size)
        lines, most = _lines(title, font), int(height / (size * LEADING))
        if len(lines) <= most and all(_width(line, font) <= _room() for line in lines):
            return font, lines
    cut = lines[:most] if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + "…"]
    return font, [_shortened(line, font) for line in cut]


def _shortened(line: str, font: ImageFont.FreeTypeFont) -> str:
    while _width(line, font) > _room():
        line = line[:-2] + "…"
    return line


def _lines(title: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Words in lines of the room that there is; spaces that must not break do not."""
    lines: list[str] = []
    for word in title.split(" "):
        if lines and _width(f"{lines[-1]} {word}", font) <= _room():
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _room() -> int:
    return SIZE[0] - 2 * MARGIN


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    for name in SERIFS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101 (Pillow is built with FreeType, or refuses a size)
    return font


def _is_plain(font: ImageFont.FreeTypeFont) -> bool:
    return font.getname()[0] == "Aileron"


def _width(text: str, font: ImageFont.FreeTypeFont) -> float:
    return font.getlength(_parted(text)[0] if _is_plain(font) else text)


def _parted(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Letters without their marks, and the marks by place."""
    letters, marks = "", []
    for sign in normalize("NFD", text.translate(PLAIN)):
        if combining(sign):
            marks.append((len(letters) - 1, MARKS.get(sign, "")))
        else:
            letters += sign
    return letters, marks


def _write(pen: ImageDraw.ImageDraw, at: Point, text: str, font: ImageFont.FreeTypeFont, ink: str) -> None:
    """From the left, on a baseline."""
    letters, marks = _parted(text) if _is_plain(font) else (text, [])
    pen.text(at, letters, fill=ink, font=font, anchor="ls")
    for place, mark in marks:
        letter, before = letters[place], font.getlength(letters[:place])
        middle = at[0] + before + font.getlength(letter) / 2
        small = _font(round(font.size * 0.7)) if mark in "^~" else font
        if mark == ",":
            bottom = at[1] + font.size * 0.22
        else:
            bottom = at[1] + font.getbbox(letter, anchor="ls")[1] - font.size * 0.06
        _stamp(pen, (middle, bottom), mark, small, ink)


def _stamp(pen: ImageDraw.ImageDraw, at: Point, mark: str, font: ImageFont.FreeTypeFont, ink: str) -> None:
    """A mark centred on a point, its ink ending there."""
    left, top, right, bottom = pen.textbbox((0, 0), mark, font=font, anchor="ls")
    drawn = font.getmask(mark).getbbox() or (0, 0, 0, 0)
    start, end = drawn[0], drawn[2]
    pen.text((at[0] - (start + end) / 2, at[1] - (top + drawn[3])), mark, fill=ink, font=font, anchor="ls")
