"""PostgreSQL through psycopg 3: statements of a flush travel together, in two round trips."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any

import peewee
import psycopg
from playhouse.db_url import parse as parse_url
from psycopg import errors as pg
from psycopg.adapt import Loader
from psycopg.types.numeric import Int8Dumper

from kassa.kernel import failpoints
from kassa.kernel.database import DuplicateKey, LostRace, PooledDatabase, Retryable, Row, UnknownCommit, Write, cannot_write
from kassa.kernel.errors import Unavailable
from kassa.kernel.tables import Dialect

SETTINGS = "-c lock_timeout=2s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s -c timezone=UTC -c datestyle=ISO"
READER = " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
WRITER = " -c default_transaction_isolation=read\\ committed -c synchronous_commit=on"
NOT_DURABLE = " -c synchronous_commit=off"
SESSIONS = 16
"""How many threads of a process read, and how many write, at the same time; more wait for a turn."""
CANNOT_WRITE = (
    pg.DiskFull, pg.OutOfMemory, pg.InsufficientResources, pg.ConfigurationLimitExceeded, pg.IoError, pg.SystemError, pg.ReadOnlySqlTransaction,
)  # fmt: skip
GIVEN_UP = (pg.SerializationFailure, pg.DeadlockDetected, pg.LockNotAvailable, pg.PipelineAborted, pg.InvalidSqlStatementName)


class PlainText(Loader):
    """Hands a value over as the text that the server sent, so both databases give the same Python values."""

    def load(self, data: Any) -> str:
        """Decode the text."""
        return bytes(data).decode()


KEY_OF_DETAIL = re.compile(r"Key \(([^()]*)\)=")
ROWS_OF_AN_INSERT = 64
"""How many rows one statement inserts at most; fewer go in statements of a power of two, so that few are ever prepared."""
PLAIN_INSERT = re.compile(r"(INSERT INTO \w+ \([^()]*\) VALUES )(\([?, ]*\))( ON CONFLICT .*DO NOTHING)?")


@cache
def marks(sql: str) -> bytes:
    """Turn each `?` into the server's `$1`, `$2`, …, so that psycopg need not read the statement."""
    first, *others = sql.split("?")
    return "".join([first, *(f"${number}{text}" for number, text in enumerate(others, 1))]).encode()


@cache
def _inserting(sql: str, rows: int) -> str | None:
    """Write the insert of one row as an insert of several; None for any other statement."""
    plain = PLAIN_INSERT.fullmatch(sql)
    return f"{plain[1]}{', '.join([plain[2]] * rows)}{plain[3] or ''}" if plain else None


