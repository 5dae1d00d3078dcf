"""Charge codes of a legal entity: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.ledger.documents import AccountRole
from kassa.org import facts as org
from kassa.org.editing import change, given, listed, taken
from kassa.sales.messages import charge_codes as messages
from kassa.sales.models import ChargeCodeRow

SELECT = (
    "SELECT id, legal_entity_id, code, name, account_role, tax_group, is_shipping, is_refundable, active, version FROM sales_charge_code"
)
TAX_GROUP = "SELECT 1 FROM catalog_tax_group WHERE legal_entity_id = ? AND tax_group = ?"


def create_charge_code(command: messages.CreateChargeCode, context: Any) -> Result:
    """Plan a charge code, and which account its income is booked to where one is named."""
    entity = org.legal_entity(context)
    if context.read.row(f"{SELECT} WHERE legal_entity_id = ? AND code = ?", (entity.id, command.code)):
        raise taken("The charge code", "/code", command.code)
    context.refuse(_unfit(command.account_role, command.tax_group, entity.id, context))
    view = messages.ChargeCodeView(
        id=new_id(), legal_entity_id=entity.id, code=command.code, name=command.name, account_role=command.account_role,
        tax_group=command.tax_group, is_shipping=command.is_shipping, is_refundable=command.is_refundable, active=True, version=1,
    )  # fmt: skip
    context.plan.add([Row(ChargeCodeRow, attrs.asdict(view))], rule="sales.create_charge_code")
    if command.account is not None:
        context.call("ledger.assign_account", {"role": command.account_role, "selector": command.code, "account": command.account})
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _unfit(role: str, tax_group: str | None, entity_id: str, context: Any) -> list[Issue]:
    """Find an account role that nobody declares, or one that is no income, and a tax group that is not there."""
    issues: list[Issue] = []
    declared = context.registry.find(AccountRole, role)
    if declared is None or declared.control or declared.type not in ("revenue", "expense", "liability"):
        known = ", ".join(
            r.name for r in context.registry.all(AccountRole) if r.type in ("revenue", "expense", "liability") and not r.control
        )
        message = f"{role!r} is no role to which a charge can be booked. Use one of {known}."
        issues.append(Issue(code="SALES_CHARGE_ACCOUNT", message=message, pointer="/account_role", got=role))
    if tax_group is not None and context.read.row(TAX_GROUP, (entity_id, tax_group)) is None:
        message = f"There is no tax group {tax_group!r}. Set it up first (catalog.set_tax_group)."
        issues.append(Issue(code="SALES_CHARGE_TAX_GROUP", message=message, pointer="/tax_group", got=tax_group))
    return issues


def read_charge_code(request: messages.ReadChargeCode, context: Any) -> messages.ChargeCodeView:
    """Show one charge code of the legal entity."""
    return _read(context, request.charge_code)


def _read(context: Any, reference: str) -> messages.ChargeCodeView:
    entity = org.legal_entity(context)
    row = context.read.row(f"{SELECT} WHERE legal_entity_id = ? AND (code = ? OR id = ?)", (entity.id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("charge code", reference)
    return _view(row)


def _view(row: Any) -> messages.ChargeCodeView:
    code_id, entity_id, code, name, role, tax_group, shipping, refundable, active, version = row
    return messages.ChargeCodeView(
        id=code_id, legal_entity_id=entity_id, code=code, name=name, account_role=role, tax_group=tax_group, is_shipping=bool(shipping),
        is_refundable=bool(refundable), active=bool(active), version=version,
    )  # fmt: skip


def list_charge_codes(request: messages.ListChargeCodes, context: Any) -> Any:
    """Show a page of the charge codes of the legal entity, in the order in which they were created."""
    conditions = [("legal_entity_id = ?", org.legal_entity(context).id)]
    return listed(context, request, SELECT, conditions, messages.ChargeCodeView, _view)


def change_charge_code(command: messages.ChangeChargeCode, context: Any) -> Result:
    """Plan what shall be different at a charge code; it counts for what is calculated and posted from now on."""
    present = _read(context, command.charge_code)
    values = given(command, "name", "account_role", "tax_group", "is_shipping", "is_refundable", "active")
    shall = attrs.evolve(present, **values)
    context.refuse(_unfit(shall.account_role, values.get("tax_group"), present.legal_entity_id, context))
    what = f"The charge code {present.code}"
    version = change(context, ChargeCodeRow, {"id": present.id}, present.version, what, values, "sales.change_charge_code")
    view = attrs.evolve(shall, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="sales.create_charge_code",
        announces="sales.charge_code_created",
        summary="Create a charge code",
        description="Income of the charge is booked to the account that plays its role for this code, else to the one that plays it for all.",
        effect="edit",
        http=Http(method="POST", path="/charge-codes", status=201, location="/charge-codes/{id}"),
        request=messages.CreateChargeCode,
        response=messages.ChargeCodeView,
        permission="sales.change_charge_codes",
        handler=create_charge_code,
        rules=("CO-21",),
        example={"code": "gift_wrap", "name": "Gift wrapping"},
    ),
    Operation(
        name="sales.list_charge_codes",
        summary="List the charge codes of a legal entity",
        effect="read",
        http=Http(method="GET", path="/charge-codes"),
        request=messages.ListChargeCodes,
        response=page_of(messages.ChargeCodeView),
        permission="sales.read",
        handler=list_charge_codes,
        collection=True,
    ),
    Operation(
        name="sales.read_charge_code",
        summary="Read a charge code",
        effect="read",
        http=Http(method="GET", path="/charge-codes/{charge_code}"),
        request=messages.ReadChargeCode,
        response=messages.ChargeCodeView,
        permission="sales.read",
        handler=read_charge_code,
    ),
    Operation(
        name="sales.change_charge_code",
        announces="sales.charge_code_changed",
        summary="Change a charge code, or retire it",
        effect="edit",
        http=Http(method="PATCH", path="/charge-codes/{charge_code}"),
        request=messages.ChangeChargeCode,
        response=messages.ChargeCodeView,
        permission="sales.change_charge_codes",
        handler=change_charge_code,
    ),
)
