"""Append-only tables, all that the registry knows: a row that stands there is never changed, replaced or removed."""

import pytest

from kassa.kernel.contributions import Storage
from kassa.kernel.database import Write
from kassa.kernel.flush import write_alone
from kassa.kernel.tables import Date, Flag, Id, Integer, columns_of, insert_statement, name_of, option
from kassa.kernel.values import new_id

LATER = 4 * 10**15
"""An instant of the year 2096: nothing that was kept for its time, which may go."""


def some_value(field):
    """A value of the field's type."""
    if isinstance(field, Id):
        return new_id()
    if isinstance(field, Date):
        return "2026-01-01"
    return True if isinstance(field, Flag) else LATER if isinstance(field, Integer) else "x"


def key_of(table):
    """The columns of the primary key."""
    key = table._meta.primary_key
    names = getattr(key, "field_names", None) or ([key.name] if key else [])
    return [table._meta.fields[name].column_name for name in names]


@pytest.fixture
def filled(make_engine):
    """An engine, and all its append-only tables with a row each, put in past every check."""
    engine = make_engine(modules={})
    tables = [table for storage in engine.registry.all(Storage) for table in storage.tables if option(table, "append_only")]
    rows = [Write(insert_statement(table), [some_value(field) for field in table._meta.sorted_fields]) for table in tables]
    if engine.database.dialect == "sqlite":
        with engine.database.writer() as writer:
            for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
                writer.connection.raw.execute(f"PRAGMA {pragma}")
        write_alone(engine.database, rows)
    else:
        sql = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        with engine.database.snapshot() as read:
            checks = read.rows(sql)
        for table, name in checks:
            engine.database.orm.execute_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        write_alone(engine.database, [Write("SET LOCAL session_replication_role = replica", ()), *rows])
    return engine, tables


def attacks(table, dialect):
    """Statements that would change, replace or remove the row of a table."""
    name, key = name_of(table), key_of(table)
    frozen = [column for column in columns_of(table) if column not in option(table, "mutable", ())]
    yield from (f"UPDATE {name} SET {column} = {column}" for column in frozen)
    yield f"DELETE FROM {name}"
    if dialect == "sqlite":
        if key:
            yield f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"
            yield f"REPLACE INTO {name} SELECT * FROM {name}"
        return
    yield f"TRUNCATE {name} CASCADE"
    if key:
        yield f"INSERT INTO {name} SELECT * FROM {name} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {frozen[-1]} = excluded.{frozen[-1]}"


@pytest.mark.rule("REL-02")
def test_no_row_of_an_append_only_table_is_changed_replaced_or_removed(filled):
    engine, tables = filled
    assert len(tables) > 30
    passed = []
    for table in tables:
        for statement in attacks(table, engine.database.dialect):
            try:
                write_alone(engine.database, [Write(statement, ())])
            except Exception as error:  # noqa: BLE001 - each driver has its own class; the words say that it was the trigger
                if "append-only" not in str(error):
                    passed.append(f"{statement}: {error}")
            else:
                passed.append(statement)
    assert passed == []


def test_what_may_change_of_an_append_only_table_can(filled):
    engine, tables = filled
    for table in tables:
        for column in option(table, "mutable", ()):
            if column not in key_of(table):
                write_alone(engine.database, [Write(f"UPDATE {name_of(table)} SET {column} = {column}", ())])
    with engine.database.snapshot() as read:
        assert {read.value(f"SELECT count(*) FROM {name_of(table)}") for table in tables} == {1}
