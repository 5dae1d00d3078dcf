"""Reviewing: the charges of an order are looked at, and changed, before its invoice is posted (INV-07, INV-13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.sales.changing import added_up, changed_row, charge_effects
from kassa.sales.charging import charge_codes
from kassa.sales.documents import Charge, SalesOrder
from kassa.sales.messages import ChargeChange
from kassa.sales.models import OrderRow
from kassa.sales.ordering import minor
from kassa.sales.pricing import taxed_charge
from kassa.sales.store import order_row

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
    after = added_up(evolve(order, charges=tuple(charges.values())))
    totals = changed_row(OrderRow, order_row(order), order_row(after), {"document_id": order.id})
    context.plan.add([*charge_effects(order, after), *totals], RULE, order.id)
    return after


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
        charge = Charge(number=max(charges, default=0) + 1, code=change.code or "")
    return _taxed(charge, amount, order, at, context, issues)


def _taxed(charge: Charge, amount: int, order: SalesOrder, at: str, context: Any, issues: list[Issue]) -> Charge | None:
    codes = charge_codes(context, order.legal_entity_id)
    if charge.code not in codes:
        message = f"There is no charge code {charge.code!r}. Use one of {', '.join(sorted(codes))}."
        issues.append(Issue(code="SALES_CHARGE_UNKNOWN", message=message, pointer=f"{at}/code"))
        return None
    return taxed_charge(evolve(charge, amount=amount, overridden=True), order, {}, context)
