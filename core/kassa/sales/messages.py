"""Requests and views of sales."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import attrs

from kassa.kernel.operations import PageRequest
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
    Scaled,
    Text,
    UnitPrice,
)
from kassa.kernel.values import MAX_QUANTITY, QUANTITY_PLACES

PositiveQuantity: TypeAlias = Annotated[int, Scaled(QUANTITY_PLACES, 1, MAX_QUANTITY)]
"""Thousandths of the unit, without sign."""


def about(text: str, *examples: str) -> dict[str, object]:
    """Describe a field."""
    return {"description": text, "examples": list(examples)} if examples else {"description": text}


@attrs.frozen(kw_only=True)
class LineRequest:
    """A line to sell: a product and a quantity. A negative quantity takes goods back."""

    product: Text = attrs.field(metadata=about("Number or barcode of the product.", "85123A"))
    quantity: Quantity = attrs.field(metadata=about("How many; up to three decimals.", "2"))
    unit_price: UnitPrice | None = attrs.field(default=None, metadata=about("A price instead of the list's; needs sales.override_price."))
    discount: Amount | None = attrs.field(default=None, metadata=about("A discount on the whole line, with the sign of the quantity."))
    description: LongText | None = attrs.field(default=None, metadata=about("Instead of the product's name."))


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


@attrs.frozen(kw_only=True)
class Sell(CreateOrder):
    """A cash-and-carry sale: goods leave now, are paid now, and are invoiced now."""

    payments: Annotated[tuple[TenderRequest, ...], Items(0, 20)] = attrs.field(
        default=(), metadata=about("How it is paid; must add up to the total.")
    )


@attrs.frozen(kw_only=True)
class LineQuantity:
    """A quantity of one line of an order, without sign."""

    line: int = attrs.field(metadata=about("Number of the order's line."))
    quantity: PositiveQuantity


@attrs.frozen(kw_only=True)
class PostPackingSlip:
    """Posts a packing slip: goods of the order leave (or come in) physically."""

    order: Text = attrs.field(metadata=about("Number or any key of the order.", "SO-S001-000001"))
    lines: Annotated[tuple[LineQuantity, ...], Items(0, 1000)] | None = attrs.field(
        default=None, metadata=about("Which quantities; all that is left where left out.")
    )
    date: Date | None = None


@attrs.frozen(kw_only=True)
class InvoiceSelection:
    """An order to invoice, and which of its quantities."""

    order: Text
    lines: Annotated[tuple[LineQuantity, ...], Items(0, 1000)] | None = None


@attrs.frozen(kw_only=True)
class PostInvoices:
    """Invoices one or many orders; a negative total makes a credit note.

    Look at it first with `?preview=true`: the same request then shows every line, charge and posting, and changes nothing.
    """

    orders: Annotated[tuple[InvoiceSelection, ...], Items(1, 500)]
    quantity_basis: Literal["packing_slip", "all"] = attrs.field(
        default="packing_slip", metadata=about("packing_slip: what was delivered; all: deliver the rest as well.")
    )
    together: bool = attrs.field(default=False, metadata=about("One document over all orders of the same customer."))
    correction: bool = attrs.field(default=False, metadata=about("Book as correction: negative amounts on the original sides."))
    date: Date | None = attrs.field(default=None, metadata=about("Invoice date."))
    due_date: Date | None = None


@attrs.frozen(kw_only=True)
class OrderByKey:
    """Names an order."""

    order: Text = attrs.field(metadata=about("Number or any key of the order, or its id.", "SO-S001-000001"))


@attrs.frozen(kw_only=True)
class ListOrders(PageRequest):
    """Asks for the list of all sales orders, newest first: where invoices are made."""

    type: Text | None = None
    state: Text | None = None
    customer: Text | None = None


@attrs.frozen(kw_only=True)
class ListInvoices(PageRequest):
    """Asks for invoices and credit notes, newest first."""

    type: Literal["invoice", "credit_note"] | None = None


@attrs.frozen(kw_only=True)
class InvoiceByKey:
    """Names an invoice or credit note."""

    invoice: Text = attrs.field(metadata=about("Number or id.", "INV-S001-000001"))


@attrs.frozen(kw_only=True)
class TaxView:
    """A tax: its code, its rate in percent and its amount."""

    code: str
    rate: DecimalText
    amount: DecimalText


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


@attrs.frozen(kw_only=True)
class OrderSummaryView:
    """An order in a list."""

    id: Identifier
    number: str | None
    type: str
    state: str
    store: str
    date: Date
    currency: CurrencyCode
    total: DecimalText


@attrs.frozen(kw_only=True)
class PackingSlipLineView:
    """A line of a packing slip."""

    line: int
    product: str
    quantity: Quantity


@attrs.frozen(kw_only=True)
class PackingSlipView:
    """A packing slip."""

    id: Identifier
    number: str | None
    order: str
    date: Date
    lines: tuple[PackingSlipLineView, ...]


@attrs.frozen(kw_only=True)
class InvoiceLineView:
    """A line of an invoice or credit note."""

    line: int
    product: str
    description: str
    quantity: Quantity
    unit_price: UnitPrice
    discount: DecimalText
    net: DecimalText
    tax: DecimalText
    total: DecimalText


@attrs.frozen(kw_only=True)
class InvoiceChargeView:
    """A charge on an invoice."""

    code: str
    amount: DecimalText
    tax: DecimalText


@attrs.frozen(kw_only=True)
class InvoiceView:
    """An invoice, or a credit note where the total is negative."""

    id: Identifier
    number: str | None
    type: Literal["invoice", "credit_note"]
    title: str
    date: Date
    due_date: Date
    currency: CurrencyCode
    lines: tuple[InvoiceLineView, ...]
    charges: tuple[InvoiceChargeView, ...] = ()
    net: DecimalText
    tax: DecimalText
    total: DecimalText


@attrs.frozen(kw_only=True)
class InvoiceSummaryView:
    """An invoice or credit note in a list."""

    id: Identifier
    number: str | None
    type: str
    date: Date
    currency: CurrencyCode
    total: DecimalText
    open: DecimalText


@attrs.frozen(kw_only=True)
class InvoicesView:
    """What a run over orders made."""

    invoices: tuple[InvoiceView, ...]


@attrs.frozen(kw_only=True)
class PaymentView:
    """A payment of a sale."""

    number: str | None
    tender: str
    amount: DecimalText


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
    lines: tuple[InvoiceLineView, ...]
    charges: tuple[InvoiceChargeView, ...] = ()
    net: DecimalText
    tax: DecimalText
    total: DecimalText
    payments: tuple[PaymentView, ...]
    change: DecimalText
