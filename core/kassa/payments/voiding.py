"""Voiding: a payment of the day is taken back, or one that its processor declined; what it settled is owed again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.operations import Result
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, new_id
from kassa.ledger.facts import open_items_by_id
from kassa.payments import facts, messages
from kassa.payments.carrying import carry_out
from kassa.payments.deposits import available, open_deposits, take_from
from kassa.payments.documents import OpenDeposit, Payment, SettledItem
from kassa.payments.facts import Place, acting_place
from kassa.payments.listing import posted_view
from kassa.payments.rules import DEPOSIT

VOIDED = "SELECT 1 FROM kernel_document WHERE corrects_id = ? AND kind = 'payment'"


def void(command: messages.VoidPayment, context: Any) -> Result:
    """Plan the void of a payment of the same day and register; its mirror image is booked."""
    found = facts.payment(context, command.payment)
    place = acting_place(context, command.store or found.store_id)
    context.gate("payment", ("void",), [found])
    context.refuse(_elsewhere(found, place))
    (posted,) = context.step("payment", "post", [evolve(void_of(found, place, context), reference=command.reference)])
    carry_out(posted, context)
    return Result(view=lambda numbers: posted_view(posted, None, (), numbers, voids=command.payment), document_id=posted.id, version=1)


def check_voidable(found: Payment, facts_: Facts, context: Any) -> Iterable[Issue]:
    """Check that a payment is of today, is no void itself and was not voided."""
    if found.corrects_id is not None:
        words = "This is the void of another payment. Take the payment anew instead."
        yield Issue(code="PAYMENT_VOID_OF_VOID", message=words, pointer="/payment")
        return
    if context.read.row(VOIDED, (found.id,)) is not None:
        yield Issue(code="PAYMENT_VOIDED", message="This payment was voided already.", pointer="/payment")
    date = facts.today(context, found.legal_entity_id, found.store_id)
    if found.date != date:
        words = f"The payment is of {found.date}; it is {date}. Give it back by a refund."
        yield Issue(code="PAYMENT_NOT_OF_TODAY", message=words, pointer="/payment", expected={"date": date}, got=found.date)


def _elsewhere(found: Payment, place: Place) -> list[Issue]:
    if (found.date, found.register) != (place.date, place.register):
        words = f"The payment is of {found.date} at {found.register}; it is {place.date} at {place.register}. Give it back by a refund."
        expected = {"date": place.date, "register": place.register}
        return [
            Issue(code="PAYMENT_NOT_OF_TODAY", message=words, pointer="/payment", expected=expected, got=f"{found.date} {found.register}")
        ]
    return []


def void_of(found: Payment, place: Place, context: Any, *, forced: bool = False) -> Payment:
    """Make the mirror image of a payment. Where it is `forced` and the deposit is used up, the customer owes it instead."""
    draft = Payment(
        id=new_id(), type=found.type, **place.header, occurred_at=context.now, corrects_id=found.id, tender=found.tender,
        currency=found.currency, amount=-found.amount, rounding=-found.rounding, party_type=found.party_type, party_id=found.party_id,
        store_number=place.store_number, open_item_id=new_id(), order_id=found.order_id, source=facts.source_of(found), forced=forced,
        pointer="/payment",
    )  # fmt: skip
    left = _left_of(found, context)
    if found.type != DEPOSIT or found.total < 0:
        return evolve(draft, settles=(SettledItem(found.open_item_id, left, stored=True),) if left else ())
    order_id = found.order_id or ""
    if forced and available(context, order_id) < found.total:
        return evolve(draft, type="payment", order_id=None)
    own = [OpenDeposit(order_id, found.open_item_id, left)]
    others = [deposit for deposit in open_deposits(context, [order_id])[order_id] if deposit.open_item_id != found.open_item_id]
    return evolve(draft, settles=take_from([*own, *others], found.total))


def _left_of(found: Payment, context: Any) -> Minor:
    """Tell what is still open of a payment, without sign."""
    item = open_items_by_id(context, [found.open_item_id]).get(found.open_item_id)
    return abs(item.open) if item is not None else 0
