"""Who does the work that no visitor should wait for? One quiet thread per process, started when first needed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

logger = logging.getLogger(__name__)

LONGEST = 500  # jobs that may wait; further ones are left out, since a page does without


def in_thread(job: Callable[[], None]) -> None:
    """Do a job in a thread of its own, which ends with the process at the latest."""
    Thread(target=job, daemon=True).start()


class Background:
    """Does jobs one after the other; what one of them raises is logged, and harms no other."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock, self._works = Lock(), False

    def __call__(self, job: Callable[[], None]) -> None:
        if self._jobs.qsize() < LONGEST:
            self._jobs.put(job)
        with self._lock:
            if not self._works:
                self._works = True
                in_thread(self._work)

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except Exception:
                logger.exception("A job in the background failed")
