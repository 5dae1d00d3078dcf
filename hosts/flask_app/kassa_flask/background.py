"""Work behind the requests: a thread for jobs, one for events and one for housekeeping, in the process that serves."""

from __future__ import annotations

import atexit
import multiprocessing.util
import os
import socket

from kassa.kernel.engine import Engine
from kassa.kernel.housekeeping import Housekeeper
from kassa.kernel.jobs import Runner
from kassa.kernel.outbox import Dispatcher


class Background:
    """Works on the jobs of an engine and hands its events to their listeners until it is stopped.

    Several processes do so side by side: a job belongs to whoever holds its lease, and so do the events.
    """

    def __init__(self, engine: Engine) -> None:
        self._runner = Runner(engine, f"server:{socket.gethostname()}:{os.getpid()}")
        self._dispatcher = Dispatcher(engine)
        self._housekeeper = Housekeeper(engine)

    def start(self) -> None:
        """Begin, and see to it that the end of the process waits for the chunk at hand."""
        self._runner.start()
        self._dispatcher.start()
        self._housekeeper.start()
        # A process that multiprocessing started, as granian's workers are, ends without atexit.
        multiprocessing.util.Finalize(self, self.stop, exitpriority=10)
        atexit.register(self.stop)

    def stop(self) -> None:
        """End after the chunk and the batch at hand; the rest waits for the next process."""
        atexit.unregister(self.stop)
        self._runner.stop()
        self._dispatcher.stop()
        self._housekeeper.stop()
