"""Migration files: found in the folders of their owners, read, and put into one order."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from kassa.kernel.contributions import Storage
from kassa.kernel.errors import StartupError
from kassa.kernel.tables import Table, in_order

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry

CORE = "core"
CORE_FOLDER = Path(__file__).parents[2] / "migrations"


@attrs.frozen(kw_only=True)
class Owner:
    """Who owns tables and their migrations: the rooms of the core together, or one plugin."""

    name: str
    folder: Path | None
    tables: tuple[type[Table], ...]

    @property
    def history(self) -> str:
        """Name the table that says which of the owner's migrations were applied."""
        return "kernel_migration" if self.name == CORE else f"{self.name}_migration"


@attrs.frozen(kw_only=True)
class Migration:
    """One migration file: its owner, its name without `.py`, what it requires, and the checksum of its text."""

    owner: str
    name: str
    path: Path
    requires: tuple[str, ...]
    checksum: str

    @property
    def label(self) -> str:
        """Name it among all: `core:0001_foundation`."""
        return f"{self.owner}:{self.name}"


def owners(registry: Registry) -> list[Owner]:
    """List who owns tables: the core first, then the plugins that have tables or migrations, sorted by name."""
    core: list[type[Table]] = []
    plugins: dict[str, Owner] = {}
    for storage, owner in registry.owned(Storage):
        if owner.room:
            core += storage.tables
            continue
        known = plugins.get(owner.name)
        if known is not None and known.folder is not None and storage.migrations is not None:
            raise StartupError(f"Plugin {owner.name!r} names two folders of migrations: {known.folder} and {storage.migrations}. Keep one.")
        tables = (*(known.tables if known else ()), *storage.tables)
        plugins[owner.name] = Owner(name=owner.name, folder=storage.migrations or (known.folder if known else None), tables=tables)
    found = [Owner(name=CORE, folder=CORE_FOLDER, tables=tuple(core)), *(plugins[name] for name in sorted(plugins))]
    return [attrs.evolve(owner, tables=tuple(in_order(owner.tables))) for owner in found]


def plan(registry: Registry) -> list[Migration]:
    """List all migrations in the order in which they are applied; StartupError for what is missing or goes in a circle."""
    found: dict[str, Migration] = {}
    graph: dict[str, set[str]] = {}
    for owner in owners(registry):
        before: Migration | None = None
        for migration in files_of(owner):
            found[migration.label] = migration
            graph[migration.label] = {*migration.requires, *([before.label] if before is not None else [])}
            before = migration
    for label, required in graph.items():
        for missing in sorted(required - set(found)):
            raise StartupError(
                f"The migration {label} requires {missing}, which is not there. Enable or update {missing.partition(':')[0]!r}, or correct `requires`."
            )
    return [found[label] for label in _sorted(graph)]


def _sorted(graph: Mapping[str, set[str]]) -> list[str]:
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        raise StartupError(
            f"Migrations require each other in a circle: {' → '.join(error.args[1])}. Correct `requires` in one of them."
        ) from error
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda label: (not label.startswith(f"{CORE}:"), label))
        order += ready
        sorter.done(*ready)
    return order


def files_of(owner: Owner) -> list[Migration]:
    """Read the migrations of one owner in the order of their numbers; StartupError names a file that cannot be read."""
    if owner.folder is None or not owner.folder.is_dir():
        return []
    return [_read(owner, path) for path in sorted(owner.folder.glob("[0-9]*.py"))]


def _read(owner: Owner, path: Path) -> Migration:
    module = load(path)
    requires = getattr(module, "requires", None)
    if not isinstance(requires, Sequence) or isinstance(requires, str) or not callable(getattr(module, "up", None)):
        raise StartupError(
            f"The migration {path} must have `requires`, a list such as ['core:0001_foundation'], and `up`.", plugin=owner.name
        )
    text = path.read_bytes().replace(b"\r\n", b"\n")
    return Migration(owner=owner.name, name=path.stem, path=path, requires=tuple(requires), checksum=hashlib.sha256(text).hexdigest())


def load(path: Path) -> Any:
    """Run a migration file as a module that is not kept; StartupError names a file that cannot be imported."""
    spec = importlib.util.spec_from_file_location(f"migration_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise StartupError(f"The migration {path} cannot be read as Python.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise StartupError(f"The migration {path} cannot be imported: {type(error).__name__}: {error}.") from error
    return module
