"""Authorising cards before anything is planned: what `prepare` of an operation does for tenders that have a processor.

The authorisation is committed before the processor is asked, under a key made from that of the request. So the same request
sent again finds what the first one began, and what nobody uses is found and given back by `sending`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs

from kassa.kernel.errors import Unavailable
from kassa.payments.carrying import Authorised
from kassa.payments.documents import TenderType
from kassa.payments.sending import resolve, stored
from kassa.payments.workflow import WAITING

LOOKS = 2
REASON = "SELECT reason FROM payments_intent_result WHERE intent_id = ? ORDER BY id DESC LIMIT 1"


@attrs.frozen(kw_only=True)
class Tendered:
    """A payment that a request asks for, as far as a processor is concerned."""

    tender: str
    amount: Decimal
    token: str | None


def authorise_cards(tendered: Sequence[Tendered], store: str | None, engine: Any, request: Any) -> tuple[Authorised, ...]:
    """Hold the money of each payment by a tender with a processor; gives them by their place in the request.

    A preview asks no processor. Raises Unavailable where it is not known whether the money is held: the same request with the
    same key finds out.
    """
    if request.once is None:
        return ()
    found = []
    for place, asked in enumerate(tendered):
        tender = engine.registry.find(TenderType, asked.tender)
        if tender is not None and tender.port is not None and asked.token is not None and asked.amount > 0:
            found.append(_authorise(place, asked, store, engine, request))
    return tuple(found)


def _authorise(place: int, asked: Tendered, store: str | None, engine: Any, request: Any) -> Authorised:
    command = {"tender": asked.tender, "amount": f"{asked.amount:f}", "token": asked.token}
    if store is not None:
        command["store"] = store
    outcome = engine.perform(
        "payments.authorise", command, actor=request.actor, key=f"{request.once.key}:authorise:{place}",
        legal_entity_id=request.legal_entity_id, origin=request.origin, request_id=request.request_id,
    )  # fmt: skip
    held = stored(engine, outcome.document_id)
    for look in range(LOOKS):
        if held.state in WAITING:
            held = resolve(engine, held, fresh=look == 0 and held.state == "planned" and not outcome.replayed)
    if held.state in WAITING:
        raise Unavailable("The processor of the card does not answer. Send the same request with the same key again.")
    reason = None
    if held.state == "declined":
        with engine.database.snapshot() as read:
            reason = read.value(REASON, (held.id,))
    return Authorised(place, held.id, held.state, reason)


def of_place(prepared: Any, place: int) -> Authorised | None:
    """Give what `prepare` found out about the payment at a place of the request."""
    return next((found for found in prepared or () if found.place == place), None)
