"""Rows of counts, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.tables import Table
from kassa.stock.documents.counts import Count, CountLine
from kassa.stock.models import StockCountLineRow, StockCountRow
from kassa.stock.store.promises import DOCUMENT, header

COUNTS = (
    f"SELECT {DOCUMENT}, c.warehouse_id, c.note FROM kernel_document d JOIN stock_count c ON c.document_id = d.id WHERE d.id IN {{keys}}"
)
LINES = (
    "SELECT l.document_id, l.number, l.product_id, p.number, l.expected, l.counted FROM stock_count_line l "
    "JOIN catalog_product p ON p.id = l.product_id WHERE l.document_id IN {keys} ORDER BY l.document_id, l.number"
)


def count_rows(document: Count) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a count into its rows."""
    yield StockCountRow, (document.id, document.legal_entity_id, document.warehouse_id, document.note)
    for line in document.lines:
        yield StockCountLineRow, (document.id, line.number, line.product_id, line.expected, line.counted)


def load_counts(read: Reader, ids: Sequence[str]) -> Mapping[str, Count]:
    """Read counts by id."""
    lines: dict[str, list[CountLine]] = {}
    for document_id, number, product_id, product_number, expected, counted in read.rows_for(LINES, ids):
        lines.setdefault(document_id, []).append(
            CountLine(number=number, product_id=product_id, product_number=product_number, expected=expected, counted=counted)
        )
    return {
        row[0]: Count(**header(row), warehouse_id=row[10], note=row[11], lines=tuple(lines.get(row[0], ())))
        for row in read.rows_for(COUNTS, ids)
    }
