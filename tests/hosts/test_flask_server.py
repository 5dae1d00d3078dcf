"""The real server: granian in front of the application, on both databases, and how it is configured and stopped."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kassa.kernel.clock import SystemClock
from kassa.kernel.errors import StartupError
from kassa.testing.databases import kinds
from kassa_flask import HostConfig, ServerConfig, server
from kassa_flask.config import LOG_FORMS

SCRIPT = Path(__file__).with_name("shelf_server.py")
SECONDS_TO_START = 30
SECONDS_TO_STOP = 20
HANGS = """
import multiprocessing, threading
from kassa_flask.stopping import stopped_by_signals
multiprocessing.get_context("fork").Process(target=threading.Event().wait).start()
with stopped_by_signals(lambda: None, 1):
    print("waits", flush=True)
    threading.Event().wait()
"""
WORKER = {"Authorization": "Bearer worker"}


@pytest.fixture(params=kinds())
def database_kind(request):
    """Both databases."""
    return request.param


class Server:
    """A server in a process of its own."""

    def __init__(self, url, workers, seconds_to_open=0):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "KASSA_LOG": "json"}
        command = [sys.executable, str(SCRIPT), url, str(self.port), str(workers), str(seconds_to_open)]
        self.process = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        if not seconds_to_open:
            self._wait()

    def _wait(self):
        clock = SystemClock()
        end = clock.monotonic() + SECONDS_TO_START * 1_000_000
        while clock.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                if self.send("GET", "/healthz")[0] == 200:
                    return
            clock.sleep(50_000)
        pytest.fail(f"The server did not start:\n{self.end()}")

    def end(self):
        """End it and its workers at once; returns what it wrote."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.communicate()[1]

    def send(self, method, path, body=None, headers=WORKER):
        """Send one request on a connection of its own; returns status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_START)
        try:
            sent = {**headers, **({"Content-Type": "application/json"} if body is not None else {})}
            connection.request(method, path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def stop(self):
        """Tell it to stop; returns its exit code and its log."""
        self.process.send_signal(signal.SIGTERM)
        return self.left()

    def left(self):
        """Wait until it and its workers have left, which must not take as long as killing them would; its exit code and its log."""
        log = self.process.communicate(timeout=SECONDS_TO_STOP)[1]
        return self.process.returncode, [json.loads(line) for line in log.split("\n") if line.startswith("{")]


@pytest.fixture
def start(shelf_engine):
    """Starts servers on the database of the probe's engine, and ends those that a test left running."""
    started = []

    def make(workers=1, seconds_to_open=0):
        started.append(Server(shelf_engine.database.url, workers, seconds_to_open))
        return started[-1]

    yield make
    for one in started:
        if one.process.poll() is None:
            one.end()


def test_a_sale_of_boxes_over_the_wire(start):
    server = start()
    key = {**WORKER, "Idempotency-Key": "k-1", "X-Request-Id": "till-7"}
    status, headers, body = server.send("POST", "/v1/shelf/boxes", {"code": "B-1", "label": "é"}, key)
    assert (status, headers["location"], headers["x-request-id"]) == (201, "/v1/shelf/boxes/B-1", "till-7")
    assert json.loads(body)["label"] == "é"
    assert server.send("POST", "/v1/shelf/boxes", {"code": "B-1", "label": "é"}, key)[1]["idempotent-replayed"] == "true"
    assert server.send("GET", "/v1/shelf/boxes/B-1")[0] == 200
    assert server.send("GET", "/v1/shelf/boxes/B-2")[1]["content-type"] == "application/problem+json"
    assert server.send("HEAD", "/v1/shelf/boxes/B-1")[2] == b""
    assert server.send("POST", "/v1/shelf/boxes", {"code": "B-2", "label": "x" * 1_100_000}, key)[0] == 413
    assert server.send("GET", "/v1/shelf/boxes", headers={})[0] == 401
    code, log = server.stop()
    assert code == 0
    assert [line["status"] for line in log] == [201, 201, 200, 404, 200, 413, 401]


def test_a_request_in_flight_is_answered_before_it_stops(start):
    server = start()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(server.send("GET", "/v1/shelf/ping")))
    asking.start()
    SystemClock().sleep(300_000)
    code, _ = server.stop()
    asking.join(SECONDS_TO_START)
    assert code == 0
    assert [(status, json.loads(body)) for status, _, body in answers] == [(200, {"said": "late"})]


def test_ctrl_c_again_and_again_ends_it_as_once_does(start):
    server = start()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(server.send("GET", "/v1/shelf/ping")[0]))
    asking.start()
    for _ in range(4):
        SystemClock().sleep(100_000)
        os.killpg(server.process.pid, signal.SIGINT)
    assert server.left()[0] == 0
    asking.join(SECONDS_TO_START)
    assert answers == [200]


def test_a_process_that_still_starts_is_stopped_too(start, database_kind):
    workers = 1 if database_kind == "sqlite" else 2
    server = start(workers, seconds_to_open=2 * SECONDS_TO_STOP)
    for _ in range(workers):
        assert server.process.stdout.readline() == "opening\n"
    assert server.stop()[0] == 0


