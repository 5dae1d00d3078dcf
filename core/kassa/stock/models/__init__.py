"""Tables of stock."""

from __future__ import annotations

from kassa.kernel.tables import Table
from kassa.stock.models.costs import StockClosedRow, StockClosingRow, StockCostAdjustmentRow, StockCostLayerRow, StockSettlementRow
from kassa.stock.models.counts import StockCountLineRow, StockCountRow
from kassa.stock.models.lots import StockAdjustmentLineRow, StockAdjustmentRow, StockBalanceRow, StockTransactionRow
from kassa.stock.models.promises import StockBlockLineRow, StockBlockRow, StockReservationLineRow, StockReservationRow
from kassa.stock.models.transfers import (
    StockTransferBalanceRow,
    StockTransferLineRow,
    StockTransferPostingLineRow,
    StockTransferPostingRow,
    StockTransferRow,
)

TABLES: tuple[type[Table], ...] = (
    StockBalanceRow, StockTransactionRow, StockAdjustmentRow, StockAdjustmentLineRow, StockReservationRow, StockReservationLineRow,
    StockBlockRow, StockBlockLineRow, StockTransferRow, StockTransferLineRow, StockTransferBalanceRow, StockTransferPostingRow,
    StockTransferPostingLineRow, StockCostAdjustmentRow, StockCostLayerRow, StockClosingRow, StockClosedRow, StockSettlementRow,
    StockCountRow, StockCountLineRow,
)  # fmt: skip

__all__ = [
    "TABLES",
    "StockAdjustmentLineRow",
    "StockAdjustmentRow",
    "StockBalanceRow",
    "StockBlockLineRow",
    "StockBlockRow",
    "StockClosedRow",
    "StockClosingRow",
    "StockCostAdjustmentRow",
    "StockCostLayerRow",
    "StockCountLineRow",
    "StockCountRow",
    "StockReservationLineRow",
    "StockReservationRow",
    "StockSettlementRow",
    "StockTransactionRow",
    "StockTransferBalanceRow",
    "StockTransferLineRow",
    "StockTransferPostingLineRow",
    "StockTransferPostingRow",
    "StockTransferRow",
]
