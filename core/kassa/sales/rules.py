"""Checks of an order: what is sold can be sold, to whom, at which price and in which currency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import MAX_MINOR, QUANTITY_PLACES, format_scaled
from kassa.ledger.documents import Books
from kassa.sales.charging import charge_codes, refund_claims
from kassa.sales.documents import OrderType, SalesLine, SalesOrder
from kassa.sales.pricing import OUTSIDE
from kassa.sales.reasons import check_reason

OVERRIDE = "sales.override_price"
EDIT_COST = "sales.edit_return_cost"
STANDING = ("locked", "given")
"""Where the price of a line comes from that its order has already, when the order is calculated anew: its cost was allowed then."""


def check_lines(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check quantities, prices and discounts of all lines (signs as domain 0.3)."""
    kind = context.registry.get(OrderType, order.type)
    for line in order.lines:
        yield from _check_line(line, kind, order, context)


def _check_line(line: SalesLine, kind: OrderType, order: SalesOrder, context: Any) -> Iterable[Issue]:
    at = f"/lines/{line.number - 1}"
    if line.quantity == 0:
        yield Issue(
            code="SALES_QUANTITY_ZERO",
            message=f"Line {line.number} has quantity 0. Give a quantity, or leave the line out.",
            pointer=f"{at}/quantity",
        )
    if (line.quantity > 0 and kind.signs == "return") or (line.quantity < 0 and kind.signs == "sale"):
        yield Issue(
            code="SALES_QUANTITY_SIGN",
            message=f"Line {line.number}: orders of type {order.type} take {'negative' if kind.signs == 'return' else 'positive'} quantities only.",
            pointer=f"{at}/quantity",
            got=format_scaled(line.quantity, QUANTITY_PLACES, trim=True),
        )
    if max(abs(line.net), abs(line.total), abs(line.discount)) > MAX_MINOR:
        yield Issue(
            code="SALES_TOTAL_TOO_LARGE",
            message=f"Line {line.number}: quantity times price is more than can be booked. Divide the line.",
            pointer=f"{at}/quantity",
            got=format_scaled(line.quantity, QUANTITY_PLACES, trim=True),
        )
    if line.price_origin == "unpriced" and line.treatment.money == "full":
        yield Issue(
            code="SALES_PRICE_MISSING",
            message=f"Line {line.number}: {line.product_number} has no price in {order.currency} on {order.date} in store {order.store_number}.",
            pointer=f"{at}/product",
            action="Add a price to a price list of this store or legal entity.",
        )
    if line.price_origin == "overridden":
        yield from _check_override(line, order, context)
    if line.given_cost is not None:
        yield from _check_given_cost(line, at, context)
    if line.discount and (line.discount > 0) is not (line.quantity > 0):
        yield Issue(
            code="SALES_DISCOUNT_SIGN", message=f"Line {line.number}: a discount has the sign of its line.", pointer=f"{at}/discount"
        )
    amount = line.net + line.tax
    if line.quantity and amount and (amount > 0) is not (line.quantity > 0):
        yield Issue(
            code="SALES_DISCOUNT_TOO_LARGE", message=f"Line {line.number}: the discount is larger than the price.", pointer=f"{at}/discount"
        )


def _check_override(line: SalesLine, order: SalesOrder, context: Any) -> Iterable[Issue]:
    """Check a price by hand: its reason, and that somebody with the permission set it, now or when the line was kept in a draft."""
    at = f"/lines/{line.number - 1}"
    yield from check_reason(context, "price_override", line.price_reason, f"{at}/price_reason", store_id=order.store_id)
    if not line.price_allowed and not context.actor.may(OVERRIDE):
        yield Issue(
            code="SALES_PRICE_OVERRIDE",
            message=f"Line {line.number}: you may not set the price of {line.product_number}.",
            pointer=f"{at}/unit_price",
            severity="approvable",
            permission=OVERRIDE,
            amount=format_scaled(line.unit_price, 6, trim=True),
        )


def _check_given_cost(line: SalesLine, at: str, context: Any) -> Iterable[Issue]:
    if line.quantity > 0:
        message = f"Line {line.number}: what leaves is valued at its cost in stock. Leave the cost out."
        yield Issue(code="SALES_RETURN_COST", message=message, pointer=f"{at}/unit_cost")
    elif line.price_origin not in STANDING and context.origin not in OUTSIDE and not context.actor.may(EDIT_COST):
        message = f"Line {line.number}: you may not set the cost of {line.product_number}."
        yield Issue(code="SALES_RETURN_COST", message=message, pointer=f"{at}/unit_cost", severity="approvable", permission=EDIT_COST)


