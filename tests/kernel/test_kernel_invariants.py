"""Invariants: silent on a healthy database; each kind of damage is found and named."""

from types import SimpleNamespace

import pytest

from kassa.kernel import contributions as give
from kassa.kernel.database import Write
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.plugins import hookimpl


@pytest.fixture
def notes(engine, anna):
    """Some notes on two registers, with what belongs to them."""
    import attrs

    ids = []
    for place, register in enumerate(("T1", "T2", "T1", "T1")):
        actor = attrs.evolve(anna, register=register)
        ids.append(
            engine.perform("notebook.write", {"text": f"Grüße {place}", "urgent": place == 1}, actor=actor, key=f"k{place}").body["id"]
        )
    engine.perform("notebook.tear", {"note": ids[0]}, actor=anna, key="tear")
    engine.perform("settings.change", {"name": "notebook.sheets", "level": "installation", "value": "4"}, actor=SYSTEM)
    return ids


@pytest.fixture
def damage(engine):
    """Changes rows behind the back of the application, as the owner of the disk can."""

    def run(*statements):
        if engine.database.dialect == "sqlite":
            with engine.database.snapshot() as read:
                triggers = [
                    Write(f"DROP TRIGGER {name}", ()) for (name,) in read.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ]
            write_alone(engine.database, triggers)
            write_alone(engine.database, [Write("PRAGMA defer_foreign_keys = ON", ())])
            with engine.database.writer() as writer:
                writer.connection.raw.execute("PRAGMA foreign_keys = OFF")
            off = []
        else:
            off = [Write("SET LOCAL session_replication_role = replica", ())]
        write_alone(engine.database, [*off, *(Write(statement, ()) for statement in statements)])

    return run


def found(engine):
    return [(finding.invariant, f"{finding.row}: {finding.what}") for finding in verify(engine)]


def test_a_healthy_database_is_silent(engine, notes):
    steps = []
    assert verify(engine, lambda *step: steps.append(step)) == []
    names = [invariant.name for invariant in engine.registry.all(give.Invariant)]
    assert [step[2] for step in steps] == [*names, ""]
    assert steps[-1][:2] == (len(names), len(names))


def test_an_empty_database_is_silent(make_engine, notebook):
    assert verify(make_engine(modules={"notebook": notebook})) == []


def test_verifying_writes_nothing(engine, notes, snapshot_of):
    before = snapshot_of(engine, audit=True)
    verify(engine)
    assert snapshot_of(engine, audit=True) == before


def test_the_chain_holds_over_more_links_than_one_piece(engine, anna, monkeypatch):
    monkeypatch.setattr("kassa.kernel.evidence.chains.LINKS_AT_ONCE", 3)
    monkeypatch.setattr("kassa.kernel.evidence.chains.DOCUMENTS_AT_ONCE", 2)
    for place in range(8):
        engine.perform("notebook.write", {"text": f"text {place}"}, actor=anna, key=f"k{place}")
    assert verify(engine) == []


