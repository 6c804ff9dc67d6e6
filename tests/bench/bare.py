"""What the portal is measured against: a bare WSGI application and a bare Django view, on the same server.

Both hand out as many bytes as the page does in Brotli; BENCH_BYTES says how many.
"""

import os

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

BODY = b"x" * int(os.environ.get("BENCH_BYTES", "4000"))
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def wsgi(environ, start_response):
    start_response("200 OK", HEADERS)
    return (BODY,)


def view(request):
    return HttpResponse(BODY)


def django():
    """A Django of one view, without middleware."""
    import django as framework

    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bench", MIDDLEWARE=[])
    framework.setup()
    return WSGIHandler()


urlpatterns = [path("en/partners/bare/", view)]
