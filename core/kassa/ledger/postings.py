"""Posting: the small language in which rules book. Amounts are minor units, debit positive."""

from __future__ import annotations

from typing import Any

from kassa.kernel.plan import Claim, Row
from kassa.kernel.values import Minor
from kassa.ledger.documents import Books, DimensionSet, Entry, Settle, Voucher
from kassa.ledger.models import DimensionSetRow


class Booking:
    """Gathers the entries of one rule for one document; those on the same side of an account with the same dimensions are added up.

    What a document debits and what it credits on one account stay apart: goods sold and goods taken back are two entries on
    revenue. A document whose currency is the accounting currency books the same amount twice, once for each column.
    """

    __slots__ = ("_books", "_correction", "_document", "_entries")

    def __init__(self, document: Any, books: Books, *, correction: bool = False) -> None:
        self._document = document
        self._books = books
        self._correction = correction
        self._entries: dict[tuple[str, DimensionSet, bool], int] = {}

    def debit(self, role: str, amount: Minor, dimensions: DimensionSet, selector: str = "") -> None:
        """Debit the account of a role; a negative amount credits it, 0 books nothing."""
        if amount:
            place = (self._books.account(role, selector), dimensions, amount > 0)
            self._entries[place] = self._entries.get(place, 0) + amount

    def credit(self, role: str, amount: Minor, dimensions: DimensionSet, selector: str = "") -> None:
        """Credit the account of a role; a negative amount debits it, 0 books nothing."""
        self.debit(role, -amount, dimensions, selector)

    def effects(self) -> list[Any]:
        """Give the voucher (once a document, the core sees to that), new dimension sets, and the entries."""
        if not self._entries:
            return []
        document, books = self._document, self._books
        currency = books.currency
        period = books.period(document.date)
        # Where there is none, the core's check of the plan says so.
        effects: list[Any] = [Voucher(document.legal_entity_id, document.date, currency, period.id if period is not None else "")]
        for dimensions in dict.fromkeys(place[1] for place in self._entries):
            if dimensions.id not in books.dimension_sets:
                effects.append(Row(DimensionSetRow, {"id": dimensions.id, "canonical": dimensions.canonical}))
        for (account_id, dimensions, _), amount in self._entries.items():
            effects.append(Entry(account_id, amount, dimensions, currency, amount, self._correction))
        return effects


def settle(
    *, legal_entity_id: str, debit_item_id: str, credit_item_id: str, amount: Minor, date: str, stored: frozenset[str] = frozenset()
) -> list[Any]:
    """Settle a debit with a credit; items that are `stored` already are claimed, so none is settled below zero."""
    effects: list[Any] = [
        Settle(legal_entity_id=legal_entity_id, debit_item_id=debit_item_id, credit_item_id=credit_item_id, amount=amount, date=date)
    ]
    if debit_item_id in stored:
        effects.append(Claim("ledger.open_item", (debit_item_id,), {"open": -amount}, bound="debit"))
    if credit_item_id in stored:
        effects.append(Claim("ledger.open_item", (credit_item_id,), {"open": amount}, bound="credit"))
    return effects
