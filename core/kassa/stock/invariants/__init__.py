"""What must hold of stock in any database: balances are the sum of the history, lots walk permitted paths, the ledger agrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import SAMPLES
from kassa.kernel.values import QUANTITY_PLACES, format_minor, format_scaled
from kassa.ledger.invariants import ACCOUNTS_OF_ROLE
from kassa.stock.invariants import costs, transfers
from kassa.stock.workflow import BUCKETS, FOLLOWS, NONE, OUTSIDE

COUNTERS = (
    "on_hand", "on_order", "reserved", "picked", "ordered", "in_transit", "registered", "reserved_ordered", "blocked", "value", "issued_value",
)  # fmt: skip
RESIDUES = "stock.clear_residues"
PIECE = 5_000


def _held(counter: str, status: str) -> str:
    """Write how much of a counter a quantity fills in a status, as the table of buckets says."""
    cases = " ".join(f"WHEN '{name}' THEN {buckets[counter]}" for name, buckets in BUCKETS.items() if counter in buckets)
    return f"CASE {status} {cases} ELSE 0 END" if cases else "0"


def _moved(counter: str) -> str:
    if counter == "value":
        return "cost"
    if counter == "issued_value":
        return "issued_cost"
    return f"quantity * ({_held(counter, 'to_status')} - {_held(counter, 'from_status')})"


BALANCES = (
    f"SELECT product_id, warehouse_id, {', '.join(COUNTERS)} FROM stock_balance WHERE {{after:product_id, warehouse_id}} "
    "ORDER BY product_id, warehouse_id"
)
# One place at a time, so that nothing has to be sorted however much moved there.
HISTORY = (
    f"SELECT {', '.join(f'coalesce(sum({_moved(counter)}), 0)' for counter in COUNTERS)} FROM stock_transaction "
    "WHERE product_id = ? AND warehouse_id = ?"
)
WITHOUT_BALANCE = (
    "SELECT DISTINCT t.product_id, t.warehouse_id FROM stock_transaction t WHERE NOT EXISTS (SELECT 1 FROM stock_balance b "
    "WHERE b.product_id = t.product_id AND b.warehouse_id = t.warehouse_id) LIMIT ?"
)
VALUE_OF_NOTHING = "SELECT product_id, warehouse_id, value FROM stock_balance WHERE on_hand = 0 AND value <> 0 LIMIT ?"
WORTH = "SELECT coalesce(sum(b.value + b.issued_value), 0) FROM stock_balance b JOIN org_warehouse w ON w.id = b.warehouse_id WHERE w.legal_entity_id = ?"
BOOKED = (
    "SELECT coalesce(sum(x.amount), 0) FROM ledger_voucher v JOIN ledger_entry x ON x.document_id = v.document_id "
    f"WHERE v.legal_entity_id = ? AND x.account_id IN ({ACCOUNTS_OF_ROLE})"
)
FOREIGN = (
    "SELECT t.lot_id, t.sequence, t.document_id FROM stock_transaction t LEFT JOIN org_warehouse w ON w.id = t.warehouse_id "
    "WHERE w.legal_entity_id IS NULL OR w.legal_entity_id <> t.legal_entity_id LIMIT ?"
)
STEPS = (
    "SELECT lot_id, sequence, product_id, from_status, to_status, quantity FROM stock_transaction WHERE {after:lot_id, sequence} "
    "ORDER BY lot_id, sequence"
)
UNMOVED = (
    "SELECT l.document_id, l.number FROM stock_adjustment_line l WHERE NOT EXISTS (SELECT 1 FROM stock_transaction t WHERE t.lot_id = l.lot_id "
    "AND t.sequence = 1 AND t.document_id = l.document_id AND t.product_id = l.product_id AND t.quantity = l.quantity AND t.cost = l.cost) LIMIT ?"
)
UNBOOKED = (
    "SELECT document_id, cost, booked FROM (SELECT a.document_id, "
    "(SELECT coalesce(sum(l.cost), 0) FROM stock_adjustment_line l WHERE l.document_id = a.document_id) AS cost, "
    "(SELECT coalesce(sum(x.amount), 0) FROM ledger_entry x WHERE x.document_id = a.document_id AND x.rule <> ? "
    f"AND x.account_id IN ({ACCOUNTS_OF_ROLE})) AS booked FROM stock_adjustment a) t WHERE cost <> booked LIMIT ?"
)


def unexplained(read: Any) -> Iterator[str]:
    """Find balances that are not the sum of the steps of their lots, and steps without a balance."""
    for rows in read.pieces(BALANCES, (0, 1)):
        for product_id, warehouse_id, *counters in rows:
            history = read.row(HISTORY, (product_id, warehouse_id))
            told = [
                f"{name} is {here} instead of {int(there)}"
                for name, here, there in zip(COUNTERS, counters, history, strict=True)
                if here != there
            ]
            if told:
                yield f"product {product_id} in warehouse {warehouse_id}: the balance differs from its history: {', '.join(told)}"
    for product_id, warehouse_id in read.rows(WITHOUT_BALANCE, (SAMPLES,)):
        yield f"product {product_id} in warehouse {warehouse_id}: there are steps of lots, and no balance"


def value_of_nothing(read: Any) -> Iterable[str]:
    """Find places with a value and nothing on hand."""
    for product_id, warehouse_id, value in read.rows(VALUE_OF_NOTHING, (SAMPLES,)):
        yield f"product {product_id} in warehouse {warehouse_id}: nothing is on hand, yet it is worth {value} minor units"


def inventory_differs(read: Any) -> Iterable[str]:
    """Find legal entities whose inventory in the ledger is not the value of what is on hand and of what was delivered, not invoiced."""
    for entity, currency in read.rows("SELECT id, currency FROM org_legal_entity ORDER BY id"):
        stock, booked = int(read.value(WORTH, (entity,))), int(read.value(BOOKED, (entity, "inventory")))
        if stock != booked:
            worth, balance = format_minor(stock, currency), format_minor(booked, currency)
            yield f"legal entity {entity}: stock is worth {worth} {currency}, the accounts of the role inventory say {balance}"


def foreign_steps(read: Any) -> Iterable[str]:
    """Find steps in a warehouse of another legal entity."""
    for lot_id, sequence, document_id in read.rows(FOREIGN, (SAMPLES,)):
        yield f"step {sequence} of lot {lot_id}: document {document_id} moves stock of another legal entity"


def broken_lots(read: Any) -> Iterator[str]:
    """Find lots whose steps have a gap, do not follow each other, or take more out of a status than is in it."""
    steps = chain.from_iterable(read.pieces(STEPS, (0, 1), size=PIECE))
    for lot_id, found in groupby(steps, key=itemgetter(0)):
        problem = _problem(list(found))
        if problem is not None:
            yield f"lot {lot_id}: {problem}"


def _problem(steps: Sequence[Sequence[Any]]) -> str | None:
    """Walk through the steps of a lot; parts of it may stand in several statuses at a time."""
    held: dict[str, int] = {}
    for place, (_, sequence, product_id, before, after, quantity) in enumerate(steps, 1):
        if sequence != place:
            return f"step {place} is missing"
        if product_id != steps[0][2]:
            return f"step {place} is of another product"
        if before == after == NONE and quantity == 0:
            continue
        if after not in FOLLOWS.get(before, frozenset()) or quantity == 0:
            return f"step {place} goes from {before} to {after} with a quantity of {quantity}, which is not permitted"
        there = held.get(before, 0)
        if before not in OUTSIDE and (there * quantity <= 0 or abs(there) < abs(quantity)):
            shown = format_scaled(quantity, QUANTITY_PLACES, trim=True)
            return f"step {place} takes {shown} from {before}, where {format_scaled(there, QUANTITY_PLACES, trim=True)} is"
        held[before] = there - quantity
        held[after] = held.get(after, 0) + quantity
    return None


def unmoved_lines(read: Any) -> Iterable[str]:
    """Find lines of adjustments without the step that moves their quantity and cost."""
    for document_id, number in read.rows(UNMOVED, (SAMPLES,)):
        yield f"line {number} of stock adjustment {document_id}: no step of its lot moves its quantity and cost"


def unbooked_adjustments(read: Any) -> Iterable[str]:
    """Find adjustments whose cost is not what they booked to inventory."""
    for document_id, cost, booked in read.rows(UNBOOKED, (RESIDUES, "inventory", SAMPLES)):
        yield f"stock adjustment {document_id}: its lines cost {int(cost)} minor units, {int(booked)} are booked to inventory"


_LOTS = (
    Invariant(name="stock.balances_explained", summary="Every bucket and value is the sum of its history.", find=unexplained),
    Invariant(name="stock.nothing_is_worth_nothing", summary="Where nothing is on hand the value is 0.", find=value_of_nothing),
    Invariant(name="stock.inventory_booked", summary="Inventory in the ledger is what stock is worth.", find=inventory_differs),
    Invariant(name="stock.own_warehouses", summary="Stock moves in warehouses of its own legal entity.", find=foreign_steps),
    Invariant(
        name="stock.lots_walk_permitted_paths",
        summary="Steps of lots are gapless, permitted, and never overdraw a status.",
        find=broken_lots,
    ),
    Invariant(name="stock.adjustments_moved", summary="Every line of an adjustment moved its lot.", find=unmoved_lines),
    Invariant(name="stock.adjustments_booked", summary="Adjustments book what they cost.", find=unbooked_adjustments),
)
INVARIANTS = (*_LOTS, *transfers.INVARIANTS, *costs.INVARIANTS)
