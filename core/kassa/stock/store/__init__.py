"""Rows of stock: steps of lots and adjustments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.plan import Stamped
from kassa.kernel.tables import Table
from kassa.kernel.values import QUANTITY_PLACES, currency, format_scaled
from kassa.stock.documents import Adjustment, AdjustmentLine, StockStep
from kassa.stock.models import StockAdjustmentLineRow, StockAdjustmentRow, StockTransactionRow

HEADERS = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, "
    "a.warehouse_id, a.reason, a.note, s.number, e.currency FROM kernel_document d JOIN stock_adjustment a ON a.document_id = d.id "
    "JOIN org_legal_entity e ON e.id = d.legal_entity_id LEFT JOIN org_store s ON s.id = d.store_id WHERE d.id IN {keys}"
)
LINES = (
    "SELECT l.document_id, l.number, l.lot_id, l.product_id, p.number, l.quantity, l.cost "
    "FROM stock_adjustment_line l JOIN catalog_product p ON p.id = l.product_id WHERE l.document_id IN {keys} ORDER BY l.document_id, l.number"
)


def lower_steps(group: Sequence[Stamped], changes: Any) -> None:
    """Write the history of lots."""
    rows = []
    for effect, rule, document_id, _case in group:
        step: StockStep = effect
        rows.append(
            (
                step.lot_id, step.sequence, document_id, step.legal_entity_id, step.product_id, step.warehouse_id, step.from_status,
                step.to_status, step.quantity, step.cost, step.issued_cost, step.date, rule, step.source_lot_id,
            )
        )  # fmt: skip
    changes.insert(StockTransactionRow, rows)


def show_step(stamped: Stamped, context: Any) -> Mapping[str, Any]:
    """Show a stock step in a preview."""
    step: StockStep = stamped.effect
    document = context.plan.documents.get(stamped.document_id)
    return {
        "document": document.kind if document is not None else None,
        "product": step.product_id,
        "warehouse": step.warehouse_id,
        "from": step.from_status,
        "to": step.to_status,
        "quantity": format_scaled(step.quantity, QUANTITY_PLACES, trim=True),
        "rule": stamped.rule,
    }


def adjustment_rows(document: Adjustment) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn an adjustment into its rows."""
    yield StockAdjustmentRow, (document.id, document.legal_entity_id, document.warehouse_id, document.reason, document.note)
    for line in document.lines:
        yield StockAdjustmentLineRow, (document.id, line.number, line.lot_id, line.product_id, line.quantity, line.cost)


def load_adjustments(read: Reader, ids: Sequence[str]) -> Mapping[str, Adjustment]:
    """Read adjustments by id."""
    lines: dict[str, list[AdjustmentLine]] = {}
    for document_id, number, lot_id, product_id, product_number, quantity, cost in read.rows_for(LINES, ids):
        lines.setdefault(document_id, []).append(
            AdjustmentLine(
                number=number,
                lot_id=lot_id,
                product_id=product_id,
                product_number=product_number,
                quantity=quantity,
                standard_cost=0,
                cost=cost,
            )
        )
    found = {}
    for row in read.rows_for(HEADERS, ids):
        found[row[0]] = Adjustment(
            id=row[0], type=row[1], legal_entity_id=row[2], store_id=row[3], register=row[4], state=row[5], version=row[6], date=row[7],
            occurred_at=row[8], warehouse_id=row[9], reason=row[10], note=row[11], store_number=row[12] or "",
            exponent=currency(row[13]).exponent, lines=tuple(lines.get(row[0], ())),
        )  # fmt: skip
    return found
