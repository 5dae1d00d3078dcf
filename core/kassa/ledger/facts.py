"""Facts of the ledger: the books of a legal entity, and the open items of a party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.ledger.documents import Books, OpenBalance, Period

OPEN_ITEMS = (
    'SELECT i.id, i.type, i.currency, i."open", i.date, k.value FROM ledger_open_item i '
    "LEFT JOIN kernel_document_key k ON k.document_id = i.document_id AND k.name = 'number' WHERE "
)
OF_PARTY = 'i.legal_entity_id = ? AND i.party_type = ? AND i.party_id = ? AND i."open" <> 0 ORDER BY i.date, i.id'


def books(context: Any, legal_entity_id: str) -> Books:
    """Give the books of a legal entity, cached until its accounts, roles, periods or dimension sets change."""
    found: Books = context.cached("ledger", "books", legal_entity_id, _load_books)
    return found


def load_books(read: Reader, documents: Sequence[Any], context: Any) -> Mapping[str, Books]:
    """Give each document the books of its legal entity."""
    return {document.id: books(context, document.legal_entity_id) for document in documents}


def _load_books(read: Reader, legal_entity_id: str) -> Books:
    key = (legal_entity_id,)
    roles = read.rows("SELECT role, selector, account_id FROM ledger_account_role WHERE legal_entity_id = ?", key)
    accounts = read.rows("SELECT id, number, name, active FROM ledger_account WHERE legal_entity_id = ?", key)
    periods = read.rows("SELECT id, first_date, last_date, status FROM ledger_period WHERE legal_entity_id = ? ORDER BY first_date", key)
    currency = read.value("SELECT currency FROM org_legal_entity WHERE id = ?", key)
    return Books(
        legal_entity_id=legal_entity_id,
        currency=str(currency),
        accounts={(role, selector): account_id for role, selector, account_id in roles},
        names={account_id: f"{number} {name}" for account_id, number, name, _ in accounts},
        inactive=frozenset(account_id for account_id, _, _, active in accounts if not active),
        periods=tuple(Period(*row) for row in periods),
        dimension_sets=frozenset(row[0] for row in read.rows("SELECT id FROM ledger_dimension_set")),
    )


def open_items(context: Any, legal_entity_id: str, party_type: str, party_id: str) -> list[OpenBalance]:
    """List what a party owes and is owed, oldest first; minor units, debit positive."""
    return [OpenBalance(*row) for row in context.read.rows(OPEN_ITEMS + OF_PARTY, (legal_entity_id, party_type, party_id))]


def open_items_by_id(context: Any, ids: Sequence[str]) -> dict[str, OpenBalance]:
    """Read open items by id."""
    return {row[0]: OpenBalance(*row) for row in context.read.rows_for(f"{OPEN_ITEMS}i.id IN {{keys}}", ids)}
