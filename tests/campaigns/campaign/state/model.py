"""The reference model: a shop as plain integers, written from the rules of the trade.

Money is in cents, quantities in thousandths, a price in cents a piece. Nothing of Kassa is imported here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

TAX = (21, 100)
ONE = 1000


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round half away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


def part(total: int, quantity: int, before: int, whole: int) -> int:
    """What a quantity is of a total, where `before` was taken already: all parts together are the total."""
    return half_up(total * (before + quantity), whole) - half_up(total * before, whole)


@dataclass(frozen=True)
class Product:
    """Something for sale: its price and standard cost in cents, whether it is taxed, and by which step it is sold."""

    number: str
    price: int
    cost: int
    taxed: bool
    step: int = ONE


@dataclass
class Pile:
    """What lies of a product in a warehouse, and what of it is promised or blocked."""

    on_hand: int = 0
    value: int = 0
    reserved: int = 0
    blocked: int = 0

    @property
    def available(self) -> int:
        """What can be sold."""
        return self.on_hand - self.reserved - self.blocked

    def take(self, quantity: int) -> int:
        """Goods leave at the moving average; the last ones take all that is left. Answers what they cost."""
        cost = self.value if quantity == self.on_hand else half_up(self.value * quantity, self.on_hand)
        self.on_hand -= quantity
        self.value -= cost
        return cost

    def put(self, quantity: int, cost: int) -> None:
        """Goods come."""
        self.on_hand += quantity
        self.value += cost


@dataclass
class Line:
    """A line of an order or invoice: its amounts for the whole quantity, and how far it has come."""

    product: Product
    quantity: int
    discount: int = 0
    delivered: int = 0
    invoiced: int = 0
    cancelled: int = 0
    cost: int = 0
    customer: str = ""
    returned: int = 0

    @property
    def gross(self) -> int:
        """Price by quantity."""
        return half_up(self.product.price * self.quantity, ONE)

    @property
    def tax(self) -> int:
        """Tax on what is left of the price."""
        return half_up((self.gross - self.discount) * TAX[0], TAX[1]) if self.product.taxed else 0

    @property
    def total(self) -> int:
        """What the customer pays for it."""
        return self.gross - self.discount + self.tax

    @property
    def open(self) -> int:
        """What is neither delivered nor cancelled."""
        return self.quantity - self.delivered - self.cancelled

    def amounts(self, quantity: int, before: int) -> tuple[int, int, int]:
        """Gross, discount and tax of a part: net, discount and tax are divided exactly, and gross is net and discount together."""
        net, discount, tax = (part(total, quantity, before, self.quantity) for total in (self.gross - self.discount, self.discount, self.tax))
        return net + discount, discount, tax


@dataclass
class Order:
    """A confirmed order of a customer."""

    number: str
    customer: str
    lines: list[Line]
    cancelled: bool = False

    @property
    def touched(self) -> bool:
        """Whether anything of it was delivered, invoiced or cancelled."""
        return any(line.delivered or line.invoiced or line.cancelled for line in self.lines)


@dataclass
class Transfer:
    """Goods on order, on their way, and arrived in the second warehouse."""

    number: str
    product: Product
    quantity: int
    shipped: int = 0
    arrived: int = 0
    cancelled: bool = False
    worth: int = 0

    @property
    def on_its_way(self) -> int:
        """What was shipped and has neither arrived nor was lost."""
        return self.shipped - self.arrived


@dataclass
class Model:
    """A whole shop."""

    piles: dict[tuple[str, str], Pile] = field(default_factory=lambda: defaultdict(Pile))
    accounts: Counter[str] = field(default_factory=Counter)
    open: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    orders: dict[str, Order] = field(default_factory=dict)
    sales: dict[str, list[Line]] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    promises: dict[str, tuple[Product, int]] = field(default_factory=dict)
    blocks: dict[str, tuple[Product, int]] = field(default_factory=dict)
    goods_out: int = 0
    """What goods cost that left by sales, less what came back: it is cost of goods sold, or delivered and not invoiced."""

    def book(self, **amounts: int) -> None:
        """Add to accounts by their meaning, debit positive."""
        self.accounts.update(amounts)

    def invoice(self, gross: int, discount: int, tax: int, charge: int = 0) -> int:
        """Book an invoice; answers its total."""
        total = gross - discount + tax + charge
        self.book(receivable=total, revenue=-gross, discount=discount, tax=-tax, charges=-charge)
        return total

    def pay(self, tender: str, amount: int) -> None:
        """Book a payment."""
        self.accounts[tender] += amount
        self.book(receivable=-amount)

    def owe(self, customer: str, document: str, amount: int) -> None:
        """Leave something open on a customer's account."""
        if amount:
            self.open[customer][document] = amount

    def settle(self, customer: str, document: str, amount: int) -> None:
        """Bring what is open of a document nearer to 0."""
        items = self.open[customer]
        items[document] += -amount if items[document] > 0 else amount
        if not items[document]:
            del items[document]

    def oldest_first(self, customer: str, credits: list[str]) -> None:
        """Set credits against what is owed, the oldest first."""
        for credit in credits:
            for debit in [document for document, amount in self.open[customer].items() if amount > 0]:
                amount = min(self.open[customer].get(debit, 0), -self.open[customer].get(credit, 0))
                if amount > 0:
                    self.settle(customer, debit, amount)
                    self.settle(customer, credit, amount)

    @property
    def inventory(self) -> int:
        """What stock is worth on hand and on its way."""
        return sum(pile.value for pile in self.piles.values()) + sum(transfer.worth for transfer in self.transfers.values())
