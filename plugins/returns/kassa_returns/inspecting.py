"""Inspecting: quarantine orders are started, split, decided about, and the goods handed back to receiving."""

from __future__ import annotations

from typing import Any

from kassa import (
    Context,
    NotFound,
    Result,
    Row,
    SalesLine,
    SalesOrder,
    check_seen,
    evolve,
    find_document,
    lots,
    move,
    new_id,
    numbers_of,
    orders,
    split_line,
    store,
    today,
    warehouse,
)
from kassa_returns.arriving import check_code, load_arrivals, load_quarantine, rma_numbers
from kassa_returns.creating import with_replacement
from kassa_returns.documents import Arrival, ArrivalLine, QuarantineOrder, ReturnLine, state_of, with_lines
from kassa_returns.finding import refuse
from kassa_returns.messages import receiving as messages
from kassa_returns.models import QuarantineRow
from kassa_returns.receiving import arrival_viewer, decided, divided
from kassa_returns.store import disposition, save

KIND, RULE = "returns.quarantine_order", "returns.inspect"


def find_quarantine(context: Context, reference: str, *, seen: bool = True) -> QuarantineOrder:
    """Find a quarantine order by number or id; NotFound where there is none, or it was deleted."""
    document_id = find_document(context, KIND, reference)
    found = load_quarantine(context.read, [document_id])[document_id]
    if found.state == "deleted":
        raise NotFound("quarantine order", reference)
    if seen:
        check_seen(context, f"The quarantine order {reference}", found.version)
    return found


def _line(context: Context, found: QuarantineOrder) -> tuple[SalesOrder, SalesLine]:
    order = orders(context, [found.order_id])[found.order_id]
    (line,) = (line for line in order.lines if line.id == found.line_id)
    return order, line


def _shown(context: Context, found: QuarantineOrder, *, counted: bool = True) -> Result:
    after = evolve(found, version=found.version + 1) if counted else found
    return Result(view=quarantine_viewer(context, after), document_id=after.id, version=after.version)


def start(command: messages.ReadQuarantine, context: Context) -> Result:
    """Plan that an inspection begins."""
    (started,) = context.step(KIND, "start", [find_quarantine(context, command.quarantine_order)])
    return _shown(context, started)


def split(command: messages.SplitQuarantine, context: Context) -> Result:
    """Plan that a part of the goods gets a quarantine order of its own; the return line and its lot are split likewise (RET-33)."""
    found = find_quarantine(context, command.quarantine_order)
    (current,) = context.step(KIND, "split", [found])
    order, line = _line(context, found)
    after, effects = split_line(order, line.number, command.quantity, lots(context, [line.id]).get(line.id))
    new = after.lines[-1]
    after = with_lines(after, divided(evolve(state_of(line), state="quarantine"), line, new))
    context.plan.add(effects, RULE, found.id)
    save(context, order, after, RULE)
    kept = evolve(current, quantity=found.quantity - command.quantity)
    context.plan.add([Row(QuarantineRow, {"quantity": kept.quantity}, key={"document_id": found.id})], RULE, found.id)
    made = evolve(
        found, id=new_id(), state="new", version=1, line_id=new.id, quantity=command.quantity, occurred_at=context.now, keys=(),
    )  # fmt: skip
    (created,) = context.step(KIND, "create", [made])
    (started,) = context.step(KIND, "start", [created])
    viewer = quarantine_viewer(context, started, line=new.number)
    return Result(view=viewer, document_id=started.id, version=1)


def end(command: messages.Decide, context: Context) -> Result:
    """Plan that goods are decided about and registered at once (RET-34)."""
    found = find_quarantine(context, command.quarantine_order)
    order, line, value, code = _decision(command, found, context)
    (ended,) = context.step(KIND, "conclude", [evolve(found, disposition=code.code)])
    context.plan.add(_back(found, line, context), RULE, found.id)
    save(context, order, decided(context, order, line, value, code, "registered"), RULE)
    context.plan.add([Row(QuarantineRow, {"disposition": code.code}, key={"document_id": found.id})], RULE, found.id)
    return _shown(context, ended)


def report(command: messages.Decide, context: Context) -> Result:
    """Plan that goods are decided about and go back to receiving: a new arrival waits to be processed (RET-34, RET-36)."""
    found = find_quarantine(context, command.quarantine_order)
    order, line, value, code = _decision(command, found, context)
    context.step(KIND, "report", [evolve(found, disposition=code.code)])
    save(context, order, decided(context, order, line, value, code, "quarantine"), RULE)
    context.plan.add([Row(QuarantineRow, {"disposition": code.code}, key={"document_id": found.id})], RULE, found.id)
    arrival = Arrival(
        id=new_id(), type="inspected", legal_entity_id=found.legal_entity_id, store_id=found.store_id, register=found.register, state="new",
        date=today(context, store(context, found.store_id or "")), occurred_at=context.now,
        lines=(
            ArrivalLine(
                number=1, order=order, line=line, quantity=found.quantity, disposition_code=code.code, quarantine=True,
                quarantine_warehouse_id=found.warehouse_id, quarantine_order_id=found.id,
            ),
        ),
    )  # fmt: skip
    (opened,) = context.step("returns.arrival", "create", [arrival])
    return Result(view=arrival_viewer(context, opened), document_id=opened.id, version=1)


