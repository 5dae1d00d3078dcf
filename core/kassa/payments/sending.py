"""Sending intents to their processors after the commit, and learning what became of them.

Nothing here holds a transaction. What is asked carries the id of the intent, under which a processor does it once; what it
answers is recorded by an operation of its own. An answer that never came is asked for before anything is asked again. Where
the process ends between two steps, the event of the intent comes again and the same is done once more.
"""

from __future__ import annotations

import logging
from typing import Any

from kassa.kernel.errors import Conflict, Refused, Unavailable
from kassa.kernel.permissions import SYSTEM
from kassa.kernel.values import format_minor
from kassa.payments.documents import Intent
from kassa.payments.processor import Answer, Processor, ProcessorDown
from kassa.payments.store import load_intents
from kassa.payments.workflow import WAITING

REASON_AT_MOST = 500
logger = logging.getLogger("kassa.payments")


def send(event: Any, engine: Any) -> None:
    """Send the intent that an event announces, or see to an authorisation; raises where it has to be looked at again later."""
    found = stored(engine, event.data["intent"])
    if found.type == "authorise":
        _watch(found, engine)
    elif found.state in WAITING:
        found = resolve(engine, found, fresh=event.attempt == 1 and found.state == "planned")
        if found.state in WAITING:
            raise Unavailable(f"What became of the {found.type} {found.id} is not known yet.")


def _watch(found: Intent, engine: Any) -> None:
    """Give an authorisation back that no payment used in time, and find out about one whose answer was lost."""
    if found.state not in (*WAITING, "done"):
        return
    if engine.clock.now() < (found.expires_at or 0):
        raise Unavailable(f"The authorisation {found.id} still waits for its payment.")
    if found.state in WAITING:
        answer = _processor(engine, found).inquire(found.id)
        # Nobody asks any more whoever wanted it: where the processor never heard of it, it never will.
        found = _record(engine, found, answer or Answer(outcome="declined", reason="it was never sent"))
    if found.state == "done":
        engine.perform(
            "payments.release_authorisation",
            {"intent": found.id},
            actor=SYSTEM,
            key=f"{found.id}:release",
            legal_entity_id=found.legal_entity_id,
        )


def resolve(engine: Any, found: Intent, *, fresh: bool) -> Intent:
    """Ask a processor to carry an intent out, record its answer, and give the intent as it then stands.

    Where it may have been asked before (not `fresh`), it is first asked what became of it. Raises Unavailable where it could not
    be reached; nothing has changed then.
    """
    return _record(engine, found, _ask(engine, found, fresh=fresh))


def _ask(engine: Any, found: Intent, *, fresh: bool) -> Answer | str:
    """Give the answer, or in words why there is none that can be relied upon."""
    try:
        processor = _processor(engine, found)
        answer = None if fresh else processor.inquire(found.id)
        if answer is None:
            answer = _call(processor, found)
    except ProcessorDown as down:
        raise Unavailable("The processor cannot be reached, and nothing was done. Send the same request with the same key later.") from down
    except Exception as error:
        logger.warning("no answer to the %s %s", found.type, found.id, exc_info=error)
        return f"{type(error).__name__}: {error}"[:REASON_AT_MOST]
    return answer


def _processor(engine: Any, found: Intent) -> Processor:
    processor: Processor = engine.services.provider(found.port)
    return processor


def _call(processor: Processor, found: Intent) -> Answer:
    if found.type == "authorise":
        return processor.authorise(found.id, found.token or "", found.amount, found.currency)
    if found.parent_reference is None:
        return Answer(outcome="declined", reason="what it follows was not done")
    if found.type == "capture":
        return processor.capture(found.id, found.parent_reference, found.amount, found.currency)
    if found.type == "refund":
        return processor.refund(found.id, found.parent_reference, found.amount, found.currency)
    return processor.void(found.id, found.parent_reference)


def _record(engine: Any, found: Intent, answer: Answer | str) -> Intent:
    if isinstance(answer, Answer):
        command = {
            "outcome": answer.outcome, "reference": answer.reference, "reason": answer.reason,
            "amount": format_minor(answer.amount, found.currency) if answer.amount is not None else None, "currency": answer.currency,
        }  # fmt: skip
        if answer.outcome == "approved" and not _as_asked(found, answer):
            command = {"outcome": "unknown", "reason": f"the processor speaks of {command['amount']} {answer.currency}"}
    else:
        command = {"outcome": "unknown", "reason": answer}
    given = {name: value for name, value in command.items() if value is not None}
    key = f"{found.id}:{command['outcome']}"
    try:
        engine.perform(
            "payments.record_result", {"intent": found.id, **given}, actor=SYSTEM, key=key, legal_entity_id=found.legal_entity_id
        )
    except (Conflict, Refused) as error:
        now = stored(engine, found.id)
        if now.state == found.state:
            raise
        logger.warning("the %s %s was answered twice: %s", found.type, found.id, error)
    return stored(engine, found.id)


def _as_asked(found: Intent, answer: Answer) -> bool:
    return (answer.amount, answer.currency) in ((found.amount, found.currency), (None, None))


def stored(engine: Any, intent_id: str) -> Intent:
    """Read an intent as it stands now."""
    with engine.database.snapshot() as read:
        return load_intents(read, [intent_id])[intent_id]
