"""How fast does a server answer, and at what cost? By wrk where it is installed, or by a small generator of our own."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONNECTIONS = 16
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Round:
    """What one round of load showed; `cpu` is the server's, in microseconds a request."""

    rate: float
    cpu: float


def load(port: int, path: str, headers: dict[str, str], seconds: float, server: int) -> Round:
    """Ask for one address as fast as the server answers; `server` is the id of its first process."""
    before, began = cpu_of(server), time.perf_counter()
    number = (by_wrk if shutil.which("wrk") else by_ourselves)(port, path, headers, seconds)
    took = time.perf_counter() - began
    return Round(number / took, (cpu_of(server) - before) / number * 1e6)


def by_wrk(port: int, path: str, headers: dict[str, str], seconds: float) -> int:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *given, f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said and "If-None-Match" not in headers:
        raise SystemExit(said)
    return int(re.search(r"(\d+) requests in", said)[1])


def by_ourselves(port: int, path: str, headers: dict[str, str], seconds: float) -> int:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    request = "\r\n".join([*lines, "", ""]).encode()
    return asyncio.run(_ask(port, request, length_of(port, request), seconds))


class Visitor(asyncio.Protocol):
    """Asks again as soon as a whole answer is there; every answer has the same number of bytes."""

    def __init__(self, request: bytes, length: int) -> None:
        self.request, self.length, self.answers, self.missing = request, length, 0, length

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.missing -= len(data)
        if self.missing <= 0:
            self.answers, self.missing = self.answers + 1, self.length
            self.transport.write(self.request)


async def _ask(port: int, request: bytes, length: int, seconds: float) -> int:
    loop = asyncio.get_running_loop()
    visitors = [Visitor(request, length) for _ in range(CONNECTIONS)]
    for visitor in visitors:
        await loop.create_connection(lambda visitor=visitor: visitor, "127.0.0.1", port)
    await asyncio.sleep(seconds)
    for visitor in visitors:
        visitor.transport.abort()
    return sum(visitor.answers for visitor in visitors)


def length_of(port: int, request: bytes) -> int:
    """Bytes of one answer, head and body."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        connection.settimeout(0.5)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except TimeoutError:
            return len(answer)
    raise SystemExit(f"The server closed the connection: {answer[:200]!r}")


def tree(process: int) -> list[int]:
    """A process and all that it started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in tree(int(child)))]


def cpu_of(process: int) -> float:
    """Seconds of CPU that a process and its children have used."""
    fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in tree(process)]
    return sum(int(field[11]) + int(field[12]) for field in fields) / TICKS


def memory_of(process: int) -> tuple[float, float]:
    """MiB that a process and its children take, shared memory counted once (PSS), and each for itself (RSS)."""
    rolled = "".join(Path(f"/proc/{each}/smaps_rollup").read_text() for each in tree(process))
    sums = (sum(map(int, re.findall(rf"^{name}: +(\d+) kB", rolled, re.M))) / 1024 for name in ("Pss", "Rss"))
    return tuple(sums)
