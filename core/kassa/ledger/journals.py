"""Rules of journals: lines that balance, their entries, and what a reversal opens and settles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.stages import Facts
from kassa.kernel.values import format_minor
from kassa.ledger.documents import Books, Entry, Journal
from kassa.ledger.postings import new_dimension_sets, rounding, settle, voucher
from kassa.ledger.rates import accounting_value

CONTROLLED = "SELECT DISTINCT account_id, role FROM ledger_account_role_history WHERE legal_entity_id = ?"


def check_lines(document: Journal, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that the lines of a journal balance and that each books something."""
    for line in document.lines:
        if not line.amount:
            yield Issue(
                code="LEDGER_JOURNAL_LINE", message=f"Line {line.number} books nothing. Give an amount, or leave the line out.",
                pointer=f"/lines/{line.number - 1}/amount",
            )  # fmt: skip
    left = sum(line.amount for line in document.lines)
    if left:
        yield Issue(
            code="LEDGER_JOURNAL_UNBALANCED",
            message=f"Debits less credits leave {format_minor(left, document.currency)} {document.currency}; a journal balances.",
            pointer="/lines",
            expected={"sum": format_minor(0, document.currency)},
            got=format_minor(left, document.currency),
        )


def book(document: Journal, facts: Facts, context: Any) -> list[Any]:
    """Book the lines one by one, converted where the journal is in another currency; a reversal books its entries as they are."""
    known = facts.of(Books)
    foreign = document.currency != known.currency
    rate = (document.rate or known.rate(document.currency, document.date)) if foreign else None
    entries = list(document.entries)
    for line in document.lines:
        amount = line.amount if rate is None else accounting_value(line.amount, document.currency, known.currency, rate)
        entries.append(Entry(line.account_id, amount, line.dimensions, document.currency, line.amount))
    if not entries:
        return []
    if not document.entries:
        entries += rounding(entries, known)
    return [*voucher(document, known, rate), *new_dimension_sets((entry.dimensions for entry in entries), known), *entries]


def open_items(document: Journal, facts: Facts, context: Any) -> list[Any]:
    """Open the opposite of what the reversed document opened."""
    return list(document.items)


def settlements(document: Journal, facts: Facts, context: Any) -> list[Any]:
    """Undo what the reversed document settled, and settle what it opened with its opposite."""
    effects: list[Any] = []
    for pair in document.pairs:
        effects += settle(
            legal_entity_id=document.legal_entity_id, debit_item_id=pair.debit_item_id, credit_item_id=pair.credit_item_id,
            amount=pair.amount, date=document.date, stored=document.stored & {pair.debit_item_id, pair.credit_item_id},
        )  # fmt: skip
    return effects