def _in_blocks(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """Divide rows into blocks of the largest powers of two, in their order."""
    start, left = 0, len(rows)
    while left:
        size = min(ROWS_OF_AN_INSERT, 1 << left.bit_length() - 1)
        yield rows[start : start + size]
        start, left = start + size, left - size


def open_connection(url: str, options: str) -> psycopg.Connection[Row]:
    """Open a connection whose ints are always sent as 64 bits, so that each statement is prepared once."""
    try:
        connection = psycopg.connect(url, autocommit=True, options=SETTINGS + options)
    except psycopg.OperationalError as error:
        raise Unavailable(f"The database does not answer: {str(error).splitlines()[0]}") from error
    connection.adapters.register_dumper(int, Int8Dumper)
    for name in ("uuid", "date"):
        connection.adapters.register_loader(name, PlainText)
    connection.cursor_factory = psycopg.RawCursor
    connection.prepare_threshold = 2
    connection.prepared_max = 1000
    return connection


class PostgresqlConnection:
    """A read-only session, repeatable read."""

    def __init__(self, url: str) -> None:
        self.raw = open_connection(url, READER)
        self.cursor = self.raw.cursor()
        self.pipeline: Any = None

    def rows(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        """Run one query."""
        try:
            return self.cursor.execute(marks(sql), parameters).fetchall()
        except psycopg.OperationalError as error:
            # A server that was restarted closes sessions that lay idle; a new one can do it.
            raise Retryable(str(error)) from error

    def begin(self) -> None:
        """Open a snapshot; BEGIN travels with the first query. Retryable where the session is found closed already."""
        self.pipeline = self.raw.pipeline()
        self.pipeline.__enter__()
        try:
            self.cursor.execute("BEGIN")
        except psycopg.OperationalError as error:
            raise Retryable(str(error)) from error

    def end(self) -> None:
        """Close the snapshot."""
        try:
            self.cursor.execute("ROLLBACK")
        finally:
            pipeline, self.pipeline = self.pipeline, None
            pipeline.__exit__(None, None, None)

    def close(self) -> None:
        """Close the session."""
        self.raw.close()


class PostgresqlSession:
    """A session for flushes and its cursors, which are used again: a flush needs some thirty."""

    def __init__(self, url: str, *, durable: bool) -> None:
        self.raw = open_connection(url, WRITER if durable else WRITER + NOT_DURABLE)
        self.cursors: list[psycopg.Cursor[Row]] = []

    def cursor(self, place: int) -> psycopg.Cursor[Row]:
        """Give the cursor for the statement at a place of what is sent together."""
        if place == len(self.cursors):
            self.cursors.append(self.raw.cursor())
        return self.cursors[place]

    def close(self) -> None:
        """Close the session."""
        self.raw.close()


class PostgresqlWriter:
    """One flush on PostgreSQL: READ COMMITTED, conditional writes, two round trips."""

    def __init__(self, session: PostgresqlSession) -> None:
        self.session = session
        self.connection = session.raw
        self.begun = False

    def begin(self) -> None:
        """Mark the start; BEGIN travels with the first statements."""
        if failpoints.armed is not None:
            failpoints.armed("write.begin")
        self.begun = False

    def run(self, writes: Sequence[Write]) -> list[list[Row]]:
        """Send statements together and check what each hit; LostRace for the first that hit fewer rows than it must."""
        try:
            return self._send(writes, end=None)
        except psycopg.Error as error:
            raise self._translated(error, Retryable) from error

    def commit(self, writes: Sequence[Write]) -> list[list[Row]]:
        """Send the last statements and COMMIT; UnknownCommit where the connection breaks before the server's answer."""
        try:
            return self._send(writes, end="COMMIT")
        except psycopg.Error as error:
            raise self._translated(error, UnknownCommit) from error

    def _send(self, writes: Sequence[Write], end: str | None) -> list[list[Row]]:
        sent: list[tuple[Write, Any]] = []
        last: Any = None
        place = 0
        with self.connection.pipeline():
            if not self.begun:
                self.connection.execute("BEGIN")
                self.begun = True
            for write in writes:
                cursor = self.session.cursor(place)
                if not write.many:
                    cursor.execute(marks(write.sql), write.parameters)
                elif _inserting(write.sql, 1) is None:
                    cursor.executemany(marks(write.sql), write.parameters, returning=write.returning)
                else:
                    place = self._insert(write, place)
                sent.append((write, cursor))
                if failpoints.armed is not None:
                    failpoints.armed("write.statement")
                place += 1
            if end is not None and failpoints.armed is not None:
                failpoints.armed("write.commit")
            if end is not None and not any(write.expect is not None for write in writes):
                last = self.connection.execute(end)
        results: list[list[Row]] = []
        for write, cursor in sent:
            if write.expect is not None and cursor.rowcount != write.expect:
                raise LostRace(write)
            results.append(cursor.fetchall() if write.returning else [])
        if end is not None and last is None:
            last = self.connection.execute(end)
        if end is not None and last.statusmessage != end:
            raise Retryable(f"expected {end}; the server answered {last.statusmessage}")
        if end is not None and failpoints.armed is not None:
            failpoints.armed("write.committed")
        return results

    def _insert(self, write: Write, place: int) -> int:
        """Insert many rows by few statements, with the cursors from a place on; returns the place of the last one used."""
        for number, rows in enumerate(_in_blocks(write.parameters)):
            place += number > 0
            sql = _inserting(write.sql, len(rows)) or write.sql
            self.session.cursor(place).execute(marks(sql), list(chain.from_iterable(rows)))
        return place

    def _translated(self, error: psycopg.Error, when_lost: type[Exception]) -> Exception:
        """Say what an error means for the flush, and drop the session.

        A pipeline that was broken off leaves psycopg believing in prepared statements that the server never made, so the
        session is not used again; closing it also undoes the transaction.
        """
        self.connection.close()
        if isinstance(error, pg.UniqueViolation):
            detail = str(error.diag.message_detail or error)
            columns = KEY_OF_DETAIL.match(detail)
            return DuplicateKey(detail, error.diag.table_name or "", columns[1].split(", ") if columns else ())
        if isinstance(error, GIVEN_UP):
            return Retryable(str(error))
        if isinstance(error, CANNOT_WRITE):
            return cannot_write(str(error).splitlines()[0])
        return when_lost(str(error)) if isinstance(error, psycopg.OperationalError) else error

    def rollback(self) -> None:
        """Undo the flush; a connection that cannot be rolled back is dropped."""
        if not self.begun or self.connection.closed:
            return
        try:
            self.connection.execute("ROLLBACK")
        except psycopg.Error:
            self.connection.close()


class PostgresqlServer(PooledDatabase):
    """A Kassa database on a PostgreSQL server."""

    dialect: Dialect = "postgresql"

    def __init__(self, url: str, *, durable: bool = True) -> None:
        super().__init__(url, readers=SESSIONS, writers=SESSIONS)
        self.durable = durable
        self._orm: peewee.PostgresqlDatabase | None = None

    def open_reader(self) -> PostgresqlConnection:
        """Open a session that cannot write."""
        return PostgresqlConnection(self.url)

    def open_writer(self) -> PostgresqlSession:
        """Open a session for flushes."""
        return PostgresqlSession(self.url, durable=self.durable)

    @contextmanager
    def writer(self) -> Iterator[PostgresqlWriter]:
        """Wait for a turn and give a writer on a session."""
        self.refuse_while_planning()
        held = self.writers.take()
        try:
            yield PostgresqlWriter(held.connection)
        finally:
            self.writers.give_back(held, broken=held.connection.raw.closed)

    @property
    def orm(self) -> peewee.PostgresqlDatabase:
        """Give the peewee database of the same server, for migrations and anything off the hot path."""
        self.refuse_while_planning()
        if self._orm is None:
            options = parse_url(self.url)
            self._orm = peewee.PostgresqlDatabase(options.pop("database"), prefer_psycopg3=True, **options)
        return self._orm

    def close(self) -> None:
        """Close every connection."""
        super().close()
        if self._orm is not None:
            self._orm.close()
