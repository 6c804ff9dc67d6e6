"""Production's settings for the served site of the browser tests, with static files of its own."""

import os
from pathlib import Path

from portal.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["SITE_FOLDER"]) / "static"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # no back office: it is ten times as much
