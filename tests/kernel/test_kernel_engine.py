"""The engine: one act, one effect, one answer; what is refused, lost or unknown changes nothing."""

import json

import attrs
import pytest

from kassa.kernel.database import UnknownCommit
from kassa.kernel.errors import (
    Conflict,
    IdempotencyConflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    OutcomeUnknown,
    OverrideRequired,
    PreconditionRequired,
    Refused,
)
from kassa.kernel.permissions import SYSTEM

OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000002"


def audit(engine):
    with engine.database.snapshot() as read:
        return read.rows("SELECT operation, outcome, code FROM kernel_audit ORDER BY id")


def test_a_note_is_written_with_everything_that_belongs_to_it(engine, anna):
    outcome = engine.perform("notebook.write", {"text": "Hello", "sheets": 2, "urgent": True}, actor=anna, key="k1")
    assert outcome.body["number"] == "NOTE-T1-000001"
    assert outcome.document_id == outcome.body["id"]
    assert (outcome.status, outcome.replayed, outcome.preview) == (200, False, False)
    with engine.database.snapshot() as read:
        assert read.row("SELECT kind, state, version, register FROM kernel_document") == ("notebook.note", "written", 1, "T1")
        assert read.row("SELECT text, sheets FROM notebook_note") == ("Hello", 2)
        assert read.row("SELECT sheets_free, sheets_used FROM notebook_paper") == (98, 2)
        assert read.row("SELECT name, value, ordinal FROM kernel_document_key") == ("number", "NOTE-T1-000001", 1)
        assert read.row("SELECT sequence FROM kernel_chain_head") == (1,)
        assert json.loads(read.value("SELECT data FROM kernel_outbox"))["number"] == "NOTE-T1-000001"
        assert read.row("SELECT principal, operation, answer FROM kernel_idempotency") == ("anna", "notebook.write", outcome.text)
    assert audit(engine)[-1] == ("notebook.write", "done", None)


def test_reading_needs_no_key_and_writes_nothing(engine, anna, snapshot_of):
    made = engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").body
    before = snapshot_of(engine, audit=True)
    assert engine.perform("notebook.read", {"note": made["id"]}, actor=anna).body == made
    assert snapshot_of(engine, audit=True) == before


def test_a_message_and_a_mapping_are_the_same_command(engine, anna, notebook):
    engine.perform("notebook.write", notebook.WriteNote(text="Hello"), actor=anna, key="k1")
    assert engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").replayed


def test_the_same_key_has_one_effect_and_one_answer(engine, anna, snapshot_of):
    first = engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    before = snapshot_of(engine, audit=True)
    again = engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    assert (again.text, again.status, again.document_id, again.replayed) == (first.text, first.status, first.document_id, True)
    assert snapshot_of(engine, audit=True) == before


def test_a_key_belongs_to_its_principal(engine, anna):
    engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    other = engine.perform("notebook.write", {"text": "Hello"}, actor=attrs.evolve(anna, id="bert"), key="k1")
    assert (other.replayed, other.body["number"]) == (False, "NOTE-T1-000002")


@pytest.mark.parametrize("change", [{"text": "Bye"}, {"text": "Hello", "sheets": 2}])
def test_a_key_is_not_used_for_something_else(engine, anna, snapshot_of, change):
    engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    before = snapshot_of(engine)
    with pytest.raises(IdempotencyConflict):
        engine.perform("notebook.write", change, actor=anna, key="k1")
    with pytest.raises(IdempotencyConflict):
        engine.perform("notebook.copy", {"texts": ["Hello"]}, actor=anna, key="k1")
    assert snapshot_of(engine) == before


def test_posting_needs_a_key(engine, anna):
    with pytest.raises(PreconditionRequired, match=r"notebook\.write posts"):
        engine.perform("notebook.write", {"text": "Hello"}, actor=anna)


def test_bad_input_is_refused_before_anything_else(engine, anna, snapshot_of):
    before = snapshot_of(engine, audit=True)
    with pytest.raises(InvalidInput) as caught:
        engine.perform("notebook.write", {"sheets": "many", "colour": "red"}, actor=anna, key="k1")
    assert {issue.pointer for issue in caught.value.issues} == {"/text", "/sheets", "/colour"}
    assert snapshot_of(engine, audit=True) == before


