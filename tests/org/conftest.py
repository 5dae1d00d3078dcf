"""An engine with the lowest rooms alone, so that what they promise does not lean on the rooms above."""

import pytest
from argon2 import PasswordHasher

from kassa.kernel import plugins
from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Request
from kassa.kernel.permissions import SYSTEM, Actor
from kassa.kernel.values import new_id
from kassa.org.access import powers_of
from kassa.org.access.keys import credential_of_key

ROOMS = ("kernel", "org", "catalog", "parties")


class Till:
    """Performs operations as one actor and gives back what they answer."""

    def __init__(self, engine, actor=SYSTEM, entity=None):
        self.engine, self.actor, self.entity = engine, actor, entity

    def __call__(self, operation, *, if_match=None, preview=False, **command):
        """The answer of an operation as JSON values."""
        return self.engine.perform(
            operation, command, actor=self.actor, legal_entity_id=self.entity, if_match=if_match, preview=preview
        ).body

    def by(self, actor, entity=None):
        """The same for another actor."""
        return Till(self.engine, actor, entity)


@pytest.fixture
def clock():
    """Stands at a Monday morning in March 2026."""
    return FixedClock("2026-03-02T10:00:00Z")


@pytest.fixture
def bare(make_engine, monkeypatch, clock):
    """An engine without any record."""
    monkeypatch.setattr(plugins, "ROOMS", ROOMS)
    return make_engine(modules={}, clock=clock)


@pytest.fixture
def do(bare):
    """Performs operations as the system in a legal entity NL01 with a store S001."""
    system = Till(bare)
    system("org.create_legal_entity", code="NL01", name="Warenhuis B.V.", currency="EUR", time_zone="Europe/Amsterdam", country="NL")
    system("org.create_store", number="S001", name="Amsterdam Damrak")
    return system


@pytest.fixture
def ask(do):
    """Asks facts at this moment: calls a function with a context as handlers get it."""

    def call(function):
        engine = do.engine
        request = Request(
            operation=engine.operation("org.list_stores"), command=None, actor=do.actor, legal_entity_id=do.entity, once=None,
            now=engine.clock.now(), origin="live", request_id=None, if_match=None, preview=False,
        )  # fmt: skip
        with engine.database.snapshot() as read:
            return function(engine.context(request, read, engine.revisions(read)))

    return call


class SignInTill(Till):
    """A till in which workers sign in, known by its key."""

    def __init__(self, do, store, register):
        self.key = do("org.create_api_key", name=f"Till {register}", roles=["till"], store=store, register=register)
        self.do = do
        super().__init__(do.engine, authenticate_key(do, self.key))

    def at(self, store, register="T1"):
        """Another till."""
        return SignInTill(self.do, store, register)

    def sign_in(self, worker, pin, **more):
        """The answer of signing in by a PIN."""
        return self("org.sign_in", worker=worker, pin=pin, **more)


def authenticate_key(do, key):
    """The actor of a key, read without noting that it was used."""
    with do.engine.database.snapshot() as read:
        return credential_of_key(do.engine, read, do.engine.revisions(read), key["token"]).actor


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Hashes that take no time; what they cost in earnest is the library's default."""
    monkeypatch.setattr("kassa.org.credentials.hashing.HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def worker(do):
    """Ada Jansen, 1042, a cashier in S001 with a PIN of her own."""
    made = do("org.create_worker", number="1042", name="Ada Jansen")
    do("org.grant_role", worker="1042", role="cashier", legal_entity="NL01", store="S001")
    do("org.set_credential", worker="1042", kind="pin", secret="582047", temporary=False)
    return made


@pytest.fixture
def till(do, worker):
    """A till in S001 at which the worker can sign in."""
    return SignInTill(do, "S001", "T1")


@pytest.fixture
def manager(do):
    """The manager of S001, who is no worker of these tests."""
    store = do("org.read_store", store="S001")
    powers = powers_of(do.engine.registry, ["store_manager"])
    return do.by(
        Actor(
            id=new_id(), name="Manager", permissions=powers.permissions, roles=frozenset(("store_manager",)),
            legal_entities=frozenset((store["legal_entity_id"],)), stores=frozenset((store["id"],)),
        )
    )  # fmt: skip
