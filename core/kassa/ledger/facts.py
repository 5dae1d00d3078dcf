"""Facts of the ledger: the books of a legal entity, and the open items of a party."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.frozen import evolve
from kassa.ledger.documents import Books, OpenBalance, Period

RATES = "SELECT currency, from_date, rate FROM ledger_exchange_rate WHERE legal_entity_id = ? ORDER BY currency, from_date"
DEFAULTS = (
    "SELECT owner, owner_id, dimension, value FROM ledger_dimension_default WHERE legal_entity_id = ? AND owner IN ('store', 'warehouse') "
    "AND value <> ''"
)
PARTIES_WITH_DEFAULTS = (
    "SELECT DISTINCT owner FROM ledger_dimension_default WHERE legal_entity_id = ? AND owner IN ('customer', 'vendor') AND value <> ''"
)
OF_OWNER = (
    "SELECT dimension, value FROM ledger_dimension_default WHERE legal_entity_id = ? AND owner = ? AND owner_id = ? AND value <> '' "
    "ORDER BY dimension"
)
OPEN_ITEMS = (
    'SELECT i.id, i.type, i.currency, i."open", i.date, k.value, s.canonical, i.due_date, i.document_id FROM ledger_open_item i '
    "LEFT JOIN ledger_dimension_set s ON s.id = i.dimension_set_id LEFT JOIN kernel_document_key k ON k.document_id = i.document_id AND k.name = 'number' WHERE "
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
    rules = read.rows("SELECT account_id, dimension, rule FROM ledger_account_dimension WHERE legal_entity_id = ? AND rule <> 'free'", key)
    values = read.rows("SELECT dimension, value, active FROM ledger_dimension_value WHERE legal_entity_id = ?", key)
    rates: dict[str, list[tuple[str, int]]] = {}
    for code, from_date, rate in read.rows(RATES, key):
        rates.setdefault(code, []).append((from_date, rate))
    return Books(
        legal_entity_id=legal_entity_id,
        currency=str(currency),
        accounts={(role, selector): account_id for role, selector, account_id in roles},
        names={account_id: f"{number} {name}" for account_id, number, name, _ in accounts},
        inactive=frozenset(account_id for account_id, _, _, active in accounts if not active),
        periods=tuple(Period(*row) for row in periods),
        dimension_sets=frozenset(row[0] for row in read.rows("SELECT id FROM ledger_dimension_set")),
        rates={code: tuple(dated) for code, dated in rates.items()},
        dimension_values={(dimension, value): bool(active) for dimension, value, active in values},
        dimension_rules=_grouped((account_id, (dimension, rule)) for account_id, dimension, rule in rules),
        dimension_defaults=_grouped(((owner, owner_id), (name, value)) for owner, owner_id, name, value in read.rows(DEFAULTS, key)),
        party_defaults=frozenset(row[0] for row in read.rows(PARTIES_WITH_DEFAULTS, key)),
    )


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, tuple[Any, ...]]:
    found: dict[Any, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def party_dimensions(context: Any, legal_entity_id: str, party_type: str, party_id: str) -> tuple[tuple[str, str], ...]:
    """Give the dimension values by default of a party, cached until the ledger's reference data change."""
    if party_type not in books(context, legal_entity_id).party_defaults:
        return ()
    key = (legal_entity_id, party_type, party_id)
    found: tuple[tuple[str, str], ...] = context.cached("ledger", "party_dimensions", key, _load_party)
    return found


def _load_party(read: Reader, key: tuple[str, str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in read.rows(OF_OWNER, key))


def open_items(context: Any, legal_entity_id: str, party_type: str, party_id: str) -> list[OpenBalance]:
    """List what a party owes and is owed, oldest first; minor units, debit positive, less what this plan settles already."""
    rows = context.read.rows(OPEN_ITEMS + OF_PARTY, (legal_entity_id, party_type, party_id))
    return [item for item in projected(context, [OpenBalance(*row) for row in rows]) if item.open]


def open_items_by_id(context: Any, ids: Sequence[str]) -> dict[str, OpenBalance]:
    """Read open items by id, less what this plan settles already."""
    rows = context.read.rows_for(f"{OPEN_ITEMS}i.id IN {{keys}}", ids)
    return {item.id: item for item in projected(context, [OpenBalance(*row) for row in rows])}


def projected(context: Any, items: Sequence[OpenBalance]) -> list[OpenBalance]:
    """Take off what the steps before settled: the claims of the plan on items that are stored."""
    claimed = context.plan.claims.get("ledger.open_item", {})
    return [evolve(item, open=item.open + claimed[item.id,].amounts.get("open", 0)) if (item.id,) in claimed else item for item in items]