def test_a_server_that_hangs_is_ended_with_its_workers():
    path = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-c", HANGS]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "waits\n"
        process.terminate()
        # The worker holds the pipes as well, so this returns when both are gone.
        words = process.communicate(timeout=SECONDS_TO_STOP)[1]
        assert (process.returncode, words) == (1, "Told to stop 1 s ago and still here: ended at once.\n")


def test_many_at_once_are_each_done_once(start, shelf_engine):
    server = start()
    statuses = []

    def act(number):
        headers = {**WORKER, "Idempotency-Key": f"k-{number // 2}"}
        statuses.append(server.send("POST", "/v1/shelf/boxes", {"code": f"B-{number // 2}", "label": "x"}, headers)[0])

    threads = [threading.Thread(target=act, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS_TO_START)
    _, log = server.stop()
    assert len(statuses) == 32
    assert set(statuses) <= {201, 409}, "\n".join(line.get("exception", "") for line in log if line["level"] == "error")
    with shelf_engine.database.snapshot() as read:
        assert read.value("SELECT count(*) FROM shelf_box") == 16


def test_processes_count_together_or_not_at_all(start, database_kind):
    if database_kind == "sqlite":
        with pytest.raises(StartupError, match="on SQLite one process serves"):
            ServerConfig(database="sqlite:///kassa.db", workers=2)
        return
    server = start(workers=2)
    for _ in range(20):
        assert server.send("GET", "/v1/shelf/boxes")[0] == 200
    for _ in range(5):
        assert b'kassa_http_requests_total{operation="shelf.list_boxes",status="200"} 20.0' in server.send("GET", "/metrics")[2]
    assert server.stop()[0] == 0


def test_a_fault_of_the_configuration_is_told_before_anything_listens(monkeypatch):
    def listen(*arguments, **options):
        raise AssertionError("it listened")

    monkeypatch.setattr(server, "Granian", listen)
    with pytest.raises(StartupError, match="database URL"):
        server.serve(ServerConfig(database="mysql://nowhere"))


def test_the_server_is_configured_by_the_environment():
    given = {
        "KASSA_DATABASE": "postgresql://till@db/kassa", "KASSA_HOST": "0.0.0.0", "KASSA_PORT": "80", "KASSA_WORKERS": "3",
        "KASSA_THREADS": "5", "KASSA_BLOCK_PLUGINS": "one, two,", "KASSA_STOP_SECONDS": "9", "KASSA_TITLE": "Till", "KASSA_BODY_LIMIT": "2048",
        "KASSA_SERVICES": "cards=terminal, mail=none", "KASSA_BACKGROUND": "0", "KASSA_RATE_LIMIT": "",
        "KASSA_REFUSAL_LIMIT": "9 per hour", "KASSA_PROXIES": "1", "KASSA_METRICS_TOKEN": "t", "KASSA_LOG": "console",
    }  # fmt: skip
    config = ServerConfig.from_environment(given)
    assert (config.database, config.host, config.port, config.workers) == ("postgresql://till@db/kassa", "0.0.0.0", 80, 3)
    assert (config.threads, config.blocked, config.stop_seconds) == (5, ("one", "two"), 9)
    assert (config.services, config.background) == ({"cards": "terminal", "mail": "none"}, False)
    host = config.application
    assert (host.title, host.body_limit, host.rate_limit, host.refusal_limit) == ("Till", 2048, "", "9 per hour")
    assert (host.proxies, host.metrics_token, host.log) == (1, "t", "console")
    assert "metrics_token" not in repr(host)
    assert ServerConfig.from_environment({}) == ServerConfig(database="sqlite:///kassa.db")


@pytest.mark.parametrize("name, value", [
    ("KASSA_PORT", "http"), ("KASSA_PORT", "0"), ("KASSA_PORT", "70000"), ("KASSA_WORKERS", "-1"), ("KASSA_THREADS", "0"),
    ("KASSA_BODY_LIMIT", "1 MB"), ("KASSA_PROXIES", "one"), ("KASSA_LOG", "xml"),
    ("KASSA_SERVICES", "cards"), ("KASSA_BACKGROUND", "perhaps"),
])  # fmt: skip
def test_a_variable_that_makes_no_sense_is_named(name, value):
    with pytest.raises(StartupError, match=name):
        ServerConfig.from_environment({name: value})


def test_each_form_of_the_log_can_be_written(make_app, capsys):
    for form in LOG_FORMS:
        client = make_app(log=form, logger=None).test_client()
        assert client.get("/v1/shelf/ping", headers=WORKER).status_code == 200
        assert client.get("/v1/shelf/fall", headers=WORKER).status_code == 500
        written = capsys.readouterr().err
        assert ("shelf.ping" in written) == (form != "off")
        assert ("ValueError" in written) == (form != "off")
        if form == "json":
            assert [json.loads(line)["event"] for line in written.splitlines()] == ["request", "server error", "request"]


def test_the_configuration_is_read_where_none_is_given(shelf_engine, monkeypatch):
    monkeypatch.setenv("KASSA_TITLE", "Till of the tests")
    from kassa_flask import create_app

    assert create_app(shelf_engine).test_client().get("/v1").get_json()["name"] == "Till of the tests"
    assert HostConfig.from_environment().title == "Till of the tests"
