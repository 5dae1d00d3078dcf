"""Databases: from a URL to one reader and one writer a thread, on SQLite and on PostgreSQL.

Statements are written once with `?` for parameters and `{keys}` for a list of keys; this module turns them into what each
driver wants. Readers cannot write: the session is read-only and any statement but a query is refused before it is sent.
"""

from __future__ import annotations

import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import attrs
import peewee

from kassa.kernel.errors import ReadOnlyViolation as ReadOnlyViolation
from kassa.kernel.errors import StartupError
from kassa.kernel.tables import Dialect

Row = tuple[Any, ...]
KEYS_PER_STATEMENT = 512


class Connection(Protocol):
    """What the two drivers offer alike."""

    def rows(self, sql: str, parameters: Sequence[Any]) -> list[Row]: ...
    def begin(self) -> None: ...
    def end(self) -> None: ...


@attrs.define
class Reader:
    """A consistent snapshot, read-only; all that loaders, rules and reports ever see of the database.

    Parameters are marked with `?` on both databases. Values come back as `str`, `int`, `bool` or None.
    """

    connection: Connection
    dialect: Dialect

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run one query and return all its rows."""
        _only_queries(sql)
        return self.connection.rows(sql, parameters)

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


@attrs.frozen
class Write:
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


class DuplicateKey(Exception):
    """A unique constraint refused a row of the flush."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


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
    """A connection of one thread; closed at the latest when its thread is gone."""

    __slots__ = ("__weakref__", "connection")

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def close(self) -> None:
        """Close the connection; again is harmless."""
        self.connection.close()

    def __del__(self) -> None:
        self.close()


class ThreadLocalDatabase(ABC):
    """Keeps one reading and one writing connection a thread; subclasses open them."""

    dialect: Dialect

    def __init__(self, url: str) -> None:
        self.url = url
        self._local = threading.local()
        self._opened: weakref.WeakSet[Held] = weakref.WeakSet()

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
        if getattr(local, "depth", 0):
            yield local.reader
            return
        if getattr(local, "reader", None) is None:
            local.reading = self._held(self.open_reader())
            local.reader = Reader(local.reading.connection, self.dialect)
        reader = local.reader
        try:
            reader.connection.begin()
        except Exception:
            self._forget_reader()
            raise
        local.depth = 1
        try:
            yield reader
        finally:
            local.depth = 0
            try:
                reader.connection.end()
            except Exception:  # noqa: BLE001 - a snapshot that cannot be ended is of no use to the next operation, whatever ails it
                self._forget_reader()

    def _held(self, connection: Any) -> Held:
        held = Held(connection)
        self._opened.add(held)
        return held

    def _forget_reader(self) -> None:
        reading = self._local.reading
        self._local.reader = self._local.reading = None
        reading.close()

    def forget_writer(self) -> None:
        """Drop this thread's writing connection; the next flush opens a new one."""
        writing = getattr(self._local, "writing", None)
        self._local.writing = None
        if writing is not None:
            writing.close()

    def refuse_while_planning(self) -> None:
        """Raise ReadOnlyViolation where this thread has a snapshot open: whoever plans does not write."""
        if getattr(self._local, "depth", 0):
            raise ReadOnlyViolation("A write transaction was asked for while planning. Return effects instead: the core writes them.")

    def writing_connection(self) -> Any:
        """Give this thread's writing connection, opening it at first use."""
        writing = getattr(self._local, "writing", None)
        if writing is None:
            writing = self._local.writing = self._held(self.open_writer())
        return writing.connection

    def close(self) -> None:
        """Close every connection that any thread opened."""
        for held in list(self._opened):
            held.close()
        self._local = threading.local()


def connect(url: str) -> Database:
    """Open the database that a URL names: `sqlite:///path/file.db` or `postgresql://user@host:port/name`.

    Raises StartupError for any other URL, or where SQLite's folder does not exist.
    """
    if url.startswith("sqlite:///"):
        from kassa.kernel.sqlite import SqliteFile

        path = Path(url.removeprefix("sqlite:///"))
        if not path.parent.exists():
            raise StartupError(
                f"The folder of the database does not exist: {path.parent}. Create it, or name another place in KASSA_DATABASE."
            )
        return SqliteFile(url, path)
    if url.startswith(("postgresql://", "postgres://")):
        from kassa.kernel.postgresql import PostgresqlServer

        return PostgresqlServer(url)
    raise StartupError(
        f"Expected a database URL such as sqlite:///kassa.db or postgresql://user@host/name; got {url!r}. Set KASSA_DATABASE."
    )
