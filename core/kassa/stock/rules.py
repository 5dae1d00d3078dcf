"""Rules of stock adjustments and of the counts that end in them: valued at the average when stock leaves, at a given or standard cost when it comes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from kassa.kernel.errors import Issue, Severity
from kassa.kernel.frozen import evolve
from kassa.kernel.stages import Facts
from kassa.kernel.values import MAX_MINOR, Thousandths, format_quantity
from kassa.ledger.dimensions import dimensions_of
from kassa.ledger.documents import Books
from kassa.ledger.postings import Booking
from kassa.stock.costing import Valuation
from kassa.stock.documents import Adjustment, AdjustmentLine, standard_value
from kassa.stock.documents.counts import Count
from kassa.stock.facts import on_hand
from kassa.stock.movements import move

SIGNS = {"opening": 1, "loss": -1}
"""The sign that quantities have for a reason; the other reasons take both."""


def check_counted(document: Count, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that something of a count was counted."""
    if all(line.counted is None for line in document.lines):
        yield Issue(code="STOCK_NOTHING_TO_COUNT", message="Nothing was counted yet. Write down what was found.", pointer="/count")


def value_adjustment(document: Adjustment, facts: Facts, context: Any) -> Adjustment:
    """Give each line its cost in minor units, signed like its quantity; at standard cost the rest of what was paid is a variance."""
    places = [(line.product_id, document.warehouse_id) for line in document.lines]
    valuation = Valuation(context, places, document.exponent)
    lines = []
    for line, place in zip(document.lines, places, strict=True):
        if line.quantity > 0:
            unit_cost = line.unit_cost if line.unit_cost is not None else line.standard_cost
            paid = standard_value(line.quantity, unit_cost, document.exponent)
            cost = standard_value(line.quantity, line.standard_cost, document.exponent) if line.costing == "standard" else paid
            valuation.put(place, line.quantity, cost)
        else:
            cost = paid = -valuation.take(place, -line.quantity, line.standard_cost, line.costing)
        lines.append(evolve(line, cost=cost, variance=paid - cost))
    return evolve(document, lines=tuple(lines))


def move_adjustment(document: Adjustment, facts: Facts, context: Any) -> Iterable[Any]:
    """Bring stock in (received and purchased at once) or take it out (deducted and sold at once)."""
    effects: list[Any] = []
    for line in document.lines:
        floor = 0 if _policy(line, document) == "refuse" else None
        first, second = ("received", "purchased") if line.quantity > 0 else ("deducted", "sold")
        step = partial(
            move, lot_id=line.lot_id, legal_entity_id=document.legal_entity_id, product_id=line.product_id,
            warehouse_id=document.warehouse_id, quantity=line.quantity, date=document.date,
        )  # fmt: skip
        effects += step(sequence=1, from_status="none", to_status=first, cost=line.cost, floor=floor, shortage=partial(_shortage, line))
        effects += step(sequence=2, from_status=first, to_status=second)
    return effects


def check_adjustment(document: Adjustment, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check each line: a quantity whose sign fits the reason, a cost that can be booked; warn where stock becomes negative."""
    for line in document.lines:
        yield from _check_line(line, document)
    if any(_policy(line, document) == "warn" for line in document.lines):
        yield from _negative(document, context)


def _policy(line: AdjustmentLine, document: Adjustment) -> str:
    """Tell what happens where more leaves than is there: what the product says, else what the store does."""
    return line.negative_stock or ("warn" if document.warn_negative else "allow" if document.allow_negative else "refuse")


def _check_line(line: AdjustmentLine, document: Adjustment) -> Iterable[Issue]:
    at = f"/lines/{line.number - 1}"
    if line.quantity == 0:
        message = f"Line {line.number} changes nothing. Give a quantity, or leave the line out."
        yield Issue(code="STOCK_QUANTITY_ZERO", message=message, pointer=f"{at}/quantity")
    sign = SIGNS.get(document.reason, 0)
    if line.quantity * sign < 0:
        message = f"Line {line.number}: {document.reason} takes {'positive' if sign > 0 else 'negative'} quantities only."
        yield Issue(code="STOCK_QUANTITY_SIGN", message=message, pointer=f"{at}/quantity", got=format_quantity(line.quantity))
    if line.quantity < 0 and line.unit_cost is not None:
        message = f"Line {line.number}: what leaves is valued at the moving average. Leave the cost out."
        yield Issue(code="STOCK_COST_OF_ISSUE", message=message, pointer=f"{at}/unit_cost")
    if line.quantity > 0:
        yield from _check_cost(line, document, at)


def _check_cost(line: AdjustmentLine, document: Adjustment, at: str) -> Iterable[Issue]:
    unit_cost = line.unit_cost if line.unit_cost is not None else line.standard_cost
    if standard_value(line.quantity, unit_cost, document.exponent) > MAX_MINOR:
        message = f"Line {line.number}: quantity times cost is more than can be booked. Divide the line, or correct the cost."
        yield Issue(code="STOCK_VALUE_TOO_LARGE", message=message, pointer=f"{at}/quantity", got=format_quantity(line.quantity))
    if unit_cost == 0:
        yield Issue(
            code="STOCK_COST_MISSING",
            message=f"Line {line.number}: {line.product_number} comes in at cost 0, for neither the line nor the product has a cost.",
            pointer=f"{at}/unit_cost",
            severity="warn",
            action="Give a unit cost, or a standard cost to the product.",
        )


def _negative(document: Adjustment, context: Any) -> Iterable[Issue]:
    left = {place: found.available for place, found in on_hand(context, [(x.product_id, document.warehouse_id) for x in document.lines]).items()}
    for line in document.lines:
        place = (line.product_id, document.warehouse_id)
        left[place] += line.quantity
        if line.quantity < 0 and left[place] < 0 and _policy(line, document) == "warn":
            yield _shortage(line, left[place], "warn")


def _shortage(line: AdjustmentLine, left: Thousandths, severity: Severity = "refuse") -> Issue:
    """Say that more would leave than is available; `left` is what would be available afterwards."""
    available = format_quantity(left - line.quantity)
    return Issue(
        code="STOCK_SHORTAGE",
        message=f"Line {line.number}: {format_quantity(-line.quantity)} of {line.product_number} asked, {available} available.",
        pointer=f"/lines/{line.number - 1}/quantity",
        rule="stock.available",
        severity=severity,
        expected={"available": available},
        got=format_quantity(-line.quantity),
        action="Count again, or take out less.",
    )


def book_adjustment(document: Adjustment, facts: Facts, context: Any) -> Iterable[Any]:
    """Book the change in value: inventory and cost variances against the account of the reason (opening stock, gain or loss)."""
    booking = Booking(document, facts.of(Books))
    dimensions = dimensions_of(document, context, warehouse_id=document.warehouse_id)
    total, variance = sum(line.cost for line in document.lines), sum(line.variance for line in document.lines)
    booking.debit("inventory", total, dimensions)
    booking.debit("cost_variance", variance, dimensions)
    booking.credit("stock_adjustment", total + variance, dimensions, document.reason)
    return booking.effects()
