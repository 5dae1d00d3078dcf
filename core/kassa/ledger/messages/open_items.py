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
class ItemRequest:
    """An open item that takes part in a settlement, as far as it is open or by an amount."""

    item: Text = attrs.field(metadata=about("Number of its document, or the id of the item.", "INV-S001-000042"))
    amount: Amount | None = attrs.field(default=None, metadata=about("How much of it at most, without sign; all that is open if left out.", "25.00"))


@attrs.frozen(kw_only=True)
class Settle:
    """Sets open items of one party against each other: pairs, a set of items, or else oldest debits against oldest credits."""

    customer: Reference | None = attrs.field(default=None, metadata=about("Number or id of the customer; or else name a vendor.", "C0001"))
    vendor: Reference | None = attrs.field(default=None, metadata=about("Number or id of the vendor."))
    pairs: Annotated[tuple[PairRequest, ...], Items(1, 500)] | None = attrs.field(
        default=None, metadata=about("What is set against what; all open items, oldest first, where it is left out; prepayments are then left alone.")
    )
    items: Annotated[tuple[ItemRequest, ...], Items(2, 500)] | None = attrs.field(
        default=None, metadata=about("Which items take part, of both signs and one currency; oldest debits are set against oldest credits.")
    )
    date: Date | None = attrs.field(default=None, metadata=about("Date of the settlement; today where it is left out."))


@attrs.frozen(kw_only=True)
class UndoSettlement:
    """Opens again what a document settled."""

    document: Text = attrs.field(metadata=about("Number or id of the document that settled: a settlement, a payment.", "SET-office-000001"))
    date: Date | None = attrs.field(default=None, metadata=about("Date on which it is undone; today where it is left out."))


@attrs.frozen(kw_only=True)
class SettledPairView:
    """A debit and a credit that were set against each other; a negative amount was opened again."""

    debit: str | None
    credit: str | None
    currency: str
    amount: DecimalText


@attrs.frozen(kw_only=True)
class SettlementView:
    """A settlement of open items, or the undoing of one; of a customer or of a vendor."""

    id: Identifier
    number: str | None
    customer: str | None
    vendor: str | None
    date: Date
    pairs: tuple[SettledPairView, ...]