DAMAGE = {
    "forged words": (
        "UPDATE notebook_note SET text = 'forged' WHERE text = 'Grüße 2'",
        "kernel.chain_unbroken",
        "its rows are not those that were chained",
    ),
    "forged flag": (
        "UPDATE notebook_note SET urgent = NOT urgent WHERE text = 'Grüße 1'",
        "kernel.chain_unbroken",
        "its rows are not those",
    ),
    "lost rows": ("DELETE FROM notebook_note WHERE text = 'Grüße 2'", "kernel.chain_unbroken", "its rows are not those that were chained"),
    "forged link": (
        "UPDATE kernel_chain_link SET hash = 'f' WHERE register = 'T1' AND sequence = 2",
        "kernel.chain_unbroken",
        "link 2 does not follow",
    ),
    "lost link": ("DELETE FROM kernel_chain_link WHERE register = 'T1' AND sequence = 2", "kernel.chain_unbroken", "link 2 is missing"),
    "lost last link": (
        "DELETE FROM kernel_chain_link WHERE register = 'T1' AND sequence = 3",
        "kernel.chain_unbroken",
        "the chain ends at link 2",
    ),
    "lost head": ("DELETE FROM kernel_chain_head WHERE register = 'T1'", "kernel.chain_unbroken", "register T1 of legal entity"),
    "forged number": (
        "UPDATE kernel_document_key SET value = 'NOTE-T1-000009' WHERE value = 'NOTE-T1-000002'",
        "kernel.chain_unbroken",
        "its number is now NOTE-T1-000009",
    ),
    "gap": (
        "UPDATE kernel_document_key SET ordinal = 9 WHERE value = 'NOTE-T1-000002'",
        "kernel.numbers_gapless",
        "the first that is missing is 2",
    ),
    "number lost": (
        "DELETE FROM kernel_document_key WHERE value = 'NOTE-T1-000003'",
        "kernel.numbers_gapless",
        "3 numbers were given, 2 are there",
    ),
    "no number": ("DELETE FROM kernel_document_key WHERE value = 'NOTE-T1-000003'", "kernel.documents_numbered", "it has no number"),
    "counter lost": ("DELETE FROM kernel_number_series WHERE register = 'T2'", "kernel.numbers_gapless", "it has no counter"),
    "key of nothing": (
        "UPDATE kernel_document_key SET kind = 'other' WHERE value = 'NOTE-T2-000001'",
        "kernel.keys_name_documents",
        "which is no document of its kind",
    ),
    "document lost": ("DELETE FROM kernel_document WHERE register = 'T2'", "kernel.chain_unbroken", "it is chained but is not there"),
    "no answer": ("UPDATE kernel_idempotency SET answer = NULL WHERE key = 'k1'", "kernel.idempotency_answered", "it has no answer"),
    "event of nothing": (
        "DELETE FROM kernel_document WHERE register = 'T2'",
        "kernel.events_have_subjects",
        "is no document of its legal entity",
    ),
    "said nothing": ("DELETE FROM kernel_outbox", "kernel.documents_announced", "no event tells of it"),
    "setting forged": ("UPDATE kernel_setting SET value = '9'", "kernel.settings_explained", "it is 9, its history says 4"),
    "history lost": ("DELETE FROM kernel_setting_history", "kernel.settings_explained", "its history says None"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_and_named(engine, notes, damage, kind):
    statement, invariant, words = DAMAGE[kind]
    damage(statement)
    assert [line for name, line in found(engine) if name == invariant and words in line], found(engine)


def test_a_document_that_was_put_in_beside_the_chain_is_found(engine, notes, damage):
    columns = (
        "legal_entity_id, kind, type, state, version, store_id, register, business_date, occurred_at, created_at, created_by, corrects_id"
    )
    new = "01a1f900-0000-7000-8000-0000000000aa"
    cast = "" if engine.database.dialect == "sqlite" else "::uuid"
    damage(f"INSERT INTO kernel_document (id, {columns}) SELECT '{new}'{cast}, {columns} FROM kernel_document WHERE register = 'T2'")
    lines = dict(found(engine))
    assert "2 finished documents are there, 1 are chained" in lines["kernel.chain_unbroken"]
    assert new in lines["kernel.documents_numbered"]


def odd(find, name="odd"):
    """A plugin with an invariant."""
    invariant = give.Invariant(name=f"{name}.rule", summary="All is odd.", find=find)
    return SimpleNamespace(register_storage=hookimpl(lambda: [invariant]))


def test_plugins_contribute_invariants(open_engine):
    engine = open_engine(
        odd=odd(lambda read: [f"book {book}: {free} is even" for book, free in read.rows("SELECT book, sheets_free FROM notebook_paper")])
    )
    (finding,) = verify(engine)
    assert (finding.invariant, finding.row, finding.what) == ("odd.rule", "book red", "100 is even")


def test_a_long_list_of_findings_is_cut(open_engine):
    findings = verify(open_engine(odd=odd(lambda read: (f"row {number}: odd" for number in range(10**9)))))
    assert (len(findings), findings[-1].row) == (101, "…")


@pytest.mark.parametrize("statement", ["DELETE FROM notebook_paper", "SELECT * FROM nothing_like_it"])
def test_an_invariant_that_fails_is_a_finding_and_the_others_run(open_engine, statement):
    engine = open_engine(early=odd(lambda read: read.rows(statement), "early"))
    (finding,) = verify(engine)
    assert (finding.invariant, finding.row) == ("early.rule", "-")
    assert "could not be checked" in finding.what
    assert engine.perform("notebook.read_book", {}, actor=SYSTEM).body["sheets_free"] == 100
