"""Jobs: chunks whose effects, results and cursor commit together, so that stops, failures and kills lose and double nothing."""

import threading
import time
from types import SimpleNamespace

import attrs
import pytest

from kassa.kernel import contributions as give
from kassa.kernel.changes import lower
from kassa.kernel.database import LostRace, UnknownCommit, Write
from kassa.kernel.errors import Conflict, NotFound, NotPermitted
from kassa.kernel.flush import write_alone
from kassa.kernel.jobs import Runner
from kassa.kernel.jobs.leases import actor_of, actor_text, claim, leave, renew
from kassa.kernel.jobs.runner import LeaseLost
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.plugins import hookimpl

TEXTS = ["one", "two", "forbidden", "later", "private", "six", "seven", "eight", "nine", "ten"]
LEFT_OUT = {
    "000002": ("refused", "NOTEBOOK_WORD"),
    "000003": ("skipped", "NOTEBOOK_LATER"),
    "000004": ("skipped", "NOTEBOOK_PRIVATE"),
}


@pytest.fixture
def copy(engine, anna):
    """Starts a job that copies texts and gives its id."""

    def begin(texts=TEXTS, key="k1", book="red"):
        return engine.perform("notebook.copy", {"texts": list(texts), "book": book}, actor=anna, key=key).body["id"]

    return begin


def notes(engine):
    with engine.database.snapshot() as read:
        return [text for (text,) in read.rows("SELECT text FROM notebook_note ORDER BY document_id")]


def results(engine, job):
    with engine.database.snapshot() as read:
        rows = read.rows("SELECT item, outcome, code, document_id FROM kernel_job_result WHERE job_id = ? ORDER BY item", (job,))
    return {row[0]: row[1:] for row in rows}


def expire(engine):
    """Lets the leases of all jobs run out, as after a kill."""
    write_alone(engine.database, [Write("UPDATE kernel_job SET lease_until = 0 WHERE state = 'running'", ())])


def test_a_job_does_all_that_can_be_done_and_lists_the_rest(engine, copy):
    seen = []
    job = Runner(engine).run(copy(), seen.append)
    assert (job.state, job.done, job.total, job.summary) == ("done", 10, 10, {"written": 7})
    assert [(step.done, step.state) for step in seen] == [(4, "running"), (8, "running"), (10, "done")]
    assert notes(engine) == ["one", "two", "six", "seven", "eight", "nine", "ten"]
    found = results(engine, job.id)
    assert {item: row[:2] for item, row in found.items() if row[0] != "done"} == LEFT_OUT
    assert all(row[2] for row in found.values() if row[0] == "done")
    with engine.database.snapshot() as read:
        assert read.value("SELECT max(ordinal) FROM kernel_document_key") == 7
        assert read.value("SELECT sheets_free FROM notebook_paper") == 93


def test_documents_of_one_chunk_cannot_overdraw_together(engine, copy, anna):
    engine.perform("notebook.add_paper", {"book": "thin", "sheets": 2}, actor=anna)
    job = Runner(engine).run(copy(["a", "b", "c", "d"], book="thin"))
    assert notes(engine) == ["a", "b"]
    assert [row[1] for row in results(engine, job.id).values()] == [None, None, "NOTEBOOK_FULL", "NOTEBOOK_FULL"]


def test_a_job_stops_between_chunks_and_goes_on_where_it_was(engine, copy, anna):
    keeper = attrs.evolve(anna, permissions=frozenset({"jobs.read", "jobs.control"}))
    job_id = copy()

    def stop(job):
        if job.done == 4:
            assert engine.perform("jobs.stop", {"job": job_id}, actor=keeper).body["stop_requested"] is True

    runner = Runner(engine)
    assert (runner.run(job_id, stop).state, len(notes(engine))) == ("stopped", 2)
    with pytest.raises(Conflict, match="The job is stopped"):
        runner.run(job_id)
    assert engine.perform("jobs.resume", {"job": job_id}, actor=keeper).body["state"] == "waiting"
    assert runner.run(job_id).state == "done"
    assert len(notes(engine)) == 7
    with pytest.raises(Conflict, match="The job is done"):
        engine.perform("jobs.resume", {"job": job_id}, actor=keeper)
    with pytest.raises(Conflict, match="The job is done"):
        engine.perform("jobs.stop", {"job": job_id}, actor=keeper)


def test_a_waiting_job_stops_at_once_and_stopping_again_changes_nothing(engine, copy):
    job_id = copy()
    for _ in range(2):
        assert engine.perform("jobs.stop", {"job": job_id}, actor=SYSTEM).body["state"] == "stopped"
    assert Runner(engine).run_next() is False
    for _ in range(2):
        assert engine.perform("jobs.resume", {"job": job_id}, actor=SYSTEM).body["state"] == "waiting"
    assert Runner(engine).run_next() is True


