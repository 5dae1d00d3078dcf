"""Deposits of orders: what an invoice takes of them, how that is booked, and that none is forgotten when an order ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.stages import Facts
from kassa.kernel.values import Minor, format_scaled, share
from kassa.ledger.dimensions import as_booked, dimensions_of
from kassa.ledger.documents import Books
from kassa.ledger.postings import Booking, settle
from kassa.payments import deposits as stored
from kassa.payments.documents import AppliedDeposit
from kassa.payments.rules import PREPAYMENT, deposit_claim
from kassa.sales.charging import taxes_of_part
from kassa.sales.documents import Invoice, SalesOrder
from kassa.sales.invoicing import invoice_line
from kassa.sales.ordering import minor

Asked = tuple[Decimal | None, str]
"""How much of an order's deposits an invoice shall take, where the request says it, and at which place."""


def left_of(order: SalesOrder, context: Any) -> Minor:
    """Tell what is left of an order's deposits as this plan leaves them; asks the database nothing where there are none."""
    if not order.deposit and not stored.planned(context, order.id):
        return 0
    return stored.available(context, order.id)


def billed(order: SalesOrder, invoice: Invoice) -> Minor:
    """Tell what an invoice bills of one order, with tax and charges."""
    lines = sum(line.total for line in invoice.lines if line.order_id == order.id)
    return lines + sum(charge.amount + charge.tax for charge in invoice.charges if charge.order_id == order.id)


def unbilled(order: SalesOrder) -> Minor:
    """Tell what of an order is not invoiced and not cancelled, with tax and charges."""
    total = 0
    for charge in order.charges:
        left = charge.amount - charge.invoiced
        total += left + sum(tax.amount for tax in taxes_of_part(charge, charge.invoiced, left))
    for line in order.lines:
        quantity = abs(line.quantity) - line.counters.cancelled - line.counters.invoiced
        total += invoice_line(order.id, line, quantity, 1).total if quantity else 0
    return total


def deposit_to_apply(order: SalesOrder, facts: Facts, context: Any, invoice: Invoice) -> Minor:
    """Answer how much of an order's deposits an invoice takes, where no plugin does (CO-36).

    By the setting `proportional` the share that the invoice has of what is not invoiced yet, so the last one takes the rest;
    by `all` as much as the invoice can take.
    """
    left, part = left_of(order, context), max(0, billed(order, invoice))
    if context.setting("sales.deposit_application", store_id=order.store_id) == "all":
        return min(left, part)
    whole = unbilled(order)
    return min(part, share(left, part, whole) if 0 < part < whole else left)


def with_deposits(invoice: Invoice, orders: Sequence[SalesOrder], asked: Mapping[str, Asked], context: Any) -> Invoice:
    """Let an invoice take from the deposits of its orders, the oldest of each first: what was asked for, or what is decided."""
    wanted = {order_id: (amount, pointer) for order_id, (amount, pointer) in asked.items() if amount is not None}
    depositing = [order for order in orders if left_of(order, context) or order.id in wanted]
    if not depositing:
        return invoice
    found = stored.open_deposits(context, [order.id for order in depositing])
    applied: list[AppliedDeposit] = []
    room = max(0, invoice.total)
    for order in depositing:
        if order.id in wanted:
            amount = _asked(order, *wanted[order.id], min(room, max(0, billed(order, invoice))), context)
        else:
            decided: Minor = context.decide("deposit_to_apply", order, Facts(), invoice)
            amount = min(decided, left_of(order, context), room)
        taken = stored.take_from(found[order.id], amount)
        booked = {deposit.open_item_id: deposit.dimensions for deposit in found[order.id]}
        applied += [AppliedDeposit(order.id, item.open_item_id, item.amount, booked[item.open_item_id]) for item in taken]
        room -= sum(item.amount for item in taken)
    return evolve(invoice, deposits=tuple(applied))


def _asked(order: SalesOrder, wanted: Decimal, pointer: str, most: Minor, context: Any) -> Minor:
    issues: list[Issue] = []
    amount = minor(wanted, order.exponent, pointer, issues)
    possible = min(most, left_of(order, context))
    if not issues and not 0 <= amount <= possible:
        shown, asked = format_scaled(possible, order.exponent), format_scaled(amount, order.exponent)
        words = f"{asked} of the deposit asked; this invoice can take from 0 to {shown}."
        issues.append(
            Issue(code="SALES_DEPOSIT_EXCEEDED", message=words, pointer=pointer, document=order.id, expected={"most": shown}, got=asked)
        )
    context.refuse(issues)
    return amount


def book_deposits(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Book what an invoice takes of deposits: prepayments against receivables (E2 of the worked examples).

    A deposit leaves prepayments with the dimensions with which it came, also where another store invoices.
    """
    if not invoice.deposits:
        return []
    booking = Booking(invoice, facts.of(Books))
    for applied in invoice.deposits:
        booking.debit(PREPAYMENT, applied.amount, as_booked(applied.dimensions))
    booking.credit("receivable", sum(applied.amount for applied in invoice.deposits), dimensions_of(invoice, context))
    return booking.effects()


def settle_deposits(invoice: Invoice, facts: Facts, context: Any) -> list[Any]:
    """Settle the invoice with the deposits that it takes, and count them on their orders; none is taken twice."""
    effects: list[Any] = []
    for applied in invoice.deposits:
        effects += settle(
            legal_entity_id=invoice.legal_entity_id, debit_item_id=invoice.open_item_id, credit_item_id=applied.open_item_id,
            amount=applied.amount, date=invoice.date, stored=frozenset((applied.open_item_id,)),
        )  # fmt: skip
        effects.append(deposit_claim(applied.order_id, "applied", applied.amount, invoice.currency, bounded=True))
    return effects


def check_depositable(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that there is somebody to whom a deposit is owed."""
    if order.customer_id is None:
        words = "A deposit is owed to somebody; this order names no customer."
        yield Issue(code="SALES_DEPOSIT_NEEDS_CUSTOMER", message=words, pointer="/order", document=order.id)


def check_something_left(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that something of the order's deposits is left."""
    if not left_of(order, context):
        none = format_scaled(0, order.exponent)
        words = "Nothing of a deposit on this order is left."
        yield Issue(code="SALES_DEPOSIT_EXCEEDED", message=words, pointer="/order", document=order.id, expected={"available": none})


def check_nothing_left(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that an order does not end while something is left of its deposits."""
    left = left_of(order, context)
    if left:
        shown = format_scaled(left, order.exponent)
        yield Issue(
            code="SALES_DEPOSIT_LEFT",
            message=f"{shown} {order.currency} of the order's deposit would be left, and the order ends with this.",
            pointer="/order",
            document=order.id,
            expected={"deposit": format_scaled(0, order.exponent)},
            got=shown,
            action="Refund it, transfer it to another order of the customer, or let it be forfeited.",
        )
