"""Production's settings, less what a test machine cannot have; `.env` is overruled, except for DATABASE_URL."""

import os
import tempfile

media = tempfile.TemporaryDirectory(prefix="portal-media-")  # goes with the process
os.environ |= {
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "BEHIND_PROXY": "off",
    "CSRF_TRUSTED_ORIGINS": "",
    "DEBUG": "off",
    "EMAIL_URL": "memorymail://",
    "HTTPS": "off",  # the test client and the browser speak HTTP; the tests of the checks turn it on
    "LOG_LEVEL": "ERROR",
    "MEDIA_ROOT": media.name,
    "SECOND_FACTOR": "off",  # the tests of sign-in turn it on
    "SECRET_KEY": "tests-only-and-long-enough-that-no-check-complains-0123456789",
    "TIME_ZONE": "Europe/Paris",
}

from portal.catalogue import compile_all
from portal.settings import *  # noqa: F403
from portal.settings import DATABASES, LOCALE_PATHS, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow on purpose
ACCOUNT_RATE_LIMITS = dict[str, str | None](
    login_failed=None, login=None, reauthenticate=None
)  # the tests of sign-in turn them on
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # no collectstatic
WHITENOISE_AUTOREFRESH = True  # nothing is collected, so there is no folder to read at start
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: in memory, a browser's request still running locks whole tables against the test.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(media.name, "test.sqlite3")}
compile_all(LOCALE_PATHS)  # before Django reads it to set up the models
