"""Racers: threads of several processes that wait behind one barrier and act, each with an answer of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import accumulate
from multiprocessing.connection import Connection
from time import monotonic_ns, sleep

import attrs

from campaign.installation import Watching, open_engine
from campaign.processes import FORKED, SECONDS_AT_MOST, Act, Answer, perform, started
from kassa.kernel.database import Connections
from kassa.kernel.postgresql import PostgresqlServer
from kassa.testing.databases import Kind, connect_server

CONNECTIONS_OF_OTHERS = 12
"""What the campaign itself uses at most, and what is left to whoever else is on the server."""
THREADS = 8
"""How many racers share a process where the server does not admit connections for a process each."""
NOTICE = 500_000
"""Nanoseconds for each racer between the arrival of the last one and the moment at which all go."""
FREE = """SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - count(*)
    FROM pg_stat_activity WHERE backend_type = 'client backend'"""


@attrs.frozen
class Grid:
    """How racers are spread: over how many processes, and by how many sessions each of them reads at the same time, and writes."""

    racers: int
    processes: int
    sessions: int = 1

    @property
    def connections(self) -> int:
        """How many connections they need at most."""
        return 2 * self.processes * self.sessions

    def shares(self) -> list[int]:
        """How many racers each process has."""
        each, more = divmod(self.racers, self.processes)
        return [each + (number < more) for number in range(self.processes)]


def spread(racers: int, kind: Kind) -> Grid:
    """Spread racers: a process for each where it may read by a connection and write by another, else processes of some threads.

    Ends the campaign where the server has too few connections even for that, for they would be what is raced for.
    """
    apart = Grid(racers, racers)
    if kind == "sqlite":
        return apart
    with connect_server() as server:
        row = server.execute(FREE).fetchone()
    free = (row[0] if row is not None else 0) - CONNECTIONS_OF_OTHERS
    if apart.connections <= free:
        return apart
    processes = -(-racers // THREADS)
    sessions = min(free // (2 * processes), THREADS)
    if not sessions:
        raise SystemExit(f"{racers} racers need {2 * processes} connections; the server has {free} left. Raise max_connections, or give --racers.")
    return Grid(racers, processes, sessions)


def bounded(url: str, sessions: int) -> Watching:
    """Open an engine that reads by so many sessions at most and writes by as many; whoever finds them all in use waits for a turn."""
    engine = open_engine(url)
    database = engine.database
    if isinstance(database, PostgresqlServer):
        database.readers = Connections(database.open_reader, sessions)
        database.writers = Connections(database.open_writer, sessions)
    return engine


class Start:
    """Where racers wait for the last of them, and for the moment at which all go: to be woken one by one takes longer than an act."""

    def __init__(self, racers: int) -> None:
        self._moment = FORKED.Value("q")
        self._notice = NOTICE * racers
        self._barrier = FORKED.Barrier(racers, self._announce)

    def _announce(self) -> None:
        self._moment.value = monotonic_ns() + self._notice

    def wait(self) -> None:
        """Return when all go."""
        self._barrier.wait(SECONDS_AT_MOST)
        sleep(max(self._moment.value - monotonic_ns(), 0) / 1_000_000_000)


def race(pipe: Connection, start: Start, sessions: int) -> None:
    """Take acts from the pipe, do each in a thread of its own at the same moment as all others, and answer, until None comes."""
    engine, url = None, ""
    while True:
        acts: Sequence[Act] | None = pipe.recv()
        if engine is not None and (acts is None or acts[0].url != url):
            engine.close()
            engine = None
        if acts is None:
            return
        if engine is None:
            url = acts[0].url
            engine = bounded(url, sessions)
        answers: list[Answer | None] = [None] * len(acts)
        threads = [threading.Thread(target=run, args=(engine, start, answers, place, act)) for place, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pipe.send(answers)


def run(engine: Watching, start: Start, answers: list[Answer | None], place: int, act: Act) -> None:
    """Have a connection, wait for all others, act, and put down what came of it."""
    with engine.database.snapshot() as read:
        read.rows("SELECT 1")
    start.wait()
    begun = monotonic_ns()
    answers[place] = attrs.evolve(perform(engine, act), during=(begun, monotonic_ns()))


def at_once(answers: Sequence[Answer]) -> int:
    """How many acts were on their way at the same moment, at most."""
    steps = sorted((moment, change) for answer in answers for moment, change in zip(answer.during, (1, -1), strict=True))
    return max(accumulate(change for _, change in steps))


class Racers:
    """Those who act at the same moment, as often as told."""

    def __init__(self, grid: Grid) -> None:
        # Kept, for its semaphores are gone from the system when nobody here holds it.
        self._start = Start(grid.racers)
        self._shares = grid.shares()
        ends = [FORKED.Pipe() for _ in self._shares]
        self._pipes = [ours for ours, _ in ends]
        self._processes = [started(race, theirs, self._start, grid.sessions) for _, theirs in ends]
        for _, theirs in ends:
            theirs.close()

    def run(self, acts: Sequence[Act]) -> list[Answer]:
        """Let every racer do its act, all at once."""
        left = list(acts)
        for pipe, share in zip(self._pipes, self._shares, strict=True):
            pipe.send(left[:share])
            left = left[share:]
        answers: list[Answer] = []
        for pipe in self._pipes:
            if not pipe.poll(SECONDS_AT_MOST):
                raise TimeoutError("a racer did not answer")
            answers += pipe.recv()
        return answers

    def close(self) -> None:
        """End the processes that were started here."""
        for process in self._processes:
            if process.is_alive():
                process.kill()
            process.join()
        for pipe in self._pipes:
            pipe.close()
