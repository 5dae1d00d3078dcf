"""The kinds of documents of stock, and the series of their numbers."""

from __future__ import annotations

from typing import Any

from kassa.kernel import contributions as give
from kassa.stock import models, store, workflow
from kassa.stock.documents import Adjustment
from kassa.stock.documents.costs import Closing, CostAdjustment
from kassa.stock.documents.counts import Count
from kassa.stock.documents.promises import Block, Reservation
from kassa.stock.documents.transfers import Transfer, TransferPosting
from kassa.stock.store import costs, counts, promises, transfers


def _kind(
    name: str, summary: str, document: Any, transitions: Any, rank: int, rows: Any, load: Any, tables: Any, **more: Any
) -> give.DocumentKind:
    given = {"states": ("posted",), "series": name, **more}
    return give.DocumentKind(
        name=name, summary=summary, document=document, transitions=transitions, rank=rank, rows=rows, load=load, tables=tables, **given
    )


KINDS = (
    _kind(
        "stock_adjustment", "Stock put in or taken out without a sale", Adjustment, workflow.ADJUSTMENT_TRANSITIONS, 40,
        store.adjustment_rows, store.load_adjustments, (models.StockAdjustmentRow, models.StockAdjustmentLineRow), chained=True,
        shown_by="stock.read_adjustment",
    ),
    _kind(
        "stock_reservation", "Goods kept for lots", Reservation, workflow.RESERVATION_TRANSITIONS, 35, promises.reservation_rows,
        promises.load_reservations, (models.StockReservationRow, models.StockReservationLineRow), states=workflow.RESERVATION_STATES,
        shown_by="stock.read_reservation",
    ),
    _kind(
        "stock_block", "Goods that must not be sold", Block, workflow.BLOCK_TRANSITIONS, 41, promises.block_rows, promises.load_blocks,
        (models.StockBlockRow, models.StockBlockLineRow), chained=True,
        shown_by="stock.read_block",
    ),
    _kind(
        "stock_transfer", "Goods that go to another warehouse", Transfer, workflow.TRANSFER_TRANSITIONS, 36, transfers.transfer_rows,
        transfers.load_transfers, (models.StockTransferRow, models.StockTransferLineRow), states=workflow.TRANSFER_STATES,
        shown_by="stock.read_transfer",
    ),
    _kind(
        "stock_transfer_posting", "Goods of a transfer that leave or arrive", TransferPosting, workflow.TRANSFER_POSTING_TRANSITIONS, 42,
        transfers.posting_rows, transfers.load_postings, (models.StockTransferPostingRow, models.StockTransferPostingLineRow), chained=True,
        series={"shipment": "stock_shipment", "receipt": "stock_receipt"},
    ),
    _kind(
        "stock_cost_adjustment", "What lots cost, changed after the fact", CostAdjustment, workflow.COST_TRANSITIONS, 43,
        costs.cost_adjustment_rows, costs.load_cost_adjustments,
        (models.StockCostAdjustmentRow, models.StockCostLayerRow, models.StockSettlementRow), chained=True,
        shown_by="stock.read_cost_adjustment",
    ),
    _kind(
        "stock_closing", "The closing of a stock period", Closing, workflow.CLOSING_TRANSITIONS, 34, costs.closing_rows,
        costs.load_closings, (models.StockClosingRow,), states=workflow.CLOSING_STATES,
    ),
    _kind(
        "stock_count", "A count of a warehouse", Count, workflow.COUNT_TRANSITIONS, 37, counts.count_rows, counts.load_counts,
        (models.StockCountRow, models.StockCountLineRow), states=workflow.COUNT_STATES,
        shown_by="stock.read_count",
    ),
)  # fmt: skip
LINKS = (
    give.Link(name="stock.transfers", summary="A shipment or receipt is of a transfer", table=models.StockTransferPostingRow, other="transfer_id"),
    give.Link(
        name="stock.closes", summary="A cost adjustment is of the closing of a period", table=models.StockCostAdjustmentRow, other="closing_id",
        hub=True,
    ),
)  # fmt: skip
SERIES = (
    give.NumberSeries(name="stock_adjustment", summary="Stock adjustments", pattern="ADJ-{register}-{number}"),
    give.NumberSeries(name="stock_reservation", summary="Reservations", pattern="RES-{register}-{number}"),
    give.NumberSeries(name="stock_block", summary="Blocks", pattern="BLK-{register}-{number}"),
    give.NumberSeries(name="stock_transfer", summary="Transfers", pattern="TRO-{register}-{number}"),
    give.NumberSeries(name="stock_shipment", summary="Shipments of transfers", pattern="TSH-{register}-{number}"),
    give.NumberSeries(name="stock_receipt", summary="Receipts of transfers", pattern="TRC-{register}-{number}"),
    give.NumberSeries(name="stock_cost_adjustment", summary="Cost adjustments", pattern="CST-{register}-{number}"),
    give.NumberSeries(name="stock_closing", summary="Closings of stock periods", pattern="SCL-{register}-{number}"),
    give.NumberSeries(name="stock_count", summary="Counts", pattern="CNT-{register}-{number}"),
)
