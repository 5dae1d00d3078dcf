"""Taking payments: from a request to a payment that settles what is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.values import Minor, new_id
from kassa.ledger.documents import OpenBalance
from kassa.ledger.facts import open_items
from kassa.parties import facts as parties
from kassa.parties.documents import Customer
from kassa.payments import messages
from kassa.payments.authorising import Tendered, authorise_cards, of_place
from kassa.payments.carrying import carry_out
from kassa.payments.documents import Payment, SettledItem
from kassa.payments.facts import acting_place, amount_of
from kassa.payments.listing import posted_view

PARTY = "customer"
PREPAYMENT = "prepayment"


@attrs.frozen
class Share:
    """What a payment settles of one open item."""

    item: OpenBalance
    amount: Minor


def prepare(command: messages.TakePayment, engine: Any, request: Any) -> Any:
    """Have the card authorised, where the tender has a processor."""
    tendered = (Tendered(tender=command.tender, amount=command.amount, token=command.token),)
    return authorise_cards(tendered, command.store, engine, request)


def take(command: messages.TakePayment, context: Context) -> Result:
    """Plan a payment on account: the invoices named are settled in their order, else the oldest first."""
    customer = parties.customer(context, command.customer)
    place = acting_place(context, command.store, command.date, customer.legal_entity_id)
    code = command.currency or place.entity.currency
    amount = amount_of(command.amount, code, context)
    shares = _shares(command, amount, code, customer, context)
    draft = Payment(
        id=new_id(), type="payment", **place.header, occurred_at=context.now, tender=command.tender, currency=code, amount=amount,
        party_type=PARTY, party_id=customer.id, store_number=place.store_number, reference=command.reference, open_item_id=new_id(),
        settles=tuple(SettledItem(share.item.id, share.amount, stored=True) for share in shares), pointer="/tender",
    )  # fmt: skip
    (posted,) = context.step("payment", "post", [draft])
    carry_out(posted, context, of_place(context.prepared, 0))
    settled = [(share.item.number, share.amount) for share in shares]
    return Result(view=lambda numbers: posted_view(posted, customer.number, settled, numbers), document_id=posted.id, version=1)


def _shares(command: messages.TakePayment, amount: Minor, code: str, customer: Customer, context: Context) -> list[Share]:
    items = open_items(context, customer.legal_entity_id, PARTY, customer.id)
    debits = [item for item in items if item.open > 0 and item.currency == code and item.type != PREPAYMENT]
    if command.invoices is not None:
        debits = _named(command.invoices, debits, context)
    return divide(debits, amount)


def divide(items: Sequence[OpenBalance], amount: Minor) -> list[Share]:
    """Settle items in their order with an amount of minor units, until it is used up."""
    shares = []
    for item in items:
        settled = min(amount, abs(item.open))
        if settled:
            shares.append(Share(item, settled))
        amount -= settled
    return shares


def _named(numbers: Sequence[str], debits: Sequence[OpenBalance], context: Context) -> list[OpenBalance]:
    by_number = {item.number: item for item in debits}
    unknown = [(place, number) for place, number in enumerate(numbers) if number not in by_number]
    context.refuse(
        Issue(
            code="PAYMENT_INVOICE_NOT_OPEN",
            message=f"The customer has no open invoice {number!r}.",
            pointer=f"/invoices/{place}",
            got=number,
            action="Look at the customer's open items (ledger.list_open_items).",
        )
        for place, number in unknown
    )
    return [by_number[number] for number in dict.fromkeys(numbers)]
