"""Pricing: from products and quantities to exact amounts, in three steps: price and discounts, tax and charges, totals.

Each amount is rounded once, half-up: the extended price of a line, a discount by rate, and each tax, of a line or by setting of
the whole document (`kassa.catalog.taxing`). With tax in the price the net is what remains of the gross amount. Totals are sums of
lines and charges, never computed again.

A line that has a price keeps it, so the same steps price a new order, what was added to an old one, and all of it anew:
`repriced` says before which prices and charges have to be found again. What was invoiced is never computed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from kassa.catalog import facts as catalog
from kassa.catalog.discounting import best_discount
from kassa.catalog.documents import Discount, TaxRate, TaxRounding
from kassa.catalog.taxing import Taxed, document_taxes, line_taxes
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.stages import Facts
from kassa.kernel.values import MICRO, Micro, Minor, allocate, line_amount, percent_of, round_half_up
from kassa.parties import facts as parties
from kassa.sales.charging import charge_codes, recomputed
from kassa.sales.documents import Charge, LineTax, SalesLine, SalesOrder

Mode = Literal["keep", "recalculate"]
Discounts = Mapping[str, tuple[Discount, ...]]
OUTSIDE = ("import", "till")
"""Origins that may bring prices of their own."""
FOUND = ("list", "locked", "policy")
"""Where prices come from that a recalculation finds again; those given by hand, from outside or by a source stay."""


@attrs.frozen
class Offers:
    """What the catalogue says on a date: prices in millionths, and discounts that can be given, both by product."""

    prices: Mapping[str, Micro] = attrs.field(factory=dict)
    discounts: Discounts = attrs.field(factory=dict)


@attrs.frozen
class PriceFacts:
    """What a selling channel offers, its tax rates by tax group, and how tax is rounded."""

    offers: Offers
    rates: Mapping[str, tuple[TaxRate, ...]]
    tax_rounding: TaxRounding = "line"


def repriced(order: SalesOrder, mode: Mode) -> SalesOrder:
    """Say what the next calculation has to find again: nothing that is there (keep), or all that is not invoiced (recalculate).

    To recalculate forgets prices and discounts of lists and every charge that a rule derived, also where somebody overrode it
    (CO-24, CO-27).
    """
    if mode == "keep":
        return evolve(order, keeps_charges=True)
    lines = tuple(_unpriced(line) if line.price_origin in FOUND and not line.counters.invoiced else line for line in order.lines)
    charges = tuple(charge for charge in order.charges if charge.origin != "derived" or charge.invoiced)
    return evolve(order, lines=lines, charges=charges, keeps_charges=False)


def rederived(order: SalesOrder) -> SalesOrder:
    """Keep prices, and have derived charges found again but for those that somebody overrode: what a cart needs when it changes."""
    charges = tuple(charge for charge in order.charges if charge.origin != "derived" or charge.overridden or charge.invoiced)
    return evolve(order, charges=charges, keeps_charges=False)


def _unpriced(line: SalesLine) -> SalesLine:
    if line.discount_origin != "list":
        return evolve(line, unit_price=0, price_origin="unpriced")
    return evolve(line, unit_price=0, price_origin="unpriced", discount=line.total_share, discount_rate=0, unit_discount=0, discount_origin="")


def price_lines(document: SalesOrder, facts: Facts, context: Any) -> Mapping[str, tuple[Micro, str]]:
    """Answer the question `price`: a given price where there is one, else the list's; a line without either stays out."""
    prices = facts.of(PriceFacts).offers.prices
    origin = "given" if context.origin in OUTSIDE else "overridden"
    found = {}
    for line in document.lines:
        if line.given_price is not None:
            found[line.id] = (line.given_price, origin)
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
    """Give each line that has none its unit price and where it comes from, and every line its discounts."""
    prices = context.decide("price", document, facts)
    discounts = facts.of(PriceFacts).offers.discounts
    lines = []
    for line in document.lines:
        if line.source is not None:
            lines.append(line)
            continue
        found = prices.get(line.id) if line.price_origin == "unpriced" else None
        priced = line if found is None else evolve(line, unit_price=found[0], price_origin=found[1])
        if discounts and found is not None and priced.price_origin == "list" and not priced.discount_origin and priced.product_id in discounts:
            priced = _offered(priced, discounts[priced.product_id], document.exponent)
        lines.append(_discounted(priced, document.exponent) if priced.discount_rate or priced.unit_discount else priced)
    given = document.discount_amount or document.discount_rate or any(line.total_share for line in lines)
    return evolve(document, lines=share_total_discount(document, tuple(lines)) if given else tuple(lines))


def _offered(line: SalesLine, discounts: tuple[Discount, ...], exponent: int) -> SalesLine:
    """Give a line the best of the list's discounts, which follows the line's quantity from then on."""
    best = best_discount(discounts, line.quantity, line.unit_price, exponent)
    if best is None:
        return line
    discount, amount = best
    unit = min(discount.amount or 0, line.unit_price)
    return evolve(
        line, discount=amount + line.total_share, discount_rate=discount.rate or 0, unit_discount=unit if discount.rate is None else 0,
        discount_origin="list",
    )  # fmt: skip


