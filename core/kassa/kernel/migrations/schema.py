"""The schema as the models say it: made directly for tests, and compared with what a database has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import peewee

from kassa.kernel.database import Database
from kassa.kernel.migrations.files import Owner, owners, plan
from kassa.kernel.migrations.runner import runners
from kassa.kernel.migrations.statements import ask, run
from kassa.kernel.tables import POSTGRESQL_PRELUDE, Table, create_statements, in_order
from kassa.kernel.values import new_id

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry

BOOKKEEPING = re.compile(r"kernel_migration_lock|\w+_migration(_\w+)?")
Schema = dict[str, frozenset[str]]


def model_statements(tables: Sequence[type[Table]], db: peewee.Database) -> list[str]:
    """Write the statements that create tables, referenced ones first."""
    return [statement for table in in_order(tables) for statement in create_statements(table, db)]


def create_schema(database: Database, registry: Registry) -> None:
    """Create every table directly from the models in an empty database, all migrations recorded as applied.

    For tests and development, where it is quicker; a database that is to last is made by `migrate`.
    """
    db = database.orm
    migrations = plan(registry)
    with db.connection_context():
        with db.atomic():
            if not isinstance(db, peewee.SqliteDatabase):
                run(db, POSTGRESQL_PRELUDE)
            for statement in model_statements(list(registry.tables.values()), db):
                run(db, statement)
        for runner in runners(db, registry, migrations).values():
            runner.fake()


def differences(database: Database, registry: Registry) -> list[str]:
    """Tell where a database differs from the models, one line each; none where the schema is as it should be.

    The models' schema is made beside, in memory or in a schema that is undone, and both are read back the same way.
    """
    found = owners(registry)
    db = database.orm
    with db.connection_context():
        if isinstance(db, peewee.SqliteDatabase):
            present, wanted = _sqlite(db), _sqlite_wanted(found, db)
        else:
            present, wanted = _postgresql(db), _postgresql_wanted(found, db)
    lines = []
    for name in sorted(set(present) | set(wanted)):
        if name not in wanted:
            continue  # of a plugin that is not enabled, or of something else that lives in the database
        if name not in present:
            lines.append(f"{name} is missing")
            continue
        lines += [f"{name} lacks: {part}" for part in sorted(wanted[name] - present[name])]
        lines += [f"{name} has in addition: {part}" for part in sorted(present[name] - wanted[name])]
    return lines


def _tables(found: Sequence[Owner]) -> list[type[Table]]:
    return [table for owner in found for table in owner.tables]


def _sqlite(db: peewee.Database) -> Schema:
    """Read the statements that SQLite keeps: the parts of each table, its indexes and triggers, by table."""
    found: dict[str, set[str]] = {}
    for kind, table, sql in ask(db, "SELECT type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
        if table.startswith("sqlite_") or BOOKKEEPING.fullmatch(table):
            continue
        found.setdefault(table, set()).update(_parts(sql) if kind == "table" else {_plain(sql)})
    return {table: frozenset(parts) for table, parts in found.items()}


def _sqlite_wanted(found: Sequence[Owner], db: peewee.Database) -> Schema:
    scratch = type(db)(":memory:")
    with scratch.connection_context():
        for statement in model_statements(_tables(found), scratch):
            run(scratch, statement)
        return _sqlite(scratch)


def _plain(sql: str) -> str:
    return " ".join(sql.replace('"', "").split())


def _parts(sql: str) -> set[str]:
    """Divide CREATE TABLE at the commas of its first level: a column that was added later stands elsewhere, but is the same."""
    text = _plain(sql)
    body, options = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 1 :]
    parts, depth, start = set(), 0, 0
    for place, letter in enumerate(body):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.add(body[start:place].strip())
            start = place + 1
    return {*parts, body[start:].strip(), f"options{options}" if options else "options none"}


POSTGRESQL_PARTS = """
SELECT table_name::text, column_name || ' ' || data_type || CASE WHEN is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || column_default, '')
  FROM information_schema.columns WHERE table_schema = current_schema()
UNION ALL SELECT relname::text, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
  WHERE c.connamespace = current_schema()::regnamespace AND contype <> 'n'
UNION ALL SELECT tablename::text, indexdef FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL SELECT relname::text, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND r.relnamespace = current_schema()::regnamespace
UNION ALL SELECT proname || '()', prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'kernel%%'
"""


def _postgresql(db: peewee.Database) -> Schema:
    """Read columns, constraints, indexes, triggers and functions of the current schema, by table."""
    (schema,) = ask(db, "SELECT current_schema()").fetchone()
    found: dict[str, set[str]] = {}
    for table, part in ask(db, POSTGRESQL_PARTS):
        if not BOOKKEEPING.fullmatch(table):
            found.setdefault(table, set()).add(_plain(part.replace(f'"{schema}".', "").replace(f"{schema}.", "")))
    return {table: frozenset(parts) for table, parts in found.items()}


def _postgresql_wanted(found: Sequence[Owner], db: peewee.Database) -> Schema:
    scratch = f"kassa_compare_{new_id()[-12:]}"
    with db.atomic() as transaction:
        ask(db, f'CREATE SCHEMA "{scratch}"')
        ask(db, f'SET LOCAL search_path TO "{scratch}"')
        run(db, POSTGRESQL_PRELUDE)
        for statement in model_statements(_tables(found), db):
            run(db, statement)
        wanted = _postgresql(db)
        transaction.rollback()
    return wanted
