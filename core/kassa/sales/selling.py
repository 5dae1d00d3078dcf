"""Selling: the cash-and-carry sale, one operation, one plan, one commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.values import Minor, format_scaled, new_id
from kassa.org import facts as org
from kassa.payments.documents import Payment, SettledItem, TenderType
from kassa.sales.delivering import after_delivery, packing_slip_of
from kassa.sales.documents import Invoice, SalesOrder
from kassa.sales.invoicing import invoice_of
from kassa.sales.messages import Sell, TenderRequest
from kassa.sales.ordering import build_order, follow, minor
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
    payments, change = _payments(tenders, invoice, order, context)
    paid = context.step("payment", "post", payments) if payments else []
    return Result(view=lambda numbers: sale_view(order, slip, invoice, paid, change, number, numbers), document_id=order.id, version=1)


def _payments(asked: Sequence[TenderRequest], invoice: Invoice, order: SalesOrder, context: Any) -> tuple[list[Payment], Minor]:
    """Make the payments of a sale; what exceeds the total is change, which only some tenders give.

    What is on a customer's account may be paid (or paid out) in part or not at all; what is nobody's is settled in full.
    """
    issues: list[Issue] = []
    places, total = order.exponent, invoice.total
    amounts = [minor(tender.amount, places, f"/payments/{place}/amount", issues) for place, tender in enumerate(asked)]
    issues += [*_unknown_tenders(asked, context), *_wrong_signs(amounts, total, places)]
    change = sum(amounts) - total
    if change > 0 and total >= 0:
        amounts = _give_change(asked, amounts, change, context)
    on_account = order.customer_id is not None and min(0, total) <= sum(amounts) <= max(0, total)
    if not issues and not on_account and sum(amounts) != total:
        issues.append(
            Issue(
                code="SALES_TENDER_UNBALANCED",
                message=f"The payments come to {format_scaled(sum(amounts), places)}; the sale to {format_scaled(total, places)} {order.currency}.",
                pointer="/payments",
                expected={"total": format_scaled(total, places)},
                got=format_scaled(sum(amounts), places),
                action="Let the payments equal the total; only cash may exceed it, for change.",
            )
        )
    context.refuse(issues)
    left = abs(total)
    payments = []
    for tender, amount in zip(asked, amounts, strict=True):
        settled = min(abs(amount), left)
        left -= settled
        if amount:
            payments.append(_payment(tender, amount, settled, invoice, order))
    return payments, max(change, 0) if total >= 0 else 0


def _unknown_tenders(asked: Sequence[TenderRequest], context: Any) -> list[Issue]:
    """Find tenders that nobody declares; the rules of a payment would not know at which place of the request they stand."""
    names = ", ".join(tender.name for tender in context.registry.all(TenderType))
    return [
        Issue(
            code="PAYMENT_TENDER_UNKNOWN",
            message=f"Payment {place + 1}: there is no tender {tender.tender!r}. Use one of {names}.",
            pointer=f"/payments/{place}/tender",
            expected={"tender": names},
            got=tender.tender,
        )
        for place, tender in enumerate(asked)
        if context.registry.find(TenderType, tender.tender) is None
    ]


def _wrong_signs(amounts: Sequence[Minor], total: Minor, places: int) -> list[Issue]:
    """Find amounts that go the other way than the money does: it is taken for a total above 0 and paid out for one below."""
    way = "taken" if total > 0 else "paid out"
    return [
        Issue(
            code="SALES_TENDER_SIGN",
            message=f"Payment {place + 1}: the total is {format_scaled(total, places)}, so money is {way}; {format_scaled(amount, places)} goes the other way.",
            pointer=f"/payments/{place}/amount",
            got=format_scaled(amount, places),
            action="Give every payment the sign of the total.",
        )
        for place, amount in enumerate(amounts)
        if amount * total < 0
    ]


def _give_change(asked: Sequence[TenderRequest], amounts: list[Minor], change: Minor, context: Any) -> list[Minor]:
    kept = list(amounts)
    for place in reversed(range(len(asked))):
        tender = context.registry.find(TenderType, asked[place].tender)
        if tender is not None and tender.change and change and kept[place] > 0:
            back = min(change, kept[place])
            kept[place] -= back
            change -= back
    return kept


def _payment(tender: TenderRequest, amount: Minor, settled: Minor, invoice: Invoice, order: SalesOrder) -> Payment:
    return Payment(
        id=new_id(), type="payment", legal_entity_id=order.legal_entity_id, store_id=order.store_id, register=order.register, state="new",
        date=order.date, occurred_at=order.occurred_at, tender=tender.tender, currency=order.currency, amount=amount,
        party_type=order.party_type, party_id=order.party_id, store_number=order.store_number, reference=tender.reference,
        open_item_id=new_id(), settles=(SettledItem(invoice.open_item_id, settled),) if settled else (),
    )  # fmt: skip
