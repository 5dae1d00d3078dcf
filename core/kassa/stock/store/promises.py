"""Rows of promises: reservations and blocks, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.tables import Table
from kassa.stock.documents import Lot
from kassa.stock.documents.promises import Block, BlockLine, Reservation, ReservationLine
from kassa.stock.facts import load_lots
from kassa.stock.models import StockBlockLineRow, StockBlockRow, StockReservationLineRow, StockReservationRow

DOCUMENT = "d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, d.corrects_id"
NAMES = ("id", "type", "legal_entity_id", "store_id", "register", "state", "version", "date", "occurred_at", "corrects_id")
RESERVATIONS = f"SELECT {DOCUMENT}, r.expires_at, r.note FROM kernel_document d JOIN stock_reservation r ON r.document_id = d.id WHERE d.id IN {{keys}}"
RESERVATION_LINES = (
    "SELECT l.document_id, l.number, l.lot_id, l.product_id, p.number, l.warehouse_id, l.quantity, l.basis FROM stock_reservation_line l "
    "JOIN catalog_product p ON p.id = l.product_id WHERE l.document_id IN {keys} ORDER BY l.document_id, l.number"
)
SPLIT_OFF = (
    "SELECT n.source_lot_id, n.lot_id, (SELECT coalesce(sum(abs(t.quantity)), 0) FROM stock_transaction t WHERE t.lot_id = n.lot_id "
    "AND t.from_status = 'split' AND t.to_status IN ('reserved', 'reserved_ordered')) FROM stock_transaction n "
    "WHERE n.from_status = 'split' AND n.source_lot_id IN {keys} ORDER BY n.lot_id"
)
BLOCKS = f"SELECT {DOCUMENT}, b.warehouse_id, b.reason, b.note FROM kernel_document d JOIN stock_block b ON b.document_id = d.id WHERE d.id IN {{keys}}"
BLOCK_LINES = (
    "SELECT l.document_id, l.number, l.lot_id, l.product_id, p.number, l.quantity FROM stock_block_line l "
    "JOIN catalog_product p ON p.id = l.product_id WHERE l.document_id IN {keys} ORDER BY l.document_id, l.number"
)


def header(row: Sequence[Any]) -> dict[str, Any]:
    """Read the columns that every document has."""
    return dict(zip(NAMES, row, strict=False))


def lot_of(known: Mapping[str, Lot], lot_id: str, legal_entity_id: str, product_id: str) -> Lot:
    """Give a lot as its steps leave it, or one that has none."""
    return known.get(lot_id) or Lot(id=lot_id, legal_entity_id=legal_entity_id, product_id=product_id)


def reservation_rows(document: Reservation) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a reservation into its rows."""
    waits = any(line.basis == "ordered" for line in document.lines)
    yield StockReservationRow, (document.id, document.legal_entity_id, document.note, document.expires_at, waits)
    for line in document.lines:
        yield (
            StockReservationLineRow,
            (document.id, line.number, line.lot.id, line.lot.product_id, line.warehouse_id, line.quantity, line.basis),
        )


def load_reservations(read: Reader, ids: Sequence[str]) -> Mapping[str, Reservation]:
    """Read reservations by id, their lots as they stand."""
    rows = read.rows_for(RESERVATION_LINES, ids)
    headers = {row[0]: row for row in read.rows_for(RESERVATIONS, ids)}
    rows = _with_splits(read, rows)
    known = load_lots(read, [row[2] for row in rows])
    lines: dict[str, list[ReservationLine]] = {}
    for document_id, number, lot_id, product_id, product_number, warehouse_id, quantity, basis in rows:
        lot = lot_of(known, lot_id, headers[document_id][2], product_id)
        lines.setdefault(document_id, []).append(
            ReservationLine(
                number=number, lot=lot, product_number=product_number, warehouse_id=warehouse_id, quantity=quantity, basis=basis
            )
        )
    return {
        document_id: Reservation(**header(row), expires_at=row[10], note=row[11], lines=tuple(lines.get(document_id, ())))
        for document_id, row in headers.items()
    }


def _with_splits(read: Reader, rows: Sequence[Any]) -> list[Any]:
    """Add to lines of reservations what went on as a lot of its own when a kept lot was split, as lines behind them."""
    found = list(rows)
    parents = [row[2] for row in rows]
    while parents:
        parts = read.rows_for(SPLIT_OFF, parents)
        parents = [row[1] for row in parts]
        for lot_id, new_lot_id, quantity in parts:
            for place, row in enumerate(found):
                if row[2] == lot_id:
                    part = min(row[6], int(quantity))
                    number = max(other[1] for other in found if other[0] == row[0]) + 1
                    found[place] = (*row[:6], row[6] - part, row[7])
                    found.append((row[0], number, new_lot_id, *row[3:6], part, row[7]))
    return found


def block_rows(document: Block) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a block, or what ends it, into its rows."""
    yield StockBlockRow, (document.id, document.legal_entity_id, document.warehouse_id, document.reason, document.note)
    for line in document.lines:
        yield StockBlockLineRow, (document.id, line.number, line.lot.id, line.lot.product_id, line.quantity)


def load_blocks(read: Reader, ids: Sequence[str]) -> Mapping[str, Block]:
    """Read blocks and what ended them by id, their lots as they stand."""
    rows = read.rows_for(BLOCK_LINES, ids)
    headers = {row[0]: row for row in read.rows_for(BLOCKS, ids)}
    known = load_lots(read, [row[2] for row in rows])
    lines: dict[str, list[BlockLine]] = {}
    for document_id, number, lot_id, product_id, product_number, quantity in rows:
        lot = lot_of(known, lot_id, headers[document_id][2], product_id)
        lines.setdefault(document_id, []).append(BlockLine(number=number, lot=lot, product_number=product_number, quantity=quantity))
    return {
        document_id: Block(**header(row), warehouse_id=row[10], reason=row[11], note=row[12], lines=tuple(lines.get(document_id, ())))
        for document_id, row in headers.items()
    }
