"""Receiving: arrivals and registrations are planned; lines that come in part are split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa import (
    Context,
    Issue,
    NotFound,
    Product,
    Refused,
    Result,
    SalesLine,
    SalesOrder,
    StateChange,
    Store,
    acting_store,
    change_order,
    evolve,
    find_document,
    format_scaled,
    lots,
    new_id,
    numbers_of,
    orders,
    product,
    share,
    split_line,
    store,
    today,
    warehouse,
)
from kassa_returns.arriving import rma_numbers
from kassa_returns.charging import DISPOSITION, with_charges
from kassa_returns.creating import with_replacement
from kassa_returns.documents import TYPE, Arrival, ArrivalLine, Disposition, QuarantineOrder, ReturnLine, header, state_of, with_lines
from kassa_returns.finding import find_return
from kassa_returns.messages import receiving as messages
from kassa_returns.store import disposition, save

RULE = "returns.register"


@attrs.define
class Desk:
    """Return orders as an arrival leaves them, and which line holds what is still to come of each line that was asked for."""

    context: Context
    place: Store
    date: str
    stored: dict[str, SalesOrder] = attrs.field(factory=dict)
    orders: dict[str, SalesOrder] = attrs.field(factory=dict)
    tails: dict[tuple[str, int], int] = attrs.field(factory=dict)
    started: bool = True

    def order(self, reference: str, at: str, issues: list[Issue]) -> SalesOrder | None:
        """Find the return order of a line; one that is none, or is not there, is an issue (RET-23, RET-24)."""
        try:
            order_id = find_document(self.context, "order", reference)
        except NotFound:
            message = f"There is no return order {reference!r}; goods are received for one that exists."
            issues.append(Issue(code="RET_ORDER_UNKNOWN", message=message, pointer=f"{at}/rma", rule="RET-23", got=reference))
            return None
        known = self.orders.get(order_id) or orders(self.context, [order_id])[order_id]
        if known.type != TYPE or header(known).state == "deleted":
            message = f"{reference} is no return order; an arrival takes returned goods alone."
            issues.append(Issue(code="RET_MIXED_ARRIVAL", message=message, pointer=f"{at}/rma", rule="RET-24", got=known.type))
            return None
        self.take(known)
        return known

    def take(self, order: SalesOrder) -> None:
        """Work on a return order; what it was is kept, for its rows are written once, at the end."""
        self.stored.setdefault(order.id, order)
        self.orders[order.id] = order

    def part(self, order: SalesOrder, number: int, quantity: int | None, at: str, issues: list[Issue]) -> tuple[SalesLine, bool] | None:
        """Give the line of goods that came, split off what is still expected where less came (RET-30); and whether more is expected."""
        tail = self.tails.get((order.id, number), number)
        line = next((found for found in self.orders[order.id].lines if found.number == (tail or number)), None)
        if line is None:
            message = f"The return has no line {number}."
            issues.append(Issue(code="SALES_LINE_UNKNOWN", message=message, pointer=f"{at}/line", got=str(number)))
            return None
        expected = abs(line.quantity) - line.counters.cancelled if tail else 0
        came = expected if quantity is None else quantity
        if tail == 0 or came > expected:
            told = format_scaled(expected, 3, trim=True)
            message = f"Line {number}: {format_scaled(came, 3, trim=True)} came, {told} are expected."
            issues.append(Issue(code="RET_QTY_EXCEEDS_EXPECTED", message=message, pointer=f"{at}/quantity", expected={"expected": told}))
            return None
        if came == expected or state_of(line).state != "expected":
            self.tails[order.id, number] = 0
            return line, False
        return self.split(order.id, line, expected - came, number), True

    def split(self, order_id: str, line: SalesLine, rest: int, number: int) -> SalesLine:
        """Split what has not come yet off a line; it goes on as a line of its own, with its own lot."""
        before = self.orders[order_id]
        after, effects = split_line(before, line.number, rest, lots(self.context, [line.id]).get(line.id) if line.sequence else None)
        new = after.lines[-1]
        after = with_lines(after, divided(state_of(line), line, new))
        self.context.plan.add(effects, RULE, order_id)
        self.orders[order_id], self.tails[order_id, number] = after, new.number
        return next(found for found in after.lines if found.id == line.id)


def divided(state: ReturnLine, line: SalesLine, new: SalesLine) -> dict[str, ReturnLine]:
    """Divide what returns add to a line between its parts: what replaces the goods by quantity, everything else stands at both."""
    if state.replacement_quantity is None:
        return {new.id: state}
    whole, rest = abs(line.quantity), abs(new.quantity)
    kept = share(state.replacement_quantity, whole - rest, whole)
    parts = {line.id: kept, new.id: state.replacement_quantity - kept}
    return {line_id: evolve(state, replacement_quantity=quantity or None) for line_id, quantity in parts.items()}


def register_arrival(command: messages.RegisterArrival, context: Context) -> Result:
    """Plan an arrival journal over one or several return orders (RET-07, RET-23 to RET-32)."""
    place = acting_store(context, command.store)
    desk = Desk(context, place, command.date or today(context, place), started=command.start_inspection)
    issues: list[Issue] = []
    lines = [_asked(asked, desk, f"/lines/{at}", issues, number=at + 1) for at, asked in enumerate(command.lines)]
    context.refuse(issues)
    return _post(desk, "journal", [line for line in lines if line is not None], command.lines, command.note)


def register(command: messages.Register, context: Context) -> Result:
    """Plan that goods are registered directly from the lines of their return (RET-26)."""
    order = find_return(context, command.rma)
    place = store(context, context.actor.store_id or order.store_id or "")
    desk = Desk(context, place, command.date or today(context, place))
    desk.take(order)
    issues: list[Issue] = []
    lines = []
    for at, asked in enumerate(command.lines):
        request = messages.ArrivalLineRequest(rma=order.id, **attrs.asdict(asked, recurse=False))
        lines.append(_asked(request, desk, f"/lines/{at}", issues, number=at + 1))
    context.refuse(issues)
    return _post(desk, "registration", [line for line in lines if line is not None], command.lines, None)


def _asked(asked: messages.ArrivalLineRequest, desk: Desk, at: str, issues: list[Issue], number: int) -> ArrivalLine | None:
    """Make the line of an arrival that a request asks for."""
    order = desk.order(asked.rma, at, issues)
    part = desk.part(order, asked.line, asked.quantity, at, issues) if order is not None else None
    if order is None or part is None:
        return None
    line, more = part
    goods = product(desk.context, line.product_id)
    code = asked.disposition or (state_of(line).disposition if not asked.quarantine else None)
    found = _disposition(code, desk.context, f"{at}/disposition", issues)
    quarantine = goods.quarantine_management if asked.quarantine is None and asked.disposition is None else bool(asked.quarantine)
    if asked.quarantine and state_of(line).disposition is not None:
        found = _disposition(state_of(line).disposition, desk.context, f"{at}/disposition", issues)
    return ArrivalLine(
        number=number, at=at, order=desk.orders[order.id], line=line, quantity=abs(line.quantity) - line.counters.cancelled,
        disposition=None if quarantine and _forced(goods, asked) else found,
        disposition_code=found.code if found is not None and not quarantine else None, quarantine=quarantine,
        quarantine_warehouse_id=_quarantine(asked, line, desk) if quarantine else None,
        quarantine_order_id=new_id() if quarantine else None, quarantine_forced=goods.quarantine_management, partial=more,
        late=desk.date > header(order).deadline,
    )  # fmt: skip


def _forced(goods: Product, asked: messages.ArrivalLineRequest) -> bool:
    """Tell whether goods go to quarantine although the return line has a code already."""
    return goods.quarantine_management and asked.disposition is None


def _disposition(code: str | None, context: Context, at: str, issues: list[Issue]) -> Disposition | None:
    if code is None:
        return None
    try:
        return disposition(context, code, at)
    except Refused as refused:
        issues += refused.issues
        return None


def _quarantine(asked: messages.ArrivalLineRequest, line: SalesLine, desk: Desk) -> str | None:
    """Give where goods wait: the warehouse that was named, else that of the receiving one (RET-29)."""
    if asked.quarantine_warehouse is not None:
        return warehouse(desk.context, asked.quarantine_warehouse).id
    return warehouse(desk.context, line.warehouse_id).quarantine_warehouse_id


def _post(desk: Desk, kind: str, lines: Sequence[ArrivalLine], asked: Sequence[messages.RegisterLine], note: str | None) -> Result:
    """Plan an arrival: its own steps, its quarantine orders, and what becomes of the return lines."""
    context = desk.context
    draft = Arrival(**_header(desk, kind), note=note, lines=tuple(lines))
    (opened,) = context.step("returns.arrival", "create", [draft])
    (posted,) = context.step("returns.arrival", "post", [opened])
    for line, request in zip(posted.lines, asked, strict=True):
        if line.quarantine:
            _inspect(line, posted, desk)
        _follow(line, request, desk)
    for order_id, after in desk.orders.items():
        save(context, desk.stored[order_id], after, RULE)
    return Result(view=arrival_viewer(context, posted), document_id=posted.id, version=1)


def _header(desk: Desk, kind: str) -> dict[str, Any]:
    context, place = desk.context, desk.place
    return {
        "id": new_id(), "type": kind, "legal_entity_id": place.legal_entity_id, "store_id": place.id,
        "register": context.actor.register or place.number, "state": "new", "date": desk.date, "occurred_at": context.now,
    }  # fmt: skip


def _inspect(line: ArrivalLine, arrival: Arrival, desk: Desk) -> None:
    """Make the quarantine order of a line: one for each, and so for each product (RET-32)."""
    made = QuarantineOrder(
        **{**_header(desk, "quarantine"), "id": line.quarantine_order_id}, order_id=line.order.id, line_id=line.line.id,
        product_id=line.line.product_id, warehouse_id=str(line.quarantine_warehouse_id), quantity=line.quantity,
    )  # fmt: skip
    (created,) = desk.context.step("returns.quarantine_order", "create", [made])
    if desk.started:
        desk.context.step("returns.quarantine_order", "start", [created])


def _follow(line: ArrivalLine, asked: messages.RegisterLine, desk: Desk) -> None:
    """Let a return line follow what came of it: its code with charges and replacement, its state, whether it came late."""
    context, before = desk.context, desk.orders[line.order.id]
    value = evolve(state_of(line.line), late=line.late)
    if asked.slip_reference is not None:
        value = evolve(value, slip_reference=asked.slip_reference)
    if line.quarantine:
        desk.orders[before.id] = with_lines(before, {line.line.id: evolve(value, state="quarantine", disposition=None, action=None)})
        return
    value = with_replacement(value, line.line, asked.replacement, context, line.quantity)
    desk.orders[before.id] = decided(context, before, line.line, value, line.disposition, "registered")


def decided(context: Context, before: SalesOrder, line: SalesLine, value: ReturnLine, code: Disposition | None, state: str) -> SalesOrder:
    """Give a return line its code and state, and plan the charges of a code that it did not have; what returns add is the caller's to save."""
    if code is None:
        return with_lines(before, {line.id: evolve(value, state=state)})
    charged = before
    if code.code != state_of(line).disposition and code.charges:
        wanted = with_charges(before, code.charges, DISPOSITION, code.code, line.number)
        # The change is compared with what this plan made of the order so far, so that it writes nothing of that itself.
        context.plan.add([StateChange(before, before.state)], RULE, before.id)
        charged = change_order(context, before, wanted, act=RULE)
    return with_lines(charged, {line.id: evolve(value, disposition=code.code, action=code.action, state=state)})


