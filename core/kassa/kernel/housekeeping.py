"""Housekeeping: what is kept for a time only is taken away, in a thread of its own and in small batches."""

from __future__ import annotations

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.engine import Engine
from kassa.kernel.idempotency import forget_answers
from kassa.kernel.loop import Loop

PAUSE = 3600 * MICROSECONDS_PER_SECOND


class Housekeeper(Loop):
    """Takes away answers that were kept long enough: a batch after the other, then nothing for an hour."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._next = 0
        super().__init__("kassa-housekeeping", self.tidy)

    def tidy(self) -> bool:
        """Do a batch where it is time; tells whether there may be more."""
        now = self._engine.clock.monotonic()
        if now < self._next:
            return False
        if forget_answers(self._engine):
            return True
        self._next = now + PAUSE
        return False
