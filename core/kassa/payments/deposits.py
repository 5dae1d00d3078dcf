"""Deposits: what is left of those of an order, and how payments and other documents take from them, the oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.values import Minor
from kassa.payments.documents import OpenDeposit, SettledItem

BALANCE = "payments.deposit"
ITEMS = (
    'SELECT t.order_id, i.id, -i."open", p.document_id, p.tender, s.canonical FROM payments_deposit_item t '
    "JOIN ledger_open_item i ON i.id = t.open_item_id LEFT JOIN ledger_dimension_set s ON s.id = i.dimension_set_id "
    'LEFT JOIN payments_payment p ON p.document_id = t.document_id WHERE t.order_id IN {keys} AND i.amount < 0 AND i."open" <> 0 '
    "ORDER BY i.date, i.id"
)


def available(context: Any, order_id: str) -> Minor:
    """Tell what is left of an order's deposits as this plan leaves them, in minor units."""
    key = (order_id,)
    row = context.balance(BALANCE, [key])[key]
    left: Minor = row["paid"] - row["applied"] - row["refunded"] - row["transferred"] - row["forfeited"]
    return left


def planned(context: Any, order_id: str) -> bool:
    """Tell whether this plan has looked at or changed the deposits of an order; asks the database nothing."""
    return (order_id,) in context.plan.claims.get(BALANCE, ())


def open_deposits(context: Any, order_ids: Sequence[str]) -> dict[str, list[OpenDeposit]]:
    """List what is left of the stored deposits of orders as this plan leaves them, the oldest first."""
    claims = context.plan.claims.get("ledger.open_item", {})
    found: dict[str, list[OpenDeposit]] = {order_id: [] for order_id in order_ids}
    for order_id, item_id, left, payment_id, tender, dimensions in context.read.rows_for(ITEMS, list(found)):
        claimed = claims.get((item_id,))
        left -= claimed.amounts.get("open", 0) if claimed is not None else 0
        if left > 0:
            found[order_id].append(OpenDeposit(order_id, item_id, left, payment_id, tender, dimensions or ""))
    return found


def take_from(deposits: Sequence[OpenDeposit], amount: Minor) -> tuple[SettledItem, ...]:
    """Take an amount from deposits in their order; less where they do not have as much."""
    taken = []
    for deposit in deposits:
        part = min(amount, deposit.left)
        if part:
            taken.append(SettledItem(deposit.open_item_id, part, stored=True))
            amount -= part
    return tuple(taken)
