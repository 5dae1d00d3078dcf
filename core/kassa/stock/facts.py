"""Facts of stock: what is on hand, where lots stand, what a product's policy is; all as the plan so far leaves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.catalog.documents import NegativeStock
from kassa.kernel.database import Reader
from kassa.kernel.frozen import evolve
from kassa.kernel.values import Thousandths
from kassa.stock.documents import Lot, OnHand, StockStep
from kassa.stock.movements import BALANCE
from kassa.stock.workflow import AVAILABLE, INBOUND, OUTSIDE, SPLIT, form

Place = tuple[str, str]
STEPS = (
    "SELECT t.lot_id, t.legal_entity_id, t.product_id, t.warehouse_id, t.from_status, t.to_status, sum(t.quantity), sum(t.cost), "
    "sum(t.issued_cost), max(t.sequence), "
    "max(CASE WHEN t.from_status <> 'split' THEN CAST(t.source_lot_id AS TEXT) END) FROM stock_transaction t WHERE t.lot_id IN {keys} "
    "GROUP BY t.lot_id, t.legal_entity_id, t.product_id, t.warehouse_id, t.from_status, t.to_status"
)
LAST_DOCUMENTS = (
    "SELECT t.lot_id, d.kind, d.id FROM stock_transaction t JOIN kernel_document d ON d.id = t.document_id WHERE t.lot_id IN {keys} "
    "AND t.to_status IN ('purchased', 'sold') ORDER BY t.lot_id, t.sequence"
)
CLOSED = "SELECT through FROM stock_closed WHERE legal_entity_id = ?"


def on_hand(context: Any, places: Sequence[Place]) -> dict[Place, OnHand]:
    """Read what lies of each (product, warehouse), including what this plan already moved; thousandths and minor units."""
    return {
        key: OnHand(row["on_hand"], row["on_hand"] - row["reserved"] - row["picked"] - row["blocked"], row["value"])
        for key, row in context.balance(BALANCE, places).items()
    }


def available(context: Any, places: Sequence[Place]) -> dict[Place, tuple[Thousandths, Thousandths]]:
    """Read what can still be promised of each (product, warehouse): of what is there, and of what is on its way."""
    return {key: (form(AVAILABLE, row), form(INBOUND, row)) for key, row in context.balance(BALANCE, places).items()}


def prefetch(context: Any, places: Sequence[Place]) -> None:
    """Read the balances of many places at once, so that the rules of a batch find them in memory."""
    if places:
        context.balance(BALANCE, places)


def lots(context: Any, ids: Sequence[str]) -> dict[str, Lot]:
    """Read where lots stand, with the steps that this plan already has; lots that never moved are absent."""
    found = load_lots(context.read, ids)
    wanted = set(ids)
    for stamped in context.plan.of(StockStep):
        step: StockStep = stamped.effect
        if step.lot_id in wanted:
            lot = found.get(step.lot_id) or Lot(id=step.lot_id, legal_entity_id=step.legal_entity_id, product_id=step.product_id)
            found[step.lot_id] = moved(lot, step)
    return found


def load_lots(read: Reader, ids: Sequence[str]) -> dict[str, Lot]:
    """Read where stored lots stand."""
    found: dict[str, Lot] = {}
    held: dict[str, dict[Place, int]] = {}
    for lot_id, entity, product_id, warehouse_id, before, after, quantity, cost, issued, sequence, source in read.rows_for(
        STEPS, list(dict.fromkeys(ids))
    ):
        lot = found.get(lot_id) or Lot(id=lot_id, legal_entity_id=entity, product_id=product_id)
        there = held.setdefault(lot_id, {})
        for status, sign in ((before, -1), (after, 1)):
            if status not in OUTSIDE:
                there[warehouse_id, status] = there.get((warehouse_id, status), 0) + sign * int(quantity)
        found[lot_id] = evolve(
            lot, cost=lot.cost + int(cost), issued_cost=lot.issued_cost + int(issued), sequence=max(lot.sequence, sequence),
            source_lot_id=lot.source_lot_id or source,
        )  # fmt: skip
    return {lot_id: evolve(lot, held=held[lot_id]) for lot_id, lot in found.items()}


def moved(lot: Lot, step: StockStep) -> Lot:
    """Show a lot after one more step."""
    held = dict(lot.held)
    for status, sign in ((step.from_status, -1), (step.to_status, 1)):
        if status not in OUTSIDE:
            place = (step.warehouse_id, status)
            held[place] = held.get(place, 0) + sign * step.quantity
    source = step.source_lot_id if step.from_status != SPLIT else None
    return evolve(
        lot, held=held, cost=lot.cost + step.cost, issued_cost=lot.issued_cost + step.issued_cost, sequence=max(lot.sequence, step.sequence),
        source_lot_id=lot.source_lot_id or source,
    )  # fmt: skip


def settled_by(read: Reader, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Name the document that settled each lot financially, by lot: its kind and its id; lots that none settled are absent."""
    return {lot_id: (kind, document_id) for lot_id, kind, document_id in read.rows_for(LAST_DOCUMENTS, ids)}


def closed_through(context: Any, legal_entity_id: str) -> str:
    """Give the date through which the stock of a legal entity is closed; empty where it never was."""

    def load(read: Reader, key: str) -> str:
        return str(read.value(CLOSED, (key,)) or "")

    found: str = context.cached("stock", "closed_through", legal_entity_id, load)
    return found


def negative_policy(context: Any, own: NegativeStock | None, store_id: str | None) -> str:
    """Tell what happens where more of a product leaves than is there: what its item model group says, else what the store does."""
    return own or str(context.setting("stock.negative_stock", store_id=store_id))
