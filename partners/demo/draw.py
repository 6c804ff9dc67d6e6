"""How do the sketches of `sketches.txt` become the pictures of the demonstration?

    python partners/demo/draw.py [name …]

draws them (all of them by default) and photographs each through the Chromium of this machine (CHROMIUM says where it
is) into `pictures/<name>.jpg`, 2400 x 1200. Needs playwright and Pillow, both of the development requirements.

A sketch is a list of shapes, one a line, from back to front: a word that names one of the functions below, then what
it takes. A fill may carry an opacity (`turf/.5`), `-` leaves the colour to whoever uses the sketch, a path comes last.
Chance has a seed, so that every run draws the same.
"""

import io
import os
import re
import sys
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
SIZE = (1200, 600)
HORIZON = 360  # 60 % of the height, in every picture
COLOURS = {
    "white": "#fff", "black": "#000", "chalk": "#fbfaf3", "shade": "#d9dfda", "flint": "#aebbb8", "haze": "#b3cdd3",
    "water1": "#9cc3cb", "water2": "#74abb9", "water3": "#4488a0", "water4": "#276784", "turf": "#8fa98d",
    "meadow": "#6d8d7b", "hay": "#a9bb8e", "straw": "#cfc58f", "dune": "#eadfbf", "sand": "#d6c7a2", "wet": "#c2b085",
    "reed": "#8d9568", "mud": "#a9a68c", "silt": "#8f9079", "ink": "#12344a", "slate": "#3d6074", "steel": "#4f7283",
    "brick": "#b98a72", "roof": "#8c5b4b", "clay": "#c9a48a", "lamp": "#f7a833",
}  # fmt: skip


def paint(attribute, colour):
    name, _, opacity = colour.partition("/")
    fill = "" if name == "-" else f' {attribute}="{COLOURS[name]}"'
    return fill + (f' opacity="{opacity}"' if opacity else "")


def path(fill, *d):
    return f'<path{paint("fill", fill)} d="{" ".join(d)}"/>'


def line(colour, width, *d):
    return f'<path fill="none"{paint("stroke", colour)} stroke-width="{width}" d="{" ".join(d)}"/>'


def rect(fill, x, y, width, height):
    return path(fill, f"M{x} {y}h{width}v{height}H{x}z")


def circle(fill, x, y, r):
    return f'<circle{paint("fill", fill)} cx="{x}" cy="{y}" r="{r}"/>'


def ellipse(fill, x, y, rx, ry):
    return f'<ellipse{paint("fill", fill)} cx="{x}" cy="{y}" rx="{rx}" ry="{ry}"/>'


def poly(fill, points):
    return path(fill, "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z")


def use(name, x=0, y=0, scale=1, turn=0, fill="black"):
    """Another sketch, moved, enlarged, turned by so many degrees; `fill` colours what it leaves open."""
    move = f"translate({x} {y}) rotate({turn}) scale({scale})"
    return f'<g transform="{move}"{paint("fill", fill)}>{draw(name)}</g>'


def mirror(name, y, opacity):
    """Another sketch, upside down and half as tall, in water that begins at `y`."""
    return f'<g transform="matrix(1 0 0 -.5 0 {float(y) * 1.5})" opacity="{opacity}">{draw(name)}</g>'


def dice(seed):
    return Random(seed)  # noqa: S311


def sky(x, y, r, seed):
    """Air that pales towards the horizon, the sun with its halo, a few long clouds."""
    chance, stops = dice(seed), zip(("0", ".5", "1"), ("#bcd5dc", "#dae7e7", "#f6f4ea"), strict=True)
    air = "".join(f'<stop offset="{place}" stop-color="{colour}"/>' for place, colour in stops)
    parts = [f'<linearGradient id="air" x2="0" y2="1">{air}</linearGradient>']
    parts.append('<path fill="url(#air)" d="M0 0h1200v361H0z"/>')
    parts += [circle(f"white/{opacity}", x, y, float(r) * k) for k, opacity in ((2.6, 0.12), (1.7, 0.18), (1, 0.85))]
    for _ in range(6):
        left, top, w = chance.randint(-60, 1100), chance.randint(40, 300), chance.randint(120, 330)
        d = f"M{left} {top}q{w / 4} {-w / 22} {w / 2} {-w / 31}t{w / 2} {w / 31}q{-w / 2} {w / 27} {-w} 0z"
        parts.append(path("white/.42", d))
    return "".join(parts)


