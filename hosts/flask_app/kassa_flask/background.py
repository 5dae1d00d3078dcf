"""Work behind the requests: a worker in threads of the process that serves."""

from __future__ import annotations

import atexit
import multiprocessing.util
import os
import socket

from kassa.kernel.engine import Engine
from kassa.kernel.worker import Worker


class Background:
    """Works on the jobs, schedules, events and webhooks of an engine until it is stopped.

    Several processes do so side by side: each job, delivery and due time belongs to whoever holds its lease.
    """

    def __init__(self, engine: Engine) -> None:
        self._worker = Worker(engine, f"server:{socket.gethostname()}:{os.getpid()}")
        self._at_the_end: multiprocessing.util.Finalize | None = None

    def start(self) -> None:
        """Begin, and see to it that the end of the process waits for the chunk at hand."""
        self._worker.start()
        # A process that multiprocessing started, as granian's workers are, ends without atexit.
        self._at_the_end = multiprocessing.util.Finalize(self, self.stop, exitpriority=10)
        atexit.register(self.stop)

    def stop(self) -> None:
        """End after the chunk, the batch and the attempts at hand; the rest waits for the next process."""
        atexit.unregister(self.stop)
        if self._at_the_end is not None:
            self._at_the_end.cancel()
            self._at_the_end = None
        self._worker.stop()
