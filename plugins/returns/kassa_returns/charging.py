"""Charges that codes bring: of a reason on the header, of a disposition on the line; added once, and never taken away by another code."""

from __future__ import annotations

from collections.abc import Iterable

from kassa import Charge, SalesOrder, evolve, round_half_up
from kassa_returns.documents import CodeCharge

REASON, DISPOSITION = "returns.reason", "returns.disposition"
MICRO = 10**6


def with_charges(order: SalesOrder, charges: Iterable[CodeCharge], rule: str, code: str, line: int | None = None) -> SalesOrder:
    """Give an order with the charges that a code brings, behind those that it has (RET-18, RET-19)."""
    start = max((charge.number for charge in order.charges), default=0) + 1
    made = tuple(
        _charge(charge, order.exponent, number=start + place, rule=rule, code=code, line=line) for place, charge in enumerate(charges)
    )
    return evolve(order, charges=(*order.charges, *made)) if made else order


def _charge(asked: CodeCharge, exponent: int, *, number: int, rule: str, code: str, line: int | None) -> Charge:
    """Make a charge; fixed ones keep their sign, rates take that of the net amount (RET-20, RET-21)."""
    made = Charge(number=number, line_number=line, code=asked.code, origin="act", rule=rule, reason=code)
    if asked.rate is not None:
        return evolve(made, category="percent", value=asked.rate)
    if asked.per_piece is not None:
        return evolve(made, category="pieces", value=asked.per_piece)
    return evolve(made, amount=round_half_up((asked.amount or 0) * 10**exponent, MICRO))
