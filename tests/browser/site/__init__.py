"""The portal as production serves it, on a database of its own: the demonstration, and what it lacks.

Pages ask nothing of the test's database, so that many tests share one site: it is built once for a run, by the first
process that needs it, and each process serves it on a port of its own.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


class Shown(NamedTuple):
    """A page of the site: the name of its address with its state, as in "search without hits"."""

    name: str
    language: str
    path: str


def build(folder: Path) -> None:
    """Fill the folder, unless another process has: half a minute. A copy of its database holds many partners."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "pages.json").exists():
            return
        manage(folder, "migrate", "--verbosity=0")
        manage(folder, "load_demo", "--verbosity=0")
        manage(folder, "collectstatic", "--no-input", "--verbosity=0")
        shutil.copy(folder / "site.sqlite3", folder / "crowd.sqlite3")
        run(folder, "-m", "tests.browser.site.crowd", database="crowd")
        found = run(folder, "-m", "tests.browser.site.records")
        manage(folder, "rebuild_search", "--verbosity=0")
        (folder / "pages.json").write_text(found)


def pages(folder: Path) -> list[Shown]:
    return [Shown(*page) for page in json.loads((folder / "pages.json").read_text())]


@contextmanager
def served(folder: Path, database: str = "site") -> Iterator[str]:
    """Serve it; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--workers=1", f"--port={port}"]
    server = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment(folder, database), stdout=subprocess.DEVNULL
    )
    try:
        wait_for(port, server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(20)


def wait_for(port: int, server: subprocess.Popen) -> None:
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionRefusedError:
            assert server.poll() is None, "the site's server has ended"
            time.sleep(0.1)
    raise AssertionError("the site's server does not answer")


def manage(folder: Path, *arguments: str, database: str = "site") -> None:
    run(folder, "manage.py", *arguments, database=database)


def run(folder: Path, *arguments: str, database: str = "site") -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment(folder, database), check=True, text=True, stdout=subprocess.PIPE
    )
    return done.stdout


def environment(folder: Path, database: str) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.site.settings",
        "SITE_FOLDER": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / database}.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
        "PAGE_CACHE_MIB": "24",
    }
