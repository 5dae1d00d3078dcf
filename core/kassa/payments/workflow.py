"""States and transitions of the documents in which money moves."""

from __future__ import annotations

from kassa.kernel.contributions import Transition

PAYMENT_TRANSITIONS = (
    Transition(name="post", target="posted", summary="Money is received or paid out.", event="payments.payment_posted"),
    Transition(name="void", sources=("posted",), target=None, summary="It is taken back; that is a document of its own."),
)
MOVE_TRANSITIONS = (Transition(name="post", target="posted", summary="A deposit goes elsewhere.", event="payments.deposit_moved"),)
DRAWER_TRANSITIONS = (
    Transition(name="post", target="posted", summary="Cash comes into a drawer or leaves it.", event="payments.drawer_moved"),
)

WAITING = ("planned", "unknown")
"""States of an intent in which its processor has not said yet what became of it."""
INTENT_STATES = (*WAITING, "done", "declined", "used", "released")
INTENT_TRANSITIONS = (
    Transition(name="plan", target="planned", summary="It is committed, and will be sent."),
    Transition(name="lose", sources=WAITING, target="unknown", summary="It was sent, and nobody knows what became of it."),
    Transition(name="confirm", sources=WAITING, target="done", summary="The processor did it.", event="payments.intent_done"),
    Transition(
        name="decline", sources=WAITING, target="declined", summary="The processor did not do it.", event="payments.intent_declined"
    ),
    Transition(name="use", sources=("done",), target="used", summary="A payment takes what an authorisation holds."),
    Transition(name="give_up", sources=("done",), target="released", summary="What an authorisation holds is given back."),
)

REFUND_ORDER_STATES = ("waiting", "paid", "cancelled")
REFUND_ORDER_TRANSITIONS = (
    Transition(name="plan", target="waiting", summary="A refund waits for the next run.", event="payments.refund_planned"),
    Transition(name="pay", sources=("waiting",), target="paid", summary="The refund was paid."),
    Transition(name="cancel", sources=("waiting",), target="cancelled", summary="The refund is not paid."),
)
