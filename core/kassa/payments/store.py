"""Rows of payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.tables import Table
from kassa.payments.documents import Payment
from kassa.payments.models import PaymentRow

PAYMENTS = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, p.tender, "
    "p.currency, p.amount, p.party_type, p.party_id, p.reference, coalesce(i.id, d.id) FROM kernel_document d "
    "JOIN payments_payment p ON p.document_id = d.id LEFT JOIN ledger_open_item i ON i.document_id = d.id WHERE d.id IN {keys}"
)


def payment_rows(document: Payment) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a payment into its row."""
    yield (
        PaymentRow,
        (
            document.id, document.legal_entity_id, document.tender, document.currency, document.amount, document.party_type,
            document.party_id, document.reference,
        ),
    )  # fmt: skip


def load_payments(read: Reader, ids: Sequence[str]) -> Mapping[str, Payment]:
    """Read payments by id."""
    return {
        row[0]: Payment(
            id=row[0], type=row[1], legal_entity_id=row[2], store_id=row[3], register=row[4], state=row[5], version=row[6], date=row[7],
            occurred_at=row[8], tender=row[9], currency=row[10], amount=row[11], party_type=row[12], party_id=row[13], reference=row[14],
            open_item_id=row[15],
        )
        for row in read.rows_for(PAYMENTS, ids)
    }  # fmt: skip
