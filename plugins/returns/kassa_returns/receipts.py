"""Goods without a receipt: what is paid back for them, whether a known purchase is offered first, who may allow it, and up to how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from kassa import (
    Context,
    Facts,
    Issue,
    Loader,
    Rule,
    SalesLine,
    SalesOrder,
    Store,
    add_days,
    evolve,
    format_scaled,
    lowest_prices,
    orders,
    product,
    round_half_up,
    store,
    today,
)
from kassa_returns.documents import TYPE
from kassa_returns.finding import purchases
from kassa_returns.messages import orders as messages

ALLOWED, CAP = "returns.without_receipt", "returns.exceed_cap"
RETURNED = (
    "SELECT coalesce(sum(l.total), 0) FROM sales_order_line l JOIN returns_line r ON r.line_id = l.id "
    "JOIN kernel_document d ON d.id = l.document_id JOIN sales_order o ON o.document_id = d.id WHERE d.legal_entity_id = ? "
    "AND o.customer_id = ? AND l.unreferenced AND r.state <> 'cancelled' AND d.business_date > ? AND d.id <> ?"
)


def priced(order: SalesOrder, context: Context, place: Store) -> SalesOrder:
    """Give lines without a receipt the lowest price of the last days where that is the policy; else the list prices them (P4)."""
    if context.setting("returns.unreferenced_price", store_id=place.id) != "lowest":
        return order
    unpriced = [line for line in order.lines if line.source is None and line.given_price is None and line.price_origin == "unpriced"]
    days = context.setting("returns.lowest_price_days", store_id=place.id)
    found = lowest_prices(context, place, [product(context, line.product_id) for line in unpriced], order.date, days) if unpriced else {}
    ids = {line.id for line in unpriced if line.product_id in found}
    lines = tuple(
        evolve(line, unit_price=found[line.product_id], price_origin="policy") if line.id in ids else line for line in order.lines
    )
    return evolve(order, lines=lines)


def offer(
    order: SalesOrder, lines: Sequence[SalesLine], asked: Sequence[messages.ReturnLineRequest], context: Context
) -> Iterable[Issue]:
    """Find purchases that new lines without a receipt may be of, before anything else is asked about them."""
    for line, request in zip(lines, asked, strict=True):
        if line.unreferenced:
            yield from _offered(order, line, request, context)


@attrs.frozen
class Accepted:
    """How much each line of a return order took back without a receipt before, by id of the line, without sign."""

    quantities: Mapping[str, int]


def load_accepted(read: Any, documents: Sequence[SalesOrder], context: Any) -> Mapping[str, Accepted]:
    """Load what return orders are that have lines without a receipt; one that is new is not there yet."""
    blind = [order.id for order in documents if order.type == TYPE and any(line.unreferenced for line in order.lines)]
    known = orders(context, blind) if blind else {}
    quantities = {order_id: {line.id: abs(line.quantity) for line in order.lines} for order_id, order in known.items()}
    return {order.id: Accepted(quantities.get(order.id, {})) for order in documents}


def check(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check lines without a receipt that are new or become more, whichever operation makes them so: the permission, and the cap.

    What another system took back is there already.
    """
    if order.type != TYPE or context.origin == "import":
        return
    before = facts.of(Accepted).quantities
    blind = [line for line in order.lines if line.unreferenced and not line.gone and abs(line.quantity) > before.get(line.id, 0)]
    if blind:
        yield from _allowed(order, ", ".join(str(line.number) for line in blind), f"/lines/{blind[0].number - 1}/source", context)
        yield from _capped(order, context)


def _allowed(order: SalesOrder, numbers: str, at: str, context: Context) -> Iterable[Issue]:
    """Find that goods come back without a receipt: somebody may allow it, and who may do it is warned, which marks it in the audit."""
    code, message = "RET_WITHOUT_RECEIPT", f"Line {numbers}: goods are taken back without the invoice of their sale."
    needed = context.approve_over(ALLOWED, None, code=code, message=message, pointer=at, store_id=order.store_id)
    yield from needed or (Issue(code=code, message=message, pointer=at, severity="warn"),)


def _offered(order: SalesOrder, line: SalesLine, request: messages.ReturnLineRequest, context: Context) -> Iterable[Issue]:
    """Find purchases that must be looked at before goods come back without a receipt."""
    if request.without_receipt or not context.setting("returns.look_alike_days", store_id=order.store_id):
        return
    found = [view for view in purchases(context, line.product_id, customer_id=order.customer_id) if view.returnable >= abs(line.quantity)]
    if found:
        told = ", ".join(f"{view.invoice} line {view.line}" for view in found[:5])
        message = f"Line {line.number}: the customer bought {line.product_number} lately: {told}. Name it, or say without_receipt."
        yield Issue(code="RET_PURCHASE_FOUND", message=message, pointer=f"/lines/{line.number - 1}/source", expected={"purchases": told})


def _capped(order: SalesOrder, context: Context) -> Iterable[Issue]:
    """Find that a customer returns more without a receipt in a period than the cap; somebody may allow it."""
    cap = _cap(order, context)
    if not cap:
        return
    place = store(context, order.store_id or "")
    days = context.setting("returns.unreferenced_cap_days", store_id=order.store_id)
    since = add_days(today(context, place), -days)
    before = -int(context.read.value(RETURNED, (order.legal_entity_id, order.customer_id, since, order.id)) or 0)
    now = -sum(line.total for line in order.lines if line.unreferenced and not line.gone)
    if before + now > cap:
        told = [format_scaled(amount, order.exponent) for amount in (now, before, cap)]
        message = f"{told[0]} without a receipt, after {told[1]} in the last {days} days; the customer may return {told[2]} so."
        at = "/customer"
        needed = context.approve_over(CAP, None, code="RET_CAP_EXCEEDED", message=message, pointer=at, store_id=order.store_id, document=order.id)
        yield from needed or (Issue(code="RET_CAP_EXCEEDED", message=message, pointer=at, severity="warn", got=told[0]),)


def _cap(order: SalesOrder, context: Context) -> int:
    """Give the cap in minor units of the order's currency; 0 is none."""
    hundredths: int = context.setting("returns.unreferenced_cap", store_id=order.store_id)
    return round_half_up(hundredths * 10**order.exponent, 100)


RULES = (
    Loader(name="returns.accepted", facts=Accepted, load=load_accepted, kind="order", transition="create"),
    Rule(name="returns.check_receipts", kind="order", transition="create", stage="check", run=check,
        summary="Goods without a receipt come back by permission, up to the cap."),
)  # fmt: skip
