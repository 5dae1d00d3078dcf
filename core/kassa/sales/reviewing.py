"""Reviewing: the charges of an order are looked at, and changed, before its invoice is posted (INV-07, INV-13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Row
from kassa.sales.documents import Charge, ChargeCode, SalesOrder
from kassa.sales.messages import ChargeChange
from kassa.sales.models import OrderChargeRow, OrderRow
from kassa.sales.ordering import minor
from kassa.sales.pricing import taxes_of

RULE = "sales.review"
EDIT = "sales.edit_posting"


def check_edits(context: Any, pointer: str) -> None:
    """Demand the permission to change how an order is posted; without it somebody who has it may approve."""
    if not context.actor.may(EDIT):
        message = "You may not change charges or the correction of an invoice."
        context.refuse([Issue(code="INV_EDIT_POSTING", message=message, pointer=pointer, severity="approvable", permission=EDIT)])


def reviewed(order: SalesOrder, changes: Sequence[ChargeChange], context: Any, pointer: str) -> SalesOrder:
    """Change the charges of an order that is about to be invoiced, and its totals with them.

    Refused (at `pointer`): a charge that the order does not have or that was invoiced, a code that nobody declares. The plan must
    move the order as well, whose version guards the change.
    """
    if not changes:
        return order
    check_edits(context, pointer)
    issues: list[Issue] = []
    charges = {charge.number: charge for charge in order.charges}
    for place, change in enumerate(changes):
        at = f"{pointer}/{place}"
        asked = minor(change.amount, order.exponent, f"{at}/amount", issues)
        charge = _changed(change, charges, order, asked, at, context, issues)
        if charge is not None:
            charges[charge.number] = charge
    context.refuse(issues)
    before = {charge.number: charge for charge in order.charges}
    effects = [_row(order.id, charge, before.get(charge.number)) for charge in charges.values() if charge is not before.get(charge.number)]
    net = order.net + sum(charge.amount for charge in charges.values()) - sum(charge.amount for charge in order.charges)
    tax = order.tax + sum(charge.tax for charge in charges.values()) - sum(charge.tax for charge in order.charges)
    totals = {"net": net, "tax": tax, "total": net + tax}
    context.plan.add([*effects, Row(OrderRow, totals, key={"document_id": order.id})], RULE, order.id)
    return evolve(order, charges=tuple(charges.values()), **totals)


def _changed(
    change: ChargeChange, charges: dict[int, Charge], order: SalesOrder, amount: int, at: str, context: Any, issues: list[Issue]
) -> Charge | None:
    if (change.charge is None) is (change.code is None):
        message = "Give the number of a charge that is there, or the code of one that is added; not both."
        issues.append(Issue(code="SALES_CHARGE_UNKNOWN", message=message, pointer=at))
        return None
    if change.charge is not None:
        charge = charges.get(change.charge)
        if charge is None or charge.invoiced:
            left = ", ".join(str(number) for number, found in charges.items() if not found.invoiced) or "none"
            message = f"The order has no charge {change.charge} that is not invoiced yet; those are: {left}."
            issues.append(Issue(code="SALES_CHARGE_UNKNOWN", message=message, pointer=f"{at}/charge", got=str(change.charge)))
            return None
    else:
        charge = Charge(number=max(charges, default=0) + 1, code=change.code or "", amount=0)
    return _taxed(charge, amount, order, at, context, issues)


def _taxed(charge: Charge, amount: int, order: SalesOrder, at: str, context: Any, issues: list[Issue]) -> Charge | None:
    code = context.registry.find(ChargeCode, charge.code)
    if code is None:
        known = ", ".join(found.name for found in context.registry.all(ChargeCode))
        message = f"There is no charge code {charge.code!r}. Use one of {known}."
        issues.append(Issue(code="SALES_CHARGE_UNKNOWN", message=message, pointer=f"{at}/code"))
        return None
    rates = catalog.tax_rates(context, order.legal_entity_id, code.tax_group, order.date) if code.tax_group else ()
    taxes = taxes_of(amount, rates[:1], included=False)
    if not taxes:
        return evolve(charge, amount=amount, tax=0, tax_code=None, rate=0)
    return evolve(charge, amount=amount, tax=taxes[0].amount, tax_code=taxes[0].code, rate=taxes[0].rate)


def _row(order_id: str, charge: Charge, before: Charge | None) -> Row:
    values = {"amount": charge.amount, "tax": charge.tax, "tax_code": charge.tax_code, "rate": charge.rate}
    if before is not None:
        return Row(OrderChargeRow, values, key={"document_id": order_id, "number": charge.number})
    made = {
        "document_id": order_id, "number": charge.number, "line_number": charge.line_number, "code": charge.code,
        "category": charge.category, "origin": charge.origin, "invoiced": 0,
    }  # fmt: skip
    return Row(OrderChargeRow, made | values)
