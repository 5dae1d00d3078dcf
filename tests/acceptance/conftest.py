"""An empty installation behind the HTTP host, with the key of who sets it up."""

import itertools

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.permissions import SYSTEM
from kassa_flask import HostConfig, create_app

COUNT = itertools.count(1)


class Client:
    """Calls the API with a key, as an app does; every act gets an idempotency key of its own unless one is given."""

    def __init__(self, app, token):
        self.app, self.client, self.token = app, app.test_client(), token

    def with_token(self, token):
        """The same API for another app."""
        return Client(self.app, token)

    def send(self, method, path, json=None, **options):
        """Send a request below /v1; the answer."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method == "POST":
            headers["Idempotency-Key"] = f"act-{next(COUNT)}"
        headers |= options.pop("headers", {})
        kept = {name: value for name, value in headers.items() if value is not None}
        return self.client.open(f"/v1{path}", method=method, json=json, headers=kept, **options)

    def get(self, path, **options):
        """Read what must be there; its JSON."""
        answer = self.send("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def post(self, path, json, status=201, **options):
        """Do what must be possible; its JSON."""
        answer = self.send("POST", path, json, **options)
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def refused(self, path, json, status, code, **options):
        """Ask for what must be refused; the problem."""
        answer = self.send("POST", path, json, **options)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
        problem = answer.get_json()
        assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"/problems/{code}")
        return problem


@pytest.fixture
def engine(make_engine):
    """An engine with the installed plugins, on a Monday morning."""
    return make_engine(clock=FixedClock("2026-03-02T10:00:00Z"))


@pytest.fixture
def owner(engine):
    """Who sets the installation up, over HTTP."""
    token = engine.perform("org.create_api_key", {"name": "Set-up", "roles": ["administrator"]}, actor=SYSTEM).body["token"]
    return client_of(engine, token)


def client_of(engine, token):
    """A client of an engine's API."""
    return Client(create_app(engine, HostConfig(log="off", rate_limit="", refusal_limit="")), token)


@pytest.fixture
def open_client():
    """Makes clients of any engine's API."""
    return client_of
