"""Amending confirmed orders in one step each: charges added, changed and removed, lines cancelled, the whole order cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import numbers_of
from kassa.kernel.operations import Result
from kassa.kernel.values import format_quantity
from kassa.org import facts as org
from kassa.org.editing import check_seen
from kassa.payments.documents import Payment
from kassa.payments.listing import posted_view
from kassa.sales import facts, gates, messages
from kassa.sales.changing import calculated, change_order, ended, moved_on, reduced, rewrite, with_borne_discount
from kassa.sales.depositing import give_back, move_deposit
from kassa.sales.deposits import left_of, with_deposits
from kassa.sales.documents import Charge, ChargeOrigin, Invoice, SalesOrder
from kassa.sales.invoicing import invoice_of
from kassa.sales.ordering import charge_of, follow, minor
from kassa.sales.posting import customer_number, dated
from kassa.sales.reasons import check_reason
from kassa.sales.views import invoice_view, order_view

OVERRIDE = "sales.override_charge"


def add_charges(command: messages.AddCharges, context: Any) -> Result:
    """Add charges to an order once; no later calculation removes them."""
    order = _order(command.order, context)
    context.refuse(check_reason(context, "charge_override", command.reason, "/reason", store_id=order.store_id) if command.reason else ())
    charges = _charges(order, command.charges, context, origin="act", reason=command.reason)
    return _changed(context, order, evolve(order, charges=(*order.charges, *charges)), "sales.add_charges", command.reason)


def change_charge(command: messages.ChangeCharge, context: Any) -> Result:
    """Give a charge another amount by hand; a derived one is marked as overridden and kept until it is calculated anew (CO-24)."""
    order = _order(command.order, context)
    charge = _charge(order, command.charge)
    issues: list[Issue] = []
    amount = minor(command.amount, order.exponent, "/amount", issues)
    issues += check_reason(context, "charge_override", command.reason, "/reason", store_id=order.store_id)
    context.refuse([*issues, *_billed(charge)])
    changed = evolve(charge, amount=amount, overridden=True, reason=command.reason)
    context.refuse(_unpermitted(changed, order, context))
    charges = tuple(changed if known.number == charge.number else known for known in order.charges)
    return _changed(context, order, evolve(order, charges=charges), "sales.change_charge", command.reason)


def remove_charge(command: messages.ChargeOfOrder, context: Any) -> Result:
    """Take a charge off an order; one that is billed in part ends there."""
    order = _order(command.order, context)
    charge = _charge(order, command.charge)
    if charge.origin == "derived":
        context.refuse(_unpermitted(charge, order, context))
    kept = (ended(known) if known.number == charge.number else known for known in order.charges)
    charges = tuple(known for known in kept if known.number != charge.number or known.invoiced)
    return _changed(context, order, evolve(order, charges=charges), "sales.remove_charge", None)


def cancel_lines(command: messages.CancelLines, context: Any) -> Result:
    """Cancel what is open of lines; the order comes to what is left (CO-46)."""
    order = _order(command.order, context)
    context.gate("order", ("cancel_part",), [order])
    context.refuse([*_misnamed(order, command), *check_reason(context, "order_change", command.reason, "/reason", store_id=order.store_id)])
    asked = {line.line: line.quantity for line in command.lines}
    lines = tuple(
        reduced(line, abs(line.quantity) - (asked[line.number] or gates.open_quantity(line))) if line.number in asked else line for line in order.lines
    )
    return _changed(context, order, with_borne_discount(evolve(order, lines=lines)), "sales.cancel_lines", command.reason)


def cancel_order(command: messages.CancelOrder, context: Any) -> Result:
    """Cancel all that is open of an order; what was invoiced stays (CO-46).

    What the cancellation costs is invoiced and takes from the deposits of the order; the rest of them is given back or kept.
    """
    order = _order(command.order, context)
    context.gate("order", gates.CANCELLING, [order])
    context.refuse(check_reason(context, "order_cancellation", command.reason, "/reason", store_id=order.store_id))
    lines = tuple(line if line.gone else reduced(line, line.counters.invoiced) for line in order.lines)
    kept = tuple(ended(charge) for charge in order.charges if charge.invoiced)
    added = _charges(order, command.charges, context, origin="act", reason=command.reason)
    after, issues = calculated(context, order, with_borne_discount(evolve(order, lines=lines, charges=(*kept, *added))))
    context.refuse(issues)
    changed = rewrite(context, order, after, act="sales.cancel_order", reason=command.reason)
    invoice = _bill_cancellation(changed, command.date, context) if added else None
    payments = _clear_deposits(changed, command, context)
    changed = _ended(changed, invoice, context)
    numbers_before, customer = numbers_of(context.read, [order.id]), customer_number(context, order)
    shown = evolve(changed, version=order.version + 1)

    def view(numbers: Any) -> messages.CancellationView:
        billed = invoice_view(invoice, numbers) if invoice is not None else None
        number = numbers_before.get(order.id)
        paid = tuple(posted_view(payment, customer, (), numbers, order=number) for payment in payments)
        return messages.CancellationView(order=order_view(shown, customer, number), invoice=billed, payments=paid)

    return Result(view=view, document_id=order.id, version=shown.version)


def _bill_cancellation(order: SalesOrder, date: str | None, context: Any) -> Invoice | None:
    """Invoice what is charged for a cancellation; deposits of the order pay it as far as they reach (E3, E4)."""
    invoice = invoice_of([dated(order, date, context)])
    if invoice is None:
        return None
    (posted,) = context.step("invoice", "post", [with_deposits(invoice, [order], {}, context)])
    billed: Invoice = posted
    return billed


def _clear_deposits(order: SalesOrder, command: messages.CancelOrder, context: Any) -> list[Payment]:
    """Give deposits of a cancelled order back as it was asked, and keep the rest where it was asked."""
    if not (command.refunds or command.forfeit):
        return []
    place = org.acting_store(context, context.actor.store_id or order.store_id)
    today = dated(order, command.date, context)
    payments = give_back(today, place, command.refunds, "/refunds", context)
    left = left_of(order, context)
    if command.forfeit and left:
        move_deposit(today, place, left, None, None, context)
    return payments


def _ended(order: SalesOrder, invoice: Invoice | None, context: Any) -> SalesOrder:
    """Let an order whose open lines are cancelled follow, after what the cancellation costs was invoiced."""
    if invoice is None:
        return moved_on(context, order)
    if not all(line.gone for line in order.lines):
        return follow(context, order, invoice)
    (over,) = context.step("order", "cancel", [order], gates=False)
    cancelled: SalesOrder = over
    return cancelled


def _order(reference: str, context: Any) -> SalesOrder:
    """Read an order that shall change; PreconditionFailed where the caller saw another version of it."""
    order_id = facts.find_document(context, "order", reference)
    order = facts.orders(context, [order_id])[order_id]
    check_seen(context, f"The order {reference}", order.version)
    return order


def _charge(order: SalesOrder, reference: str) -> Charge:
    for charge in order.charges:
        if str(charge.number) == reference:
            return charge
    raise NotFound("charge", reference)


def _charges(
    order: SalesOrder, asked: Sequence[messages.ChargeRequest], context: Any, *, origin: ChargeOrigin, reason: str | None
) -> list[Charge]:
    """Make charges that a request adds to an order, numbered behind those that are there."""
    store = facts.selling_store(context, order)
    start = max((charge.number for charge in order.charges), default=0)
    issues: list[Issue] = []
    made = [charge_of(request, start + n, f"/charges/{n - 1}", store, context, issues) for n, request in enumerate(asked, 1)]
    context.refuse(issues)
    return [evolve(charge, origin=origin, rule=context.operation.name, reason=reason) for charge in made]


def _changed(context: Any, order: SalesOrder, wanted: SalesOrder, act: str, reason: str | None) -> Result:
    """Calculate and plan a change of an order, and show it as it will be."""
    changed = evolve(change_order(context, order, wanted, act=act, reason=reason), version=order.version + 1)
    number, customer = numbers_of(context.read, [order.id]).get(order.id), customer_number(context, order)
    return Result(view=lambda numbers: order_view(changed, customer, number), document_id=order.id, version=changed.version)


def _billed(charge: Charge) -> Iterable[Issue]:
    if charge.invoiced:
        message = f"The charge {charge.code} is billed already, at least in part; it can only end there. Remove it to end it."
        yield Issue(code="SALES_CHARGE_INVOICED", message=message, pointer="/charge", got=charge.code)


def _unpermitted(charge: Charge, order: SalesOrder, context: Any) -> Iterable[Issue]:
    """Find that somebody changes a charge that a rule derived without the permission to."""
    if charge.origin == "derived" and not context.actor.may(OVERRIDE):
        message = f"The charge {charge.code} follows from a rule; you may not change it."
        yield Issue(
            code="SALES_CHARGE_OVERRIDE", message=message, pointer="/charge", severity="approvable", permission=OVERRIDE, got=charge.code
        )


def _misnamed(order: SalesOrder, command: messages.CancelLines) -> Iterable[Issue]:
    """Find lines that the order does not have, that stand there twice, or that have less left than shall be cancelled."""
    lines = {line.number: line for line in order.lines}
    seen: set[int] = set()
    for place, asked in enumerate(command.lines):
        line, at = lines.get(asked.line), f"/lines/{place}"
        if line is None:
            message = f"The order has no line {asked.line}."
            yield Issue(code="SALES_LINE_UNKNOWN", message=message, pointer=f"{at}/line", got=str(asked.line))
        elif asked.line in seen:
            message = f"Line {asked.line} stands here twice. Give it once, with the whole quantity."
            yield Issue(code="SALES_NAMED_TWICE", message=message, pointer=f"{at}/line", got=str(asked.line))
        elif not 0 < (asked.quantity or gates.open_quantity(line)) <= gates.open_quantity(line):
            left = format_quantity(gates.open_quantity(line))
            message = f"Line {asked.line}: {left} are open; the rest was delivered, invoiced or cancelled."
            yield Issue(code="SALES_QUANTITY_EXCEEDS_OPEN", message=message, pointer=f"{at}/quantity", expected={"open": left})
        seen.add(asked.line)


OPERATIONS = (
    Operation(
        name="sales.add_charges",
        summary="Add charges to an order",
        description="They are added once: no later calculation takes them away or repeats them.",
        effect="post",
        http=Http(method="POST", path="/orders/{order}/charges", status=201),
        request=messages.AddCharges,
        response=messages.OrderView,
        permission="sales.change_order",
        handler=add_charges,
        on="order",
        steps=("order.change",),
        rules=("RET-18", "RET-19", "RET-20", "RET-21", "CO-20"),
        example={"order": "SO-S001-000001", "charges": [{"code": "freight", "amount": "4.95"}]},
    ),
    Operation(
        name="sales.change_charge",
        summary="Change the amount of a charge",
        description="A charge that follows from a rule is kept as it was set until the order is calculated anew.",
        effect="edit",
        http=Http(method="PATCH", path="/orders/{order}/charges/{charge}"),
        request=messages.ChangeCharge,
        response=messages.OrderView,
        permission="sales.change_order",
        handler=change_charge,
        on="order",
        steps=("order.change",),
        rules=("CO-24",),
        example={"order": "SO-S001-000001", "charge": "1", "amount": "2.50"},
    ),
    Operation(
        name="sales.remove_charge",
        summary="Remove a charge from an order",
        description="What was billed of it stays; the rest is not billed any more.",
        effect="edit",
        http=Http(method="DELETE", path="/orders/{order}/charges/{charge}"),
        request=messages.ChargeOfOrder,
        response=messages.OrderView,
        permission="sales.change_order",
        handler=remove_charge,
        on="order",
        steps=("order.change",),
        example={"order": "SO-S001-000001", "charge": "1"},
    ),
    Operation(
        name="sales.cancel_lines",
        summary="Cancel lines of an order",
        description="Cancels what was neither delivered nor invoiced, all of it or a quantity; the order then comes to what is left.",
        effect="post",
        http=Http(method="POST", path="/orders/{order}/line-cancellations"),
        request=messages.CancelLines,
        response=messages.OrderView,
        permission="sales.change_order",
        handler=cancel_lines,
        on="order",
        steps=("order.cancel_part", "order.change"),
        rules=("CO-46",),
        example={"order": "SO-S001-000001", "lines": [{"line": 1}]},
    ),
    Operation(
        name="sales.cancel_order",
        summary="Cancel an order",
        description="Cancels all that is open and lets go what is kept of it in stock; what was invoiced stays. Charges for the cancellation are "
        "invoiced at once and take from the deposits of the order; what is then left of these has to be refunded or forfeited with it.",
        effect="post",
        http=Http(method="POST", path="/orders/{order}/cancellation"),
        request=messages.CancelOrder,
        response=messages.CancellationView,
        permission="sales.cancel_order",
        handler=cancel_order,
        on="order",
        steps=("order.cancel", "order.change", "invoice.post"),
        rules=("CO-41", "CO-42", "CO-46"),
        example={"order": "SO-S001-000001"},
    ),
)