def test_a_runner_that_vanished_is_replaced_and_cannot_write_any_more(engine, copy):
    job_id = copy()
    ghost, other = Runner(engine, "ghost"), Runner(engine, "other")
    held = claim(engine.database, "ghost", 0, job_id)
    ghost.run_chunk(held)
    stale = ghost.read(job_id)
    with pytest.raises(Conflict, match="another worker has it"):
        other.run(job_id)
    expire(engine)
    assert other.run(job_id).state == "done"
    with pytest.raises(LeaseLost):
        ghost.run_chunk(stale)
    assert not renew(engine.database, stale)
    assert not leave(engine.database, stale, "failed", now=0)
    assert (notes(engine), other.read(job_id).state) == (["one", "two", "six", "seven", "eight", "nine", "ten"], "done")


def test_a_chunk_that_fails_before_its_commit_leaves_nothing_of_it(engine, copy, monkeypatch, snapshot_of):
    job_id = copy()
    runner = Runner(engine)
    job = claim(engine.database, "me", 0, job_id)
    runner.run_chunk(job)
    before = snapshot_of(engine, audit=True)
    with monkeypatch.context() as broken:
        broken.setattr("kassa.kernel.flush.link_hash", lambda *arguments: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            runner.run_chunk(runner.read(job_id))
    assert snapshot_of(engine, audit=True) == before


def test_a_commit_whose_answer_was_lost_is_not_done_twice(engine, copy, monkeypatch):
    real = engine.perform_planned
    lost = []

    def lose(request, plan):
        outcome = real(request, plan)
        if not lost:
            lost.append(1)
            raise UnknownCommit("the line is dead")
        return outcome

    monkeypatch.setattr(engine, "perform_planned", lose)
    assert Runner(engine).run(copy()).done == 10
    assert len(notes(engine)) == 7


def test_a_commit_that_did_not_happen_is_done_again(engine, copy, monkeypatch):
    real = engine.perform_planned
    lost = []

    def lose(request, plan):
        if not lost:
            lost.append(1)
            raise UnknownCommit("the line is dead")
        return real(request, plan)

    monkeypatch.setattr(engine, "perform_planned", lose)
    assert Runner(engine).run(copy()).done == 10
    assert len(notes(engine)) == 7


def test_a_lost_race_is_planned_again(engine, copy, monkeypatch):
    happened = []

    def slow(plan, registry, now, created_by, *more):
        if not happened:
            happened.append(1)
            write_alone(engine.database, [Write("UPDATE notebook_paper SET sheets_free = 1", ())])
        return lower(plan, registry, now, created_by, *more)

    monkeypatch.setattr("kassa.kernel.engine.lower", slow)
    job = Runner(engine).run(copy(["a", "b", "c"]))
    assert (job.state, notes(engine)) == ("done", ["a"])
    assert [row[1] for row in results(engine, job.id).values()] == [None, "NOTEBOOK_FULL", "NOTEBOOK_FULL"]


def test_an_item_that_always_loses_is_left_out_and_the_others_go_on(engine, copy, monkeypatch):
    real = engine.perform_planned

    def lose(request, plan):
        def planned(context):
            result = plan(context)
            if any(getattr(stamped.effect, "document", None) and stamped.effect.document.text == "b" for stamped in context.plan.effects):
                raise LostRace(Write("UPDATE", ()))
            return result

        return real(request, planned)

    monkeypatch.setattr(engine, "perform_planned", lose)
    job = Runner(engine).run(copy(["a", "b", "c"]))
    assert (job.state, notes(engine)) == ("done", ["a", "c"])
    assert results(engine, job.id)["000001"][:2] == ("refused", "LOST_RACE")


def test_a_rule_that_raises_leaves_its_item_out_and_is_named(open_engine, anna):
    def sometimes(note, facts, context):
        return 1 // 0 if note.text == "b" else None

    rule = give.Rule(name="rogue.rule", kind="notebook.note", transition="write", stage="entries", run=sometimes, summary="x")
    engine = open_engine(rogue=SimpleNamespace(register_rules=hookimpl(lambda: [rule])))
    job_id = engine.perform("notebook.copy", {"texts": ["a", "b", "c"]}, actor=anna, key="k1").body["id"]
    assert Runner(engine).run(job_id).state == "done"
    assert notes(engine) == ["a", "c"]
    body = engine.perform("jobs.read", {"job": job_id}, actor=SYSTEM).body
    assert body["results"] == {"done": 2, "refused": 1}
    assert [(item["item"], item["code"]) for item in body["errors"]] == [("000001", "PLUGIN_FAILED")]
    assert '"rogue" failed in "rogue.rule"' in body["errors"][0]["message"]


def test_a_job_whose_workers_all_die_is_given_up(engine, copy):
    job_id = copy()
    for _ in range(5):
        assert claim(engine.database, "ghost", 0, job_id) is not None
        expire(engine)
    job = Runner(engine).run(job_id)
    assert (job.state, job.done) == ("failed", 0)
    assert "Given up" in job.error
    engine.perform("jobs.resume", {"job": job_id}, actor=SYSTEM)
    assert Runner(engine).run(job_id).state == "done"


def test_a_job_of_a_plugin_that_is_gone_fails_with_advice(engine, copy, make_engine):
    job_id = copy()
    bare = make_engine(modules={}, url=engine.database.url)
    job = Runner(bare).run(job_id)
    assert (job.state, job.error) == (
        "failed",
        "The kind notebook.copying belongs to a plugin that is not enabled. Enable it and resume the job.",
    )


def test_a_job_is_taken_by_one_of_many(engine, copy):
    job_ids = {copy(key=f"k{number}") for number in range(6)}
    taken = []

    def take(owner):
        while (job := claim(engine.database, owner, 0)) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=take, args=(f"runner {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(job_ids)


def test_jobs_are_run_in_the_order_in_which_they_came(engine, copy):
    first, second = copy(["a"], key="k1"), copy(["b"], key="k2")
    runner = Runner(engine)
    assert [runner.run_next(), runner.run_next(), runner.run_next()] == [True, True, False]
    assert (notes(engine), runner.read(first).state, runner.read(second).state) == (["a", "b"], "done", "done")


def test_a_thread_works_until_it_is_stopped_and_leaves_the_job_for_the_next(engine, copy):
    job_id = copy([f"text {number}" for number in range(90)])
    runner = Runner(engine)
    runner.start()
    while runner.read(job_id).done == 0:
        time.sleep(0.01)
    runner.stop()
    job = runner.read(job_id)
    assert job.state in ("waiting", "done")
    assert job.done == len(notes(engine))
    if job.state == "waiting":
        Runner(engine).run(job_id)
    assert len(notes(engine)) == 90


def test_a_job_works_with_the_rights_of_who_started_it(engine, anna):
    assert actor_of(actor_text(anna)) == anna
    assert actor_of(actor_text(SYSTEM)) == SYSTEM
    with pytest.raises(NotPermitted, match=r"notebook\.copy"):
        engine.perform("notebook.copy", {"texts": ["a"]}, actor=attrs.evolve(anna, permissions=frozenset({"notebook.write"})), key="k1")


def test_a_preview_or_a_refusal_starts_no_job(engine, anna):
    engine.perform("notebook.copy", {"texts": ["a"]}, actor=anna, preview=True)
    assert Runner(engine).run_next() is False


def test_jobs_are_seen_within_one_s_legal_entities(engine, copy, anna):
    job_id = copy()
    stranger = attrs.evolve(anna, permissions=frozenset({"jobs.read"}), legal_entities=frozenset({"01a1f900-0000-7000-8000-000000000002"}))
    with pytest.raises(NotFound):
        engine.perform("jobs.read", {"job": job_id}, actor=stranger)
    assert engine.perform("jobs.list", {}, actor=stranger).body["items"] == []
    assert [item["id"] for item in engine.perform("jobs.list", {}, actor=SYSTEM).body["items"]] == [job_id]


def test_jobs_and_their_results_are_listed_in_pages(engine, copy):
    ids = [copy(["a", "forbidden"], key=f"k{number}") for number in range(3)]
    Runner(engine).run(ids[0])
    page = engine.perform("jobs.list", {"limit": 2}, actor=SYSTEM).body
    rest = engine.perform("jobs.list", {"limit": 2, "after": page["next"]}, actor=SYSTEM).body
    assert [item["id"] for item in page["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    assert [item["id"] for item in engine.perform("jobs.list", {"state": "done"}, actor=SYSTEM).body["items"]] == [ids[0]]
    first = engine.perform("jobs.results", {"job": ids[0], "limit": 1}, actor=SYSTEM).body
    second = engine.perform("jobs.results", {"job": ids[0], "limit": 1, "after": first["next"]}, actor=SYSTEM).body
    assert [item["outcome"] for item in first["items"] + second["items"]] == ["done", "refused"]
    refused = engine.perform("jobs.results", {"job": ids[0], "outcome": "refused"}, actor=SYSTEM).body["items"]
    assert [(item["item"], item["code"]) for item in refused] == [("000001", "NOTEBOOK_WORD")]