def _discounted(line: SalesLine, exponent: int) -> SalesLine:
    """Compute the own discount of a line from its rate, or from what is off each unit; it has the sign of the line."""
    if line.counters.invoiced:
        return line
    if line.unit_discount:
        return evolve(line, discount=line_amount(line.quantity, line.unit_discount, exponent) + line.total_share)
    return evolve(line, discount=percent_of(line_amount(line.quantity, line.unit_price, exponent), line.discount_rate) + line.total_share)


def share_total_discount(order: SalesOrder, lines: tuple[SalesLine, ...]) -> tuple[SalesLine, ...]:
    """Divide the discount on an order's total among its lines by largest remainder, by what each costs after its own discount.

    An amount falls on the lines of its own sign: a positive one on what is sold. A rate is taken of what is sold and of what
    comes back, each for itself. Lines that were invoiced keep their shares, which count; what is cancelled bears none, nor does what has its share of a sale.
    """
    bare = {line.id: line_amount(line.quantity, line.unit_price, order.exponent) - (line.discount - line.total_share) for line in lines}
    shares: dict[str, Minor] = {}
    for sign in (1, -1):
        side = [line for line in lines if line.sign == sign and not line.gone and line.source is None and line.treatment.money == "full"]
        if order.discount_rate:
            total = percent_of(sum(bare[line.id] for line in side), order.discount_rate)
        else:
            total = order.discount_amount if order.discount_amount * sign > 0 else 0
        billed = [line for line in side if line.counters.invoiced]
        bearing = [line for line in side if not line.counters.invoiced]
        rest = total - sum(line.total_share for line in billed)
        if bearing:
            parts = allocate(rest, [max(0, bare[line.id] * sign) for line in bearing])
            shares |= {line.id: part for line, part in zip(bearing, parts, strict=True)}
    return tuple(_with_share(line, shares.get(line.id, 0)) for line in lines)


def _with_share(line: SalesLine, share: Minor) -> SalesLine:
    if line.counters.invoiced or share == line.total_share:
        return line
    return evolve(line, discount=line.discount - line.total_share + share, total_share=share)


def shape_tax(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Compute net, taxes and total of each line, then what each charge comes to and its taxes."""
    rates = context.decide("tax", document, facts)
    included, exponent = document.price_includes_tax, document.exponent
    amounts = [_amount(line, rates, included, exponent) for line in document.lines]
    by_document = facts.of(PriceFacts).tax_rounding == "document"
    taxes = document_taxes(amounts) if by_document else [line_taxes(amount) for amount in amounts]
    lines = tuple(_taxed_line(*found) for found in zip(document.lines, amounts, taxes, strict=True))
    if not document.charges:
        return evolve(document, lines=lines)
    charges = recomputed(evolve(document, lines=lines))
    return evolve(document, lines=lines, charges=tuple(taxed_charge(charge, document, rates, context) for charge in charges))


def _amount(line: SalesLine, rates: Mapping[str, tuple[TaxRate, ...]], included: bool, exponent: int) -> Taxed:
    if line.source is not None or line.treatment.money == "none" or line.gone or line.counters.invoiced:
        return Taxed(0, (), included)
    amount = line_amount(line.quantity, line.unit_price, exponent) - line.discount
    return Taxed(amount, rates.get(line.tax_group, ()), included)


def discount_without_tax(discount: Minor, taxes: tuple[LineTax, ...]) -> Minor:
    """Take the tax out of a discount on a price that includes it, so that revenue and discount are both booked without tax."""
    return round_half_up(discount * MICRO, MICRO + sum(tax.rate for tax in taxes))


def _taxed_line(line: SalesLine, taxed: Taxed, parts: tuple[Minor, ...]) -> SalesLine:
    if line.counters.invoiced or line.source is not None:
        return line
    if line.treatment.money == "none":
        return evolve(line, discount=0, total_share=0, net_discount=0)
    if line.gone:
        return evolve(line, discount=0, total_share=0, net_discount=0, net=0, tax=0, total=0, taxes=())
    amount, tax, taxes = taxed.amount, sum(parts), _named(taxed.rates, parts)
    net, total = (amount - tax, amount) if taxed.included else (amount, amount + tax)
    net_discount = discount_without_tax(line.discount, taxes) if taxed.included and line.discount else line.discount
    return evolve(line, net_discount=net_discount, net=net, tax=tax, total=total, taxes=taxes)


def _named(rates: tuple[TaxRate, ...], parts: tuple[Minor, ...]) -> tuple[LineTax, ...]:
    return tuple(LineTax(rate.code, rate.rate, part) for rate, part in zip(rates, parts, strict=True))


def taxed_charge(charge: Charge, order: SalesOrder, rates: Mapping[str, tuple[TaxRate, ...]], context: Any) -> Charge:
    """Tax a charge by the tax group of its code; what a rule added only now is looked up here, the others came with the facts."""
    if charge.invoiced:
        return charge
    known = rates.get(f"charge:{charge.code}")
    if known is None:
        code = None if _exempt(order, context) else charge_codes(context, order.legal_entity_id).get(charge.code)
        known = catalog.tax_rates(context, order.legal_entity_id, code.tax_group or None, order.date) if code is not None else ()
    return evolve(charge, taxes=_named(known, line_taxes(Taxed(charge.amount, known, False))))


def _exempt(order: SalesOrder, context: Any) -> bool:
    return order.customer_id is not None and bool(parties.customer(context, order.customer_id).tax_exempt)


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
