"""Visits of the whole site, in each language: with a mouse, by keyboard alone, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WORDS = {
    "fr": {
        **{"partners": "Les partenaires", "Belgium": "Belgique", "two": "2 partenaires", "member": "Membre"},
        **{"partner": "Province de Flandre-Occidentale", "theme": "Transition écologique et croissance propre"},
        **{"switch": "English", "theme, switched": "Ecological transition and clean growth", "back": "Français"},
        **{"Search": "Recherche", "field": "Un lieu, un nom, un thème", "asked": "kent", "found": "Comté du Kent"},
        **{"news": "Actualités", "item": "Le Comité est lancé à Arras", "data": "Données ouvertes"},
        **{
            "compare": "Comparer leurs chiffres",
            "choose": "Choisir les partenaires",
            "send": "Comparer",
            "skip": "Aller au contenu",
        },
    },
    "en": {
        **{"partners": "The partners", "Belgium": "Belgium", "two": "2 partners", "member": "Member"},
        **{"partner": "Province of West Flanders", "theme": "Ecological transition and clean growth"},
        **{"switch": "Français", "theme, switched": "Transition écologique et croissance propre", "back": "English"},
        **{"Search": "Search", "field": "A place, a name, a theme", "asked": "kent", "found": "Kent County Council"},
        **{"news": "News", "item": "The Committee is launched in Arras", "data": "Open data"},
        **{
            "compare": "Compare their figures",
            "choose": "Choose the partners",
            "send": "Compare",
            "skip": "Skip to content",
        },
    },
}
STOPS = 150  # more than any page has


class Mouse:
    def __init__(self, page):
        self.page = page

    def follow(self, place):
        place.click()

    def tick(self, box):
        box.check()

    def write(self, field, text):
        field.click()
        self.page.keyboard.type(text)

    def send(self, button):
        button.click()


class Keyboard(Mouse):
    """Tab until there, then Enter, or Space on a box."""

    def reach(self, place):
        wanted = place.element_handle()
        for _stop in range(STOPS):
            if wanted.evaluate("(element) => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {place}")

    def follow(self, place):
        self.reach(place)
        self.page.keyboard.press("Enter")

    def tick(self, box):
        self.reach(box)
        self.page.keyboard.press("Space")

    def write(self, field, text):
        self.reach(field)
        self.page.keyboard.type(text)

    def send(self, button):
        self.page.keyboard.press("Enter")


WAYS = {
    "mouse": (Mouse, {}),
    "keyboard": (Keyboard, {}),
    "without JavaScript": (Mouse, {"java_script_enabled": False}),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("language", WORDS)
def test_a_visitor_finds_partners_themes_news_and_data(visitor, language, way):
    hand, options = WAYS[way]
    page, words = visitor(**options), WORDS[language]
    go = hand(page)

    def link(name, within="main"):
        return page.locator(within).get_by_role("link", name=words[name], exact=True).first

    def heading(text):
        return expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(text.replace(" ", r"\s"), re.I))

    page.goto(f"/{language}/", wait_until="load")
    go.follow(link("partners", ".site-nav"))
    heading(words["partners"])
    go.follow(link("Belgium"))
    expect(page.get_by_text(words["two"], exact=True)).to_be_visible()
    go.follow(link("member"))
    expect(page).to_have_url(re.compile(r"\?country=BE&status=member$"))  # to be shared
    expect(link("member")).to_have_attribute("aria-current", "true")
    go.follow(link("partner"))
    heading(words["partner"])
    go.follow(link("theme"))
    heading(words["theme"])
    go.follow(link("switch", ".site-header"))
    heading(words["theme, switched"])
    go.follow(link("back", ".site-header"))
    heading(words["theme"])
    go.follow(link("Search", ".site-nav"))
    go.write(page.get_by_label(words["field"]), words["asked"])
    go.send(page.locator("main").get_by_role("button"))
    expect(page.get_by_role("status")).to_contain_text("kent")
    go.follow(link("found"))
    heading(words["found"])
    go.follow(link("news", ".site-nav"))
    go.follow(link("item"))
    heading(words["item"])
    go.follow(link("data", ".site-footer"))
    heading(words["data"])
    for address in page.locator("main a[href^='/data/']").evaluate_all("(links) => links.map((link) => link.href)"):
        assert page.request.get(address).ok


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("language", WORDS)
def test_a_visitor_sets_two_partners_side_by_side(visitor, language, way):
    hand, options = WAYS[way]
    page, words = visitor(**options), WORDS[language]
    go = hand(page)
    page.goto(f"/{language}/", wait_until="load")
    go.follow(page.locator(".site-nav").get_by_role("link", name=words["partners"]))
    go.follow(page.get_by_role("link", name=words["compare"]))
    go.follow(page.get_by_text(words["choose"]))
    for name in ("Kent", "Essex"):
        go.tick(page.get_by_label(name, exact=True))
    go.follow(page.get_by_role("button", name=words["send"]))
    expect(page).to_have_url(re.compile(r"\?partner=kent&partner=essex$"))
    expect(page.locator("main table").first.locator("tbody th[scope=row] a")).to_have_text(["Kent", "Essex"])


SEEN = """() => {
    const stop = document.activeElement, style = getComputedStyle(stop);
    if (stop === document.body) return null;
    const ring = stop.querySelector(".coast-map__hit"), drawn = ring && getComputedStyle(ring);
    const outlined = style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2;
    const ringed = drawn && drawn.stroke != "none" && parseFloat(drawn.strokeWidth) >= 2;
    const box = [...stop.getClientRects()].find(({width, height}) => width && height) ?? stop.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2, top = document.elementFromPoint(x, y);
    const clear = top && (stop.contains(top) || top.contains(stop) || top.closest("a") === stop);
    const name = stop.outerHTML.slice(0, 120);
    return {name, marked: outlined || ringed, clear: Boolean(clear), inside: box.bottom > 0 && box.top < innerHeight};
}"""
PAGES = (
    "home",
    "partners:list",
    "partners:compare",
    "partners:detail pas-de-calais",
    "partners:detail hauts-de-france",
)
PAGES += ("themes:detail transition-ecologique", "news:list", "search with hits", "data", "404")


@pytest.mark.parametrize("size", [(1280, 800), (320, 256)])
def test_each_stop_of_the_keyboard_is_seen_and_none_is_a_trap(visitor, shown, size):
    page = visitor(*size)
    for name, language, path in shown:
        if language == "fr" and name in PAGES:
            page.goto(path, wait_until="load")
            walk(page, path)


def walk(page, path):
    """From the skip link to the end of the page, and one step back."""
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link", "the way to the text comes first"
    names = []
    for _stop in range(STOPS):
        page.evaluate("() => Promise.all(document.getAnimations().map((animation) => animation.finished))")
        stop = page.evaluate(SEEN)
        if stop is None or stop["name"] in names[:1]:
            break  # after the last stop the browser's own come, or the first again
        names.append(stop["name"])
        assert all(stop.values()), f"{path}: {stop}"
        page.keyboard.press("Tab")
    else:
        raise AssertionError(f"{path}: the keyboard does not leave the page")
    reached = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
    missed = page.locator(reached).locator("visible=true").count() - len(names)
    assert not missed, f"{path}: {missed} links or fields are never reached"
    page.keyboard.press("Shift+Tab")
    back = page.evaluate(SEEN) or page.keyboard.press("Shift+Tab") or page.evaluate(SEEN)
    assert back["name"] == names[-1], f"{path}: no way back"


@pytest.mark.parametrize("language", WORDS)
def test_the_skip_link_leads_to_the_text(visitor, language):
    page = visitor()
    page.goto(f"/{language}/", wait_until="load")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text(WORDS[language]["skip"])
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_on_paper_the_text_stands_alone(visitor):
    page = visitor()
    page.goto("/fr/partenaires/pas-de-calais/", wait_until="load")
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    assert page.locator("h1").is_visible()
