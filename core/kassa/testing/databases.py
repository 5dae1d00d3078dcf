"""Fresh databases for tests: copies of a template that holds the tables, so that each test has its own in a moment."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal, LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry
    from kassa.kernel.tables import Table

Kind = Literal["sqlite", "postgresql"]
DEFAULT_SERVER = "postgresql://root@127.0.0.1:5432/test"
SECONDS_TO_CONNECT = 5
# To drop a database PostgreSQL writes all that is in memory to the disk; the second of several in a row finds little left.
DROPPED_AT_ONCE = 16
# What tells which migrations were applied stays. A table that never held a row has no pages.
FILLED = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE '%migration%'
    AND pg_relation_size(oid) > 0 ORDER BY relname"""
# Whatever changes a table, column, trigger, constraint or function writes its row in the catalogue anew.
SHAPE = """SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
    SELECT 'c' || c.oid || ':' || c.xmin AS line FROM pg_class c WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'a' || attrelid || ',' || attnum || ':' || a.xmin FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
    UNION ALL SELECT 't' || t.oid || ':' || t.xmin FROM pg_trigger t
    UNION ALL SELECT 'k' || k.oid || ':' || k.xmin FROM pg_constraint k WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'p' || p.oid || ':' || p.xmin FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
) shape"""


def kinds() -> list[Kind]:
    """List the databases on which behaviour is tested."""
    return ["sqlite"] if os.environ.get("KASSA_TEST_SQLITE_ONLY") == "1" else ["sqlite", "postgresql"]


class Databases:
    """Makes databases for the tests of one process, and takes them away again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Not the process alone: one that was killed left its databases behind, and its number comes again.
        self._mark = f"{os.getpid()}_{secrets.token_hex(3)}"
        self._templates: dict[tuple[Kind, frozenset[type[Table]]], str] = {}
        self._names: list[str] = []
        self._made_from: dict[str, str] = {}
        self._shapes: dict[str, str | None] = {}
        self._cleaners: dict[str, psycopg.Connection] = {}
        self._spent: list[str] = []
        self._free: dict[str, list[str]] = {}
        self._count = 0
        self._server: psycopg.Connection | None = None

    def empty(self, kind: Kind) -> str:
        """Make a database without any table; returns its URL."""
        return self._new(kind, None)

    def with_tables(self, kind: Kind, registry: Registry) -> str:
        """Make a database with all tables of a registry; returns its URL."""
        key = (kind, frozenset(registry.tables.values()))
        if key not in self._templates:
            self._templates[key] = self._template(kind, registry)
        template = self._templates[key]
        free = self._free.get(template)
        return free.pop() if free else self._new(kind, template)

    def _template(self, kind: Kind, registry: Registry) -> str:
        from kassa.kernel.database import connect
        from kassa.kernel.migrations import create_schema

        url = self._new(kind, None)
        database = connect(url, durable=False)
        try:
            create_schema(database, registry)
        finally:
            database.close()
        return url

    def _new(self, kind: Kind, template: str | None) -> str:
        self._count += 1
        name = f"kassa_test_{self._mark}_{self._count}"
        if kind == "sqlite":
            path = self._folder / f"{name}.db"
            if template is not None:
                shutil.copyfile(template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        source = "template0" if template is None else template.rpartition("/")[2].partition("?")[0]
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, source)
        self._names.append(name)
        base, mark, options = server_url().partition("?")
        url = f"{base.rpartition('/')[0]}/{name}{mark}{options}"
        if template is not None:
            self._made_from[url] = template
            self._cleaners[url] = cleaner(url)
            self._shapes.setdefault(template, emptied(self._cleaners[url]))
        return url

    def drop(self, url: str) -> None:
        """Take a database away, soon, or empty it for the next test: making one anew is what costs most on PostgreSQL.

        One whose tables, triggers or constraints a test has changed is not used again.
        """
        if url.startswith("sqlite:///"):
            for end in ("", "-wal", "-shm", ".lock"):
                Path(url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)
            return
        template = self._made_from.get(url)
        if template is not None and emptied(self._cleaners[url]) == (self._shapes[template] or "unknown"):
            self._free.setdefault(template, []).append(url)
            return
        if url in self._cleaners:
            self._cleaners.pop(url).close()
        self._spent.append(url)
        if len(self._spent) >= DROPPED_AT_ONCE:
            while self._spent:
                self._take_away(self._spent.pop())

    def _take_away(self, url: str) -> None:
        name = url.rpartition("/")[2].partition("?")[0]
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._names.remove(name)

    def close(self) -> None:
        """Take every database away that is left, the templates too."""
        for connection in self._cleaners.values():
            connection.close()
        self._cleaners.clear()
        for name in list(self._names):
            self._take_away(f"/{name}")
        if self._server is not None:
            self._server.close()

    def _execute(self, statement: LiteralString, *names: str) -> None:
        if self._server is None:
            self._server = connect_server()
        self._server.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def cleaner(url: str) -> psycopg.Connection:
    """Connect to a PostgreSQL database to empty it: no trigger fires, and who holds a lock is not waited for long."""
    connection = psycopg.connect(url, autocommit=True, connect_timeout=SECONDS_TO_CONNECT)
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET lock_timeout = '2s'")
    connection.execute("SET synchronous_commit = off")
    return connection


def emptied(connection: psycopg.Connection) -> str | None:
    """Delete every row of a PostgreSQL database; returns what its schema looks like, or None where it could not be emptied."""
    try:
        tables = [row[0] for row in connection.execute(FILLED)]
        with connection.pipeline():
            for table in tables:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        found = connection.execute(SHAPE).fetchone()
    except psycopg.Error:
        return None
    return str(found[0]) if found is not None else None


def server_url() -> str:
    """Name the PostgreSQL database of the tests; others are made beside it."""
    return os.environ.get("KASSA_TEST_POSTGRES") or DEFAULT_SERVER


def connect_server() -> psycopg.Connection:
    """Connect to the server of the tests; where it cannot be reached the test fails, for half of what is promised is about it."""
    url = server_url()
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=SECONDS_TO_CONNECT)
    except psycopg.OperationalError as error:
        parts = conninfo_to_dict(url)
        place = f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
        pytest.fail(
            f"PostgreSQL does not answer at {place}: {str(error).strip()}\n"
            "Start it and name it in KASSA_TEST_POSTGRES=postgresql://user:password@host:port/database, "
            "or set KASSA_TEST_SQLITE_ONLY=1 to leave it out on purpose.",
            pytrace=False,
        )
