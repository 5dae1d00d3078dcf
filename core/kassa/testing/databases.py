"""Fresh databases for tests: copies of a template that holds the tables, so that each test has its own in a moment."""

from __future__ import annotations

import os
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


def kinds() -> list[Kind]:
    """List the databases on which behaviour is tested."""
    return ["sqlite"] if os.environ.get("KASSA_TEST_SQLITE_ONLY") == "1" else ["sqlite", "postgresql"]


class Databases:
    """Makes databases for the tests of one process, and takes them away again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates: dict[tuple[Kind, frozenset[type[Table]]], str] = {}
        self._names: list[str] = []
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
        return self._new(kind, self._templates[key])

    def _template(self, kind: Kind, registry: Registry) -> str:
        from kassa.kernel.database import connect
        from kassa.kernel.migrations import create_schema

        url = self._new(kind, None)
        database = connect(url)
        try:
            create_schema(database, registry)
        finally:
            database.close()
        return url

    def _new(self, kind: Kind, template: str | None) -> str:
        self._count += 1
        name = f"kassa_test_{os.getpid()}_{self._count}"
        if kind == "sqlite":
            path = self._folder / f"{name}.db"
            if template is not None:
                shutil.copyfile(template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        source = "template0" if template is None else template.rpartition("/")[2].partition("?")[0]
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, source)
        self._names.append(name)
        base, mark, options = server_url().partition("?")
        return f"{base.rpartition('/')[0]}/{name}{mark}{options}"

    def drop(self, url: str) -> None:
        """Take a database away; connections that are still open to it are cut."""
        if url.startswith("sqlite:///"):
            for end in ("", "-wal", "-shm", ".lock"):
                Path(url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)
            return
        name = url.rpartition("/")[2].partition("?")[0]
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._names.remove(name)

    def close(self) -> None:
        """Take every database away that is left, the templates too."""
        for name in list(self._names):
            self.drop(f"/{name}")
        if self._server is not None:
            self._server.close()

    def _execute(self, statement: LiteralString, *names: str) -> None:
        if self._server is None:
            self._server = connect_server()
        self._server.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


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
