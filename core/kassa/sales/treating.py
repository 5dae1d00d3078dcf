"""Treating: what posting each line does to money and goods, asked when an order is made and again before its goods move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Row
from kassa.kernel.stages import Facts
from kassa.sales.documents import ISSUE, RECEIVE, RECEIVE_AT_GIVEN_COST, RECEIVE_AT_SOURCE, SERVICE, SalesLine, SalesOrder, Treatment
from kassa.sales.models import OrderLineRow

QUESTION = "treat_lines"
SOLD, BACK = ("issue", "none"), ("receive", "receive_and_issue", "none")


def treat_lines(document: SalesOrder, facts: Facts, context: Any) -> Mapping[str, Treatment]:
    """Answer the question `treat_lines` for a plain sale: goods leave or come back, services do not move.

    Goods come back at the cost of their sale where it is named, else at a cost that was given, else at the present one (RET-13).
    """
    return {line.id: (ISSUE if line.quantity > 0 else _receipt(line)) if line.stocked else SERVICE for line in document.lines}


def _receipt(line: SalesLine) -> Treatment:
    if line.source is not None:
        return RECEIVE_AT_SOURCE
    return RECEIVE if line.given_cost is None else RECEIVE_AT_GIVEN_COST


def shape_treatment(document: SalesOrder, facts: Facts, context: Any) -> SalesOrder:
    """Give each line its treatment; a line that a plugin's answer leaves out is treated as in a plain sale."""
    treatments = _treatments(document, facts, context)
    return evolve(document, lines=tuple(evolve(line, treatment=treatments[line.id]) for line in document.lines))


def _treatments(document: SalesOrder, facts: Facts, context: Any) -> Mapping[str, Treatment]:
    """Ask for treatments. Raises ValueError where one does not fit its line: what is sold leaves, what is taken back comes."""
    treatments: Mapping[str, Treatment] = context.decide(QUESTION, document, facts)
    if not context.registry.decisions[QUESTION]:
        return treatments
    treatments = {**treat_lines(document, facts, context), **treatments}
    for line in document.lines:
        fitting = SOLD if line.quantity > 0 else BACK
        if line.quantity and treatments[line.id].goods not in fitting:
            told = f"line {line.number} of quantity {line.quantity} takes {' or '.join(fitting)}, not {treatments[line.id].goods}"
            raise ValueError(f"an answer to {QUESTION} does not fit: {told}")
    return treatments


def treated(order: SalesOrder, context: Any) -> SalesOrder:
    """Ask again how lines of a stored order are treated that did not begin to move, and keep what changed.

    What happens to goods that come back may be decided long after their order was made. A line that was delivered or invoiced in
    part stays as it is: split it first. The plan must move the order as well, whose version guards the change.
    """
    if not context.registry.decisions[QUESTION]:
        return order
    treatments = _treatments(order, Facts(), context)
    changed = [
        line for line in order.lines if treatments[line.id] != line.treatment and not line.counters.delivered and not line.counters.invoiced
    ]
    for line in changed:
        told = treatments[line.id]
        values = {"money": told.money, "goods": told.goods, "cost_source": told.cost_source, "offset_role": told.offset_role}
        context.plan.add([Row(OrderLineRow, values, key={"id": line.id})], "sales.treat", order.id)
    ids = {line.id for line in changed}
    return evolve(order, lines=tuple(evolve(line, treatment=treatments[line.id]) if line.id in ids else line for line in order.lines))
