"""Paying a sale: from the tenders that a request gives to payments, change and rounding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.values import Minor, format_scaled, new_id
from kassa.payments import facts as payments
from kassa.payments.authorising import Tendered, authorise_cards, of_place
from kassa.payments.carrying import carry_out
from kassa.payments.documents import Payment, PaymentSource, SettledItem, TenderType
from kassa.payments.tenders import settle_up, smallest_coin, tender_type, unknown_tender
from kassa.sales.documents import Invoice, SalesOrder
from kassa.sales.messages import TenderRequest
from kassa.sales.ordering import minor


def prepare(command: Any, engine: Any, request: Any) -> Any:
    """Have the cards of a request authorised, where their tenders have a processor."""
    return authorised(command.payments, command.store, engine, request)


def authorised(asked: Sequence[TenderRequest], store: str | None, engine: Any, request: Any) -> Any:
    """Have the cards among some payments authorised in a store."""
    tendered = [Tendered(tender=tender.tender, amount=tender.amount, token=tender.token) for tender in asked]
    return authorise_cards(tendered, store, engine, request) if tendered else ()


def pay(asked: Sequence[TenderRequest], invoice: Invoice, order: SalesOrder, context: Any) -> tuple[list[Payment], Minor]:
    """Plan the payments of a sale, and what processors do for them; gives them and the change, in minor units.

    What exceeds the total is change, which only some tenders give. What is on a customer's account may be paid (or paid out)
    in part or not at all; what is nobody's is settled in full.
    """
    drafts, change = _payments(asked, invoice, order, context)
    if not drafts:
        return [], change
    posted = context.step("payment", "post", [draft for _, draft in drafts])
    for (place, _), payment in zip(drafts, posted, strict=True):
        carry_out(payment, context, of_place(context.prepared, place))
    return posted, change


def _payments(asked: Sequence[TenderRequest], invoice: Invoice, order: SalesOrder, context: Any) -> tuple[list[tuple[int, Payment]], Minor]:
    """Make the payments of a sale, each with its place in the request."""
    issues: list[Issue] = []
    places, total = order.exponent, invoice.total - sum(applied.amount for applied in invoice.deposits)
    amounts = [minor(tender.amount, places, f"/payments/{place}/amount", issues) for place, tender in enumerate(asked)]
    tenders = [tender_type(context, tender.tender) for tender in asked]
    issues += [*_unknown(asked, tenders, context), *_wrong_signs(amounts, total, places), *_on_account(tenders, order)]
    context.refuse(issues)
    known = [tender for tender in tenders if tender is not None]
    amounts = [0 if tender.on_account else amount for tender, amount in zip(known, amounts, strict=True)]
    units = [smallest_coin(tender, order.currency, order.store_id, context) for tender in known]
    settled = settle_up(amounts, units, [tender.change for tender in known], total)
    paid = sum(settled.kept) + settled.rounding
    on_account = order.customer_id is not None and min(0, total) <= paid <= max(0, total)
    if not on_account and paid != total:
        context.refuse([_unbalanced(amounts, total, order)])
    rounded = next((place for place in reversed(range(len(units))) if units[place] > 1), None) if settled.rounding else None
    left = abs(total)
    made = []
    for place, (tender, kept) in enumerate(zip(asked, settled.kept, strict=True)):
        rounding = settled.rounding if place == rounded else 0
        share = min(abs(kept + rounding), left)
        left -= share
        if kept or rounding:
            made.append((place, _payment(tender, kept, rounding, share, invoice, order, _source(tender, place, order, context))))
    return made, settled.change


def _unbalanced(amounts: Sequence[Minor], total: Minor, order: SalesOrder) -> Issue:
    places = order.exponent
    return Issue(
        code="SALES_TENDER_UNBALANCED",
        message=f"The payments come to {format_scaled(sum(amounts), places)}; the sale to {format_scaled(total, places)} {order.currency}.",
        pointer="/payments",
        expected={"total": format_scaled(total, places)},
        got=format_scaled(sum(amounts), places),
        action="Let the payments equal the total; only cash may exceed it, for change.",
    )


def _unknown(asked: Sequence[TenderRequest], tenders: Sequence[TenderType | None], context: Any) -> list[Issue]:
    """Find tenders that nobody declares; the rules of a payment would not know at which place of the request they stand."""
    return [
        unknown_tender(context, asked[place].tender, f"/payments/{place}/tender", f"Payment {place + 1}: ")
        for place, tender in enumerate(tenders)
        if tender is None
    ]


def _on_account(tenders: Sequence[TenderType | None], order: SalesOrder) -> list[Issue]:
    """Find what shall stay open on an account although nobody is named."""
    if order.customer_id is not None:
        return []
    return [
        Issue(
            code="PAYMENT_ACCOUNT_OF_NOBODY", message=f"Payment {place + 1}: only a known customer has an account.",
            pointer=f"/payments/{place}/tender", got=tender.name, action="Name the customer, or take another tender.",
        )
        for place, tender in enumerate(tenders)
        if tender is not None and tender.on_account
    ]  # fmt: skip


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


def _source(tender: TenderRequest, place: int, order: SalesOrder, context: Any) -> PaymentSource | None:
    """Find the payment that is given back, where the request names one."""
    if tender.gives_back is None:
        return None
    found = payments.payment(context, tender.gives_back)
    if found.total <= 0 or found.type != "payment" or (found.party_type, found.party_id) != (order.party_type, order.party_id):
        words = f"{tender.gives_back} is no payment of this customer, or of nobody in this store."
        issue = Issue(code="PAYMENT_NOT_OF_CUSTOMER", message=words, pointer=f"/payments/{place}/gives_back", got=tender.gives_back)
        context.refuse([issue])
    return payments.source_of(found)


def _payment(
    tender: TenderRequest, amount: Minor, rounding: Minor, settled: Minor, invoice: Invoice, order: SalesOrder, source: PaymentSource | None
) -> Payment:
    return Payment(
        id=new_id(), type="payment", legal_entity_id=order.legal_entity_id, store_id=order.store_id, register=order.register, state="new",
        date=order.date, occurred_at=order.occurred_at, tender=tender.tender, currency=order.currency, amount=amount, rounding=rounding,
        party_type=order.party_type, party_id=order.party_id, store_number=order.store_number, reference=tender.reference,
        open_item_id=new_id(), source=source, settles=(SettledItem(invoice.open_item_id, settled),) if settled else (),
    )  # fmt: skip