def check_order(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check the order as a whole: currency, charges, size."""
    books = facts.of(Books)
    yield from currency_issues(order.currency, order.date, books)
    if order.charges:
        yield from check_charges(order, context)
    if order.discount_amount or order.discount_rate:
        yield from _check_total_discount(order)
    if abs(order.total) > MAX_MINOR and all(abs(line.total) <= MAX_MINOR for line in order.lines):
        yield Issue(
            code="SALES_TOTAL_TOO_LARGE",
            message="The total is larger than can be booked. Divide the order.",
            pointer="/lines",
            got=str(order.total),
        )


def _check_total_discount(order: SalesOrder) -> Iterable[Issue]:
    """Check the discount on the total: an amount or a rate, and lines of its sign that can bear it."""
    shared = sum(line.total_share for line in order.lines)
    if order.discount_amount and order.discount_rate:
        message = "The order has a discount by amount and one by rate. Give one of them."
        yield Issue(code="SALES_DISCOUNT_TWICE", message=message, pointer="/discount")
    elif order.discount_amount and shared != order.discount_amount:
        message = f"Of the discount on the total only {format_scaled(shared, order.exponent)} can be shared: no line of its sign can bear it."
        yield Issue(code="SALES_DISCOUNT_SIGN", message=message, pointer="/discount", got=format_scaled(order.discount_amount, order.exponent))


def check_charges(order: SalesOrder, context: Any) -> Iterable[Issue]:
    """Check the charges of an order: codes that are there, lines that they belong to, sizes, and what they give back."""
    codes = charge_codes(context, order.legal_entity_id)
    numbers = {line.number for line in order.lines}
    for place, charge in enumerate(order.charges):
        at = f"/charges/{place}"
        code = codes.get(charge.code)
        if code is None or not code.active:
            known = ", ".join(name for name in sorted(codes) if codes[name].active)
            message = f"There is no charge code {charge.code!r}. Use one of {known}."
            yield Issue(code="SALES_CHARGE_UNKNOWN", message=message, pointer=f"{at}/code", got=charge.code)
        elif charge.refund_of is not None and not code.is_refundable:
            message = f"Charges of the code {charge.code} are not given back."
            yield Issue(code="SALES_CHARGE_NOT_REFUNDABLE", message=message, pointer=f"{at}/refund_of", got=charge.code)
        if charge.line_number is not None and charge.line_number not in numbers:
            message = f"The charge {charge.code} names line {charge.line_number}, which the order does not have."
            yield Issue(code="SALES_LINE_UNKNOWN", message=message, pointer=f"{at}/line", got=str(charge.line_number))
        if charge.refund_of is not None and charge.amount > 0:
            message = f"The charge {charge.code} gives another back, so its amount is negative."
            got = format_scaled(charge.amount, order.exponent)
            yield Issue(code="SALES_CHARGE_SIGN", message=message, pointer=f"{at}/amount", got=got)
        if abs(charge.amount) > MAX_MINOR:
            message = f"The charge {charge.code} is larger than can be booked."
            yield Issue(code="SALES_TOTAL_TOO_LARGE", message=message, pointer=f"{at}/amount", got=format_scaled(charge.amount, order.exponent))


def currency_issues(code: str, date: str, books: Books) -> Iterable[Issue]:
    """Find a currency that cannot be booked on a date, because no exchange rate counts."""
    if code != books.currency and not books.has_rate(code, date):
        yield Issue(
            code="SALES_CURRENCY",
            message=f"The books are kept in {books.currency}, and there is no exchange rate for {code} on {date}.",
            pointer="/currency",
            expected={"currency": books.currency},
            got=code,
            action=f"Leave the currency out, give {books.currency}, or enter the rate (ledger.enter_exchange_rate).",
        )


def open_lines(order: SalesOrder, facts: Facts, context: Any) -> list[Any]:
    """Open the counters of each line, and count what charges give back."""
    opened: list[Any] = [Claim("sales.line", (line.id,), {"ordered": abs(line.quantity)}, opens=True) for line in order.lines]
    return [*opened, *refund_claims((), order.charges, charge_codes(context, order.legal_entity_id))] if order.charges else opened
