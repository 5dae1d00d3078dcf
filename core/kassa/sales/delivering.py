"""Delivering: packing slips made from orders, their cost, their stock steps and their physical booking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any

from kassa.kernel.errors import Issue, Severity
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, Thousandths, format_quantity, new_id
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books, DimensionSet
from kassa.ledger.postings import Booking
from kassa.org import facts as org
from kassa.sales.documents import SALE_ROLE, PackingSlip, PackingSlipLine, SalesLine, SalesOrder, Treatment
from kassa.sales.sources import part
from kassa.stock.costing import Place, Valuation
from kassa.stock.facts import lots, on_hand
from kassa.stock.movements import move

FIRST, BACK = -1, 1
MOVES: dict[str, tuple[tuple[str, str, int], ...]] = {
    "issue": (("none", "deducted", FIRST),),
    "receive": (("none", "received", FIRST),),
    "receive_and_issue": (("none", "received", FIRST), ("none", "deducted", BACK)),
}
"""The steps that goods make by a packing slip; the second step of goods that come and go again takes back what the first did."""


def packing_slip_of(context: Any, order: SalesOrder, quantities: Mapping[int, Thousandths] | None = None) -> PackingSlip | None:
    """Make the packing slip of an order: of all that is still to move, or of the given quantities by line number.

    Quantities are without sign, in thousandths. Returns None where nothing is left to move.
    """
    lines: list[PackingSlipLine] = []
    for line in order.lines:
        asked = line.deliverable if quantities is None else quantities.get(line.number, 0)
        if asked and line.treatment.goods in MOVES:
            lines.append(PackingSlipLine(number=len(lines) + 1, order_line=line, quantity=asked * line.sign))
    lines = _from_where_they_wait(lines, context)
    if not lines:
        return None
    policy = context.setting("stock.negative_stock", store_id=order.store_id)
    return PackingSlip(
        id=new_id(), type="packing_slip", legal_entity_id=order.legal_entity_id, store_id=order.store_id, register=order.register,
        state="new", date=order.date, occurred_at=order.occurred_at, order_id=order.id,
        exponent=org.legal_entity(context, order.legal_entity_id).exponent,
        store_number=order.store_number, allow_negative=policy != "refuse", warn_negative=policy == "warn",
        party_type=order.party_type, party_id=order.party_id,
        post_in_ledger=context.setting("stock.post_packing_slip_in_ledger", store_id=order.store_id), lines=tuple(lines),
    )  # fmt: skip


def _from_where_they_wait(lines: list[PackingSlipLine], context: Any) -> list[PackingSlipLine]:
    """Let lines take first what of their lots is reserved or picked already; a lot without steps waits nowhere."""
    begun = [line.order_line.id for line in lines if line.order_line.sequence]
    if not begun:
        return lines
    found = lots(context, begun)
    return [
        evolve(line, waits=lot.waiting(line.order_line.warehouse_id, abs(line.quantity))) if (lot := found.get(line.order_line.id)) else line
        for line in lines
    ]


def after_delivery(order: SalesOrder, slip: PackingSlip) -> SalesOrder:
    """Show an order as a packing slip leaves it."""
    moved = {line.order_line.id: line for line in slip.lines}
    return evolve(order, lines=tuple(_delivered(line, slip, moved[line.id]) if line.id in moved else line for line in order.lines))


def _delivered(line: SalesLine, slip: PackingSlip, moved: PackingSlipLine) -> SalesLine:
    counters = line.counters
    return evolve(
        line,
        sequence=line.sequence + len(_steps(moved)),
        counters=evolve(
            counters, delivered=counters.delivered + abs(moved.quantity), delivered_cost=counters.delivered_cost + moved.cost,
            physical_cost=counters.physical_cost + physical_cost(slip, moved),
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
    for line in slip.lines:
        if line.quantity > 0 and _policy(slip, line) == "warn":
            place = (line.order_line.product_id, line.order_line.warehouse_id)
            left = on_hand(context, [place])[place].available - line.quantity + _promised(line)
            if left < 0:
                yield _shortage(line, left, severity="warn")


def value_lines(slip: PackingSlip, facts: Facts, context: Any) -> PackingSlip:
    """Value each line, signed like its quantity: what leaves at the moving average, what comes back as its treatment says (RET-13)."""
    places = [(line.order_line.product_id, line.order_line.warehouse_id) for line in slip.lines]
    valuation = Valuation(context, places, slip.exponent)
    lines = []
    for line, place in zip(slip.lines, places, strict=True):
        if line.quantity > 0:
            cost = valuation.take(place, line.quantity, line.order_line.standard_cost, line.order_line.costing)
        else:
            cost = _receipt_cost(line, place, valuation)
            if line.order_line.treatment.goods == "receive":
                valuation.put(place, -line.quantity, -cost)
        lines.append(evolve(line, cost=cost))
    return evolve(slip, lines=tuple(lines))


def _receipt_cost(line: PackingSlipLine, place: Place, valuation: Valuation) -> Minor:
    """Value goods that come back: at their share of a cost that the line brings, else at the present average."""
    order_line = line.order_line
    if order_line.fixed_cost is not None:
        return part(order_line.fixed_cost, order_line.counters.delivered, -line.quantity, abs(order_line.quantity))
    return -valuation.average(place, -line.quantity, order_line.standard_cost, order_line.costing)


def _steps(line: PackingSlipLine) -> list[tuple[str, str, Thousandths, Minor]]:
    """List the steps of a line: status before and after, quantity and cost as stock counts them; the first has all of the cost."""
    (_, after, sign), *more = MOVES[line.order_line.treatment.goods]
    steps = [
        (before, after, sign * line.order_line.sign * quantity, sign * line.cost if place == 0 else 0)
        for place, (before, quantity) in enumerate(line.parts)
    ]
    return [*steps, *((before, after, sign * line.quantity, sign * line.cost) for before, after, sign in more)]


def move_goods(slip: PackingSlip, facts: Facts, context: Any) -> list[Any]:
    """Move each lot physically, and count what was delivered on the order line."""
    effects: list[Any] = []
    for line in slip.lines:
        order_line = line.order_line
        floor = 0 if line.quantity > 0 and _policy(slip, line) == "refuse" else None
        # A lot may have waited, and been split off another, before its goods come; its source stands with what first moves them.
        comes = order_line.treatment.cost_source == "source_lot" and not order_line.counters.delivered
        source = order_line.source if comes else None
        for sequence, (before, after, quantity, cost) in enumerate(_steps(line), order_line.sequence + 1):
            effects += move(
                lot_id=order_line.id, sequence=sequence, legal_entity_id=slip.legal_entity_id,
                product_id=order_line.product_id, warehouse_id=order_line.warehouse_id, from_status=before, to_status=after,
                quantity=quantity, date=slip.date, cost=cost, issued_cost=-cost, floor=floor,
                source_lot_id=source.lot_id if source is not None and sequence == order_line.sequence + 1 else None,
                shortage=partial(_shortage, line) if floor is not None else None,
            )  # fmt: skip
        counted = {"delivered": abs(line.quantity), "delivered_cost": line.cost}
        physical = physical_cost(slip, line)
        if physical:
            counted["physical_cost"] = physical
        effects.append(Claim("sales.line", (order_line.id,), counted, "deliverable"))
    return effects


def _policy(slip: PackingSlip, line: PackingSlipLine) -> str:
    """Tell what happens where more leaves than is there: what the product says, else what the store does."""
    return line.order_line.negative_stock or ("warn" if slip.warn_negative else "allow" if slip.allow_negative else "refuse")


def _promised(line: PackingSlipLine) -> Thousandths:
    """Tell how much of a line was promised to it already, so that it is not available to others before or after."""
    return sum(part for status, part in line.waits if status in ("reserved", "picked"))


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
    costs = [(line, cost) for line in slip.lines if (cost := physical_cost(slip, line))]
    if not costs:
        return []
    booking = Booking(slip, facts.of(Books))
    dimensions_for = cache(partial(dimensions_of, slip, context))
    for line, cost in costs:
        where = dimensions_for(warehouse_id=line.order_line.warehouse_id)
        book_physical(booking, line.order_line.treatment, cost, dimensions_for(), where)
    return booking.effects()


def book_physical(booking: Booking, treatment: Treatment, cost: Minor, dimensions: DimensionSet, where: DimensionSet) -> None:
    """Book a cost physically, signed like the line: goods against the packing slip offset, and at once what is lost of them (P2, P5).

    Inventory has the dimensions of where the goods are (`where`), all else those of the sale. Goods that come and go again against
    the role of the sale itself book nothing.
    """
    if treatment.goods == "receive_and_issue" and treatment.offset_role == SALE_ROLE:
        return
    booking.debit("packing_slip_offset", cost, dimensions)
    booking.credit("inventory_physical", cost, where)
    if treatment.goods == "receive_and_issue":
        booking.debit("inventory_physical", cost, where)
        booking.credit(treatment.offset_role, cost, dimensions)
