"""The flush: everything or nothing, races found by conditional writes, numbers without gap, a chain over what was finished."""

import json
import threading

import attrs
import pytest

from kassa.kernel.changes import lower
from kassa.kernel.database import LostRace, Retryable, Write
from kassa.kernel.errors import Conflict, KassaError, PluginError, Refused
from kassa.kernel.flush import GENESIS, link_hash, write_alone
from kassa.kernel.plan import Claim, Plan, StateChange

RACERS = 8


def paper(engine, book="red"):
    with engine.database.snapshot() as read:
        return read.row("SELECT sheets_free, sheets_used FROM notebook_paper WHERE book = ?", (book,))


def race(racers):
    """Runs functions at the same moment, each in a thread; gives what they returned or raised."""
    barrier, answers = threading.Barrier(len(racers)), [None] * len(racers)

    def run(place, act):
        barrier.wait()
        try:
            answers[place] = act()
        except KassaError as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_racers_for_the_last_sheet_have_one_winner(engine, anna):
    engine.perform("notebook.add_paper", {"book": "blue", "sheets": 1}, actor=anna)

    def act(number):
        return lambda: engine.perform("notebook.write", {"text": "Mine", "book": "blue"}, actor=anna, key=f"k{number}")

    answers = race([act(number) for number in range(RACERS)])
    losers = [answer for answer in answers if isinstance(answer, KassaError)]
    assert len(losers) == RACERS - 1
    assert {error.code for error in losers} <= {"NOTEBOOK_FULL", "LOST_RACE"}
    assert paper(engine, "blue") == (0, 1)


def test_racers_with_the_same_key_have_one_effect(engine, anna):
    answers = race([lambda: engine.perform("notebook.write", {"text": "Mine"}, actor=anna, key="k1")] * RACERS)
    assert len({answer.text for answer in answers if not isinstance(answer, KassaError)}) == 1
    assert {error.code for error in answers if isinstance(error, KassaError)} <= {"LOST_RACE", "IDEMPOTENCY_IN_FLIGHT"}
    assert paper(engine) == (99, 1)


def test_racers_take_numbers_without_gap(engine, anna):
    def act(number):
        return lambda: engine.perform("notebook.write", {"text": "Mine"}, actor=anna, key=f"k{number}").body["number"]

    numbers = race([act(number) for number in range(RACERS)])
    assert sorted(numbers) == [f"NOTE-T1-{number:06d}" for number in range(1, RACERS + 1)]


def stale(engine, monkeypatch, times):
    """Lets another take a sheet between planning and flush, so often; returns how often that happened."""
    real, happened = lower, []

    def slow(plan, registry, now, created_by, *more):
        if len(happened) < times:
            happened.append(1)
            sql = "UPDATE notebook_paper SET sheets_free = sheets_free - 60"
            write_alone(engine.database, [Write(sql, ())])
        return real(plan, registry, now, created_by)

    monkeypatch.setattr("kassa.kernel.engine.lower", slow)
    return happened


def test_a_lost_race_is_planned_again_and_then_refused_for_what_is_there(engine, anna, monkeypatch):
    happened = stale(engine, monkeypatch, 1)
    with pytest.raises(Refused) as caught:
        engine.perform("notebook.write", {"text": "Long", "sheets": 50}, actor=anna, key="k1")
    assert (caught.value.code, len(happened)) == ("NOTEBOOK_FULL", 1)
    assert "40 are free" in caught.value.detail
    assert paper(engine) == (40, 0)


def test_a_lost_race_is_planned_again_and_won(engine, anna, monkeypatch):
    engine.perform("notebook.add_paper", {"sheets": 20}, actor=anna)
    stale(engine, monkeypatch, 1)
    engine.perform("notebook.write", {"text": "Long", "sheets": 50}, actor=anna, key="k1")
    assert paper(engine) == (10, 50)


def test_a_document_that_another_changed_is_planned_again(engine, anna, monkeypatch):
    note = engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").body["id"]
    real, happened = lower, []

    def slow(plan, registry, now, created_by, *more):
        if not happened:
            happened.append(1)
            engine.perform("notebook.tear", {"note": note}, actor=anna, key="other")
        return real(plan, registry, now, created_by)

    monkeypatch.setattr("kassa.kernel.engine.lower", slow)
    with pytest.raises(Refused) as caught:
        engine.perform("notebook.tear", {"note": note}, actor=anna, key="k2")
    assert caught.value.code == "STATE_FORBIDS"
    assert paper(engine) == (99, 0)


@pytest.mark.parametrize("failure", [Retryable("deadlock"), LostRace(Write("UPDATE", ()))])
def test_who_always_loses_gets_a_clear_answer(engine, anna, monkeypatch, failure, snapshot_of):
    before = snapshot_of(engine)
    attempts = []

    def lose(*arguments):
        attempts.append(1)
        raise failure

    monkeypatch.setattr("kassa.kernel.engine.flush", lose)
    with pytest.raises(Conflict) as caught:
        engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    assert (caught.value.code, caught.value.retry_after, len(attempts)) == ("LOST_RACE", 1, 3)
    assert snapshot_of(engine) == before


