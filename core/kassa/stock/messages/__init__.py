"""Requests and views of stock."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, DecimalText, Identifier, Items, LongText, Quantity, Text, UnitPrice
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference
from kassa.stock.documents import Reason


@attrs.frozen(kw_only=True)
class AdjustmentLineRequest:
    """A product of which stock comes in (positive) or goes out (negative)."""

    product: Text = attrs.field(metadata=about("Number or barcode of the product.", "85123A"))
    quantity: Quantity = attrs.field(metadata=about("By how much stock changes; up to three decimals.", "24"))
    unit_cost: UnitPrice | None = attrs.field(
        default=None, metadata=about("Cost of one unit that comes in; the product's standard cost where it is left out.", "1.55")
    )


@attrs.frozen(kw_only=True)
class Adjust:
    """Puts stock in or takes it out without a sale; all lines are posted, or none."""

    warehouse: Reference | None = attrs.field(
        default=None, metadata=about("Code or id of the warehouse; the store's where it is left out.", "W01")
    )
    store: Reference | None = attrs.field(
        default=None, metadata=about("Number or id of the store that adjusts; the caller's where both are left out.", "S001")
    )
    reason: Reason = attrs.field(
        metadata=about("Why: `opening` (positive), `loss` (negative), `count` and `correction` (both).", "opening")
    )
    note: LongText | None = attrs.field(default=None, metadata=about("What else is to be said."))
    reference: Text | None = attrs.field(default=None, metadata=about("The caller's own key of the adjustment; unique.", "COUNT-2026-11"))
    date: Date | None = attrs.field(default=None, metadata=about("Business date; today in the store's zone where it is left out."))
    lines: Annotated[tuple[AdjustmentLineRequest, ...], Items(1, 5000)] = attrs.field(metadata=about("Which products, by how much."))


@attrs.frozen(kw_only=True)
class AdjustmentLineView:
    """A line of an adjustment; `cost` is what the value of stock changes by, signed like the quantity."""

    line: int
    product: str
    quantity: Quantity
    cost: DecimalText


@attrs.frozen(kw_only=True)
class AdjustmentView:
    """A stock adjustment."""

    id: Identifier
    number: str | None
    reason: Reason
    warehouse: str
    store: str | None
    date: Date
    note: str | None
    currency: str
    lines: tuple[AdjustmentLineView, ...]
    cost: DecimalText


@attrs.frozen(kw_only=True)
class AdjustmentSummaryView:
    """A stock adjustment in a list."""

    id: Identifier
    number: str | None
    reason: Reason
    warehouse: str
    date: Date
    lines: int


@attrs.frozen(kw_only=True)
class ReadAdjustment:
    """Names a stock adjustment."""

    adjustment: Text = attrs.field(metadata=about("Number, reference or id.", "ADJ-S001-000001"))


@attrs.frozen(kw_only=True)
class ListAdjustments(PageRequest):
    """Asks for stock adjustments, newest first."""

    reason: Reason | None = attrs.field(default=None, metadata=about("Only those of one reason."))
    warehouse: Reference | None = attrs.field(default=None, metadata=about("Only those of one warehouse, by code or id."))


@attrs.frozen(kw_only=True)
class ReadStock(PageRequest):
    """Asks what lies where."""

    product: Text | None = attrs.field(default=None, metadata=about("Number or barcode of a product.", "85123A"))
    warehouse: Reference | None = attrs.field(default=None, metadata=about("Code or id of a warehouse."))
    store: Reference | None = attrs.field(
        default=None, metadata=about("Number or id of a store: the warehouse where its goods lie.", "S001")
    )


@attrs.frozen(kw_only=True)
class StockView:
    """What lies of a product in a warehouse; `available` is on hand less what is reserved, picked and blocked."""

    product: str
    name: str
    unit: str
    warehouse: str
    on_hand: Quantity
    available: Quantity
    reserved: Quantity
    blocked: Quantity
    picked: Quantity
    on_order: Quantity
    ordered: Quantity
    registered: Quantity
    in_transit: Quantity
    reserved_ordered: Quantity


@attrs.frozen(kw_only=True)
class ListMovements(PageRequest):
    """Asks how stock of a product moved, newest lots first."""

    product: Text = attrs.field(metadata=about("Number or barcode of the product.", "85123A"))
    warehouse: Reference | None = attrs.field(default=None, metadata=about("Only in one warehouse, by code or id."))


@attrs.frozen(kw_only=True)
class MovementView:
    """A step in the life of a lot: receipts positive, issues negative; a step without quantity corrects a value alone."""

    lot: Identifier
    step: int
    product: str
    warehouse: str
    from_status: str
    to_status: str
    quantity: Quantity
    date: Date
    document: str | None
    kind: str
