"""A shop that is set up by operations alone, as whoever reads the documentation would, and the modules of the examples."""

import importlib.util
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Engine
from kassa.kernel.permissions import SYSTEM

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


class Shop:
    """A legal entity NL01 with a store S001 that sells tea (10.00, tax 21 %, 20 in stock at 6.00)."""

    def __init__(self, engine: Engine, *, price_includes_tax: bool = False, post_physical: bool = False) -> None:
        self.engine = engine
        self._keys = count(1)
        entity = {"code": "NL01", "name": "Warenhuis", "currency": "EUR", "time_zone": "Europe/Amsterdam", "country": "NL"}
        self.entity_id = self.do("org.create_legal_entity", entity)["id"]
        self.do("org.create_store", {"number": "S001", "name": "Damrak", "price_includes_tax": price_includes_tax})
        self.do("ledger.set_up_books", {"first_year": 2026, "last_year": 2026})
        self.do("catalog.enter_tax_rate", {"code": "HIGH", "rate": "0.21", "from_date": "2026-01-01"})
        self.do("catalog.set_tax_group", {"tax_group": "STANDARD", "codes": ["HIGH"]})
        self.do("catalog.create_item_model_group", {"code": "SHOP", "post_physical": post_physical})
        if post_physical:
            self.set_up("stock.post_packing_slip_in_ledger", "true")
        self.do("catalog.create_product", {"number": "TEA", "name": "Tea", "item_model_group": "SHOP", "release": {"tax_group": "STANDARD"}})
        self.do("catalog.create_price_list", {"code": "RETAIL", "name": "Shop prices"})
        prices = [{"product": "TEA", "unit_price": "10.00", "from_date": "2026-01-01"}]
        self.do("catalog.enter_prices", {"price_list": "RETAIL", "prices": prices})
        opening = {"product": "TEA", "quantity": "20", "unit_cost": "6.00"}
        self.do("stock.adjust", {"store": "S001", "reason": "opening", "lines": [opening]})
        self.do("parties.create_customer", {"number": "ADA", "name": "Ada Jansen"})

    def do(self, operation: str, command: dict, **options):
        """Perform an operation as the system, in the legal entity of the shop; gives its answer as JSON values."""
        options = {"actor": SYSTEM, "key": f"key-{next(self._keys)}", "legal_entity_id": getattr(self, "entity_id", None), **options}
        return self.engine.perform(operation, command, **options).body

    def set_up(self, setting: str, value: str) -> None:
        """Give a setting a value for the legal entity."""
        self.do("settings.change", {"name": setting, "level": "legal_entity", "target_id": self.entity_id, "value": value})

    def sell(self, quantity: str = "1", amount: str = "12.10", **more):
        """Sell tea for cash."""
        command = {"store": "S001", "lines": [{"product": "TEA", "quantity": quantity}], "payments": [{"tender": "cash", "amount": amount}]}
        return self.do("sales.sell", command | more)


@pytest.fixture
def open_shop(make_engine) -> Callable[..., Shop]:
    """Opens a shop with the given plugin modules by name, on a fresh database."""

    def open_one(modules=None, **how) -> Shop:
        return Shop(make_engine(modules=modules or {}, clock=FixedClock(NOW)), **how)

    return open_one
