"""Every page under a reader's own conditions: narrow, zoomed, spaced, still, in chosen colours, without style sheet."""

import pytest

from portal.languages import codes

pytestmark = pytest.mark.browser

# The sheet of a reader: adopted, for the policy of the pages forbids any other.
DRESS = """(css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = css ? [sheet] : [];
}"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-block-end: 2em !important; }"""  # WCAG 1.4.12
LARGE = "html { font-size: 200% !important; }"
READERS = {  # name → width, height, sheet
    "320 pixels": (320, 900, ""),
    "320 pixels, spaced": (320, 900, SPACED),
    "1280 pixels, spaced": (1280, 900, SPACED),
    "text at 200 %": (1280, 900, LARGE),
    "zoom of 200 %": (640, 400, ""),
}
# What does not fit: the page wider than the window, text cut off by its box, lines of text upon each other.
MISFITS = """() => {
    const found = [], lines = [], name = (element) => element.outerHTML.slice(0, 120);
    const wider = document.documentElement.scrollWidth - window.innerWidth;
    if (wider > 0) found.push(`${wider} pixels too wide`);
    for (const box of document.querySelectorAll("body *")) {
        const style = getComputedStyle(box);
        const cuts = [style.overflowX, style.overflowY].some((value) => value == "hidden" || value == "clip");
        const seen = box.clientWidth > 1 && box.textContent.trim() && !box.closest("svg");
        if (cuts && seen && (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1))
            found.push(`cut off: ${name(box)}`);
    }
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (walk.nextNode()) {
        const node = walk.currentNode, parent = node.parentElement;
        if (!node.data.trim() || !parent.checkVisibility()) continue;
        if (parent.closest("svg, .skip-link, .visually-hidden")) continue;
        range.selectNodeContents(node);
        for (const {left, right, top, bottom, height} of range.getClientRects())
            lines.push({parent, left: left + 1, right: right - 1, top: top + height / 3, bottom: bottom - height / 3});
    }
    lines.sort((one, other) => one.top - other.top);
    lines.forEach((one, index) => {
        for (const other of lines.slice(index + 1)) {
            if (other.top >= one.bottom) break;
            if (one.left < other.right && other.left < one.right && one.parent != other.parent)
                found.push(`${name(one.parent)} lies upon ${name(other.parent)}`);
        }
    });
    return found;
}"""
MOVING = """() => [...document.querySelectorAll("*")].flatMap((element) => ["", "::before", "::after"].map((part) => {
    const style = getComputedStyle(element, part);
    const still = [style.transitionDuration, style.animationDuration].every((time) => /^0s(, 0s)*$/.test(time));
    return still && style.scrollBehavior != "smooth" ? "" : element.outerHTML.slice(0, 120);
})).filter(Boolean).concat(document.getAnimations().map(String))"""
# What is drawn or written in a colour that the reader did not choose; photographs and signs apart.
OWN_COLOURS = """() => {
    const probe = document.body.appendChild(document.createElement("i")), chosen = new Set(["none"]);
    const names = "Canvas CanvasText LinkText GrayText Highlight ButtonText ButtonFace Field FieldText";
    for (const name of names.split(" ")) {
        probe.style.color = name;
        chosen.add(getComputedStyle(probe).color);
    }
    probe.remove();
    const own = (colour) => !chosen.has(colour) && !/, 0\\)$|^url/.test(colour);
    return [...document.querySelectorAll("body, body *")].flatMap((element) => {
        const style = getComputedStyle(element), {fill, stroke, color, borderTopColor} = style;
        const colours = element.closest("svg :not(g)") ? [fill, stroke] : [color, borderTopColor];
        const left = element.closest(".site-header svg") || style.forcedColorAdjust == "none";
        const seen = element.getClientRects().length;
        return seen && !left && colours.some(own) ? [`${colours} ${element.outerHTML.slice(0, 120)}`] : [];
    });
}"""


@pytest.mark.parametrize("language", codes())
def test_every_reader_finds_all_the_text_in_its_place(visitor, shown, language):
    page, found = visitor(), []
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in [path for _name, code, path in shown if code == language]:
        page.goto(path, wait_until="load")
        drawn = page.locator(".coast-map__land").first
        assert not drawn.count() or drawn.bounding_box()["width"] > 100, f"{path}: the coast is not drawn"
        for reader, (width, height, sheet) in READERS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(DRESS, sheet)
            found += [f"{path}, {reader}: {misfit}" for misfit in page.evaluate(MISFITS)]
    assert len(hosts) == 1, "nothing is asked of another host"
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", codes())
def test_nothing_moves_for_who_wants_rest_and_all_is_in_the_colours_they_chose(visitor, shown, language):
    page, found = visitor(reduced_motion="reduce", forced_colors="active"), []
    for path in [path for _name, code, path in shown if code == language]:
        page.goto(path, wait_until="load")
        found += [f"{path} moves: {each}" for each in page.evaluate(MOVING)]
        found += [f"{path} is in a colour of its own: {each}" for each in page.evaluate(OWN_COLOURS)]
    assert not found, "\n".join(found)


def test_in_chosen_colours_what_is_here_and_who_is_who_can_still_be_told(visitor):
    page = visitor(forced_colors="active")
    page.goto("/fr/partenaires/kent/", wait_until="load")
    drawn = "(mark) => ['fill', 'stroke', 'strokeWidth'].map((name) => getComputedStyle(mark)[name]).join()"
    member, others = "[class=coast-map__mark]", (".coast-map__mark--associate", ".coast-map__mark--observer")
    assert len({page.locator(mark).first.evaluate(drawn) for mark in (member, *others)}) == 3
    assert page.locator(".coast-map__link[aria-current] .coast-map__halo").is_visible()
    borders = page.locator(".site-nav__link").evaluate_all(
        "(links) => links.map((a) => getComputedStyle(a).borderBottomColor)"
    )
    assert borders.count(borders[0]) == 1, "the section of this page is marked, and no other"


BARE = """() => {
    const found = [], name = (element) => element.outerHTML.slice(0, 120);
    const figure = ":has(img, svg, table, blockquote):has(> figcaption)";
    const wanted = [["img", "[alt][width][height]"], ["figure", figure], ["svg", "[width]"]];
    for (const [tag, needed] of wanted)
        found.push(...[...document.querySelectorAll(`${tag}:not(${needed})`)].map(name));
    const strays = document.querySelectorAll("ul > :not(li), ol > :not(li), dl > :not(dt, dd, div)");
    found.push(...[...strays].map(name));
    const heading = document.querySelector("h1"), main = document.querySelector("main");
    if (!heading?.innerText.trim() || !main.contains(heading)) found.push("no h1 in main");
    for (const link of document.querySelectorAll("a[href^='#']"))
        if (!document.getElementById(link.hash.slice(1))) found.push(name(link));
    return found;
}"""


@pytest.mark.parametrize("language", codes())
def test_every_page_reads_without_style_sheet_and_without_script(visitor, shown, language):
    page, found = visitor(java_script_enabled=False), []
    page.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    for path in [path for _name, code, path in shown if code == language]:
        page.goto(path, wait_until="load")
        found += [f"{path}: {each}" for each in page.evaluate(BARE)]
    assert not found, "\n".join(found)
