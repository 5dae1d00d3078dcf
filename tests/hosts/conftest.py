"""An application over a probe plugin, with tokens of the tests' own, so that these tests need no room but the kernel."""

import importlib.util
import sys
from pathlib import Path

import attrs
import pytest
import structlog

from kassa.kernel import plugins
from kassa.kernel.errors import NotFound
from kassa.kernel.permissions import Actor
from kassa.testing.builders import build_shop, furnish
from kassa_flask import HostConfig, create_app

PROBES = Path(__file__).resolve().parents[1] / "probes"
MAIN, OTHER = "0190a000-0000-7000-8000-000000000001", "0190a000-0000-7000-8000-000000000002"
STORE = "0190a000-0000-7000-8000-0000000000aa"
ENTITIES = {"MAIN": MAIN, "OTHER": OTHER}
EVERYTHING = frozenset({"shelf.see", "shelf.change", "settings.read", "settings.change", "settings.change_installation"})
ACTORS = {
    "worker": Actor(id="worker", name="Wim", permissions=EVERYTHING, legal_entities=frozenset({MAIN}), stores=frozenset({STORE})),
    "reader": Actor(id="reader", name="Rie", permissions=frozenset({"shelf.see"}), legal_entities=frozenset({MAIN})),
    "both": Actor(id="both", name="Bo", permissions=EVERYTHING, legal_entities=frozenset({MAIN, OTHER})),
    "all": Actor(id="all", name="Al", kind="app", permissions=EVERYTHING, all_permissions=True),
}


def authenticate(engine, token):
    """A token is the name of its actor."""
    return ACTORS.get(token)


def narrow(engine, actor, *, legal_entity, store, register):
    """Two legal entities, one store."""
    entity_id = None
    if legal_entity is not None:
        entity_id = ENTITIES.get(legal_entity)
        if entity_id is None:
            raise NotFound("legal entity", legal_entity)
        actor.require_legal_entity(entity_id)
    if store is not None:
        if store != "S001":
            raise NotFound("store", store)
        actor = attrs.evolve(actor, store_id=STORE)
    if register is not None:
        actor = attrs.evolve(actor, register=register)
    return actor, entity_id


def load_probe(name):
    """Import a probe plugin by its file's name."""
    full = f"probe_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, PROBES / f"{name}.py")
        sys.modules[full] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[full]


class Lines:
    """A logger that keeps what it was told."""

    def __init__(self):
        self.events = []
        processors = [structlog.processors.add_log_level, self.keep]
        self.logger = structlog.wrap_logger(None, processors=processors, wrapper_class=structlog.make_filtering_bound_logger(20))

    def keep(self, logger, method, event):
        """Take an event and write nothing."""
        self.events.append(event)
        raise structlog.DropEvent


@pytest.fixture
def database_kind():
    """SQLite alone: the host knows nothing of the database; what an operation needs of it is tested in `test_flask_headers`."""
    return "sqlite"


@pytest.fixture
def shelf():
    """The probe plugin."""
    return load_probe("shelf")


@pytest.fixture
def lines():
    """What the application logged."""
    return Lines()


@pytest.fixture
def kernel_alone(monkeypatch):
    """Leaves every room but the kernel out."""
    monkeypatch.setattr(plugins, "ROOMS", ("kernel",))


@pytest.fixture
def shelf_engine(kernel_alone, make_engine, shelf):
    """An engine with the probe."""
    return make_engine(modules={"shelf": shelf})


@pytest.fixture
def make_app(shelf_engine, lines):
    """Makes applications over the probe's engine."""

    def make(engine=None, **options):
        given = {"authenticate": authenticate, "narrow": narrow, "ready": lambda engine: [], "logger": lines.logger, **options}
        return create_app(engine or shelf_engine, HostConfig(**given))

    return make


@pytest.fixture
def app(make_app):
    """The application."""
    return make_app()


class Caller:
    """A client of the API with a token."""

    def __init__(self, app, token="worker"):
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.keys = 0

    def send(self, method, path, json=None, headers=None, **options):
        """Send a request; acts get a key of their own unless one is given."""
        sent = {**self.headers, **(headers or {})}
        if method == "POST" and "Idempotency-Key" not in sent:
            self.keys += 1
            sent["Idempotency-Key"] = f"key-{self.keys}"
        kept = {name: value for name, value in sent.items() if value is not None}
        return self.client.open(path, method=method, json=json, headers=kept, **options)

    def get(self, path, **options):
        """Read."""
        return self.send("GET", path, **options)

    def post(self, path, json=None, **options):
        """Act."""
        return self.send("POST", path, json, **options)

    def patch(self, path, json=None, **options):
        """Edit."""
        return self.send("PATCH", path, json, **options)


@pytest.fixture
def call(app):
    """A caller who may do everything in one legal entity."""
    return Caller(app)


@pytest.fixture
def call_as(app):
    """Makes callers with other tokens."""
    return lambda token: Caller(app, token)


@pytest.fixture
def call_with():
    """Makes callers of any application."""
    return Caller


@pytest.fixture
def fuzz():
    """Runs schemathesis over an application; see `schemathesis_run.run`."""
    spec = importlib.util.spec_from_file_location("schemathesis_run", Path(__file__).with_name("schemathesis_run.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.run


@pytest.fixture
def expect_problem():
    """Checks that an answer is a whole problem document and returns it."""

    def check(response, status, code=None):
        assert response.status_code == status, response.text
        assert response.content_type == "application/problem+json"
        body = response.get_json()
        assert {"type", "title", "status", "detail", "code", "issues", "request_id"} <= set(body)
        assert body["status"] == status
        assert body["type"] == f"/problems/{body['code']}"
        assert body["request_id"] == response.headers["X-Request-Id"]
        if code is not None:
            assert body["code"] == code
        return body

    return check


@pytest.fixture
def core_shop(make_engine):
    """A shop of the core alone."""
    return furnish(build_shop(make_engine(modules={})))


@pytest.fixture
def key_of(core_shop):
    """Makes API keys."""

    def make(*roles, **more):
        return core_shop.perform("org.create_api_key", {"name": "Key", "roles": list(roles), **more})["token"]

    return make
