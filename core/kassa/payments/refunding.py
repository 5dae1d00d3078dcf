"""Refunds: what customers are owed is paid out, at once or by a later run, never more than is open or was taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.operations import Result
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, format_minor, new_id
from kassa.ledger.documents import OpenBalance
from kassa.ledger.facts import open_items, open_items_by_id
from kassa.parties import facts as parties
from kassa.parties.documents import Customer
from kassa.payments import facts, messages
from kassa.payments.carrying import carry_out
from kassa.payments.documents import Payment, PaymentSource, RefundOrder, SettledItem, TenderType
from kassa.payments.facts import Place, acting_place, amount_of
from kassa.payments.listing import posted_view
from kassa.payments.store import load_payments, load_refund_orders
from kassa.payments.taking import PARTY, PREPAYMENT, Share, divide
from kassa.payments.tenders import (
    check_refund_limits,
    check_refund_tender,
    check_tender,
    in_coins,
    smallest_coin,
    tender_type,
    unknown_tender,
)


@attrs.frozen(kw_only=True)
class Wanted:
    """A refund as it was asked for: to whom, how much, out of which credits."""

    customer: Customer
    place: Place
    tender: TenderType
    amount: Minor
    shares: Sequence[Share]
    source: PaymentSource | None


def refund(command: messages.Refund, context: Any) -> Result:
    """Plan a refund by its tender: paid now, ordered for a run, or left on the account (INV-16, INV-17)."""
    wanted = _wanted(command, context)
    if wanted.tender.on_account:
        _check_policy(wanted, context)
        shown = _view("on_account", wanted)
        return Result(view=lambda numbers: shown)
    if command.when == "run" or wanted.tender.later:
        return _order(command, wanted, context)
    posted = pay_out(wanted, command.reference, context)
    settled = [(share.item.number, share.amount) for share in wanted.shares]
    return Result(
        view=lambda numbers: evolve(
            _view("paid", wanted), payment=posted_view(posted, wanted.customer.number, settled, numbers, gives_back=command.payment)
        ),
        document_id=posted.id,
        version=1,
    )


def _view(state: Any, wanted: Wanted) -> messages.RefundView:
    currency = wanted.place.entity.currency
    return messages.RefundView(state=state, amount=format_minor(wanted.amount, currency), currency=currency)


def _wanted(command: messages.Refund, context: Any) -> Wanted:
    customer = parties.customer(context, command.customer)
    place = acting_place(context, command.store, command.date, customer.legal_entity_id)
    tender = tender_type(context, command.tender)
    if tender is None:
        context.refuse([unknown_tender(context, command.tender, "/tender")])
        raise AssertionError("an unknown tender is refused")
    currency = place.entity.currency
    source = _source(command, customer, context)
    credits = _credits(command, open_items(context, place.entity.id, PARTY, customer.id), currency, context)
    open_credit = -sum(item.open for item in credits)
    asked = amount_of(command.amount, currency, context) if command.amount is not None else open_credit
    if asked > open_credit or not asked:
        context.refuse(_exceeds(command, asked, open_credit, place, context))
    return Wanted(
        customer=customer, place=place, tender=tender, amount=asked, shares=divide(credits, asked), source=source
    )  # fmt: skip


def _source(command: messages.Refund, customer: Customer, context: Any) -> PaymentSource | None:
    if command.payment is None:
        return None
    found = facts.payment(context, command.payment)
    if found.party_id != customer.id or found.total <= 0 or found.type != "payment":
        words = f"{command.payment} is no payment on account of customer {customer.number}. Deposits are given back by their order."
        context.refuse([Issue(code="PAYMENT_NOT_OF_CUSTOMER", message=words, pointer="/payment", got=command.payment)])
    return facts.source_of(found)


def _credits(command: messages.Refund, items: Sequence[OpenBalance], currency: str, context: Any) -> list[OpenBalance]:
    """Find the credits that are paid out: those named, else all, the oldest first; deposits belong to their orders."""
    credits = [item for item in items if item.open < 0 and item.currency == currency and item.type != PREPAYMENT]
    if command.credits is None:
        return credits
    by_number = {item.number: item for item in credits}
    context.refuse(
        Issue(
            code="PAYMENT_CREDIT_NOT_OPEN", message=f"The customer has no open credit {number!r}.", pointer=f"/credits/{place}", got=number,
            action="Look at the customer's open items (ledger.list_open_items).",
        )
        for place, number in enumerate(command.credits)
        if number not in by_number
    )  # fmt: skip
    return [by_number[number] for number in dict.fromkeys(command.credits)]


def _exceeds(command: messages.Refund, asked: Minor, open_credit: Minor, place: Place, context: Any) -> list[Issue]:
    """Refuse more than is open, unless it is paid in advance of its credit note (INV-16)."""
    currency, store_id = place.entity.currency, place.store.id if place.store is not None else None
    if command.advance and asked and context.setting("payments.advance_credit", store_id=store_id):
        return []
    shown, possible = format_minor(asked, currency), format_minor(open_credit, currency)
    if command.advance and asked:
        words = "A refund is paid after its credit note here. Post the credit note first, or have payments.advance_credit switched on."
        return [Issue(code="PAYMENT_ADVANCE_CREDIT_OFF", message=words, pointer="/advance", expected={"open": possible}, got=shown)]
    words = f"{shown} {currency} asked, {possible} of credit is open. Post the credit note first."
    return [Issue(code="PAYMENT_CREDIT_EXCEEDED", message=words, pointer="/amount", expected={"open": possible}, got=shown)]


def pay_out(wanted: Wanted, reference: str | None, context: Any) -> Payment:
    """Plan the payment of a refund; where cash has a smallest coin the difference is rounding."""
    draft = _draft(wanted, reference, context)
    (posted,) = context.step("payment", "post", [draft])
    carry_out(posted, context)
    result: Payment = posted
    return result


def _draft(wanted: Wanted, reference: str | None, context: Any) -> Payment:
    place, currency = wanted.place, wanted.place.entity.currency
    unit = smallest_coin(wanted.tender, currency, place.store.id if place.store is not None else None, context)
    amount = in_coins(wanted.amount, unit)
    return Payment(
        id=new_id(), type="payment", **place.header, occurred_at=context.now, tender=wanted.tender.name, currency=currency, amount=-amount,
        rounding=amount - wanted.amount, party_type=PARTY, party_id=wanted.customer.id, store_number=place.store_number,
        reference=reference, open_item_id=new_id(), source=wanted.source,
        settles=tuple(SettledItem(share.item.id, share.amount, stored=True) for share in wanted.shares), pointer="/tender",
    )  # fmt: skip


def _check_policy(wanted: Wanted, context: Any) -> None:
    context.refuse(check_refund_tender(_draft(wanted, None, context), Facts(), context))


def _order(command: messages.Refund, wanted: Wanted, context: Any) -> Result:
    """Plan a refund for the next run; whether it may be paid is said now and looked at again then."""
    draft = _draft(wanted, command.reference, context)
    context.refuse([found for check in (check_tender, check_refund_tender, check_refund_limits) for found in check(draft, Facts(), context)])
    single = wanted.shares[0].item.id if command.credits is not None and len(wanted.shares) == 1 else None
    order = RefundOrder(
        id=new_id(), type="refund_order", **wanted.place.header, occurred_at=context.now, tender=wanted.tender.name,
        currency=wanted.place.entity.currency, amount=wanted.amount, party_type=PARTY, party_id=wanted.customer.id,
        store_number=wanted.place.store_number, credit_item_id=single, source_id=wanted.source.id if wanted.source is not None else None,
        reference=command.reference,
    )  # fmt: skip
    (planned,) = context.step("refund_order", "plan", [order])
    shown = evolve(_view("waiting", wanted), refund=planned.id)
    return Result(view=lambda numbers: shown, document_id=planned.id, version=1)


def pay_order(order: RefundOrder, date: str | None, context: Any) -> Payment:
    """Plan the payment of a refund that waits; Refused where less than its amount is open by now."""
    store_id = order.store_id
    place = acting_place(context, store_id, date, order.legal_entity_id) if store_id is not None else _office(order, date, context)
    customer = parties.customer(context, order.party_id)
    tender = tender_type(context, order.tender)
    if tender is None:
        context.refuse([unknown_tender(context, order.tender, "/tender")])
        raise AssertionError("an unknown tender is refused")
    if order.credit_item_id is not None:
        items = [item for item in open_items_by_id(context, [order.credit_item_id]).values() if item.open < 0]
    else:
        items = [item for item in open_items(context, order.legal_entity_id, PARTY, order.party_id) if item.open < 0]
    credits = _as_planned([item for item in items if item.currency == order.currency and item.type != PREPAYMENT], context)
    open_credit = -sum(item.open for item in credits)
    if order.amount > open_credit:
        asked, possible = format_minor(order.amount, order.currency), format_minor(open_credit, order.currency)
        words = f"{asked} {order.currency} was ordered, {possible} of credit is open by now."
        context.refuse(
            [
                Issue(
                    code="PAYMENT_CREDIT_EXCEEDED",
                    message=words,
                    document=order.id,
                    severity="skip",
                    expected={"open": possible},
                    got=asked,
                )
            ]
        )
    source = facts.source_of(load_payments(context.read, [order.source_id])[order.source_id]) if order.source_id is not None else None
    wanted = Wanted(customer=customer, place=place, tender=tender, amount=order.amount, shares=divide(credits, order.amount), source=source)
    posted = pay_out(wanted, order.reference, context)
    context.step("refund_order", "pay", [order])
    return posted


def _office(order: RefundOrder, date: str | None, context: Any) -> Place:
    found = acting_place(context, None, date, order.legal_entity_id)
    return evolve(found, store=None, register=order.register)


def _as_planned(items: Sequence[OpenBalance], context: Any) -> list[OpenBalance]:
    """Show open items as this plan leaves them; two refunds of one run do not pay out the same credit."""
    claims = context.plan.claims.get("ledger.open_item", {})
    shown = [evolve(item, open=item.open + claims[item.id,].amounts.get("open", 0)) if (item.id,) in claims else item for item in items]
    return [item for item in shown if item.open < 0]


def cancel(command: messages.CancelRefund, context: Any) -> Result:
    """Plan that a refund that waits for a run is not paid."""
    found = facts.refund_order(context, command.refund)
    (moved,) = context.step("refund_order", "cancel", [found])
    shown = messages.RefundView(
        state="on_account", amount=format_minor(moved.amount, moved.currency), currency=moved.currency, refund=moved.id
    )
    return Result(view=lambda numbers: shown, document_id=moved.id, version=moved.version + 1)


def orders_of(context: Any, ids: Sequence[str]) -> dict[str, RefundOrder]:
    """Read refunds that wait, by id."""
    return dict(load_refund_orders(context.read, ids))
