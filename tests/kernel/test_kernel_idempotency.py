"""The same request once: how long an answer is kept, what comes after it, who may hear it, and what happens while it is worked on."""

import attrs
import pytest

from kassa.kernel.database import Write
from kassa.kernel.errors import Conflict, IdempotencyConflict, IdempotencyInFlight, NotFound, NotPermitted
from kassa.kernel.invariants import verify
from kassa.kernel.jobs import Runner
from kassa.kernel.models import IdempotencyRow
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.tables import insert_statement
from kassa.kernel.values import new_id

DAY = 86_400
STORED = "SELECT state, answer IS NULL, status FROM kernel_idempotency ORDER BY key"


def act(purse, **options):
    """Spend the same under the same key."""
    return purse.engine.perform("purse.spend", {"amount": "10.00"}, **{"actor": purse.clerk, "key": "once", **options})


def test_an_answer_is_kept_for_thirty_days(purse):
    first = act(purse)
    purse.engine.clock.advance(seconds=30 * DAY - 1)
    again = act(purse)
    assert (again.text, again.replayed, again.current) == (first.text, True, False)


def test_after_that_the_key_leads_to_the_document_as_it_stands(purse):
    first = act(purse)
    purse.engine.perform("purse.take_back", {"spending": first.document_id}, actor=purse.clerk, key="back")
    purse.engine.clock.advance(seconds=30 * DAY)
    again = act(purse)
    assert (again.replayed, again.current, again.document_id, again.status) == (True, True, first.document_id, 200)
    assert (again.body["id"], again.body["state"]) == (first.document_id, "taken_back")
    assert purse.rows("SELECT count(*) FROM purse_spending") == [(1,)]


def test_the_key_stays_for_ever(purse):
    act(purse)
    purse.engine.clock.advance(seconds=3000 * DAY)
    assert cleaned(purse) == 1
    assert act(purse).current
    with pytest.raises(IdempotencyConflict):
        purse.engine.perform("purse.spend", {"amount": "11.00"}, actor=purse.clerk, key="once")
    assert purse.rows("SELECT count(*) FROM purse_spending") == [(1,)]


def test_old_answers_are_taken_away_in_batches(purse, monkeypatch):
    monkeypatch.setattr("kassa.kernel.cleaning.SIZE", 2)
    for _ in range(5):
        purse.spend("1.00")
    purse.engine.clock.advance(seconds=30 * DAY)
    purse.spend("1.00")
    assert cleaned(purse) == 5
    assert purse.rows("SELECT state, count(*) FROM kernel_idempotency GROUP BY state ORDER BY state") == [("answered", 2), ("forgotten", 5)]
    assert verify(purse.engine) == []
    purse.engine.clock.advance(seconds=30 * DAY)
    assert cleaned(purse) == 2


def cleaned(purse):
    """Clean, and tell how many answers were taken away."""
    job = purse.engine.perform("cleaning.run", {}, actor=SYSTEM, key=new_id()).body
    runner = Runner(purse.engine)
    runner.run(job["id"])
    return runner.read(job["id"]).summary["answers"]


def test_a_replay_asks_for_the_present_permission(purse):
    act(purse)
    for days in (0, 31):
        purse.engine.clock.advance(seconds=days * DAY)
        with pytest.raises(NotPermitted):
            act(purse, actor=attrs.evolve(purse.clerk, permissions=frozenset()))


def test_a_replay_asks_for_the_present_places(purse):
    first = act(purse)
    elsewhere = attrs.evolve(purse.clerk, stores=frozenset({"01a1f900-0000-7000-8000-0000000000ab"}))
    scope = attrs.evolve(purse.engine.operation("purse.spend"), scope="acting_store")
    with pytest.raises(NotFound):
        purse.engine.perform(scope, {"amount": "10.00"}, actor=elsewhere, key="once")
    assert purse.engine.perform(scope, {"amount": "10.00"}, actor=purse.clerk, key="once").text == first.text


def test_another_legal_entity_is_another_request(purse):
    act(purse)
    foreign = "01a1f900-0000-7000-8000-000000000002"
    both = attrs.evolve(purse.clerk, legal_entities=frozenset({foreign}))
    with pytest.raises(IdempotencyConflict):
        act(purse, actor=both)


def test_a_till_has_its_keys_whoever_signed_in_there(purse):
    ada, bob = (attrs.evolve(purse.clerk, id=name, key_id="till-1", session_id=f"session-{name}") for name in ("ada", "bob"))
    first = act(purse, actor=ada)
    assert act(purse, actor=attrs.evolve(ada, session_id="later")).text == first.text
    with pytest.raises(Conflict) as error:
        act(purse, actor=bob)
    assert error.value.code == "IDEMPOTENCY_OTHER_WORKER"
    assert first.document_id not in str(error.value.as_problem())
    assert not act(purse, actor=attrs.evolve(bob, key_id="till-2")).replayed
    assert not act(purse, actor=attrs.evolve(ada, session_id=None)).replayed, "a key of Ada's own is no till"


def test_an_edit_takes_a_key_and_is_done_once(purse):
    given = {"permission": "purse.spend", "role": "clerk", "amount": "60.00", "currency": "EUR", "level": "installation"}
    boss = attrs.evolve(purse.boss, all_permissions=True, legal_entities=None, stores=None)

    def change(amount, key="k"):
        return purse.engine.perform("limits.change", given | {"amount": amount}, actor=boss, key=key)

    first = change("60.00")
    assert (change("60.00").text, change("60.00").replayed) == (first.text, True)
    with pytest.raises(IdempotencyConflict):
        change("70.00")
    assert not change("70.00", "other").replayed
    assert change("60.00").text == first.text, "and does not bring the first amount back"
    assert purse.rows("SELECT count(*) FROM kernel_limit_history WHERE new IN ('60.00', '70.00')") == [(2,)]
    assert not change("70.00", None).replayed
    assert verify(purse.engine) == []


def test_a_confidential_answer_is_kept_nowhere(purse):
    secret = attrs.evolve(purse.engine.operation("purse.spend"), confidential=True)
    first, again = (purse.engine.perform(secret, {"amount": "10.00"}, actor=purse.clerk, key="once") for _ in range(2))
    assert (first.replayed, again.replayed, again.current) == (False, True, True)
    assert purse.rows(STORED) == [("confidential", 1 if purse.engine.database.dialect == "sqlite" else True, 200)]
    assert purse.rows("SELECT count(*) FROM purse_spending") == [(1,)]
    assert verify(purse.engine) == []


def test_what_is_refused_leaves_the_key_free(purse):
    purse.refused("80.00", key="once")
    assert not act(purse).replayed


def test_a_preview_neither_takes_nor_reads_a_key(purse):
    act(purse, preview=True)
    act(purse)
    assert act(purse, preview=True).preview


def test_while_it_is_worked_on_the_answer_is_a_conflict_with_a_time(purse):
    if purse.engine.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer, which is waited for in a queue")
    once = ("clerk", "once", "clerk", "fingerprint", "purse.spend", "open", 0, None, None, 0)
    with purse.engine.database.writer() as writer:
        writer.begin()
        writer.run([Write(insert_statement(IdempotencyRow), once)])
        with pytest.raises(IdempotencyInFlight) as error:
            act(purse)
        writer.rollback()
    assert (error.value.status, error.value.retry_after) == (409, 1)
    assert not act(purse).replayed
