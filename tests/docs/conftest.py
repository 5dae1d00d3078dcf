"""A shop that sells tea, the command that writes the pages, and the modules of examples and probes."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from kassa.kernel.clock import FixedClock
from kassa.testing.builders import AVERAGE, PHYSICAL, Shop, build_shop

ROOT = Path(__file__).resolve().parents[2]
# A Saturday, in the zone of the shop too.
NOW = "2026-11-21T11:00:00Z"


def load_module(name: str, path: Path) -> ModuleType:
    """Import a file that belongs to no package."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    """The command that writes the generated pages."""
    return load_module("kassa_docs_generate", ROOT / "docs" / "generate.py")


@pytest.fixture
def example() -> Callable[[str], ModuleType]:
    """Imports the example of a hook anew, so that one test knows nothing of another."""
    return lambda hook: load_module(f"example_{hook}", ROOT / "examples" / "hooks" / f"{hook}.py")


@pytest.fixture
def probe() -> Callable[[str], ModuleType]:
    """Imports a probe plugin by its file's name, once."""

    def load(name: str) -> ModuleType:
        known = sys.modules.get(f"probe_{name}")
        return known if known is not None else load_module(f"probe_{name}", ROOT / "tests" / "probes" / f"{name}.py")

    return load


@pytest.fixture
def open_shop(make_engine) -> Callable[..., Shop]:
    """Opens a shop with the given plugin modules by name, on a fresh database.

    It sells TEA (10.00, tax 21 %, 20 in stock at 6.00) and has the customer ADA; `physical` makes packing slips book.
    """

    def open_one(modules=None, *, price_includes_tax=False, physical=False) -> Shop:
        shop = build_shop(make_engine(modules=modules or {}, clock=FixedClock(NOW)), price_includes_tax=price_includes_tax)
        if physical:
            shop.set_setting("stock.post_packing_slip_in_ledger", "true")
        group = PHYSICAL if physical else AVERAGE
        shop.add_product("TEA", price="10.00", cost="6.00", stock="20", taxed=True, group=group)
        shop.add_customer("ADA")
        return shop

    return open_one
