"""Trouble of the database: a full disk, no memory, a database that became read-only. A clear answer, nothing done, and all is well afterwards."""

from contextlib import contextmanager

import pytest

from kassa.kernel.errors import Unavailable
from kassa.kernel.postgresql import open_connection

REFUSE = (
    "CREATE FUNCTION refuse_to_write() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no more' USING ERRCODE = '{code}'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER refuse_to_write BEFORE INSERT ON notebook_note FOR EACH ROW EXECUTE FUNCTION refuse_to_write()",
)
FAULTS = {
    "a full disk": ("max_page_count = {pages}", "max_page_count = 4294967294", "53100"),
    "read-only": ("query_only = ON", "query_only = OFF", "25006"),
    "no memory": (None, None, "53200"),
    "a failing disk": (None, None, "58030"),
}


@contextmanager
def fault(engine, begin, end, code):
    """Let the database refuse what is written to it: SQLite by its own limits, PostgreSQL by the error that its server gives then."""
    if engine.database.dialect == "sqlite":
        with engine.database.writer() as writer:
            (pages,) = writer.connection.raw.execute("PRAGMA page_count").fetchone()
            writer.connection.raw.execute(f"PRAGMA {begin.format(pages=pages)}")
        yield
        with engine.database.writer() as writer:
            writer.connection.raw.execute(f"PRAGMA {end}")
        return
    with open_connection(engine.database.url, "") as owner:
        for statement in REFUSE:
            owner.execute(statement.format(code=code))
        yield
        owner.execute("DROP FUNCTION refuse_to_write CASCADE")


def everything(engine):
    """What stands in all tables."""
    with engine.database.snapshot() as read:
        return {name: read.rows(f"SELECT * FROM {name}") for name in engine.registry.tables}


def write_until_refused(engine, anna):
    """Write notes until one is refused, for pages take a few more; the number of that one, what stood in all tables before it, and the refusal."""
    for number in range(300):
        before = everything(engine)
        try:
            engine.perform("notebook.write", {"text": "x" * 200}, actor=anna, key=f"note {number}")
        except Unavailable as error:
            return number, before, error
    raise AssertionError("nothing was refused")


@pytest.mark.rule("REL-26")
@pytest.mark.parametrize("name", FAULTS)
def test_a_database_that_cannot_be_written_is_told_and_works_when_it_can_again(engine, anna, name):
    begin, end, code = FAULTS[name]
    if begin is None and engine.database.dialect == "sqlite":
        pytest.skip("SQLite has no switch for this fault")
    engine.perform("notebook.add_paper", {"sheets": 1000}, actor=anna)
    engine.perform("notebook.write", {"text": "before"}, actor=anna, key="before")
    with fault(engine, begin, end, code):
        number, before, error = write_until_refused(engine, anna)
        assert (error.status, "cannot be written" in str(error), "Nothing was changed" in str(error)) == (503, True, True)
        after = everything(engine)
        # The refusal itself is written down where that is still possible.
        assert {table for table in after if after[table] != before[table]} <= {"kernel_audit"}
    again = [engine.perform("notebook.write", {"text": "x" * 200}, actor=anna, key=f"note {number}").text for _ in range(2)]
    assert again[0] == again[1]
    with engine.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM notebook_note") == number + 2
