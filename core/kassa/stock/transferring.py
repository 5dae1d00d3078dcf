"""Transferring: goods go from one warehouse to another of the same legal entity, and take their cost along.

The lot that leaves and the lot that arrives are two, the second with the first as its source. What was shipped and has not arrived
is in transit at the place where it goes; its value stays with the place that it left until it arrives. Nothing of it is booked but
what is lost: inventory is inventory, wherever it lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from kassa.kernel.errors import Issue, Severity
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import Thousandths, format_quantity, share
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books
from kassa.ledger.postings import Booking
from kassa.stock import facts
from kassa.stock.costing import Valuation
from kassa.stock.documents import Lot
from kassa.stock.documents.transfers import Transfer, TransferLine, TransferPosting, TransferPostingLine
from kassa.stock.movements import advance_lot, move

COUNTERS = "stock.transfer_line"


def open_transfer(document: Transfer, facts_: Facts, context: Any) -> list[Any]:
    """Let goods wait where they leave (on order) and be expected where they go (ordered); open the counters."""
    effects: list[Any] = []
    for line in document.lines:
        leaves, arrives = _lots(line, document)
        effects += advance_lot(leaves, "on_order", -line.quantity, document.date, warehouse_id=document.from_warehouse_id, sources=())
        effects += advance_lot(
            arrives, "ordered", line.quantity, document.date, warehouse_id=document.to_warehouse_id, sources=(), source_lot_id=line.id
        )
        effects.append(Claim(COUNTERS, (line.id,), {"ordered": line.quantity}, opens=True))
    return effects


def _lots(line: TransferLine, document: Transfer) -> tuple[Lot, Lot]:
    """Give the two lots of a line that never moved."""
    return (
        Lot(id=line.id, legal_entity_id=document.legal_entity_id, product_id=line.product_id),
        Lot(id=line.receipt_lot_id, legal_entity_id=document.legal_entity_id, product_id=line.product_id),
    )


def _known(lines: Sequence[TransferLine], document: Transfer, context: Any) -> dict[str, Lot]:
    """Read the lots of lines as the plan so far leaves them."""
    fresh = {lot.id: lot for line in lines for lot in _lots(line, document)}
    return fresh | facts.lots(context, list(fresh))


def check_shippable(transfer: Transfer, facts_: Facts, context: Any) -> Iterable[Issue]:
    """Check that something of a transfer has not left yet."""
    if not any(line.shippable for line in transfer.lines):
        yield Issue(code="STOCK_TRANSFER_QUANTITY", message="Nothing of this transfer is left to ship.", pointer="/transfer")


def check_on_its_way(transfer: Transfer, facts_: Facts, context: Any) -> Iterable[Issue]:
    """Check that something of a transfer is on its way."""
    if not any(line.in_transit for line in transfer.lines):
        yield Issue(code="STOCK_TRANSFER_QUANTITY", message="Nothing of this transfer is on its way.", pointer="/transfer")


def cancel_rest(document: Transfer, facts_: Facts, context: Any) -> list[Any]:
    """Give up what was not shipped yet: nothing waits for it and nothing is expected any more."""
    effects: list[Any] = []
    known = _known(document.lines, document, context)
    for line in document.lines:
        rest = line.shippable
        if rest:
            effects += _back(known[line.id], -rest, document.from_warehouse_id, document.date)
            effects += _back(known[line.receipt_lot_id], rest, document.to_warehouse_id, document.date)
            effects.append(Claim(COUNTERS, (line.id,), {"cancelled": rest}, "shippable"))
    return effects


def _back(lot: Lot, quantity: Thousandths, warehouse_id: str, date: str) -> list[Any]:
    """Take a waiting part of a lot back to where it began, from wherever it waits."""
    effects: list[Any] = []
    left, sequence = abs(quantity), lot.sequence
    for status in ("on_order", "reserved_ordered", "reserved", "picked") if quantity < 0 else ("ordered", "registered"):
        part = min(left, abs(lot.held.get((warehouse_id, status), 0)))
        if part:
            sequence += 1
            effects += move(
                lot_id=lot.id, sequence=sequence, legal_entity_id=lot.legal_entity_id, product_id=lot.product_id,
                warehouse_id=warehouse_id, from_status=status, to_status="none", quantity=part if quantity > 0 else -part, date=date,
            )  # fmt: skip
            left -= part
    return effects


def check_posting(document: TransferPosting, facts_: Facts, context: Any) -> Iterable[Issue]:
    """Check that no line ships more than is left, or receives more than is on its way; warn where stock becomes negative."""
    shipment = document.type == "shipment"
    for line in document.lines:
        left = line.line.shippable if shipment else line.line.in_transit
        asked = line.quantity + line.lost
        if not 0 < asked <= left:
            word = "left to ship" if shipment else "on its way"
            yield Issue(
                code="STOCK_TRANSFER_QUANTITY",
                message=f"Line {line.line.number}: {format_quantity(asked)} asked, {format_quantity(left)} {word}.",
                pointer=f"/lines/{line.number - 1}/quantity",
                expected={"open": format_quantity(left)},
                got=format_quantity(asked),
            )
        if shipment and _policy(line, document) == "warn":
            place = (line.line.product_id, document.transfer.from_warehouse_id)
            after = facts.on_hand(context, [place])[place].available - line.quantity
            if after < 0:
                yield _shortage(line, after, "warn")


def _policy(line: TransferPostingLine, document: TransferPosting) -> str:
    return line.line.negative_stock or ("warn" if document.warn_negative else "allow" if document.allow_negative else "refuse")


def value_posting(document: TransferPosting, facts_: Facts, context: Any) -> TransferPosting:
    """Value what leaves as any issue; what arrives, or was lost, takes its exact share of what left."""
    lines = []
    if document.type == "shipment":
        places = [(line.line.product_id, document.transfer.from_warehouse_id) for line in document.lines]
        valuation = Valuation(context, places, document.exponent)
        for line, place in zip(document.lines, places, strict=True):
            lines.append(evolve(line, cost=valuation.take(place, line.quantity, line.line.standard_cost, line.line.costing)))
    else:
        for line in document.lines:
            waiting, worth = line.line.in_transit, line.line.cost_in_transit
            cost = share(worth, line.quantity, waiting)
            lines.append(evolve(line, cost=cost, lost_cost=share(worth, line.quantity + line.lost, waiting) - cost))
    return evolve(document, lines=tuple(lines))


def move_posting(document: TransferPosting, facts_: Facts, context: Any) -> list[Any]:
    """Move both lots of each line, and count."""
    known = _known([line.line for line in document.lines], document.transfer, context)
    effects: list[Any] = []
    for line in document.lines:
        leaves, arrives = known[line.line.id], known[line.line.receipt_lot_id]
        if document.type == "shipment":
            effects += _ship(line, leaves, arrives, document)
        else:
            effects += _receive(line, leaves, arrives, document)
    return effects


def _ship(line: TransferPostingLine, leaves: Lot, arrives: Lot, document: TransferPosting) -> list[Any]:
    transfer = document.transfer
    floor = 0 if _policy(line, document) == "refuse" else None
    shipped = Claim(COUNTERS, (line.line.id,), {"shipped": line.quantity, "shipped_cost": line.cost}, "shippable")
    return [
        *advance_lot(
            leaves, "deducted", -line.quantity, document.date, warehouse_id=transfer.from_warehouse_id, cost=-line.cost,
            issued_cost=line.cost, floor=floor, shortage=partial(_shortage, line),
        ),
        *advance_lot(arrives, "in_transit", line.quantity, document.date, warehouse_id=transfer.to_warehouse_id, sources=("registered", "ordered")),
        shipped,
    ]  # fmt: skip


def _receive(line: TransferPostingLine, leaves: Lot, arrives: Lot, document: TransferPosting) -> list[Any]:
    """Settle what left with what arrived: the value goes from one place to the other, what was lost goes out of both."""
    transfer, date = document.transfer, document.date
    gone = line.quantity + line.lost
    step = partial(move, legal_entity_id=document.legal_entity_id, product_id=line.line.product_id, date=date)
    here = partial(step, lot_id=arrives.id, warehouse_id=transfer.to_warehouse_id)
    effects = step(
        lot_id=leaves.id, warehouse_id=transfer.from_warehouse_id, sequence=leaves.sequence + 1, from_status="deducted", to_status="sold",
        quantity=-gone, issued_cost=-line.cost - line.lost_cost,
    )  # fmt: skip
    sequence = arrives.sequence
    if line.quantity:
        effects += here(sequence=sequence + 1, from_status="in_transit", to_status="received", quantity=line.quantity, cost=line.cost)
        effects += here(sequence=sequence + 2, from_status="received", to_status="purchased", quantity=line.quantity)
        sequence += 2
    if line.lost:
        effects += here(sequence=sequence + 1, from_status="in_transit", to_status="none", quantity=line.lost)
    counted = {"received": line.quantity, "lost": line.lost, "received_cost": line.cost + line.lost_cost}
    return [*effects, Claim(COUNTERS, (line.line.id,), counted, "receivable")]


def _shortage(line: TransferPostingLine, left: Thousandths, severity: Severity = "refuse") -> Issue:
    there = format_quantity(left + line.quantity)
    return Issue(
        code="STOCK_SHORTAGE",
        message=f"Line {line.line.number}: {format_quantity(line.quantity)} of {line.line.product_number} asked, {there} available.",
        pointer=f"/lines/{line.number - 1}/quantity",
        rule="stock.available",
        severity=severity,
        expected={"available": there},
        got=format_quantity(line.quantity),
        action="Ship less, or put stock in first.",
    )


def book_posting(document: TransferPosting, facts_: Facts, context: Any) -> Iterable[Any]:
    """Book what was lost on its way; goods that arrive stay inventory."""
    lost = sum(line.lost_cost for line in document.lines)
    booking = Booking(document, facts_.of(Books))
    booking.debit("stock_adjustment", lost, dimensions_of(document, context), "loss")
    booking.credit("inventory", lost, dimensions_of(document, context, warehouse_id=document.transfer.from_warehouse_id))
    return booking.effects()


def posted(transfer: Transfer, document: TransferPosting) -> Transfer:
    """Show a transfer as a posting leaves it."""
    moved = {line.line.id: line for line in document.lines}
    lines = []
    for line in transfer.lines:
        found = moved.get(line.id)
        if found is not None:
            counters = line.counters
            if document.type == "shipment":
                counters = evolve(counters, shipped=counters.shipped + found.quantity, shipped_cost=counters.shipped_cost + found.cost)
            else:
                counters = evolve(
                    counters, received=counters.received + found.quantity, lost=counters.lost + found.lost,
                    received_cost=counters.received_cost + found.cost + found.lost_cost,
                )  # fmt: skip
            line = evolve(line, counters=counters)
        lines.append(line)
    return evolve(transfer, lines=tuple(lines))
