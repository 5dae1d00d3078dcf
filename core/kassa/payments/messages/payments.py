"""Requests and views of payments and of the ways to pay."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Amount, Code, CurrencyCode, Date, DecimalText, Identifier, Items, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference


@attrs.frozen(kw_only=True)
class TakePayment:
    """A customer pays on account: the invoices named, or else the oldest that are open; what is left stays as a credit."""

    customer: Reference = attrs.field(metadata=about("Number or id of the customer.", "C0001"))
    tender: Code = attrs.field(metadata=about("How it is paid.", "bank_transfer"))
    amount: Amount = attrs.field(metadata=about("What is received, above 0.", "108.90"))
    currency: CurrencyCode | None = attrs.field(default=None, metadata=about("That of the legal entity where it is left out; it settles items of its own."))
    invoices: Annotated[tuple[Text, ...], Items(1, 500)] | None = attrs.field(
        default=None, metadata=about("Numbers of the invoices that are paid, in this order.", ["INV-S001-000042"])
    )
    token: Text | None = attrs.field(default=None, metadata=about("The token of the card, for a tender that has a processor.", "sandbox"))
    reference: Text | None = attrs.field(default=None, metadata=about("Reference of the payment, such as a bank's.", "NL-2026-4711"))
    store: Reference | None = attrs.field(
        default=None,
        metadata=about("Number or id of the store that takes it; the caller's, or none (the office) where it is left out.", "S001"),
    )
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today where it is left out."))


@attrs.frozen(kw_only=True)
class SettledView:
    """What a payment settled of one document."""

    document: str | None
    amount: DecimalText


@attrs.frozen(kw_only=True)
class PaymentView:
    """A payment: positive was received, negative paid out; `open` is what it has not settled, on the customer's account.

    A deposit names its order, a refund the payment that it gives back; `voids` is the payment that a void takes back.
    """

    id: Identifier
    number: str | None
    type: str = "payment"
    rounding: DecimalText = "0"
    order: str | None = None
    gives_back: str | None = None
    voids: str | None = None
    tender: str
    currency: str
    amount: DecimalText
    open: DecimalText
    customer: str | None
    store: str | None
    date: Date
    reference: str | None
    settled: tuple[SettledView, ...]


@attrs.frozen(kw_only=True)
class PaymentSummaryView:
    """A payment in a list."""

    id: Identifier
    number: str | None
    tender: str
    currency: str
    amount: DecimalText
    customer: str | None
    store: str | None
    date: Date
    reference: str | None


@attrs.frozen(kw_only=True)
class ReadPayment:
    """Names a payment."""

    payment: Text = attrs.field(metadata=about("Number or id.", "PAY-S001-000042"))


@attrs.frozen(kw_only=True)
class VoidPayment:
    """Takes a payment of the day back, at the register that took it."""

    payment: Text = attrs.field(metadata=about("Number or id.", "PAY-S001-000042"))
    store: Reference | None = attrs.field(
        default=None, metadata=about("Number or id of the store; that of the payment where it is left out.")
    )
    reference: Text | None = attrs.field(default=None, metadata=about("Why, or a reference."))


@attrs.frozen(kw_only=True)
class ListPayments(PageRequest):
    """Asks for payments, newest first."""

    customer: Reference | None = attrs.field(default=None, metadata=about("Only those of one customer, by number or id."))
    tender: Code | None = attrs.field(default=None, metadata=about("Only those by one tender."))
    store: Reference | None = attrs.field(default=None, metadata=about("Only those of one store, by number or id."))
    from_date: Date | None = attrs.field(default=None, metadata=about("Only from this date on."))
    to_date: Date | None = attrs.field(default=None, metadata=about("Only up to this date."))


@attrs.frozen(kw_only=True)
class ListTenders(PageRequest):
    """Asks for the ways to pay."""


@attrs.frozen(kw_only=True)
class TenderView:
    """A way to pay; `account` is its clearing account, null where none plays that role yet."""

    tender: str
    name: str
    takes: bool
    refunds: bool
    change: bool
    reverses: bool
    later: bool
    on_account: bool
    processor: bool
    account: str | None
