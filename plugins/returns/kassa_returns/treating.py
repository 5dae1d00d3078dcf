"""What the six dispositions do: how posting treats goods and money of each return line, and which lines may be posted now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kassa import Facts, Issue, SalesLine, SalesOrder, Treatment
from kassa_returns.documents import TYPE, ReturnLine, state_of
from kassa_returns.settings import SCRAP_ROLE

SOLD_AGAINST = "cost_of_goods_sold"
WAYS: Mapping[str, tuple[Any, Any, str]] = {
    "credit": ("full", "receive", SOLD_AGAINST),
    "credit_only": ("full", "none", SCRAP_ROLE),
    "scrap": ("full", "receive_and_issue", SCRAP_ROLE),
    "replace_and_credit": ("full", "receive", SOLD_AGAINST),
    "replace_and_scrap": ("full", "receive_and_issue", SCRAP_ROLE),
    "return_to_customer": ("none", "receive_and_issue", SOLD_AGAINST),
}
"""By action: money, goods, and the role against which the goods are booked (RET-08, RET-41, RET-42)."""


def treat_lines(order: SalesOrder, facts: Facts, context: Any) -> Mapping[str, Treatment] | None:
    """Answer how lines of a return order are treated; before it is decided they come back as any goods do."""
    if order.type != TYPE or order.state == "draft":
        return None
    return {line.id: _treatment(line, action) for line in order.lines if (action := state_of(line).action) is not None}


def _treatment(line: SalesLine, action: str) -> Treatment:
    """Treat a line by its action, at the cost of its sale where that is known, else at a given cost, else at the present one (RET-13)."""
    money, goods, role = WAYS[action]
    source = "source_lot" if line.source is not None else "manual" if line.given_cost is not None else "current"
    if not line.stocked:
        return Treatment(money=money, goods="none")
    return Treatment(money=money, goods=goods, cost_source=source, offset_role=role)  # type: ignore[arg-type]


def eligible(order: SalesOrder, facts: Facts, context: Any, transition: str, batch: bool) -> Mapping[str, Issue] | None:
    """Answer which lines of a return order may not be posted now: a batch invoices what is received (INV-04, INV-09), a person also
    what is registered (INV-08); a packing slip takes what is registered (RET-39).
    """
    if order.type != TYPE:
        return None
    found = {}
    for line in order.lines:
        issue = _to_slip(line, state_of(line)) if transition == "packing_slip" else _to_invoice(line, state_of(line), batch)
        if issue is not None:
            found[line.id] = issue
    return found


def without_receipt_of_goods(line: SalesLine, state: ReturnLine) -> bool:
    """Tell whether nothing is received of a line: it is credited without its goods, or is a service."""
    return state.action == "credit_only" or not line.stocked


def _to_slip(line: SalesLine, state: ReturnLine) -> Issue | None:
    if state.state in ("received", "invoiced", "cancelled"):
        return None
    at = f"/lines/{line.number - 1}"
    if state.state != "registered":
        message = f"Line {line.number} is {state.state}; a packing slip takes what is registered."
        return Issue(code="RET_NOT_REGISTERED", message=message, pointer=at, rule="RET-39", severity="skip", got=state.state)
    if without_receipt_of_goods(line, state):
        return Issue(code="RET_NO_RECEIPT", message=f"Nothing comes of line {line.number}.", pointer=at, severity="skip")
    return None


def _to_invoice(line: SalesLine, state: ReturnLine, batch: bool) -> Issue | None:
    ready = state.state in ("received", "invoiced", "cancelled")
    if ready or (state.state == "registered" and (not batch or without_receipt_of_goods(line, state))):
        return None
    expected = "received" if batch else "registered or received"
    return Issue(
        code="INV_LINE_NOT_RECEIVED", message=f"Line {line.number} is {state.state}; it is invoiced once it is {expected}.",
        pointer=f"/lines/{line.number - 1}", rule="INV-04" if batch else "INV-08", severity="skip", expected={"state": expected}, got=state.state,
    )  # fmt: skip
