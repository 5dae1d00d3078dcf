"""SQLite: durable, strict, one writer at a time behind a fair queue."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee

from kassa.kernel import failpoints
from kassa.kernel.database import DuplicateKey, LostRace, PooledDatabase, Retryable, Row, UnknownCommit, Write, cannot_write
from kassa.kernel.errors import Unavailable
from kassa.kernel.tables import Dialect

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no flock; SQLite's own lock still excludes other processes there
    fcntl = None  # type: ignore[assignment]

PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "recursive_triggers": "ON",
    "trusted_schema": "OFF",
    "busy_timeout": 10_000,
    "cache_size": -64_000,
    "temp_store": "MEMORY",
    "wal_autocheckpoint": 8_000,
}


READERS = 16
"""How many threads of a process read at the same time; more wait for a turn."""
CANNOT_WRITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CANTOPEN)
PRIMARY = 0xFF
"""What of an extended error code is the primary one."""


class FairLock:
    """A lock that is handed on in the order of asking; SQLite's own waiting starves writers under load."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self) -> None:
        """Wait for the turn."""
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        """Hand the lock to who asked first."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class SqliteConnection:
    """One connection, used by one thread at a time."""

    def __init__(self, path: Path, *, read_only: bool, durable: bool = True) -> None:
        self.raw = sqlite3.connect(path, isolation_level=None, cached_statements=1024, check_same_thread=False, timeout=10)
        try:
            for name, value in PRAGMAS.items():
                self.raw.execute(f"PRAGMA {name} = {value}")
            if not durable:
                self.raw.execute("PRAGMA synchronous = OFF")
            if read_only:
                self.raw.execute("PRAGMA query_only = ON")
        except sqlite3.Error:
            # Such as a file that is no database.
            self.raw.close()
            raise
        self.cursor = self.raw.cursor()

    def rows(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        """Run one query."""
        return self.cursor.execute(sql, parameters).fetchall()

    def begin(self) -> None:
        """Open a snapshot: in WAL a deferred transaction sees one state of the file until it ends."""
        self.cursor.execute("BEGIN")

    def end(self) -> None:
        """Close the snapshot."""
        if self.raw.in_transaction:
            self.cursor.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        self.raw.close()


class SqliteWriter:
    """One flush on SQLite: BEGIN IMMEDIATE … COMMIT on the process's writing connection."""

    def __init__(self, connection: SqliteConnection) -> None:
        self.connection = connection
        self.cursor = connection.cursor

    def begin(self) -> None:
        """Take SQLite's write lock at once, so nothing can fail for it later."""
        if failpoints.armed is not None:
            failpoints.armed("write.begin")
        try:
            self.cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise _trouble(error) or Retryable(str(error)) from error

    def run(self, writes: Sequence[Write]) -> list[list[Row]]:
        """Run statements in order; stop with LostRace at the first that hits fewer rows than it must."""
        cursor = self.cursor
        results: list[list[Row]] = []
        try:
            for write in writes:
                if write.many:
                    cursor.executemany(write.sql, write.parameters)
                else:
                    cursor.execute(write.sql, write.parameters)
                if failpoints.armed is not None:
                    failpoints.armed("write.statement")
                results.append(cursor.fetchall() if write.returning else [])
                if (
                    write.expect is not None
                    and cursor.rowcount != write.expect
                    and not (write.returning and len(results[-1]) == write.expect)
                ):
                    raise LostRace(write)
        except sqlite3.IntegrityError as error:
            if "UNIQUE" in str(error) or "PRIMARY KEY" in str(error):
                raise _duplicate(str(error)) from error
            raise
        except sqlite3.OperationalError as error:
            trouble = _trouble(error)
            if trouble is None:
                raise
            raise trouble from error
        return results

    def commit(self, writes: Sequence[Write]) -> list[list[Row]]:
        """Run the last statements and commit; durable when this returns (synchronous=FULL).

        Raises UnknownCommit where SQLite fails at it, as for a disk that is full: only the file tells what became of it.
        """
        results = self.run(writes)
        if failpoints.armed is not None:
            failpoints.armed("write.commit")
        try:
            self.cursor.execute("COMMIT")
            if failpoints.armed is not None:
                failpoints.armed("write.committed")
        except sqlite3.OperationalError as error:
            raise UnknownCommit(str(error)) from error
        return results

    def rollback(self) -> None:
        """Undo the flush."""
        if self.connection.raw.in_transaction:
            self.cursor.execute("ROLLBACK")


def _trouble(error: sqlite3.OperationalError) -> Unavailable | None:
    """Say that the file cannot be written just now, where that is what an error tells."""
    return cannot_write(str(error)) if error.sqlite_errorcode & PRIMARY in CANNOT_WRITE else None


def _duplicate(message: str) -> DuplicateKey:
    """Read `UNIQUE constraint failed: table.column, table.column`."""
    places = [place.strip().partition(".") for place in message.partition(": ")[2].split(",")]
    return DuplicateKey(message, places[0][0], [column for _, _, column in places])


class SqliteFile(PooledDatabase):
    """A Kassa database in one file."""

    dialect: Dialect = "sqlite"

    def __init__(self, url: str, path: Path, *, durable: bool = True) -> None:
        super().__init__(url, readers=READERS, writers=1)
        self.path = path
        self.durable = durable
        self.queue = FairLock()
        self._orm: peewee.SqliteDatabase | None = None
        self._lock_file: Any = None

    def open_reader(self) -> SqliteConnection:
        """Open a connection that cannot write."""
        return SqliteConnection(self.path, read_only=True, durable=self.durable)

    def open_writer(self) -> SqliteConnection:
        """Open a connection for flushes."""
        return SqliteConnection(self.path, read_only=False, durable=self.durable)

    @contextmanager
    def writer(self) -> Iterator[SqliteWriter]:
        """Wait for the turn among this process's threads and other processes, and give a writer."""
        self.refuse_while_planning()
        self.queue.acquire()
        try:
            with self._file_lock():
                held = self.writers.take()
                try:
                    yield SqliteWriter(held.connection)
                finally:
                    self.writers.give_back(held)
        finally:
            self.queue.release()

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        if fcntl is None:  # pragma: no cover
            yield
            return
        if self._lock_file is None:
            self._lock_file = open(f"{self.path}.lock", "w")  # noqa: SIM115 - kept open for the life of the process
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    @property
    def orm(self) -> peewee.SqliteDatabase:
        """Give the peewee database of the same file, for migrations and anything off the hot path."""
        self.refuse_while_planning()
        if self._orm is None:
            self._orm = StrictSqliteDatabase(str(self.path), pragmas=PRAGMAS, lock_type="IMMEDIATE")
        return self._orm

    def close(self) -> None:
        """Close every connection."""
        super().close()
        if self._orm is not None:
            self._orm.close()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None


class StrictSqliteDatabase(peewee.SqliteDatabase):
    """SQLite with the types that its STRICT tables know."""

    field_types = {**peewee.SqliteDatabase.field_types, "DATE": "TEXT"}
