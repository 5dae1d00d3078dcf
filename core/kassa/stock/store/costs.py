"""Rows of cost adjustments and closings, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.tables import Table
from kassa.stock.documents.costs import Closing, CostAdjustment, CostLayer, Match
from kassa.stock.models import StockClosingRow, StockCostAdjustmentRow, StockCostLayerRow, StockSettlementRow
from kassa.stock.store.promises import DOCUMENT, header

ADJUSTMENTS = (
    f"SELECT {DOCUMENT}, c.reason, c.closing_id, s.number FROM kernel_document d JOIN stock_cost_adjustment c ON c.document_id = d.id "
    "LEFT JOIN org_store s ON s.id = d.store_id WHERE d.id IN {keys}"
)
LAYERS = (
    "SELECT l.document_id, l.number, l.lot_id, l.product_id, p.number, l.warehouse_id, l.value, l.variance, l.role, l.selector, "
    "l.follows_lot_id, coalesce((SELECT t.sequence FROM stock_transaction t WHERE t.lot_id = l.lot_id AND t.document_id = l.document_id "
    "ORDER BY t.sequence LIMIT 1), 0) FROM stock_cost_layer l JOIN catalog_product p ON p.id = l.product_id WHERE l.document_id IN {keys} "
    "ORDER BY l.document_id, l.number"
)
MATCHES = "SELECT document_id, issue_lot_id, receipt_lot_id, quantity, cost FROM stock_settlement WHERE document_id IN {keys} ORDER BY document_id, number"
CLOSINGS = f"SELECT {DOCUMENT}, c.through FROM kernel_document d JOIN stock_closing c ON c.document_id = d.id WHERE d.id IN {{keys}}"


def cost_adjustment_rows(document: CostAdjustment) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a cost adjustment into its rows."""
    yield StockCostAdjustmentRow, (document.id, document.legal_entity_id, document.reason, document.closing_id)
    for layer in document.layers:
        yield (
            StockCostLayerRow,
            (
                document.id, layer.number, layer.lot_id, layer.product_id, layer.warehouse_id, layer.value, layer.variance, layer.role,
                layer.selector, layer.follows_lot_id,
            ),
        )  # fmt: skip
    for number, match in enumerate(document.matches, 1):
        yield StockSettlementRow, (document.id, number, match.issue_lot_id, match.receipt_lot_id, match.quantity, match.cost)


def load_cost_adjustments(read: Reader, ids: Sequence[str]) -> Mapping[str, CostAdjustment]:
    """Read cost adjustments by id."""
    layers: dict[str, list[CostLayer]] = {}
    for row in read.rows_for(LAYERS, ids):
        layers.setdefault(row[0], []).append(
            CostLayer(
                number=row[1], lot_id=row[2], product_id=row[3], product_number=row[4], warehouse_id=row[5], value=row[6], variance=row[7],
                role=row[8], selector=row[9], follows_lot_id=row[10], sequence=row[11],
            )
        )  # fmt: skip
    matches: dict[str, list[Match]] = {}
    for document_id, *values in read.rows_for(MATCHES, ids):
        matches.setdefault(document_id, []).append(Match(*values))
    return {
        row[0]: CostAdjustment(
            **header(row), reason=row[10], closing_id=row[11], store_number=row[12] or "", layers=tuple(layers.get(row[0], ())),
            matches=tuple(matches.get(row[0], ())),
        )
        for row in read.rows_for(ADJUSTMENTS, ids)
    }  # fmt: skip


def closing_rows(document: Closing) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a closing into its row."""
    yield StockClosingRow, (document.id, document.legal_entity_id, document.through)


def load_closings(read: Reader, ids: Sequence[str]) -> Mapping[str, Closing]:
    """Read closings by id."""
    return {row[0]: Closing(**header(row), through=row[10]) for row in read.rows_for(CLOSINGS, ids)}
