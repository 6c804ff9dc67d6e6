"""The rich text editor in a Chromium that obeys the back office's policy; `page` fails on any report of a breach."""

import pytest
from django.contrib.auth.models import User
from django.utils import translation

from portal.admin_richtext import LABELS
from themes.models import WorkTheme

pytestmark = pytest.mark.browser


@pytest.fixture
def form(page, live_server, client, settings):
    """The form of a new theme, in the French back office."""
    client.force_login(User.objects.create_superuser("editor"))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.set_extra_http_headers({"Accept-Language": "fr"})
    page.goto("/admin/themes/worktheme/add/")
    page.wait_for_selector(".prose-menubar")
    return page


def test_the_editor_speaks_french_and_reaches_its_buttons_by_arrow_keys(form):
    bar = form.locator(".prose-menubar").first
    with translation.override("fr"):
        assert bar.get_attribute("aria-label") == LABELS["menu"]
        assert bar.locator("button").first.get_attribute("aria-label") == LABELS["bold"]
    bar.locator("button").first.focus()
    form.keyboard.press("ArrowLeft")
    assert form.evaluate("document.activeElement.dataset.name") == "history:redo"


def test_an_editor_writes_a_heading_and_a_link(form):
    box = form.locator(".ProseMirror").first
    assert (box.get_attribute("role"), box.get_attribute("lang")) == ("textbox", "fr")
    form.fill("[name=title_fr]", "Jeunesse")
    form.fill("[name=summary_fr]", "Partir et revenir.")
    box.click()
    form.locator("[data-name=heading3]").first.click()
    form.keyboard.type("Partir")
    form.keyboard.press("Enter")
    form.keyboard.type("Arras")
    form.keyboard.press("Shift+Home")
    form.locator("[data-name=link]:not(.disabled)").first.click()
    assert "Modifier le lien" in form.locator("dialog[open]").inner_text()
    form.fill("dialog[open] [name=href]", "arras.fr")
    form.keyboard.press("Enter")
    form.locator("dialog[open]").wait_for(state="detached")
    form.click("[name=_draft]")
    form.wait_for_selector(".success")
    assert WorkTheme.objects.get().body_fr == '<h3>Partir</h3><p><a href="https://arras.fr">Arras</a></p>'


def test_a_refused_script_does_not_run_and_is_gone_from_what_is_posted_next(form):
    form.locator("[name=body_fr]").evaluate("area => area.value = '<p>Kept</p><script>alert(1)</' + 'script>'")
    form.click("[name=_draft]")
    form.wait_for_selector(".errorlist")
    form.wait_for_selector(".prose-menubar")
    assert form.locator(".ProseMirror").first.inner_text() == "Kept"
    assert form.locator("[name=body_fr]").input_value() == "<p>Kept</p>"
