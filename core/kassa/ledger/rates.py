"""Exchange rates: how an amount of one currency becomes an amount of another, and the rounding that goes with it."""

from __future__ import annotations

from kassa.kernel.values import Minor, currency, round_half_up, share

RATE_PLACES = 9
ONE = 10**RATE_PLACES
"""Rates are billionths: what one of the foreign currency is worth in the accounting currency."""
MAX_RATE = 10**6 * ONE


def accounting_value(amount: Minor, code: str, accounting: str, rate: int) -> Minor:
    """Convert minor units of a currency into minor units of the accounting currency, rounded once, half away from zero."""
    return round_half_up(amount * rate * 10 ** currency(accounting).exponent, ONE * 10 ** currency(code).exponent)


def settled_value(total: Minor, before: Minor, amount: Minor, whole: Minor) -> Minor:
    """Give the accounting value of a part of an open item that is settled after `before` was: F(before + amount) - F(before).

    `whole` is the amount of the item and `total` its accounting value, both without sign, so the parts add up to it exactly.
    """
    return share(total, before + amount, whole) - share(total, before, whole)
