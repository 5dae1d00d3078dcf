"""Databases: from a URL to readers and writers for all threads, on SQLite and on PostgreSQL.

Statements are written once with `?` for parameters and `{keys}` for a list of keys; this module turns them into what each
driver wants. Readers cannot write: the session is read-only and any statement but a query is refused before it is sent.
"""

from __future__ import annotations

import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple, Protocol, TypeVar

import attrs
import peewee

from kassa.kernel.errors import ReadOnlyViolation as ReadOnlyViolation
from kassa.kernel.errors import StartupError, Unavailable
from kassa.kernel.tables import Dialect

T = TypeVar("T")
Row = tuple[Any, ...]
KEYS_PER_STATEMENT = 512
ATTEMPTS_TO_READ = 3


class Connection(Protocol):
    """What the two drivers offer alike."""

    def rows(self, sql: str, parameters: Sequence[Any]) -> list[Row]: ...
    def begin(self) -> None: ...
    def end(self) -> None: ...


@attrs.define
class Reader:
    """A consistent snapshot, read-only; all that loaders, rules and reports ever see of the database.

    Parameters are marked with `?` on both databases. Values come back as `str`, `int`, `bool` or None. `failure` is the first query
    that failed: PostgreSQL answers no other one on this snapshot, so whoever goes on after it is stopped on both databases.
    """

    connection: Connection
    dialect: Dialect
    failure: Exception | None = attrs.field(default=None, kw_only=True)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one query and return all its rows."""
        _only_queries(sql)
        try:
            return self.connection.rows(sql, parameters)
        except Exception as error:
            self.failure = self.failure or error
            raise

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """Run one query and return its first row, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run one query and return the first value of its first row, or None."""
        found = self.row(sql, parameters)
        return found[0] if found else None

    def rows_for(self, sql: str, keys: Sequence[Any], parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a query whose `{keys}` stands for a list; `parameters` are those that stand before it.

        Lists are padded to a power of two by repeating the last key, so few statements are ever prepared.
        """
        found: list[Row] = []
        for start in range(0, len(keys), KEYS_PER_STATEMENT):
            part = list(keys[start : start + KEYS_PER_STATEMENT])
            size = 1 << (len(part) - 1).bit_length()
            part += part[-1:] * (size - len(part))
            found += self.rows(_with_keys(sql, size), [*parameters, *part])
        return found


@cache
def _with_keys(sql: str, size: int) -> str:
    return sql.replace("{keys}", "(" + ", ".join("?" * size) + ")")


@cache
def _only_queries(sql: str) -> None:
    first = sql.lstrip(" \n\t(").split(None, 1)[0].upper() if sql.strip() else ""
    if first not in ("SELECT", "WITH", "VALUES") or ";" in sql.rstrip("; \n"):
        raise ReadOnlyViolation(
            f"Expected one query (SELECT …) while planning; got {sql.strip()[:80]!r}. Return effects instead: the core writes them."
        )


class Write(NamedTuple):
    """One statement of a flush: `parameters` is one row, or a list of rows where `many`.

    `expect` is the number of rows that must be hit (None: any); fewer means that a race was lost, and `what` says which.
    """

    sql: str
    parameters: Sequence[Any]
    many: bool = False
    returning: bool = False
    expect: int | None = None
    what: Any = None


class LostRace(Exception):
    """A conditional write of a flush hit fewer rows than it had to; the flush is undone and planned again."""

    def __init__(self, write: Write) -> None:
        super().__init__(f"conditional write lost: {write.sql}")
        self.write = write


class UnknownCommit(Exception):
    """The connection broke while committing: the transaction may or may not be durable."""


class Retryable(Exception):
    """The database gave this transaction up (serialisation, deadlock, lock wait); it can be run again."""


PLAN_AGAIN = (LostRace, Retryable)
"""What tells the engine to plan again; wherever it is raised, no plugin is to blame for it."""


def again(run: Callable[[], T]) -> T:
    """Run what reads outside a plan and may be run twice, and run it again where the database gives it up.

    A server that was restarted has closed the sessions that lay idle. Raises Unavailable where new ones break off as well (REL-26).
    """
    failure: Exception | None = None
    for _ in range(ATTEMPTS_TO_READ):
        try:
            return run()
        except Retryable as lost:
            failure = lost
    raise Unavailable("The database breaks off what it is asked. Nothing was changed; send the same request again.") from failure


def cannot_write(reason: str) -> Unavailable:
    """Say that the database cannot be written just now, as where its disk is full (REL-26)."""
    return Unavailable(f"The database cannot be written: {reason}. Nothing was changed; see to it, and send the same request again.")


