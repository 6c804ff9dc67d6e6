"""The page cache in front of Django: what is kept, for whom, and for how long."""

from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache

from partners.models import Partner
from portal import urls, version
from portal.pagecache import PageCache
from portal.public import public_page
from tests.factories import make_draft, make_partner
from tests.visitor import environ, visit

renderings = []


def rendered(request):
    """A page that says all it knows of the request, and that counts how often it was rendered."""
    renderings.append(request.path)
    told = (request.scheme, request.get_host(), request.path, request.META["QUERY_STRING"], dict(request.GET.lists()))
    strange = sorted(name for name in request.META if name.startswith("HTTP_") and name != "HTTP_HOST")
    return HttpResponse(f"<p>{told} {strange} {request.COOKIES} {request.body}</p>" + "<p>chalk and sea</p>" * 100)


@public_page("country", "page")
def shared(request):
    return rendered(request)


@public_page()
def partners(request):
    return HttpResponse(", ".join(Partner.objects.published().values_list("name_en", flat=True)))


@public_page()
def missing(request):
    renderings.append(request.path)
    raise Http404


@public_page()
def with_cookie(request):
    response = rendered(request)
    response.set_cookie("seen", "yes")
    return response


@public_page()
def broken(request):
    renderings.append(request.path)
    return HttpResponse("broken", status=500)


handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500
urlpatterns = [
    path("en/shared/", shared),
    path("en/other/", shared),
    path("fr/shared/", shared),
    path("shared.xml", shared),
    path("en/partners/", partners),
    path("en/personal/", rendered),
    path("en/preview/", never_cache(public_page()(rendered))),
    path("en/missing/", missing),
    path("en/cookie/", with_cookie),
    path("en/broken/", broken),
    *urls.urlpatterns,
]


class Clock:
    """Seconds since 1970, from now on, that pass when a test says so."""

    def __init__(self):
        self.time = timezone.now().timestamp()

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def within_the_transaction(db):
    """As Django's test client does: between requests, a test keeps its connection."""
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@pytest.fixture
def cache(within_the_transaction, settings, monkeypatch, clock):
    """One process's cache in front of Django, whose background work is done at once."""
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = __name__, ["testserver", "portal.example.org"]
    monkeypatch.setattr(version, "process", version.Hold(clock))
    renderings.clear()
    return a_cache(clock)


def a_cache(clock, **options):
    return PageCache(WSGIHandler(), **{"hold": version.process, "clock": clock, "later": lambda job: job()} | options)


def count():
    return len(renderings)


# What is kept --------------------------------------------------------------------------------------------------------


def test_a_page_is_rendered_once_for_all_its_visitors(cache):
    first, second = visit(cache, "/en/shared/"), visit(cache, "/en/shared/")
    assert (first.status, second.status, count()) == (200, 200, 1)
    assert first.text == second.text


@pytest.mark.parametrize("address", ["/en/personal/", "/en/preview/", "/en/missing/", "/en/cookie/", "/en/broken/"])
def test_what_is_not_for_everybody_is_never_kept(cache, address):
    visit(cache, address), visit(cache, address)
    assert count() == 2
    assert not cache.pages


def test_a_page_outside_the_languages_is_kept_from_its_second_visit_on(cache):
    """Until its view was asked, nobody knows that the page is for everybody: the first visitor meets Django itself."""
    first, *others = [visit(cache, "/shared.xml") for _ in range(4)]
    assert ("HTTP_ACCEPT_ENCODING" in first.text, {"HTTP_ACCEPT_ENCODING" in each.text for each in others}) == (
        True,
        {False},
    )
    assert count() == 1 + 1


# Codings, 304 and headers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br;q=0.5", "br"),
        ("gzip", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("br", None),
        ("gzip;q=0.000, br", None),
        ("identity", None),
        ("", None),
    ],
)
def test_a_visitor_gets_the_smallest_coding_they_read(cache, accepted, coding):
    plain = visit(cache, "/en/shared/")
    seen = visit(cache, "/en/shared/", accept_encoding=accepted)
    assert seen.headers.get("content-encoding") == coding
    assert seen.text == plain.text
    assert int(seen.headers["content-length"]) == len(seen.body)


