"""What must hold of transfers and promises: counters are the sum of what was posted, goods in transit keep their cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES

MISCOUNTED = (
    "SELECT line_id FROM (SELECT b.line_id, b.shipped, b.received, b.lost, b.shipped_cost, b.received_cost, "
    "coalesce(sum(CASE WHEN d.type = 'shipment' THEN l.quantity ELSE 0 END), 0) AS left_, "
    "coalesce(sum(CASE WHEN d.type = 'receipt' THEN l.quantity ELSE 0 END), 0) AS came, coalesce(sum(l.lost), 0) AS gone, "
    "coalesce(sum(CASE WHEN d.type = 'shipment' THEN l.cost ELSE 0 END), 0) AS left_cost, "
    "coalesce(sum(CASE WHEN d.type = 'receipt' THEN l.cost + l.lost_cost ELSE 0 END), 0) AS came_cost "
    "FROM stock_transfer_balance b LEFT JOIN stock_transfer_posting_line l ON l.line_id = b.line_id "
    "LEFT JOIN kernel_document d ON d.id = l.document_id GROUP BY b.line_id, b.shipped, b.received, b.lost, b.shipped_cost, b.received_cost) x "
    "WHERE shipped <> left_ OR received <> came OR lost <> gone OR shipped_cost <> left_cost OR received_cost <> came_cost LIMIT ?"
)
LOST_ON_THE_WAY = (
    "SELECT b.line_id FROM stock_transfer_balance b JOIN stock_transfer_line l ON l.id = b.line_id WHERE b.shipped_cost - b.received_cost <> "
    "(SELECT coalesce(sum(t.issued_cost), 0) FROM stock_transaction t WHERE t.lot_id = b.line_id) OR b.shipped - b.received - b.lost <> "
    "(SELECT coalesce(sum(CASE WHEN t.to_status = 'in_transit' THEN t.quantity WHEN t.from_status = 'in_transit' THEN -t.quantity ELSE 0 END), 0) "
    "FROM stock_transaction t WHERE t.lot_id = l.receipt_lot_id) LIMIT ?"
)
STILL_KEPT = (
    "SELECT l.document_id, l.number FROM stock_reservation_line l JOIN kernel_document d ON d.id = l.document_id WHERE d.state <> 'active' "
    "AND NOT EXISTS (SELECT 1 FROM stock_reservation_line o JOIN kernel_document e ON e.id = o.document_id WHERE o.lot_id = l.lot_id "
    "AND e.state = 'active') AND EXISTS (SELECT 1 FROM stock_transaction t WHERE t.lot_id = l.lot_id AND t.document_id = l.document_id) "
    "AND (SELECT coalesce(sum(CASE WHEN t.to_status = 'reserved_ordered' THEN t.quantity ELSE 0 END), 0) - "
    "coalesce(sum(CASE WHEN t.from_status = 'reserved_ordered' THEN t.quantity ELSE 0 END), 0) FROM stock_transaction t "
    "WHERE t.lot_id = l.lot_id) <> 0 LIMIT ?"
)


def miscounted(read: Any) -> Iterable[str]:
    """Find lines of transfers whose counters are not what shipments and receipts add up to."""
    for (line_id,) in read.rows(MISCOUNTED, (SAMPLES,)):
        yield f"line {line_id} of a transfer: its counters are not the sum of what was shipped and received"


def lost_on_the_way(read: Any) -> Iterable[str]:
    """Find lines of transfers whose goods in transit, or their cost, are not what their lots say."""
    for (line_id,) in read.rows(LOST_ON_THE_WAY, (SAMPLES,)):
        yield f"line {line_id} of a transfer: what is on its way, or its cost, is not what the lots say"


def still_kept(read: Any) -> Iterable[str]:
    """Find reservations that are over and still keep goods on their way."""
    for document_id, number in read.rows(STILL_KEPT, (SAMPLES,)):
        yield f"line {number} of reservation {document_id}: it is over, and still keeps goods that are on their way"


INVARIANTS = (
    Invariant(name="stock.transfers_counted", summary="Counters of transfers are the sum of what was posted.", find=miscounted),
    Invariant(name="stock.transit_explained", summary="Goods on their way and their cost stand on their lots.", find=lost_on_the_way),
    Invariant(name="stock.reservations_end", summary="A reservation that is over keeps nothing on its way.", find=still_kept),
)
