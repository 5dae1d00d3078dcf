"""Checks of what a plugin keeps: migrations up and down, and documents that are read back as they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from kassa.kernel import contributions as give
from kassa.kernel.database import Database, Reader, connect
from kassa.kernel.errors import StartupError
from kassa.kernel.migrations import CORE, differences, migrate, owners, plan, revert
from kassa.kernel.registry import Registry
from kassa.kernel.tables import Table, columns_of, name_of, option
from kassa.testing.suite.subject import Subject
from kassa.testing.suite.watching import WrittenRow


def migrations(subject: Subject, url: str) -> Iterable[str]:
    """Its migrations make exactly its tables in an empty database, can be taken back, and be made again.

    The rooms of the core share one history, which is examined for whichever of them is asked.
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


def read_back(
    subject: Subject, read: Reader, written: Mapping[str, Mapping[str, list[WrittenRow]]], changed: Set[str] = frozenset()
) -> Iterator[str]:
    """Every document is read back by `load` as what `rows` writes again; counters and states may have moved since.

    Those that were `changed` afterwards are only found.
    """
    moving = _moving(subject.registry)
    for kind in subject.of(give.DocumentKind):
        documents = written.get(kind.name, {})
        if not documents:
            yield f"the story makes no document of the kind {kind.name}"
            continue
        loaded = kind.load(read, list(documents))
        lost = [document_id for document_id in documents if document_id not in loaded]
        if lost:
            yield f"{kind.name}: load finds {len(documents) - len(lost)} of {len(documents)} documents that were written"
            continue
        for document_id, rows in documents.items():
            if document_id not in changed:
                yield from _compared(kind, rows, list(kind.rows(loaded[document_id])), moving)


def unused_extensions(subject: Subject, read: Reader) -> Iterator[str]:
    """Tell which of its extensions the story gives to no record."""
    for extension in subject.of(give.Extension):
        if extension.load is None and read.value("SELECT count(*) FROM kernel_extension WHERE name = ?", (extension.name,)) == 0:
            yield f"the story never gives a {extension.of.__name__} the extension {extension.name}"


def _moving(registry: Registry) -> dict[type[Table], set[str]]:
    """The columns of each table that change after the document was written: counters of balances, and what may change."""
    found: dict[type[Table], set[str]] = {}
    for balance in registry.balances.values():
        found.setdefault(balance.table, set()).update(balance.amounts)
    for table in registry.tables.values():
        found.setdefault(table, set()).update(option(table, "mutable", ()))
    return found


def _compared(
    kind: give.DocumentKind, written: Sequence[WrittenRow], again: Sequence[WrittenRow], moving: Mapping[type[Table], set[str]]
) -> Iterator[str]:
    for table in dict.fromkeys(table for table, _ in (*written, *again)):
        if table not in kind.tables:
            yield f"{kind.name}: rows writes to {name_of(table)}, which its `tables` does not name"
        fixed = [place for place, column in enumerate(columns_of(table)) if column not in moving.get(table, ())]
        before, after = _texts(written, table, fixed), _texts(again, table, fixed)
        for text in sorted(before ^ after):
            found = "lost" if text in before else "made up"
            yield f"{kind.name}: read back, a row of {name_of(table)} is {found}: {text}"


def _texts(rows: Sequence[WrittenRow], wanted: type[Table], fixed: Sequence[int]) -> set[str]:
    """The rows of one table as comparable texts; SQLite knows truth as 0 and 1."""
    found = ([row[place] for place in fixed] for table, row in rows if table is wanted)
    return {repr([int(value) if isinstance(value, bool) else value for value in row]) for row in found}