def test_the_first_visitor_does_not_wait_for_brotli(cache, clock):
    jobs = []
    cache = a_cache(clock, later=jobs.append)
    first = visit(cache, "/en/shared/", accept_encoding="br, gzip")
    jobs.pop()()
    second = visit(cache, "/en/shared/", accept_encoding="br, gzip")
    assert (first.headers["content-encoding"], second.headers["content-encoding"]) == ("gzip", "br")
    assert first.text == second.text
    assert first.headers["etag"] != second.headers["etag"]


def test_who_has_the_page_already_gets_no_body(cache):
    seen = visit(cache, "/en/shared/", accept_encoding="br, gzip")
    for tags in (seen.headers["etag"], f'"other", W/{seen.headers["etag"]}', "*"):
        again = visit(cache, "/en/shared/", accept_encoding="br, gzip", if_none_match=tags)
        assert (again.status, again.body) == (304, b"")
        needed = ("etag", "vary", "cache-control")  # RFC 9110, 15.4.5; each further one costs a visitor for nothing
        assert again.headers == {name: seen.headers[name] for name in needed}
    other = visit(cache, "/en/shared/", accept_encoding="gzip", if_none_match=seen.headers["etag"])
    assert other.status == 200, "another coding is other bytes"


def test_the_server_gets_a_list_which_it_sends_in_one_go(cache):
    visit(cache, "/en/shared/")
    assert type(cache(environ("/en/shared/"), lambda status, headers: None)) is list


def test_a_head_request_gets_the_headers_and_shares_the_page(cache):
    head, whole = visit(cache, "/en/shared/", method="HEAD"), visit(cache, "/en/shared/")
    assert (head.status, head.body, head.headers, count()) == (200, b"", whole.headers, 1)


def test_browsers_and_shared_caches_are_told_how_long_a_page_may_live(cache):
    headers = visit(cache, "/en/shared/").headers
    assert headers["cache-control"] == "public, max-age=1, stale-while-revalidate=9, stale-if-error=86400"
    assert headers["vary"] == "Accept-Encoding, Cookie"


def test_a_kept_page_says_what_protects_its_readers_and_leaves_the_rest_to_the_back_office(cache):
    kept = visit(cache, "/en/shared/").headers
    staff = visit(cache, "/en/shared/", cookie="sessionid=abc").headers
    assert "frame-ancestors 'none'" in kept["content-security-policy"]
    assert kept["x-content-type-options"] == "nosniff"
    assert kept["content-language"] == "en"
    assert staff["x-frame-options"] == "DENY"
    assert {"x-frame-options", "referrer-policy", "cross-origin-opener-policy"} <= set(staff) - set(kept)


# Staff and poisoners -------------------------------------------------------------------------------------------------


def test_who_has_a_session_meets_django_and_nobody_keeps_that(cache):
    visit(cache, "/en/shared/")
    seen = visit(cache, "/en/shared/", cookie="theme=dark; sessionid=abc")
    assert "sessionid" in seen.text
    assert seen.headers["cache-control"] == "private, no-store"
    assert "sessionid" not in visit(cache, "/en/shared/").text


def test_other_methods_meet_django(cache):
    visit(cache, "/en/shared/")
    assert visit(cache, "/en/shared/", method="POST").status == 403, "Django asks for its token"
    assert visit(cache, "/en/shared/", method="OPTIONS").headers["cache-control"] == "private, no-store"
    assert count() == 2


