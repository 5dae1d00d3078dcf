"""Reversing: what a document booked, opened and settled, taken back by a journal that points to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Definition
from kassa.kernel.errors import Issue
from kassa.kernel.keys import numbers_of
from kassa.kernel.plan import Key
from kassa.kernel.values import new_id
from kassa.ledger.documents import DimensionSet, Entry, Journal, OpenBalance, OpenItem, Pair
from kassa.ledger.facts import open_items_by_id
from kassa.org import facts as org

DIFFERENCES = "ledger.exchange_differences"
VOUCHER = (
    "SELECT v.legal_entity_id, v.rate, d.kind, d.store_id, d.register FROM ledger_voucher v JOIN kernel_document d ON d.id = v.document_id "
    "WHERE v.document_id = ?"
)
ENTRIES = (
    "SELECT e.account_id, e.amount, e.dimension_set_id, s.canonical, e.currency, e.transaction_amount FROM ledger_entry e "
    "LEFT JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE e.document_id = ? AND e.rule <> ? ORDER BY e.number"
)
ITEMS = "SELECT id, party_type, party_id, type, currency, amount, due_date, dimension_set_id FROM ledger_open_item WHERE document_id = ? ORDER BY id"
SETTLED = "SELECT debit_item_id, credit_item_id, amount FROM ledger_settlement WHERE document_id = ? ORDER BY number"
HELD = "SELECT document_id FROM kernel_document_key WHERE legal_entity_id = ? AND value = ? AND identifying"


class Reversible(Definition):
    """A kind of document, by its name, whose voucher may be reversed: all that it did stands in the ledger."""


def reverses_key(document_id: str) -> Key:
    """Name the journal that reverses a document, so that it is reversed once."""
    return Key("reverses", f"reverses:{document_id}")


def reversal_of(
    context: Context, document_id: str, *, description: str, date: str | None = None, correction: bool = False, by_owner: bool = False
) -> Journal:
    """Make the journal that takes back what a document booked: entries, open items, and what it settled.

    Refused (LEDGER_NOT_REVERSIBLE) where its kind does more than book, where it is reversed already, or where somebody else
    settled what it opened: that settlement is undone first. `by_owner`: the owner of the kind takes care of what it did besides.
    """
    row = context.read.row(VOUCHER, (document_id,))
    assert row is not None, "the caller found the voucher"
    legal_entity_id, rate, kind, store_id, register = row
    undone = _undone(context, legal_entity_id, document_id)
    context.refuse(_forbidden(context, legal_entity_id, document_id, kind, by_owner=by_owner))
    items = context.read.rows(ITEMS, (document_id,))
    stored = open_items_by_id(
        context, sorted({row[0] for row in items} | {item for pair in undone for item in (pair.debit_item_id, pair.credit_item_id)})
    )
    context.refuse(_settled_elsewhere(items, undone, stored))
    entity = org.legal_entity(context, legal_entity_id)
    day = date or date_of(context.now, entity.time_zone)
    opposite = [_opposite(row, legal_entity_id, day, context) for row in items if row[5]]
    pairs = [*undone, *(_pair(row[0], item) for row, item in zip([row for row in items if row[5]], opposite, strict=True))]
    entries = tuple(
        Entry(account_id, -amount, DimensionSet(set_id, canonical or ""), code, -transaction_amount, correction)
        for account_id, amount, set_id, canonical, code, transaction_amount in context.read.rows(ENTRIES, (document_id, DIFFERENCES))
    )
    return Journal(
        id=new_id(), type="reversal", legal_entity_id=legal_entity_id, store_id=store_id, register=register, state="new", date=day,
        occurred_at=context.now, corrects_id=document_id, keys=(reverses_key(document_id),), currency=_currency(entries, entity.currency),
        description=description, rate=rate, entries=entries, items=tuple(opposite), pairs=tuple(pairs), stored=frozenset(stored),
    )  # fmt: skip


def _currency(entries: Sequence[Entry], accounting: str) -> str:
    """Name the currency of a voucher: the foreign one, where there is one."""
    return next((entry.currency for entry in entries if entry.currency != accounting), accounting)


def _forbidden(context: Context, legal_entity_id: str, document_id: str, kind: str, *, by_owner: bool) -> list[Issue]:
    known = [found.name for found in context.registry.all(Reversible)]
    if kind not in known and not by_owner:
        message = f"A {kind.replace('_', ' ')} does more than book, so its voucher is not reversed by itself. Correct it by a document of its kind."
        return [_issue(message, {"kind": ", ".join(known)}, kind)]
    holder = context.read.value(HELD, (legal_entity_id, reverses_key(document_id).value))
    if holder is not None:
        number = numbers_of(context.read, [holder]).get(holder, holder)
        return [_issue(f"This voucher was reversed already, by {number}.", None, number)]
    return []


def _issue(message: str, expected: dict[str, str] | None, got: str) -> Issue:
    return Issue(code="LEDGER_NOT_REVERSIBLE", message=message, pointer="/voucher", expected=expected, got=got)


def _undone(context: Context, legal_entity_id: str, document_id: str) -> list[Pair]:
    """List what the document settled itself and nobody opened again, as pairs that undo it."""
    if context.read.value(HELD, (legal_entity_id, f"undoes:{document_id}")) is not None:
        return []
    return [Pair(debit, credit, -int(amount)) for debit, credit, amount in context.read.rows(SETTLED, (document_id,)) if amount > 0]


def _settled_elsewhere(items: Sequence[Any], undone: Sequence[Pair], stored: dict[str, OpenBalance]) -> list[Issue]:
    """Find items of the document that somebody else settled."""
    left = {item_id: item.open for item_id, item in stored.items()}
    for pair in undone:
        left[pair.debit_item_id] -= pair.amount
        left[pair.credit_item_id] += pair.amount
    return [
        Issue(
            code="LEDGER_ITEM_SETTLED",
            message="What this document opened was settled by another. Undo that settlement first (ledger.undo_settlement).",
            pointer="/voucher",
            got=row[0],
        )
        for row in items
        if left[row[0]] != row[5]
    ]


def _opposite(row: Any, legal_entity_id: str, date: str, context: Context) -> OpenItem:
    _, party_type, party_id, item_type, code, amount, due_date, set_id = row
    canonical = context.read.value("SELECT canonical FROM ledger_dimension_set WHERE id = ?", (set_id,))
    return OpenItem(
        id=new_id(), legal_entity_id=legal_entity_id, party_type=party_type, party_id=party_id, type=item_type, currency=code,
        amount=-amount, date=date, due_date=due_date, dimensions=DimensionSet(set_id, str(canonical or "")),
    )  # fmt: skip


def _pair(item_id: str, opposite: OpenItem) -> Pair:
    if opposite.amount < 0:
        return Pair(item_id, opposite.id, -opposite.amount)
    return Pair(opposite.id, item_id, opposite.amount)
