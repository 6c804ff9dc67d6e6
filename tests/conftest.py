"""What every test starts from, and which tests a machine may leave out.

A test marked `browser` needs Debian's chromium, one marked `postgresql` a DATABASE_URL on PostgreSQL. Where these are
missing the test is skipped; with REQUIRE_BROWSER or REQUIRE_POSTGRESQL set, as in CI, it fails.
"""

import os
import shutil

import pytest
from django.db import connection
from django.utils import translation

from portal import version

CHROMIUM = shutil.which("chromium")


def pytest_runtest_setup(item):
    missing = {
        "browser": not CHROMIUM and "chromium is not installed",
        "postgresql": connection.vendor != "postgresql" and "DATABASE_URL is not on PostgreSQL",
    }
    for need, reason in missing.items():
        if reason and item.get_closest_marker(need):
            required = os.environ.get(f"REQUIRE_{need.upper()}")
            (pytest.fail if required else pytest.skip)(reason)


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
