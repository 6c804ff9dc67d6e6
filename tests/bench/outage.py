"""What do visitors see when the database stops under load, and when it starts again? On PostgreSQL.

`python -m tests.bench.outage "command that stops it" "command that starts it"`, with DATABASE_URL on an empty database
that may be thrown away; `kill -STOP` and `kill -CONT` on its processes make one that hangs without a word. Visitors ask
all the time for pages visited before, and for pages that nobody asked for yet; staff for their own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import repeat
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import django

from tests.bench.__main__ import BROWSER, PORT, prepare, served

KNOWN = ["/en/", "/fr/", "/en/partners/", "/fr/partenaires/", "/en/partners/pas-de-calais/"]
VISITORS, PHASE = 4, 10  # visitors of each kind; seconds


class Visitor(Thread):
    """Asks for one page after the other, and notes when, which status, and how long it took."""

    def __init__(self, addresses, done: Event, **headers: str) -> None:
        super().__init__(daemon=True)
        self.addresses, self.done, self.headers, self.seen = addresses, done, BROWSER | headers, []

    def run(self) -> None:
        for address in self.addresses:
            if self.done.is_set():
                return
            began = time.perf_counter()
            try:
                status = urlopen(Request(f"http://127.0.0.1:{PORT}{address}", headers=self.headers), timeout=30).status
            except HTTPError as error:
                status = error.code
            except OSError as error:
                status = type(error).__name__
            self.seen.append((time.perf_counter(), status, time.perf_counter() - began))
            time.sleep(0.02)


def known():
    while True:
        yield from KNOWN


def never_asked_for(number: int):
    for language in ("en/partners", "fr/partenaires"):
        yield from (f"/{language}/made-up-{index}/" for index in range(number, 4000, VISITORS))


def main(stop: str, start: str) -> None:
    django.setup()
    from partners.demo import many

    many.make(4000)
    done = Event()
    kinds = {
        "visited before": [Visitor(known(), done) for _ in range(VISITORS)],
        "not visited yet": [Visitor(never_asked_for(number), done) for number in range(VISITORS)],
        "staff": [Visitor(repeat("/admin/login/"), done, Cookie=f"sessionid={number}") for number in range(VISITORS)],
    }
    with served("manage.py", "serve", "--workers", "2", port=PORT):
        for path in KNOWN * 20:
            urlopen(Request(f"http://127.0.0.1:{PORT}{path}", headers=BROWSER)).read()
        for visitor in (visitor for visitors in kinds.values() for visitor in visitors):
            visitor.start()
        marks = {"running": time.perf_counter()}
        for phase, command in (("stopped", stop), ("running again", start)):
            time.sleep(PHASE)
            marks[phase] = time.perf_counter()
            subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)
        back = time.perf_counter()
        time.sleep(PHASE)
        done.set()
    for kind, visitors in kinds.items():
        seen = [each for visitor in visitors for each in visitor.seen]
        for (phase, begin), end in zip(marks.items(), [*list(marks.values())[1:], float("inf")], strict=True):
            within = [each for each in seen if begin <= each[0] < end]
            slowest = max((took for _, _, took in within), default=0)
            print(f"{kind:16} {phase:14} {dict(Counter(status for _, status, _ in within))}, slowest {slowest:.2f} s")
    failed = [when for visitor in kinds["not visited yet"] for when, status, _ in visitor.seen if status != 200]
    print(f"The last failure came {max(failed) - back:.2f} s after the database was back.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        main(*sys.argv[1:])
