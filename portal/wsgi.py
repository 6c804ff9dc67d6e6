"""The WSGI application that a server loads as `portal.wsgi:application`: the page cache around Django."""

import os
import re
from collections.abc import Callable, Iterable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 (models can be imported from here on)

from portal.outage import lose_patience  # noqa: E402
from portal.pagecache import PageCache  # noqa: E402

lose_patience()
application = PageCache(get_wsgi_application())

KEPT = re.compile(r"(PATH|HOME|LANG|TZ|TMPDIR|LC_.*|PG.*|SSL_.*)")  # what libraries read after the start


def served() -> Callable[..., Iterable[bytes]]:
    """The application in a process that does nothing else. Granian copies the environment into each request's `META`,
    where what the start alone needed, secrets first, could end in an error report, and costs each visitor time.
    """
    for name in [name for name in os.environ if not KEPT.fullmatch(name)]:
        del os.environ[name]
    return application.__call__  # a method is called faster than an object
