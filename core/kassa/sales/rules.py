"""Checks of an order: what is sold can be sold, to whom, at which price and in which currency."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.plan import Claim
from kassa.kernel.stages import Facts
from kassa.kernel.values import MAX_MINOR, QUANTITY_PLACES, format_scaled
from kassa.ledger.documents import Books
from kassa.sales.documents import ChargeCode, OrderType, SalesLine, SalesOrder

OUTSIDE = ("import", "till")
OVERRIDE = "sales.override_price"


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
    if line.price_origin == "given" and context.origin not in OUTSIDE and not context.actor.may(OVERRIDE):
        yield Issue(
            code="SALES_PRICE_OVERRIDE",
            message=f"Line {line.number}: you may not set the price of {line.product_number}.",
            pointer=f"{at}/unit_price",
            severity="approvable",
            permission=OVERRIDE,
            amount=format_scaled(line.unit_price, 6, trim=True),
        )
    if line.discount and (line.discount > 0) is not (line.quantity > 0):
        yield Issue(
            code="SALES_DISCOUNT_SIGN", message=f"Line {line.number}: a discount has the sign of its line.", pointer=f"{at}/discount"
        )
    amount = line.net + line.tax
    if line.quantity and amount and (amount > 0) is not (line.quantity > 0):
        yield Issue(
            code="SALES_DISCOUNT_TOO_LARGE", message=f"Line {line.number}: the discount is larger than the price.", pointer=f"{at}/discount"
        )


def check_order(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check the order as a whole: currency, charges, size."""
    books = facts.of(Books)
    yield from currency_issues(order.currency, order.date, books)
    for place, charge in enumerate(order.charges):
        if context.registry.find(ChargeCode, charge.code) is None:
            known = ", ".join(code.name for code in context.registry.all(ChargeCode))
            yield Issue(
                code="SALES_CHARGE_UNKNOWN",
                message=f"There is no charge code {charge.code!r}. Use one of {known}.",
                pointer=f"/charges/{place}/code",
            )
    if abs(order.total) > MAX_MINOR and all(abs(line.total) <= MAX_MINOR for line in order.lines):
        yield Issue(
            code="SALES_TOTAL_TOO_LARGE",
            message="The total is larger than can be booked. Divide the order.",
            pointer="/lines",
            got=str(order.total),
        )


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
    """Open the counters of each line."""
    return [Claim("sales.line", (line.id,), {"ordered": abs(line.quantity)}, opens=True) for line in order.lines]
