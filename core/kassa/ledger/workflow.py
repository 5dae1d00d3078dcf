"""States and transitions of settlements and journals."""

from __future__ import annotations

from kassa.kernel.contributions import Transition

SETTLEMENT_TRANSITIONS = (
    Transition(
        name="post", target="posted", summary="Open items are set against each other.", permission="ledger.settle", event="ledger.settled"
    ),
)
JOURNAL_TRANSITIONS = (Transition(name="post", target="posted", summary="Lines are booked.", event="ledger.journal_posted"),)
