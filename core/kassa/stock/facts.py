"""Facts of stock: what is on hand, as the plan so far leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.stock.documents import OnHand
from kassa.stock.movements import BALANCE

LAST_SEQUENCE = "SELECT lot_id, max(sequence) FROM stock_transaction WHERE lot_id IN {keys} GROUP BY lot_id"


def on_hand(context: Any, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], OnHand]:
    """Read what lies of each (product, warehouse), including what this plan already moved; thousandths and minor units."""
    return {
        key: OnHand(row["on_hand"], row["on_hand"] - row["reserved"] - row["blocked"], row["value"])
        for key, row in context.balance(BALANCE, places).items()
    }


def prefetch(context: Any, places: Sequence[tuple[str, str]]) -> None:
    """Read the balances of many places at once, so that the rules of a batch find them in memory."""
    if places:
        context.balance(BALANCE, places)
