"""Racers: threads of several processes that wait behind one barrier and act, each with an answer of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

import attrs

from campaign.installation import Watching, open_engine
from campaign.processes import FORKED, SECONDS_AT_MOST, Act, Answer, perform, started
from kassa.kernel.database import Connections, PooledDatabase
from kassa.testing.databases import Kind, connect_server

CONNECTIONS_OF_OTHERS = 12
"""What the campaign itself uses at most, and what is left to whoever else is on the server."""
THREADS = 8
"""How many racers share a process where the server does not admit connections for a process each."""
FREE = """SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - count(*)
    FROM pg_stat_activity WHERE backend_type = 'client backend'"""


@attrs.frozen
class Grid:
    """How racers are spread: over how many processes, and by how many sessions each of them reads, and writes, at the same time."""

    racers: int
    processes: int
    sessions: int

    def shares(self) -> list[int]:
        """How many racers each process has."""
        each, more = divmod(self.racers, self.processes)
        return [each + (number < more) for number in range(self.processes)]


def spread(racers: int, free: int) -> Grid | None:
    """A process for each racer, where it may read by a connection and write by another; else processes of some threads; None if none fits."""
    if 2 * racers <= free:
        return Grid(racers, racers, 1)
    processes = -(-racers // THREADS)
    sessions = min(free // (2 * processes), THREADS)
    return Grid(racers, processes, sessions) if sessions else None


def grid(racers: int, kind: Kind) -> Grid:
    """Spread racers as the database admits; ends the campaign where the server has too few connections, for they would be what is raced for."""
    if kind == "sqlite":
        return Grid(racers, racers, 1)
    with connect_server() as server:
        row = server.execute(FREE).fetchone()
    free = (row[0] if row is not None else 0) - CONNECTIONS_OF_OTHERS
    found = spread(racers, free)
    if found is None:
        raise SystemExit(f"{racers} racers do not fit into the {free} connections that the server has left. Raise max_connections, or give --racers.")
    return found


def bounded(url: str, sessions: int) -> Watching:
    """Open an engine that reads by so many sessions at most and writes by as many; whoever finds them all in use waits for a turn."""
    engine = open_engine(url)
    database = engine.database
    if isinstance(database, PooledDatabase) and database.dialect == "postgresql":
        database.readers = Connections(database.open_reader, sessions)
        database.writers = Connections(database.open_writer, sessions)
    return engine


def race(pipe: Connection, barrier: Any, sessions: int) -> None:
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
        threads = [threading.Thread(target=start, args=(engine, barrier, answers, place, act)) for place, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pipe.send(answers)


def start(engine: Watching, barrier: Any, answers: list[Answer | None], place: int, act: Act) -> None:
    """Have a connection, wait for all others, act, and put down what came of it."""
    with engine.database.snapshot() as read:
        read.rows("SELECT 1")
    barrier.wait(SECONDS_AT_MOST)
    answers[place] = perform(engine, act)


class Racers:
    """Those who act at the same moment, as often as told."""

    def __init__(self, grid: Grid, target: Callable[..., None] = race) -> None:
        # Kept, for its semaphores are gone from the system when nobody here holds it.
        self._barrier = FORKED.Barrier(grid.racers)
        self._shares = grid.shares()
        ends = [FORKED.Pipe() for _ in self._shares]
        self._pipes = [ours for ours, _ in ends]
        self._processes = [started(target, theirs, self._barrier, grid.sessions) for _, theirs in ends]
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
