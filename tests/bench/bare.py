"""What the portal is measured against: bare WSGI applications and a bare Django view, on the same server.

All hand out as many bytes as the page does in Brotli, BENCH_BYTES, in a list, which this server sends fastest; one
also says the page's headers, BENCH_HEADERS, each of which costs the server something. Each answer has a list of its own
for its headers: a server may change it (PEP 3333).
"""

import json
import os

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

BODY = b"x" * int(os.environ.get("BENCH_BYTES", "4000"))
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]
DRESSED = [*map(tuple, json.loads(os.environ.get("BENCH_HEADERS", "[]")))]


def wsgi(environ, start_response):
    start_response("200 OK", HEADERS[:])
    return [BODY]


def dressed(environ, start_response):
    start_response("200 OK", DRESSED[:])
    return [BODY]


def view(request):
    return HttpResponse(BODY)


def django():
    """A Django of one view, without middleware."""
    import django as framework

    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bench", MIDDLEWARE=[])
    framework.setup()
    return WSGIHandler()


urlpatterns = [path("en/partners/bare/", view)]
