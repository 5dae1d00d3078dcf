"""Selling: what is ordered is handed over, invoiced and paid in one plan; the cash-and-carry sale is all of that at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from kassa.kernel.frozen import evolve
from kassa.kernel.operations import Result
from kassa.kernel.values import Minor, Thousandths
from kassa.org import facts as org
from kassa.org.documents import Store
from kassa.payments.documents import Payment
from kassa.sales.charging import parts_of
from kassa.sales.delivering import after_delivery, packing_slip_of
from kassa.sales.deposits import with_deposits
from kassa.sales.documents import Invoice, PackingSlip, SalesOrder
from kassa.sales.invoicing import invoice_of
from kassa.sales.messages import Sell, TenderRequest
from kassa.sales.ordering import build_order, follow
from kassa.sales.paying import pay
from kassa.sales.posting import as_correction, check_customers, dated, held_lines, raise_nothing
from kassa.sales.treating import treated
from kassa.sales.views import sale_view


@attrs.frozen(kw_only=True)
class HandedOver:
    """What handing over made: the order as it is then, the packing slip where goods moved, the invoice, payments, and the change."""

    order: SalesOrder
    slip: PackingSlip | None
    invoice: Invoice
    payments: Sequence[Payment]
    change: Minor


def sell(command: Sell, context: Any) -> Result:
    """Sell and hand over: order, packing slip, invoice (or credit note) and payments of one sale."""
    store = org.acting_store(context, command.store)
    draft, customer = build_order(command, context, store)
    return sold(draft, customer.number if customer is not None else None, command.payments, context)


def sold(draft: SalesOrder, number: str | None, tenders: Sequence[TenderRequest], context: Any) -> Result:
    """Sell what a draft says, to the customer of a number: confirm, deliver, invoice, take the payments."""
    (order,) = context.step("order", "create", [draft])
    made = _hand_over(context, order, tenders, None, None)
    view = (order, made.slip, made.invoice, made.payments, made.change, number)
    return Result(view=lambda numbers: sale_view(*view, numbers), document_id=order.id, version=1)


def hand_over(
    context: Any,
    order: SalesOrder,
    tenders: Sequence[TenderRequest] = (),
    *,
    quantities: Mapping[int, Thousandths] | None = None,
    place: Store | None = None,
    date: str | None = None,
) -> HandedOver:
    """Plan that goods of a confirmed order leave or come back, are invoiced, and are paid: all that is left, or some of it.

    `quantities` are thousandths without sign by number of line. Deposits of the order count; the tenders pay the rest, in the
    drawer of `place`, else of the order's store. Without a `date` an order that this plan made keeps its own, and others get today's.
    Raises Refused where nothing can be invoiced, where lines are held, or where the tenders do not come to what is due.
    """
    check_customers([order], context)
    today = dated(order, date or (order.date if order.id in context.plan.documents else None), context)
    return _hand_over(context, today, tenders, quantities, place)


def _hand_over(
    context: Any, order: SalesOrder, tenders: Sequence[TenderRequest], quantities: Mapping[int, Thousandths] | None, place: Store | None
) -> HandedOver:
    order = treated(order, context)
    if context.registry.decisions["eligible"]:
        for transition in ("packing_slip", "invoice"):
            held_lines(order, quantities if quantities is not None else _all(order), context, transition, batch=False)
    slip = packing_slip_of(context, order, quantities)
    delivered = order
    if slip is not None:
        (slip,) = context.step("packing_slip", "post", [slip])
        delivered = after_delivery(order, slip)
    invoice = _invoice(delivered, quantities, context)
    (invoice,) = context.step("invoice", "post", [invoice])
    after = follow(context, delivered, invoice)
    till = order if place is None else evolve(order, store_id=place.id, store_number=place.number, register=context.actor.register or place.number)
    paid, change = pay(tenders, invoice, till, context)
    return HandedOver(order=after, slip=slip, invoice=invoice, payments=paid, change=change)


def _all(order: SalesOrder) -> dict[int, Thousandths]:
    return {line.number: line.deliverable for line in order.lines}


def _invoice(order: SalesOrder, quantities: Mapping[int, Thousandths] | None, context: Any) -> Invoice:
    """Make the invoice of what was handed over, less what it takes of deposits."""
    chosen = None if quantities is None else {(order.id, number): quantity for number, quantity in quantities.items()}
    invoice = invoice_of([order], chosen, parts=parts_of(context, [order], chosen))
    if invoice is None:
        raise_nothing(context, order, "INV_NOTHING_TO_POST", "Nothing of this sale can be invoiced.")
    return with_deposits(as_correction(invoice, context), [order], {}, context)
