"""Measuring: work done in a time, and the processor time of this process for each piece of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import attrs

ROUNDS = 9


@attrs.frozen(kw_only=True)
class Measure:
    """How fast something went: pieces a second of wall time, and microseconds of this process's processor time for each."""

    pieces: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Pieces a second."""
        return self.pieces / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of processor time for each piece."""
        return self.cpu_seconds / self.pieces * 1e6


def measure(pieces: int, work: Callable[[], object]) -> Measure:
    """Time one run of work that handles a number of pieces."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Measure(pieces=pieces, seconds=time.perf_counter() - wall, cpu_seconds=time.process_time() - cpu)


def typical(measures: list[Measure]) -> Measure:
    """Take the wall time of the round in the middle, and the processor time of the cheapest one.

    What else the machine does can only add to processor time (shared caches, a sibling thread on the same core), so the least of
    equal rounds is nearest to what the work itself takes.
    """
    middle = statistics.median_low([one.seconds for one in measures])
    return Measure(pieces=measures[0].pieces, seconds=middle, cpu_seconds=min(one.cpu_seconds for one in measures))


@attrs.frozen(kw_only=True)
class Line:
    """One line of the table: Kassa beside raw SQL doing the same on the same database."""

    database: str
    what: str
    unit: str
    kassa: Measure
    raw: Measure | None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Kassa's rate as a share of the raw rate."""
        return self.kassa.rate / self.raw.rate if self.raw is not None else None

    @property
    def cpu_above(self) -> float | None:
        """Microseconds of processor time that Kassa adds to each piece."""
        return self.kassa.cpu_us - self.raw.cpu_us if self.raw is not None else None
