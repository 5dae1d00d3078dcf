"""Posting orders step by step: create, packing slip, invoices; singly or many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from kassa.kernel.checks import check_plan
from kassa.kernel.errors import Issue, Severity
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import numbers_of
from kassa.kernel.operations import Result
from kassa.kernel.stages import Facts
from kassa.org import facts as org
from kassa.parties import facts as parties
from kassa.sales import facts
from kassa.sales.charging import parts_of
from kassa.sales.delivering import after_delivery, packing_slip_of
from kassa.sales.deposits import with_deposits
from kassa.sales.documents import Invoice, SalesLine, SalesOrder
from kassa.sales.gates import DELIVERING, INVOICING
from kassa.sales.invoicing import invoice_of
from kassa.sales.messages import CreateOrder, InvoiceSelection, InvoicesView, LineQuantity, PostInvoices, PostPackingSlip
from kassa.sales.ordering import blocked_customers, build_order, follow, quantities_of
from kassa.sales.reviewing import check_edits, reviewed
from kassa.sales.settling import settled
from kassa.sales.treating import treated
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
    asked = quantities_of(command.lines)
    order = treated(order, context)
    context.gate("order", DELIVERING, [order])
    held = held_lines(order, asked, context, "packing_slip", batch=False)
    slip = packing_slip_of(context, order, _without(held, order, asked))
    if slip is None:
        raise_nothing(context, order, "SALES_QUANTITY_EXCEEDS_OPEN", "Nothing of this order is left to deliver.")
    (slip,) = context.step("packing_slip", "post", [slip])
    follow(context, after_delivery(order, slip))
    order_number = numbers_of(context.read, [order_id]).get(order_id, command.order)
    return Result(view=lambda numbers: packing_slip_view(slip, order_number, numbers), document_id=slip.id, version=1)


def post_invoices(command: PostInvoices, context: Any) -> Result:
    """Invoice the chosen orders: one document each, or one for all of a customer (INV-02, INV-07, INV-11).

    What is planned is answered and left undone where `posting` is off: a pro forma (INV-06).
    """
    ids = [facts.find_document(context, "order", chosen.order) for chosen in command.orders]
    orders = facts.orders(context, ids)
    _check_selection(command, ids, orders, context)
    context.gate("order", INVOICING, [orders[order_id] for order_id in ids])
    if command.correction is not None:
        check_edits(context, "/correction")
    invoices: list[Invoice] = []
    if command.together:
        _one_party([orders[order_id] for order_id in ids], context)
        invoices.append(invoice_orders([(orders[i], c) for i, c in zip(ids, command.orders, strict=True)], command, context))
    else:
        for order_id, chosen in zip(ids, command.orders, strict=True):
            invoices.append(invoice_orders([(orders[order_id], chosen)], command, context))
    if not command.posting:
        check_plan(context)
        context.plan.discard()
        return Result(view=lambda numbers: InvoicesView(invoices=tuple(invoice_view(i, {}) for i in invoices), posted=False))
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
    check_customers([order for order, _ in chosen], context, batch=batch)
    ready: list[SalesOrder] = []
    quantities: dict[tuple[str, int], int] = {}
    for place, (order, selection) in enumerate(chosen):
        asked = quantities_of(selection.lines)
        current = treated(dated(order, command.date, context), context)
        current = reviewed(current, selection.charges, context, f"/orders/{place}/charges")
        held = held_lines(current, asked, context, "invoice", batch=batch)
        if command.quantity_basis == "all":
            current = _deliver_rest(current, _without(held, current, asked), context)
        ready.append(current)
        for line in current.lines:
            if line.number not in held and (asked is None or line.number in asked):
                quantities[order.id, line.number] = line.invoiceable if asked is None else asked[line.number]
    parts = parts_of(context, ready, quantities)
    invoice = invoice_of(ready, quantities, correction=bool(command.correction), due_date=command.due_date, parts=parts)
    if invoice is None or (batch and not invoice.lines and any(not _billed(line) for order in ready for line in order.lines)):
        message = "Nothing of this order can be invoiced: nothing was delivered that is not invoiced yet."
        raise_nothing(context, ready[0], "INV_NOTHING_TO_POST", message, severity="skip" if batch else "refuse")
    if command.correction is None:
        invoice = as_correction(invoice, context)
    wanted = {order.id: (selection.deposit, f"/orders/{place}/deposit") for place, (order, selection) in enumerate(chosen)}
    invoice = with_deposits(invoice, ready, wanted, context)
    (posted,) = context.step("invoice", "post", [settled(invoice, command, context)])
    for order in ready:
        follow(context, order, posted)
    result: Invoice = posted
    return result


def as_correction(invoice: Invoice, context: Any) -> Invoice:
    """Make a credit note a correction where the setting says that they are (INV-12)."""
    if invoice.type != "credit_note" or not context.setting("sales.credit_note_as_correction"):
        return invoice
    return evolve(invoice, correction=True)


def _billed(line: SalesLine) -> bool:
    return line.counters.invoiced + line.counters.cancelled >= abs(line.quantity)


def _without(held: set[int], order: SalesOrder, asked: Mapping[int, int] | None) -> Mapping[int, int] | None:
    """Take lines that are passed over out of a choice of quantities; None stays: all that is left."""
    if not held:
        return asked
    wanted = {line.number: line.deliverable for line in order.lines} if asked is None else asked
    return {number: quantity for number, quantity in wanted.items() if number not in held}


def check_customers(orders: Sequence[SalesOrder], context: Any, *, batch: bool = False) -> None:
    """Stop where a customer, or who gets the invoice, was blocked since the order was made."""
    ids = {found for order in orders if order.customer_id is not None for found in (order.customer_id, order.party_id)}
    issues = blocked_customers(parties.customers(context, sorted(ids)).values(), "/orders")
    context.refuse([evolve(issue, severity="skip") for issue in issues] if batch else issues)


def _deliver_rest(order: SalesOrder, asked: Mapping[int, int] | None, context: Any) -> SalesOrder:
    wanted = None if asked is None else {line.number: max(0, asked.get(line.number, 0) - line.invoiceable) for line in order.lines}
    slip = packing_slip_of(context, order, wanted)
    if slip is None:
        return order
    context.gate("order", DELIVERING, [order])
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


def held_lines(order: SalesOrder, asked: Mapping[int, int] | None, context: Any, transition: str, *, batch: bool) -> set[int]:
    """Tell which lines are passed over now, and warn of each with its reason (INV-04, INV-10).

    A reason that refuses holds the whole order back. So does one that only skips where its line was asked for by name, or where
    no other line is left; in a batch the order is then skipped.
    """
    findings: Mapping[str, Issue] = context.decide("eligible", order, Facts(), transition, batch)
    lines = [line for line in order.lines if line.id in findings and not _billed(line) and (asked is None or line.number in asked)]
    reasons = [evolve(findings[line.id], document=order.id) for line in lines]
    context.refuse([reason for reason in reasons if reason.severity == "refuse"])
    held = {line.number for line in lines}
    left = any(not _billed(line) for line in order.lines if line.number not in held and (asked is None or line.number in asked))
    if reasons and (asked is not None or not left):
        context.refuse([evolve(reason, severity="skip" if batch else "refuse") for reason in reasons])
    context.refuse([evolve(reason, severity="warn") for reason in reasons])
    return held


def _one_party(orders: Sequence[SalesOrder], context: Any) -> None:
    if len({(order.party_type, order.party_id, order.currency) for order in orders}) > 1:
        message = "These orders belong to several customers or currencies; one invoice has one of each."
        context.refuse([Issue(code="INV_PARTY_MIXED", message=message, pointer="/orders")])


def customer_number(context: Any, order: SalesOrder) -> str | None:
    """Give the number of an order's customer."""
    return parties.customer(context, order.customer_id).number if order.customer_id is not None else None