def test_an_unknown_operation_is_not_found(engine, anna):
    with pytest.raises(NotFound, match=r"notebook\.fly"):
        engine.perform("notebook.fly", {}, actor=anna)


def test_a_refusal_changes_nothing_and_is_audited(engine, anna, snapshot_of):
    before = snapshot_of(engine)
    with pytest.raises(Refused) as caught:
        engine.perform("notebook.write", {"text": "forbidden"}, actor=anna, key="k1")
    (issue,) = caught.value.issues
    assert (issue.code, issue.rule, issue.plugin, issue.pointer) == ("NOTEBOOK_WORD", "notebook.check_text", "notebook", "/text")
    assert snapshot_of(engine) == before
    assert audit(engine)[-1] == ("notebook.write", "refused", "NOTEBOOK_WORD")


def test_a_refusal_does_not_consume_the_key(engine, anna):
    with pytest.raises(Refused):
        engine.perform("notebook.write", {"text": "forbidden"}, actor=anna, key="k1")
    assert not engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").replayed


def test_a_missing_permission_is_refused_and_audited(engine, anna, snapshot_of):
    before = snapshot_of(engine)
    with pytest.raises(NotPermitted, match=r"notebook\.write"):
        engine.perform("notebook.write", {"text": "Hello"}, actor=attrs.evolve(anna, permissions=frozenset()), key="k1")
    assert snapshot_of(engine) == before
    assert audit(engine)[-1] == ("notebook.write", "refused", "NOT_PERMITTED")


def test_a_replay_needs_the_permission_of_today(engine, anna):
    engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    with pytest.raises(NotPermitted):
        engine.perform("notebook.write", {"text": "Hello"}, actor=attrs.evolve(anna, permissions=frozenset()), key="k1")


def test_another_legal_entity_is_not_found(engine, anna):
    with pytest.raises(NotFound):
        engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1", legal_entity_id=OTHER_ENTITY)


def test_what_somebody_could_approve_is_not_done(engine, anna, snapshot_of):
    before = snapshot_of(engine)
    with pytest.raises(OverrideRequired) as caught:
        engine.perform("notebook.write", {"text": "private"}, actor=anna, key="k1")
    assert (caught.value.code, caught.value.issues[0].permission) == ("NOTEBOOK_OVERRIDE_REQUIRED", "notebook.allow")
    after = snapshot_of(engine)
    assert {name for name in after if after[name] != before[name]} == {"kernel_approval", "kernel_outbox"}


def test_a_warning_is_said_and_the_act_is_done(engine, anna):
    body = engine.perform("notebook.write", {"text": "long"}, actor=anna, key="k1").body
    assert [warning["code"] for warning in body["warnings"]] == ["NOTEBOOK_LONG"]
    assert body["number"] == "NOTE-T1-000001"


def test_a_state_forbids_a_move(engine, anna):
    note = engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").body["id"]
    assert engine.perform("notebook.tear", {"note": note}, actor=anna, key="k2").body["state"] == "torn"
    with pytest.raises(Refused) as caught:
        engine.perform("notebook.tear", {"note": note}, actor=anna, key="k3")
    assert (caught.value.code, caught.value.issues[0].got) == ("STATE_FORBIDS", "torn")
    with engine.database.snapshot() as read:
        assert read.row("SELECT state, version FROM kernel_document") == ("torn", 2)


def test_a_preview_writes_no_row_and_agrees_with_the_act(engine, anna, snapshot_of):
    before = snapshot_of(engine, audit=True)
    shown = engine.perform("notebook.write", {"text": "long", "sheets": 2}, actor=anna, preview=True)
    assert snapshot_of(engine, audit=True) == before
    assert (shown.preview, shown.body["preview"], shown.body["issues"]) == (True, True, [])
    assert [warning["code"] for warning in shown.body["warnings"]] == ["NOTEBOOK_LONG"]
    done = engine.perform("notebook.write", {"text": "long", "sheets": 2}, actor=anna, key="k1").body
    differing = {"id", "number", "warnings"}
    assert {name: value for name, value in shown.body["result"].items() if name not in differing} == {
        name: value for name, value in done.items() if name not in differing
    }


