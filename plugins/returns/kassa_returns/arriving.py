"""Rules of arrivals: what may be registered, how lots move, and that returns follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa import Facts, Issue, Reader, Rule, SalesOrder, load_orders, move
from kassa_returns.documents import REPLACING, RMA, Arrival, ArrivalLine, QuarantineOrder, header, state_of
from kassa_returns.models import ArrivalLineRow, ArrivalRow, QuarantineRow
from kassa_returns.workflow import allowed, sources_of

LATE = "returns.receive_late"
ARRIVALS = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, a.note "
    "FROM kernel_document d JOIN returns_arrival a ON a.document_id = d.id WHERE d.id IN {keys}"
)
ARRIVAL_LINES = (
    "SELECT document_id, number, order_id, line_id, quantity, disposition, quarantine_warehouse_id, quarantine_order_id, partial, late "
    "FROM returns_arrival_line WHERE document_id IN {keys} ORDER BY document_id, number"
)
ORDERS = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, q.order_id, "
    "q.line_id, q.product_id, q.warehouse_id, q.quantity, q.disposition FROM kernel_document d "
    "JOIN returns_quarantine_order q ON q.document_id = d.id WHERE d.id IN {keys}"
)


def arrival_rows(arrival: Arrival) -> Iterable[tuple[Any, tuple[Any, ...]]]:
    """Turn an arrival into its rows."""
    yield ArrivalRow, (arrival.id, arrival.legal_entity_id, arrival.note)
    for line in arrival.lines:
        yield (
            ArrivalLineRow,
            (
                arrival.id, line.number, line.order.id, line.line.id, line.quantity, line.disposition_code, line.quarantine_warehouse_id,
                line.quarantine_order_id, line.partial, line.late,
            ),
        )  # fmt: skip


def load_arrivals(read: Reader, ids: Sequence[str]) -> dict[str, Arrival]:
    """Read arrivals by id; their return orders and lines are as they stand now."""
    rows = read.rows_for(ARRIVAL_LINES, ids)
    known = load_orders(read, list(dict.fromkeys(row[2] for row in rows)))
    lines: dict[str, list[ArrivalLine]] = {}
    for row in rows:
        order = known[row[2]]
        (line,) = (found for found in order.lines if found.id == row[3])
        lines.setdefault(row[0], []).append(
            ArrivalLine(
                number=row[1], order=order, line=line, quantity=row[4], disposition_code=row[5], quarantine=row[6] is not None,
                quarantine_warehouse_id=row[6], quarantine_order_id=row[7], partial=bool(row[8]), late=bool(row[9]),
            )
        )  # fmt: skip
    return {row[0]: Arrival(**_header(row), note=row[9], lines=tuple(lines.get(row[0], ()))) for row in read.rows_for(ARRIVALS, ids)}


def _header(row: Sequence[Any]) -> dict[str, Any]:
    names = ("id", "type", "legal_entity_id", "store_id", "register", "state", "version", "date", "occurred_at")
    return dict(zip(names, row[:9], strict=True))


def quarantine_rows(order: QuarantineOrder) -> Iterable[tuple[Any, tuple[Any, ...]]]:
    """Turn a quarantine order into its row."""
    yield (
        QuarantineRow,
        (
            order.id, order.legal_entity_id, order.order_id, order.line_id, order.product_id, order.warehouse_id, order.quantity,
            order.disposition,
        ),
    )  # fmt: skip


def load_quarantine(read: Reader, ids: Sequence[str]) -> dict[str, QuarantineOrder]:
    """Read quarantine orders by id."""
    return {
        row[0]: QuarantineOrder(
            **_header(row), order_id=row[9], line_id=row[10], product_id=row[11], warehouse_id=row[12], quantity=row[13], disposition=row[14]
        )
        for row in read.rows_for(ORDERS, ids)
    }


def check_lines(arrival: Arrival, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check each line: its state, what was decided, where it waits, and that the deadline has not passed."""
    if arrival.type == "inspected":
        return
    for line in arrival.lines:
        yield from _check_state(line)
        yield from _check_choice(line)
        if line.disposition is not None:
            yield from check_code(line.order, line.disposition.code, line.disposition.action, f"{line.at}/disposition")
        yield from _check_deadline(line, arrival, context)


def _check_state(line: ArrivalLine) -> Iterable[Issue]:
    state = state_of(line.line).state
    if not allowed("quarantine", state):
        message = f"Line {line.line.number} is {state}; goods arrive while it is {sources_of('quarantine')}."
        yield Issue(code="RET_STATE", message=message, pointer=f"{line.at}/line", got=state)


