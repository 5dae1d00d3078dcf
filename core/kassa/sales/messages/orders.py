"""Requests and views of orders and of the cash-and-carry sale."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.extensions import Fields, answered, asked
from kassa.kernel.schema import (
    Amount,
    Code,
    CurrencyCode,
    Date,
    DecimalText,
    Identifier,
    Instant,
    Items,
    LongText,
    Quantity,
    Rate,
    Text,
    UnitPrice,
)
from kassa.sales.documents import SalesLine, SalesOrder
from kassa.sales.messages.fields import DiscountRate, SignedPrice, about
from kassa.sales.messages.posting import InvoiceChargeView, InvoiceLineView, SourceView


@attrs.frozen(kw_only=True)
class SourceRequest:
    """The line of an invoice that is taken back."""

    invoice: Text = attrs.field(metadata=about("Number or any key of the invoice, of any store of the legal entity.", "INV-S001-000001"))
    line: int = attrs.field(metadata=about("Number of its line."))


@attrs.frozen(kw_only=True)
class LineRequest:
    """A line to sell: a product and a quantity. A negative quantity takes goods back.

    What is taken back may name the line of the invoice by which it was sold: price, discount, taxes and cost are then those of
    the sale, to the minor unit, and no more comes back than was sold. Without it the line is marked as unreferenced.
    """

    product: Text = attrs.field(metadata=about("Number or barcode of the product.", "85123A"))
    quantity: Quantity = attrs.field(metadata=about("How many; up to three decimals.", "2"))
    unit_price: UnitPrice | None = attrs.field(default=None, metadata=about("A price instead of the list's; needs sales.override_price."))
    price_reason: Code | None = attrs.field(default=None, metadata=about("Why the price is another: a reason code for price_override."))
    discount: Amount | None = attrs.field(default=None, metadata=about("A discount on the whole line, with the sign of the quantity."))
    discount_rate: DiscountRate | None = attrs.field(default=None, metadata=about("A discount as a part of the price, 0.1 being 10 %."))
    description: LongText | None = attrs.field(default=None, metadata=about("Instead of the product's name."))
    source: SourceRequest | None = attrs.field(default=None, metadata=about("The invoice line that a negative quantity takes back."))
    warehouse: Text | None = attrs.field(
        default=None, metadata=about("Code or id of the warehouse from which it leaves, or into which it comes; the store's where it is left out.", "W01")
    )
    unit_cost: UnitPrice | None = attrs.field(
        default=None, metadata=about("The cost of a piece that comes back without its sale; needs sales.edit_return_cost.")
    )
    extensions: Fields = attrs.field(factory=dict, metadata=asked(SalesLine))


@attrs.frozen(kw_only=True)
class ChargeReference:
    """Names a charge of another order."""

    order: Text = attrs.field(metadata=about("Number or any key of the order.", "SO-S001-000001"))
    charge: int = attrs.field(metadata=about("Number of its charge.", "1"))


@attrs.frozen(kw_only=True)
class ChargeRequest:
    """A charge on the order or on one of its lines, as an amount, a rate or an amount a piece: positive is paid by the customer."""

    code: Code = attrs.field(metadata=about("Charge code.", "freight"))
    amount: Amount | None = attrs.field(default=None, metadata=about("Amount without tax.", "4.95"))
    rate: Rate | None = attrs.field(
        default=None,
        metadata=about("A part of the net amount of the line, or of all lines, with its sign: 0.05 is 5 %, -0.05 takes it off."),
    )
    per_piece: SignedPrice | None = attrs.field(default=None, metadata=about("So much for each piece of the line, or of all lines."))
    line: int | None = attrs.field(default=None, metadata=about("Number of the line that it belongs to; the order where it is left out."))
    refund_of: ChargeReference | None = attrs.field(
        default=None, metadata=about("The charge of an order that this one gives back; the amount is negative then.")
    )


@attrs.frozen(kw_only=True)
class TenderRequest:
    """One payment of a sale. A negative amount is paid out to the customer."""

    tender: Code = attrs.field(metadata=about("Tender.", "cash"))
    amount: Amount = attrs.field(metadata=about("What the customer hands over.", "20.00"))
    reference: Text | None = attrs.field(default=None, metadata=about("Reference of the payment, such as a terminal's."))
    token: Text | None = attrs.field(default=None, metadata=about("The token of the card, for a tender that has a processor.", "sandbox"))
    gives_back: Text | None = attrs.field(default=None, metadata=about("Number or id of the payment that is given back.", "PAY-S001-000042"))


@attrs.frozen(kw_only=True)
class CreateOrder:
    """Confirms an order whose goods and invoice follow later."""

    store: Text | None = attrs.field(default=None, metadata=about("Number of the selling store; the token's where it is left out.", "S001"))
    customer: Text | None = attrs.field(default=None, metadata=about("Number of the customer."))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("Currency of the order; the store's where it is left out."))
    lines: Annotated[tuple[LineRequest, ...], Items(1, 1000)] = attrs.field(metadata=about("What is sold."))
    charges: Annotated[tuple[ChargeRequest, ...], Items(0, 100)] = ()
    discount: Amount | None = attrs.field(
        default=None, metadata=about("A discount on the total, shared among the lines; positive for what is sold.")
    )
    discount_rate: DiscountRate | None = attrs.field(default=None, metadata=about("A discount on the total as a part of it, 0.1 being 10 %."))
    reference: Text | None = attrs.field(
        default=None, metadata=about("The caller's own key of the order; unique, and usable wherever the order is named.")
    )
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today in the store's zone where it is left out."))
    extensions: Fields = attrs.field(factory=dict, metadata=asked(SalesOrder))


@attrs.frozen(kw_only=True)
class Sell(CreateOrder):
    """A cash-and-carry sale: goods leave now, are paid now, and are invoiced now."""

    payments: Annotated[tuple[TenderRequest, ...], Items(0, 20)] = attrs.field(
        default=(), metadata=about("How it is paid; must add up to the total.")
    )


@attrs.frozen(kw_only=True)
class LineView:
    """A line of an order; its goods are the `lot` and lie in the warehouse."""

    line: int
    lot: Identifier
    warehouse_id: Identifier
    product: str
    description: str
    quantity: Quantity
    delivered: Quantity
    invoiced: Quantity
    cancelled: Quantity
    returned: Quantity = attrs.field(metadata=about("What lines of other orders took back of it, or are about to.", "1"))
    unit_price: UnitPrice
    price_origin: str
    price_reason: str | None = None
    discount: DecimalText
    discount_rate: Rate = 0
    share_of_discount: DecimalText
    net: DecimalText
    tax: DecimalText
    total: DecimalText
    source: SourceView | None = attrs.field(default=None, metadata=about("The invoice line that it takes back."))
    unreferenced: bool = attrs.field(default=False, metadata=about("Goods are taken back without the invoice of their sale."))
    extensions: Fields = attrs.field(factory=dict, metadata=answered(SalesLine))


@attrs.frozen(kw_only=True)
class ChargeView:
    """A charge of an order."""

    charge: int
    line: int | None
    code: str
    category: str
    rate: Rate | None = None
    per_piece: SignedPrice | None = None
    origin: str
    rule: str | None
    overridden: bool
    reason: str | None
    amount: DecimalText
    tax: DecimalText
    invoiced: DecimalText
    refunded: DecimalText


@attrs.frozen(kw_only=True)
class OrderView:
    """An order."""

    id: Identifier
    number: str | None
    type: str
    state: str
    version: int
    store: str
    customer: str | None
    currency: CurrencyCode
    date: Date
    lines: tuple[LineView, ...]
    charges: tuple[ChargeView, ...] = ()
    discount: DecimalText
    discount_rate: Rate = 0
    net: DecimalText
    tax: DecimalText
    total: DecimalText
    extensions: Fields = attrs.field(factory=dict, metadata=answered(SalesOrder))


@attrs.frozen(kw_only=True)
class PaymentView:
    """A payment of a sale."""

    number: str | None
    tender: str
    amount: DecimalText


@attrs.frozen(kw_only=True)
class SaleLineView(InvoiceLineView):
    """A line of a sale, as it was invoiced."""

    extensions: Fields = attrs.field(factory=dict, metadata=answered(SalesLine))


@attrs.frozen(kw_only=True)
class SaleView:
    """A cash-and-carry sale: its order, its documents, and the change to hand back."""

    id: Identifier
    number: str | None
    packing_slip: str | None
    invoice: str | None
    type: Literal["invoice", "credit_note"]
    store: str
    customer: str | None
    date: Date
    occurred_at: Instant
    currency: CurrencyCode
    lines: tuple[SaleLineView, ...]
    charges: tuple[InvoiceChargeView, ...] = ()
    net: DecimalText
    tax: DecimalText
    total: DecimalText
    payments: tuple[PaymentView, ...]
    change: DecimalText
    extensions: Fields = attrs.field(factory=dict, metadata=answered(SalesOrder))