POISON = {
    "another host by a header": {"x_forwarded_host": "evil.example"},
    "another scheme by a header": {
        "x_forwarded_proto": "https",
        "x_forwarded_scheme": "https",
        "forwarded": "proto=https",
    },
    "another path by a header": {"x_original_url": "/en/evil/", "x_rewrite_url": "/en/evil/"},
    "another method by a header": {"x_http_method_override": "POST", "x_method_override": "DELETE"},
    "another language": {"accept_language": "fr"},
    "a cookie of somebody": {"cookie": "interface_language=fr; csrftoken=abc"},
    "a date": {"if_modified_since": "Sat, 01 Jan 2000 00:00:00 GMT", "if_none_match": '"evil"'},
    "a range": {"range": "bytes=0-3"},
    "a body": {"content_length": "4"},
    "a script instead of a page": {"x_requested_with": "XMLHttpRequest", "accept": "application/json"},
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_nothing_of_a_visitor_reaches_the_page_of_the_next(cache, clock, poison):
    poisoned = visit(cache, "/en/shared/", **poison)
    clean = visit(cache, "/en/shared/")
    assert (poisoned.status, poisoned.body, count()) == (200, clean.body, 1)
    assert clean.text == visit(a_cache(clock), "/en/shared/").text


def test_a_host_header_of_another_site_is_refused_and_not_kept(cache):
    for host in ("evil.example", "testserver.evil.example", "testserver@evil.example", "", "testserver:evil"):
        assert visit(cache, "/en/shared/", host=host).status == 400
    assert not cache.pages


@pytest.mark.parametrize("host", ["TESTSERVER", "testserver.", "testserver:1234"])
def test_another_spelling_of_the_host_is_served_but_takes_no_room(cache, host):
    assert visit(cache, "/en/shared/", host=host).status == 200
    assert not cache.pages


def test_every_host_and_scheme_has_pages_of_its_own(cache, settings):
    seen = {
        visit(cache, "/en/shared/", scheme=scheme, host=host).text
        for scheme in ("http", "https")
        for host in ("testserver", "testserver:8000", "portal.example.org")
        for _ in range(2)
    }
    assert len(seen) == count() == 6


def test_behind_a_proxy_the_scheme_is_what_the_proxy_says(cache, settings, clock):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    cache = a_cache(clock)
    seen = [
        visit(cache, "/en/shared/", x_forwarded_proto=said).text for said in ("https", "http", "https, http", "ftp")
    ]
    assert ["'https'" in text for text in seen] == [True, False, True, False]
    assert len(cache.pages) == 2


# Parameters and paths ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "same_as"),
    [
        ("utm_source=mail&fbclid=1", ""),
        ("country=", ""),
        ("country=FR&utm_source=mail", "country=FR"),
        ("page=2&country=FR", "country=FR&page=2"),
        ("country=FR&country=FR", "country=FR"),
        ("country=%46R", "country=FR"),
        ("country=%00", ""),
        ("Country=FR", ""),
        ("country[]=FR", ""),
        ("country=FR;page=2", "country=FR%3Bpage%3D2"),
        ("#country=FR", ""),
        ("country=%c3%a9", "country=%C3%A9"),
        ("country=Ã©", "country=%C3%A9"),  # as a server hands over UTF-8 that was not quoted
        ("country=%ff", "country=%EF%BF%BD"),
        ("&&&=", ""),
    ],
)
def test_parameters_that_a_page_does_not_read_make_no_page_of_their_own(cache, query, same_as):
    known = visit(cache, f"/en/shared/?{same_as}")
    seen = visit(cache, f"/en/shared/?{query}")
    assert (seen.text, count(), len(cache.pages)) == (known.text, 1, 1)


def test_a_page_sees_only_the_parameters_that_it_names_even_without_the_cache(cache, client):
    assert "evil" not in client.get("/en/shared/?evil=1&country=FR").content.decode()
    assert "evil" in client.get("/en/personal/?evil=1&country=FR").content.decode()


def test_repeated_parameters_keep_their_order(cache):
    one, other = visit(cache, "/en/shared/?country=FR&country=BE"), visit(cache, "/en/shared/?country=BE&country=FR")
    assert one.text != other.text


def test_an_endless_query_is_answered_and_not_kept(cache):
    visit(cache, "/en/shared/")
    assert visit(cache, "/en/shared/?country=" + "F" * 5000).status == 200
    assert len(cache.pages) == 1


def test_paths_that_differ_by_case_dots_or_fragments_are_other_paths(cache):
    visit(cache, "/en/shared/")
    for address in ("/EN/shared/", "/en/Shared/", "/en/shared/#x", "/en//shared/", "/en/x/../shared/", "//en/shared/"):
        assert visit(cache, address).status == 404, address


# Memory and threads --------------------------------------------------------------------------------------------------


def test_memory_is_bounded_and_what_nobody_asks_for_gives_way(cache, clock):
    cache = a_cache(clock, size=40_000)
    for number in range(200):
        clock.time += 0.01
        visit(cache, "/en/shared/")
        visit(cache, f"/en/other/?page={number}")
        assert cache.total == sum(page.size for page in cache.pages.values()) <= cache.size
    assert renderings.count("/en/shared/") == 1, "it was asked for all the time"
    assert len(cache.pages) > 3


