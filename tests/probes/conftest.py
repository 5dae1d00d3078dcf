"""Shops with a probe plugin on both databases, called through HTTP as from outside."""

import importlib.util
import sys
from itertools import count
from pathlib import Path

import pytest

from kassa.kernel.clock import FixedClock
from kassa.testing.builders import build_shop, furnish
from kassa_flask import HostConfig, create_app

NOW = "2026-11-21T09:00:00Z"
KEYS = count(1)


def load_probe(name):
    """Import a probe plugin by its file's name."""
    full = f"probe_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, Path(__file__).with_name(f"{name}.py"))
        sys.modules[full] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[full]


class Place:
    """A shop behind its API: requests of a token, answers as JSON."""

    def __init__(self, shop, app, token):
        self.shop, self.app, self.token = shop, app, token

    def as_(self, *roles, **more):
        """The same shop for whoever holds other roles, standing in its store unless told otherwise."""
        made = self.shop.perform("org.create_api_key", {"name": "Key", "roles": list(roles), "store": "S001", **more})
        return Place(self.shop, self.app, made["token"])

    def send(self, method, path, body=None, **headers):
        """Send a request; the response."""
        sent = {
            "Authorization": f"Bearer {self.token}",
            **({"Idempotency-Key": f"probe-{next(KEYS)}"} if method == "POST" else {}),
            **headers,
        }
        return self.app.test_client().open(f"/v1{path}", method=method, json=body, headers=sent)

    def post(self, path, body, status=None):
        """Act; the answer as JSON."""
        answer = self.send("POST", path, body)
        assert answer.status_code == status if status else answer.status_code in (200, 201, 202), answer.text
        return answer.get_json()

    def get(self, path, status=200):
        """Read; the answer as JSON."""
        answer = self.send("GET", path)
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def codes(self, path, body, status):
        """Act in vain; the codes of the issues, or of the problem where it has none."""
        problem = self.post(path, body, status)
        return [issue["code"] for issue in problem["issues"]] or [problem["code"]]

    def entries(self, document_id):
        """What a document booked: (account, debit positive), sorted, in minor units."""
        sql = "SELECT a.number, e.amount FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.document_id = ?"
        with self.shop.engine.database.snapshot() as read:
            return sorted(read.rows(sql, (document_id,)))


@pytest.fixture
def probe():
    """Imports a probe by its name."""
    return load_probe


@pytest.fixture
def open_place(make_engine):
    """Opens a furnished shop with probes of given names and gives its API to an administrator of it."""

    def make(*names):
        engine = make_engine(modules={name: load_probe(name) for name in names}, clock=FixedClock(NOW))
        shop = furnish(build_shop(engine))
        token = shop.perform("org.create_api_key", {"name": "Key", "roles": ["administrator"], "store": "S001"})["token"]
        return Place(shop, create_app(engine, HostConfig(rate_limit="", refusal_limit="")), token)

    return make
