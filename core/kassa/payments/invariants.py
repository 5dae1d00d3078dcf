"""What must hold of payments in any database: each is booked, and stands on the account of its party."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES
from kassa.ledger.invariants import ACCOUNTS_OF_ROLE

UNBOOKED = (
    "SELECT document_id, amount, booked FROM (SELECT p.document_id, p.amount, "
    "(SELECT coalesce(sum(x.transaction_amount), 0) FROM ledger_entry x WHERE x.document_id = p.document_id AND x.currency = p.currency "
    f"AND x.account_id IN ({ACCOUNTS_OF_ROLE})) AS booked FROM payments_payment p) t WHERE amount <> booked LIMIT ?"
)
UNOPENED = (
    "SELECT p.document_id, p.amount FROM payments_payment p WHERE (SELECT count(*) FROM ledger_open_item i WHERE i.document_id = p.document_id "
    "AND i.amount = -p.amount AND i.currency = p.currency AND i.party_type = p.party_type AND i.party_id = p.party_id) <> 1 LIMIT ?"
)


def unbooked(read: Any) -> Iterable[str]:
    """Find payments whose amount is not what they booked to the clearing account of a tender."""
    for document_id, amount, booked in read.rows(UNBOOKED, ("tender", SAMPLES)):
        yield f"payment {document_id}: it is of {amount} minor units, {int(booked)} are booked to tenders"


def unopened(read: Any) -> Iterable[str]:
    """Find payments that do not stand on their party's account exactly once, with the amount turned round."""
    for document_id, amount in read.rows(UNOPENED, (SAMPLES,)):
        yield f"payment {document_id}: it is of {amount} minor units, and its party has no open item of {-amount}"


INVARIANTS = (
    Invariant(name="payments.booked", summary="Every payment is booked to the clearing account of its tender.", find=unbooked),
    Invariant(name="payments.on_account", summary="Every payment opened on the account of its party.", find=unopened),
)
