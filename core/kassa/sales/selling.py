"""Selling: the cash-and-carry sale, one operation, one plan, one commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.operations import Result
from kassa.org import facts as org
from kassa.sales.delivering import after_delivery, packing_slip_of
from kassa.sales.documents import SalesOrder
from kassa.sales.invoicing import invoice_of
from kassa.sales.messages import Sell, TenderRequest
from kassa.sales.ordering import build_order, follow
from kassa.sales.paying import pay
from kassa.sales.posting import as_correction, raise_nothing
from kassa.sales.views import sale_view


def sell(command: Sell, context: Any) -> Result:
    """Sell and hand over: order, packing slip, invoice (or credit note) and payments of one sale."""
    store = org.acting_store(context, command.store)
    draft, customer = build_order(command, context, store)
    return hand_over(draft, customer.number if customer is not None else None, command.payments, context)


def hand_over(draft: SalesOrder, number: str | None, tenders: Sequence[TenderRequest], context: Any) -> Result:
    """Sell what a draft says, to the customer of a number: confirm, deliver, invoice, take the payments."""
    (order,) = context.step("order", "create", [draft])
    slip = packing_slip_of(context, order)
    delivered = order
    if slip is not None:
        (slip,) = context.step("packing_slip", "post", [slip])
        delivered = after_delivery(order, slip)
    invoice = invoice_of([delivered])
    if invoice is None:
        raise_nothing(context, order, "INV_NOTHING_TO_POST", "Nothing of this sale can be invoiced.")
    (invoice,) = context.step("invoice", "post", [as_correction(invoice, context)])
    follow(context, delivered, invoice)
    paid, change = pay(tenders, invoice, order, context)
    return Result(view=lambda numbers: sale_view(order, slip, invoice, paid, change, number, numbers), document_id=order.id, version=1)
