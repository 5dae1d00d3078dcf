"""Undoing settlements: a document that opens again what another document settled."""

from __future__ import annotations

from collections.abc import Sequence

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import AmbiguousKey, Issue, NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result
from kassa.kernel.plan import Key
from kassa.ledger.documents import Pair
from kassa.ledger.facts import open_items_by_id
from kassa.ledger.messages import open_items as messages
from kassa.ledger.operations.open_items import pair_views, settlement, settlement_view
from kassa.ledger.parties import Party, party_of
from kassa.org import facts as org

_HELD = "SELECT n.document_id FROM kernel_document_key n WHERE n.legal_entity_id = ? AND n.value = ?"
SETTLED_BY = (
    "SELECT s.document_id, s.debit_item_id, s.credit_item_id, s.amount, i.party_type, i.party_id FROM ledger_settlement s "
    "JOIN ledger_open_item i ON i.id = s.debit_item_id WHERE s.legal_entity_id = ? AND s.document_id "
)
BY_KEY = f"{SETTLED_BY} IN ({_HELD} AND n.identifying UNION {_HELD} AND NOT n.identifying) ORDER BY s.document_id, s.number"
BY_ID = f"{SETTLED_BY} = ? ORDER BY s.document_id, s.number"
UNDONE = "SELECT document_id FROM kernel_document_key WHERE legal_entity_id = ? AND value = ? AND identifying"


def undone_key(document_id: str) -> Key:
    """Name the document that undoes the settlements of another, so that they are undone once."""
    return Key("undoes", f"undoes:{document_id}")


def settled_by(context: Context, legal_entity_id: str, reference: str) -> list[Sequence[str]]:
    """Read what a document settled: its id, debit, credit, amount and party; NotFound where it settled nothing."""
    if id_or_none(reference) == reference:
        rows = context.read.rows(BY_ID, (legal_entity_id, reference))
    else:
        rows = context.read.rows(BY_KEY, (legal_entity_id, *(legal_entity_id, reference) * 2))
    if not rows:
        raise NotFound("document that settled anything", reference)
    if len({row[0] for row in rows}) > 1:
        raise AmbiguousKey(reference, sorted({row[0] for row in rows}))
    return list(rows)


def undo_settlement(command: messages.UndoSettlement, context: Context) -> Result:
    """Plan that what a document settled is open again; gains and losses of exchange go back with it."""
    entity = org.legal_entity(context)
    rows = settled_by(context, entity.id, command.document)
    document_id, party_type, party_id = rows[0][0], rows[0][4], rows[0][5]
    context.refuse(undo_issues(context, entity.id, document_id, rows))
    party = _party(context, entity.id, party_type, party_id)
    pairs = [Pair(debit, credit, -int(amount)) for _, debit, credit, amount, *_ in rows]
    items = open_items_by_id(context, sorted({item for pair in pairs for item in (pair.debit_item_id, pair.credit_item_id)}))
    document = settlement(context, party, pairs, command.date, type="undo", corrects_id=document_id, keys=(undone_key(document_id),))
    (posted,) = context.step("settlement", "post", [document])
    shown = pair_views(pairs, items)
    return Result(view=lambda numbers: settlement_view(posted, party, shown, numbers.get(posted.id)), document_id=posted.id, version=1)


def undo_issues(context: Context, legal_entity_id: str, document_id: str, rows: Sequence[Sequence[object]]) -> list[Issue]:
    """Tell why the settlements of a document cannot be undone: they were, or they undo others themselves."""
    before = context.read.value(UNDONE, (legal_entity_id, undone_key(document_id).value))
    if before is not None:
        message = f"What this document settled was opened again already, by {before}."
        return [Issue(code="LEDGER_SETTLEMENT_UNDONE", message=message, pointer="/document", got=document_id)]
    if any(int(str(row[3])) < 0 for row in rows):
        message = "This document undoes a settlement itself. Settle the items anew instead."
        return [Issue(code="LEDGER_SETTLEMENT_UNDONE", message=message, pointer="/document", got=document_id)]
    return []


def _party(context: Context, legal_entity_id: str, party_type: str, party_id: str) -> Party:
    if party_type == "customer":
        return party_of(party_id, None, context)
    if party_type == "vendor":
        return party_of(None, party_id, context)
    store = org.store_of(context, legal_entity_id, party_id)
    return Party(legal_entity_id, party_type, store.id, store.number, store.name, store.currency)


OPERATIONS = (
    Operation(
        name="ledger.undo_settlement",
        summary="Undo what a document settled",
        description="Opens the items again that a settlement or payment set against each other, by a document of its own; once for each document.",
        effect="post",
        http=Http(method="POST", path="/ledger/settlements/{document}/undo", status=201),
        request=messages.UndoSettlement,
        response=messages.SettlementView,
        permission="ledger.settle",
        handler=undo_settlement,
        rules=("INV-15",),
        example={},
    ),
)
