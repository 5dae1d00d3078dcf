"""Posting: the small language in which rules book. Amounts are minor units, debit positive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kassa.kernel.plan import Claim, Row
from kassa.kernel.values import Minor
from kassa.ledger.documents import Books, DimensionSet, Entry, Settle, Voucher
from kassa.ledger.models import DimensionSetRow
from kassa.ledger.rates import accounting_value


class Booking:
    """Gathers the entries of one rule for one document; those on the same side of an account with the same dimensions are added up.

    What a document debits and what it credits on one account stay apart: goods sold and goods taken back are two entries on
    revenue. Amounts are in the currency of the document (`document.currency`, where it has one), or in `currency`: the value of
    goods is always in that of the books. Of another currency each entry is converted at the rate of the document's date, or at
    `rate`; what rounding leaves over goes to the role `currency_rounding`, so a booking balances in both currencies by itself.
    """

    __slots__ = ("_books", "_correction", "_currency", "_document", "_entries", "_rate")

    def __init__(
        self, document: Any, books: Books, *, correction: bool = False, currency: str | None = None, rate: int | None = None
    ) -> None:
        self._document = document
        self._books = books
        self._correction = correction
        self._currency: str = currency or getattr(document, "currency", None) or books.currency
        self._rate = rate
        self._entries: dict[tuple[str, DimensionSet, bool], int] = {}

    def debit(self, role: str, amount: Minor, dimensions: DimensionSet, selector: str = "") -> None:
        """Debit the account of a role; a negative amount credits it, 0 books nothing."""
        if amount:
            self.debit_account(self._books.account(role, selector), amount, dimensions)

    def credit(self, role: str, amount: Minor, dimensions: DimensionSet, selector: str = "") -> None:
        """Credit the account of a role; a negative amount debits it, 0 books nothing."""
        self.debit(role, -amount, dimensions, selector)

    def debit_account(self, account_id: str, amount: Minor, dimensions: DimensionSet) -> None:
        """Debit an account by its id; a negative amount credits it, 0 books nothing."""
        if amount:
            place = (account_id, dimensions, amount > 0)
            self._entries[place] = self._entries.get(place, 0) + amount

    def effects(self) -> list[Any]:
        """Give the voucher (once a document, the core sees to that), new dimension sets, and the entries.

        Raises Refused (LEDGER_RATE_MISSING) where another currency has no rate on the date.
        """
        if not self._entries:
            return []
        document, books, code = self._document, self._books, self._currency
        rate = None if code == books.currency else self._rate or books.rate(code, document.date)
        effects = voucher(document, books, rate)
        effects += new_dimension_sets((place[1] for place in self._entries), books)
        if rate is None:
            for (account_id, dimensions, _), amount in self._entries.items():
                effects.append(Entry(account_id, amount, dimensions, code, amount, self._correction))
        else:
            effects += self._converted(rate)
        return effects

    def _converted(self, rate: int) -> list[Entry]:
        books, code = self._books, self._currency
        entries = [
            Entry(account_id, accounting_value(amount, code, books.currency, rate), dimensions, code, amount, self._correction)
            for (account_id, dimensions, _), amount in self._entries.items()
        ]
        return [*entries, *rounding(entries, books)]


def rounding(entries: Sequence[Entry], books: Books) -> list[Entry]:
    """Give the entry that takes up what converting entry by entry left over; none where the amounts are not balanced themselves."""
    left: Minor = sum(entry.amount for entry in entries)
    unbalanced: Minor = sum(entry.transaction_amount for entry in entries)
    if not left or unbalanced:
        return []
    first = entries[0]
    return [Entry(books.account("currency_rounding"), -left, first.dimensions, first.currency, 0)]


def voucher(document: Any, books: Books, rate: int | None = None) -> list[Any]:
    """Give the voucher of a document that books; where its date has no period, the core's check of the plan says so."""
    period = books.period(document.date)
    return [Voucher(document.legal_entity_id, document.date, books.currency, period.id if period is not None else "", rate)]


def new_dimension_sets(sets: Iterable[DimensionSet], books: Books) -> list[Any]:
    """Give the rows of dimension sets that the books do not know yet."""
    return [
        Row(DimensionSetRow, {"id": dimensions.id, "canonical": dimensions.canonical})
        for dimensions in dict.fromkeys(sets)
        if dimensions.id not in books.dimension_sets
    ]


def settle(
    *, legal_entity_id: str, debit_item_id: str, credit_item_id: str, amount: Minor, date: str, stored: frozenset[str] = frozenset()
) -> list[Any]:
    """Settle a debit with a credit; items that are `stored` already are claimed, so none is settled below zero.

    A negative amount takes back what was settled before; no more is open afterwards than the amount of the item.
    """
    undone = "" if amount > 0 else "_undone"
    effects: list[Any] = [
        Settle(legal_entity_id=legal_entity_id, debit_item_id=debit_item_id, credit_item_id=credit_item_id, amount=amount, date=date)
    ]
    if debit_item_id in stored:
        effects.append(Claim("ledger.open_item", (debit_item_id,), {"open": -amount}, bound=f"debit{undone}"))
    if credit_item_id in stored:
        effects.append(Claim("ledger.open_item", (credit_item_id,), {"open": amount}, bound=f"credit{undone}"))
    return effects
