"""Tax of amounts: line by line, or on the sums of a document and allocated back. Pure.

By document, tax is computed once for each code on the sum of all amounts that bear it, and each line gets its share: its exact
tax cut off, and a unit more for those that lost most by it, the earliest first among equals. So the lines add up to the tax of
the sums, and no line is a whole unit away from its exact tax (where a price contains several codes, no line is two). Amounts
without and with tax in them have sums of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from kassa.catalog.documents import TaxRate
from kassa.kernel.values import MICRO, Minor, allocate, round_half_up


@attrs.frozen
class Taxed:
    """An amount in minor units, signed, with the rates that it bears; `included`: the amount contains them."""

    amount: Minor
    rates: tuple[TaxRate, ...]
    included: bool


def line_taxes(taxed: Taxed) -> tuple[Minor, ...]:
    """Each tax of an amount by itself, half away from zero, in the order of its rates; signs follow the amount.

    With tax included the sum is what the amount contains at all rates together, divided among the codes by their rates.
    """
    if not taxed.rates:
        return ()
    if not taxed.included:
        return tuple(round_half_up(taxed.amount * rate.rate, MICRO) for rate in taxed.rates)
    return tuple(allocate(_contained(taxed.amount, taxed.rates), [rate.rate for rate in taxed.rates]))


def _contained(amount: Minor, rates: Sequence[TaxRate]) -> Minor:
    together = sum(rate.rate for rate in rates)
    return round_half_up(amount * together, MICRO + together)


def document_taxes(amounts: Sequence[Taxed]) -> list[tuple[Minor, ...]]:
    """The taxes of each amount of a document, in the order of its rates, when tax is rounded once for each code."""
    found: list[list[Minor]] = [[0] * len(taxed.rates) for taxed in amounts]
    without: dict[TaxRate, list[tuple[int, int]]] = {}
    within: dict[tuple[TaxRate, ...], list[int]] = {}
    for place, taxed in enumerate(amounts):
        if taxed.included:
            within.setdefault(taxed.rates, []).append(place)
            continue
        for column, rate in enumerate(taxed.rates):
            without.setdefault(rate, []).append((place, column))
    for rate, cells in without.items():
        sizes = [amounts[place].amount for place, _ in cells]
        parts = shares(round_half_up(sum(sizes) * rate.rate, MICRO), [size * rate.rate for size in sizes], MICRO)
        for (place, column), part in zip(cells, parts, strict=True):
            found[place][column] = part
    for rates, places in within.items():
        sizes = [amounts[place].amount for place in places]
        whole = MICRO + sum(rate.rate for rate in rates)
        totals = allocate(_contained(sum(sizes), rates), [rate.rate for rate in rates]) if rates else []
        for column, (rate, total) in enumerate(zip(rates, totals, strict=True)):
            for place, part in zip(places, shares(total, [size * rate.rate for size in sizes], whole), strict=True):
                found[place][column] = part
    return [tuple(parts) for parts in found]


def shares(total: Minor, exact: Sequence[int], whole: int) -> list[Minor]:
    """The total divided among exact shares `exact / whole`, which may have both signs and add up to about the total.

    Each share is cut off to the lower unit; what is left goes to those that lost most, the earliest first among equals, and never
    to a share of nothing. Where the sum is negative this is done with all signs turned, so a credit mirrors its sale.
    """
    if sum(exact) < 0:
        return [-part for part in shares(-total, [-share for share in exact], whole)]
    parts = [share // whole for share in exact]
    bearing = sorted((place for place, share in enumerate(exact) if share), key=lambda place: (-(exact[place] % whole), place))
    each, left = divmod(total - sum(parts), len(bearing)) if bearing else (0, 0)
    for number, place in enumerate(bearing):
        parts[place] += each + (number < left)
    return parts
