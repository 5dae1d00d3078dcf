"""Rows of transfers and of the documents that ship and receive their goods, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.tables import Table
from kassa.kernel.values import currency
from kassa.stock.documents.transfers import Transfer, TransferCounters, TransferLine, TransferPosting, TransferPostingLine
from kassa.stock.models import StockTransferLineRow, StockTransferPostingLineRow, StockTransferPostingRow, StockTransferRow
from kassa.stock.store.promises import DOCUMENT, header

TRANSFERS = (
    f"SELECT {DOCUMENT}, t.from_warehouse_id, t.to_warehouse_id, t.note, s.number, e.currency FROM kernel_document d "
    "JOIN stock_transfer t ON t.document_id = d.id JOIN org_legal_entity e ON e.id = d.legal_entity_id "
    "LEFT JOIN org_store s ON s.id = d.store_id WHERE d.id IN {keys}"
)
LINES = (
    "SELECT l.document_id, l.id, l.receipt_lot_id, l.number, l.product_id, p.number, l.quantity, b.cancelled, b.shipped, b.received, b.lost, "
    "b.shipped_cost, b.received_cost FROM stock_transfer_line l JOIN stock_transfer_balance b ON b.line_id = l.id "
    "JOIN catalog_product p ON p.id = l.product_id WHERE l.document_id IN {keys} ORDER BY l.document_id, l.number"
)
POSTINGS = (
    f"SELECT {DOCUMENT}, p.transfer_id, s.number FROM kernel_document d JOIN stock_transfer_posting p ON p.document_id = d.id "
    "LEFT JOIN org_store s ON s.id = d.store_id WHERE d.id IN {keys}"
)
POSTING_LINES = (
    "SELECT document_id, number, line_id, quantity, lost, cost, lost_cost FROM stock_transfer_posting_line WHERE document_id IN {keys} "
    "ORDER BY document_id, number"
)


def transfer_rows(document: Transfer) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a transfer into its rows; the counters of its lines are claims."""
    yield (
        StockTransferRow,
        (document.id, document.legal_entity_id, document.from_warehouse_id, document.to_warehouse_id, document.note),
    )
    for line in document.lines:
        yield StockTransferLineRow, (line.id, document.id, line.number, line.product_id, line.quantity, line.receipt_lot_id)


def load_transfers(read: Reader, ids: Sequence[str]) -> Mapping[str, Transfer]:
    """Read transfers by id with how far their lines have come; what products are is left to the caller."""
    lines: dict[str, list[TransferLine]] = {}
    for row in read.rows_for(LINES, ids):
        lines.setdefault(row[0], []).append(
            TransferLine(
                id=row[1], receipt_lot_id=row[2], number=row[3], product_id=row[4], product_number=row[5], quantity=row[6],
                counters=TransferCounters(*row[7:13]),
            )
        )  # fmt: skip
    return {
        row[0]: Transfer(
            **header(row), from_warehouse_id=row[10], to_warehouse_id=row[11], note=row[12], store_number=row[13] or "",
            exponent=currency(row[14]).exponent, lines=tuple(lines.get(row[0], ())),
        )
        for row in read.rows_for(TRANSFERS, ids)
    }  # fmt: skip


def posting_rows(document: TransferPosting) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a shipment or a receipt into its rows."""
    yield StockTransferPostingRow, (document.id, document.legal_entity_id, document.transfer.id)
    for line in document.lines:
        yield (
            StockTransferPostingLineRow,
            (document.id, line.number, line.line.id, line.quantity, line.lost, line.cost, line.lost_cost),
        )


def load_postings(read: Reader, ids: Sequence[str]) -> Mapping[str, TransferPosting]:
    """Read shipments and receipts by id; their transfers are as they stand now."""
    headers = read.rows_for(POSTINGS, ids)
    transfers = load_transfers(read, list(dict.fromkeys(row[10] for row in headers)))
    known = {line.id: line for transfer in transfers.values() for line in transfer.lines}
    lines: dict[str, list[TransferPostingLine]] = {}
    for document_id, number, line_id, quantity, lost, cost, lost_cost in read.rows_for(POSTING_LINES, ids):
        lines.setdefault(document_id, []).append(
            TransferPostingLine(number=number, line=known[line_id], quantity=quantity, lost=lost, cost=cost, lost_cost=lost_cost)
        )
    return {
        row[0]: TransferPosting(
            **header(row), transfer=transfers[row[10]], store_number=row[11] or "", exponent=transfers[row[10]].exponent,
            lines=tuple(lines.get(row[0], ())),
        )
        for row in headers
    }  # fmt: skip
