"""Rules of payments: the tender's clearing account against the customer, an open item, and what it settles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.stages import Facts
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books, OpenItem
from kassa.ledger.postings import Booking, settle
from kassa.payments.documents import Payment, TenderType


def check_tender(document: Payment, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that the tender exists and may be taken or paid out."""
    tender = context.registry.find(TenderType, document.tender)
    if tender is None:
        names = ", ".join(found.name for found in context.registry.all(TenderType))
        yield Issue(
            code="PAYMENT_TENDER_UNKNOWN", message=f"There is no tender {document.tender!r}. Use one of {names}.", pointer=document.pointer,
            expected={"tender": names}, got=document.tender,
        )  # fmt: skip
    elif not (tender.takes if document.amount > 0 else tender.refunds):
        act = "taken" if document.amount > 0 else "paid out"
        yield Issue(code="PAYMENT_TENDER_NOT_ALLOWED", message=f"{tender.summary} cannot be {act}. Use another tender.", pointer=document.pointer)


def book(document: Payment, facts: Facts, context: Any) -> Iterable[Any]:
    """Book the tender's clearing account against receivables (E1, E2 of the worked examples)."""
    dimensions = dimensions_of(document, context)
    booking = Booking(document, facts.of(Books))
    booking.debit("tender", document.amount, dimensions, document.tender)
    booking.credit("receivable", document.amount, dimensions)
    return booking.effects()


def open_item(document: Payment, facts: Facts, context: Any) -> Iterable[Any]:
    """Open the payment on the party's account: a payment received is a credit (negative)."""
    return [
        OpenItem(
            id=document.open_item_id, legal_entity_id=document.legal_entity_id, party_type=document.party_type, party_id=document.party_id,
            type="payment", currency=document.currency, amount=-document.amount, date=document.date, due_date=document.date,
            dimensions=dimensions_of(document, context),
        )
    ]  # fmt: skip


def settlements(document: Payment, facts: Facts, context: Any) -> Iterable[Any]:
    """Settle what the payment was made for."""
    effects: list[Any] = []
    for item in document.settles:
        mine, other = document.open_item_id, item.open_item_id
        debit, credit = (other, mine) if document.amount > 0 else (mine, other)
        effects += settle(
            legal_entity_id=document.legal_entity_id, debit_item_id=debit, credit_item_id=credit, amount=item.amount, date=document.date,
            stored=frozenset((other,)) if item.stored else frozenset(),
        )  # fmt: skip
    return effects
