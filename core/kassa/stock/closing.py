"""Closing a stock period: nothing moves on its dates any more, and what left by FIFO costs what the goods cost that came first.

A closing is a document and a job. It begins by saying through which date the legal entity is closed, then settles product after
product, each in a cost adjustment of its own, and ends when every one is settled. What was settled is not settled again, so it can
be started again after whatever stopped it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue
from kassa.kernel.plan import Plan
from kassa.kernel.values import Minor, new_id
from kassa.org import facts as org
from kassa.stock import facts
from kassa.stock.costs import offsets
from kassa.stock.documents import StockStep, standard_value
from kassa.stock.documents.costs import CostAdjustment, CostLayer
from kassa.stock.fifo import Outcome, SettledLot, close
from kassa.stock.workflow import FINANCIAL, PHYSICAL

LAYERS_AT_MOST = 5_000


def _in(statuses: Sequence[str]) -> str:
    return ", ".join(f"'{status}'" for status in statuses)


def _net(statuses: Sequence[str]) -> str:
    """Write how much of a lot stands in some statuses."""
    names = _in(statuses)
    return f"sum(CASE WHEN t.to_status IN ({names}) THEN t.quantity ELSE 0 END) - sum(CASE WHEN t.from_status IN ({names}) THEN t.quantity ELSE 0 END)"


_SETTLED = f"CASE WHEN t.to_status IN ({_in(FINANCIAL)}) AND t.quantity <> 0"
_MATCHED = "(SELECT coalesce(sum(s.{what}), 0) FROM stock_settlement s WHERE s.{side}_lot_id = t.lot_id)"
_LOTS = (
    f"SELECT t.lot_id, t.warehouse_id, {_net(FINANCIAL)} AS financial, {_net(PHYSICAL)} AS physical, sum(t.cost) AS cost, "
    f"max({_SETTLED} THEN t.date END) AS settled_on, max({_SETTLED} THEN CAST(t.document_id AS TEXT) END) AS settled_by, "
    "max(CASE WHEN t.from_status <> 'split' THEN CAST(t.source_lot_id AS TEXT) END) AS source_lot_id, "
    f"{_MATCHED.format(what='quantity', side='issue')} + {_MATCHED.format(what='quantity', side='receipt')} AS matched, "
    f"{_MATCHED.format(what='cost', side='issue')} + {_MATCHED.format(what='cost', side='receipt')} AS matched_cost "
    "FROM stock_transaction t WHERE t.date <= ? AND t.legal_entity_id = ? AND {which} GROUP BY t.lot_id, t.warehouse_id"
)
_COLUMNS = "lot_id, warehouse_id, financial, cost, settled_on, settled_by, source_lot_id, matched, matched_cost"
_WHOLE = "WHERE x.financial <> 0 AND x.financial = x.physical"
OPEN = (
    f"SELECT {_COLUMNS} FROM ({_LOTS.format(which='t.product_id = ?')}) x {_WHOLE} "
    "AND (abs(x.financial) <> x.matched OR abs(x.cost) <> abs(x.matched_cost))"
)
BY_ID = f"SELECT {_COLUMNS} FROM ({_LOTS.format(which='t.lot_id IN {keys}')}) x {_WHOLE}"
_FROM = "t.lot_id IN (SELECT f.lot_id FROM stock_transaction f WHERE f.source_lot_id IS NOT NULL AND f.source_lot_id IN {keys})"
BY_SOURCE = f"SELECT {_COLUMNS} FROM ({_LOTS.format(which=_FROM)}) x {_WHOLE}"
WORTH = (
    f"SELECT t.warehouse_id, {_net(PHYSICAL)}, sum(t.cost) FROM stock_transaction t WHERE t.date <= ? AND t.legal_entity_id = ? "
    "AND t.product_id = ? GROUP BY t.warehouse_id ORDER BY t.warehouse_id"
)


def settle_product(context: Any, product: Product, through: str, header: Mapping[str, Any], closing_id: str) -> list[CostAdjustment]:
    """Make the cost adjustments that settle a product through a date; none where nothing is to be said."""
    entity = org.legal_entity(context)
    if product.costing == "standard":
        layers, outcome = _revalued(context, product, through), Outcome(matches=(), costs={})
    elif product.costing == "fifo":
        lots = settled_lots(context.read, product.id, entity.id, through)
        outcome = close(list(lots.values()))
        layers = _layers(context, product, lots, outcome)
    else:
        return []
    pieces = [layers[start : start + LAYERS_AT_MOST] for start in range(0, len(layers), LAYERS_AT_MOST)] or [()]
    documents = [
        CostAdjustment(
            **{**header, "id": new_id()}, reason=f"Closed through {through}", closing_id=closing_id, layers=tuple(piece),
            matches=outcome.matches if place == 0 else (),
        )
        for place, piece in enumerate(pieces)
    ]  # fmt: skip
    return [document for document in documents if document.layers or document.matches]


def settled_lots(read: Reader, product_id: str, legal_entity_id: str, through: str) -> dict[str, SettledLot]:
    """Read the lots of a product that a close has to look at: those that are not matched in full, their sources and what is from these.

    A lot of which anything was delivered and not invoiced, or received and not settled, waits for the next close.
    """
    span = (through, legal_entity_id)
    found = {row[0]: _lot(row) for row in read.rows(OPEN, (*span, product_id))}
    sources = {lot.source_lot_id for lot in found.values() if lot.source_lot_id is not None and lot.quantity > 0} - set(found)
    found |= {row[0]: _lot(row) for row in read.rows_for(BY_ID, sorted(sources), span)}
    leaving = sorted(lot.id for lot in found.values() if lot.quantity < 0)
    for row in read.rows_for(BY_SOURCE, leaving, span):
        found.setdefault(row[0], _lot(row))
    return found


def _lot(row: Sequence[Any]) -> SettledLot:
    lot_id, warehouse_id, quantity, cost, settled_on, settled_by, source, matched, matched_cost = row
    return SettledLot(
        id=lot_id, warehouse_id=warehouse_id, quantity=int(quantity), cost=int(cost), order=(str(settled_on), str(settled_by)),
        matched=int(matched), matched_cost=int(matched_cost), source_lot_id=source,
    )  # fmt: skip


def _layers(context: Any, product: Product, lots: Mapping[str, SettledLot], outcome: Outcome) -> tuple[CostLayer, ...]:
    """Make a layer for each lot that costs something else now; of goods that are gone, what is left over is a variance."""
    changed: dict[str, tuple[Minor, Minor]] = {}
    for lot in lots.values():
        now = outcome.costs[lot.id]
        left_over = now - lot.matched_cost if lot.quantity > 0 and not lot.open else 0
        value = now - lot.size - left_over
        if value or left_over:
            changed[lot.id] = (value if lot.quantity > 0 else -value, left_over)
    order = sorted(changed, key=lambda lot_id: (lots[lot_id].order, lot_id))
    stored, booked = facts.load_lots(context.read, order), offsets(context, order)
    return tuple(
        CostLayer(
            number=number, lot_id=lot_id, sequence=stored[lot_id].sequence + 1, product_id=product.id, product_number=product.number,
            warehouse_id=lots[lot_id].warehouse_id, value=changed[lot_id][0], variance=changed[lot_id][1], role=booked[lot_id][0],
            selector=booked[lot_id][1], follows_lot_id=lots[lot_id].source_lot_id,
        )
        for number, lot_id in enumerate(order, 1)
    )  # fmt: skip


def _revalued(context: Any, product: Product, through: str) -> tuple[CostLayer, ...]:
    """Bring the value at each place to the standard cost: what roundings and a changed standard cost left is a variance."""
    entity = org.legal_entity(context)
    made: list[CostLayer] = []
    for warehouse_id, quantity, value in context.read.rows(WORTH, (through, entity.id, product.id)):
        left = standard_value(int(quantity), product.standard_cost, entity.exponent) - int(value)
        if left:
            made.append(
                CostLayer(
                    number=len(made) + 1, lot_id=new_id(), sequence=1, product_id=product.id, product_number=product.number,
                    warehouse_id=warehouse_id, value=left, role="cost_variance",
                )
            )  # fmt: skip
    return tuple(made)


def product_of(context: Any, product_id: str) -> Product:
    """Give a product by its id."""
    return catalog.product(context, product_id)


def check_closed(plan: Plan, context: Any) -> Iterable[tuple[str | None, Issue]]:
    """Refuse what would move stock on a date that is closed; the closing itself may."""
    through: dict[str, str] = {}
    told: set[str | None] = set()
    for stamped in plan.effects:
        if type(stamped.effect) is not StockStep:
            continue
        step: StockStep = stamped.effect
        entity = step.legal_entity_id
        if entity not in through:
            through[entity] = facts.closed_through(context, entity)
        if step.date <= through[entity] and stamped.document_id not in told:
            document = plan.documents.get(stamped.document_id or "")
            if isinstance(document, CostAdjustment) and document.closing_id is not None:
                continue
            told.add(stamped.document_id)
            yield stamped.case, _closed(step.date, through[entity], stamped.document_id)


def _closed(date: str, through: str, document_id: str | None) -> Issue:
    return Issue(
        code="STOCK_PERIOD_CLOSED",
        message=f"Stock is closed through {through}; nothing moves on {date} any more.",
        pointer="/date",
        rule="stock.closed",
        document=document_id,
        expected={"after": through},
        got=date,
        action="Post on a later date.",
    )
