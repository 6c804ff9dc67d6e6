"""What every test starts from, and which tests a machine may leave out.

A test marked `browser` needs Debian's chromium, one marked `postgresql` a DATABASE_URL on PostgreSQL. Where these are
missing the test is skipped; with REQUIRE_BROWSER or REQUIRE_POSTGRESQL set, as in CI, a skipped one fails.
"""

import os
import shutil

import pytest
from django.db import connection
from django.utils import translation

from portal import version

CHROMIUM = shutil.which("chromium")


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") and not CHROMIUM:
        pytest.skip("chromium is not installed")
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL is not on PostgreSQL")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    for need in ("browser", "postgresql"):
        if report.skipped and item.get_closest_marker(need) and os.environ.get(f"REQUIRE_{need.upper()}"):
            report.outcome, report.longrepr = "failed", f"skipped, while REQUIRE_{need.upper()} is set: {call.excinfo}"
    return report


@pytest.fixture(autouse=True)
def nothing_held():
    version.forget()
    translation.deactivate()  # a request leaves its language in the thread
    yield
    version.forget()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder in which uploads land."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
