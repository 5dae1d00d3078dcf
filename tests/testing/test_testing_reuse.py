"""The test kit's databases are emptied for the next test, and not used again where a test changed more than rows."""

import psycopg
import pytest

from kassa.kernel.registry import build
from kassa.testing.databases import Databases, kinds

pytestmark = pytest.mark.skipif("postgresql" not in kinds(), reason="PostgreSQL is left out on purpose")
CHANGES = (
    "ALTER TABLE org_store ADD COLUMN colour text",
    "ALTER TABLE org_store ALTER COLUMN name DROP NOT NULL",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "CREATE TABLE shelf (code text)",
    "CREATE INDEX shelf ON org_store (name)",
    "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
)


@pytest.fixture(scope="module")
def databases(tmp_path_factory):
    """The kit, with databases of its own."""
    made = Databases(tmp_path_factory.mktemp("reuse"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def core():
    """The core's tables."""
    return build({})


def run(url, statement):
    """Run a statement past Kassa; its rows where it has some."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


def test_rows_are_gone_and_the_database_comes_again(databases, core):
    url = databases.with_tables("postgresql", core)
    run(url, "INSERT INTO kernel_lease (name, holder, until) VALUES ('outbox', 'me', 1)")
    databases.drop(url)
    assert databases.with_tables("postgresql", core) == url
    assert run(url, "SELECT * FROM kernel_lease") == []
    assert run(url, "SELECT count(*) > 0 FROM kernel_migration") == [(True,)]
    databases.drop(url)


@pytest.mark.parametrize("change", CHANGES)
def test_a_database_with_another_shape_does_not_come_again(databases, core, change):
    url = databases.with_tables("postgresql", core)
    run(url, change)
    databases.drop(url)
    other = databases.with_tables("postgresql", core)
    assert other != url
    databases.drop(other)
