"""What the first visit to a page costs, as a browser counts it: requests, bytes, elements."""

from bisect import bisect_right
from itertools import pairwise

import brotli
import pytest

from portal.languages import codes
from tests.browser.site import served

pytestmark = pytest.mark.browser

KIB = 1024
# The quantiles of the public EcoIndex method, of some 500,000 pages (ecoindex.fr, "comment ça marche"; its reference
# calculator is published by the Green IT collective): elements, requests, kilobytes transferred.
ELEMENTS = [0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601]
REQUESTS = [0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281, 3920]
KILOBYTES = [
    *(0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32, 1648.27, 1876.08, 2142.06),
    *(2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26),
]
A = 80  # the score above which a page is an A: the older table of the method, stricter than today's (75)
COMPARISON = 72  # four tables of twelve rows with their sources, and a choice of forty: no A, but no heavier than that
# Address → bytes on the wire, each answer's headers taken for 300 as the Fetch standard has it, with all pictures as at
# the end of a long look at the page. Events of the network say more exactly, but not always when an icon has come.
FETCHED = """async () => {
    const pictures = [...document.images], told = ["navigation", "resource"];
    for (const picture of pictures) picture.loading = "eager";
    await Promise.all(pictures.map((picture) => picture.decode().catch(() => null)));
    const entries = told.flatMap((kind) => performance.getEntriesByType(kind));
    return Object.fromEntries(entries.map((entry) => [entry.name, entry.transferSize]));
}"""
WORDS = """() => {
    const said = [document.title, document.body.innerText, ...[...document.images].map((image) => image.alt)];
    return said.join("\\n");
}"""


def quantile(value, quantiles):
    """The rank of a value among the quantiles, with the part of the way to the next one."""
    rank = min(bisect_right(quantiles, value), len(quantiles) - 1)
    low, high = quantiles[rank - 1 : rank + 1]
    return rank - 1 + (value - low) / (high - low)


def ecoindex(elements, requests, kilobytes):
    """From 0 to 100, more is better: elements weigh three times, requests twice, as the method has it."""
    ranks = 3 * quantile(elements, ELEMENTS) + 2 * quantile(requests, REQUESTS) + quantile(kilobytes, KILOBYTES)
    return 100 - 5 * ranks / 6


def without_cache(page):
    """The page, on a browser that fetches everything again."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return page


def fetched(page, path):
    """What a first visit to a page fetches, with the icon that a window shows: address → bytes on the wire."""
    page.goto(path, wait_until="load")
    icon = page.locator('link[rel="icon"][type="image/svg+xml"]').get_attribute("href")
    return page.evaluate(FETCHED) | {icon: 300 + len(page.request.get(icon).body())}


def compressed(page, path):
    """The page in Brotli, which the server makes ready after the first visits."""
    for _ in range(100):
        response = page.request.get(path, headers={"Accept-Encoding": "gzip, br"})
        if response.headers.get("content-encoding") == "br":
            return int(response.headers["content-length"])
    raise AssertionError(f"{path} is never compressed")


def test_the_grade_follows_the_public_formula():
    assert ecoindex(0, 0, 0) == 100
    assert ecoindex(594601, 3920, 223212.26) == 0
    assert round(ecoindex(100, 100, 100)) == 72  # the example of the method's own library
    for table in (ELEMENTS, REQUESTS, KILOBYTES):
        assert len(table) == 21 and all(low < high for low, high in pairwise(table))


@pytest.mark.parametrize("language", codes())
def test_a_first_visit_to_a_partner_is_light(visitor, shown, language):
    page = visitor()
    path = next(page.path for page in shown if page.name.endswith("pas-de-calais") and page.language == language)
    html = compressed(page, path)
    needed = {url: size for url, size in fetched(without_cache(page), path).items() if "/media/" not in url}
    assert len(needed) <= 5, needed
    assert sum(needed.values()) <= 30 * KIB, needed
    words = len(brotli.compress(page.evaluate(WORDS).encode()))
    assert html - words <= 3 * KIB, f"{html} bytes of HTML for {words} bytes of words"


def test_every_kind_of_page_is_an_ecoindex_a(visitor, shown):
    """In French, which has as many elements as English, and more words."""
    page = without_cache(visitor(width=1920, height=1080))
    found = {each.path: grade(page, each.path) for each in shown if each.language == "fr"}
    assert min(found.values()) > A, sorted(found.items(), key=lambda each: each[1])


def test_lists_of_seventy_partners_stay_an_ecoindex_a(chromium, site_folder):
    with served(site_folder, "crowd") as address:
        page = without_cache(chromium.new_page(base_url=address, viewport={"width": 1920, "height": 1080}))
        for path in (
            "/fr/",
            "/fr/partenaires/",
            "/en/partners/?page=3",
            "/fr/themes/jeunesse/",
            "/fr/elus/",
            "/fr/plan-du-site/",
        ):
            assert grade(page, path) > A, path
        assert grade(page, "/fr/partenaires/comparer/") > COMPARISON
        page.context.close()


def grade(page, path):
    """The EcoIndex of a page with its photographs; as in the method, a drawing counts as one element."""
    sizes = fetched(page, path)
    return ecoindex(page.locator("css=*:not(svg *)").count(), len(sizes), sum(sizes.values()) / 1000)
