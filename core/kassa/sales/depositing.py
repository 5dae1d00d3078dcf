"""Taking deposits on orders, giving them back, transferring and forfeiting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import numbers_of
from kassa.kernel.operations import Result
from kassa.kernel.values import Minor, format_scaled, new_id
from kassa.org import facts as org
from kassa.org.documents import Store
from kassa.payments import deposits as stored
from kassa.payments.authorising import of_place
from kassa.payments.carrying import carry_out
from kassa.payments.documents import DepositMove, OpenDeposit, Payment, PaymentSource
from kassa.payments.facts import payment as stored_payment
from kassa.payments.facts import source_of
from kassa.payments.listing import posted_view
from kassa.payments.store import load_payments
from kassa.payments.tenders import in_coins, smallest_coin, tender_type, unknown_tender
from kassa.sales import facts
from kassa.sales.deposits import left_of, unbilled
from kassa.sales.documents import SalesOrder
from kassa.sales.messages import deposits as messages
from kassa.sales.ordering import minor
from kassa.sales.posting import dated, raise_issues

COLUMNS = ("paid", "applied", "refunded", "transferred", "forfeited")


def take_deposit(command: messages.TakeDeposit, context: Any) -> Result:
    """Plan a deposit: each tender a payment against prepayments, at most what the order has yet to bill (CO-15, CO-16, CO-19)."""
    order, place = _order(command.order, command.store, command.date, context)
    context.step("order", "deposit", [order])
    before, drafts = left_of(order, context), []
    for number, asked in enumerate(command.payments):
        amount = _positive(asked.amount, order, f"/payments/{number}/amount", context)
        pointer = f"/payments/{number}/tender"
        tender = tender_type(context, asked.tender)
        if tender is not None and tender.on_account:
            words = f"A deposit cannot be paid by {tender.summary.lower()}: nothing would come in."
            context.refuse([Issue(code="CO_DEPOSIT_TENDER_NOT_ALLOWED", message=words, pointer=pointer, got=asked.tender)])
        drafts.append(evolve(_payment(order, place, asked.tender, amount, context), reference=asked.reference, pointer=pointer))
    context.refuse(_too_large(order, before + sum(draft.total for draft in drafts)))
    posted = context.step("payment", "post", drafts)
    for number, payment in enumerate(posted):
        carry_out(payment, context, of_place(context.prepared, number))
    return _result(order, posted, context)


def refund_deposit(command: messages.RefundDeposit, context: Any) -> Result:
    """Plan that deposits are given back, by tenders that the policy allows (CO-49, CO-68)."""
    order, place = _order(command.order, command.store, command.date, context)
    context.step("order", "clear_deposit", [order])
    posted = give_back(order, place, command.payments, "/payments", context)
    return _result(order, posted, context)


def transfer_deposit(command: messages.TransferDeposit, context: Any) -> Result:
    """Plan that deposits go to another order of the same customer; nothing is booked, for they stay prepayments."""
    order, place = _order(command.order, None, command.date, context)
    other, _ = _order(command.to_order, None, command.date, context)
    context.step("order", "clear_deposit", [order])
    amount = left_of(order, context) if command.amount is None else _positive(command.amount, order, "/amount", context)
    issues = _too_large(other, left_of(other, context) + amount)
    if (other.party_type, other.party_id, other.currency) != (order.party_type, order.party_id, order.currency) or other.id == order.id:
        words = "A deposit goes to another order of the same customer in the same currency."
        issues.append(Issue(code="SALES_DEPOSIT_OTHER_PARTY", message=words, pointer="/to_order", got=command.to_order))
    context.refuse(issues)
    context.step("order", "deposit", [other])
    move_deposit(order, place, amount, other.id, command.note, context)
    return _result(order, (), context)


def forfeit_deposit(command: messages.ForfeitDeposit, context: Any) -> Result:
    """Plan that deposits are kept as income."""
    order, place = _order(command.order, None, command.date, context)
    context.step("order", "clear_deposit", [order])
    amount = left_of(order, context) if command.amount is None else _positive(command.amount, order, "/amount", context)
    move_deposit(order, place, amount, None, command.note, context)
    return _result(order, (), context)


def read_deposits(request: messages.DepositsByOrder, context: Any) -> messages.DepositsView:
    """Show the deposits of an order."""
    order_id = facts.find_document(context, "order", request.order)
    order = facts.orders(context, [order_id])[order_id]
    found = stored.open_deposits(context, [order_id])[order_id]
    numbers = numbers_of(context.read, [order_id, *(item.payment_id for item in found if item.payment_id is not None)])
    shown = tuple(
        messages.DepositView(
            document=numbers.get(item.payment_id or ""), tender=item.tender, left=format_scaled(item.left, order.exponent)
        )
        for item in found
    )  # fmt: skip
    return evolve(_view(order, numbers.get(order_id), context), open=shown)


def _order(reference: str, store: str | None, date: str | None, context: Any) -> tuple[SalesOrder, Store]:
    """Find an order, and the store that acts on its deposits: the one named, else the order's."""
    order_id = facts.find_document(context, "order", reference)
    order = dated(facts.orders(context, [order_id])[order_id], date, context)
    return order, org.acting_store(context, store or context.actor.store_id or order.store_id)


def _too_large(order: SalesOrder, deposit: Minor) -> list[Issue]:
    most = unbilled(order)
    if deposit <= most:
        return []
    shown, possible = format_scaled(deposit, order.exponent), format_scaled(max(0, most), order.exponent)
    words = f"The deposits of this order would come to {shown}; {possible} of it is not invoiced yet."
    return [Issue(code="SALES_DEPOSIT_TOO_LARGE", message=words, pointer="/payments", expected={"most": possible}, got=shown)]


