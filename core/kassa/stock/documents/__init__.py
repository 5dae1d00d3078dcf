"""Values of stock: what lies where, one step of a lot, and the adjustment document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import attrs

from kassa.catalog.documents import Costing, NegativeStock
from kassa.kernel.plan import Document
from kassa.kernel.values import Micro, Minor, Thousandths, round_half_up
from kassa.stock.workflow import FINANCIAL, PHYSICAL, WAITING

Reason = Literal["opening", "count", "loss", "correction"]


@attrs.frozen
class StockStep:
    """A lot moves on in its life. `quantity` in thousandths: receipts positive, issues negative; costs in minor units.

    `source_lot_id` stands with the step by which goods that a lot has from another one first move.
    """

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
    source_lot_id: str | None = None


@attrs.frozen(kw_only=True)
class Lot:
    """A lot as its steps leave it: how much of it stands in which status, by warehouse and status, signed, in thousandths.

    `cost` is what it added to the value on hand, `issued_cost` what of it was delivered and is not invoiced; `sequence` that of
    its last step, 0 for a lot that has none yet. `source_lot_id` is the lot whose goods these are and whose cost they follow.
    """

    id: str
    legal_entity_id: str
    product_id: str
    held: Mapping[tuple[str, str], Thousandths] = attrs.field(factory=dict)
    cost: Minor = 0
    issued_cost: Minor = 0
    sequence: int = 0
    source_lot_id: str | None = None

    def in_statuses(self, *statuses: str) -> Thousandths:
        """Add up what stands in some statuses, in all warehouses; signed like the lot."""
        return sum(quantity for (_, status), quantity in self.held.items() if status in statuses)

    @property
    def physical(self) -> Thousandths:
        """Tell how much came in or went out physically."""
        return self.in_statuses(*PHYSICAL)

    def waiting(self, warehouse_id: str, quantity: Thousandths) -> tuple[tuple[str, Thousandths], ...]:
        """Tell where up to a quantity (without sign) waits in a warehouse that can move on physically: statuses with how much of it."""
        found, left = [], quantity
        for status in WAITING:
            part = min(left, abs(self.held.get((warehouse_id, status), 0)))
            if part:
                found.append((status, part))
                left -= part
        return tuple(found)

    @property
    def unbilled(self) -> Thousandths:
        """Tell how much of that is not settled financially yet."""
        return self.physical - self.financial

    @property
    def financial(self) -> Thousandths:
        """Tell how much of that is settled financially."""
        return self.in_statuses(*FINANCIAL)

    @property
    def warehouse_id(self) -> str:
        """Name the warehouse in which it stands; the last one where it stands in several."""
        return max((warehouse for (warehouse, _), quantity in self.held.items() if quantity), default="")


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
    """One product of an adjustment: signed quantity (thousandths) and signed cost (minor units).

    `variance` is what goods at standard cost came in for beyond that cost.
    """

    number: int
    lot_id: str
    product_id: str
    product_number: str
    quantity: Thousandths
    standard_cost: Micro
    unit_cost: Micro | None = None
    costing: Costing = "moving_average"
    negative_stock: NegativeStock | None = None
    cost: Minor = 0
    variance: Minor = 0


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