def test_a_preview_tells_what_would_be_refused(engine, anna, snapshot_of):
    before = snapshot_of(engine, audit=True)
    shown = engine.perform("notebook.write", {"text": "Hello", "sheets": 101}, actor=anna, preview=True).body
    assert [issue["code"] for issue in shown["issues"]] == ["NOTEBOOK_FULL"]
    assert snapshot_of(engine, audit=True) == before


@pytest.mark.parametrize("text, code", [("forbidden", "NOTEBOOK_WORD"), ("private", "NOTEBOOK_PRIVATE")])
def test_a_preview_tells_what_a_rule_would_refuse(engine, anna, snapshot_of, text, code):
    before = snapshot_of(engine, audit=True)
    shown = engine.perform("notebook.write", {"text": text}, actor=anna, preview=True)
    assert [issue["code"] for issue in shown.body["issues"]] == [code]
    assert (shown.status, shown.body["result"] is None) == (200, code == "NOTEBOOK_WORD")
    assert snapshot_of(engine, audit=True) == before


def test_a_preview_of_what_is_not_there_is_not_found(engine, anna):
    with pytest.raises(NotFound):
        engine.perform("notebook.tear", {"note": OTHER_ENTITY}, actor=anna, preview=True)


def test_one_operation_uses_another_within_its_plan(engine, anna):
    job = engine.perform("notebook.copy", {"texts": ["a", "b"]}, actor=anna, key="k1").body
    assert (job["state"], job["total"]) == ("waiting", 2)


def lose_commits(engine, monkeypatch, *, done):
    """Lets the next commit report that the connection broke, after it was done or before."""
    real = engine.database.writer
    state = {"left": 1}

    class Losing:
        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def commit(self, writes):
            if not state["left"]:
                return self.inner.commit(writes)
            state["left"] -= 1
            if done:
                self.inner.commit(writes)
            raise UnknownCommit("the line is dead")

    class Opening:
        def __enter__(self):
            self.context = real()
            return Losing(self.context.__enter__())

        def __exit__(self, *error):
            return self.context.__exit__(*error)

    monkeypatch.setattr(engine.database, "writer", Opening)


def test_an_unknown_commit_that_happened_is_found(engine, anna, monkeypatch):
    lose_commits(engine, monkeypatch, done=True)
    outcome = engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    assert outcome.body["number"] == "NOTE-T1-000001"
    assert outcome.replayed
    with engine.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM kernel_document") == 1


def test_an_unknown_commit_that_did_not_happen_is_never_called_a_failure(engine, anna, monkeypatch, snapshot_of):
    before = snapshot_of(engine, audit=True)
    lose_commits(engine, monkeypatch, done=False)
    with pytest.raises(OutcomeUnknown) as caught:
        engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1")
    assert caught.value.as_problem()["outcome"] == "unknown"
    assert snapshot_of(engine, audit=True) == before
    assert not engine.perform("notebook.write", {"text": "Hello"}, actor=anna, key="k1").replayed


def test_a_key_that_is_taken_is_a_conflict(engine, anna, snapshot_of):
    engine.perform("notebook.write", {"text": "Hello", "reference": "R1"}, actor=anna, key="k1")
    before = snapshot_of(engine)
    with pytest.raises(Conflict) as caught:
        engine.perform("notebook.write", {"text": "Bye", "reference": "R1"}, actor=anna, key="k2")
    assert caught.value.code == "KEY_TAKEN"
    assert snapshot_of(engine) == before


def test_reference_data_is_seen_by_other_engines_at_once(engine, make_engine, notebook, anna):
    other = make_engine(modules={"notebook": notebook}, url=engine.database.url)
    assert other.perform("notebook.read_book", {}, actor=anna).body["title"] is None
    engine.perform("notebook.add_paper", {"title": "Red"}, actor=anna)
    assert other.perform("notebook.read_book", {}, actor=anna).body == {"book": "red", "title": "Red", "sheets_free": 100}
    other.perform("notebook.add_paper", {"title": "Very red"}, actor=anna)
    assert engine.perform("notebook.read_book", {}, actor=anna).body["title"] == "Very red"


def test_the_system_may_everything(engine):
    assert engine.perform("notebook.add_paper", {"sheets": 1}, actor=SYSTEM).body["sheets_free"] == 101
