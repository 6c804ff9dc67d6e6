"""Signing in with a real Chromium, under the policy: the form, the second factor's picture, its codes, and back."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User

from tests.browser.test_accessibility import ASKED, RUN
from tests.portal.test_signin import code

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def demanded(live_server, settings):
    settings.SECOND_FACTOR = True
    User.objects.create_superuser("root", password="right")


def press(page, button):
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def sign_in(page):
    page.goto("/admin/?asked=1")
    page.get_by_label("Username").fill("root")
    page.get_by_label("Password").fill("right")
    press(page, "Sign in")


def set_up(page):
    """Type what the app would show, and give the recovery codes."""
    page.get_by_label("Authenticator code").fill(code(page.inner_text(".secret")))
    press(page, "Set up the second factor")
    return page.locator(".recovery-codes code").all_inner_texts()


@pytest.fixture
def english(page):
    page.set_extra_http_headers({"accept-language": "en"})
    return page


def test_a_second_factor_is_set_up_and_asked_for_the_next_time(english):
    sign_in(english)
    assert english.evaluate("document.querySelector('.qr-code').naturalWidth") > 0
    spare = set_up(english)
    english.get_by_role("link", name="Continue").click()
    assert english.url.endswith("/admin/?asked=1")
    press(english, "Log out")
    sign_in(english)
    english.get_by_label("Code").fill(spare[0])
    english.keyboard.press("Enter")
    english.wait_for_url("**/admin/?asked=1")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_pages_of_signing_in_are_accessible(chromium, live_server, width, scheme):
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page, found = context.new_page(), []
    page.set_extra_http_headers({"accept-language": "en"})
    page.add_init_script(AXE_SCRIPT)

    def look():
        found.extend((page.url, barrier) for barrier in page.evaluate(RUN, [ASKED, "light"]))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((page.url, "sideways scroll"))

    page.goto("/admin/")
    look()
    sign_in(page)
    look()
    page.get_by_label("Authenticator code").fill("000000")
    press(page, "Set up the second factor")
    look()
    set_up(page)
    look()
    for path in ("/admin/security/", "/admin/security/remove/", "/admin/auth/user/1/change/"):
        page.goto(path)
        look()
    press(page, "Log out")
    sign_in(page)
    look()
    page.goto("/en/")  # a request still answered would lock tables against the test's end
    context.close()
    assert found == []
