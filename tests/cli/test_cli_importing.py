"""import and jobs: from a file to posted sales, rejected lines in a file, a stopped import that goes on."""

import contextlib
import csv
import os
import pty
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from kassa_demo import data

from kassa.cli import working
from kassa.kernel.engine import Engine
from kassa.kernel.jobs import Runner
from kassa.kernel.jobs.leases import claim

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
LINES = [
    "900001,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-20 08:26:00,2.55,17850.0,United Kingdom",
    "900001,71053,WHITE METAL LANTERN,6,2010-12-20 08:26:00,3.39,17850.0,United Kingdom",
    "900002,85123A,WHITE HANGING HEART T-LIGHT HOLDER,many,2010-12-20 09:00:00,2.55,,United Kingdom",
    "C900003,85123A,WHITE HANGING HEART T-LIGHT HOLDER,-1,2010-12-20 10:00:00,2.55,17850.0,United Kingdom",
]


@pytest.fixture
def importer(kassa):
    """An installation that the mapping of the demo fits."""
    kassa("init", "--yes", "--legal-entity", "GB01", "--currency", "GBP", "--store", "ONLINE", "--first-year", "2010")
    return kassa


@pytest.fixture
def source(tmp_path):
    """A small file: a sale, a line that is no number, a cancellation."""
    path = tmp_path / "sales.csv"
    path.write_text("\n".join([HEADER, *LINES]) + "\n")
    return path


def test_sales_are_posted_and_counted_by_class(importer):
    shown = importer("import", "sales", data.DAY, "--mapping", data.MAPPING).stdout
    assert "58,960.79" in shown
    assert "137 documents were posted; 0 were in already." in shown
    assert "cancellation" in shown
    assert not Path("rejected_online_retail_2010_12_01.csv").exists()
    assert "All is well" in importer("verify").stdout


def test_the_same_file_again_posts_nothing(importer, source):
    importer("import", "sales", source, "--mapping", data.MAPPING, status=1)
    again = importer.json("import", "sales", source, "--mapping", data.MAPPING, "--json", status=1)
    assert (again["summary"]["posted"], again["summary"]["known"], again["state"]) == (0, 1, "done")


