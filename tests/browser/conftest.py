"""A real Chromium: `page` is on the test's own database; `site` is the served demonstration, which no test changes."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory

from portal.languages import codes
from portal.outage import unavailable
from portal.views import error
from tests.browser import site as house
from tests.conftest import CHROMIUM

BROKEN = ("/nothing/here/", "/error/500/", "/error/503/")


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


@pytest.fixture
def signed_in(client, live_server, settings):
    """Sign a page's context in as someone who may do everything."""
    client.force_login(User.objects.create_superuser("editor"))
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    return lambda context: context.add_cookies([cookie | {"url": live_server.url}])


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory, request):
    """Where the site of this run is, shared by its processes."""
    base = tmp_path_factory.getbasetemp()
    folder = Path(base.parent if hasattr(request.config, "workerinput") else base) / "site"
    folder.mkdir(exist_ok=True)
    house.build(folder)
    return folder


@pytest.fixture(scope="session")
def site(site_folder):
    """The address of the served demonstration, with every kind and state of a public page."""
    with house.served(site_folder) as address:
        yield address


@pytest.fixture(scope="session")
def shown(site_folder):
    """Its pages, and those that it shows only when something is broken."""
    broken = [house.Shown(str(status), code, f"/{code}/error/{status}/") for status in (500, 503) for code in codes()]
    return house.pages(site_folder) + broken


def break_down(route, request):
    """Answer as the portal does when it fails, and when its database does not answer."""
    path = urlsplit(request.url).path
    if "503" in path:
        return route.fulfill(status=503, content_type="text/html", body=unavailable()[2][0])
    return route.fulfill(
        status=500, content_type="text/html", body=error(RequestFactory().get(path), status=500).content
    )


@pytest.fixture
def visitor(chromium, site):
    """Open a page on the site: `visitor(width=320, java_script_enabled=False)`, or any other option of a context.

    What the console reports, the content security policy first of all, fails the test.
    """
    contexts, errors = [], []

    def heard(message):
        where = message.location.get("url", "")
        if message.type == "error" and not ("Failed to load resource" in message.text and where.endswith(BROKEN)):
            errors.append(f"{message.text} {where}")

    def open_page(width=1280, height=800, **options):
        size = {"width": width, "height": height}
        contexts.append(chromium.new_context(base_url=site, viewport=size, **options))
        contexts[-1].route("**/error/*/", break_down)
        page = contexts[-1].new_page()
        page.on("console", heard)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, errors
