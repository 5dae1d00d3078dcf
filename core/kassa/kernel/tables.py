"""Tables: the base model of every table, its field types, and the statements that are made from it.

A model is the only description of a table. From it come the DDL of both databases, the triggers that keep posted rows from
changing, and the insert statement that the flush uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import peewee

from kassa.kernel.time_of_database import NOW
from kassa.kernel.time_of_database import Dialect as Dialect


class Id(peewee.Field):
    """UUIDv7 as canonical text: `uuid` on PostgreSQL, TEXT on SQLite, `str` in Python on both."""

    field_type = "UUID"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)


class Text(peewee.TextField):
    """Unicode text, NFC, never NUL."""


class Integer(peewee.BigIntegerField):
    """A whole number of 64 bits: minor units, thousandths, millionths or microseconds, as the field's name says."""


class Date(peewee.Field):
    """A business date, `YYYY-MM-DD` in Python on both databases."""

    field_type = "DATE"


class Flag(peewee.BooleanField):
    """True or false."""


class Table(peewee.Model):
    """Base of every table of the core and of plugins.

    `Meta` understands these options of ours: `append_only` (rows never change and are never deleted), `mutable` (the columns
    that may change although the table is append-only: states, versions and counters), `removable` (the condition over `OLD` under
    which a row of an append-only table may be removed after all; `{now}` is the database's time in microseconds), `evidence` (the
    column that names the document whose evidence the rows are, but for mutable columns), `reference` (the room whose cached
    values a change of this table makes stale) and `extra_statements` (by dialect, the DDL that follows the table: an index of
    texts with the triggers that keep it).
    """

    class Meta:
        legacy_table_names = False
        strict_tables = True
        primary_key = False


@cache
def columns_of(model: type[Table]) -> tuple[str, ...]:
    """Name the table's columns in the order in which row tuples hold them."""
    return tuple(field.column_name for field in model._meta.sorted_fields)


@cache
def evidence_places(model: type[Table]) -> tuple[int, ...]:
    """Give the places of the columns that are evidence: all that never change."""
    mutable = option(model, "mutable", ())
    return tuple(place for place, column in enumerate(columns_of(model)) if column not in mutable)


@cache
def evidence_of(model: type[Table]) -> tuple[str, int, tuple[int, ...] | None] | None:
    """Tell how rows of a table are evidence: its name, the place of the id of their document, and the places kept (None: all).

    None where they are no evidence.
    """
    column = option(model, "evidence")
    if column is None:
        return None
    return name_of(model), columns_of(model).index(column), evidence_places(model) if option(model, "mutable") else None


@cache
def name_of(model: type[Table]) -> str:
    """Name the table."""
    return str(model._meta.table_name)


@cache
def numbers_itself(model: type[Table], columns: Sequence[str]) -> bool:
    """Whether a unique key is made of ids and whole numbers alone: Kassa counts them, so two that are the same met in a race.

    A key in which a text stands, such as a code or a reference, may have been chosen by somebody who has to choose another.
    """
    fields = model._meta.columns
    return bool(columns) and all(isinstance(fields.get(column), Id | Integer) for column in columns)


@cache
def option(model: type[Table], name: str, default: Any = None) -> Any:
    """Read one of our own `Meta` options of a table."""
    return getattr(model._meta, name, default)


@cache
def insert_statement(model: type[Table], rule: str = "") -> str:
    """Write the insert of one whole row, with `?` for each column; `rule` is an `ON CONFLICT` clause."""
    columns = columns_of(model)
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {name_of(model)} ({', '.join(columns)}) VALUES ({marks}){' ' + rule if rule else ''}"


def create_statements(model: type[Table], database: peewee.Database) -> list[str]:
    """Write the DDL of one table for a database: the table, its indexes, its append-only triggers."""
    dialect: Dialect = "sqlite" if isinstance(database, peewee.SqliteDatabase) else "postgresql"
    with database.bind_ctx([model], bind_refs=False, bind_backrefs=False):
        schema: Any = model._schema  # type: ignore[attr-defined]
        table = _text(schema._create_table(safe=False))
        # The table options STRICT and WITHOUT ROWID stand behind the last parenthesis and are SQLite's alone.
        statements = [table if dialect == "sqlite" else table[: table.rindex(")") + 1]]
        statements += [_text(schema._create_index(index, safe=False)) for index in model._meta.fields_to_index()]
    return [*statements, *append_only_triggers(model, dialect), *(option(model, "extra_statements") or {}).get(dialect, ())]


def _text(context: Any) -> str:
    sql, parameters = context.query()
    for parameter in parameters:
        sql = sql.replace("?" if "?" in sql else "%s", str(parameter), 1)
    return str(sql)


def append_only_triggers(model: type[Table], dialect: Dialect) -> list[str]:
    """Write the triggers that refuse a change or a deletion of posted rows (promise: posted history never changes)."""
    if not option(model, "append_only", False):
        return []
    table = name_of(model)
    frozen = [column for column in columns_of(model) if column not in option(model, "mutable", ())]
    removable = option(model, "removable")
    unless = f" WHEN (NOT ({removable.format(now=NOW[dialect])}))" if removable is not None else ""
    events = [("update", f"UPDATE OF {', '.join(frozen)}", ""), ("delete", "DELETE", unless)]
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table}{when} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: rows of {table} never change'); END"
            for name, event, when in events
        ]
    triggers = [
        f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION kernel_refuse_change()"
        for name, event, when in events
    ]
    return [
        *triggers,
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()",
    ]


POSTGRESQL_PRELUDE = """CREATE OR REPLACE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: rows of % never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"""


def in_order(models: Sequence[type[Table]]) -> list[type[Table]]:
    """Sort tables so that each stands after those that its foreign keys name."""
    by_name = {name_of(model): model for model in models}
    done: dict[str, type[Table]] = {}

    def visit(model: type[Table]) -> None:
        if name_of(model) in done:
            return
        for constraint in model._meta.constraints or ():
            words = str(getattr(constraint, "sql", "")).replace("(", " ").split()
            if "REFERENCES" in words:
                target = by_name.get(words[words.index("REFERENCES") + 1])
                if target is not None and target is not model:
                    visit(target)
        done[name_of(model)] = model

    for model in models:
        visit(model)
    return list(done.values())


def document_reference() -> peewee.SQL:
    """Bind a row to its document and, as last line of defence, to that document's legal entity."""
    return peewee.SQL("FOREIGN KEY (document_id, legal_entity_id) REFERENCES kernel_document (id, legal_entity_id)")
