"""The walk: chooses a step, performs it on Kassa and on the model, and compares the two."""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from campaign.installation import Installation
from campaign.report import Size
from campaign.state.model import ONE, Model, Product
from kassa.kernel.clock import FixedClock
from kassa.kernel.errors import KassaError
from kassa.kernel.invariants import verify
from kassa.kernel.values import new_id

ACCOUNTS = {
    "receivable": "1100", "revenue": "4000", "discount": "4100", "tax": "2200", "charges": "4200", "cash": "1001", "card": "1002",
    "bank_transfer": "1003", "opening": "3000", "differences": "5100",
}  # fmt: skip
PRODUCTS = (
    Product("EVEN", 1000, 600, taxed=True), Product("ODD", 99, 33, taxed=True, step=125), Product("FREE", 777, 250, taxed=False),
)  # fmt: skip
CUSTOMERS = ("C0001", "C0002")
SHOWN = 4
Rule = Callable[["Walk"], None]
RULES: dict[str, tuple[Rule, int]] = {}
BALANCES = (
    "SELECT a.number, sum(e.amount) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE a.legal_entity_id = ? GROUP BY a.number"
)
PILES = (
    "SELECT w.code, p.number, b.on_hand, b.value, b.reserved, b.blocked, b.issued_value FROM stock_balance b "
    "JOIN catalog_product p ON p.id = b.product_id JOIN org_warehouse w ON w.id = b.warehouse_id"
)
OPEN = (
    'SELECT k.value, i."open" FROM ledger_open_item i JOIN kernel_document_key k ON k.document_id = i.document_id AND k.name = \'number\' '
    'WHERE i."open" <> 0'
)
ORDERS = (
    "SELECT k.value, l.number, b.ordered, b.delivered, b.invoiced, b.cancelled FROM sales_order_line l "
    "JOIN sales_line_balance b ON b.line_id = l.id JOIN kernel_document_key k ON k.document_id = l.document_id AND k.name = 'number'"
)


class Divergence(Exception):
    """Kassa and the model do not agree."""


class Nothing(Exception):
    """There is nothing of the kind that a rule is about; another rule is taken."""


def rule(weight: int = 1) -> Callable[[Rule], Rule]:
    """Register a step of the walk; a heavier one is taken more often."""

    def register(run: Rule) -> Rule:
        RULES[f"{run.__module__.rpartition('.')[2]}.{run.__name__}"] = (run, weight)
        return run

    return register