def _decision(command: messages.Decide, found: QuarantineOrder, context: Context) -> tuple[SalesOrder, SalesLine, ReturnLine, Any]:
    code = disposition(context, command.disposition, "/disposition")
    order, line = _line(context, found)
    if found.disposition is not None and found.disposition != code.code:
        raise _frozen(found.disposition, code.code)
    context.refuse(check_code(order, code.code, code.action, "/disposition"))
    value = with_replacement(evolve(state_of(line), decided=True), line, command.replacement, context, found.quantity)
    return order, line, value, code


def _frozen(decided_code: str, asked: str) -> Any:
    message = f"Inspection decided {decided_code}; that stays."
    return refuse("RET_CODE_FROZEN", message, "/disposition", rule="RET-35", expected={"disposition": decided_code}, got=asked)


def _back(found: QuarantineOrder, line: SalesLine, context: Context) -> list[Any]:
    """Let the lot wait at the receiving warehouse instead of in quarantine."""
    if not line.stocked:
        return []
    date = today(context, store(context, found.store_id or ""))
    common: dict[str, Any] = {"lot_id": line.id, "legal_entity_id": found.legal_entity_id, "product_id": line.product_id, "date": date, "quantity": found.quantity}
    return [
        *move(**common, sequence=line.sequence + 1, warehouse_id=found.warehouse_id, from_status="registered", to_status="none"),
        *move(**common, sequence=line.sequence + 2, warehouse_id=line.warehouse_id, from_status="none", to_status="registered"),
    ]


def post_arrival(command: messages.PostArrival, context: Context) -> Result:
    """Plan that goods which came back from inspection are registered, with the code that was decided there (RET-35)."""
    arrival_id = find_document(context, "returns.arrival", command.arrival)
    stored = load_arrivals(context.read, [arrival_id])[arrival_id]
    check_seen(context, f"The arrival {command.arrival}", stored.version)
    lines = []
    for line in stored.lines:
        if command.disposition not in (None, line.disposition_code):
            raise _frozen(str(line.disposition_code), str(command.disposition))
        found = find_quarantine(context, str(line.quarantine_order_id), seen=False)
        order, order_line = _line(context, found)
        lines.append(evolve(line, order=order, line=order_line))
    (posted,) = context.step("returns.arrival", "post", [evolve(stored, lines=tuple(lines))])
    for line in lines:
        context.step(KIND, "conclude", [find_quarantine(context, str(line.quarantine_order_id), seen=False)])
        after = with_lines(line.order, {line.line.id: evolve(state_of(line.line), state="registered")})
        save(context, line.order, after, RULE)
    shown = evolve(posted, version=stored.version + 1)
    return Result(view=arrival_viewer(context, shown), document_id=shown.id, version=shown.version)


def delete(command: messages.ReadQuarantine, context: Context) -> Result:
    """Plan that a quarantine order is not shown any more; goods that were not inspected are expected again."""
    found = find_quarantine(context, command.quarantine_order)
    (deleted,) = context.step(KIND, "delete", [found])
    if found.state == "created":
        order, line = _line(context, found)
        if line.stocked:
            date = today(context, store(context, found.store_id or ""))
            context.plan.add(
                move(
                    lot_id=line.id, sequence=line.sequence + 1, legal_entity_id=found.legal_entity_id, product_id=line.product_id,
                    warehouse_id=found.warehouse_id, from_status="registered", to_status="none", quantity=found.quantity, date=date,
                ),
                RULE, found.id,
            )  # fmt: skip
        save(context, order, with_lines(order, {line.id: evolve(state_of(line), state="expected")}), RULE)
    return _shown(context, deleted)


def quarantine_viewer(context: Context, found: QuarantineOrder, line: int | None = None) -> Any:
    """Read what a view of a quarantine order needs beside it; gives the function from numbers to the view."""
    number = numbers_of(context.read, [found.id]).get(found.id)
    rma = rma_numbers(context.read, [found.order_id]).get(found.order_id, "")
    order = orders(context, [found.order_id])[found.order_id]
    goods = next((known for known in order.lines if known.id == found.line_id), None)
    shown = line if line is not None else goods.number if goods is not None else 0
    named = next(known.product_number for known in order.lines if known.product_id == found.product_id)
    place = warehouse(context, found.warehouse_id).code
    return lambda numbers: messages.QuarantineView(
        id=found.id, number=number or numbers.get(found.id), state=found.state, version=found.version, rma_number=rma, line=shown,
        product=named, quantity=found.quantity, warehouse=place, disposition=found.disposition, date=found.date,
    )  # fmt: skip
