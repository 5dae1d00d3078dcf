"""Movements: one step of a lot as effects, the history row and the claim on the balance together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.plan import Claim
from kassa.kernel.values import Minor, Thousandths
from kassa.stock.documents import StockStep
from kassa.stock.workflow import bucket_changes

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
) -> list[Any]:
    """Move a lot on: `quantity` is signed (receipts positive), `cost` is what the value on hand changes by, signed alike.

    `floor` limits an issue: what is available afterwards must be at least that (None: no limit); `shortage` is the refusal
    where it is known not to be, or makes it from what would be left. `expected` demands the counters of the balance that the
    step was planned on.
    """
    amounts = dict(_buckets(from_status, to_status, quantity))
    if cost:
        amounts["value"] = cost
    if issued_cost:
        amounts["issued_value"] = issued_cost
    step = StockStep(
        lot_id, sequence, legal_entity_id, product_id, warehouse_id, from_status, to_status, quantity, cost, issued_cost, date
    )
    if not amounts:
        return [step]
    bound = "available" if floor is not None and amounts.get("on_hand", 0) < 0 else None
    return [step, Claim(BALANCE, (product_id, warehouse_id), amounts, bound, floor or 0, expected, shortage)]


@cache
def _buckets(from_status: str, to_status: str, quantity: int) -> tuple[tuple[str, int], ...]:
    return tuple(bucket_changes(from_status, to_status, quantity).items())
