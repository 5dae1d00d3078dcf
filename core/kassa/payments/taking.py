"""Taking payments: from a request to a payment that settles what is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.values import Minor, format_minor, minor_of, new_id
from kassa.ledger.documents import OpenBalance
from kassa.ledger.facts import open_items
from kassa.org import facts as org
from kassa.org.documents import Store
from kassa.parties import facts as parties
from kassa.parties.documents import Customer
from kassa.payments import messages
from kassa.payments.documents import Payment, SettledItem

PARTY = "customer"


@attrs.frozen
class Share:
    """What a payment settles of one open item."""

    item: OpenBalance
    amount: Minor


def take(command: messages.TakePayment, context: Context) -> Result:
    """Plan a payment on account: the invoices named are settled in their order, else the oldest first."""
    customer = parties.customer(context, command.customer)
    entity = org.legal_entity(context, customer.legal_entity_id)
    store = _store(command, context)
    code = command.currency or entity.currency
    amount = _amount(command, code, context)
    shares = _shares(command, amount, code, customer, context)
    draft = Payment(
        id=new_id(), type="payment", legal_entity_id=entity.id, store_id=store.id if store is not None else None,
        register=context.actor.register or (store.number if store is not None else "office"), state="new",
        date=command.date or date_of(context.now, store.time_zone if store is not None else entity.time_zone), occurred_at=context.now,
        tender=command.tender, currency=code, amount=amount, party_type=PARTY, party_id=customer.id,
        store_number=store.number if store is not None else "", reference=command.reference, open_item_id=new_id(),
        settles=tuple(SettledItem(share.item.id, share.amount, stored=True) for share in shares), pointer="/tender",
    )  # fmt: skip
    (posted,) = context.step("payment", "post", [draft])
    return Result(
        view=lambda numbers: _view(posted, shares, customer.number, numbers.get(posted.id)), document_id=posted.id, version=1
    )


def _store(command: messages.TakePayment, context: Context) -> Store | None:
    """Find the store that takes the payment; who may act anywhere and stands nowhere takes it in the office."""
    if command.store is None and context.actor.store_id is None and context.actor.stores is None:
        return None
    return org.acting_store(context, command.store)


def _amount(command: messages.TakePayment, code: str, context: Context) -> Minor:
    try:
        amount = minor_of(command.amount, code)
    except ValueError as error:
        amount, words = 0, f"{error}"
    else:
        words = f"Expected an amount above 0; got {command.amount}. Money is paid out by a refund."
    if amount <= 0:
        context.refuse([Issue(code="PAYMENT_AMOUNT", message=words, pointer="/amount", got=str(command.amount))])
    return amount


def _shares(command: messages.TakePayment, amount: Minor, code: str, customer: Customer, context: Context) -> list[Share]:
    items = open_items(context, customer.legal_entity_id, PARTY, customer.id)
    debits = [item for item in items if item.open > 0 and item.currency == code]
    if command.invoices is not None:
        debits = _named(command.invoices, debits, context)
    shares, left = [], amount
    for item in debits:
        settled = min(left, item.open)
        if settled:
            shares.append(Share(item, settled))
        left -= settled
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


def _view(document: Payment, shares: Sequence[Share], customer: str, number: str | None) -> messages.PaymentView:
    settled: Any = tuple(
        messages.SettledView(document=share.item.number, amount=format_minor(share.amount, document.currency)) for share in shares
    )
    left = document.amount - sum(share.amount for share in shares)
    return messages.PaymentView(
        id=document.id, number=number, tender=document.tender, currency=document.currency,
        amount=format_minor(document.amount, document.currency), open=format_minor(left, document.currency), customer=customer,
        store=document.store_number or None, date=document.date, reference=document.reference, settled=settled,
    )  # fmt: skip
