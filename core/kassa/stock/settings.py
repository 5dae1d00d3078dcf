"""Settings and vocabulary of stock: events, and against which accounts the cost of lots was booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.contributions import EventType, SettingDefinition
from kassa.stock.documents.costs import CostOffset, Offset

SETTINGS = (
    SettingDefinition(
        name="stock.negative_stock",
        summary="What happens when more is sold than the system knows of: refuse, warn, or allow; a product's item model group may say otherwise.",
        type="choice",
        choices=("refuse", "warn", "allow"),
        default="refuse",
        levels=("installation", "legal_entity", "store"),
    ),
    SettingDefinition(
        name="stock.post_packing_slip_in_ledger",
        summary="Packing slips also book, for products whose item model group posts physical stock.",
        type="bool",
        default=False,
        levels=("installation", "legal_entity"),
    ),
)
EVENTS = (
    EventType(name="stock.adjusted", summary="Stock was put in or taken out without a sale."),
    EventType(name="stock.reserved", summary="Goods are kept for an order or a cart."),
    EventType(name="stock.reservation_released", summary="Goods are not kept any more: they were released, or their time is over."),
    EventType(name="stock.blocking_changed", summary="Goods must not be sold, or may be again."),
    EventType(name="stock.transfer_created", summary="Goods shall go to another warehouse."),
    EventType(name="stock.transfer_cancelled", summary="A transfer, or what was left of it, will not go."),
    EventType(name="stock.transferred", summary="Goods of a transfer left or arrived."),
    EventType(name="stock.transfer_received", summary="All goods of a transfer arrived."),
    EventType(name="stock.cost_adjusted", summary="What lots cost was changed after the fact."),
    EventType(name="stock.period_closed", summary="A stock period was closed and settled."),
    EventType(name="stock.closing_begun", summary="A stock period is being closed and settled."),
    EventType(name="stock.count_begun", summary="A count of a warehouse was begun."),
    EventType(name="stock.count_cancelled", summary="A count came to nothing."),
    EventType(name="stock.counted", summary="A count was posted."),
)


def _by_reason(read: Any, lot_ids: Sequence[str]) -> Mapping[str, Offset]:
    """The cost of adjusted lots stands on the account of the reason."""
    return {lot_id: ("stock_adjustment", reason) for lot_id, reason in read.rows_for(REASONS, lot_ids)}


def _carried(read: Any, lot_ids: Sequence[str]) -> Mapping[str, Offset]:
    """The cost of goods that are transferred goes from lot to lot and stands on no account but inventory."""
    return dict.fromkeys(lot_ids, ("", ""))


REASONS = (
    "SELECT l.lot_id, a.reason FROM stock_transaction t JOIN stock_adjustment a ON a.document_id = t.document_id "
    "JOIN stock_adjustment_line l ON l.document_id = a.document_id AND l.lot_id = t.lot_id WHERE t.sequence = 1 AND t.lot_id IN {keys}"
)
COST_OFFSETS = (
    CostOffset(name="stock.adjusted_cost", summary="Adjustments book by their reason.", kind="stock_adjustment", find=_by_reason),
    CostOffset(name="stock.carried_cost", summary="Transfers carry cost along.", kind="stock_transfer_posting", find=_carried),
)
