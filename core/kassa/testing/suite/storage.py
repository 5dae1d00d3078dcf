"""Checks of what a plugin keeps: migrations up and down, and documents that are read back as they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.database import Database, Reader, connect
from kassa.kernel.errors import StartupError
from kassa.kernel.migrations import CORE, differences, migrate, owners, plan, revert
from kassa.kernel.registry import Registry
from kassa.kernel.tables import Table, columns_of, name_of, option
from kassa.testing.suite.subject import Subject


def migrations(subject: Subject, url: str) -> Iterable[str]:
    """Its migrations make exactly its tables in an empty database, can be taken back, and be made again.

    The rooms of the core share one history, so for each of them that history is examined.
    """
    if not subject.of(give.Storage):
        return []
    database = connect(url)
    try:
        return list(_migrations(database, subject.registry, CORE if subject.room else subject.name))
    except StartupError as error:
        return [str(error)]
    finally:
        database.close()


def _migrations(database: Database, registry: Registry, owner: str) -> Iterator[str]:
    mine = [migration for migration in plan(registry) if migration.owner == owner]
    tables = [name_of(table) for found in owners(registry) if found.name == owner for table in found.tables]
    migrate(database, registry)
    yield from _differing(database, registry, tables, "migrated")
    for _ in mine:
        revert(database, registry, owner)
    left = [name for name in tables if database.orm.table_exists(name)]
    if left:
        yield f"taken back, its migrations leave {', '.join(left)} behind"
        return
    migrate(database, registry)
    yield from _differing(database, registry, tables, "taken back and migrated again")


def _differing(database: Database, registry: Registry, tables: Sequence[str], when: str) -> Iterator[str]:
    for line in differences(database, registry):
        if line.split(" ", 1)[0] in tables:
            yield f"{when}, {line}"


def read_back(subject: Subject, read: Reader) -> Iterator[str]:
    """Every document of its kinds is read back by `load` as the rows that `rows` wrote; counters and states may have moved."""
    moving = _moving(subject.registry)
    for kind in subject.of(give.DocumentKind):
        ids = [row[0] for row in read.rows("SELECT id FROM kernel_document WHERE kind = ? ORDER BY id", (kind.name,))]
        if not ids:
            yield f"the story makes no document of the kind {kind.name}"
            continue
        loaded = kind.load(read, ids)
        lost = [document_id for document_id in ids if document_id not in loaded]
        if lost:
            yield f"{kind.name}: load reads {len(ids) - len(lost)} of {len(ids)} documents that stand in the database"
            continue
        yield from _compared(kind, [loaded[document_id] for document_id in ids], read, moving)


def _moving(registry: Registry) -> dict[type[Table], set[str]]:
    """The columns of each table that change after the document was written: counters of balances, and what may change."""
    found: dict[type[Table], set[str]] = {}
    for balance in registry.balances.values():
        found.setdefault(balance.table, set()).update(balance.amounts)
    for table in registry.tables.values():
        found.setdefault(table, set()).update(option(table, "mutable", ()))
    return found


def _compared(kind: give.DocumentKind, documents: Sequence[Any], read: Reader, moving: dict[type[Table], set[str]]) -> Iterator[str]:
    written: dict[type[Table], list[tuple[Any, ...]]] = {table: [] for table in kind.tables}
    for document in documents:
        for table, row in kind.rows(document):
            if table not in written:
                yield f"{kind.name}: rows writes to {name_of(table)}, which its `tables` does not name"
                return
            written[table].append(row)
    for table, rows in written.items():
        fixed = [place for place, column in enumerate(columns_of(table)) if column not in moving[table]]
        stored = read.rows(f"SELECT {', '.join(_quoted(columns_of(table)))} FROM {name_of(table)}")
        before, after = _texts(stored, fixed), _texts(rows, fixed)
        if before != after:
            odd = sorted(before ^ after)[0] if before ^ after else "the same row twice"
            yield f"{kind.name}: what load reads does not write the rows of {name_of(table)} again: {odd}"


def _quoted(columns: Sequence[str]) -> list[str]:
    return [f'"{column}"' for column in columns]


def _texts(rows: Sequence[tuple[Any, ...]], fixed: Sequence[int]) -> set[str]:
    """Rows as comparable texts; SQLite knows truth as 0 and 1."""
    return {repr([int(value) if isinstance(value := row[place], bool) else value for place in fixed]) for row in rows}
