"""Workers as processes: killed at any moment they lose and double nothing, several of them share the work, and a signal ends them well."""

import os
import random
import signal
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from pathlib import Path

import pytest

from kassa.kernel.clock import SystemClock
from kassa.kernel.database import Write
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify

PROBE = Path(__file__).resolve().parents[1] / "probes" / "notebook.py"
WORKER = """
import importlib.util, signal, sys, time
from kassa.kernel import plugins
plugins.ROOMS = ("kernel",)
spec = importlib.util.spec_from_file_location("kassa_probe_notebook", sys.argv[2])
notebook = importlib.util.module_from_spec(spec)
sys.modules["kassa_probe_notebook"] = notebook
spec.loader.exec_module(notebook)
from kassa.kernel.engine import Engine
from kassa.kernel.worker import Worker
told = []
signal.signal(signal.SIGTERM, lambda *signal: told.append(signal))
worker = Worker(Engine.open(sys.argv[1], modules={"notebook": notebook}), f"worker:{sys.argv[3]}")
worker.start()
print("working", flush=True)
while not told:
    time.sleep(0.05)
worker.stop()
print("stopped", flush=True)
"""
SEED = 20261121


def freed(engine):
    """Let the leases of the dead run out, which takes a minute otherwise."""
    statements = ("kernel_job SET lease_until = 0 WHERE state = 'running'", "kernel_webhook_delivery SET lease_until = 0", "kernel_lease SET until = 0")
    write_alone(engine.database, [Write(f"UPDATE {statement}", ()) for statement in statements])


class Crew:
    """Worker processes on one database."""

    def __init__(self, engine):
        self.engine, self.processes, self.hired = engine, [], 0

    def hire(self):
        """Start one more, and wait until it works."""
        self.hired += 1
        command = [sys.executable, "-c", textwrap.dedent(WORKER), self.engine.database.url, str(PROBE), str(self.hired)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.processes.append(process)
        assert process.stdout.readline() == "working\n"

    def kill(self, process):
        """Kill one, with no chance to say a word."""
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        self.processes.remove(process)
        freed(self.engine)

    def stop(self):
        """Tell all to end; each ends well."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            rest, _ = process.communicate(timeout=60)
            assert (rest, process.returncode) == ("stopped\n", 0)
        self.processes = []


@pytest.fixture
def crew(desk):
    """No worker yet; none is left over."""
    made = Crew(desk.engine)
    yield made
    for process in made.processes:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def until_done(engine, sql, wanted):
    """Give a function that tells whether a query gives what is wanted; fails after a minute."""
    clock = SystemClock()
    end = clock.monotonic() + 90_000_000

    def done():
        assert clock.monotonic() < end, "the work was not done within a minute and a half"
        clock.sleep(50_000)
        with engine.database.snapshot() as read:
            return read.value(sql) == wanted

    yield done


def test_workers_that_are_killed_lose_and_double_nothing(desk, crew, receiver, database_kind):
    jobs, items = 6, 20
    desk.engine.perform("notebook.add_paper", {"sheets": 1000}, actor=desk.anna)
    hook = desk.hook(receiver, "notebook.note_written")
    for number in range(jobs):
        texts = [f"job {number} text {place}" for place in range(items)]
        desk.engine.perform("notebook.copy", {"texts": texts}, actor=desk.anna, key=f"job {number}")
    chance = random.Random(SEED)
    for _ in range(4 if database_kind == "postgresql" else 2):
        crew.hire()
    with until_done(desk.engine, "SELECT count(*) FROM kernel_job WHERE kind = 'notebook.copying' AND state = 'done'", jobs) as done:
        kills = 0
        while not done():
            if kills < 4:
                crew.kill(chance.choice(crew.processes))
                crew.hire()
                kills += 1
    sent = "SELECT count(*) FROM kernel_webhook_delivery WHERE state = 'delivered'"
    with until_done(desk.engine, sent, jobs * items) as done:
        while not done():
            freed(desk.engine)
    crew.stop()
    with desk.engine.database.snapshot() as read:
        texts = [text for (text,) in read.rows("SELECT text FROM notebook_note ORDER BY text")]
        assert texts == sorted(f"job {number} text {place}" for number in range(jobs) for place in range(items))
        assert read.value("SELECT count(*) FROM kernel_job_result") == jobs * items
        assert read.row("SELECT count(*), max(ordinal) FROM kernel_document_key WHERE name = 'number'") == (jobs * items,) * 2
    heard = receiver.verified(hook.secret)
    assert len({event["id"] for event in heard}) == jobs * items, "each arrived at least once; what came twice has the same id"
    assert verify(desk.engine) == []
    assert crew.hired >= 2
