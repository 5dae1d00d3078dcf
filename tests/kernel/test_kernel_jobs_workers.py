"""Jobs of one's own making, and jobs whose worker is killed."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

from kassa.kernel import contributions as give
from kassa.kernel.database import LostRace, Retryable, Write
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify
from kassa.kernel.jobs import ChunkDone, JobView, Runner, start
from kassa.kernel.operations import Result
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.plugins import hookimpl


@attrs.frozen(kw_only=True)
class Nothing:
    """Asks for nothing."""


def odd_jobs(run, prepare=None):
    """A plugin with a job of its own making."""
    kind = give.JobKind(
        name="odd.job", summary="Odd", request=Nothing, run=run, permission="notebook.copy", prepare=prepare, origin="import"
    )

    def begin(command, context):
        view = start(context, "odd.job", command)
        return Result(view=lambda numbers: view)

    operation = give.Operation(
        name="odd.start", summary="Start", effect="edit", request=Nothing, response=JobView, permission=None, handler=begin
    )
    return SimpleNamespace(register_jobs=hookimpl(lambda: [kind]), register_operations=hookimpl(lambda: [operation]))


def test_a_kind_that_raises_fails_its_job_and_can_be_resumed(open_engine, anna):
    broken = [True]

    def run(chunk, context):
        if broken:
            raise LookupError("nothing there")
        return ChunkDone(cursor=None, done=1)

    engine = open_engine(odd=odd_jobs(run))
    job_id = engine.perform("odd.start", {}, actor=anna).body["id"]
    job = Runner(engine).run(job_id)
    assert (job.state, job.done) == ("failed", 0)
    assert '"odd" failed in "odd.job": LookupError' in job.error
    broken.clear()
    engine.perform("jobs.resume", {"job": job_id}, actor=SYSTEM)
    job = Runner(engine).run(job_id)
    assert (job.state, job.done, job.total, job.error) == ("done", 1, 1, None)


def test_what_needs_an_approval_is_not_done_by_a_job_either(open_engine, anna):
    def run(chunk, context):
        context.call("notebook.write", {"text": "private"})
        return ChunkDone(cursor=None, done=1)

    engine = open_engine(odd=odd_jobs(run))
    job = Runner(engine).run(engine.perform("odd.start", {}, actor=anna).body["id"])
    assert (job.state, job.error) == ("failed", "Somebody must allow this.")
    with engine.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM kernel_document") == 0


def test_an_item_that_needs_an_approval_is_passed_over_with_the_reason(open_engine, anna):
    engine = open_engine()
    job = engine.perform("notebook.copy", {"texts": ["Hello", "private", "forbidden"]}, actor=anna, key="k1").body["id"]
    assert Runner(engine).run(job).state == "done"
    results = engine.perform("jobs.results", {"job": job}, actor=SYSTEM).body["items"]
    assert [(result["outcome"], result["code"], result["message"]) for result in results] == [
        ("done", None, None), ("skipped", "NOTEBOOK_PRIVATE", "Somebody must allow this."), ("refused", "NOTEBOOK_WORD", results[2]["message"]),
    ]  # fmt: skip
    with engine.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM kernel_approval") == 0


def test_what_lies_outside_is_read_before_and_kept_for_another_plan(open_engine, anna, monkeypatch):
    asked, origins = [], []

    def prepare(chunk, engine):
        asked.append(chunk.cursor)
        return f"from {chunk.cursor}"

    def run(chunk, context):
        origins.append((context.origin, chunk.prepared))
        if len(origins) == 1:
            raise LostRace(Write("UPDATE", ()))
        return ChunkDone(cursor=None if chunk.cursor else {"line": 7}, done=1)

    engine = open_engine(odd=odd_jobs(run, prepare))
    job = Runner(engine).run(engine.perform("odd.start", {}, actor=anna).body["id"])
    assert (job.state, job.done) == ("done", 2)
    assert asked == [None, {"line": 7}]
    assert origins == [("import", "from None")] * 2 + [("import", "from {'line': 7}")]


@pytest.mark.rule("REL-26")
def test_a_job_waits_where_the_database_gave_up_what_it_read_before(open_engine, anna):
    lost = []

    def prepare(chunk, engine):
        if not lost:
            lost.append(chunk.cursor)
            raise Retryable("the line is dead")

    engine = open_engine(odd=odd_jobs(lambda chunk, context: ChunkDone(cursor=None, done=1), prepare))
    job = Runner(engine).run(engine.perform("odd.start", {}, actor=anna).body["id"])
    assert (job.state, job.done, job.error) == ("waiting", 0, "the line is dead")
    write_alone(engine.database, [Write("UPDATE kernel_job SET run_after = 0", ())])
    job = Runner(engine).run(job.id)
    assert (job.state, job.done) == ("done", 1)


WORKER = """
import importlib.util, sys
from kassa.kernel import plugins
plugins.ROOMS = ("kernel",)
spec = importlib.util.spec_from_file_location("kassa_probe_notebook", sys.argv[2])
notebook = importlib.util.module_from_spec(spec)
sys.modules["kassa_probe_notebook"] = notebook
spec.loader.exec_module(notebook)
from kassa.kernel.engine import Engine
from kassa.kernel.jobs import Runner
engine = Engine.open(sys.argv[1], modules={"notebook": notebook})
Runner(engine).run(sys.argv[3], lambda job: print(job.done, flush=True))
"""


def test_kills_lose_and_double_nothing(engine, anna):
    engine.perform("notebook.add_paper", {"sheets": 1000}, actor=anna)
    count = 300
    texts = [f"text {number}" for number in range(count)]
    job_id = engine.perform("notebook.copy", {"texts": texts}, actor=anna, key="k1").body["id"]
    probe = Path(__file__).resolve().parents[1] / "probes" / "notebook.py"
    command = [sys.executable, "-c", textwrap.dedent(WORKER), engine.database.url, str(probe), job_id]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    runner = Runner(engine)
    for kill_after in (1, 3, 7, 5):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as worker:
            for _ in range(kill_after):
                worker.stdout.readline()
            worker.send_signal(signal.SIGKILL)
        write_alone(engine.database, [Write("UPDATE kernel_job SET lease_until = 0 WHERE state = 'running'", ())])
    assert 0 < runner.read(job_id).done < count
    job = runner.run(job_id)
    assert (job.state, job.done, job.summary) == ("done", count, {"written": count})
    assert verify(engine) == []
    with engine.database.snapshot() as read:
        assert [text for (text,) in read.rows("SELECT text FROM notebook_note ORDER BY document_id")] == texts
        assert read.row("SELECT count(*), max(ordinal) FROM kernel_document_key WHERE name = 'number'") == (count, count)
        assert read.value("SELECT count(*) FROM kernel_job_result") == count
        assert read.row("SELECT sheets_free, sheets_used FROM notebook_paper") == (1100 - count, count)
