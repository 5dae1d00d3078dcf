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
    Text,
    UnitPrice,
)
from kassa.sales.documents import SalesLine, SalesOrder
from kassa.sales.messages.fields import about
from kassa.sales.messages.posting import InvoiceChargeView, InvoiceLineView


@attrs.frozen(kw_only=True)
class LineRequest:
    """A line to sell: a product and a quantity. A negative quantity takes goods back."""

    product: Text = attrs.field(metadata=about("Number or barcode of the product.", "85123A"))
    quantity: Quantity = attrs.field(metadata=about("How many; up to three decimals.", "2"))
    unit_price: UnitPrice | None = attrs.field(default=None, metadata=about("A price instead of the list's; needs sales.override_price."))
    discount: Amount | None = attrs.field(default=None, metadata=about("A discount on the whole line, with the sign of the quantity."))
    description: LongText | None = attrs.field(default=None, metadata=about("Instead of the product's name."))
    extensions: Fields = attrs.field(factory=dict, metadata=asked(SalesLine))


@attrs.frozen(kw_only=True)
class ChargeRequest:
    """A charge on the order: positive is paid by the customer."""

    code: Code = attrs.field(metadata=about("Charge code.", "freight"))
    amount: Amount = attrs.field(metadata=about("Amount without tax.", "4.95"))


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
    """A line of an order."""

    line: int
    product: str
    description: str
    quantity: Quantity
    delivered: Quantity
    invoiced: Quantity
    unit_price: UnitPrice
    price_origin: str
    discount: DecimalText
    net: DecimalText
    tax: DecimalText
    total: DecimalText
    extensions: Fields = attrs.field(factory=dict, metadata=answered(SalesLine))


@attrs.frozen(kw_only=True)
class ChargeView:
    """A charge of an order."""

    code: str
    origin: str
    amount: DecimalText
    tax: DecimalText


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
