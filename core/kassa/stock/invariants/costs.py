"""What must hold of costs after the fact: layers moved and booked, matches within their lots, closed dates kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES
from kassa.ledger.invariants import ACCOUNTS_OF_ROLE
from kassa.stock.workflow import FINANCIAL

RESIDUES = "stock.clear_residues"
_NAMES = ", ".join(f"'{status}'" for status in FINANCIAL)
UNMOVED = (
    "SELECT l.document_id, l.number FROM stock_cost_layer l WHERE l.value <> 0 AND NOT EXISTS (SELECT 1 FROM stock_transaction t "
    "WHERE t.lot_id = l.lot_id AND t.document_id = l.document_id AND t.quantity = 0 AND t.cost = l.value) LIMIT ?"
)
UNBOOKED = (
    "SELECT document_id, value, booked FROM (SELECT c.document_id, "
    "(SELECT coalesce(sum(l.value), 0) FROM stock_cost_layer l WHERE l.document_id = c.document_id) AS value, "
    "(SELECT coalesce(sum(x.amount), 0) FROM ledger_entry x WHERE x.document_id = c.document_id AND x.rule <> ? "
    f"AND x.account_id IN ({ACCOUNTS_OF_ROLE})) AS booked FROM stock_cost_adjustment c) t WHERE value <> booked LIMIT ?"
)
# What left may not be matched with more than left, what came not with more than came; each side has an index of its own.
OVERMATCHED = (
    "SELECT m.lot_id, m.matched, m.moved FROM (SELECT s.{side}_lot_id AS lot_id, sum(s.quantity) AS matched, "
    f"(SELECT sum(CASE WHEN t.to_status IN ({_NAMES}) THEN t.quantity ELSE 0 END) - sum(CASE WHEN t.from_status IN ({_NAMES}) THEN t.quantity "
    "ELSE 0 END) FROM stock_transaction t WHERE t.lot_id = s.{side}_lot_id) AS moved FROM stock_settlement s GROUP BY s.{side}_lot_id) m "
    "WHERE m.matched > {sign} * m.moved LIMIT ?"
)
ELSEWHERE = (
    "SELECT s.document_id, s.number FROM stock_settlement s WHERE NOT EXISTS (SELECT 1 FROM stock_transaction i JOIN stock_transaction r "
    "ON r.product_id = i.product_id AND r.warehouse_id = i.warehouse_id WHERE i.lot_id = s.issue_lot_id AND i.sequence = 1 "
    "AND r.lot_id = s.receipt_lot_id AND r.sequence = 1) LIMIT ?"
)
SPLIT_APART = (
    "SELECT document_id, product_id, warehouse_id FROM stock_transaction WHERE from_status = 'split' OR to_status = 'split' "
    "GROUP BY document_id, product_id, warehouse_id HAVING sum(CASE WHEN to_status = 'split' THEN quantity ELSE -quantity END) <> 0 "
    "OR sum(cost) <> 0 OR sum(issued_cost) <> 0 LIMIT ?"
)


def unmoved_layers(read: Any) -> Iterable[str]:
    """Find layers of cost without the step that changes the value of their lot."""
    for document_id, number in read.rows(UNMOVED, (SAMPLES,)):
        yield f"layer {number} of cost adjustment {document_id}: no step changes the value of its lot by as much"


def unbooked_layers(read: Any) -> Iterable[str]:
    """Find cost adjustments whose layers are not what they booked to inventory."""
    for document_id, value, booked in read.rows(UNBOOKED, (RESIDUES, "inventory", SAMPLES)):
        yield f"cost adjustment {document_id}: its layers add {int(value)} minor units, {int(booked)} are booked to inventory"


def overmatched(read: Any) -> Iterable[str]:
    """Find lots that are matched with more than they moved, and matches between different products or places."""
    for side, sign in (("issue", -1), ("receipt", 1)):
        for lot_id, matched, moved in read.rows(OVERMATCHED.format(side=side, sign=sign), (SAMPLES,)):
            yield f"lot {lot_id}: {int(matched)} thousandths are matched, {int(moved or 0)} moved"
    for document_id, number in read.rows(ELSEWHERE, (SAMPLES,)):
        yield f"match {number} of cost adjustment {document_id}: what left and what came are not of one product at one place"


def split_apart(read: Any) -> Iterable[str]:
    """Find documents that split lots so that quantity or cost got lost."""
    for document_id, product_id, warehouse_id in read.rows(SPLIT_APART, (SAMPLES,)):
        yield f"document {document_id}: what it split of product {product_id} in warehouse {warehouse_id} is not what went on"


INVARIANTS = (
    Invariant(name="stock.layers_added", summary="Every layer of cost changes the value of its lot.", find=unmoved_layers),
    Invariant(name="stock.layers_booked", summary="Cost adjustments book what they add.", find=unbooked_layers),
    Invariant(name="stock.matched_once", summary="Goods are matched once, with goods of their product and place.", find=overmatched),
    Invariant(name="stock.splits_keep_all", summary="A split loses neither quantity nor cost.", find=split_apart),
)
