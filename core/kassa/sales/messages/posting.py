"""Requests and views of packing slips and invoices."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.schema import Amount, CurrencyCode, Date, DecimalText, Identifier, Items, Quantity, Text, UnitPrice
from kassa.sales.messages.fields import PositiveQuantity, about


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
    deposit: Amount | None = attrs.field(
        default=None, metadata=about("How much of the order's deposits is applied; its share of them where left out.", "4.00")
    )


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
    """An invoice, or a credit note where the total is negative; `deposit` was applied to it, `due` is the total without it."""

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
    deposit: DecimalText = "0"
    due: DecimalText = "0"


@attrs.frozen(kw_only=True)
class InvoicesView:
    """What a run over orders made."""

    invoices: tuple[InvoiceView, ...]