class DuplicateKey(Exception):
    """A unique constraint refused a row of the flush; `table` and `columns` are those of the constraint, as far as the driver tells."""

    def __init__(self, detail: str, table: str = "", columns: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.table = table
        self.columns = tuple(columns)


class Writer(Protocol):
    """A write transaction, for the flush alone."""

    def begin(self) -> None: ...
    def run(self, writes: Sequence[Write]) -> list[list[Row]]: ...
    def commit(self, writes: Sequence[Write]) -> list[list[Row]]: ...
    def rollback(self) -> None: ...


class Database(Protocol):
    """One installation's database."""

    url: str
    dialect: Dialect

    @property
    def orm(self) -> peewee.Database: ...
    def snapshot(self) -> Any: ...
    def writer(self) -> Any: ...
    def close(self) -> None: ...


class Held:
    """A connection and whether it is closed."""

    __slots__ = ("__weakref__", "closed", "connection")

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.closed = False

    def close(self) -> None:
        """Close the connection; again is harmless."""
        self.closed = True
        self.connection.close()

    def __del__(self) -> None:
        self.close()


class Connections:
    """Connections that threads take and give back, the one used last first: its caches are warm. A few serve many threads."""

    def __init__(self, make: Callable[[], Any], at_most: int) -> None:
        self._make = make
        # A queue of turns: a semaphore does the same at many times the cost.
        self._turns: SimpleQueue[None] = SimpleQueue()
        for _ in range(at_most):
            self._turns.put(None)
        self._idle: list[Held] = []
        self._made: weakref.WeakSet[Held] = weakref.WeakSet()

    def take(self) -> Held:
        """Wait for a turn and give an idle connection, or a new one; raises what opening raises."""
        self._turns.get()
        try:
            with suppress(IndexError):
                return self._idle.pop()
            held = Held(self._make())
            self._made.add(held)
            return held
        except BaseException:
            self._turns.put(None)
            raise

    def give_back(self, held: Held, *, broken: bool = False) -> None:
        """End a turn. Where one connection broke, the server may have ended all, so the idle ones are closed with it."""
        if broken:
            held.close()
            self.close_idle()
        elif not held.closed:
            self._idle.append(held)
        self._turns.put(None)

    def close_idle(self) -> None:
        """Close the connections that nobody has out; whoever needs one gets a new one."""
        idle, self._idle = self._idle, []
        for held in idle:
            held.close()

    def close(self) -> None:
        """Close every connection, also those that are out."""
        self._idle = []
        for held in list(self._made):
            held.close()


class PooledDatabase(ABC):
    """Keeps some reading and some writing connections for all threads; subclasses open them."""

    dialect: Dialect

    def __init__(self, url: str, *, readers: int, writers: int) -> None:
        self.url = url
        self.readers = Connections(self.open_reader, readers)
        self.writers = Connections(self.open_writer, writers)
        self._local = threading.local()

    @abstractmethod
    def open_reader(self) -> Any:
        """Open a read-only connection."""

    @abstractmethod
    def open_writer(self) -> Any:
        """Open a connection for flushes."""

    @contextmanager
    def snapshot(self) -> Iterator[Reader]:
        """Open a consistent, read-only snapshot for this thread; within one, the same snapshot is handed out again."""
        local = self._local
        reader = getattr(local, "reader", None)
        if reader is not None:
            yield reader
            return
        held = self.readers.take()
        usable = False
        try:
            held.connection.begin()
            local.reader = Reader(held.connection, self.dialect)
            try:
                yield local.reader
            finally:
                local.reader = None
                usable = _ended(held.connection)
        finally:
            self.readers.give_back(held, broken=not usable)
            if not usable:
                # A reader is the first to find that its session is gone. A writer would find out in its commit, and not know what became of it.
                self.writers.close_idle()

    def refuse_while_planning(self) -> None:
        """Raise ReadOnlyViolation where this thread has a snapshot open: whoever plans does not write."""
        if getattr(self._local, "reader", None) is not None:
            raise ReadOnlyViolation("A write transaction was asked for while planning. Return effects instead: the core writes them.")

    def close(self) -> None:
        """Close every connection that any thread opened."""
        self.readers.close()
        self.writers.close()
        self._local = threading.local()


def _ended(connection: Connection) -> bool:
    try:
        connection.end()
    except Exception:  # noqa: BLE001 - a snapshot that cannot be ended is of no use to the next operation, whatever ails it
        return False
    return True


def connect(url: str, *, durable: bool = True) -> Database:
    """Open the database that a URL names: `sqlite:///path/file.db` or `postgresql://user@host:port/name`.

    What is not `durable` does not wait for the disk: a crash of the machine, not of the process, may lose or break it. That is for
    tests, whose databases do not outlive them.

    Raises StartupError for any other URL, or where SQLite's folder does not exist.
    """
    if url.startswith("sqlite:///"):
        from kassa.kernel.sqlite import SqliteFile

        path = Path(url.removeprefix("sqlite:///"))
        if not path.parent.exists():
            raise StartupError(
                f"The folder of the database does not exist: {path.parent}. Create it, or name another place in KASSA_DATABASE."
            )
        return SqliteFile(url, path, durable=durable)
    if url.startswith(("postgresql://", "postgres://")):
        from kassa.kernel.postgresql import PostgresqlServer

        return PostgresqlServer(url, durable=durable)
    raise StartupError(
        f"Expected a database URL such as sqlite:///kassa.db or postgresql://user@host/name; got {url!r}. Set KASSA_DATABASE."
    )
