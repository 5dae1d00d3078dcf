"""Applying migrations: what is pending, in order, each in a transaction together with the row that records it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import peewee
from playhouse.migrations import Runner

from kassa.kernel.clock import SystemClock
from kassa.kernel.database import Database
from kassa.kernel.errors import KassaError, StartupError
from kassa.kernel.migrations.files import Migration, Owner, owners, plan
from kassa.kernel.migrations.lock import migration_lock

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry

Progress = Callable[[int, int, str], None]


class OwnerRunner(Runner):  # type: ignore[misc]
    """peewee's runner for the folder of one owner, whose history also keeps the checksum of each file."""

    def __init__(self, database: peewee.Database, owner: Owner, checksums: dict[str, str]) -> None:
        super().__init__(database, str(owner.folder), table_name=owner.history)
        base: Any = database.Model

        class History(base):  # type: ignore[misc]
            name = peewee.TextField(unique=True)
            applied = peewee.BigIntegerField(default=SystemClock().now)
            checksum = peewee.TextField()

            class Meta:
                legacy_table_names = False
                table_name = owner.history

            @classmethod
            def create(cls, **values: Any) -> Any:
                return super().create(checksum=checksums[values["name"]], **values)

        self.History = History

    def recorded(self) -> dict[str, str]:
        """Give the checksum of each applied file by name."""
        if not self.History.table_exists():
            return {}
        return {row.name: row.checksum for row in self.History.select()}


def runners(db: peewee.Database, registry: Registry, migrations: list[Migration]) -> dict[str, OwnerRunner]:
    """Make the runner of each owner that has migrations."""
    checksums: dict[str, dict[str, str]] = {}
    for migration in migrations:
        checksums.setdefault(migration.owner, {})[migration.name] = migration.checksum
    return {owner.name: OwnerRunner(db, owner, checksums[owner.name]) for owner in owners(registry) if owner.name in checksums}


def pending(database: Database, registry: Registry) -> list[Migration]:
    """List the migrations that are not applied yet, in order.

    Raises StartupError naming an applied file that has changed or is gone, or a plugin that has tables and no migrations.
    """
    migrations = plan(registry)
    _check_folders(registry, migrations)
    with database.orm.connection_context():
        return _pending(registry, migrations, runners(database.orm, registry, migrations))


def _check_folders(registry: Registry, migrations: list[Migration]) -> None:
    present = {migration.owner for migration in migrations}
    for owner in owners(registry):
        if owner.tables and owner.name not in present:
            where = owner.folder or "a folder named in its Storage"
            raise StartupError(f"{owner.name!r} has tables but no migrations in {where}. Make one from its models: kernel.migrations.make.")


def _pending(registry: Registry, migrations: list[Migration], found: dict[str, OwnerRunner]) -> list[Migration]:
    recorded = {name: runner.recorded() for name, runner in found.items()}
    for name, rows in recorded.items():
        gone = sorted(set(rows) - {migration.name for migration in migrations if migration.owner == name})
        if gone:
            raise StartupError(
                f"The migration {name}:{gone[0]} was applied but its file is gone. Install the version of {name!r} that has it."
            )
    waiting = []
    for migration in migrations:
        checksum = recorded[migration.owner].get(migration.name)
        if checksum is None:
            waiting.append(migration)
        elif checksum != migration.checksum:
            raise StartupError(
                f"The migration {migration.label} has changed since it was applied ({migration.path}). Put the file back; write a new one for a new change."
            )
    return waiting


def migrate(database: Database, registry: Registry, progress: Progress | None = None) -> list[str]:
    """Apply what is pending and return its labels; `progress(done, total, label)` is called before each and at the end.

    One process at a time; others wait. Raises StartupError naming the migration that failed: it left nothing behind, and
    those before it stay applied.
    """
    migrations = plan(registry)
    _check_folders(registry, migrations)
    db = database.orm
    done: list[str] = []
    with db.connection_context(), migration_lock(db) as renew:
        found = runners(db, registry, migrations)
        waiting = _pending(registry, migrations, found)
        for place, migration in enumerate(waiting):
            if progress is not None:
                progress(place, len(waiting), migration.label)
            renew()
            _apply(found[migration.owner], migration)
            done.append(migration.label)
        if progress is not None:
            progress(len(waiting), len(waiting), "")
    return done


def _apply(runner: OwnerRunner, migration: Migration) -> None:
    try:
        runner.up(migration.name)
    except KassaError:
        raise
    except Exception as error:
        raise StartupError(
            f"The migration {migration.label} failed and was undone: {type(error).__name__}: {error}. Those before it stay applied; repair and migrate again."
        ) from error


def revert(database: Database, registry: Registry, owner: str) -> str:
    """Take back the newest applied migration of an owner, for development; returns its label."""
    migrations = plan(registry)
    db = database.orm
    with db.connection_context(), migration_lock(db):
        runner = runners(db, registry, migrations).get(owner)
        taken = runner.down() if runner is not None and runner.recorded() else []
    if not taken:
        raise StartupError(f"Nothing of {owner!r} is applied that could be taken back.")
    return f"{owner}:{taken[0]}"