@pytest.mark.parametrize("breaking", ["answer", "chain"])
def test_a_failure_inside_the_flush_leaves_nothing(engine, anna, monkeypatch, snapshot_of, breaking):
    # What the operation's own code raises is told to the audit trail as a refusal; what the flush itself meets is not.
    audit = breaking != "answer"
    before = snapshot_of(engine, audit=audit)
    name = {"answer": "kassa.kernel.engine._text", "chain": "kassa.kernel.flush.link_hash"}[breaking]

    def fail(*arguments):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(name, fail)
        with pytest.raises((ZeroDivisionError, PluginError)):
            engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    assert snapshot_of(engine, audit=audit) == before
    assert engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").body["number"] == "NOTE-T1-000001"


def test_claims_on_one_row_are_one_write(engine):
    plan = Plan()
    claims = [
        Claim("notebook.paper", ("red",), {"sheets_free": -2}, bound="free"),
        Claim("notebook.paper", ("red",), {"sheets_free": -3}, bound="free", floor=5),
    ]
    plan.add([*claims, Claim("notebook.paper", ("blue",), {"sheets_free": 1})], rule="test")
    changes = lower(plan, engine.registry, 0, "anna")
    merged = {place[2]: claim for place, claim in changes.claims.items()}
    assert (merged["red",].amounts, merged["red",].bounds) == ({"sheets_free": -5}, {"free": 5})
    assert [place[2] for place in sorted(changes.claims)] == [("blue",), ("red",)]
    assert sum(len(write.parameters) if write.many else 1 for write in changes.claim_writes(late=False)) == 2


def test_an_expected_value_that_changed_is_a_lost_race(engine):
    plan = Plan()
    plan.add([Claim("notebook.paper", ("red",), {"sheets_free": 1}, expected={"sheets_free": 99})], rule="test")
    writes = lower(plan, engine.registry, 0, "anna").claim_writes(late=False)
    with pytest.raises(LostRace):
        write_alone(engine.database, writes)
    assert paper(engine) == (100, 0)


def test_a_document_moves_once_however_often_it_is_moved_in_a_plan(engine, anna, notebook):
    note = engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").body["id"]
    with engine.database.snapshot() as read:
        document = notebook.load(read, [note])[note]
    plan = Plan()
    plan.add([StateChange(document, "torn"), StateChange(attrs.evolve(document, state="torn"), "written")], rule="test")
    (write,) = lower(plan, engine.registry, 0, "anna").state_changes
    assert (list(write.parameters), write.expect) == (["written", note, 1], 1)


def test_every_register_has_its_own_numbers_and_chain(engine, anna):
    for register in ("T1", "T2", "T1"):
        engine.perform("notebook.write", {"text": "Hello"}, actor=attrs.evolve(anna, register=register), key=f"k{register}{paper(engine)}")
    with engine.database.snapshot() as read:
        numbers = read.rows("SELECT value FROM kernel_document_key ORDER BY value")
        links = read.rows("SELECT register, sequence, hash, documents, legal_entity_id FROM kernel_chain_link ORDER BY register, sequence")
        heads = read.rows("SELECT register, sequence, hash FROM kernel_chain_head ORDER BY register")
    assert [number for (number,) in numbers] == ["NOTE-T1-000001", "NOTE-T1-000002", "NOTE-T2-000001"]
    previous = {}
    for register, sequence, found, documents, entity in links:
        assert found == link_hash(previous.get(register, GENESIS), entity, register, sequence, documents)
        previous[register] = found
        assert json.loads(documents)[0][1].startswith(f"NOTE-{register}")
    assert heads == [("T1", 2, previous["T1"]), ("T2", 1, previous["T2"])]
    assert [link[:2] for link in links] == [("T1", 1), ("T1", 2), ("T2", 1)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE notebook_note SET text = 'forged'",
        "UPDATE kernel_document SET legal_entity_id = id",
        "UPDATE kernel_document_key SET value = 'forged'",
        "UPDATE kernel_chain_link SET hash = 'forged'",
        "UPDATE kernel_audit SET actor = 'nobody'",
        "DELETE FROM notebook_note",
        "DELETE FROM kernel_document",
        "DELETE FROM kernel_outbox",
    ],
)
def test_what_is_posted_never_changes(engine, anna, snapshot_of, statement):
    engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    before = snapshot_of(engine, audit=True)
    with pytest.raises(Exception, match=r"append-only|kernel_refuse_change"):
        write_alone(engine.database, [Write(statement, ())])
    assert snapshot_of(engine, audit=True) == before
