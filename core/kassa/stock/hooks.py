"""Stock: lots and their life, balances in buckets, promises, transfers, what goods cost, availability, counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.plugins import hookimpl
from kassa.stock import availability, closing, models, reserving, settings, store, workflow
from kassa.stock.documents import StockStep
from kassa.stock.errors import CODES
from kassa.stock.invariants import INVARIANTS
from kassa.stock.kinds import KINDS, LINKS, SERIES
from kassa.stock.operations import OPERATIONS
from kassa.stock.operations import costs as cost_operations
from kassa.stock.permissions import PERMISSIONS, ROLES
from kassa.stock.reports import REPORTS
from kassa.stock.scheme import LOADERS, RULES


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables, the balances of stock and of transfers, and how steps become rows."""
    return [
        give.Storage(name="stock", tables=models.TABLES),
        give.Balance(
            name="stock.balance",
            table=models.StockBalanceRow,
            key=("product_id", "warehouse_id"),
            amounts=(
                "on_hand", "on_order", "reserved", "picked", "ordered", "in_transit", "registered", "reserved_ordered", "blocked", "value",
                "issued_value",
            ),
            bounds={"available": workflow.AVAILABLE, "inbound": workflow.INBOUND},
            rank=120,
            summary="Stock of a product in a warehouse",
            zero_with={"value": "on_hand"},
        ),
        give.Balance(
            name="stock.transfer_line",
            table=models.StockTransferBalanceRow,
            key=("line_id",),
            amounts=("ordered", "cancelled", "shipped", "received", "lost", "shipped_cost", "received_cost"),
            bounds={
                "shippable": {"ordered": 1, "cancelled": -1, "shipped": -1},
                "receivable": {"shipped": 1, "received": -1, "lost": -1},
            },
            rank=55,
            summary="How far a line of a transfer has come",
        ),
        give.Lowering(name="stock.step", effect=StockStep, lower=store.lower_steps, section="stock_movements", show=store.show_step),
        give.PlanCheck(name="stock.closed", summary="Nothing moves in a stock period that is closed.", check=closing.check_closed),
        *INVARIANTS,
    ]  # fmt: skip


@hookimpl
def register_documents() -> Iterable[Any]:
    """Contribute adjustments, reservations, blocks, transfers, cost adjustments, closings and counts, and how they belong together."""
    return [*KINDS, *LINKS]


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute permissions, roles, settings, error codes, number series, and where the cost of lots was booked."""
    return [*PERMISSIONS, *ROLES, *settings.SETTINGS, *settings.COST_OFFSETS, *CODES, *SERIES]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how each document of stock is checked, valued, moved and booked."""
    return [*LOADERS, *RULES]


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute moving stock, promising it, valuing it, and looking at it."""
    return OPERATIONS


@hookimpl
def register_services() -> Iterable[Any]:
    """Contribute the books of stock that are kept here, as the default of the port."""
    return availability.SERVICES


@hookimpl
def register_jobs() -> Iterable[Any]:
    """Contribute tending reservations, which is scheduled, and settling a closed period."""
    return [reserving.JOB, reserving.SCHEDULE, cost_operations.JOB]


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute what happens to stock."""
    return settings.EVENTS


@hookimpl
def register_reports() -> Iterable[Any]:
    """Contribute the value of stock."""
    return REPORTS
