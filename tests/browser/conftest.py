"""A real Chromium on the live portal: `page` opens paths such as `/fr/`, and fails the test on any console error."""

import os

import pytest

from tests.conftest import CHROMIUM


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread that also uses the database
    flags = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *flags])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live_server):
    """A fresh page at 1280 × 800, without cookies; `live_server` makes the test's database a real, committed one."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    errors = []
    page.on(
        "console",
        lambda message: (
            errors.append(f"{message.text} {message.location.get('url')}") if message.type == "error" else None
        ),
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    for tab in context.pages:
        tab.wait_for_load_state("networkidle")  # a request still answered would lock tables against the test's end
    context.close()
    assert not errors, errors
