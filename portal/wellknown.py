"""What does the site say at the addresses where browsers, researchers and the curious look?"""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from portal.furniture import furniture_in_active_language
from portal.languages import active, codes
from portal.public import public_page

INK, CHALK = "#0b2536", "#f8f9f6"  # as `--deep` and `--surface` in the style sheet
VALID_FOR = timedelta(days=364)  # RFC 9116: less than a year
SIZES = (192, 512)  # pixels of the drawn icons
TEXT = "text/plain; charset=utf-8"


@public_page()
def manifest(request: HttpRequest) -> JsonResponse:
    """How the site is called and drawn on a home screen, in the active language."""
    name = furniture_in_active_language().name
    icons = [{"src": static("img/favicon.svg"), "type": "image/svg+xml", "sizes": "any"}]
    icons += [{"src": static(f"img/icon-{size}.png"), "type": "image/png", "sizes": f"{size}x{size}"} for size in SIZES]
    home = reverse("home")
    said = {"name": name, "short_name": name, "lang": active(), "start_url": home, "id": home, "scope": "/"}
    looks = {"display": "browser", "theme_color": INK, "background_color": CHALK, "icons": icons}
    return JsonResponse(said | looks, content_type="application/manifest+json")


@public_page()
def security(request: HttpRequest) -> HttpResponse:
    """Where to tell of a weakness (RFC 9116); raise Http404 while the settings name no address. Expires by itself."""
    if not (contact := furniture_in_active_language().site.contact_email):
        raise Http404
    end = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + VALID_FOR
    address = request.build_absolute_uri(reverse("security"))
    lines = (
        f"Contact: mailto:{contact}",
        f"Expires: {end.isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(codes())}",
        f"Canonical: {address}",
    )
    return HttpResponse("\n".join([*lines, ""]), content_type=TEXT)


@public_page()
def humans(request: HttpRequest) -> HttpResponse:
    """Who is behind the site (humanstxt.org), from its settings."""
    site = furniture_in_active_language().site
    who = {"Publisher": site.publisher, "Director of publication": site.publication_director, "Host": site.host}
    lines = [f"\t{role}: {' '.join(name.split())}" for role, name in who.items() if name]
    contact = [f"\tContact: {site.contact_email}"] if site.contact_email else []
    told = ["/* TEAM */", *lines, *contact, "", "/* SITE */", f"\tLanguages: {', '.join(codes())}", ""]
    return HttpResponse("\n".join(told), content_type=TEXT)
