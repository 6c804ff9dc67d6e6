"""Every kind and state of a public page in Chromium: what axe-core finds, wide and narrow, light and dark."""

from itertools import product

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from portal.languages import codes

pytestmark = pytest.mark.browser

ASKED = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# By name, for asked by tag axe leaves out what it has turned off (the size of targets) and what it calls experimental.
# In the dark only colours differ, so only what looks at colours is asked again.
RUN = """async ([tags, scheme]) => {
    const rules = axe.getRules(tags).filter(({tags}) => !tags.includes("deprecated"));
    const values = rules.filter(({tags}) => scheme == "light" || tags.includes("cat.color")).map((rule) => rule.ruleId);
    const found = await axe.run({runOnly: {type: "rule", values}, resultTypes: ["violations"]});
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 200)}`));
}"""


@pytest.mark.parametrize("language", codes())
def test_no_page_has_a_barrier_that_axe_can_find(visitor, shown, language):
    page, found = visitor(bypass_csp=True), {}
    page.add_init_script(AXE_SCRIPT)
    for path in [path for _name, code, path in shown if code == language]:
        page.goto(path, wait_until="load")
        for width, scheme in product((1280, 320), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            if barriers := page.evaluate(RUN, [ASKED, scheme]):
                found[path, width, scheme] = barriers
    assert not found, "\n".join(f"{place}: {each}" for place, barriers in found.items() for each in barriers)