def test_rejected_lines_go_to_a_file_with_line_and_reason(importer, source):
    shown = importer("import", "sales", source, "--mapping", data.MAPPING, "--rejects", "bad.csv", status=1).stdout
    assert "IMPORT_QUANTITY_NOT_A_NUMBER" in shown
    assert "bad.csv" in shown
    with open("bad.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["rejected_line"], row["InvoiceNo"], row["Quantity"]) == ("4", "900002", "many")
    text = Path("bad.csv").read_text().replace("many", "2")
    Path("good.csv").write_text(text)
    importer("call", "stock.adjust", "store=ONLINE", "reason=count", 'lines:=[{"product": "85123A", "quantity": "2"}]')
    assert "1 documents were posted" in importer("import", "sales", "good.csv", "--mapping", data.MAPPING).stdout


def test_documents_that_rules_refuse_stand_among_the_rejected_lines(importer, source):
    rows = ["900003,85123A,Light,900000,2010-12-01 09:00:00,2.55,17850.0,United Kingdom", *LINES]
    source.write_text("\n".join([HEADER, *rows]) + "\n")
    importer("import", "sales", source, "--mapping", data.MAPPING, "--rejects", "bad.csv", "--no-create", status=1)
    with open("bad.csv", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["rejected_line"] for row in found] == sorted((row["rejected_line"] for row in found), key=int)
    (refused,) = [row for row in found if row["InvoiceNo"] == "900003"]
    assert (refused["rejected_line"], refused["rejected_code"], refused["Quantity"]) == ("2", "SALES_PRODUCT_UNKNOWN", "900000")
    assert refused["rejected_reason"]
    assert refused["what_to_do"]


@pytest.mark.parametrize("rejects", ["sales.csv", "./sales.csv"])
def test_rejects_never_go_over_what_is_read(importer, source, rejects):
    assert "is what is read" in importer("import", "sales", source, "--mapping", data.MAPPING, "--rejects", rejects, status=2).stderr
    assert source.read_text().startswith(HEADER)


def test_the_legal_entity_of_the_mapping_must_be_there(kassa, source):
    kassa("init", "--yes")
    shown = kassa("import", "sales", source, "--mapping", data.MAPPING, status=1).stderr
    assert "kassa init --legal-entity GB01 --currency GBP --store ONLINE" in shown


def test_a_wrong_mapping_names_each_mistake(importer, source):
    Path("wrong.toml").write_text('format = 1\nsource = "x"\nstoer = "S001"\n')
    shown = importer("import", "sales", source, "--mapping", "wrong.toml", status=1).stderr
    assert "store" in shown
    assert "Traceback" not in shown
    assert "does not exist" in importer("import", "sales", source, "--mapping", "none.toml", status=2).stderr


def test_an_import_that_was_killed_goes_on_where_it_was(importer):
    arguments = ["import", "sales", str(data.DAY), "--mapping", str(data.MAPPING)]
    code = (
        "import os, signal, sys\nfrom kassa.kernel.jobs import runner\nkept = runner.Runner.run_chunk\n"
        "def chunk(self, job):\n    kept(self, job)\n    if (job.cursor or ['x'])[0] == 'documents': os.kill(os.getpid(), signal.SIGKILL)\n"
        "runner.Runner.run_chunk = chunk\nfrom kassa.cli import main\nmain()"
    )
    command = [sys.executable, "-c", code, "--database", importer.url, *arguments]
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == -9
    (job,) = importer.json("jobs", "list", "--json")
    assert job["state"] == "running"
    assert 0 < job["done"] < job["total"]
    resumed = importer(*arguments)
    assert f"Going on with the import {job['id']}" in resumed.stderr
    assert "137 documents were posted; 0 were in already." in resumed.stdout
    assert "58,960.79" in resumed.stdout
    assert f"{job['total'] - job['done']:,} lines in " in resumed.stdout
    assert f" a second, {job['done']:,} earlier; job {job['id']} is done." in resumed.stdout
    assert len(importer.json("jobs", "list", "--json")) == 1
    assert "All is well" in importer("verify").stdout


@pytest.fixture
def engine_of(importer):
    """Opens the engine of the installation, to do what another process would."""
    engine = Engine.open(importer.url, modules={})
    yield engine
    engine.close()


def test_a_stopped_job_can_be_shown_resumed_and_run(importer, source, engine_of, monkeypatch):
    stopped = Runner.run

    def stop_first(self, job_id, progress=None):
        importer("jobs", "stop", job_id)
        return stopped(self, job_id, progress) if self.read(job_id).state == "waiting" else self.read(job_id)

    monkeypatch.setattr(Runner, "run", stop_first)
    importer("import", "sales", source, "--mapping", data.MAPPING, status=1)
    monkeypatch.setattr(Runner, "run", stopped)
    (job,) = importer.json("jobs", "list", "--state", "stopped", "--json")
    assert "stopped" in importer("jobs", "list").stdout
    assert "JOB_STATE" not in importer("jobs", "resume", job["id"]).output
    assert "is done: 4 done" in importer("jobs", "run", job["id"]).stdout
    shown = importer("jobs", "show", job["id"]).stdout
    assert "IMPORT_QUANTITY_NOT_A_NUMBER" in shown
    assert importer.json("jobs", "show", job["id"], "--json")["state"] == "done"
    assert "JOB_STATE" in importer("jobs", "resume", job["id"], status=1).stderr
    assert "0 jobs worked on (0 failed)" in importer("worker", "--once").stdout


def test_a_job_of_a_dead_process_is_free_at_once(importer, source, engine_of):
    importer("import", "sales", source, "--mapping", data.MAPPING, status=1)
    with engine_of.database.snapshot() as read:
        job_id = read.value("SELECT id FROM kernel_job")
    gone, unburied = (subprocess.Popen([sys.executable, "-c", ""]) for _ in range(2))
    gone.wait()
    os.waitid(os.P_PID, unburied.pid, os.WEXITED | os.WNOWAIT)
    dead = [(f"cli:{os.uname().nodename}:{process.pid}", True) for process in (gone, unburied)]
    for owner, freed in (*dead, (working.owner_name(), False), ("runner-1", False)):
        _wait_again(importer.url, job_id)
        assert claim(engine_of.database, owner, engine_of.clock.now(), job_id) is not None
        working.free_dead(engine_of, job_id)
        assert (Runner(engine_of).read(job_id).state == "waiting") is freed
    unburied.wait()


def _wait_again(url, job_id):
    import sqlite3

    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("UPDATE kernel_job SET state = 'waiting', lease_until = 0, run_after = 0 WHERE id = ?", (job_id,))
    connection.commit()
    connection.close()


def test_a_job_that_fails_says_why_without_a_stack(importer, source):
    mapping = Path("mapping.toml")
    mapping.write_text(data.MAPPING.read_text().replace('item_model_group = "GOODS"', 'item_model_group = "NONE"'))
    shown = importer("import", "sales", source, "--mapping", mapping, status=1)
    assert "item model group NONE" in shown.stderr
    assert "Traceback" not in shown.output
    answer = importer.json("import", "sales", source, "--mapping", mapping, "--json", status=1)
    assert answer["state"] == "failed"


def on_terminal(arguments):
    """Run the command line on a terminal of its own; gives its exit status and all that it wrote there."""
    terminal, inner = pty.openpty()
    command = [sys.executable, "-c", "from kassa.cli import main; main()", *map(str, arguments)]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    process = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner, env=environment)
    os.close(inner)
    written = b""
    # Reading fails when the other end is closed: the process has ended.
    with contextlib.suppress(OSError):
        while part := os.read(terminal, 4096):
            written += part
    os.close(terminal)
    return process.wait(), written.decode()


def test_on_a_terminal_there_is_a_bar_with_rate_and_time_to_go(importer):
    status, written = on_terminal(["--database", importer.url, "import", "sales", data.DAY, "--mapping", data.MAPPING])
    assert status == 0
    for words in ("Importing: documents", "3108/3108", "a second", "to go", "\x1b[", "58,960.79"):
        assert words in written


def test_a_fraction_of_a_penny_is_listed(importer, source):
    lines = [line for line in LINES if "many" not in line]
    source.write_text("\n".join([HEADER, *lines, "900009,PADS,PADS,1,2010-12-20 12:00:00,0.001,,United Kingdom"]) + "\n")
    shown = importer("import", "sales", source, "--mapping", data.MAPPING).stdout
    assert "smallest coin: 1; posted is 0.001 less than the file says" in shown


def test_rates_are_whole_numbers():
    assert working.per_second(3000, 2_000_000) == 1500
    assert working.per_second(0, 0) == 0


def test_the_phase_is_the_first_word_of_the_cursor(importer, source, engine_of):
    importer("import", "sales", source, "--mapping", data.MAPPING, status=1)
    with engine_of.database.snapshot() as read:
        job = Runner(engine_of).read(read.value("SELECT id FROM kernel_job"))
    assert working.phase(attrs.evolve(job, cursor=["stock", 0])) == "stock"
    assert working.phase(attrs.evolve(job, cursor=None)) == "done"
