"""Pricing: from products and quantities to exact amounts, in four steps: treatment, price, tax, totals.

Each amount is rounded once, half-up: the extended price of a line, a discount, and each tax, of a line or by setting of the
whole document (`kassa.catalog.taxing`). With tax in the price the net is what remains of the gross amount. Totals are sums of
lines and charges, never computed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from kassa.catalog.discounting import best_discount
from kassa.catalog.documents import Discount, TaxRate, TaxRounding
from kassa.catalog.taxing import Taxed, document_taxes, line_taxes
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.stages import Facts
from kassa.kernel.values import Micro, Minor, line_amount
from kassa.sales.documents import ISSUE, RECEIVE, SERVICE, Charge, LineTax, SalesLine, SalesOrder, Treatment


@attrs.frozen
class PriceFacts:
    """Prices by product (millionths), tax rates by tax group, discounts by product, and how tax is rounded."""

    prices: Mapping[str, Micro]
    rates: Mapping[str, tuple[TaxRate, ...]]
    discounts: Mapping[str, tuple[Discount, ...]] = attrs.field(factory=dict)
    tax_rounding: TaxRounding = "line"


def treat_lines(document: SalesOrder, facts: Facts, context: Any) -> Mapping[str, Treatment]:
    """Answer the question `treat_lines` for a plain sale: goods leave or come back at present cost, services do not move."""
    return {line.id: (ISSUE if line.quantity > 0 else RECEIVE) if line.stocked else SERVICE for line in document.lines}


def price_lines(document: SalesOrder, facts: Facts, context: Any) -> Mapping[str, tuple[Micro, str]]:
    """Answer the question `price`: a given price where there is one, else the list's; a line without either stays out."""
    prices = facts.of(PriceFacts).prices
    found = {}
    for line in document.lines:
        if line.given_price is not None:
            found[line.id] = (line.given_price, "given")
        else:
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


def shape_treatment(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Give each line its treatment."""
    treatments = context.decide("treat_lines", document, facts)
    return evolve(document, lines=tuple(evolve(line, treatment=treatments[line.id]) for line in document.lines))


def shape_prices(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Give each line its unit price and where it comes from, and one of the list's discounts where it has none yet."""
    prices = context.decide("price", document, facts)
    discounts = facts.of(PriceFacts).discounts
    lines = []
    for line in document.lines:
        found = prices.get(line.id)
        priced = line if found is None else evolve(line, unit_price=found[0], price_origin=found[1])
        offered = discounts.get(line.product_id) if priced.price_origin == "list" and not line.discount else None
        best = best_discount(offered, line.quantity, priced.unit_price, document.exponent) if offered else None
        lines.append(priced if best is None else evolve(priced, discount=best[1]))
    return evolve(document, lines=tuple(lines))


def shape_tax(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Compute net, taxes and total of each line and charge."""
    rates = context.decide("tax", document, facts)
    included, exponent = document.price_includes_tax, document.exponent
    amounts = [_amount(line, rates, included, exponent) for line in document.lines]
    by_document = facts.of(PriceFacts).tax_rounding == "document"
    taxes = document_taxes(amounts) if by_document else [line_taxes(amount) for amount in amounts]
    lines = tuple(_taxed_line(*found) for found in zip(document.lines, amounts, taxes, strict=True))
    charges = tuple(_taxed_charge(charge, rates) for charge in document.charges)
    return evolve(document, lines=lines, charges=charges)


def _amount(line: SalesLine, rates: Mapping[str, tuple[TaxRate, ...]], included: bool, exponent: int) -> Taxed:
    if line.treatment.money == "none":
        return Taxed(0, (), included)
    amount = line_amount(line.quantity, line.unit_price, exponent) - line.discount
    return Taxed(amount, rates.get(line.tax_group, ()), included)


def _taxed_line(line: SalesLine, taxed: Taxed, parts: tuple[Minor, ...]) -> SalesLine:
    if line.treatment.money == "none":
        return evolve(line, discount=0)
    amount, tax = taxed.amount, sum(parts)
    net, total = (amount - tax, amount) if taxed.included else (amount, amount + tax)
    return evolve(line, net=net, tax=tax, total=total, taxes=_named(taxed.rates, parts))


def _named(rates: tuple[TaxRate, ...], parts: tuple[Minor, ...]) -> tuple[LineTax, ...]:
    return tuple(LineTax(rate.code, rate.rate, part) for rate, part in zip(rates, parts, strict=True))


def _taxed_charge(charge: Charge, rates: Mapping[str, tuple[TaxRate, ...]]) -> Charge:
    found = rates.get(f"charge:{charge.code}", ())
    if not found:
        return charge
    taxes = taxes_of(charge.amount, found[:1], included=False)
    return evolve(charge, tax=taxes[0].amount, tax_code=taxes[0].code, rate=taxes[0].rate)


def taxes_of(amount: Minor, rates: tuple[TaxRate, ...], *, included: bool) -> tuple[LineTax, ...]:
    """Compute each tax of an amount in minor units, half-up; signs follow the amount."""
    return _named(rates, line_taxes(Taxed(amount, rates, included)))


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