def _check_choice(line: ArrivalLine) -> Iterable[Issue]:
    """Check that a line has a code or goes to quarantine: one of the two (RET-25, RET-28, RET-29)."""
    if line.quarantine_forced and not line.quarantine:
        message = f"{line.line.product_number} is received through quarantine."
        yield Issue(code="RET_QUARANTINE_FORCED", message=message, pointer=f"{line.at}/quarantine", rule="RET-28", got="false")
    elif (line.disposition is not None) is bool(line.quarantine):
        message = "Give a disposition code or quarantine, not both." if line.quarantine else "Give a disposition code, or send the goods to quarantine."
        yield Issue(code="RET_CODE_REQUIRED", message=message, pointer=f"{line.at}/disposition", rule="RET-25")
    if line.quarantine and line.quarantine_warehouse_id is None:
        message = "No quarantine warehouse is named, and the receiving warehouse has none."
        yield Issue(code="RET_QUARANTINE_WAREHOUSE_MISSING", message=message, pointer=f"{line.at}/quarantine_warehouse", rule="RET-29")


def check_code(order: SalesOrder, code: str, action: str, pointer: str) -> Iterable[Issue]:
    """Check that a code may be given to goods that came: they are not credited without coming, nor replaced twice (RET-27)."""
    if action == "credit_only":
        message = f"{code} credits goods that never come; it is given on the line of the return order."
        yield Issue(code="RET_CODE_NOT_ALLOWED", message=message, pointer=pointer, rule="RET-27", expected={"place": "return line"}, got=action)
    if action in REPLACING and header(order).replaced_upfront:
        message = f"{code} makes a replacement, and one was made up front."
        yield Issue(code="RET_REPLACEMENT_EXISTS", message=message, pointer=pointer, rule="RET-27", got=action)


def _check_deadline(line: ArrivalLine, arrival: Arrival, context: Any) -> Iterable[Issue]:
    """Find goods that come too late: somebody with the permission lets them in, and is warned (RET-54)."""
    if not line.late:
        return
    found = header(line.order)
    message = f"The deadline of {found.rma_number} was {found.deadline}."
    needed: tuple[Issue, ...] = context.approve_over(
        LATE, None, code="RET_DEADLINE_PASSED", message=message, pointer=f"{line.at}/line", store_id=arrival.store_id, document=line.order.id
    )
    yield from needed or (Issue(code="RET_DEADLINE_PASSED", message=message, pointer=f"{line.at}/line", severity="warn", rule="RET-54"),)


def move_lots(arrival: Arrival, facts: Facts, context: Any) -> list[Any]:
    """Let lots wait where their goods are: registered at the receiving warehouse, or in quarantine; nothing is on hand yet (P1)."""
    effects: list[Any] = []
    for line in arrival.lines:
        found = line.line
        if not found.stocked:
            continue
        common: dict[str, Any] = {"lot_id": found.id, "legal_entity_id": arrival.legal_entity_id, "product_id": found.product_id, "date": arrival.date}
        place, sequence = found.warehouse_id, found.sequence
        if arrival.type == "inspected":
            waiting = line.quarantine_warehouse_id or place
            sequence += 1
            effects += move(**common, sequence=sequence, warehouse_id=waiting, from_status="registered", to_status="none", quantity=line.quantity)
        elif line.quarantine:
            place = line.quarantine_warehouse_id or place
        effects += move(**common, sequence=sequence + 1, warehouse_id=place, from_status="none", to_status="registered", quantity=line.quantity)
    return effects


def rma_numbers(read: Reader, order_ids: Sequence[str]) -> Mapping[str, str]:
    """Give the RMA numbers of return orders, by id."""
    sql = f"SELECT document_id, value FROM kernel_document_key WHERE name = '{RMA}' AND document_id IN {{keys}}"
    return dict(read.rows_for(sql, order_ids)) if order_ids else {}


RULES = (
    Rule(name="returns.check_arrival", kind="returns.arrival", transition="post", stage="check", run=check_lines,
        summary="What came may be registered, or sent to quarantine.", rules=("RET-25", "RET-27", "RET-28", "RET-29", "RET-54")),
    Rule(name="returns.move_lots", kind="returns.arrival", transition="post", stage="stock", run=move_lots,
        summary="Lots wait where the goods are.", rules=("RET-36", "RET-38")),
)  # fmt: skip
