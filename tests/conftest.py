"""What all tests share comes from `kassa.testing`, the pytest plugin that plugin authors use too; see its fixtures there.

Beside it stands what proves invariants: rows are damaged with the database's own defences off (triggers, checks, foreign keys), as
somebody who owns the disk could, and all of it is undone after each look.
"""

import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import Examined
from kassa.kernel.postgresql import marks, open_connection


class Damage:
    """A connection of the test's own to the database of an engine; whatever is done through it is undone at the end."""

    def __init__(self, engine):
        """Connect to the database of an engine."""
        url = engine.database.url
        self.engine = engine
        self.sqlite = url.startswith("sqlite")
        if self.sqlite:
            self.raw = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            self.raw.execute("PRAGMA ignore_check_constraints = ON")
        else:
            self.raw = open_connection(url, "")

    def __enter__(self):
        """Use the connection until the end of a block."""
        return self

    def __exit__(self, *failure):
        """Close the connection; nothing of the damage stays."""
        self.raw.close()

    def rows(self, sql, parameters=()):
        """Query the tables as they are now, damaged or not; what an invariant reads by."""
        return self.raw.execute(sql if self.sqlite else marks(sql), parameters).fetchall()

    def found(self, invariant):
        """Tell what an invariant finds now."""
        registry = self.engine.registry
        examined = Examined(connection=self, dialect=self.engine.database.dialect, registry=registry)
        return list(registry.get(Invariant, invariant).find(examined))

    @contextmanager
    def damaged(self, table, statement):
        """Run a statement on a table within a block, and undo it; AssertionError where it changes no row."""
        self.raw.execute("BEGIN")
        try:
            self._defenceless(table)
            changed = self.raw.execute(statement.replace("::text", "") if self.sqlite else statement).rowcount
            assert changed >= 1, f"no row to damage: {statement}"
            yield
        finally:
            self.raw.execute("ROLLBACK")

    def _defenceless(self, table):
        if self.sqlite:
            for (name,) in self.raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)).fetchall():
                self.raw.execute(f"DROP TRIGGER {name}")
            return
        self.raw.execute("SET LOCAL session_replication_role = replica")
        named = "SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'"
        for (name,) in self.raw.execute(named, (table,)).fetchall():
            self.raw.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


@pytest.fixture
def open_damage():
    """Opens the database of an engine for damage: `with open_damage(engine) as raw, raw.damaged(table, statement): raw.found(name)`."""
    return Damage


@pytest.fixture
def make_receiver(monkeypatch):
    """Makes receivers of webhooks on this machine."""
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent), *sys.path])
    from receiver import Receiver

    made = []

    def make():
        made.append(Receiver())
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def receiver(make_receiver):
    """A receiver of webhooks on this machine."""
    return make_receiver()


def pytest_collection_modifyitems(items):
    """Put what takes long first: begun last, one of them would keep one process busy when the others have ended."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
