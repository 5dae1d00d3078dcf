"""Rules of payments and deposits: the tender's clearing account against the customer or its prepayment, open items, bounds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, format_minor
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books, OpenItem
from kassa.ledger.postings import Booking, settle
from kassa.payments.documents import DepositMove, DrawerMovement, Payment, SettledItem

DEPOSIT = "deposit"
PREPAYMENT = "prepayment"


def book(document: Payment, facts: Facts, context: Any) -> Iterable[Any]:
    """Book the tender's clearing account against receivables, or prepayments for a deposit (E1, E2 of the worked examples)."""
    dimensions = dimensions_of(document, context)
    booking = Booking(document, facts.of(Books))
    booking.debit("tender", document.amount, dimensions, document.tender)
    booking.debit("cash_rounding", document.rounding, dimensions, document.tender)
    booking.credit(PREPAYMENT if document.type == DEPOSIT else "receivable", document.total, dimensions)
    return booking.effects()


def open_item(document: Payment, facts: Facts, context: Any) -> Iterable[Any]:
    """Open the payment on the party's account: a payment received is a credit (negative)."""
    return [
        OpenItem(
            id=document.open_item_id, legal_entity_id=document.legal_entity_id, party_type=document.party_type, party_id=document.party_id,
            type=PREPAYMENT if document.type == DEPOSIT else "payment", currency=document.currency, amount=-document.total, date=document.date,
            due_date=document.date, dimensions=dimensions_of(document, context),
        )
    ]  # fmt: skip


def settlements(document: Payment, facts: Facts, context: Any) -> Iterable[Any]:
    """Settle what the payment was made for."""
    return _settle(document, document.open_item_id, document.settles, credit=document.total > 0)


def _settle(document: Any, mine: str, items: Iterable[SettledItem], *, credit: bool) -> list[Any]:
    effects: list[Any] = []
    for item in items:
        other = item.open_item_id
        debit, against = (other, mine) if credit else (mine, other)
        effects += settle(
            legal_entity_id=document.legal_entity_id, debit_item_id=debit, credit_item_id=against, amount=item.amount, date=document.date,
            stored=frozenset((other,)) if item.stored else frozenset(),
        )  # fmt: skip
    return effects


def count_refund(document: Payment, facts: Facts, context: Any) -> Iterable[Any]:
    """Count what a refund or a void gives back of its payment, never more than that moved (CO-69).

    The counters of a payment are made when they are first needed, so that a sale writes none. The void of a refund frees what
    the refund took.
    """
    source = document.source
    if source is None:
        return
    yield from _refunded(context, source.id, abs(source.amount), abs(document.total), document)
    if document.corrects_id is not None and source.source_id is not None:
        yield Claim("payments.capture", (source.source_id,), {"refunded": -abs(document.total)})


def _refunded(context: Any, payment_id: str, moved: Minor, amount: Minor, document: Payment) -> Iterable[Claim]:
    key = (payment_id,)
    row = context.balance("payments.capture", [key])[key]
    if document.forced:
        # The processor says that the payment never was. Whatever was given back of it, the customer owes now.
        amount = min(amount, (row["captured"] or moved) - row["refunded"])
    issue = partial(_too_much, document, amount)
    if not row["captured"]:
        yield Claim("payments.capture", key, {"captured": moved, "refunded": amount}, "refundable", issue=issue, opens=True)
    elif amount:
        yield Claim("payments.capture", key, {"refunded": amount}, "refundable", issue=issue)


def _too_much(document: Payment, amount: Minor, left: Minor) -> Issue:
    possible, asked = format_minor(left + amount, document.currency), format_minor(amount, document.currency)
    return Issue(
        code="PAYMENT_REFUND_EXCEEDS",
        message=f"{asked} asked, {possible} of the payment can still be given back.",
        pointer="/amount",
        rule="payments.count_refund",
        expected={"refundable": possible},
        got=asked,
        action="Give back less, or by another tender that the policy allows.",
    )


def count_deposit(document: Payment, facts: Facts, context: Any) -> Iterable[Any]:
    """Count what comes in and goes out on the deposits of its order, voids too; what was applied cannot be paid out."""
    if document.type != DEPOSIT or document.order_id is None:
        return []
    paid = document.total > 0
    return [deposit_claim(document.order_id, "paid" if paid else "refunded", abs(document.total), document.currency, bounded=not paid)]


def deposit_claim(order_id: str, column: str, amount: Minor, currency: str, *, bounded: bool) -> Claim:
    """Claim on the deposits of an order; where `bounded`, what is there afterwards is not below 0."""
    issue = partial(_deposit_exceeded, abs(amount), currency)
    return Claim("payments.deposit", (order_id,), {column: amount}, "available" if bounded else None, issue=issue if bounded else None)


def _deposit_exceeded(amount: Minor, currency: str, left: Minor) -> Issue:
    available, asked = format_minor(left + amount, currency), format_minor(amount, currency)
    return Issue(
        code="SALES_DEPOSIT_EXCEEDED",
        message=f"{asked} asked, {available} of the order's deposit is left.",
        pointer="/amount",
        rule="payments.deposit",
        expected={"available": available},
        got=asked,
    )


def book_move(document: DepositMove, facts: Facts, context: Any) -> Iterable[Any]:
    """Book a forfeited deposit as income; one that goes to another order stays a prepayment."""
    if document.type != "forfeit":
        return []
    dimensions = dimensions_of(document, context)
    booking = Booking(document, facts.of(Books))
    booking.debit(PREPAYMENT, document.amount, dimensions)
    booking.credit("forfeited_deposits", document.amount, dimensions)
    return booking.effects()


def open_move(document: DepositMove, facts: Facts, context: Any) -> Iterable[Any]:
    """Open what leaves one order, which settles its deposits, and what comes to the other."""
    items = [(document.out_item_id, document.amount)]
    if document.to_order_id is not None:
        items.append((document.in_item_id, -document.amount))
    return [
        OpenItem(
            id=item_id, legal_entity_id=document.legal_entity_id, party_type=document.party_type, party_id=document.party_id, type=PREPAYMENT,
            currency=document.currency, amount=amount, date=document.date, due_date=document.date,
            dimensions=dimensions_of(document, context),
        )
        for item_id, amount in items
    ]  # fmt: skip


def settle_move(document: DepositMove, facts: Facts, context: Any) -> Iterable[Any]:
    """Settle the deposits that are moved, the oldest first."""
    return _settle(document, document.out_item_id, document.taken, credit=False)


def count_move(document: DepositMove, facts: Facts, context: Any) -> Iterable[Any]:
    """Count what leaves one order's deposits and comes to another's."""
    column = "forfeited" if document.to_order_id is None else "transferred"
    yield deposit_claim(document.order_id, column, document.amount, document.currency, bounded=True)
    if document.to_order_id is not None:
        yield deposit_claim(document.to_order_id, "paid", document.amount, document.currency, bounded=False)


ROLES_OF_DRAWER = {"float_entry": "safe", "safe_drop": "safe", "petty_cash": "petty_cash"}


def book_drawer(document: DrawerMovement, facts: Facts, context: Any) -> Iterable[Any]:
    """Book cash between drawer and safe, and what was bought from the drawer."""
    dimensions = dimensions_of(document, context)
    booking = Booking(document, facts.of(Books))
    booking.debit("tender", document.amount, dimensions, document.tender)
    booking.credit(ROLES_OF_DRAWER[document.type], document.amount, dimensions)
    return booking.effects()
