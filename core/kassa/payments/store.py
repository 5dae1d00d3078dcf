"""Rows of payments, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.tables import Table
from kassa.payments.documents import DepositMove, DrawerMovement, Intent, Payment, PaymentSource, RefundOrder
from kassa.payments.models import DepositItemRow, DepositMoveRow, DrawerRow, IntentRow, PaymentRow, RefundOrderRow

Rows = Iterable[tuple[type[Table], tuple[Any, ...]]]
DOCUMENT = "d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, d.corrects_id"
NAMES = ("id", "type", "legal_entity_id", "store_id", "register", "state", "version", "date", "occurred_at", "corrects_id")
PAYMENTS = (
    f"SELECT {DOCUMENT}, p.tender, p.currency, p.amount, p.rounding, p.party_type, p.party_id, p.reference, coalesce(i.id, d.id), t.order_id, "
    "coalesce(s.number, ''), p.source_id, o.tender, o.amount + o.rounding, o.source_id FROM kernel_document d "
    "JOIN payments_payment p ON p.document_id = d.id LEFT JOIN ledger_open_item i ON i.document_id = d.id "
    "LEFT JOIN payments_deposit_item t ON t.document_id = d.id LEFT JOIN org_store s ON s.id = d.store_id "
    "LEFT JOIN payments_payment o ON o.document_id = p.source_id WHERE d.id IN {keys}"
)
MOVES = (
    f"SELECT {DOCUMENT}, m.order_id, m.to_order_id, m.currency, m.amount, m.note, i.party_type, i.party_id, i.id, coalesce(s.number, ''), "
    "t.open_item_id FROM kernel_document d JOIN payments_deposit_move m ON m.document_id = d.id "
    "JOIN ledger_open_item i ON i.document_id = d.id AND i.amount > 0 LEFT JOIN payments_deposit_item t ON t.document_id = d.id "
    "LEFT JOIN org_store s ON s.id = d.store_id WHERE d.id IN {keys}"
)
ANSWERED = "(SELECT max(r.reference) FROM payments_intent_result r WHERE r.intent_id = {0} AND r.outcome = 'approved')"
INTENTS = (
    f"SELECT {DOCUMENT}, n.port, n.tender, n.currency, n.amount, n.token, n.payment_id, n.parent_id, n.expires_at, {ANSWERED.format('n.document_id')}, "
    f"{ANSWERED.format('n.parent_id')} FROM kernel_document d JOIN payments_intent n ON n.document_id = d.id WHERE d.id IN {{keys}}"
)
REFUND_ORDERS = (
    f"SELECT {DOCUMENT}, r.tender, r.currency, r.amount, r.party_type, r.party_id, coalesce(s.number, ''), r.credit_item_id, r.source_id, "
    "r.reference FROM kernel_document d JOIN payments_refund_order r ON r.document_id = d.id LEFT JOIN org_store s ON s.id = d.store_id "
    "WHERE d.id IN {keys}"
)
DRAWER = (
    f"SELECT {DOCUMENT}, m.tender, m.currency, m.amount, coalesce(s.number, ''), m.note FROM kernel_document d "
    "JOIN payments_drawer_movement m ON m.document_id = d.id LEFT JOIN org_store s ON s.id = d.store_id WHERE d.id IN {keys}"
)


def _shared(row: Sequence[Any]) -> tuple[dict[str, Any], Sequence[Any]]:
    """Divide a row into the fields that every document has, and the rest."""
    return dict(zip(NAMES, row, strict=False)), row[len(NAMES) :]


def payment_rows(document: Payment) -> Rows:
    """Turn a payment into its row, and a deposit into that of its open item too."""
    yield (
        PaymentRow,
        (
            document.id, document.legal_entity_id, document.tender, document.currency, document.amount, document.rounding,
            document.party_type, document.party_id, document.reference, document.source.id if document.source is not None else None,
        ),
    )  # fmt: skip
    if document.order_id is not None:
        yield DepositItemRow, (document.open_item_id, document.id, document.order_id)


def load_payments(read: Reader, ids: Sequence[str]) -> Mapping[str, Payment]:
    """Read payments by id."""
    found = {}
    for row in read.rows_for(PAYMENTS, ids):
        shared, rest = _shared(row)
        source = PaymentSource(rest[10], rest[11], rest[12], rest[13]) if rest[10] is not None else None
        found[row[0]] = Payment(
            **shared, tender=rest[0], currency=rest[1], amount=rest[2], rounding=rest[3], party_type=rest[4], party_id=rest[5],
            reference=rest[6], open_item_id=rest[7], order_id=rest[8], store_number=rest[9], source=source,
        )  # fmt: skip
    return found


def move_rows(document: DepositMove) -> Rows:
    """Turn the move of a deposit into its row, and into that of the open item that comes to the other order."""
    yield (
        DepositMoveRow,
        (
            document.id, document.legal_entity_id, document.order_id, document.to_order_id, document.currency, document.amount,
            document.note,
        ),
    )  # fmt: skip
    if document.to_order_id is not None:
        yield DepositItemRow, (document.in_item_id, document.id, document.to_order_id)


def load_moves(read: Reader, ids: Sequence[str]) -> Mapping[str, DepositMove]:
    """Read moves of deposits by id."""
    found = {}
    for row in read.rows_for(MOVES, ids):
        shared, rest = _shared(row)
        found[row[0]] = DepositMove(
            **shared, order_id=rest[0], to_order_id=rest[1], currency=rest[2], amount=rest[3], note=rest[4], party_type=rest[5],
            party_id=rest[6], out_item_id=rest[7], store_number=rest[8], in_item_id=rest[9] or "",
        )  # fmt: skip
    return found


def intent_rows(document: Intent) -> Rows:
    """Turn an intent into its row; answers are rows of their own."""
    yield (
        IntentRow,
        (
            document.id, document.legal_entity_id, document.port, document.tender, document.currency, document.amount, document.token,
            document.payment_id, document.parent_id, document.expires_at,
        ),
    )  # fmt: skip


def load_intents(read: Reader, ids: Sequence[str]) -> Mapping[str, Intent]:
    """Read intents by id, with what the processor calls what it did."""
    found = {}
    for row in read.rows_for(INTENTS, ids):
        shared, rest = _shared(row)
        found[row[0]] = Intent(
            **shared, port=rest[0], tender=rest[1], currency=rest[2], amount=rest[3], token=rest[4], payment_id=rest[5], parent_id=rest[6],
            expires_at=rest[7], processor_reference=rest[8], parent_reference=rest[9],
        )  # fmt: skip
    return found


def refund_order_rows(document: RefundOrder) -> Rows:
    """Turn the order of a refund into its row."""
    yield (
        RefundOrderRow,
        (
            document.id, document.legal_entity_id, document.tender, document.currency, document.amount, document.party_type,
            document.party_id, document.credit_item_id, document.source_id, document.reference,
        ),
    )  # fmt: skip


def load_refund_orders(read: Reader, ids: Sequence[str]) -> Mapping[str, RefundOrder]:
    """Read orders of refunds by id."""
    found = {}
    for row in read.rows_for(REFUND_ORDERS, ids):
        shared, rest = _shared(row)
        found[row[0]] = RefundOrder(
            **shared, tender=rest[0], currency=rest[1], amount=rest[2], party_type=rest[3], party_id=rest[4], store_number=rest[5],
            credit_item_id=rest[6], source_id=rest[7], reference=rest[8],
        )  # fmt: skip
    return found


def drawer_rows(document: DrawerMovement) -> Rows:
    """Turn a movement of a drawer into its row."""
    yield DrawerRow, (document.id, document.legal_entity_id, document.tender, document.currency, document.amount, document.note)


def load_drawer(read: Reader, ids: Sequence[str]) -> Mapping[str, DrawerMovement]:
    """Read movements of drawers by id."""
    found = {}
    for row in read.rows_for(DRAWER, ids):
        shared, rest = _shared(row)
        found[row[0]] = DrawerMovement(**shared, tender=rest[0], currency=rest[1], amount=rest[2], store_number=rest[3], note=rest[4])
    return found
