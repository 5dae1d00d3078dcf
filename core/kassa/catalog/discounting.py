"""Which discount a line gets: one at most, the best for the customer. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from kassa.catalog.documents import Discount
from kassa.kernel.values import Micro, Minor, Thousandths, line_amount, percent_of


def best_discount(discounts: Iterable[Discount], quantity: Thousandths, price: Micro, exponent: int) -> tuple[Discount, Minor] | None:
    """The discount that takes most off a line, and what it takes off, in minor units with the sign of the quantity.

    Of equal ones that whose code comes first; None where none takes anything off. A return gets what a sale of the same quantity
    would, so nobody gets back more than was paid.
    """
    found = [(amount_of(discount, quantity, price, exponent), discount) for discount in discounts if abs(quantity) >= discount.minimum]
    if not found:
        return None
    amount, best = min(found, key=lambda entry: (-abs(entry[0]), entry[1].code, entry[1].id))
    return (best, amount) if amount else None


def amount_of(discount: Discount, quantity: Thousandths, price: Micro, exponent: int) -> Minor:
    """What a discount takes off a line, rounded once, half away from zero; never more than its price."""
    if discount.rate is not None:
        return percent_of(line_amount(quantity, price, exponent), discount.rate)
    return line_amount(quantity, min(discount.amount or 0, price), exponent)
