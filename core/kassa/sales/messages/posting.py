"""Requests and views of packing slips and invoices."""

from __future__ import annotations

from typing import Annotated, Literal

import attrs

from kassa.kernel.schema import Amount, Code, CurrencyCode, Date, DecimalText, Identifier, Items, Quantity, Rate, Text, UnitPrice
from kassa.sales.messages.fields import PositiveQuantity, about


@attrs.frozen(kw_only=True)
class LineQuantity:
    """A quantity of one line of an order, without sign."""

    line: int = attrs.field(metadata=about("Number of the order's line."))
    quantity: PositiveQuantity


@attrs.frozen(kw_only=True)
class LineQuantityOrAll:
    """A quantity of one line of an order, without sign; all that is open where none is given."""

    line: int = attrs.field(metadata=about("Number of the order's line.", "1"))
    quantity: PositiveQuantity | None = None


@attrs.frozen(kw_only=True)
class PostPackingSlip:
    """Posts a packing slip: goods of the order leave (or come in) physically."""

    order: Text = attrs.field(metadata=about("Number or any key of the order.", "SO-S001-000001"))
    lines: Annotated[tuple[LineQuantity, ...], Items(0, 1000)] | None = attrs.field(
        default=None, metadata=about("Which quantities; all that is left where left out.")
    )
    date: Date | None = None


@attrs.frozen(kw_only=True)
class ChargeChange:
    """A change to the charges of an order when it is invoiced: another amount for one that is there, or one more by its code."""

    charge: int | None = attrs.field(default=None, metadata=about("Number of the order's charge that gets another amount."))
    code: Code | None = attrs.field(default=None, metadata=about("Charge code of a charge that is added.", "handling"))
    amount: Amount = attrs.field(metadata=about("Amount without tax; 0 takes the charge away.", "4.95"))


@attrs.frozen(kw_only=True)
class InvoiceSelection:
    """An order to invoice, which of its quantities, and what changes of its charges."""

    order: Text
    lines: Annotated[tuple[LineQuantity, ...], Items(0, 1000)] | None = None
    charges: Annotated[tuple[ChargeChange, ...], Items(0, 100)] = attrs.field(
        default=(), metadata=about("Charges that were changed on review; needs sales.edit_posting.")
    )
    deposit: Amount | None = attrs.field(
        default=None, metadata=about("How much of the order's deposits is applied; its share of them where left out.", "4.00")
    )


@attrs.frozen(kw_only=True)
class SettleWith:
    """An open document that the invoice or credit note is set against."""

    document: Text = attrs.field(metadata=about("Number of the document.", "INV-S001-000001"))
    amount: Amount | None = attrs.field(default=None, metadata=about("How much; all that both have open where it is left out."))


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
    correction: bool | None = attrs.field(
        default=None,
        metadata=about("Book as correction, with negative amounts on the original sides; by setting where left out, else needs sales.edit_posting."),
    )
    posting: bool = attrs.field(default=True, metadata=about("False: answer what would be posted, a pro forma, and post nothing."))
    settlement: Literal["none", "oldest", "designated"] = attrs.field(
        default="none", metadata=about("What it is settled with: nothing, the oldest open items of the other side, or those under `settle`.")
    )
    settle: Annotated[tuple[SettleWith, ...], Items(0, 100)] = ()
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
class SourceView:
    """The invoice line that a line takes back."""

    invoice: str | None = attrs.field(metadata=about("Number of the invoice.", "INV-S001-000001"))
    line: int


@attrs.frozen(kw_only=True)
class TaxView:
    """The tax of a line or charge by one tax code."""

    code: str
    rate: Rate
    amount: DecimalText


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
    taxes: tuple[TaxView, ...] = ()
    source: SourceView | None = attrs.field(default=None, metadata=about("The invoice line that it takes back."))
    unreferenced: bool = attrs.field(default=False, metadata=about("Goods are taken back without the invoice of their sale."))


@attrs.frozen(kw_only=True)
class InvoiceChargeView:
    """A charge on an invoice; `line` is the line of the order to which it belongs."""

    code: str
    charge: int | None = attrs.field(default=None, metadata=about("Number of the order's charge."))
    origin: str | None = attrs.field(default=None, metadata=about("How it came onto the order: by hand, or derived by a rule.", "manual"))
    line: int | None = None
    amount: DecimalText
    tax: DecimalText
    taxes: tuple[TaxView, ...] = ()


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
    """What a run over orders made; where it was not posted, nothing of it has a number."""

    invoices: tuple[InvoiceView, ...]
    posted: bool = True
