"""Reading and writing returns: codes, what orders and lines have beyond the core's, arrivals and quarantine orders."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa import Address, Context, Issue, Reader, Refused, Row, SalesLine, SalesOrder, StateChange, legal_entity, orders, schema
from kassa_returns.documents import (
    RMA,
    TYPE,
    CodeCharge,
    Disposition,
    ReturnLine,
    ReturnOrder,
    header,
    state_of,
)
from kassa_returns.models import ReturnLineRow, ReturnOrderRow

DISPOSITIONS = "SELECT id, code, name, action, charges, external_codes, active, version FROM returns_disposition WHERE legal_entity_id = ? ORDER BY code"
HEADERS = (
    "SELECT r.document_id, r.state, k.value, r.reason, r.reason_id, r.deadline, r.warehouse_chosen, r.address, "
    "EXISTS (SELECT 1 FROM returns_replacement x WHERE x.return_id = r.document_id AND x.upfront AND x.active) FROM returns_order r "
    f"LEFT JOIN kernel_document_key k ON k.document_id = r.document_id AND k.name = '{RMA}' WHERE r.document_id IN {{keys}}"
)
LINES = (
    "SELECT l.line_id, l.state, l.disposition, l.action, l.decided, p.number, l.replacement_product_id, l.replacement_quantity, "
    "l.slip_reference, l.late, l.agreement FROM returns_line l LEFT JOIN catalog_product p ON p.id = l.replacement_product_id WHERE l.document_id IN {keys}"
)


def dispositions(context: Context) -> Mapping[str, Disposition]:
    """Give the disposition codes of the legal entity by code."""
    found: Mapping[str, Disposition] = context.cached("returns", "dispositions", legal_entity(context).id, _load_dispositions)
    return found


def _load_dispositions(read: Reader, legal_entity_id: str) -> Mapping[str, Disposition]:
    return {row[1]: disposition_of(row) for row in read.rows(DISPOSITIONS, (legal_entity_id,))}


def disposition_of(row: Sequence[Any]) -> Disposition:
    """Read a disposition code."""
    return Disposition(
        id=row[0], code=row[1], name=row[2], action=row[3], charges=charges_of(row[4]), external_codes=tuple(json.loads(row[5])),
        active=bool(row[6]), version=row[7],
    )  # fmt: skip


def charges_of(text: str) -> tuple[CodeCharge, ...]:
    """Read the charges of a code from their JSON."""
    return tuple(schema.structure(CodeCharge, charge) for charge in json.loads(text))


def charges_text(charges: Iterable[CodeCharge]) -> str:
    """Write the charges of a code as JSON."""
    return schema.encode([schema.unstructure(charge) for charge in charges])


def disposition(context: Context, code: str, pointer: str) -> Disposition:
    """Find an active disposition code; Refused where there is none."""
    found = dispositions(context).get(code)
    if found is not None and found.active:
        return found
    known = ", ".join(name for name, known in dispositions(context).items() if known.active) or "none yet"
    message = f"There is no disposition code {code!r}. There are: {known}."
    raise Refused((Issue(code="RET_CODE_UNKNOWN", message=message, pointer=pointer, got=code),))


def load_headers(read: Reader, documents: Sequence[SalesOrder]) -> Mapping[str, ReturnOrder]:
    """Read what return orders add to orders; nothing is asked where none of them is one."""
    ids = [order.id for order in documents if order.type == TYPE]
    return {row[0]: _header(row) for row in read.rows_for(HEADERS, ids)} if ids else {}


def _header(row: Sequence[Any]) -> ReturnOrder:
    address = schema.structure(Address, json.loads(row[7])) if row[7] is not None else None
    return ReturnOrder(
        state=row[1], rma_number=row[2] or "", reason=row[3], reason_id=row[4], deadline=row[5], warehouse_chosen=bool(row[6]), address=address,
        replaced_upfront=bool(row[8]),
    )  # fmt: skip


def load_lines(read: Reader, documents: Sequence[SalesOrder]) -> Mapping[str, ReturnLine]:
    """Read what return lines add to order lines, by id of the line."""
    ids = [order.id for order in documents if order.type == TYPE]
    return {row[0]: _line(row) for row in read.rows_for(LINES, ids)} if ids else {}


def _line(row: Sequence[Any]) -> ReturnLine:
    return ReturnLine(
        state=row[1], disposition=row[2], action=row[3], decided=bool(row[4]), replacement_product=row[5], replacement_product_id=row[6],
        replacement_quantity=row[7], slip_reference=row[8], late=bool(row[9]), agreement=row[10],
    )  # fmt: skip


def load_return(context: Context, order_id: str) -> SalesOrder | None:
    """Read a return order as acts see it; None where the order is none, or was deleted."""
    order = orders(context, [order_id]).get(order_id)
    if order is None or order.type != TYPE or header(order).state == "deleted":
        return None
    return order


def header_values(order: SalesOrder) -> dict[str, Any]:
    """Give the columns of a return's header."""
    found = header(order)
    return {
        "state": found.state, "reason_id": found.reason_id, "reason": found.reason, "deadline": found.deadline,
        "warehouse_chosen": found.warehouse_chosen,
        "address": schema.encode(schema.unstructure(found.address)) if found.address is not None else None,
    }  # fmt: skip


def line_values(line: SalesLine) -> dict[str, Any]:
    """Give the columns of a return line."""
    found = state_of(line)
    names = ("state", "disposition", "action", "decided", "replacement_product_id", "replacement_quantity", "slip_reference", "late", "agreement")
    return {name: getattr(found, name) for name in names}


def insert_rows(order: SalesOrder, lines: Iterable[SalesLine]) -> list[Row]:
    """Make the rows of return lines that are new."""
    return [Row(ReturnLineRow, {"line_id": line.id, "document_id": order.id, **line_values(line)}) for line in lines]


def changes(before: SalesOrder, after: SalesOrder) -> list[Row]:
    """Make the rows by which a return order becomes another: its header and its lines, as far as they differ."""
    rows: list[Row] = []
    old, new = header_values(before), header_values(after)
    differing = {name: value for name, value in new.items() if old[name] != value}
    if differing:
        rows.append(Row(ReturnOrderRow, differing, key={"document_id": after.id}))
    known = {line.id: line for line in before.lines}
    for line in after.lines:
        if line.id not in known:
            rows += insert_rows(after, [line])
            continue
        values, had = line_values(line), line_values(known[line.id])
        changed = {name: value for name, value in values.items() if had[name] != value}
        if changed:
            rows.append(Row(ReturnLineRow, changed, key={"line_id": line.id}))
    return rows


def save(context: Context, before: SalesOrder, after: SalesOrder, rule: str, document_id: str | None = None) -> None:
    """Plan that a return order becomes another; its version, which counts up, guards the change."""
    context.plan.add([*changes(before, after), StateChange(after, after.state)], rule, document_id or after.id)
