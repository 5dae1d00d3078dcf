"""Intents as documents: planning an authorisation, recording what a processor answered, giving an authorisation back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result, page
from kassa.kernel.plan import Row
from kassa.kernel.values import format_minor, minor_of, new_id
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.payments import facts, messages, store
from kassa.payments.carrying import OFF, give_up, plan_intent, processor_off
from kassa.payments.documents import Intent
from kassa.payments.models import IntentResultRow
from kassa.payments.tenders import tender_type, unknown_tender
from kassa.payments.voiding import void_of
from kassa.payments.workflow import WAITING

MOVES = {"approved": "confirm", "declined": "decline", "unknown": "lose"}
OUTCOMES = {"done": "approved", "used": "approved", "released": "approved", "declined": "declined"}
RULE = "payments.record_result"
INTENTS = "SELECT n.document_id FROM payments_intent n JOIN kernel_document d ON d.id = n.document_id WHERE d.legal_entity_id = ? AND d.kind = 'payment_intent'"


def authorise(command: messages.Authorise, context: Any) -> Result:
    """Plan that a processor holds an amount on a card. It is committed before the processor is asked, so that no hold is forgotten."""
    place = facts.acting_place(context, command.store)
    tender = tender_type(context, command.tender)
    if tender is None:
        context.refuse([unknown_tender(context, command.tender, "/tender")])
        raise AssertionError("an unknown tender is refused")
    if tender.port is None:
        words = f"{tender.summary} has no processor; it needs no authorisation."
        context.refuse([Issue(code="PAYMENT_TENDER_NOT_ALLOWED", message=words, pointer="/tender", got=tender.name)])
    if context.setting("payments.processor", store_id=place.store.id if place.store is not None else None) == OFF:
        context.refuse([processor_off(tender, "/tender")])
    minutes = context.setting("payments.authorisation_minutes")
    planned = plan_intent(
        Intent(
            id=new_id(), type="authorise", **place.header, occurred_at=context.now, port=tender.port or "", tender=tender.name,
            currency=place.entity.currency, amount=facts.amount_of(command.amount, place.entity.currency, context), token=command.token,
            expires_at=context.now + minutes * 60 * MICROSECONDS_PER_SECOND,
        ),
        context,
    )  # fmt: skip
    return Result(view=lambda numbers: intent_view(planned), document_id=planned.id, version=1)


def record_result(command: messages.RecordResult, context: Any) -> Result:
    """Plan what follows from the answer of a processor; the same answer once more changes nothing."""
    found = facts.intent(context, command.intent)
    if found.state not in WAITING:
        if command.outcome != "unknown":
            context.refuse(_contradiction(found, command))
        return Result(view=lambda numbers: intent_view(found), document_id=found.id, version=found.version)
    context.refuse(_amount_differs(found, command))
    if found.state == "unknown" and command.outcome == "unknown":
        return Result(view=lambda numbers: intent_view(found), document_id=found.id, version=found.version)
    (moved,) = context.step("payment_intent", MOVES[command.outcome], [found])
    values = {
        "id": new_id(), "intent_id": found.id, "outcome": command.outcome, "reference": command.reference, "reason": command.reason, "at": context.now,
    }  # fmt: skip
    context.plan.add([Row(IntentResultRow, values)], rule=RULE)
    if command.outcome == "declined":
        _take_back(found, context)
    return Result(view=lambda numbers: intent_view(moved), document_id=found.id, version=found.version + 1)


def _contradiction(found: Intent, command: messages.RecordResult) -> list[Issue]:
    known = OUTCOMES[found.state]
    if known == command.outcome:
        return []
    words = f"This is known to be {known}; now the processor says {command.outcome}. Ask the processor, and correct by hand what is wrong."
    return [Issue(code="PAYMENT_RESULT_CONTRADICTS", message=words, pointer="/outcome", expected={"outcome": known}, got=command.outcome)]


def _amount_differs(found: Intent, command: messages.RecordResult) -> list[Issue]:
    """Distrust an answer that is about something else than was asked."""
    if command.outcome != "approved" or command.amount is None:
        return []
    try:
        amount = minor_of(command.amount, found.currency)
    except ValueError:
        amount = -1
    if (amount, command.currency or found.currency) == (found.amount, found.currency):
        return []
    shown = format_minor(found.amount, found.currency)
    words = f"{shown} {found.currency} was asked; the processor says {command.amount} {command.currency or found.currency}."
    expected = {"amount": shown, "currency": found.currency}
    return [Issue(code="PAYMENT_RESULT_AMOUNT", message=words, pointer="/amount", expected=expected, got=str(command.amount))]


def _take_back(found: Intent, context: Any) -> None:
    """Void the payment that a processor declined; refunds that wait behind a declined capture are declined with it."""
    if found.type == "capture":
        for refund in facts.intents_after(context, found.id):
            if refund.state in WAITING:
                context.step("payment_intent", "decline", [refund])
                values = {
                    "id": new_id(),
                    "intent_id": refund.id,
                    "outcome": "declined",
                    "reason": "nothing was captured",
                    "at": context.now,
                }
                context.plan.add([Row(IntentResultRow, values)], rule=RULE)
                _void(refund, context)
    if found.type in ("capture", "refund"):
        _void(found, context)


def _void(found: Intent, context: Any) -> None:
    payment = store.load_payments(context.read, [found.payment_id or ""])[found.payment_id or ""]
    place = facts.Place(
        entity=org.legal_entity(context, payment.legal_entity_id),
        store=org.store(context, payment.store_id) if payment.store_id is not None else None,
        register=payment.register, date=facts.today(context, payment.legal_entity_id, payment.store_id),
    )  # fmt: skip
    context.step("payment", "post", [void_of(payment, place, context, forced=True)])


def release(command: messages.ByIntent, context: Any) -> Result:
    """Plan that an authorisation is given back which no payment uses; one that was used or given back stays as it is."""
    found = facts.intent(context, command.intent)
    if found.type != "authorise" or found.state in WAITING:
        words = "Only an authorisation that the processor answered can be given back."
        context.refuse(
            [Issue(code="PAYMENT_AUTHORISATION_GONE", message=words, pointer="/intent", expected={"state": "done"}, got=found.state)]
        )
    shown = give_up(found, context) if found.state == "done" else found
    return Result(view=lambda numbers: intent_view(shown), document_id=found.id, version=found.version)


def intent_view(found: Intent) -> messages.IntentView:
    """Show an intent."""
    return messages.IntentView(
        id=found.id, action=found.type, state=found.state, tender=found.tender, currency=found.currency,
        amount=format_minor(found.amount, found.currency), payment_id=found.payment_id, parent_id=found.parent_id,
        reference=found.processor_reference, date=found.date,
    )  # fmt: skip


def read_intent(request: messages.ByIntent, context: Any) -> messages.IntentView:
    """Show one intent."""
    return intent_view(facts.intent(context, request.intent))


def list_intents(request: messages.ListIntents, context: Any) -> Any:
    """Show a page of intents, newest first."""
    entity = org.legal_entity(context)
    after = place_after(request.after, an_id)
    conditions = (
        ("d.state = ?", request.state),
        ("d.type = ?", request.action),
        ("n.payment_id = ?", facts.payment(context, request.payment).id if request.payment is not None else None),
        ("n.document_id < ?", after[0] if after is not None else None),
    )
    where, values = narrowed(conditions)
    rows = context.read.rows(f"{INTENTS}{where} ORDER BY n.document_id DESC LIMIT ?", [entity.id, *values, request.limit + 1])
    found = store.load_intents(context.read, [row[0] for row in rows])
    views: Sequence[Any] = [intent_view(found[row[0]]) for row in rows]
    return page(request, messages.IntentView, views, lambda view: (view.id,))
