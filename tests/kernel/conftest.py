"""Fixtures of the kernel's tests: the kernel without any room of the core, and a small plugin to try it with."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.errors import OverrideRequired
from kassa.kernel.permissions import SYSTEM, Actor

PROBES = Path(__file__).resolve().parents[1] / "probes"
ENTITY = "01a1f900-0000-7000-8000-000000000001"
OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000002"


def load_probe(name: str) -> ModuleType:
    """Import a probe plugin by its file, once a process."""
    return load_file(f"kassa_probe_{name}", PROBES / f"{name}.py")


def load_file(full: str, path: Path) -> ModuleType:
    """Import a module by its file, once a process."""
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
    return sys.modules[full]


@pytest.fixture
def kernel_alone(monkeypatch):
    """Lets engines consist of the kernel and the given plugins, so that these tests need no commerce."""
    monkeypatch.setattr("kassa.kernel.plugins.ROOMS", ("kernel",))


@pytest.fixture
def notebook(kernel_alone):
    """The probe plugin."""
    module = load_probe("notebook")
    module.HEARD.clear()
    module.DEAF.clear()
    return module


@pytest.fixture
def open_engine(make_engine, notebook):
    """Opens an engine with the notebook and perhaps further plugins, a red book of 100 sheets in it."""

    def open_one(**modules):
        engine = make_engine(modules={"notebook": notebook, **modules})
        engine.perform("notebook.add_paper", {"sheets": 100}, actor=writer())
        return engine

    return open_one


@pytest.fixture
def engine(open_engine):
    """An engine with the notebook."""
    return open_engine()


def writer(**more) -> Actor:
    """Somebody who may write and copy notes, in the first legal entity."""
    values = {"permissions": frozenset({"notebook.write", "notebook.copy"}), "legal_entities": frozenset({ENTITY}), "register": "T1"} | more
    return Actor(id="anna", name="Anna", **values)


@pytest.fixture
def anna():
    """Somebody who may write and copy notes."""
    return writer()


@pytest.fixture
def snapshot_of():
    """Gives all rows of all tables of an engine, for the comparison of before and after; the audit trail only where asked."""

    def take(engine, *, audit=False):
        with engine.database.snapshot() as read:
            names = [name for name in sorted(engine.registry.tables) if audit or name != "kernel_audit"]
            return {name: sorted(map(repr, read.rows(f"SELECT * FROM {name}"))) for name in names}

    return take


STORE = "01a1f900-0000-7000-8000-0000000000aa"
OTHER_STORE = "01a1f900-0000-7000-8000-0000000000ab"


class Purse:
    """An engine with a purse whose clerks spend up to 50.00 EUR and take no discount, whose boss goes up to 500.00 and to 20 %."""

    def __init__(self, engine, module):
        self.engine, self.module, self.keys = engine, module, 0
        self.clerk, self.boss = self.person("clerk", "clerk"), self.person("boss", "boss")
        self.limit("purse.spend", "clerk", "50.00", "EUR")
        self.limit("purse.spend", "boss", "500.00", "EUR")
        self.limit("purse.discount", "boss", "0.2")

    def person(self, name, *roles, **more) -> Actor:
        """Somebody who holds roles in a store of the first legal entity."""
        held = self.engine.registry.holders
        permissions = frozenset(permission for permission, holders in held.items() if set(roles) & set(holders))
        place = {"legal_entities": frozenset({ENTITY}), "stores": frozenset({STORE}), "store_id": STORE, "register": "T1"}
        return Actor(id=name, name=name.title(), permissions=permissions, roles=frozenset(roles), **place | more)

    def limit(self, permission, role, amount, currency=None, **more):
        """Give a role a limit, everywhere unless told otherwise."""
        actor = more.pop("actor", SYSTEM)
        given = {"permission": permission, "role": role, "amount": amount, "currency": currency, "level": "installation"}
        return self.engine.perform("limits.change", given | more, actor=actor).body

    def spend(self, amount, actor=None, **options):
        """Spend as the clerk, under a new key unless one is given; `rate` and `purpose` are part of what is asked."""
        self.keys += 1
        command = {"amount": amount} | {name: options.pop(name) for name in ("rate", "purpose") if name in options}
        return self.engine.perform("purse.spend", command, actor=actor or self.clerk, **{"key": f"k{self.keys}", **options})

    def refused(self, amount, actor=None, **options):
        """Spend too much; the error that names the approval."""
        with pytest.raises(OverrideRequired) as caught:
            self.spend(amount, actor, **options)
        return caught.value

    def approve(self, token, actor=None, **command):
        """Approve as the boss."""
        return self.engine.perform("approvals.approve", {"token": token, **command}, actor=actor or self.boss).body

    def approved(self, amount, **options):
        """Ask for an approval of an amount and get it; the token."""
        token = self.refused(amount, **options).approval["token"]
        self.approve(token)
        return token

    def rows(self, sql):
        """Read rows."""
        with self.engine.database.snapshot() as read:
            return read.rows(sql)


@pytest.fixture
def open_purse(make_engine, kernel_alone):
    """Opens an engine with the purse, a clock that stands still, and perhaps further plugins."""

    def open_one(**modules):
        module = load_probe("purse")
        return Purse(make_engine(modules={"purse": module, **modules}, clock=FixedClock("2026-11-21T09:00:00Z")), module)

    return open_one


@pytest.fixture
def purse(open_purse):
    """An engine with the purse."""
    return open_purse()


@pytest.fixture
def make_desk(make_engine, notebook, anna):
    """Makes desks: an engine with the notebook that may send to this machine, and one who writes notes."""

    def make(clock=None):
        engine = make_engine(modules={"notebook": notebook}, **({"clock": clock} if clock is not None else {}))
        engine.perform("notebook.add_paper", {"sheets": 100}, actor=anna)
        return load_file("desk", Path(__file__).with_name("desk.py")).Desk(engine, anna)

    return make


@pytest.fixture
def desk(make_desk):
    """A desk at which notes are written."""
    return make_desk()
