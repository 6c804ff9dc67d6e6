"""Serve the portal: the one production server, for `make run`, systemd and containers alike."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

THREADS = 2  # a process: one may wait for the database while the other hands pages over; more are slower


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
        told = f"answers that are made at a time in a process (default: {THREADS})"
        parser.add_argument("--threads", type=int, default=THREADS, help=told)

    def handle(self, host: str, port: int, workers: int, threads: int, **options: Any) -> None:
        """Become granian; pictures are served from the folder of renditions alone, the originals are not public."""
        refuse_taken(host, port)
        renditions = settings.MEDIA_ROOT / "__processed__"
        renditions.mkdir(parents=True, exist_ok=True)
        arguments = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
        arguments += ["--blocking-threads", str(threads), "--respawn-failed-workers", "--workers-kill-timeout", "10"]
        arguments += ["--log-level", "warning"]
        arguments += ["--static-path-route", f"{settings.MEDIA_URL}__processed__".rstrip("/")]
        arguments += ["--static-path-expires", "31536000"]  # seconds: a rendition never changes under its name
        arguments += ["--static-path-mount", str(renditions), "--factory", "portal.wsgi:served"]
        if not settings.HTTPS:  # else a proxy stands before it, under another address
            self.stdout.write(addresses(port))
            self.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments])  # noqa: S606 (no shell is wanted)


def addresses(port: int) -> str:
    """Where the portal is to be found on this machine, in each language, and its back office."""
    paths = [*(f"/{code}/" for code, _name in settings.LANGUAGES), "/admin/"]
    return "The portal is on " + "  ".join(f"http://localhost:{port}{path}" for path in paths) + "  (Ctrl-C stops it)"


def refuse_taken(host: str, port: int) -> None:
    """Raise CommandError when something listens there already: granian would share the port with it in silence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken or not allowed ({error.strerror}). Choose another one.") from None