def sea(x, y, r, seed):
    """The sky, four bands of water whose tops are long swells, and the sun's road upon them."""
    chance, parts = dice(f"sea {seed}"), [sky(x, y, r, seed)]
    parts += [rect("water1", 0, HORIZON, 1200, 240), rect("white/.5", 0, HORIZON, 1200, 3)]
    parts += [swell(f"water{band}", top) for band, top in ((2, 404), (3, 462), (4, 534))]
    for top in range(368, 590, 9):
        spread = 12 + (top - HORIZON) * 0.34
        middle, w = float(x) + chance.uniform(-spread, spread), chance.uniform(10, 18 + spread * 0.5)
        parts.append(line(f"white/{0.55 - (top - HORIZON) / 700:.2f}", 2.4, f"M{middle - w:.0f} {top}h{2 * w:.0f}"))
    for _ in range(16):
        left, top = chance.randint(0, 1150), chance.randint(376, 580)
        parts.append(line("white/.3", 1.6, f"M{left} {top}h{chance.randint(16, 60)}"))
    return "".join(parts)


def swell(fill, top):
    return path(fill, f"M0 {top}q150-12 300 0t300 0 300 0 300 0V600H0z")


def cliffs(seed, x0, x1, foot, *crest):
    """A chalk wall from `x0` to `x1`: ribs in shade, flint lines, blocks at its `foot`, turf on its `crest`."""
    chance, (x0, x1, foot, *crest) = dice(seed), map(float, (x0, x1, foot, *crest))
    step = (x1 - x0) / (len(crest) - 1) / 4
    pairs = zip(crest, crest[1:], strict=False)
    tops = [a + (b - a) * k / 4 + chance.uniform(-4, 4) for a, b in pairs for k in range(4)]
    ridge = [(x0 + i * step, top) for i, top in enumerate([*tops, crest[-1]])]
    parts = [poly("chalk", [*ridge, (x1, foot), (x0, foot)])]
    for (xa, ya), (xb, yb) in zip(ridge[::2], ridge[1::2], strict=False):
        lean, waist = chance.uniform(-0.5, 0.9) * step, ya + (foot - ya) * chance.uniform(0.35, 0.6)
        rib = [(xa, ya + 6), ((xa + xb) / 2, yb + 8), (xb + lean * 0.6, waist), (xb + lean, foot)]
        rib += [(xa + lean * 0.5, foot), (xa + lean * 0.4, waist)]
        parts.append(poly(f"shade/{chance.uniform(0.55, 1):.2f}", rib))
    for depth in (0.3, 0.47, 0.62, 0.8):
        bed = "L".join(f"{x:.0f} {y + (foot - y) * depth + chance.uniform(-2, 2):.0f}" for x, y in ridge)
        parts.append(line("flint/.6", f'2" stroke-dasharray="{chance.randint(30, 60)} 9 14 12', f"M{bed}"))
    for x in (x for x, y in ridge[1:-1:3] if foot - y > 60):
        w, h = chance.randint(16, 34), chance.randint(8, 20)
        block = [(x - w, foot), (x - w * 0.3, foot - h), (x + w * 0.4, foot - h * 0.6), (x + w, foot)]
        parts.append(poly("chalk", block))
    under = [(x, y + 9 + chance.uniform(-4, 6)) for x, y in reversed(ridge)]
    return "".join(parts) + poly("turf", [(x, y - 3) for x, y in ridge] + under)


def far(seed, x0, x1):
    """The other coast on a clear day: a thread of chalk under a thread of blue that meets the sea at both ends."""
    chance, x0, x1 = dice(seed), int(x0), int(x1)
    rise = [(x, min(11, (x - x0) / 7, (x1 - x) / 7) + chance.uniform(-1.5, 1.5)) for x in range(x0, x1 + 1, 20)]
    back = poly("haze", [(x, HORIZON - 2 * h + 3) for x, h in rise])
    return back + poly("chalk", [*((x, HORIZON - h) for x, h in rise), (x1, 361), (x0, 361)])


