"""What does a page cost? `python -m tests.bench`, or with `scale` for 10, 1,000 and 10,000 partners.

Servers are the portal, bare WSGI applications and a bare Django view, each with one worker of granian and the threads
that `manage.py serve` gives it, held to one processor, who asks them to the others: so a rate is what the processor can
do, not who took a second one. Each round has new servers, for two of the same program may differ by a tenth, and asks
them in short turns, there and back, so that what else the machine does troubles all alike; figures are medians. The
database is a new one, or the one that DATABASE_URL names, which must be empty and may be thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from functools import partial
from statistics import median
from urllib.request import Request, urlopen

from portal.management.commands.serve import THREADS
from tests.bench.load import Round, load, memory_of
from tests.visitor import Seen

PORT = int(os.environ.get("PORT", "8014"))
ROUNDS, TURNS, SECONDS = int(os.environ.get("ROUNDS", "5")), 6, 1
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "en", "Accept": "text/html"}
TOWN = "/en/partners/pas-de-calais/"
RATIOS = [
    ("cached page", "bare WSGI", "(at least 0.85)"),
    ("cached page", "with our headers", ""),
    ("cached page", "bare Django view", "(at least 3)"),
    ("304", "bare WSGI", "(at least 1)"),
    ("304", "with our headers", ""),
]
PROCESSORS = sorted(os.sched_getaffinity(0))
ONE, OTHERS = PROCESSORS[:1], PROCESSORS[1:] or PROCESSORS


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
def served(*application: str, port: int, like: Seen | None = None, on: list[int] = PROCESSORS):
    """A server's process id, once it answers; a bare application hands out as much as `like`."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--log-level", "critical"]
    command += ["--blocking-threads", str(THREADS)]
    if application[0] == "manage.py":
        command = [sys.executable]
        application = (*application, "--port", str(port))
    page = {"BENCH_BYTES": str(len(like.body)), "BENCH_HEADERS": json.dumps(list(like.headers.items()))} if like else {}
    hold = partial(os.sched_setaffinity, 0, on)
    server = subprocess.Popen([*command, *application], env=os.environ | page, preexec_fn=hold)
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


def ask_all(like: Seen) -> dict[str, list[Round]]:
    """What each of the servers, all started for it, shows in each turn."""
    found: dict[str, list[Round]] = defaultdict(list)
    with ExitStack() as running:
        start = partial(served, like=like, on=ONE)
        portal = running.enter_context(start("--factory", "portal.wsgi:served", port=PORT))
        wsgi = running.enter_context(start("tests.bench.bare:wsgi", port=PORT + 1))
        dressed = running.enter_context(start("tests.bench.bare:dressed", port=PORT + 2))
        view = running.enter_context(start("--factory", "tests.bench.bare:django", port=PORT + 3))
        for _ in range(20):
            etag = answer(PORT, TOWN, **BROWSER).headers["ETag"]
            time.sleep(0.05)  # until Brotli is ready
        questions = [
            ("cached page", PORT, TOWN, BROWSER, portal),
            ("304", PORT, TOWN, BROWSER | {"If-None-Match": etag}, portal),
            ("bare WSGI", PORT + 1, "/", BROWSER, wsgi),
            ("with our headers", PORT + 2, "/", BROWSER, dressed),
            ("bare Django view", PORT + 3, "/en/partners/bare/", BROWSER, view),
        ]
        os.sched_setaffinity(0, OTHERS)
        for turn in range(TURNS):
            for name, port, path, headers, server in questions[:: -1 if turn % 2 else 1]:
                found[name].append(load(port, path, headers, SECONDS, server))
        os.sched_setaffinity(0, PROCESSORS)
    return found


def ratio(one: list[Round], other: list[Round]) -> float:
    """Of two servers' rates, turn by turn."""
    return median(mine.rate / theirs.rate for mine, theirs in zip(one, other, strict=True))


def pages() -> None:
    """The cached page against bare ones, and what the pages cost without the cache."""
    import django

    django.setup()
    from tests.bench import costs

    kept = costs.kept(TOWN)
    print("Bytes of the partner page: " + ", ".join(f"{coding} {len(page.body):,}" for coding, page in kept.items()))
    rounds = [ask_all(kept["br"]) for _ in range(ROUNDS)]
    for name in rounds[0]:
        found = [turn for each in rounds for turn in each[name]]
        rate, cpu = median(turn.rate for turn in found), median(turn.cpu for turn in found)
        print(f"{name:18} {rate:9,.0f} a second  {cpu:6.1f} µs of CPU each")
    for one, other, least in RATIOS:
        ratios = sorted(ratio(found[one], found[other]) for found in rounds)
        named = f"{one} / {other}"
        print(f"{named:30} {median(ratios):.2f}  from {ratios[0]:.2f} to {ratios[-1]:.2f}  {least}".rstrip())
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
