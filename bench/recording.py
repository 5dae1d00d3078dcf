"""Recording and replaying: what Kassa writes is noted statement by statement, and written again by the plain driver.

The replay runs on a copy of the database as it was before, so the rows, the indexes, the triggers and the durability are the
same; what is left out is everything that Kassa does around them.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from kassa.kernel import postgresql, sqlite
from kassa.kernel.database import Row, Write

Flush = list[Write]


@contextmanager
def recording(dialect: str) -> Iterator[list[Flush]]:
    """Note the statements of every flush of this process while the block runs."""
    flushes: list[Flush] = []
    writer: Any = sqlite.SqliteWriter if dialect == "sqlite" else postgresql.PostgresqlWriter
    begin, run, commit = writer.begin, writer.run, writer.commit
    inside = False

    def noted_begin(self: Any) -> None:
        flushes.append([])
        begin(self)

    def noted_run(self: Any, writes: Sequence[Write]) -> list[list[Row]]:
        if not inside:
            flushes[-1].extend(writes)
        found: list[list[Row]] = run(self, writes)
        return found

    def noted_commit(self: Any, writes: Sequence[Write]) -> list[list[Row]]:
        nonlocal inside
        flushes[-1].extend(writes)
        inside = True
        try:
            found: list[list[Row]] = commit(self, writes)
            return found
        finally:
            inside = False

    writer.begin, writer.run, writer.commit = noted_begin, noted_run, noted_commit
    try:
        yield flushes
    finally:
        writer.begin, writer.run, writer.commit = begin, run, commit


@contextmanager
def recording_queries(dialect: str) -> Iterator[list[tuple[str, Sequence[Any]]]]:
    """Note the queries of this process while the block runs."""
    queries: list[tuple[str, Sequence[Any]]] = []
    reader: Any = sqlite.SqliteConnection if dialect == "sqlite" else postgresql.PostgresqlConnection
    rows = reader.rows

    def noted(self: Any, sql: str, parameters: Sequence[Any]) -> list[Row]:
        queries.append((sql, list(parameters)))
        found: list[Row] = rows(self, sql, parameters)
        return found

    reader.rows = noted
    try:
        yield queries
    finally:
        reader.rows = rows


def copy_of(url: str) -> str:
    """Copy a database that nobody is connected to; returns the URL of the copy."""
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(path, f"{path}.copy")
        return f"{url}.copy"
    base, _, name = url.rpartition("/")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}_copy" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
    return f"{base}/{name}_copy"


class RawConnection:
    """The plain driver with the settings under which Kassa writes."""

    def __init__(self, url: str) -> None:
        self.sqlite = url.startswith("sqlite:///")
        self.connection: Any
        if self.sqlite:
            self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, cached_statements=1024)
            for name, value in sqlite.PRAGMAS.items():
                self.connection.execute(f"PRAGMA {name} = {value}")
        else:
            self.connection = postgresql.open_connection(url, postgresql.WRITER)
        self.cursor = self.connection.cursor()

    def replay(self, flushes: Sequence[Flush]) -> None:
        """Write flushes again, each in one transaction."""
        for flush in flushes:
            self.cursor.execute("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
            for write in flush:
                self._write(write)
            self.cursor.execute("COMMIT")

    def _write(self, write: Write) -> None:
        text = write.sql if self.sqlite else postgresql.marks(write.sql)
        if write.many:
            self.cursor.executemany(text, write.parameters)
        else:
            self.cursor.execute(text, write.parameters)
            if write.returning:
                self.cursor.fetchall()

    def execute(self, sql: str) -> None:
        """Run one statement without parameters."""
        self.cursor.execute(sql)

    def rows(self, sql: str, parameters: Sequence[Any]) -> list[Row]:
        """Run one query."""
        text = sql if self.sqlite else postgresql.marks(sql)
        found: list[Row] = self.cursor.execute(text, parameters).fetchall()
        return found

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
