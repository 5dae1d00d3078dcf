"""Pricing: from products and quantities to exact amounts, in three steps: price, tax, totals.

Each amount is rounded once, half-up: the extended price of a line, and each tax of a line. With tax in the price the net is
what remains of the gross amount. Totals are sums of lines and charges, never computed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from kassa.catalog.documents import TaxRate
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.stages import Facts
from kassa.kernel.values import MICRO, Micro, Minor, allocate, line_amount, round_half_up
from kassa.sales.documents import Charge, LineTax, SalesLine, SalesOrder


@attrs.frozen
class PriceFacts:
    """Prices by product (millionths), tax rates by tax group, and whether the caller may set prices."""

    prices: Mapping[str, Micro]
    rates: Mapping[str, tuple[TaxRate, ...]]


def price_lines(document: SalesOrder, facts: Facts, context: Any) -> Mapping[str, tuple[Micro, str]]:
    """Answer the question `price`: a given price where there is one, else the list's; a line without either stays out."""
    prices = facts.of(PriceFacts).prices
    found = {}
    for line in document.lines:
        if line.given_price is not None:
            found[line.id] = (line.given_price, "given")
        elif line.source is None:
            listed = prices.get(line.product_id)
            if listed is not None:
                found[line.id] = (listed, "list")
    return found


def tax_rates(document: SalesOrder, facts: Facts, context: Any) -> Mapping[str, tuple[TaxRate, ...]]:
    """Answer the question `tax`: the rates of each tax group on the document's date."""
    return facts.of(PriceFacts).rates


def eligible(document: SalesOrder, facts: Facts, context: Any, transition: str, batch: bool) -> Mapping[str, Issue]:
    """Answer the question `eligible` for a plain sale: every line is, as far as its quantities go."""
    return {}


def shape_prices(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Give each line its unit price and where it comes from."""
    prices = context.decide("price", document, facts)
    lines = []
    for line in document.lines:
        found = prices.get(line.id)
        lines.append(line if found is None else evolve(line, unit_price=found[0], price_origin=found[1]))
    return evolve(document, lines=tuple(lines))


def shape_tax(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Compute net, taxes and total of each line and charge."""
    rates = context.decide("tax", document, facts)
    included, exponent = document.price_includes_tax, document.exponent
    lines = tuple(_taxed_line(line, rates.get(line.tax_group, ()), included, exponent) for line in document.lines)
    charges = tuple(_taxed_charge(charge, rates) for charge in document.charges)
    return evolve(document, lines=lines, charges=charges)


def _taxed_line(line: SalesLine, rates: tuple[TaxRate, ...], included: bool, exponent: int) -> SalesLine:
    if line.source is not None:
        return line
    if line.treatment.money == "none":
        return evolve(line, discount=0)
    amount = line_amount(line.quantity, line.unit_price, exponent) - line.discount
    taxes = taxes_of(amount, rates, included=included)
    tax = sum(found.amount for found in taxes)
    net, total = (amount - tax, amount) if included else (amount, amount + tax)
    net_discount = discount_without_tax(line.discount, taxes) if included and line.discount else line.discount
    return evolve(line, net_discount=net_discount, net=net, tax=tax, total=total, taxes=taxes)


def discount_without_tax(discount: Minor, taxes: tuple[LineTax, ...]) -> Minor:
    """Take the tax out of a discount on a price that includes it, so that revenue and discount are both booked without tax."""
    return round_half_up(discount * MICRO, MICRO + sum(tax.rate for tax in taxes))


def _taxed_charge(charge: Charge, rates: Mapping[str, tuple[TaxRate, ...]]) -> Charge:
    found = rates.get(f"charge:{charge.code}", ())
    if not found:
        return charge
    taxes = taxes_of(charge.amount, found[:1], included=False)
    return evolve(charge, tax=taxes[0].amount, tax_code=taxes[0].code, rate=taxes[0].rate)


def taxes_of(amount: Minor, rates: tuple[TaxRate, ...], *, included: bool) -> tuple[LineTax, ...]:
    """Compute each tax of an amount in minor units, half-up; signs follow the amount.

    With tax included the sum is what the amount contains at all rates together, divided among the codes by their rates.
    """
    if not rates:
        return ()
    if not included:
        return tuple(LineTax(rate.code, rate.rate, round_half_up(amount * rate.rate, MICRO)) for rate in rates)
    together = sum(rate.rate for rate in rates)
    contained = round_half_up(amount * together, MICRO + together)
    parts = allocate(contained, [rate.rate for rate in rates])
    return tuple(LineTax(rate.code, rate.rate, part) for rate, part in zip(rates, parts, strict=True))


def shape_totals(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Add the document up: sums of its lines and charges."""
    net = tax = 0
    for line in document.lines:
        net += line.net
        tax += line.tax
    for charge in document.charges:
        net += charge.amount
        tax += charge.tax
    return evolve(document, net=net, tax=tax, total=net + tax)
