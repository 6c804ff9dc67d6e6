"""The WSGI application that a server loads as `portal.wsgi:application`: the page cache around Django."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 (models can be imported from here on)

from portal.outage import lose_patience  # noqa: E402
from portal.pagecache import PageCache  # noqa: E402

lose_patience()
application = PageCache(get_wsgi_application())
