"""Fixtures of the kernel's tests: the kernel without any room of the core, and a small plugin to try it with."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kassa.kernel.permissions import Actor

PROBES = Path(__file__).resolve().parents[1] / "probes"
ENTITY = "01a1f900-0000-7000-8000-000000000001"
OTHER_ENTITY = "01a1f900-0000-7000-8000-000000000002"


def load_probe(name: str) -> ModuleType:
    """Import a probe plugin by its file, once a process."""
    full = f"kassa_probe_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, PROBES / f"{name}.py")
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
