"""Values of sales: orders, packing slips, invoices, and the treatment that separates money from goods.

Amounts are minor units of the document's currency, quantities thousandths, prices millionths. Sales are positive, returned
goods negative; unit prices are never negative. Discounts carry the sign of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

import attrs

from kassa.kernel.contributions import Definition
from kassa.kernel.extensions import Extended, Extensible
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Document
from kassa.kernel.values import Micro, Minor, Thousandths

Money = Literal["full", "none"]
Goods = Literal["issue", "receive", "receive_and_issue", "none"]
CostSource = Literal["source_lot", "manual", "current"]


@attrs.frozen(kw_only=True)
class OrderType(Definition):
    """A type of order: which signs its lines may have."""

    signs: Literal["sale", "return", "both"] = "both"
    series: str = "sales_order"


@attrs.frozen(kw_only=True)
class ChargeCode(Definition):
    """Money on an order that is not the price of a product: what it is called and how it is taxed."""

    tax_group: str = ""


@attrs.frozen
class Treatment:
    """What posting a line does: to money, to goods, at which cost, against which account role."""

    money: Money = "full"
    goods: Goods = "none"
    cost_source: CostSource = "current"
    offset_role: str = "cost_of_goods_sold"


ISSUE = Treatment(goods="issue")
RECEIVE = Treatment(goods="receive")
SERVICE = Treatment(goods="none")


@attrs.frozen
class LineTax:
    """The tax of a line by one tax code: rate in millionths, amount in minor units, signed like the line."""

    code: str
    rate: Micro
    amount: Minor


@attrs.frozen
class LineCounters:
    """How far a line has come; quantities in thousandths without sign, costs signed like the line."""

    delivered: Thousandths = 0
    invoiced: Thousandths = 0
    cancelled: Thousandths = 0
    delivered_cost: Minor = 0
    invoiced_cost: Minor = 0
    physical_cost: Minor = 0


NOTHING_YET = LineCounters()


@attrs.frozen(kw_only=True)
class SalesLine(Extensible):
    """A line of an order. `id` is the lot of its goods; `sequence` the last step of that lot."""

    id: str
    number: int
    product_id: str
    product_number: str
    description: str
    quantity: Thousandths
    unit_price: Micro = 0
    price_origin: str = "unpriced"
    given_price: Micro | None = None
    discount: Minor = 0
    net: Minor = 0
    tax: Minor = 0
    total: Minor = 0
    taxes: tuple[LineTax, ...] = ()
    tax_group: str = ""
    stocked: bool
    post_physical: bool = False
    standard_cost: Micro = 0
    warehouse_id: str
    treatment: Treatment = SERVICE
    counters: LineCounters = NOTHING_YET
    sequence: int = 0
    extensions: tuple[Extended, ...] = ()

    @property
    def sign(self) -> int:
        """Give 1 for a sale, -1 for returned goods."""
        return 1 if self.quantity > 0 else -1

    @property
    def deliverable(self) -> Thousandths:
        """Tell how much has yet to be delivered or received, without sign."""
        return abs(self.quantity) - self.counters.cancelled - self.counters.delivered

    @property
    def invoiceable(self) -> Thousandths:
        """Tell how much may be invoiced, without sign: what was delivered, or all where no goods move."""
        if self.treatment.goods == "none":
            return abs(self.quantity) - self.counters.cancelled - self.counters.invoiced
        return self.counters.delivered - self.counters.invoiced


@attrs.frozen(kw_only=True)
class Charge:
    """A charge of an order: header (no line number) or line; positive is paid by the customer."""

    number: int = 0
    line_number: int | None = None
    code: str
    category: Literal["fixed", "pieces", "percent"] = "fixed"
    origin: Literal["manual", "derived"] = "manual"
    amount: Minor
    tax: Minor = 0
    tax_code: str | None = None
    rate: Micro = 0
    invoiced: Minor = 0


@attrs.frozen(kw_only=True)
class SalesOrder(Extensible, Document):
    """An order: the plain sale of the core, or a type that a plugin declares. `deposit` is what is left of its deposits."""

    kind: ClassVar[str] = "order"
    parts: ClassVar[tuple[type[Any], ...]] = (Charge,)

    customer_id: str | None
    party_type: str
    party_id: str
    currency: str
    exponent: int
    price_includes_tax: bool
    warehouse_id: str
    store_number: str
    net: Minor = 0
    tax: Minor = 0
    total: Minor = 0
    lines: tuple[SalesLine, ...]
    charges: tuple[Charge, ...] = ()
    deposit: Minor = 0
    extensions: tuple[Extended, ...] = ()

    def records(self) -> Iterable[Any]:
        """Give what plugins may extend: the order and its lines."""
        return (self, *self.lines)

    def fold(self, effects: Sequence[Any]) -> SalesOrder:
        """Take up charges that rules computed, numbered behind those that are there."""
        added: Sequence[Charge] = effects
        start = len(self.charges)
        return evolve(self, charges=(*self.charges, *(evolve(c, number=start + n) for n, c in enumerate(added, 1))))


@attrs.frozen(kw_only=True)
class PackingSlipLine:
    """A line of a packing slip: quantity signed as on the order, cost in minor units with the same sign."""

    number: int
    order_line: SalesLine
    quantity: Thousandths
    cost: Minor = 0


@attrs.frozen(kw_only=True)
class PackingSlip(Document):
    """Goods of one order that leave (or, with negative quantities, come in) physically."""

    kind: ClassVar[str] = "packing_slip"

    order_id: str
    exponent: int
    store_number: str
    allow_negative: bool = False
    warn_negative: bool = False
    post_in_ledger: bool = False
    lines: tuple[PackingSlipLine, ...]


@attrs.frozen(kw_only=True)
class InvoiceLine:
    """A line of an invoice: a share of an order line's amounts."""

    number: int
    order_id: str
    order_line: SalesLine
    quantity: Thousandths
    discount: Minor
    net_discount: Minor
    net: Minor
    tax: Minor
    total: Minor
    taxes: tuple[LineTax, ...]
    cost: Minor
    physical_cost: Minor


@attrs.frozen(kw_only=True)
class InvoiceCharge:
    """A charge on an invoice."""

    number: int
    order_id: str
    order_number: int
    code: str
    amount: Minor
    tax: Minor
    tax_code: str | None
    rate: Micro


@attrs.frozen
class AppliedDeposit:
    """What an invoice takes from one deposit of an order: the open prepayment, and a positive amount of minor units."""

    order_id: str
    open_item_id: str
    amount: Minor


@attrs.frozen(kw_only=True)
class Invoice(Document):
    """An invoice, or a credit note where the total is negative; over one order or several of one party."""

    kind: ClassVar[str] = "invoice"

    party_type: str
    party_id: str
    currency: str
    exponent: int
    store_number: str
    open_item_id: str
    due_date: str
    net: Minor
    tax: Minor
    total: Minor
    correction: bool = False
    lines: tuple[InvoiceLine, ...]
    charges: tuple[InvoiceCharge, ...] = ()
    deposits: tuple[AppliedDeposit, ...] = ()
