"""Movements: one step of a lot as effects, the history row and the claim on the balance together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.plan import Claim
from kassa.kernel.values import Minor, Thousandths, share
from kassa.stock.documents import Lot, StockStep
from kassa.stock.workflow import AVAILABLE, FINANCIAL, NONE, PHYSICAL, SPLIT, WAITING, bucket_changes, form

BALANCE = "stock.balance"


def move(
    *,
    lot_id: str,
    sequence: int,
    legal_entity_id: str,
    product_id: str,
    warehouse_id: str,
    from_status: str,
    to_status: str,
    quantity: Thousandths,
    date: str,
    cost: Minor = 0,
    issued_cost: Minor = 0,
    floor: Thousandths | None = None,
    shortage: Issue | Callable[[int], Issue] | None = None,
    expected: Mapping[str, int] | None = None,
    source_lot_id: str | None = None,
) -> list[Any]:
    """Move a lot on: `quantity` is signed (receipts positive), `cost` is what the value on hand changes by, signed alike.

    `floor` limits a step that takes from what can be promised: what is available afterwards (or inbound, for goods that are
    promised before they are there) must be at least that (None: no limit); `shortage` is the refusal where it is known not to
    be, or makes it from what would be left. `expected` demands the counters of the balance that the step was planned on.
    `source_lot_id`, given with the step by which the goods of a lot first move, is the lot whose goods these are: a sale that
    comes back, the issue of a transfer. The cost of the lot follows that of its source (RET-14).
    """
    amounts = dict(_buckets(from_status, to_status, quantity))
    if cost:
        amounts["value"] = cost
    if issued_cost:
        amounts["issued_value"] = issued_cost
    step = StockStep(
        lot_id, sequence, legal_entity_id, product_id, warehouse_id, from_status, to_status, quantity, cost, issued_cost, date,
        source_lot_id,
    )  # fmt: skip
    if not amounts:
        return [step]
    bound = _bound(from_status, to_status, quantity > 0) if floor is not None else None
    return [step, Claim(BALANCE, (product_id, warehouse_id), amounts, bound, floor or 0, expected, shortage)]


@cache
def _bound(from_status: str, to_status: str, receipt: bool) -> str | None:
    """Name what a step takes from: what is available, what is inbound, or neither."""
    changes = bucket_changes(from_status, to_status, 1 if receipt else -1)
    if form(AVAILABLE, changes) < 0:
        return "available"
    return "inbound" if changes.get("reserved_ordered", 0) > 0 else None


@cache
def _buckets(from_status: str, to_status: str, quantity: int) -> tuple[tuple[str, int], ...]:
    return tuple(bucket_changes(from_status, to_status, quantity).items())


def advance_lot(
    lot: Lot,
    to_status: str,
    quantity: Thousandths,
    date: str,
    *,
    warehouse_id: str,
    sources: Sequence[str] = WAITING,
    cost: Minor = 0,
    issued_cost: Minor = 0,
    **more: Any,
) -> list[Any]:
    """Move a signed quantity of a lot on from wherever it waits, statuses in the order of `sources`, and the rest from `none`.

    One step for each status that gives something; `cost` and `issued_cost` stand with the first. What is at hand is the
    caller's to check: a lot may begin with any quantity.
    """
    effects: list[Any] = []
    sign, sequence = (1 if quantity > 0 else -1), lot.sequence
    left = abs(quantity)
    for status in (*(status for status in sources if status != to_status), NONE):
        part = left if status == NONE else min(left, abs(lot.held.get((warehouse_id, status), 0)))
        if part:
            sequence += 1
            first = not effects
            effects += move(
                lot_id=lot.id, sequence=sequence, legal_entity_id=lot.legal_entity_id, product_id=lot.product_id, warehouse_id=warehouse_id,
                from_status=status, to_status=to_status, quantity=part * sign, date=date, cost=cost if first else 0,
                issued_cost=issued_cost if first else 0, **more,
            )  # fmt: skip
            left -= part
    return effects


def split_lot(
    lot: Lot, new_lot_id: str, status: str, quantity: Thousandths, date: str, *, warehouse_id: str, sequence: int = 1
) -> list[Any]:
    """Let a signed part of a lot, in one status, go on as a lot of its own: its history stays, no bucket changes.

    The part takes its share of the lot's cost along. `sequence` is that of the step of the new lot, which may take parts in
    several statuses one after the other. ValueError where less than that is in the status.
    """
    there = lot.held.get((warehouse_id, status), 0)
    if there * quantity <= 0 or abs(quantity) > abs(there):
        raise ValueError(f"{quantity} cannot be split off: {there} of the lot is {status}")
    physical = status in PHYSICAL
    whole = lot.physical
    cost = share(lot.cost, quantity, whole) if physical else 0
    issued = share(lot.issued_cost, quantity, lot.unbilled) if physical and status not in FINANCIAL else 0
    place = (lot.legal_entity_id, lot.product_id, warehouse_id)
    return [
        StockStep(lot.id, lot.sequence + 1, *place, status, SPLIT, quantity, -cost, -issued, date),
        StockStep(new_lot_id, sequence, *place, SPLIT, status, quantity, cost, issued, date, lot.id if sequence == 1 else None),
    ]
