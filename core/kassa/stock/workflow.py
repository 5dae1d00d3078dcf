"""The life of a lot as one table: which statuses follow each other and which buckets each status fills.

Receipts: ordered, registered, received (physical), purchased (financial). Issues: on order, reserved, picked, deducted
(physical), sold (financial). Only the physical steps change what is on hand.
"""

from __future__ import annotations

from kassa.kernel.contributions import Transition

NONE = "none"
BUCKETS: dict[str, dict[str, int]] = {
    NONE: {},
    "ordered": {"ordered": 1},
    "registered": {"registered": 1},
    "received": {"on_hand": 1},
    "purchased": {"on_hand": 1},
    "on_order": {"on_order": -1},
    "reserved": {"reserved": -1},
    "picked": {"picked": -1},
    "deducted": {"on_hand": 1},
    "sold": {"on_hand": 1},
}
"""How much of a lot's signed quantity each bucket holds in a status; waiting issues are counted as positive amounts."""

FOLLOWS: dict[str, frozenset[str]] = {
    NONE: frozenset({"ordered", "registered", "received", "purchased", "on_order", "reserved", "picked", "deducted", "sold"}),
    "ordered": frozenset({NONE, "registered", "received", "purchased"}),
    "registered": frozenset({NONE, "ordered", "received", "purchased"}),
    "received": frozenset({"purchased"}),
    "purchased": frozenset(),
    "on_order": frozenset({NONE, "reserved", "picked", "deducted", "sold"}),
    "reserved": frozenset({NONE, "on_order", "picked", "deducted", "sold"}),
    "picked": frozenset({NONE, "on_order", "reserved", "deducted", "sold"}),
    "deducted": frozenset({"sold"}),
    "sold": frozenset(),
}

ADJUSTMENT_TRANSITIONS = (
    Transition(name="post", target="posted", summary="Stock is put in or taken out.", permission="stock.adjust", event="stock.adjusted"),
)


def bucket_changes(from_status: str, to_status: str, quantity: int) -> dict[str, int]:
    """Tell by how much each bucket changes when a signed quantity moves between two statuses.

    A step without quantity that stays where it is corrects a value alone. Raises ValueError where the second status does
    not follow the first.
    """
    if from_status == to_status and not quantity:
        return {}
    if to_status not in FOLLOWS[from_status]:
        raise ValueError(f"a lot cannot move from {from_status} to {to_status}")
    changes: dict[str, int] = {}
    for bucket, factor in BUCKETS[from_status].items():
        changes[bucket] = changes.get(bucket, 0) - factor * quantity
    for bucket, factor in BUCKETS[to_status].items():
        changes[bucket] = changes.get(bucket, 0) + factor * quantity
    return {bucket: change for bucket, change in changes.items() if change}
