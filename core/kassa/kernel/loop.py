"""A loop in a thread of its own: does a piece of work again and again, rests when there is none, survives failures."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS_BETWEEN_LOOKS = 1
logger = logging.getLogger("kassa.loop")


class Loop:
    """Calls `work` until it is stopped; `work` answers whether there was anything to do, else it rests for `seconds`."""

    def __init__(self, name: str, work: Callable[[], bool], seconds: int = SECONDS_BETWEEN_LOOKS) -> None:
        self.name = name
        self.seconds = seconds
        self.stopping = threading.Event()
        self._work = work
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread that does not keep the process alive."""
        self.stopping.clear()
        self._thread = threading.Thread(target=self._serve, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the piece of work at hand; returns when the thread has ended."""
        self.stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _serve(self) -> None:
        while not self.stopping.is_set():
            try:
                worked = self._work()
            except Exception:
                # Such as a database that is away: what is to be done stands in its tables and is found again.
                logger.exception("%s failed; trying again", self.name)
                worked = False
            if not worked:
                self.stopping.wait(self.seconds)


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the collector of cycles back while many values are alive that form none; it would walk them again and again.

    It costs a chunk a quarter of its time otherwise. Nested or concurrent use is harmless: the last one to leave switches it on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
