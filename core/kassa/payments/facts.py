"""Facts of payments: stored payments and intents by any of their names, and where an act takes place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.clock import date_of
from kassa.kernel.errors import Issue
from kassa.kernel.keys import find_document
from kassa.kernel.values import Minor, minor_of
from kassa.org import facts as org
from kassa.org.documents import LegalEntity, Store
from kassa.payments import store as rows
from kassa.payments.documents import Intent, Payment, PaymentSource, RefundOrder

INTENTS_OF = "SELECT document_id FROM payments_intent WHERE payment_id IN {keys}"
CHILDREN_OF = "SELECT document_id FROM payments_intent WHERE parent_id IN {keys}"


@attrs.frozen(kw_only=True)
class Place:
    """Where and when an act takes place: a store or, without one, the office of the legal entity."""

    entity: LegalEntity
    store: Store | None
    register: str
    date: str

    @property
    def header(self) -> dict[str, Any]:
        """Give the fields by which a document belongs to this place."""
        return {
            "legal_entity_id": self.entity.id,
            "store_id": self.store.id if self.store is not None else None,
            "register": self.register,
            "date": self.date,
            "state": "new",
        }

    @property
    def store_number(self) -> str:
        """Give the number of the store; empty in the office."""
        return self.store.number if self.store is not None else ""


def acting_place(context: Any, store: str | None, date: str | None = None, entity_id: str | None = None) -> Place:
    """Find where the actor acts; who may act anywhere and stands nowhere acts in the office."""
    entity = org.legal_entity(context, entity_id)
    actor = context.actor
    found = None
    if store is not None or actor.store_id is not None or actor.stores is not None:
        found = org.acting_store(context, store)
    return Place(
        entity=entity, store=found, register=actor.register or (found.number if found is not None else "office"),
        date=date or today(context, entity.id, found.id if found is not None else None),
    )  # fmt: skip


def today(context: Any, legal_entity_id: str, store_id: str | None) -> str:
    """Give the business date of a store, or of the office of a legal entity."""
    place = org.store(context, store_id) if store_id is not None else org.legal_entity(context, legal_entity_id)
    return date_of(context.now, place.time_zone)


def amount_of(asked: Any, currency: str, context: Any, pointer: str = "/amount") -> Minor:
    """Turn a decimal amount above 0 into minor units; Refused (PAYMENT_AMOUNT) for any other."""
    try:
        amount = minor_of(asked, currency)
    except ValueError as error:
        amount, words = 0, f"{error}"
    else:
        words = f"Expected an amount above 0; got {asked}. Money is paid out by a refund."
    if amount <= 0:
        context.refuse([Issue(code="PAYMENT_AMOUNT", message=words, pointer=pointer, got=str(asked))])
    return amount


def payment(context: Any, reference: str) -> Payment:
    """Read a payment of the legal entity by its number or id; NotFound where there is none."""
    found = find_document(context.read, "payment", org.legal_entity(context).id, reference)
    return rows.load_payments(context.read, [found])[found]


def source_of(found: Payment) -> PaymentSource:
    """Give a payment as what another one gives back."""
    return PaymentSource(found.id, found.tender, found.total, found.source.id if found.source is not None else None)


def intent(context: Any, reference: str) -> Intent:
    """Read an intent of the legal entity by its id; NotFound where there is none."""
    found = find_document(context.read, "payment_intent", org.legal_entity(context).id, reference)
    return rows.load_intents(context.read, [found])[found]


def intents_of(context: Any, payment_ids: Sequence[str]) -> list[Intent]:
    """Read the intents that carry payments out, in the order in which they were planned."""
    ids = [row[0] for row in context.read.rows_for(INTENTS_OF, payment_ids)]
    return sorted(rows.load_intents(context.read, ids).values(), key=lambda found: found.id)


def intents_after(context: Any, intent_id: str) -> list[Intent]:
    """Read the intents that follow one: the captures and the void of an authorisation, the refunds of a capture."""
    ids = [row[0] for row in context.read.rows_for(CHILDREN_OF, [intent_id])]
    return sorted(rows.load_intents(context.read, ids).values(), key=lambda found: found.id)


def refund_order(context: Any, reference: str) -> RefundOrder:
    """Read a refund that was ordered, by its id; NotFound where there is none."""
    found = find_document(context.read, "refund_order", org.legal_entity(context).id, reference)
    return rows.load_refund_orders(context.read, [found])[found]