def cents(amount: int) -> str:
    """Write an amount."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def pieces(quantity: int) -> str:
    """Write a quantity."""
    return f"{'-' if quantity < 0 else ''}{abs(quantity) // ONE}.{abs(quantity) % ONE:03d}"


class Walk:
    """One episode."""

    def __init__(self, installation: Installation, seed: str, size: Size | None = None) -> None:
        self.installation, self.shop = installation, installation.shop
        self.random, self.model, self.taken = random.Random(seed), Model(), Counter[str]()
        self.log: list[tuple[str, Mapping[str, Any], int, str]] = []
        self.keys: list[tuple[str, Mapping[str, Any], str, str]] = []
        self.steps, self.acts = 0, 0
        self.closed_through = ""
        names = [name for name in RULES if size is None or size.wants(name)]
        self._names, self._weights = names, [RULES[name][1] for name in names]
        for product in PRODUCTS:
            self.shop.add_product(
                product.number, price=cents(product.price), cost=cents(product.cost), taxed=product.taxed, unit="kg" if product.step < ONE else "pcs"
            )

    @property
    def clock(self) -> FixedClock:
        """The clock of the shop."""
        return self.shop.engine.clock

    def step(self, *, check: bool = True) -> None:
        """Take one step, and compare unless told otherwise."""
        self.steps += 1
        while True:
            (name,) = self.random.choices(self._names, self._weights)
            try:
                RULES[name][0](self)
            except Nothing:
                continue
            break
        self.taken[name] += 1
        if check:
            self.compare()

    def pick(self, things: Any) -> Any:
        """Choose one of some things; where there are none, the step is another."""
        found = list(things)
        if not found:
            raise Nothing
        return self.random.choice(found)

    def amount_of(self, product: Product, most: int) -> int:
        """Choose a quantity that the product is sold in, up to a limit."""
        if most < product.step:
            raise Nothing
        return product.step * self.random.randint(1, most // product.step)

    def stored(self, product: Product) -> Any:
        """The pile of a product in the shop."""
        return self.model.piles[self.shop.warehouse, product.number]

    def do(self, operation: str, command: Mapping[str, Any], **more: Any) -> Any:
        """Perform what must be possible; its answer."""
        key = new_id()
        self.acts += 1
        try:
            outcome = self._perform(operation, command, key, more)
        except KassaError as error:
            self.log.append((operation, command, error.status, error.code))
            raise Divergence(f"{operation} {dict(command)} is refused: {error.status} {error.code} {error}") from error
        self.log.append((operation, command, outcome.status, outcome.text))
        if self.shop.engine.operation(operation).effect == "post":
            self.keys.append((operation, command, key, outcome.text))
        return outcome.body

    def refused(self, operation: str, command: Mapping[str, Any], *statuses: int, **more: Any) -> str:
        """Perform what must be refused; the code."""
        self.acts += 1
        try:
            outcome = self._perform(operation, command, new_id(), more)
        except KassaError as error:
            self.log.append((operation, command, error.status, error.code))
            if error.status not in (statuses or (409, 422)):
                raise Divergence(f"{operation} {dict(command)} is refused by {error.status} {error.code} {error}") from error
            return error.code
        self.log.append((operation, command, outcome.status, outcome.text))
        raise Divergence(f"{operation} {dict(command)} is done and must be refused")

    def _perform(self, operation: str, command: Mapping[str, Any], key: str, more: Mapping[str, Any]) -> Any:
        from kassa.kernel.permissions import SYSTEM

        return self.shop.engine.perform(operation, command, actor=SYSTEM, key=key, legal_entity_id=self.shop.legal_entity_id, **more)

    def last(self) -> str:
        """The last acts, as words."""
        return "; ".join(f"{operation} {dict(command)} -> {status}" for operation, command, status, _ in self.log[-SHOWN:])

    def compare(self) -> None:
        """Compare all balances, and look at all invariants."""
        rows, model = self.installation.rows, self.model
        booked = dict(rows(BALANCES, self.shop.legal_entity_id))
        stock = rows(PILES)
        issued = sum(row[6] for row in stock)
        expected = {number: model.accounts[name] for name, number in ACCOUNTS.items()}
        self._same("accounts", {number: int(booked.get(number, 0)) for number in expected}, expected)
        on_its_way = sum(transfer.worth for transfer in model.transfers.values())
        waiting = issued - on_its_way
        self._same("inventory", int(booked.get("1300", 0)), model.inventory + waiting)
        self._same("cost of goods sold and delivered", int(booked.get("5000", 0)) + waiting, model.goods_out)
        piles = {(row[0], row[1]): tuple(row[2:6]) for row in stock if any(row[2:6])}
        told = {place: (pile.on_hand, pile.value, pile.reserved, pile.blocked) for place, pile in model.piles.items()}
        self._same("stock", piles, {place: values for place, values in told.items() if any(values)})
        items = {document: amount for found in model.open.values() for document, amount in found.items()}
        self._same("open items", dict(rows(OPEN)), items)
        lines = {(row[0], row[1]): tuple(row[2:]) for row in rows(ORDERS)}
        wanted = {
            (order.number, place): (line.quantity, line.delivered, line.invoiced, line.cancelled)
            for order in model.orders.values()
            for place, line in enumerate(order.lines, 1)
        }
        self._same("orders", {place: lines.get(place) for place in wanted}, wanted)
        findings = verify(self.shop.engine)
        if findings:
            raise Divergence("; ".join(f"{found.invariant}: {found.row}: {found.what}" for found in findings))

    def _same(self, what: str, found: Any, expected: Any) -> None:
        if found == expected:
            return
        if isinstance(found, dict):
            places = [place for place in {**found, **expected} if found.get(place) != expected.get(place)]
            found, expected = {place: found.get(place) for place in places}, {place: expected.get(place) for place in places}
        raise Divergence(f"{what}: Kassa has {found}, the model {expected}")


from campaign.state import rooms  # noqa: E402 - they register themselves with what stands above

for _found in pkgutil.iter_modules(rooms.__path__):
    importlib.import_module(f"{rooms.__name__}.{_found.name}")
