"""Posting orders step by step: create, packing slip, invoices; singly or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from kassa.kernel.errors import Issue, Severity
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import numbers_of
from kassa.kernel.operations import Result
from kassa.kernel.stages import Facts
from kassa.org import facts as org
from kassa.parties import facts as parties
from kassa.sales import facts
from kassa.sales.delivering import after_delivery, packing_slip_of
from kassa.sales.documents import Invoice, SalesOrder
from kassa.sales.invoicing import invoice_of
from kassa.sales.messages import CreateOrder, InvoiceSelection, InvoicesView, LineQuantity, PostInvoices, PostPackingSlip
from kassa.sales.ordering import blocked_customers, build_order, follow, quantities_of
from kassa.sales.views import invoice_view, order_view, packing_slip_view


def create_order(command: CreateOrder, context: Any) -> Result:
    """Confirm an order."""
    store = org.acting_store(context, command.store)
    draft, customer = build_order(command, context, store)
    (order,) = context.step("order", "create", [draft])
    number = customer.number if customer is not None else None
    return Result(view=lambda numbers: order_view(order, number, numbers.get(order.id)), document_id=order.id, version=1)


def post_packing_slip(command: PostPackingSlip, context: Any) -> Result:
    """Post a packing slip of an order, of all that is left or of chosen quantities."""
    order_id = facts.find_document(context, "order", command.order)
    order = dated(facts.orders(context, [order_id])[order_id], command.date, context)
    context.refuse(misnamed_lines(order, command.lines or (), "/lines"))
    slip = packing_slip_of(context, order, quantities_of(command.lines))
    if slip is None:
        raise_nothing(context, order, "SALES_QUANTITY_EXCEEDS_OPEN", "Nothing of this order is left to deliver.")
    (slip,) = context.step("packing_slip", "post", [slip])
    follow(context, after_delivery(order, slip))
    order_number = numbers_of(context.read, [order_id]).get(order_id, command.order)
    return Result(view=lambda numbers: packing_slip_view(slip, order_number, numbers), document_id=slip.id, version=1)


def post_invoices(command: PostInvoices, context: Any) -> Result:
    """Invoice the chosen orders: one document each, or one for all of a customer (INV-02, INV-07, INV-11)."""
    ids = [facts.find_document(context, "order", chosen.order) for chosen in command.orders]
    orders = facts.orders(context, ids)
    _check_selection(command, ids, orders, context)
    invoices: list[Invoice] = []
    if command.together:
        _one_party([orders[order_id] for order_id in ids], context)
        invoices.append(invoice_orders([(orders[i], c) for i, c in zip(ids, command.orders, strict=True)], command, context))
    else:
        for order_id, chosen in zip(ids, command.orders, strict=True):
            invoices.append(invoice_orders([(orders[order_id], chosen)], command, context))
    first = invoices[0].id if len(invoices) == 1 else None
    return Result(
        view=lambda numbers: InvoicesView(invoices=tuple(invoice_view(i, numbers) for i in invoices)), document_id=first, version=1
    )


def invoice_orders(
    chosen: Sequence[tuple[SalesOrder, InvoiceSelection]], command: PostInvoices, context: Any, *, batch: bool = False
) -> Invoice:
    """Post one invoice over orders; with basis `all` what is not delivered yet is delivered first (INV-08).

    In a batch, lines that are not eligible are passed over, and an order without any eligible line is skipped with the reason.
    """
    _check_customers([order for order, _ in chosen], context, batch=batch)
    ready: list[SalesOrder] = []
    quantities: dict[tuple[str, int], int] = {}
    narrowed = False
    for order, selection in chosen:
        asked = quantities_of(selection.lines)
        current = dated(order, command.date, context)
        if command.quantity_basis == "all":
            current = _deliver_rest(current, asked, context)
        ready.append(current)
        held = held_lines(current, asked, context, batch=batch)
        narrowed = narrowed or asked is not None or bool(held)
        for line in current.lines:
            if line.number not in held and (asked is None or line.number in asked):
                quantities[order.id, line.number] = line.invoiceable if asked is None else asked[line.number]
    invoice = invoice_of(ready, quantities if narrowed else None, correction=command.correction, due_date=command.due_date)
    if invoice is None or (batch and not invoice.lines):
        message = "Nothing of this order can be invoiced: nothing was delivered that is not invoiced yet."
        raise_nothing(context, ready[0], "INV_NOTHING_TO_POST", message, severity="skip" if batch else "refuse")
    (posted,) = context.step("invoice", "post", [invoice])
    for order in ready:
        follow(context, order, posted)
    result: Invoice = posted
    return result


def _check_customers(orders: Sequence[SalesOrder], context: Any, *, batch: bool) -> None:
    """Stop where a customer, or who gets the invoice, was blocked since the order was made."""
    ids = {found for order in orders if order.customer_id is not None for found in (order.customer_id, order.party_id)}
    issues = blocked_customers(context, sorted(ids), "/orders")
    context.refuse([evolve(issue, severity="skip") for issue in issues] if batch else issues)


def _deliver_rest(order: SalesOrder, asked: Mapping[int, int] | None, context: Any) -> SalesOrder:
    wanted = None if asked is None else {line.number: max(0, asked.get(line.number, 0) - line.invoiceable) for line in order.lines}
    slip = packing_slip_of(context, order, wanted)
    if slip is None:
        return order
    (slip,) = context.step("packing_slip", "post", [slip])
    return after_delivery(order, slip)


def dated(order: SalesOrder, date: str | None, context: Any) -> SalesOrder:
    """Give what is made of an order the asked business date, else today in the zone of its store."""
    store = org.store(context, order.store_id or "")
    return evolve(order, date=date or org.business_date(context, store, context.now), occurred_at=context.now)


def _check_selection(command: PostInvoices, ids: Sequence[str], orders: Mapping[str, SalesOrder], context: Any) -> None:
    """Refuse an order that is named twice, by whatever keys, and line numbers that an order does not have."""
    issues: list[Issue] = []
    for place, (order_id, chosen) in enumerate(zip(ids, command.orders, strict=True)):
        if order_id in ids[:place]:
            message = f"{chosen.order} is the same order as {command.orders[ids.index(order_id)].order}. Name it once."
            issues.append(Issue(code="SALES_NAMED_TWICE", message=message, pointer=f"/orders/{place}/order", got=chosen.order))
        issues += misnamed_lines(orders[order_id], chosen.lines or (), f"/orders/{place}/lines")
    context.refuse(issues)


def misnamed_lines(order: SalesOrder, chosen: Sequence[LineQuantity], pointer: str) -> Iterable[Issue]:
    """Find line numbers that the order does not have, and those that stand there twice."""
    known = {line.number for line in order.lines}
    seen: set[int] = set()
    for place, asked in enumerate(chosen):
        at = f"{pointer}/{place}/line"
        if asked.line not in known:
            message = f"The order has no line {asked.line}; its lines are 1 to {len(known)}."
            yield Issue(code="SALES_LINE_UNKNOWN", message=message, pointer=at, got=str(asked.line))
        elif asked.line in seen:
            message = f"Line {asked.line} stands here twice. Give it once, with the whole quantity."
            yield Issue(code="SALES_NAMED_TWICE", message=message, pointer=at, got=str(asked.line))
        seen.add(asked.line)


def raise_nothing(context: Any, order: SalesOrder, code: str, message: str, severity: Severity = "refuse") -> NoReturn:
    """Refuse because there is nothing to do."""
    raise_issues(context, [Issue(code=code, message=message, pointer="/order", got=order.state, document=order.id, severity=severity)])


def raise_issues(context: Any, issues: Sequence[Issue]) -> NoReturn:
    """Stop planning with issues that refuse."""
    context.refuse(issues)
    raise AssertionError("issues that refuse stop the planning")


def held_lines(order: SalesOrder, asked: Mapping[int, int] | None, context: Any, *, batch: bool) -> set[int]:
    """Tell which lines may not be invoiced now; interactively that is a refusal where such a line is to be invoiced.

    In a batch an order none of whose lines is left is skipped with the reasons.
    """
    findings: Mapping[str, Issue] = context.decide("eligible", order, Facts(), "invoice", batch)
    wanted = [line for line in order.lines if line.id in findings and (asked is None or line.number in asked)]
    if not wanted:
        return set()
    reasons = [evolve(findings[line.id], document=order.id) for line in wanted]
    if not batch:
        context.refuse(reasons)
    elif not any(line.invoiceable for line in order.lines if line.id not in findings):
        context.refuse([evolve(reason, severity="skip") for reason in reasons])
    return {line.number for line in wanted}


def _one_party(orders: Sequence[SalesOrder], context: Any) -> None:
    if len({(order.party_type, order.party_id, order.currency) for order in orders}) > 1:
        message = "These orders belong to several customers or currencies; one invoice has one of each."
        context.refuse([Issue(code="INV_PARTY_MIXED", message=message, pointer="/orders")])


def customer_number(context: Any, order: SalesOrder) -> str | None:
    """Give the number of an order's customer."""
    return parties.customer(context, order.customer_id).number if order.customer_id is not None else None
