"""Stock: lots and their life, balances in buckets, moving average cost, adjustments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel import contributions as give
from kassa.kernel.plugins import hookimpl
from kassa.ledger.documents import Books
from kassa.ledger.facts import load_books
from kassa.stock import models, residues, rules, store, workflow
from kassa.stock.documents import Adjustment, StockStep
from kassa.stock.errors import CODES
from kassa.stock.invariants import INVARIANTS
from kassa.stock.operations import OPERATIONS
from kassa.stock.permissions import PERMISSIONS, ROLES
from kassa.stock.reports import REPORTS
from kassa.stock.settings import SETTINGS


@hookimpl
def register_storage() -> Iterable[Any]:
    """Contribute the tables, the balance of stock, and how steps become rows."""
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
        give.Lowering(name="stock.step", effect=StockStep, lower=store.lower_steps, section="stock_movements", show=store.show_step),
        *INVARIANTS,
    ]


@hookimpl
def register_documents() -> Iterable[Any]:
    """Contribute the stock adjustment."""
    return [
        give.DocumentKind(
            name="stock_adjustment",
            summary="Stock put in or taken out without a sale",
            document=Adjustment,
            states=("posted",),
            transitions=workflow.ADJUSTMENT_TRANSITIONS,
            rank=40,
            rows=store.adjustment_rows,
            load=store.load_adjustments,
            tables=(models.StockAdjustmentRow, models.StockAdjustmentLineRow),
            series="stock_adjustment",
            chained=True,
        )
    ]


@hookimpl
def register_definitions() -> Iterable[Any]:
    """Contribute permissions, roles, settings, error codes and the number series of adjustments."""
    series = give.NumberSeries(name="stock_adjustment", summary="Stock adjustments", pattern="ADJ-{register}-{number}")
    return [*PERMISSIONS, *ROLES, *SETTINGS, *CODES, series]


@hookimpl
def register_rules() -> Iterable[Any]:
    """Contribute how an adjustment is valued, moved and booked."""
    kind, post = "stock_adjustment", "post"
    return [
        give.Loader(name="stock.books", facts=Books, load=load_books, kind=kind),
        give.Rule(
            name="stock.value_adjustment", kind=kind, transition=post, stage="cost", run=rules.value_adjustment, shapes=True,
            summary="What leaves is valued at the moving average, what comes at its own or the standard cost.",
        ),
        give.Rule(
            name="stock.move_adjustment", kind=kind, transition=post, stage="stock", run=rules.move_adjustment,
            summary="Stock goes in or out at once, physically and financially.",
        ),
        give.Rule(
            name="stock.book_adjustment", kind=kind, transition=post, stage="entries", run=rules.book_adjustment,
            summary="Inventory against the account of the reason.",
        ),
        give.Rule(
            name="stock.adjustment_lines", kind=kind, transition=post, stage="check", run=rules.check_adjustment,
            summary="Quantities and costs fit the reason and can be booked; a warning where stock becomes negative.",
        ),
        give.Rule(
            name="stock.clear_residues", kind="*", transition="*", stage="entries", run=residues.clear_residues, order=1000,
            summary="A value that is left over where nothing is on hand goes to the rounding account.",
        ),
    ]  # fmt: skip


@hookimpl
def register_operations() -> Iterable[Any]:
    """Contribute adjusting stock and looking at it."""
    return OPERATIONS


@hookimpl
def register_events() -> Iterable[Any]:
    """Contribute the event of an adjustment."""
    return [give.EventType(name="stock.adjusted", summary="Stock was put in or taken out without a sale.")]


@hookimpl
def register_reports() -> Iterable[Any]:
    """Contribute the value of stock."""
    return REPORTS
