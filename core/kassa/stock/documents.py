"""Values of stock: what lies where, one step of a lot, and the adjustment document."""

from __future__ import annotations

from typing import ClassVar, Literal

import attrs

from kassa.kernel.plan import Document
from kassa.kernel.values import Micro, Minor, Thousandths, round_half_up

Reason = Literal["opening", "count", "loss", "correction"]


@attrs.frozen
class StockStep:
    """A lot moves on in its life. `quantity` in thousandths: receipts positive, issues negative; costs in minor units."""

    lot_id: str
    sequence: int
    legal_entity_id: str
    product_id: str
    warehouse_id: str
    from_status: str
    to_status: str
    quantity: Thousandths
    cost: Minor
    issued_cost: Minor
    date: str


@attrs.frozen
class OnHand:
    """What a plan finds of one product in one warehouse: quantities in thousandths, value in minor units."""

    on_hand: Thousandths
    available: Thousandths
    value: Minor

    def cost_of(self, quantity: Thousandths, standard_cost: Micro, exponent: int) -> Minor:
        """Value a quantity (positive) at the moving average; without stock to average, at the product's own cost.

        Taking all that is on hand takes all its value, so nothing is left over at zero (RET-13 for the fallback).
        """
        if self.on_hand > 0 and self.value >= 0:
            if quantity <= self.on_hand:
                return round_half_up(self.value * quantity, self.on_hand)
            return self.value + standard_value(quantity - self.on_hand, standard_cost, exponent)
        return standard_value(quantity, standard_cost, exponent)


def standard_value(quantity: Thousandths, standard_cost: Micro, exponent: int) -> Minor:
    """Value a quantity at a cost per piece in millionths, in minor units, half-up."""
    return round_half_up(quantity * standard_cost * 10**exponent, 10**9)


@attrs.frozen(kw_only=True)
class AdjustmentLine:
    """One product of an adjustment: signed quantity (thousandths) and signed cost (minor units)."""

    number: int
    lot_id: str
    product_id: str
    product_number: str
    quantity: Thousandths
    standard_cost: Micro
    unit_cost: Micro | None = None
    cost: Minor = 0


@attrs.frozen(kw_only=True)
class Adjustment(Document):
    """Stock put in or taken out without a sale: opening stock, count, correction, loss."""

    kind: ClassVar[str] = "stock_adjustment"

    warehouse_id: str
    store_number: str = ""
    exponent: int
    reason: str
    note: str | None = None
    allow_negative: bool = False
    warn_negative: bool = False
    lines: tuple[AdjustmentLine, ...]
