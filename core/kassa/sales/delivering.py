"""Delivering: packing slips made from orders, their cost, their stock steps and their physical booking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from kassa.kernel.errors import Issue, Severity
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import Thousandths, format_quantity, new_id
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books
from kassa.ledger.postings import Booking
from kassa.org import facts as org
from kassa.sales.documents import LineCounters, PackingSlip, PackingSlipLine, SalesLine, SalesOrder
from kassa.stock.costing import Valuation
from kassa.stock.facts import on_hand
from kassa.stock.movements import move

MOVES: dict[str, tuple[str, str]] = {"issue": ("none", "deducted"), "receive": ("none", "received")}


def packing_slip_of(context: Any, order: SalesOrder, quantities: Mapping[int, Thousandths] | None = None) -> PackingSlip | None:
    """Make the packing slip of an order: of all that is still to move, or of the given quantities by line number.

    Quantities are without sign, in thousandths. Returns None where nothing is left to move.
    """
    lines: list[PackingSlipLine] = []
    for line in order.lines:
        asked = line.deliverable if quantities is None else quantities.get(line.number, 0)
        if asked and line.treatment.goods in MOVES:
            lines.append(PackingSlipLine(number=len(lines) + 1, order_line=line, quantity=asked * line.sign))
    if not lines:
        return None
    policy = context.setting("stock.negative_stock", store_id=order.store_id)
    return PackingSlip(
        id=new_id(), type="packing_slip", legal_entity_id=order.legal_entity_id, store_id=order.store_id, register=order.register,
        state="new", date=order.date, occurred_at=order.occurred_at, order_id=order.id,
        exponent=org.legal_entity(context, order.legal_entity_id).exponent,
        store_number=order.store_number, allow_negative=policy != "refuse", warn_negative=policy == "warn",
        post_in_ledger=context.setting("stock.post_packing_slip_in_ledger", store_id=order.store_id), lines=tuple(lines),
    )  # fmt: skip


def after_delivery(order: SalesOrder, slip: PackingSlip) -> SalesOrder:
    """Show an order as a packing slip leaves it."""
    moved = {line.order_line.id: line for line in slip.lines}
    return evolve(order, lines=tuple(_delivered(line, slip, moved[line.id]) if line.id in moved else line for line in order.lines))


def _delivered(line: SalesLine, slip: PackingSlip, moved: PackingSlipLine) -> SalesLine:
    counters = line.counters
    return evolve(
        line,
        sequence=line.sequence + 1,
        counters=LineCounters(
            counters.delivered + abs(moved.quantity), counters.invoiced, counters.cancelled, counters.delivered_cost + moved.cost,
            counters.invoiced_cost, counters.physical_cost + physical_cost(slip, moved),
        ),
    )  # fmt: skip


def physical_cost(slip: PackingSlip, line: PackingSlipLine) -> int:
    """Tell what a line books physically: its cost, where its product posts physical stock and the setting is on (RET-40)."""
    return line.cost if slip.post_in_ledger and line.order_line.post_physical else 0


def check_quantities(slip: PackingSlip, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that no line moves more than is left to deliver, or in the wrong direction."""
    for line in slip.lines:
        left = line.order_line.deliverable
        if not 0 < abs(line.quantity) <= left:
            yield Issue(
                code="SALES_QUANTITY_EXCEEDS_OPEN",
                message=f"Line {line.order_line.number}: {format_quantity(abs(line.quantity))} asked, {format_quantity(left)} left to deliver.",
                pointer=f"/lines/{line.number - 1}/quantity",
                expected={"deliverable": format_quantity(left)},
                got=format_quantity(abs(line.quantity)),
            )


def warn_negative(slip: PackingSlip, facts: Facts, context: Any) -> Iterable[Issue]:
    """Warn where stock becomes negative and the store's policy is to warn."""
    if not slip.warn_negative:
        return
    for line in slip.lines:
        if line.quantity > 0:
            place = (line.order_line.product_id, line.order_line.warehouse_id)
            left = on_hand(context, [place])[place].available - line.quantity
            if left < 0:
                yield _shortage(line, left, severity="warn")


def value_lines(slip: PackingSlip, facts: Facts, context: Any) -> PackingSlip:
    """Value each line at the moving average, signed like its quantity (RET-13 for goods that come in without reference)."""
    places = [(line.order_line.product_id, line.order_line.warehouse_id) for line in slip.lines]
    valuation = Valuation(context, places, slip.exponent)
    lines = []
    for line, place in zip(slip.lines, places, strict=True):
        if line.quantity > 0:
            cost = valuation.take(place, line.quantity, line.order_line.standard_cost)
        else:
            cost = -valuation.average(place, -line.quantity, line.order_line.standard_cost)
            valuation.put(place, -line.quantity, -cost)
        lines.append(evolve(line, cost=cost))
    return evolve(slip, lines=tuple(lines))


def move_goods(slip: PackingSlip, facts: Facts, context: Any) -> list[Any]:
    """Move each lot physically, and count what was delivered on the order line."""
    effects: list[Any] = []
    floor = None if slip.allow_negative else 0
    for line in slip.lines:
        order_line = line.order_line
        before, after = MOVES[order_line.treatment.goods]
        effects += move(
            lot_id=order_line.id, sequence=order_line.sequence + 1, legal_entity_id=slip.legal_entity_id,
            product_id=order_line.product_id, warehouse_id=order_line.warehouse_id, from_status=before, to_status=after,
            quantity=-line.quantity, date=slip.date, cost=-line.cost, issued_cost=line.cost, floor=floor,
            shortage=partial(_shortage, line) if floor is not None and line.quantity > 0 else None,
        )  # fmt: skip
        counted = {"delivered": abs(line.quantity), "delivered_cost": line.cost}
        physical = physical_cost(slip, line)
        if physical:
            counted["physical_cost"] = physical
        effects.append(Claim("sales.line", (order_line.id,), counted, "deliverable"))
    return effects


def _shortage(line: PackingSlipLine, left: Thousandths, severity: Severity = "refuse") -> Issue:
    """Say that a line asks for more than is available; `left` is what would be available afterwards."""
    available = format_quantity(left + line.quantity)
    return Issue(
        code="STOCK_SHORTAGE",
        message=f"Line {line.order_line.number}: {format_quantity(line.quantity)} of {line.order_line.product_number} asked, {available} available.",
        pointer=f"/lines/{line.order_line.number - 1}/quantity",
        rule="stock.available",
        severity=severity,
        expected={"available": available},
        got=format_quantity(line.quantity),
        action="Sell less, or choose a warehouse that has it.",
    )


def book_physically(slip: PackingSlip, facts: Facts, context: Any) -> list[Any]:
    """Book goods delivered and not invoiced, where products and setting say so (RET-40, events of 2.7 and 4.5)."""
    cost = sum(physical_cost(slip, line) for line in slip.lines)
    if not cost:
        return []
    dimensions = dimensions_of(slip, context)
    booking = Booking(slip, facts.of(Books))
    booking.debit("packing_slip_offset", cost, dimensions)
    booking.credit("inventory_physical", cost, dimensions)
    return booking.effects()
