"""Requests and views of vendor invoices, transfers of balances and what vendors are owed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Amount, CurrencyCode, Date, DecimalText, Identifier, Items, Text
from kassa.ledger.messages.journals import Dimensions
from kassa.ledger.messages.open_items import BalanceView, ItemRequest, OpenItemView
from kassa.org.editing import about
from kassa.org.messages.scalars import Number, Reference

InvoiceState = Literal["approved", "held"]


@attrs.frozen(kw_only=True)
class VendorInvoiceLineRequest:
    """A line of a vendor invoice: an account, and what it is debited."""

    account: Reference = attrs.field(metadata=about("Number or id of the account.", "6000"))
    amount: Amount = attrs.field(metadata=about("Positive is asked for, negative credited; in the currency of the invoice.", "250.00"))
    dimensions: Dimensions | None = attrs.field(default=None, metadata=about("Dimension values by name.", {"department": "D10"}))
    text: Text | None = attrs.field(default=None, metadata=about("What the line is for.", "Rent of November"))


@attrs.frozen(kw_only=True)
class PostVendorInvoice:
    """What a vendor asks for, by lines on accounts; a credit note where the total is negative."""

    vendor: Reference = attrs.field(metadata=about("Number or id of the vendor.", "V-2001"))
    lines: Annotated[tuple[VendorInvoiceLineRequest, ...], Items(1, 500)]
    invoice_number: Number | None = attrs.field(
        default=None, metadata=about("The vendor's own number; taken once for each vendor.", "2026-0815")
    )
    description: Text | None = attrs.field(default=None, metadata=about("What it is about.", "Rent"))
    date: Date | None = attrs.field(default=None, metadata=about("Date of the voucher; today where it is left out."))
    due_date: Date | None = attrs.field(default=None, metadata=about("When it is due; by the days of the vendor where it is left out."))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the vendor where it is left out."))
    dimensions: Dimensions | None = attrs.field(default=None, metadata=about("Values of every line that has none of its own."))
    hold: bool = attrs.field(
        default=False, metadata=about("Whether it waits for approval: it is booked, and not paid until it is released.")
    )


@attrs.frozen(kw_only=True)
class ReadVendorInvoice:
    """Names a vendor invoice."""

    invoice: Text = attrs.field(metadata=about("Its number, or its id.", "VIN-office-000001"))


@attrs.frozen(kw_only=True)
class VendorInvoiceLineView:
    """A line of a vendor invoice."""

    line: int
    account: str
    amount: DecimalText
    dimensions: Mapping[str, str]
    text: str | None


@attrs.frozen(kw_only=True)
class VendorInvoiceView:
    """A vendor invoice or vendor credit note; `open` is what is still owed of it."""

    id: Identifier
    number: str | None
    type: str
    state: InvoiceState
    vendor: str
    invoice_number: str | None
    description: str | None
    date: Date
    due_date: Date
    currency: str
    total: DecimalText
    open: DecimalText
    lines: tuple[VendorInvoiceLineView, ...]
    version: int


@attrs.frozen(kw_only=True)
class ListVendorInvoices(PageRequest):
    """Asks for vendor invoices, newest first."""

    vendor: Reference | None = attrs.field(default=None, metadata=about("Only those of one vendor."))
    state: InvoiceState | None = attrs.field(default=None, metadata=about("Only those that may be paid, or only those that are held."))


@attrs.frozen(kw_only=True)
class VendorInvoiceSummaryView:
    """A vendor invoice in a list."""

    id: Identifier
    number: str | None
    type: str
    state: InvoiceState
    vendor: str
    invoice_number: str | None
    date: Date
    due_date: Date
    currency: str
    total: DecimalText
    open: DecimalText


@attrs.frozen(kw_only=True)
class ListVendorItems(PageRequest):
    """Asks for what a vendor is owed and owes, oldest first."""

    vendor: Reference = attrs.field(metadata=about("Number or id of the vendor.", "V-2001"))
    due_before: Date | None = attrs.field(default=None, metadata=about("Only items that are due before this date."))


@attrs.frozen(kw_only=True)
class VendorItemPage:
    """A page of a vendor's open items (negative is owed to the vendor), and the balance of all of them by currency."""

    vendor: str
    balances: tuple[BalanceView, ...]
    items: tuple[OpenItemView, ...]
    next: str | None = None


@attrs.frozen(kw_only=True)
class TransferBalance:
    """Moves what a customer is owed to a vendor: the items named are settled, and their sum is owed to the vendor."""

    customer: Reference = attrs.field(metadata=about("Number or id of the customer.", "C0001"))
    vendor: Reference | None = attrs.field(
        default=None, metadata=about("Number or id of the vendor; the vendor account of the customer if left out.")
    )
    items: Annotated[tuple[ItemRequest, ...], Items(1, 500)] = attrs.field(
        metadata=about("Credits to move, and debits that they cover first; of one currency. No prepayments.", [{"item": "CN-S001-000007"}])
    )
    description: Text = attrs.field(default="Balance of the customer", metadata=about("What it is about."))
    date: Date | None = attrs.field(default=None, metadata=about("Date of the voucher; today where it is left out."))
    due_date: Date | None = attrs.field(default=None, metadata=about("When the vendor is paid; at once where it is left out."))
    reference: Number | None = attrs.field(
        default=None, metadata=about("A name by which transfers that belong together are found.", "RUN-7")
    )


@attrs.frozen(kw_only=True)
class BalanceTransferView:
    """A balance that was moved from a customer to a vendor, and the two open items that it made."""

    id: Identifier
    number: str | None
    customer: str
    vendor: str
    currency: str
    amount: DecimalText
    date: Date
    due_date: Date
    description: str
    customer_item: Identifier
    vendor_item: Identifier
    dimensions: Mapping[str, str]
