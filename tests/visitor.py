"""A visitor who speaks WSGI: what a server hands to the page cache, and what it gets back."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import brotli

BROWSER = {"host": "testserver", "accept_encoding": "gzip, deflate, br"}
DECODED = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@dataclass(frozen=True)
class Seen:
    """What a visitor sees; header names are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return DECODED[self.headers.get("content-encoding")](self.body).decode()


def environ(address: str, method: str = "GET", scheme: str = "http", **headers: str) -> dict[str, Any]:
    """What a server says of a request for `address`, a path with its query; headers as in `accept_encoding="br"`."""
    path, _, query = address.partition("?")
    named = {f"HTTP_{name.upper()}": value for name, value in (BROWSER | headers).items()}
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    } | named


def visit(application: Any, address: str, method: str = "GET", scheme: str = "http", **headers: str) -> Seen:
    """Ask as a server would, closing the body included."""
    told: list[Any] = []
    asked = environ(address, method, scheme, **headers)
    body = application(asked, lambda status, headers, exc_info=None: told.extend((status, headers)))
    content = b"".join(body)
    getattr(body, "close", tuple)()
    return Seen(int(told[0].split()[0]), {name.lower(): value for name, value in told[1]}, content)