def marram(seed, x0, x1, y0, y1, tufts, tall):
    """Tufts of dune grass on ground that runs straight from one point to the other."""
    chance, d, (x0, x1, y0, y1, tall) = dice(seed), "", map(float, (x0, x1, y0, y1, tall))
    for _ in range(int(tufts)):
        k = chance.random()
        for _ in range(4):
            lean, tip = chance.uniform(-9, 17), tall * chance.uniform(0.6, 1)
            foot = f"M{x0 + k * (x1 - x0):.0f} {y0 + k * (y1 - y0):.0f}"
            d += f"{foot}q{chance.uniform(-2, 3):.0f}-{tall * 0.6:.0f} {lean:.0f}-{tip:.0f}"
    return line("reed/.9", 2.2, d)


def gulls(seed, x0, x1, y0, y1, number=5):
    chance, d = dice(seed), ""
    for _ in range(int(number)):
        k = chance.uniform(0.6, 1.2)
        wing = f"{15 * k:.0f} 0 {7 * k:.0f}-{9 * k:.0f} {15 * k:.0f} 0"
        d += f"M{chance.randint(int(x0), int(x1))} {chance.randint(int(y0), int(y1))}q{8 * k:.0f}-{9 * k:.0f} {wing}"
    return line("slate/.8", 2.6, d)


def roofs(seed, fill, x0, x1, foot, low, high):
    """A town seen from far away, as one outline between two heights."""
    chance, x, foot = dice(seed), float(x0), float(foot)
    points = [(x, foot)]
    while x < float(x1):
        w, top = chance.randint(18, 34), foot - chance.randint(int(low), int(high))
        points += [(x, top), (x + w / 2, top - chance.randint(8, 18)), (x + w, top)]
        x += w
    return poly(fill, [*points, (x, foot)])


def gables(seed, x0, x1, foot):
    """A quay of stepped gables with their windows, a few of them lit."""
    chance, x, foot, parts = dice(seed), float(x0), float(foot), []
    while x < float(x1):
        w, h = chance.choice((36, 44, 52)), chance.randint(44, 78)
        up, down, top = f"h{w / 8}v-8" * 3, f"v8h{w / 8}" * 3, f"h{w / 4}"
        fill = chance.choice(("slate", "brick", "roof", "steel", "clay"))
        parts.append(path(fill, f"M{x} {foot}v{-h}{up}{top}{down}v{h}z"))
        for row in range(h // 20):
            for column in (0.2, 0.44, 0.68):
                glass = "lamp/.85" if chance.random() < 0.12 else "chalk/.85"
                parts.append(rect(glass, x + w * column, foot - h + 4 + row * 19, w * 0.13, 10))
        x += w
    return "".join(parts)


SHAPES = (path, line, rect, circle, ellipse, use, mirror, sky, sea, swell, cliffs, far, marram, gulls, roofs, gables)
VERBS = {shape.__name__: shape for shape in SHAPES}


def sketches():
    """Each sketch of the file by its name, as lists of words; what is photographed stands under `[name]`."""
    found = {}
    for text in (HERE / "sketches.txt").read_text(encoding="utf-8").splitlines():
        if title := re.fullmatch(r"\[(.+)]|\((.+)\)", text):
            lines = found[title[0]] = []
        elif text and not text.startswith("#"):
            lines.append(text.split())
    return found


SKETCHES = sketches()


def draw(name):
    """The shapes of a picture or of a part, without the SVG element around them."""
    words = SKETCHES.get(f"[{name}]") or SKETCHES[f"({name})"]
    return "".join(VERBS[verb](*values) for verb, *values in words)


def photograph(names, quality=84):
    """Yields the path of each JPEG as it is written."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    width, height = SIZE
    with sync_playwright() as play:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
        for name in names:
            svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{draw(name)}</svg>'
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
            target = HERE / "pictures" / f"{name}.jpg"
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            shot.save(target, quality=quality, progressive=True, optimize=True)
            yield target
        browser.close()


if __name__ == "__main__":
    for picture in photograph(sys.argv[1:] or [title[1:-1] for title in SKETCHES if title.startswith("[")]):
        print(f"{picture.name}: {picture.stat().st_size // 1024} KB")
