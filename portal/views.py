"""The pages that belong to no app."""

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def page(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse()
