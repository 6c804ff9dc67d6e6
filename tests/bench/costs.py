"""What does a page cost when it is not in the cache? Asked of Django itself, in this process."""

from __future__ import annotations

import time
from statistics import median

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import version
from portal.pagecache import PageCache
from tests.visitor import Seen, visit

PAGES = {
    "partner": "/en/partners/pas-de-calais/",
    "partner, French": "/fr/partenaires/pas-de-calais/",
    "list": "/en/partners/",
    "list, filtered": "/en/partners/?status=member",  # most of them: among ten a page is nearly as full as later
    "theme": "/en/themes/youth/",
    "home": "/en/",
    "comparison": "/en/partners/compare/",
    "search": "/en/search/?q=strait",
    "sitemap": "/sitemap.xml",
}
HOST = "127.0.0.1"


def there() -> dict[str, str]:
    """The pages that this portal has."""
    return {name: path for name, path in PAGES.items() if visit(WSGIHandler(), path, host=HOST).status == 200}


def show() -> None:
    """Print, for each page: CPU and queries as a rule (median) and for the first after a publication; its size."""
    print(f"{'without the cache':18} {'CPU ms':>8} {'first':>8} {'queries':>8} {'first':>6} {'bytes':>8}")
    application = WSGIHandler()
    for name, path in there().items():
        version.forget()
        queries_first = queries(application, path)
        version.forget()
        first = cpu(application, path)
        times = [cpu(application, path) for _ in range(min(60, 1 + int(3000 / first)))]
        size = len(visit(application, path, host=HOST).body)
        print(f"{name:18} {median(times):8.2f} {first:8.2f} {queries(application, path):8} {queries_first:6} {size:8,}")


def cpu(application: WSGIHandler, path: str) -> float:
    """Milliseconds of CPU. The version is asked before, as once a second: that is not the page's."""
    version.current()
    began = time.process_time()
    visit(application, path, host=HOST)
    return (time.process_time() - began) * 1000


def queries(application: WSGIHandler, path: str) -> int:
    version.current()
    with CaptureQueriesContext(connection) as asked:
        visit(application, path, host=HOST)
    return sum("SELECT 1" not in query["sql"][:9] for query in asked)


def kept(path: str) -> dict[str, Seen]:
    """The page as the cache hands it out, by coding."""
    cache = PageCache(WSGIHandler(), later=lambda job: job())
    codings = {"identity": "", "gzip": "gzip", "br": "gzip, br"}
    return {name: visit(cache, path, host=HOST, accept_encoding=said) for name, said in codings.items()}
