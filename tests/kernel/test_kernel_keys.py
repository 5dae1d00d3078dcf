"""Keys: a document is found by any of its names, through an index however many documents there are."""

import sqlite3
from contextlib import closing

import pytest

from kassa.kernel import keys
from kassa.kernel.errors import NotFound


def test_the_form_of_an_id_is_told_from_other_names():
    known = "0190a0b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
    assert keys.id_or_none(known) == known
    for other in ("SO-S001-000001", "", known.upper(), known[:-1], known + "\n"):
        assert keys.id_or_none(other) == keys.NO_ID


def test_a_document_is_found_by_number_and_id(engine, anna):
    note = engine.perform("notebook.write", {"text": "hello", "date": "2024-02-29"}, actor=anna, key="k1").body["id"]
    with engine.database.snapshot() as read:
        (entity,) = read.row("SELECT legal_entity_id FROM kernel_document WHERE id = ?", (note,))
        (number,) = keys.numbers_of(read, [note]).values()
        assert keys.find_document(read, "notebook.note", entity, number) == note
        assert keys.find_document(read, "notebook.note", entity, note) == note
        for kind, reference in (("notebook.note", "NO-SUCH"), ("notebook.note", keys.NO_ID), ("notebook.page", number)):
            with pytest.raises(NotFound):
                keys.find_document(read, kind, entity, reference)


def test_finding_goes_through_indexes(engine):
    if engine.database.dialect != "sqlite":
        pytest.skip("PostgreSQL plans by the sizes of tables; the same indexes serve it")
    with closing(sqlite3.connect(engine.database.path)) as connection:
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {keys._BY_KEY}", ("x",) * 9)]
    searches = [step for step in steps if step.startswith(("SCAN", "SEARCH"))]
    assert len(searches) == 6, steps
    assert all("AND value=?" in step or "id=?" in step for step in searches), steps
    assert not any("(legal_entity_id=?)" in step for step in searches), steps
