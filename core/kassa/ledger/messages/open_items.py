"""Requests and views of the subledger: open items of customers and their settlement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Amount, Date, DecimalText, Identifier, Items, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference


@attrs.frozen(kw_only=True)
class ListOpenItems(PageRequest):
    """Asks for what a customer owes and is owed, oldest first."""

    customer: Reference = attrs.field(metadata=about("Number or id of the customer.", "C0001"))
    due_before: Date | None = attrs.field(default=None, metadata=about("Only items that are due before this date."))


@attrs.frozen(kw_only=True)
class OpenItemView:
    """What one document left open: positive is owed by the customer, negative is owed to the customer."""

    id: Identifier
    number: str | None
    kind: str
    type: str
    date: Date
    due_date: Date
    currency: str
    amount: DecimalText
    open: DecimalText
    dimensions: Mapping[str, str]


@attrs.frozen(kw_only=True)
class BalanceView:
    """The sum of a party's open items in one currency."""

    currency: str
    open: DecimalText


@attrs.frozen(kw_only=True)
class OpenItemPage:
    """A page of a customer's open items, and the balance of all of them by currency."""

    customer: str
    balances: tuple[BalanceView, ...]
    items: tuple[OpenItemView, ...]
    next: str | None = None


@attrs.frozen(kw_only=True)
class PairRequest:
    """A debit and a credit to set against each other."""

    debit: Text = attrs.field(metadata=about("Number of the document that is owed, such as an invoice.", "INV-S001-000042"))
    credit: Text = attrs.field(metadata=about("Number of the document that is owed back, such as a payment or a credit note.", "CN-S001-000007"))
    amount: Amount | None = attrs.field(default=None, metadata=about("How much; as much as both have open where it is left out.", "25.00"))


@attrs.frozen(kw_only=True)
class Settle:
    """Sets open items of one customer against each other: the pairs named, or else oldest debits against oldest credits."""

    customer: Reference = attrs.field(metadata=about("Number or id of the customer.", "C0001"))
    pairs: Annotated[tuple[PairRequest, ...], Items(1, 500)] | None = attrs.field(
        default=None, metadata=about("What is set against what; all open items, oldest first, where it is left out; prepayments are then left alone.")
    )
    date: Date | None = attrs.field(default=None, metadata=about("Date of the settlement; today where it is left out."))


@attrs.frozen(kw_only=True)
class SettledPairView:
    """A debit and a credit that were set against each other."""

    debit: str | None
    credit: str | None
    currency: str
    amount: DecimalText


@attrs.frozen(kw_only=True)
class SettlementView:
    """A settlement of open items."""

    id: Identifier
    number: str | None
    customer: str
    date: Date
    pairs: tuple[SettledPairView, ...]
