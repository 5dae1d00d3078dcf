"""Carrying payments out: the intents by which a processor captures, gives back and releases what payments say.

An intent is planned with the payment that it carries out and commits with it. It is sent afterwards, see `sending`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from kassa.kernel.errors import Issue
from kassa.kernel.plan import Event
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, format_minor, new_id
from kassa.payments import facts
from kassa.payments.documents import Intent, Payment, TenderType
from kassa.payments.tenders import tender_type

PLANNED = "payments.intent_planned"
OFF = "off"


@attrs.frozen
class Authorised:
    """What `prepare` found out about one payment of a request: by its place, the intent that holds the money, and its state."""

    place: int
    intent_id: str
    state: str
    reason: str | None = None


def announce(document: Intent, facts: Facts, context: Any) -> Iterable[Any]:
    """Announce an intent to whoever sends it; the refunds of a capture come behind it, in their order."""
    subject = document.parent_id if document.type == "refund" else document.id
    return [Event(PLANNED, {"intent": document.id, "action": document.type, "legal_entity": document.legal_entity_id}, subject)]


def check_processor(document: Payment, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that the processor of a tender is in use."""
    tender = tender_type(context, document.tender)
    if tender is None or tender.port is None or document.corrects_id is not None:
        return
    if context.setting("payments.processor", store_id=document.store_id) == OFF:
        yield processor_off(tender, document.pointer)


def processor_off(tender: TenderType, pointer: str) -> Issue:
    """Say that no processor is in use."""
    words = f"{tender.summary} needs a processor, and none is in use here. Set payments.processor to on once one is set up."
    return Issue(code="PAYMENT_PROCESSOR_OFF", message=words, pointer=pointer, got=tender.name)


def carry_out(payment: Payment, context: Any, authorised: Authorised | None = None) -> None:
    """Plan what the processor of a payment's tender has to do for it; nothing where it has none.

    Money that comes in is captured from its authorisation; a preview has none. Money that goes out is given back from the
    capture of the payment that it gives back.
    """
    tender = tender_type(context, payment.tender)
    if tender is None or tender.port is None or payment.forced:
        return
    if payment.total < 0:
        _give_back(payment, tender, context)
    elif payment.corrects_id is not None:
        words = f"What {tender.summary} gave back cannot be taken again without the card. Take a new payment."
        context.refuse([Issue(code="PAYMENT_TENDER_NOT_ALLOWED", message=words, pointer=payment.pointer)])
    elif not context.preview:
        _capture(payment, tender, authorised, context)


def _give_back(payment: Payment, tender: TenderType, context: Any) -> None:
    found = facts.intents_of(context, [payment.source.id]) if payment.source is not None else []
    captures = [intent for intent in found if intent.type == "capture"]
    if not captures:
        words = f"{tender.summary} gives back only what it took. Name the payment that is given back."
        context.refuse([Issue(code="PAYMENT_SOURCE_NEEDED", message=words, pointer=payment.pointer)])
    plan_intent(_follow(captures[0], "refund", -payment.amount, payment.id, context), context)


def _capture(payment: Payment, tender: TenderType, authorised: Authorised | None, context: Any) -> None:
    if authorised is None:
        words = f"{tender.summary}: give the token of the card."
        context.refuse([Issue(code="PAYMENT_TOKEN_NEEDED", message=words, pointer=payment.pointer)])
        return
    held = facts.intent(context, authorised.intent_id)
    context.refuse(_unusable(held, payment, authorised))
    context.step("payment_intent", "use", [held])
    plan_intent(_follow(held, "capture", payment.amount, payment.id, context), context)


def _unusable(held: Intent, payment: Payment, authorised: Authorised) -> Iterable[Issue]:
    pointer = payment.pointer
    if held.state == "declined":
        words = f"The card was declined{f': {authorised.reason}' if authorised.reason else ''}. Take another."
        yield Issue(code="PAYMENT_DECLINED", message=words, pointer=pointer, got="declined")
    elif held.state != "done":
        words = "What was held on the card is gone: it was used, or given back. Send the request again with a new key."
        yield Issue(code="PAYMENT_AUTHORISATION_GONE", message=words, pointer=pointer, expected={"state": "done"}, got=held.state)
    elif (held.amount, held.currency) != (payment.amount, payment.currency):
        holds, asked = format_minor(held.amount, held.currency), format_minor(payment.amount, payment.currency)
        words = f"{holds} {held.currency} is held on the card; {asked} {payment.currency} is to be taken. Ask the card for what is due, no more."
        yield Issue(code="PAYMENT_AUTHORISATION_AMOUNT", message=words, pointer=pointer, expected={"amount": asked}, got=holds)


def _follow(before: Intent, action: str, amount: Minor, payment_id: str | None, context: Any) -> Intent:
    """Make the intent that follows another one."""
    return Intent(
        id=new_id(), type=action, legal_entity_id=before.legal_entity_id, store_id=before.store_id, register=before.register, state="new",
        date=before.date, occurred_at=context.now, port=before.port, tender=before.tender, currency=before.currency, amount=amount,
        payment_id=payment_id, parent_id=before.id,
    )  # fmt: skip


def give_up(held: Intent, context: Any) -> Intent:
    """Plan that what an authorisation holds is given back; no payment can use it from then on."""
    (released,) = context.step("payment_intent", "give_up", [held])
    plan_intent(_follow(held, "void", held.amount, None, context), context)
    gone: Intent = released
    return gone


def plan_intent(intent: Intent, context: Any) -> Intent:
    """Plan an intent: it commits with everything else, and is sent after that."""
    (planned,) = context.step("payment_intent", "plan", [intent])
    result: Intent = planned
    return result
