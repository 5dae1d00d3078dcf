"""Making a migration file: the statements of both databases, frozen as text, from the models as they are today."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import peewee

from kassa.kernel.errors import StartupError
from kassa.kernel.migrations.files import CORE, Owner, files_of, load, owners
from kassa.kernel.migrations.schema import model_statements
from kassa.kernel.migrations.statements import CREATED
from kassa.kernel.sqlite import StrictSqliteDatabase
from kassa.kernel.tables import POSTGRESQL_PRELUDE

if TYPE_CHECKING:
    from kassa.kernel.registry import Registry

FILE = '''"""{summary}"""

from {package} import ddl_migration

requires: list[str] = [{requires}]

SQLITE = [
{sqlite}
]

POSTGRESQL = [
{postgresql}
]

up, down = ddl_migration(SQLITE, POSTGRESQL)
'''
WIDTH = 135


def make(registry: Registry, owner: str, name: str, folder: Path | None = None) -> Path:
    """Write the next migration of an owner, with what its models have and its earlier migrations do not create.

    Returns the path. Raises StartupError where there is nothing new, or where a table has changed that already exists: how its
    rows change is written by hand.
    """
    found = {known.name: known for known in owners(registry)}
    if owner not in found:
        raise StartupError(f"{owner!r} has no tables. Those that have are: {', '.join(found)}.")
    chosen = found[owner]
    place = folder or chosen.folder
    if place is None:
        raise StartupError(f"Name the folder of migrations in the Storage of {owner!r} first.")
    chosen = Owner(name=owner, folder=place, tables=chosen.tables)
    sqlite, postgresql = _new(chosen)
    earlier = files_of(chosen)
    number = 1 + max((int(re.match(r"\d+", file.name)[0]) for file in earlier), default=0)  # type: ignore[index]
    slug = re.sub(r"\W+", "_", name.strip()).strip("_").lower()
    newest = files_of(found[CORE])[-1:] if owner != CORE and not earlier else []
    text = FILE.format(
        summary=f"{name.strip().capitalize()}: what the models of {owner} have from here on.",
        package="kassa.kernel.migrations" if owner == CORE else "kassa",
        requires=", ".join(f'"{migration.label}"' for migration in newest),
        sqlite=_literals(sqlite),
        postgresql=_literals(postgresql),
    )
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{number:04d}_{slug or 'change'}.py"
    path.write_text(text, encoding="utf-8")
    return path


def _new(owner: Owner) -> tuple[list[str], list[str]]:
    """List the statements of both databases that no earlier migration of the owner has."""
    modules = [load(migration.path) for migration in files_of(owner)]
    wanted = (
        model_statements(owner.tables, StrictSqliteDatabase(":memory:")),
        model_statements(owner.tables, peewee.PostgresqlDatabase(None)),
    )
    new: list[list[str]] = []
    for statements, attribute in zip(wanted, ("SQLITE", "POSTGRESQL"), strict=True):
        known = [statement for module in modules for statement in getattr(module, attribute, ())]
        names = {_made(statement) for statement in known}
        fresh = [statement for statement in statements if statement not in known]
        changed = [statement for statement in fresh if _made(statement) in names]
        if changed:
            kind, name = _made(changed[0])
            raise StartupError(
                f"The {kind} {name} has changed since it was made. Write by hand how it changes, in both databases, and then make the rest."
            )
        new.append(fresh)
    if owner.name == CORE and not modules:
        new[1].insert(0, POSTGRESQL_PRELUDE)
    if not new[0] and not new[1]:
        raise StartupError(f"The models of {owner.name!r} have nothing that its migrations do not create.")
    return new[0], new[1]


def _made(statement: str) -> tuple[str, str]:
    made = CREATED.match(statement)
    return (made["kind"].lower(), made["name"]) if made is not None else ("statement", statement)


def _literals(statements: list[str]) -> str:
    """Write statements as Python literals, long ones as several adjoining lines in parentheses."""
    return "\n".join(f"    {_literal(statement)}," for statement in statements)


def _literal(statement: str) -> str:
    if "\n" in statement:
        return "(\n" + "\n".join(f"        {_quoted(line)}" for line in statement.splitlines(keepends=True)) + "\n    )"
    whole = _quoted(statement)
    if len(whole) <= WIDTH:
        return whole
    # Room for the indentation, the quotes and a few escaped ones.
    lines = textwrap.wrap(statement, WIDTH - 15, break_long_words=False, break_on_hyphens=False, drop_whitespace=False)
    return "(\n" + "\n".join(f"        {_quoted(line)}" for line in lines) + "\n    )"


def _quoted(text: str) -> str:
    """Write a Python literal with the quotes that need fewer escapes."""
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    quote = "'" if escaped.count('"') > escaped.count("'") else '"'
    return quote + escaped.replace(quote, "\\" + quote) + quote
