"""Costing: what goods that leave or come are worth, kept up line by line within one document.

Moving average: what leaves takes its share of the value that is there. Standard: every piece is worth the product's standard
cost, and what goods cost otherwise is a variance. FIFO: the moving average until the period is closed (`fifo.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.catalog.documents import Costing
from kassa.kernel.values import Micro, Minor, Thousandths, round_half_up
from kassa.stock.documents import OnHand, standard_value
from kassa.stock.facts import on_hand

Place = tuple[str, str]


class Valuation:
    """What lies where while a document is valued; the second line of a product sees what the first one took."""

    __slots__ = ("_exponent", "_found")

    def __init__(self, context: Any, places: Sequence[Place], exponent: int) -> None:
        self._found = on_hand(context, places)
        self._exponent = exponent

    def take(self, place: Place, quantity: Thousandths, standard_cost: Micro, costing: Costing = "moving_average") -> Minor:
        """Value an issue of a positive quantity; returns its cost as a positive amount of minor units."""
        found = self._found[place]
        if costing == "standard":
            cost = standard_value(quantity, standard_cost, self._exponent)
        else:
            cost = found.cost_of(quantity, standard_cost, self._exponent)
        self._found[place] = OnHand(found.on_hand - quantity, found.available - quantity, found.value - cost)
        return cost

    def put(self, place: Place, quantity: Thousandths, cost: Minor) -> None:
        """Take note of a receipt."""
        found = self._found[place]
        self._found[place] = OnHand(found.on_hand + quantity, found.available + quantity, found.value + cost)

    def average(self, place: Place, quantity: Thousandths, standard_cost: Micro, costing: Costing = "moving_average") -> Minor:
        """Value a quantity at the present average without moving it, also more of it than there is."""
        found = self._found[place]
        if costing != "standard" and found.on_hand > 0 and found.value >= 0:
            return round_half_up(found.value * quantity, found.on_hand)
        return standard_value(quantity, standard_cost, self._exponent)