def _positive(amount: Decimal, order: SalesOrder, pointer: str, context: Any) -> Minor:
    issues: list[Issue] = []
    found = minor(amount, order.exponent, pointer, issues)
    if not issues and found <= 0:
        issues.append(Issue(code="PAYMENT_AMOUNT", message=f"Expected an amount above 0; got {amount}.", pointer=pointer, got=str(amount)))
    context.refuse(issues)
    return found


def _payment(order: SalesOrder, place: Store, tender: str, amount: Minor, context: Any) -> Payment:
    register = context.actor.register or place.number
    return Payment(
        id=new_id(), type="deposit", legal_entity_id=order.legal_entity_id, store_id=place.id, register=register, state="new",
        date=order.date, occurred_at=context.now, tender=tender, currency=order.currency, amount=amount, party_type=order.party_type,
        party_id=order.party_id, store_number=place.number, open_item_id=new_id(), order_id=order.id,
    )  # fmt: skip


def give_back(order: SalesOrder, place: Store, asked: Sequence[messages.DepositRefund], pointer: str, context: Any) -> list[Payment]:
    """Plan the payments of refunds; each gives deposits of its own tender back first, and one payment never two deposits."""
    if not asked:
        return []
    context.actor.require("sales.refund_deposit")
    found = stored.open_deposits(context, [order.id])[order.id]
    sources = load_payments(context.read, [item.payment_id for item in found if item.payment_id is not None])
    drafts: list[Payment] = []
    for number, refund in enumerate(asked):
        at = f"{pointer}/{number}"
        if tender_type(context, refund.tender) is None:
            context.refuse([unknown_tender(context, refund.tender, f"{at}/tender")])
        wanted = _positive(refund.amount, order, f"{at}/amount", context)
        named = stored_payment(context, refund.gives_back).id if refund.gives_back is not None else None
        candidates = [item for item in found if named is None or item.payment_id == named]
        for item in sorted(candidates, key=lambda item: item.tender != refund.tender):
            part = min(item.left, wanted)
            if part:
                source = source_of(sources[item.payment_id]) if item.payment_id is not None else None
                drafts.append(_refund(order, place, refund, part, item, source, f"{at}/tender", context))
                found = [evolve(other, left=other.left - part) if other is item else other for other in found]
                wanted -= part
        if wanted:
            context.refuse([_missing(order, wanted, f"{at}/amount")])
    posted: list[Payment] = context.step("payment", "post", drafts)
    for payment in posted:
        carry_out(payment, context)
    return posted


def _refund(
    order: SalesOrder, place: Store, refund: messages.DepositRefund, part: Minor, item: OpenDeposit, source: PaymentSource | None, pointer: str,
    context: Any,
) -> Payment:  # fmt: skip
    tender = tender_type(context, refund.tender)
    amount = in_coins(part, smallest_coin(tender, order.currency, place.id, context)) if tender is not None else part
    return evolve(
        _payment(order, place, refund.tender, -amount, context), rounding=amount - part, source=source, reference=refund.reference,
        settles=stored.take_from([item], part), pointer=pointer,
    )  # fmt: skip


def _missing(order: SalesOrder, missing: Minor, pointer: str) -> Issue:
    shown = format_scaled(missing, order.exponent)
    words = f"{shown} {order.currency} more is asked than is left of these deposits."
    return Issue(code="SALES_DEPOSIT_EXCEEDED", message=words, pointer=pointer, document=order.id, got=shown)


def move_deposit(order: SalesOrder, place: Store, amount: Minor, to_order_id: str | None, note: str | None, context: Any) -> None:
    """Plan that deposits go to another order, or are kept as income where none is named."""
    context.actor.require("sales.forfeit_deposit" if to_order_id is None else "sales.refund_deposit")
    found = stored.open_deposits(context, [order.id])[order.id]
    if not 0 < amount <= sum(item.left for item in found):
        raise_issues(context, [_missing(order, amount - sum(item.left for item in found), "/amount")])
    move = DepositMove(
        id=new_id(), type="forfeit" if to_order_id is None else "transfer", legal_entity_id=order.legal_entity_id, store_id=place.id,
        register=context.actor.register or place.number, state="new", date=order.date, occurred_at=context.now, order_id=order.id,
        to_order_id=to_order_id, party_type=order.party_type, party_id=order.party_id, currency=order.currency, amount=amount,
        store_number=place.number, note=note, taken=stored.take_from(found, amount), out_item_id=new_id(), in_item_id=new_id(),
    )  # fmt: skip
    context.step("deposit_move", "post", [move])


def _view(order: SalesOrder, number: str | None, context: Any) -> messages.DepositsView:
    key = (order.id,)
    row: Mapping[str, Minor] = context.balance(stored.BALANCE, [key])[key]
    paid, applied, refunded, transferred, forfeited = (format_scaled(row[column], order.exponent) for column in COLUMNS)
    return messages.DepositsView(
        order_id=order.id, order=number, state=order.state, currency=order.currency, paid=paid, applied=applied, refunded=refunded,
        transferred=transferred, forfeited=forfeited,
        left=format_scaled(stored.available(context, order.id), order.exponent),
    )  # fmt: skip


def _result(order: SalesOrder, posted: Sequence[Payment], context: Any) -> Result:
    number = numbers_of(context.read, [order.id]).get(order.id)
    shown = _view(order, number, context)
    return Result(
        view=lambda numbers: evolve(
            shown, payments=tuple(posted_view(payment, None, (), numbers, order=number) for payment in posted)
        ),
        document_id=order.id,
        version=order.version + 1,
    )  # fmt: skip
