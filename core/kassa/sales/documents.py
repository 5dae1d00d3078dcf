"""Values of sales: orders, packing slips and invoices.

Amounts are minor units of the document's currency, quantities thousandths, prices millionths. Sales are positive, returned
goods negative; unit prices are never negative. Discounts carry the sign of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

import attrs

from kassa.catalog.documents import Costing, NegativeStock
from kassa.kernel.extensions import Extended, Extensible
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Document
from kassa.kernel.values import Micro, Minor, Thousandths
from kassa.payments.documents import AppliedDeposit, SettledItem
from kassa.sales.vocabulary import ISSUE as ISSUE
from kassa.sales.vocabulary import NOTHING_YET as NOTHING_YET
from kassa.sales.vocabulary import RECEIVE as RECEIVE
from kassa.sales.vocabulary import RECEIVE_AT_GIVEN_COST as RECEIVE_AT_GIVEN_COST
from kassa.sales.vocabulary import RECEIVE_AT_SOURCE as RECEIVE_AT_SOURCE
from kassa.sales.vocabulary import SALE_ROLE as SALE_ROLE
from kassa.sales.vocabulary import SERVICE as SERVICE
from kassa.sales.vocabulary import ChargeCode as ChargeCode
from kassa.sales.vocabulary import CostSource as CostSource
from kassa.sales.vocabulary import Goods as Goods
from kassa.sales.vocabulary import LineCounters as LineCounters
from kassa.sales.vocabulary import LineTax as LineTax
from kassa.sales.vocabulary import Money as Money
from kassa.sales.vocabulary import OrderType as OrderType
from kassa.sales.vocabulary import Treatment as Treatment

PriceOrigin = Literal["unpriced", "list", "locked", "given", "overridden", "source_line", "policy"]
"""Where a price comes from: a price list, an earlier calculation, outside (import, till), a hand, the line taken back, a plugin."""
DiscountOrigin = Literal["", "list", "manual"]
ChargeCategory = Literal["fixed", "pieces", "percent"]
ChargeOrigin = Literal["manual", "act", "derived"]


@attrs.frozen(kw_only=True)
class Source:
    """The invoice line that a line takes back: what was sold then, of which whoever takes back a part gets an exact share.

    Quantity in thousandths, price in millionths, amounts and cost in minor units. `lot_id` is the lot of the goods, which is
    the order line that was sold; `store_number` the store that sold them, `dimensions` the canonical text of what it was booked with.
    """

    document_id: str
    number: int
    document_number: str | None
    lot_id: str
    product_id: str
    product_number: str
    party_type: str
    party_id: str
    currency: str
    store_number: str
    quantity: Thousandths
    unit_price: Micro
    discount: Minor
    net_discount: Minor
    net: Minor
    cost: Minor
    dimensions: str = ""
    taxes: tuple[LineTax, ...] = ()


@attrs.frozen(kw_only=True)
class SalesLine(Extensible):
    """A line of an order. `id` is the lot of its goods; `sequence` the last step of that lot.

    `discount` is all that is taken off its price: its own discount and `total_share`, its part of the order's; `net_discount` is
    the same without tax. `discount_rate` is the rate of its own one where it is a percentage, `unit_discount` what it takes off
    each unit (millionths) where a list says so; both follow the quantity. `price_allowed` marks a price by hand that somebody was
    allowed to set when the line was kept in a draft.

    A line that takes goods back may name their `source`, and has then its share of their cost as `source_cost`; `given_cost` is
    one that was entered. Both are for the whole quantity and have its sign. A line that is stored has `claimed` its share of the
    source.
    """

    id: str
    number: int
    product_id: str
    product_number: str
    description: str
    quantity: Thousandths
    unit_price: Micro = 0
    price_origin: PriceOrigin = "unpriced"
    price_reason: str | None = None
    price_allowed: bool = False
    given_price: Micro | None = None
    discount: Minor = 0
    total_share: Minor = 0
    discount_rate: Micro = 0
    unit_discount: Micro = 0
    discount_origin: DiscountOrigin = ""
    net_discount: Minor = 0
    net: Minor = 0
    tax: Minor = 0
    total: Minor = 0
    taxes: tuple[LineTax, ...] = ()
    tax_group: str = ""
    stocked: bool
    post_physical: bool = False
    standard_cost: Micro = 0
    costing: Costing = "moving_average"
    negative_stock: NegativeStock | None = None
    warehouse_id: str
    treatment: Treatment = SERVICE
    counters: LineCounters = NOTHING_YET
    sequence: int = 0
    given_cost: Minor | None = None
    source: Source | None = None
    source_cost: Minor | None = None
    claimed: bool = False
    extensions: tuple[Extended, ...] = ()

    @property
    def unreferenced(self) -> bool:
        """Tell whether goods are taken back without the invoice line of their sale."""
        return self.quantity < 0 and self.source is None

    @property
    def fixed_cost(self) -> Minor | None:
        """Give the cost of the whole line where it does not depend on the present average: that of the sale, or one entered."""
        if self.treatment.cost_source == "source_lot":
            return self.source_cost
        return self.given_cost if self.treatment.cost_source == "manual" else None

    @property
    def sign(self) -> int:
        """Give 1 for a sale, -1 for returned goods."""
        return 1 if self.quantity > 0 else -1

    @property
    def gone(self) -> bool:
        """Tell whether all of the line is cancelled."""
        return self.counters.cancelled >= abs(self.quantity) > 0

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
    """A charge of an order: header (no line number) or line; positive is paid by the customer.

    A fixed one has its `amount`; the others have a `value` in millionths, of the net amount (percent) or of the currency's
    unit for each piece (pieces), from which the amount is computed. `manual` ones were entered, `act` ones were added once by
    an act, `derived` ones are made by the rule that they name whenever the order is calculated anew. `refund_of` names the
    charge of another order, by id and number, that this one gives back.
    """

    number: int = 0
    line_number: int | None = None
    code: str
    category: ChargeCategory = "fixed"
    value: Micro | None = None
    origin: ChargeOrigin = "manual"
    rule: str = ""
    overridden: bool = False
    reason: str | None = None
    amount: Minor = 0
    taxes: tuple[LineTax, ...] = ()
    refund_of: tuple[str, int] | None = None
    invoiced: Minor = 0
    refunded: Minor = 0

    @property
    def tax(self) -> Minor:
        """Add its taxes up."""
        return sum([tax.amount for tax in self.taxes])


@attrs.frozen(kw_only=True)
class SalesOrder(Extensible, Document):
    """An order: the plain sale of the core, or a type that a plugin declares; in state draft a cart, a quote or an edit.

    The discount on its total is an amount, or a rate in millionths; the lines hold their shares of it. An edit names the order
    that it is of, and that order's version. Where it `keeps_charges`, derived charges stay as they are; what it `lets_go` are the
    lines of that order that take less back, each with how much (without sign). `deposit` is what is
    left of its deposits.
    """

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
    discount_amount: Minor = 0
    discount_rate: Micro = 0
    net: Minor = 0
    tax: Minor = 0
    total: Minor = 0
    lines: tuple[SalesLine, ...]
    charges: tuple[Charge, ...] = ()
    of_id: str | None = None
    of_version: int | None = None
    keeps_charges: bool = False
    lets_go: tuple[tuple[SalesLine, Thousandths], ...] = ()
    deposit: Minor = 0
    extensions: tuple[Extended, ...] = ()

    def records(self) -> Iterable[Any]:
        """Give what plugins may extend: the order and its lines."""
        return (self, *self.lines)

    def fold(self, effects: Sequence[Any], rule: str) -> SalesOrder:
        """Take up charges that a rule derived, numbered behind those that are there; one that was overridden stays instead."""
        if self.keeps_charges:
            return self
        kept = {(charge.code, charge.line_number) for charge in self.charges if charge.rule == rule}
        added: list[Charge] = [charge for charge in effects if (charge.code, charge.line_number) not in kept]
        start = max((charge.number for charge in self.charges), default=0)
        made = (evolve(charge, number=start + n, origin="derived", rule=rule) for n, charge in enumerate(added, 1))
        return evolve(self, charges=(*self.charges, *made))


@attrs.frozen(kw_only=True)
class PackingSlipLine:
    """A line of a packing slip: quantity signed as on the order, cost in minor units with the same sign.

    `waits` are the statuses in which the lot stood before, each with how much of it moves on from there (without sign): goods
    that were reserved or picked. Nothing waits of what is sold over the counter.
    """

    number: int
    order_line: SalesLine
    quantity: Thousandths
    cost: Minor = 0
    waits: tuple[tuple[str, Thousandths], ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, Thousandths], ...]:
        """Tell from which statuses the line takes its quantity, without sign; each is a step of the lot."""
        rest = abs(self.quantity) - sum(part for _, part in self.waits)
        return (*self.waits, ("none", rest)) if rest else self.waits


@attrs.frozen(kw_only=True)
class PackingSlip(Document):
    """Goods of one order that leave (or, with negative quantities, come in) physically. `exponent` is that of what they cost."""

    kind: ClassVar[str] = "packing_slip"

    order_id: str
    exponent: int
    store_number: str
    party_type: str
    party_id: str
    allow_negative: bool = False
    warn_negative: bool = False
    post_in_ledger: bool = False
    lines: tuple[PackingSlipLine, ...]


@attrs.frozen(kw_only=True)
class InvoiceLine:
    """A line of an invoice: a share of an order line's amounts. `store_number` is the store of the order."""

    number: int
    order_id: str
    store_number: str = ""
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
    """A charge on an invoice: what it bills of a charge of an order."""

    number: int
    order_id: str
    order_number: int
    line_number: int | None = None
    code: str
    origin: str = "manual"
    amount: Minor
    taxes: tuple[LineTax, ...] = ()
    before: Minor = 0

    @property
    def tax(self) -> Minor:
        """Add its taxes up."""
        return sum([tax.amount for tax in self.taxes])


@attrs.frozen(kw_only=True)
class Invoice(Document):
    """An invoice, or a credit note where the total is negative; over one order or several of one party.

    As a `correction` it books what is taken back with negative amounts on the sides of the sale. `settles` are open items that it
    is set against when it is posted; afterwards the ledger alone knows.
    """

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
    settles: tuple[SettledItem, ...] = ()
    deposits: tuple[AppliedDeposit, ...] = ()
