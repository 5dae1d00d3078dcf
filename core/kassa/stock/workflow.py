"""The life of a lot as one table: which statuses follow each other and which buckets each status fills.

Receipts: ordered, in transit, registered, received (physical), purchased (financial). Issues: on order, reserved of what is ordered
or of what is there, picked, deducted (physical), sold (financial); what is blocked is neither. Only the physical steps change what
is on hand. A waiting lot may go back: it is unpicked, unreserved, cancelled; what moved physically never does.
"""

from __future__ import annotations

from collections.abc import Mapping

from kassa.kernel.contributions import Transition

NONE, SPLIT = "none", "split"
OUTSIDE = frozenset({NONE, SPLIT})
"""Where a lot is before it begins and after it ended; `split` is the way of a part from one lot into another."""
FINANCIAL = ("purchased", "sold")
PHYSICAL = ("received", "purchased", "deducted", "sold")
WAITING = ("picked", "reserved", "reserved_ordered", "on_order", "in_transit", "registered", "ordered")
"""Statuses before the physical ones, those first from which goods move on first."""

BUCKETS: dict[str, dict[str, int]] = {
    NONE: {},
    SPLIT: {},
    "ordered": {"ordered": 1},
    "in_transit": {"in_transit": 1},
    "registered": {"registered": 1},
    "received": {"on_hand": 1},
    "purchased": {"on_hand": 1},
    "on_order": {"on_order": -1},
    "reserved_ordered": {"reserved_ordered": -1},
    "reserved": {"reserved": -1},
    "picked": {"picked": -1},
    "blocked": {"blocked": -1},
    "deducted": {"on_hand": 1},
    "sold": {"on_hand": 1},
}
"""How much of a lot's signed quantity each bucket holds in a status; waiting issues are counted as positive amounts."""

_LEAVING = {"deducted", "sold"}
_COMING = {"received", "purchased"}
_LIFE: dict[str, set[str]] = {
    NONE: set(BUCKETS) - {NONE, SPLIT},
    "ordered": {NONE, "in_transit", "registered", *_COMING},
    "in_transit": {NONE, "registered", *_COMING},
    "registered": {NONE, "ordered", *_COMING},
    "received": {"purchased"},
    "purchased": set(),
    "on_order": {NONE, "reserved_ordered", "reserved", "picked", *_LEAVING},
    "reserved_ordered": {NONE, "on_order", "reserved", "picked", *_LEAVING},
    "reserved": {NONE, "on_order", "picked", *_LEAVING},
    "picked": {NONE, "on_order", "reserved", *_LEAVING},
    "blocked": {NONE, *_LEAVING},
    "deducted": {"sold"},
    "sold": set(),
}
FOLLOWS: dict[str, frozenset[str]] = {
    **{status: frozenset(after if status == NONE else {*after, SPLIT}) for status, after in _LIFE.items()},
    SPLIT: frozenset(_LIFE) - {NONE},
}
"""What follows what. A part of a lot can leave it in any status for a lot of its own, and begins there in the same status."""

AVAILABLE = {"on_hand": 1, "reserved": -1, "picked": -1, "blocked": -1}
"""What can still be promised of what lies there. Blocked goods never can."""
INBOUND = {"ordered": 1, "in_transit": 1, "registered": 1, "reserved_ordered": -1}
"""What can still be promised of what is on its way."""

ADJUSTMENT_TRANSITIONS = (
    Transition(name="post", target="posted", summary="Stock is put in or taken out.", permission="stock.adjust", event="stock.adjusted"),
)
RESERVATION_STATES = ("active", "released", "expired")
RESERVATION_TRANSITIONS = (
    Transition(name="create", target="active", summary="Goods are kept.", permission="stock.reserve", event="stock.reserved"),
    Transition(name="arrive", sources=("active",), target="active", summary="Goods that came are kept for whom they were promised."),
    Transition(
        name="let_go", sources=("active",), target="released", summary="Goods are let go.", permission="stock.reserve",
        event="stock.reservation_released",
    ),
    Transition(
        name="lapse", sources=("active",), target="released", summary="That for which goods are kept is over.",
        event="stock.reservation_released",
    ),
    Transition(name="expire", sources=("active",), target="expired", summary="The time is over.", event="stock.reservation_released"),
)  # fmt: skip
BLOCK_TRANSITIONS = (
    Transition(
        name="post",
        target="posted",
        summary="Goods are blocked, or not any more.",
        permission="stock.block",
        event="stock.blocking_changed",
    ),
    Transition(name="unblock", sources=("posted",), target=None, summary="Goods of it can be sold again; that is a document of its own."),
)
TRANSFER_STATES = ("open", "in_transit", "received", "cancelled")
TRANSFER_TRANSITIONS = (
    Transition(name="create", target="open", summary="Goods shall go.", permission="stock.transfer", event="stock.transfer_created"),
    Transition(name="ship", sources=("open", "in_transit"), target=None, summary="Goods leave; that is a document of its own."),
    Transition(name="receive", sources=("open", "in_transit"), target=None, summary="Goods arrive; that is a document of its own."),
    Transition(name="move", sources=("open", "in_transit"), target="in_transit", summary="Some goods left or arrived."),
    Transition(
        name="complete", sources=("open", "in_transit"), target="received", summary="All goods arrived.", event="stock.transfer_received"
    ),
    Transition(name="cancel", sources=("open",), target="cancelled", summary="Nothing will go.", permission="stock.transfer", event="stock.transfer_cancelled"),
    Transition(
        name="cancel_rest", sources=("in_transit",), target="in_transit", summary="No more will go.", permission="stock.transfer",
        event="stock.transfer_cancelled",
    ),
    Transition(
        name="conclude", sources=("in_transit",), target="received", summary="No more will go, and all arrived.", permission="stock.transfer",
        event="stock.transfer_received",
    ),
)  # fmt: skip
TRANSFER_POSTING_TRANSITIONS = (
    Transition(name="post", target="posted", summary="Goods leave or arrive.", permission="stock.transfer", event="stock.transferred"),
)
COST_TRANSITIONS = (Transition(name="post", target="posted", summary="Lots cost more or less.", event="stock.cost_adjusted"),)
CLOSING_STATES = ("running", "closed")
CLOSING_TRANSITIONS = (
    Transition(
        name="start", target="running", summary="Nothing moves through the date any more.", permission="stock.close_period",
        event="stock.closing_begun",
    ),
    Transition(name="finish", sources=("running",), target="closed", summary="Every product is settled.", event="stock.period_closed"),
)
COUNT_STATES = ("open", "posted", "cancelled")
COUNT_TRANSITIONS = (
    Transition(name="start", target="open", summary="What is expected is kept.", permission="stock.count", event="stock.count_begun"),
    Transition(name="record", sources=("open",), target="open", summary="What was found is written down.", permission="stock.count"),
    Transition(
        name="post", sources=("open",), target="posted", summary="Differences are posted.", permission="stock.count", event="stock.counted"
    ),
    Transition(name="cancel", sources=("open",), target="cancelled", summary="It comes to nothing.", permission="stock.count", event="stock.count_cancelled"),
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


def form(bound: Mapping[str, int], counters: Mapping[str, int]) -> int:
    """Add counters up by a linear form such as AVAILABLE, in thousandths; counters that are absent are 0."""
    return sum(factor * counters.get(bucket, 0) for bucket, factor in bound.items())
