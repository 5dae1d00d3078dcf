"""Reading returns: lists, single documents, and what is printed."""

from __future__ import annotations

from typing import Any

from kassa import (
    Context,
    Issue,
    Refused,
    currency,
    customer,
    find_document,
    format_scaled,
    legal_entity,
    page,
    read_cursor,
    today,
)
from kassa_returns.arriving import load_arrivals
from kassa_returns.documents import RMA, header, state_of
from kassa_returns.finding import find_return
from kassa_returns.inspecting import find_quarantine, quarantine_viewer
from kassa_returns.messages import orders as messages
from kassa_returns.messages import receiving
from kassa_returns.receiving import arrival_viewer
from kassa_returns.views import address_of, return_viewer

LISTED = (
    "SELECT d.id, k.value, n.value, r.state, s.number, c.number, d.business_date, r.deadline, o.total, o.currency, "
    "EXISTS (SELECT 1 FROM returns_line l WHERE l.document_id = d.id AND l.state = 'expected') "
    "FROM returns_order r JOIN kernel_document d ON d.id = r.document_id JOIN sales_order o ON o.document_id = d.id "
    "JOIN org_store s ON s.id = d.store_id JOIN parties_customer c ON c.id = o.customer_id "
    f"LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = '{RMA}' "
    "LEFT JOIN kernel_document_key n ON n.document_id = d.id AND n.name = 'number' WHERE r.legal_entity_id = ? AND r.state <> 'deleted'"
)
IS_EXPIRED = "r.deadline < ? AND r.state IN ('created', 'open') AND EXISTS (SELECT 1 FROM returns_line l WHERE l.document_id = d.id AND l.state = 'expected')"
DOCUMENTS = "SELECT d.id FROM kernel_document d WHERE d.legal_entity_id = ? AND d.kind = ?"
LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff"


def list_returns(request: messages.ListReturns, context: Context) -> Any:
    """Show a page of return orders, newest first."""
    entity = legal_entity(context)
    day = today(context, entity)
    where, parameters = "", [entity.id]
    if request.state is not None:
        where, parameters = f"{where} AND r.state = ?", [*parameters, request.state]
    if request.customer is not None:
        where, parameters = f"{where} AND o.customer_id = ?", [*parameters, customer(context, request.customer).id]
    if request.expired is not None:
        where, parameters = f"{where} AND {'' if request.expired else 'NOT '}({IS_EXPIRED})", [*parameters, day]
    after = read_cursor(request.after, 1, identifiers=(0,))
    if after is not None:
        where, parameters = f"{where} AND d.id < ?", [*parameters, after[0]]
    rows = context.read.rows(f"{LISTED}{where} ORDER BY d.id DESC LIMIT ?", [*parameters, request.limit + 1])
    items = [
        messages.ReturnSummaryView(
            id=row[0], rma_number=row[1], number=row[2], state=row[3], store=row[4], customer=row[5], date=row[6], deadline=row[7],
            expired=bool(row[10]) and row[7] < day and row[3] in ("created", "open"), total=format_scaled(row[8], currency(row[9]).exponent),
        )
        for row in rows
    ]  # fmt: skip
    return page(request, messages.ReturnSummaryView, items, lambda item: [item.id])


def read_return(request: messages.ReadReturn, context: Context) -> messages.ReturnView:
    """Show a return order by its RMA number or any other key (RET-03)."""
    found: messages.ReturnView = return_viewer(context, find_return(context, request.rma))({})
    return found


def read_document(request: messages.ReadReturn, context: Context) -> messages.DocumentView:
    """Show what is printed when a return is authorised; printing changes nothing (RET-37)."""
    return _document(request, context, "Return order")


def read_acknowledgement(request: messages.ReadReturn, context: Context) -> messages.DocumentView:
    """Show what is printed when goods were registered; refused where none were yet (RET-37)."""
    order = find_return(context, request.rma, seen=False)
    if not any(state_of(line).state in ("registered", "received", "invoiced") for line in order.lines):
        message = "Nothing of this return is registered yet."
        raise Refused((Issue(code="RET_NOT_REGISTERED", message=message, pointer="/rma", rule="RET-37", got=header(order).state),))
    return _document(request, context, "Acknowledgement of returned goods")


def _document(request: messages.ReadReturn, context: Context, title: str) -> messages.DocumentView:
    order = find_return(context, request.rma, seen=False)
    party, found = customer(context, order.customer_id or order.party_id), header(order)
    lines = tuple(
        messages.AcknowledgementLine(
            line=line.number, product=line.product_number, description=line.description, quantity=line.quantity, state=state_of(line).state,
            disposition=state_of(line).disposition,
        )
        for line in order.lines
    )  # fmt: skip
    return messages.DocumentView(
        title=title, rma_number=found.rma_number, customer=party.number, customer_name=party.name, date=order.date, deadline=found.deadline,
        address=address_of(context, order), lines=lines,
    )  # fmt: skip


def _page_of(kind: str, request: Any, context: Context, where: str, parameters: list[Any]) -> list[str]:
    after = read_cursor(request.after, 1, identifiers=(0,))
    values = [legal_entity(context).id, kind, *parameters, after[0] if after is not None else LAST, request.limit + 1]
    return [row[0] for row in context.read.rows(f"{DOCUMENTS}{where} AND d.id < ? ORDER BY d.id DESC LIMIT ?", values)]


def read_arrival(request: receiving.ReadArrival, context: Context) -> receiving.ArrivalView:
    """Show an arrival."""
    document_id = find_document(context, "returns.arrival", request.arrival)
    found: receiving.ArrivalView = arrival_viewer(context, load_arrivals(context.read, [document_id])[document_id])({})
    return found


def list_arrivals(request: receiving.ListArrivals, context: Context) -> Any:
    """Show a page of arrivals, newest first."""
    where, parameters = ("", []) if request.state is None else (" AND d.state = ?", [request.state])
    ids = _page_of("returns.arrival", request, context, where, parameters)
    known = load_arrivals(context.read, ids)
    return page(request, receiving.ArrivalView, [arrival_viewer(context, known[i])({}) for i in ids], lambda view: [view.id])


def read_quarantine(request: receiving.ReadQuarantine, context: Context) -> receiving.QuarantineView:
    """Show a quarantine order."""
    found: receiving.QuarantineView = quarantine_viewer(context, find_quarantine(context, request.quarantine_order))({})
    return found


def list_quarantine(request: receiving.ListQuarantine, context: Context) -> Any:
    """Show a page of quarantine orders, newest first."""
    where, parameters = (" AND d.state <> 'deleted'", []) if request.state is None else (" AND d.state = ?", [request.state])
    if request.rma is not None:
        where += " AND EXISTS (SELECT 1 FROM returns_quarantine_order q WHERE q.document_id = d.id AND q.order_id = ?)"
        parameters = [*parameters, find_return(context, request.rma, seen=False).id]
    ids = _page_of("returns.quarantine_order", request, context, where, parameters)
    views = [quarantine_viewer(context, find_quarantine(context, i, seen=False))({}) for i in ids]
    return page(request, receiving.QuarantineView, views, lambda view: [view.id])
