"""What migration files are made of: frozen statements for both databases, run as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import peewee

from kassa.kernel.errors import StartupError

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'"
CREATED = re.compile(
    r"""\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+|VIRTUAL\s+)?(?P<kind>TABLE|INDEX|FUNCTION|TRIGGER|EXTENSION)\s+"""
    r"""(?:IF\s+NOT\s+EXISTS\s+)?"?(?P<name>\w+)"?""",
    re.IGNORECASE,
)
ALTERED = re.compile(r"""\s*ALTER\s+TABLE\s+"?(?P<table>\w+)"?\s""", re.IGNORECASE)
ON_TABLE = re.compile(r"""\sON\s+"?(?P<table>\w+)"?""", re.IGNORECASE)
Step = Callable[[Any, peewee.Database], None]


def ddl_migration(sqlite: Sequence[str], postgresql: Sequence[str]) -> tuple[Step, Step]:
    """Make `up` and `down` of a migration file from its statements for each database.

    `down` takes away what was created, the last first; a file with other statements (ALTER, UPDATE) writes its own `down`.
    """

    def up(migrator: Any, db: peewee.Database) -> None:
        statements = sqlite if isinstance(db, peewee.SqliteDatabase) else postgresql
        if not isinstance(db, peewee.SqliteDatabase):
            run(db, LOCK_TIMEOUT)
        for statement in statements:
            run(db, statement)
        if isinstance(db, peewee.SqliteDatabase) and not all(CREATED.match(statement) for statement in statements):
            check_foreign_keys(db)

    def down(migrator: Any, db: peewee.Database) -> None:
        for statement in undoing(sqlite if isinstance(db, peewee.SqliteDatabase) else postgresql):
            run(db, statement)

    return up, down


def ask(db: peewee.Database, statement: str, parameters: Sequence[Any] = ()) -> Any:
    """Run one statement as peewee wants it and give its cursor."""
    untyped: Any = db
    return untyped.execute_sql(statement, parameters)


def run(db: peewee.Database, statement: str) -> None:
    """Run one statement without parameters; peewee always hands psycopg a list of them, so that a lone % must be doubled."""
    ask(db, statement if isinstance(db, peewee.SqliteDatabase) else statement.replace("%", "%%"))


def undoing(statements: Sequence[str]) -> list[str]:
    """Write the statements that take away what was created; StartupError where that cannot be told."""
    found: list[str] = []
    tables: set[str] = set()
    for statement in statements:
        made, altered = CREATED.match(statement), ALTERED.match(statement)
        if altered is not None and altered["table"] in tables:
            continue  # goes with its table
        if made is None:
            raise StartupError(f"Only what was created can be taken away again; write `down` by hand for: {statement[:80]}")
        kind, name = made["kind"].upper(), made["name"]
        on = ON_TABLE.search(statement)
        if kind == "TABLE":
            tables.add(name)
            found.append(f'DROP TABLE "{name}"')
        elif kind in ("INDEX", "TRIGGER") and on is not None and on["table"] in tables:
            continue  # goes with its table
        elif kind == "TRIGGER" and on is not None and "EXECUTE FUNCTION" in statement:
            found.append(f'DROP TRIGGER "{name}" ON "{on["table"]}"')
        elif kind == "FUNCTION":
            found.append(f'DROP FUNCTION "{name}"()')
        elif kind != "EXTENSION":
            found.append(f'DROP {kind} "{name}"')
    return found[::-1]


def check_foreign_keys(db: peewee.Database) -> None:
    """Refuse to go on where rows point to nothing, since SQLite does not look while a migration runs."""
    broken = ask(db, "PRAGMA foreign_key_check").fetchall()
    if broken:
        rows = ", ".join(f"{table} row {row} → {target}" for table, row, target, _ in broken[:10])
        raise StartupError(
            f"A migration would leave {len(broken)} rows that point to nothing: {rows}. It was undone; repair these rows first."
        )