def arrival_viewer(context: Context, arrival: Arrival) -> Any:
    """Read what a view of an arrival needs beside it; gives the function from numbers to the view."""
    rma = rma_numbers(context.read, [line.order.id for line in arrival.lines])
    waiting = {line.quarantine_order_id for line in arrival.lines if line.quarantine_order_id is not None}
    known = numbers_of(context.read, [arrival.id, *sorted(waiting)])
    places = {line.quarantine_warehouse_id for line in arrival.lines if line.quarantine_warehouse_id is not None}
    codes = {place: warehouse(context, place).code for place in places}

    def view(numbers: Any) -> messages.ArrivalView:
        def number(document_id: str | None) -> str | None:
            return known.get(document_id or "") or numbers.get(document_id or "")

        lines = tuple(
            messages.ArrivalLineView(
                rma_number=rma.get(line.order.id, ""), line=line.line.number, product=line.line.product_number, quantity=line.quantity,
                disposition=line.disposition_code, quarantine_warehouse=codes.get(line.quarantine_warehouse_id or ""),
                quarantine_order=number(line.quarantine_order_id), partial=line.partial, late=line.late,
            )
            for line in arrival.lines
        )  # fmt: skip
        return messages.ArrivalView(
            id=arrival.id, number=number(arrival.id), type=arrival.type, state=arrival.state, version=arrival.version, date=arrival.date,
            note=arrival.note, lines=lines,
        )  # fmt: skip

    return view
