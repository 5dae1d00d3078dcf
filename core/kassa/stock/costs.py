"""Costs after the fact: what is added to the cost of a lot, and to the lots that have their goods from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel.context import Context
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.stages import Facts
from kassa.kernel.values import MAX_MINOR, Minor, share
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books
from kassa.ledger.postings import Booking
from kassa.org import facts as org
from kassa.stock import facts
from kassa.stock.documents import Lot
from kassa.stock.documents.costs import CostAdjustment, CostLayer, CostOffset, Offset
from kassa.stock.movements import move
from kassa.stock.workflow import NONE

COST_OF_GOODS: Offset = ("cost_of_goods_sold", "")
LOST: Offset = ("stock_adjustment", "loss")
FOLLOWERS = (
    "SELECT DISTINCT lot_id, source_lot_id FROM stock_transaction WHERE source_lot_id IN {keys} AND source_lot_id IS NOT NULL "
    "AND from_status <> 'split' ORDER BY lot_id"
)
MATCHED = "SELECT receipt_lot_id, sum(quantity) FROM stock_settlement WHERE receipt_lot_id IN {keys} GROUP BY receipt_lot_id"


def offsets(context: Context, lot_ids: Sequence[str]) -> dict[str, Offset]:
    """Tell against which accounts the cost of lots was booked: what the kind of document that settled each of them says."""
    settled = facts.settled_by(context.read, lot_ids)
    answers: dict[str, Offset] = {}
    for kind in {kind for kind, _ in settled.values()}:
        mine = sorted(lot_id for lot_id, (found, _) in settled.items() if found == kind)
        for offset in context.registry.all(CostOffset):
            if offset.kind == kind:
                answers |= offset.find(context.read, mine)
    return {lot_id: answers.get(lot_id, COST_OF_GOODS) for lot_id in lot_ids}


def changes(context: Context, lot: Lot, amount: Minor) -> dict[str, tuple[Lot, Minor, str | None]]:
    """Tell which lots become dearer when one does, each with by how much (positive: dearer) and the lot that it follows.

    A lot follows its source to the same cost per piece (RET-14); so do those that have their goods from it. Parts that are not
    settled financially yet follow when the period is closed.
    """
    found: dict[str, tuple[Lot, Minor, str | None]] = {lot.id: (lot, amount, None)}
    level = [lot.id]
    while level:
        followers: dict[str, list[str]] = {}
        for follower, source in context.read.rows_for(FOLLOWERS, level):
            followers.setdefault(source, []).append(follower)
        known = facts.load_lots(context.read, [follower for group in followers.values() for follower in group])
        level = []
        for source_id, group in followers.items():
            source, dearer, _ = found[source_id]
            for follower, change in _following(source, dearer, [known[lot_id] for lot_id in group]):
                if follower.id not in found:
                    found[follower.id] = (follower, change, source_id)
                    level.append(follower.id)
    return {lot_id: change for lot_id, change in found.items() if change[1] or lot_id == lot.id}


def _following(source: Lot, dearer: Minor, group: Iterable[Lot]) -> Iterable[tuple[Lot, Minor]]:
    """Give each follower its share of what the source costs now, in the order in which they came."""
    whole, total = abs(source.physical), size(source) + dearer
    before = 0
    for lot in group:
        quantity = abs(lot.physical)
        wanted = share(total, before + quantity, whole) - share(total, before, whole)
        before += quantity
        if quantity and not lot.unbilled:
            yield lot, wanted - size(lot)


def size(lot: Lot) -> Minor:
    """Give what a lot costs, positive for a cost that is usual, whichever way its goods went."""
    return lot.cost if lot.physical > 0 else -lot.cost


def layers(
    context: Context, changed: Mapping[str, tuple[Lot, Minor, str | None]], products: Mapping[str, Product]
) -> tuple[CostLayer, ...]:
    """Make the layers of lots that become dearer; what belongs to goods that are gone is a variance."""
    booked = offsets(context, list(changed))
    kept = _kept(context, [lot for lot, _, _ in changed.values()], products)
    made: list[CostLayer] = []
    for lot_id, (lot, amount, follows) in changed.items():
        signed = amount if lot.physical > 0 else -amount
        value = share(signed, kept[lot_id], abs(lot.physical)) if lot.physical > 0 else signed
        role, selector = booked[lot_id]
        made.append(
            CostLayer(
                number=len(made) + 1, lot_id=lot_id, sequence=lot.sequence + 1, product_id=lot.product_id,
                product_number=products[lot.product_id].number, warehouse_id=lot.warehouse_id, value=value, variance=signed - value,
                role=role, selector=selector, follows_lot_id=follows,
            )
        )  # fmt: skip
    return tuple(made)


def _kept(context: Context, lots: Sequence[Lot], products: Mapping[str, Product]) -> dict[str, int]:
    """Tell how much of what lots brought still takes a change of its cost: by moving average what is on hand, by FIFO all until
    everything was matched, at standard cost nothing.
    """
    there = facts.on_hand(context, [(lot.product_id, lot.warehouse_id) for lot in lots])
    matched = {row[0]: int(row[1]) for row in context.read.rows_for(MATCHED, [lot.id for lot in lots])}
    kept = {}
    for lot in lots:
        costing, whole = products[lot.product_id].costing, abs(lot.physical)
        if costing == "moving_average":
            kept[lot.id] = min(whole, max(0, there[lot.product_id, lot.warehouse_id].on_hand))
        else:
            kept[lot.id] = whole if costing == "fifo" and matched.get(lot.id, 0) < whole else 0
    return kept


def the_lot(context: Context, lot_id: str) -> tuple[Lot, Product]:
    """Find a lot of the legal entity with its product; NotFound where there is none."""
    lot = facts.load_lots(context.read, [lot_id]).get(lot_id)
    if lot is None or lot.legal_entity_id != org.legal_entity(context).id:
        raise NotFound("lot", lot_id)
    return lot, catalog.product(context, lot.product_id)


def check_layers(document: CostAdjustment, facts_: Facts, context: Any) -> Iterable[Issue]:
    """Check that every layer can be booked."""
    for layer in document.layers:
        if max(abs(layer.value), abs(layer.variance)) > MAX_MINOR:
            message = f"Layer {layer.number}: more than can be booked. Correct the amount."
            yield Issue(code="STOCK_VALUE_TOO_LARGE", message=message, pointer="/amount", got=str(layer.value))


def add_layers(document: CostAdjustment, facts_: Facts, context: Any) -> list[Any]:
    """Change the value of each lot by a step without quantity."""
    effects: list[Any] = []
    for layer in document.layers:
        if layer.value:
            effects += move(
                lot_id=layer.lot_id, sequence=layer.sequence, legal_entity_id=document.legal_entity_id, product_id=layer.product_id,
                warehouse_id=layer.warehouse_id, from_status=NONE, to_status=NONE, quantity=0, date=document.date, cost=layer.value,
            )  # fmt: skip
    return effects


def book_layers(document: CostAdjustment, facts_: Facts, context: Any) -> Iterable[Any]:
    """Book each layer against the account on which the cost of its lot stands; what transfers leave over was lost on the way."""
    booking = Booking(document, facts_.of(Books))
    dimensions_for = cache(partial(dimensions_of, document, context))
    carried = 0
    for layer in document.layers:
        dimensions, cost = dimensions_for(warehouse_id=layer.warehouse_id), layer.value + layer.variance
        booking.debit("inventory", layer.value, dimensions)
        booking.debit("cost_variance", layer.variance, dimensions)
        if layer.role:
            booking.credit(layer.role, cost, dimensions, layer.selector)
        else:
            carried += cost
    booking.credit(LOST[0], carried, dimensions_for(), LOST[1])
    return booking.effects()
