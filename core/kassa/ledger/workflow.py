"""States and transitions of settlements."""

from __future__ import annotations

from kassa.kernel.contributions import Transition

SETTLEMENT_TRANSITIONS = (
    Transition(
        name="post", target="posted", summary="Open items are set against each other.", permission="ledger.settle", event="ledger.settled"
    ),
)
