"""An engine with the lowest rooms alone, so that what they promise does not lean on the rooms above."""

import pytest

from kassa.kernel import plugins
from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Request
from kassa.kernel.permissions import SYSTEM

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