def test_a_download_keeps_no_thread_however_slow_the_line(cache):
    """A server is rid of a list of one piece at once; of parts, when the last has gone."""
    closed = []

    class Parts:
        def __iter__(self):
            return iter([b"x" * 1000] * 20_000)

        def close(self):
            closed.append(True)

    def download(_environ, start_response):
        start_response("200 OK", [("Content-Length", "20000000")])
        return Parts()

    cache.application = download
    body = cache(environ("/media/documents/agenda.pdf"), lambda status, headers: None)
    assert (type(body), [len(piece) for piece in body], closed) == (list, [20_000_000], [True])


def test_a_page_too_large_for_the_memory_is_served_and_not_kept(cache, clock):
    cache = a_cache(clock, size=4000)
    assert visit(cache, "/en/shared/").status == 200
    assert not cache.pages and not cache.hits.found


def test_many_visitors_at_once_wait_for_one_rendering(cache, clock):
    """The rendering begins when all have come: those who wait stand behind it, the others find the page."""
    together, proceed, seen = Barrier(9), Event(), []
    cache = a_cache(clock)
    render = cache.application

    def slow(environ, start_response):
        proceed.wait(5)
        return render(environ, start_response)

    def come():
        together.wait()
        seen.append(visit(cache, "/en/shared/").text)

    cache.application = slow
    version.current()
    visitors = [Thread(target=come) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    together.wait()
    proceed.set()
    for visitor in visitors:
        visitor.join()
    assert (len(seen), len(set(seen)), count()) == (8, 1, 1)


def test_a_rendering_that_fails_lets_the_next_visitor_try(cache):
    render = cache.application
    cache.application = lambda environ, start_response: 1 / 0
    with pytest.raises(ZeroDivisionError):
        visit(cache, "/en/shared/")
    cache.application = render
    assert visit(cache, "/en/shared/").status == 200


# Until when ----------------------------------------------------------------------------------------------------------


def test_a_publication_is_seen_at_once_here_and_within_a_second_elsewhere(
    cache, clock, monkeypatch, django_capture_on_commit_callbacks
):
    elsewhere = version.Hold(clock)
    other = a_cache(clock, hold=elsewhere)
    make_partner("Nord")
    for each in (cache, other):
        assert visit(each, "/en/partners/").text == "Department of Nord"
    with django_capture_on_commit_callbacks(execute=True):
        make_partner("Kent", name_en="Kent")
    assert visit(cache, "/en/partners/").text == "Department of Nord, Kent"
    clock.time += 1
    assert visit(other, "/en/partners/").text == "Department of Nord, Kent"


def test_a_page_ends_when_something_opens_or_closes(cache, clock):
    opening = timezone.now() + timedelta(hours=1)
    make_draft("Kent", name_en="Kent", public_from_en=opening)
    visit(cache, "/en/partners/")
    (page,) = cache.pages.values()
    assert page.ends == opening.timestamp()
    clock.time = opening.timestamp()
    visit(cache, "/en/partners/")
    assert page not in cache.pages.values()


def test_a_page_ends_with_the_day(cache, clock):
    """Mandates begin and end by the day, so that a page may read otherwise tomorrow."""
    visit(cache, "/en/shared/")
    clock.time += 24 * 3600
    visit(cache, "/en/shared/")
    assert count() == 2


def test_the_pages_that_changed_are_rendered_first_after_a_publication(
    cache, clock, monkeypatch, django_capture_on_commit_callbacks
):
    jobs = []
    cache = a_cache(clock, later=jobs.append)
    partner = make_partner()
    monkeypatch.setattr(Partner, "get_absolute_url", lambda self, language: "/en/other/")
    for address in ("/en/other/", "/fr/shared/", "/en/shared/"):
        clock.time += 0.1
        visit(cache, address)
    with django_capture_on_commit_callbacks(execute=True):
        partner.save()
    jobs.clear()
    renderings.clear()
    visit(cache, "/en/partners/")
    assert jobs[0]() is None
    assert renderings == ["/en/other/", "/en/shared/", "/fr/shared/"]
    visit(cache, "/en/shared/")
    assert count() == 3, "the visitor finds it ready"
