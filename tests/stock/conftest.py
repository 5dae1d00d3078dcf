"""A shop with a second warehouse, a quarantine, products of every costing, and short words for what happens to stock."""

import attrs
import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.jobs import Runner
from kassa.testing.builders import Shop, build_shop


@attrs.frozen(kw_only=True)
class Depot(Shop):
    """A shop whose goods go round: W01 is a warehouse, Q01 a quarantine; MUG is costed by average, TEA by FIFO, INK at standard cost."""

    def transfer(self, quantities, *, to="W01", **more):
        """Order a transfer of products, by number, from the shop's warehouse or another."""
        lines = [{"product": product, "quantity": quantity} for product, quantity in quantities.items()]
        return self.perform("stock.create_transfer", {"from_warehouse": self.warehouse, "to_warehouse": to, "lines": lines, **more})

    def reserve(self, product, quantity, **more):
        """Reserve one product; what is given beside `expires_at` belongs to the line."""
        header = {name: more.pop(name) for name in ("expires_at",) if name in more}
        return self.perform("stock.reserve", {"store": self.store, "lines": [{"product": product, "quantity": quantity, **more}], **header})

    def tend(self):
        """Let the worker release and keep what it has to."""
        return self.work("stock.tend_reservations", {})

    def close(self, through):
        """Close the stock through a date, and let the worker settle it."""
        return self.work("stock.close_period", {"through": through})

    def work(self, operation, command):
        """Start a job and work on it to its end; its row."""
        job = self.perform(operation, command)
        return Runner(self.engine).run(job["id"])

    def lots(self, product):
        """The movements of a product, oldest first."""
        return self.perform("stock.list_movements", {"product": product, "limit": 500})["items"][::-1]


@pytest.fixture
def depot(make_engine):
    """The shop on Saturday 21 November 2026."""
    shop = build_shop(make_engine(clock=FixedClock("2026-11-21T09:00:00Z")))
    for code, kind in (("W01", "non_store"), ("Q01", "quarantine")):
        shop.perform("org.create_warehouse", {"code": code, "name": code, "kind": kind})
    for code, costing in (("FIFO", "fifo"), ("STANDARD", "standard")):
        shop.perform("catalog.create_item_model_group", {"code": code, "costing": costing})
    found = Depot(**{field.name: getattr(shop, field.name) for field in attrs.fields(Shop)})
    found.add_product("MUG", price="5.00", cost="2.00")
    found.add_product("TEA", price="10.00", cost="6.00", group="FIFO")
    found.add_product("INK", price="4.00", cost="1.50", group="STANDARD")
    found.add_customer("ADA")
    return found
