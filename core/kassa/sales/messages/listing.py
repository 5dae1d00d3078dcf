"""Requests and views of the lists of orders and invoices, and of one of them by its key."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import CurrencyCode, Date, DecimalText, Identifier, Text
from kassa.sales.messages.fields import about


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
    key: Text | None = attrs.field(
        default=None, metadata=about("Only orders that have this key, be it their own or one that they share with others.")
    )


@attrs.frozen(kw_only=True)
class ListInvoices(PageRequest):
    """Asks for invoices and credit notes, newest first."""

    type: Literal["invoice", "credit_note"] | None = None


@attrs.frozen(kw_only=True)
class InvoiceByKey:
    """Names an invoice or credit note."""

    invoice: Text = attrs.field(metadata=about("Number or id.", "INV-S001-000001"))


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
class InvoiceSummaryView:
    """An invoice or credit note in a list."""

    id: Identifier
    number: str | None
    type: str
    date: Date
    currency: CurrencyCode
    total: DecimalText
    open: DecimalText
