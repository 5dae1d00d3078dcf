"""What the tests of payments share: orders with deposits, the accounts by their names, and dispatching what was planned."""

import importlib.util
import sys
from pathlib import Path

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.database import Write
from kassa.kernel.jobs import Runner
from kassa.kernel.outbox import dispatch
from kassa.payments.processor import PORT
from kassa.payments.sandbox import Sandbox
from kassa.testing.builders import Shop, build_shop, furnish, line

PROBES = Path(__file__).resolve().parents[1] / "probes"
NOON = "2026-11-21T11:00:00Z"


class Till:
    """A shop with words for what happens in these tests; its clock stands still unless it is moved."""

    def __init__(self, shop: Shop, clock: FixedClock, sandbox: Sandbox) -> None:
        self.shop, self.engine, self.clock, self.sandbox = shop, shop.engine, clock, sandbox

    def __getattr__(self, name):
        return getattr(self.shop, name)

    def two_lines(self, **more) -> str:
        """Order a chair of 40.00 (cost 24.00) and a table of 60.00 (cost 36.00)."""
        return str(self.order(line("CHAIR"), line("TABLE"), customer="C0001", **more)["number"])

    def deposit(self, order: str, **amounts: str):
        """Take a deposit, amounts by tender."""
        payments = [{"tender": tender, "amount": amount} for tender, amount in amounts.items()]
        return self.perform("sales.take_deposit", {"order": order, "payments": payments})

    def give_back(self, order: str, *refunds, **amounts: str):
        """Give a deposit back, amounts by tender, or refunds with more than that."""
        payments = [*refunds, *({"tender": tender, "amount": amount} for tender, amount in amounts.items())]
        return self.perform("sales.refund_deposit", {"order": order, "payments": payments})

    def cancel(self, order: str, charge: str | None = None, *, forfeit: bool = False, **refunds: str):
        """Cancel an order at a charge, deposits given back by tender; the answer, and how the deposits then stand."""
        charges = [{"code": "other", "amount": charge}] if charge else []
        back = [{"tender": tender, "amount": amount} for tender, amount in refunds.items()]
        done = self.perform("sales.cancel_order", {"order": order, "charges": charges, "refunds": back, "forfeit": forfeit})
        return done, self.perform("sales.read_deposits", {"order": order})

    def refund(self, tender: str, **more):
        """Refund the first customer."""
        return self.perform("payments.refund", {"customer": "C0001", "tender": tender, "store": "S001", **more})

    def credit_note(self, amount: str = "100.00") -> str:
        """Owe the first customer an amount by a credit note; its number."""
        order = self.order(line("LAMP", "-1", unit_price=amount), customer="C0001")["number"]
        (note,) = self.invoice(order, quantity_basis="all")
        return str(note["number"])

    def invoiced(self) -> str:
        """Let the first customer owe 100.00; the number of the invoice."""
        (invoice,) = self.invoice(self.order(line("LAMP"), customer="C0001")["number"], quantity_basis="all")
        return str(invoice["number"])

    def dispatch(self) -> int:
        """Give events to their listeners, as the worker does; those that failed before wait no longer."""
        with_pause = "UPDATE kernel_delivery SET run_after = 0"
        self.raw(with_pause)
        return dispatch(self.engine)

    def raw(self, sql: str) -> None:
        """Change a table of the kernel's own bookkeeping, as time would."""
        with self.engine.database.writer() as writer:
            writer.begin()
            writer.commit([Write(sql, ())])

    def work(self) -> None:
        """Run all jobs that wait."""
        runner = Runner(self.engine)
        while runner.run_next():
            pass

    def rows(self, sql: str, *values):
        """Read rows."""
        with self.engine.database.snapshot() as read:
            return [tuple(row) for row in read.rows(sql, values)]

    def by_card(self, token="sandbox", amount="100.00", key=None, quantity="1"):
        """Sell lamps to the first customer, paid by a card that has a processor."""
        payment = {"tender": "card_online", "amount": amount, "token": token}
        command = {"store": "S001", "lines": [line("LAMP", quantity)], "customer": "C0001", "payments": [payment]}
        return self.perform("sales.sell", command, **({"key": key} if key else {}))

    def refund_card(self, paid: str, amount: str = "40.00") -> str:
        """Give part of a payment back by its processor; the number of the refund."""
        return str(self.refund("card_online", payment=paid, amount=amount)["payment"]["number"])

    def held(self) -> int:
        """What the processor took less what it gave back, in minor units."""
        return sum(hold.captured - hold.refunded for hold in self.sandbox.holds.values())

    def called(self, action: str) -> int:
        """How often the processor was called for an action."""
        return sum(1 for found, _ in self.sandbox.calls if found == action)

    def settle(self) -> None:
        """Let the worker work until nothing is left to send."""
        for _ in range(6):
            self.dispatch()

    def intents(self) -> dict[str, str]:
        """Give the states of all intents by action, joined in their order."""
        found: dict[str, list[str]] = {}
        rows = self.rows("SELECT d.type, d.state FROM kernel_document d WHERE d.kind = 'payment_intent' ORDER BY d.id")
        for action, state in rows:
            found.setdefault(action, []).append(state)
        return {action: " ".join(states) for action, states in found.items()}


@pytest.fixture
def load_probe():
    """Imports a probe plugin by its file, once a process."""

    def load(name):
        full = f"kassa_probe_{name}"
        if full not in sys.modules:
            spec = importlib.util.spec_from_file_location(full, PROBES / f"{name}.py")
            module = importlib.util.module_from_spec(spec)
            sys.modules[full] = module
            spec.loader.exec_module(module)
        return sys.modules[full]

    return load


@pytest.fixture
def clock():
    """A clock at noon that moves when it is told to."""
    return FixedClock(NOON)


@pytest.fixture
def sandbox():
    """A processor that moves no money, and outlives the engine."""
    return Sandbox()


@pytest.fixture
def open_till(make_engine, clock, sandbox):
    """Opens a till, with further plugins or on a database that exists."""

    def open_one(**modules):
        engine = make_engine(clock=clock, **({"modules": modules} if modules else {}))
        engine.services.replace(PORT, sandbox)
        shop = furnish(build_shop(engine))
        shop.add_product("CHAIR", price="40.00", cost="24.00", stock="5")
        shop.add_product("TABLE", price="60.00", cost="36.00", stock="5")
        return Till(shop, clock, sandbox)

    return open_one


@pytest.fixture
def till(open_till):
    """A till whose shop has chairs and tables too."""
    return open_till()
