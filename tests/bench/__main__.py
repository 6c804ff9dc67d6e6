"""What does a page cost? `python -m tests.bench`, or with `scale` for 10, 1,000 and 10,000 partners.

Servers are the portal, bare WSGI applications and a bare Django view, each with one worker of granian and the threads
that `manage.py serve` gives it; rounds are interleaved, so that what else the machine does troubles all alike; figures
are medians. The database is a new one, or the one that DATABASE_URL names, which must be empty and may be thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from statistics import median
from urllib.request import Request, urlopen

from portal.management.commands.serve import THREADS
from tests.bench.load import load, memory_of
from tests.visitor import Seen

PORT = int(os.environ.get("PORT", "8014"))
ROUNDS, SECONDS = int(os.environ.get("ROUNDS", "5")), 3
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "en", "Accept": "text/html"}
TOWN = "/en/partners/pas-de-calais/"


def prepare(folder: str) -> None:
    os.environ |= {
        "SECRET_KEY": "bench-only-bench-only-bench-only-bench-only-bench-only",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "DEBUG": "off",
        "LOG_LEVEL": "CRITICAL",
        "MEDIA_ROOT": f"{folder}/media",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    for command in ("compile_catalogue", "collectstatic --no-input", "migrate", "load_demo --if-empty"):
        manage(*command.split(), "--verbosity", "0")


def manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], check=True)


@contextmanager
def served(*application: str, port: int, like: Seen | None = None):
    """A server's process id, once it answers; a bare application hands out as much as `like`."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--log-level", "critical"]
    command += ["--blocking-threads", THREADS]
    if application[0] == "manage.py":
        command = [sys.executable]
        application = (*application, "--port", str(port))
    page = {"BENCH_BYTES": str(len(like.body)), "BENCH_HEADERS": json.dumps(list(like.headers.items()))} if like else {}
    server = subprocess.Popen([*command, *application], env=os.environ | page)
    try:
        wait_for(port)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            urlopen(Request(f"http://127.0.0.1:{port}/en/partners/bare/"), timeout=5)
            return
        except OSError as error:
            if getattr(error, "code", 0):
                return
            time.sleep(0.1)
    raise SystemExit(f"Nothing answers on port {port}.")


def answer(port: int, path: str, **headers: str):
    return urlopen(Request(f"http://127.0.0.1:{port}{path}", headers=headers))


def pages() -> None:
    """The cached page against bare ones, and what the pages cost without the cache."""
    import django

    django.setup()
    from tests.bench import costs

    kept = costs.kept(TOWN)
    print("Bytes of the partner page: " + ", ".join(f"{coding} {len(page.body):,}" for coding, page in kept.items()))
    with ExitStack() as running:
        start = running.enter_context
        portal = start(served("portal.wsgi:application", port=PORT))
        wsgi = start(served("tests.bench.bare:wsgi", port=PORT + 1, like=kept["br"]))
        dressed = start(served("tests.bench.bare:dressed", port=PORT + 2, like=kept["br"]))
        view = start(served("--factory", "tests.bench.bare:django", port=PORT + 3, like=kept["br"]))
        for _ in range(20):
            etag = answer(PORT, TOWN, **BROWSER).headers["ETag"]
            time.sleep(0.05)  # until Brotli is ready
        asked = {
            "cached page": (PORT, TOWN, BROWSER, portal),
            "304": (PORT, TOWN, BROWSER | {"If-None-Match": etag}, portal),
            "bare WSGI": (PORT + 1, "/", BROWSER, wsgi),
            "with our headers": (PORT + 2, "/", BROWSER, dressed),
            "bare Django view": (PORT + 3, "/en/partners/bare/", BROWSER, view),
        }
        rounds = {name: [] for name in asked}
        for _ in range(ROUNDS):
            for name, (port, path, headers, server) in asked.items():
                rounds[name].append(load(port, path, headers, SECONDS, server))
    rates = {name: median(each.rate for each in rounds[name]) for name in asked}
    for name in asked:
        print(
            f"{name:18} {rates[name]:9,.0f} a second  {median(each.cpu for each in rounds[name]):6.1f} µs of CPU each"
        )
    print(f"cached page / bare WSGI         {rates['cached page'] / rates['bare WSGI']:.2f}   (at least 0.85)")
    print(f"cached page / with our headers  {rates['cached page'] / rates['with our headers']:.2f}")
    print(f"cached page / bare Django view  {rates['cached page'] / rates['bare Django view']:.2f}   (at least 3)")
    print(f"304 / bare WSGI's 200           {rates['304'] / rates['bare WSGI']:.2f}   (at least 1)")
    costs.show()
    with served("manage.py", "serve", "--workers", "2", port=PORT) as server:
        for path in list(costs.there().values()) * 20:
            answer(PORT, path, **BROWSER).read()
        together, each = memory_of(server)
        print(f"Memory of two workers: {together:.0f} MiB, {each:.0f} with what they share counted twice (at most 180)")


def scale() -> None:
    """How the cost of pages grows with the number of partners, the cache left out."""
    import django

    django.setup()
    from portal import version
    from tests.bench import costs

    for number in (10, 1_000, 10_000):
        manage("make_partners", str(number))
        version.forget()
        costs.show()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        scale() if "scale" in sys.argv else pages()
