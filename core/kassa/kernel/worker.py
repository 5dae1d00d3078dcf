"""The worker: jobs, listeners, webhooks and schedules, each in a loop of its own, in a server or in a process of its own.

Any number of workers do so side by side: each job, delivery and due time belongs to whoever holds its lease.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.database import Write
from kassa.kernel.events.feed import publish
from kassa.kernel.flush import write_alone
from kassa.kernel.jobs import Runner
from kassa.kernel.loop import Loop
from kassa.kernel.outbox import Dispatcher, dispatch
from kassa.kernel.schedules.running import run_due
from kassa.kernel.time_of_database import NOW
from kassa.kernel.webhooks.lanes import Lanes

if TYPE_CHECKING:
    from kassa.kernel.engine import Engine

SEEN = 60 * MICROSECONDS_PER_SECOND
SECONDS_BETWEEN_BEATS = 20
PREFIX = "worker:"
HERE = (
    "INSERT INTO kernel_lease (name, holder, until) VALUES (?, ?, {now} + ?) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"
)
GONE = "DELETE FROM kernel_lease WHERE name = ?"
LOST = "DELETE FROM kernel_lease WHERE substr(name, 1, 7) = 'worker:' AND until < {now} - ?"
logger = logging.getLogger("kassa.worker")


@attrs.frozen(kw_only=True)
class Worked:
    """How much one pass of a worker did."""

    schedules: int = 0
    jobs: int = 0
    failed_jobs: int = 0
    events: int = 0
    deliveries: int = 0

    @property
    def anything(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.schedules or self.jobs or self.events or self.deliveries)

    def __add__(self, other: Worked) -> Worked:
        """Add two passes up."""
        mine, others = attrs.asdict(self), attrs.asdict(other)
        return Worked(**{name: count + others[name] for name, count in mine.items()})


class Worker:
    """Works behind the requests of one engine. `name` names it in leases and in the status."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self._runner = Runner(engine, name)
        self._dispatcher = Dispatcher(engine)
        self._lanes = Lanes(engine)
        self._loops = (
            Loop("kassa-webhooks", self._send),
            Loop("kassa-schedules", lambda: run_due(engine) > 0),
            Loop("kassa-presence", self._beat, SECONDS_BETWEEN_BEATS),
        )

    def start(self) -> None:
        """Work in threads until `stop`."""
        self._runner.start()
        self._dispatcher.start()
        for loop in self._loops:
            loop.start()
        logger.info("worker %s begins", self.name)

    def stop(self) -> None:
        """End after the chunk, the batch and the attempts at hand; the rest waits for the next worker."""
        for loop in self._loops:
            loop.stopping.set()
        self._dispatcher.stopping.set()
        self._runner.stop()
        self._dispatcher.stop()
        self._lanes.stop()
        for loop in self._loops:
            loop.stop()
        write_alone(self.engine.database, [Write(GONE, (PREFIX + self.name,))])
        logger.info("worker %s has ended", self.name)

    def once(self) -> Worked:
        """Do all that is due, in this thread, until there is nothing left; tells how much that was."""
        total = Worked()
        try:
            while (done := self._pass()).anything:
                total = total + done
        finally:
            self._lanes.stop()
            self._lanes = Lanes(self.engine)
        return total

    def _pass(self) -> Worked:
        """Do what is due now, each kind in turn: schedules make jobs, jobs make events, events make deliveries."""
        engine = self.engine
        schedules, jobs, failed, events = run_due(engine), 0, 0, 0
        while (job := self._runner.take_next()) is not None:
            jobs += 1
            failed += job.state == "failed"
        while published := publish(engine):
            events += published
        while dispatch(engine):
            continue
        before = self._lanes.tried
        while self._lanes.open():
            self._lanes.wait()
        return Worked(schedules=schedules, jobs=jobs, failed_jobs=failed, events=events, deliveries=self._lanes.tried - before)

    def _send(self) -> bool:
        published = publish(self.engine) > 0
        return self._lanes.open() or published

    def _beat(self) -> bool:
        """Say that this worker is there, and forget those that ended without a word a day ago."""
        now = NOW[self.engine.database.dialect]
        here = Write(HERE.format(now=now), (PREFIX + self.name, self.name, SEEN))
        write_alone(self.engine.database, [here, Write(LOST.format(now=now), (24 * 60 * SEEN,))])
        return False
