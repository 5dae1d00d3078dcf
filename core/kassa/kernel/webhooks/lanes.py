"""Lanes: threads that deliver, several for each webhook that is well and one for one that fails, so that none slows the others."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from kassa.kernel.webhooks.delivering import deliver, ready, take

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine

LANES = 16
LANES_OF_FAILING = 8
PER_WEBHOOK = 4
logger = logging.getLogger("kassa.webhooks")


class Lanes:
    """The deliveries of one process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool: ThreadPoolExecutor | None = None
        self._guard = threading.Condition()
        self._running: Counter[tuple[str, bool]] = Counter()
        self._stopping = False
        self.tried = 0
        """How many attempts were made."""

    def open(self) -> bool:
        """Open a lane for each webhook that has something due, as far as there are free ones; tells whether one was opened."""
        opened = False
        for webhook_id, failures in ready(self._engine):
            failing = failures > 0
            with self._guard:
                if self._stopping or not self._free(webhook_id, failing):
                    continue
                self._running[webhook_id, failing] += 1
                if self._pool is None:
                    self._pool = ThreadPoolExecutor(LANES, thread_name_prefix="kassa-webhook")
                self._pool.submit(self._run, webhook_id, failing)
            opened = True
        return opened

    def _free(self, webhook_id: str, failing: bool) -> bool:
        of_webhook = self._running[webhook_id, True] + self._running[webhook_id, False]
        of_failing = sum(count for (_, ill), count in self._running.items() if ill)
        if failing:
            return of_webhook < 1 and of_failing < LANES_OF_FAILING
        return of_webhook < PER_WEBHOOK and self._running.total() < LANES

    def _run(self, webhook_id: str, failing: bool) -> None:
        """Deliver what is due for one webhook until there is nothing left, an attempt fails, or it is told to stop."""
        try:
            while not self._stopping:
                due = take(self._engine, webhook_id)
                if due is None:
                    return
                with self._guard:
                    self.tried += 1
                if not deliver(self._engine, due):
                    return
        except Exception:
            # Such as a database that is away: the lease of the delivery ends, and it is taken again.
            logger.exception("deliveries to webhook %s failed", webhook_id)
        finally:
            with self._guard:
                self._running[webhook_id, failing] -= 1
                self._running += Counter()
                self._guard.notify_all()

    def wait(self) -> None:
        """Return when all lanes have ended."""
        with self._guard:
            self._guard.wait_for(lambda: not self._running.total())

    def stop(self) -> None:
        """End after the attempts at hand."""
        with self._guard:
            self._stopping = True
        if self._pool is not None:
            self._pool.shutdown()
