"""`kassa migrate`: brings the tables of a database to this version; also creates a database that is not there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kassa.cli.commands import Command, pass_session
from kassa.cli.configuration import SQLITE
from kassa.cli.output import print_table, say, steps
from kassa.cli.problems import REFUSED
from kassa.cli.session import hidden_password

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.migrations import Migration

MAINTENANCE = "postgres"
"""The database that every PostgreSQL server has, to which one connects to create another."""


@click.command("migrate", cls=Command)
@click.option("--plan", "only_plan", is_flag=True, help="Show what would be applied, and apply nothing.")
@click.option("--check", is_flag=True, help="Compare the tables with the models; status 1 where they differ.")
@click.option("--make", nargs=2, metavar="OWNER NAME", help="Write the next migration of a plugin from its models.")
@pass_session
def migrate(session: Session, only_plan: bool, check: bool, make: tuple[str, str] | None) -> None:
    """Apply the migrations that are waiting, in order, each with the row that records it in one transaction.

    One process at a time does so and others wait; a migration that fails leaves nothing behind.

    \b
    Examples:  kassa migrate --plan
               kassa migrate
    """
    if make is not None:
        from kassa.kernel.migrations import make as write

        say(f"Written: {write(session.registry, *make)}")
    elif check:
        _check(session)
    else:
        found = waiting(session)
        if not found:
            say("The database has the tables of this version; nothing to do.")
            return
        print_table(("migration", "file"), [(migration.label, migration.path) for migration in found])
        if not only_plan:
            apply(session)


def waiting(session: Session) -> list[Migration]:
    """The migrations that are not applied yet, in their order."""
    from kassa.kernel.migrations import pending

    engine = session.connect()
    return pending(engine.database, engine.registry)


def apply(session: Session) -> list[str]:
    """Apply what is waiting with visible progress and tell what was applied."""
    from kassa.kernel.migrations import migrate as run

    engine = session.connect()
    with steps("Migrating") as progress:
        applied = run(engine.database, engine.registry, progress)
    if applied:
        say(f"{len(applied)} {'migration' if len(applied) == 1 else 'migrations'} applied to {hidden_password(engine.database.url)}.")
    return applied


def _check(session: Session) -> None:
    from kassa.kernel.migrations import differences

    engine = session.open()
    found = differences(engine.database, engine.registry)
    for line in found:
        say(line)
    if found:
        click.get_current_context().exit(REFUSED)
    say("The tables are as the models say.")


def create_database(url: str) -> bool:
    """Create the database of a URL where it is not there; tells whether it did. Its user must be allowed to.

    On SQLite the file comes into being by itself, in a folder that is created here.
    """
    if url.startswith(SQLITE):
        path = Path(url.removeprefix(SQLITE))
        path.parent.mkdir(parents=True, exist_ok=True)
        return not path.is_file()
    if not url.startswith(("postgresql://", "postgres://")):
        return False
    import psycopg
    from psycopg import conninfo, sql

    name = conninfo.conninfo_to_dict(url).get("dbname")
    try:
        psycopg.connect(url).close()
        return False
    except psycopg.OperationalError as error:
        if name is None or f'database "{name}" does not exist' not in str(error):
            # Whatever else is wrong is said where the engine connects.
            return False
    with psycopg.connect(conninfo.make_conninfo(url, dbname=MAINTENANCE), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(str(name))))
    return True
