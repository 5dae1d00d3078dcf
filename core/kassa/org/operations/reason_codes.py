"""Reason codes: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import NotFound, Refused
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.documents import ReasonPurpose
from kassa.org.editing import change, given, listed, refusal, taken
from kassa.org.messages import people as messages
from kassa.org.messages.structure import ListPurposes, PurposeView
from kassa.org.models import ReasonCodeRow
from kassa.org.operations.hierarchies import purposes

SELECT = "SELECT id, legal_entity_id, purpose, code, name, active, version FROM org_reason_code"
TAKEN = "SELECT 1 FROM org_reason_code WHERE legal_entity_id = ? AND purpose = ? AND code = ?"


def create_reason_code(command: messages.CreateReasonCode, context: Context) -> Result:
    """Plan a new reason for a purpose."""
    entity = facts.legal_entity(context)
    if context.registry.find(ReasonPurpose, command.purpose) is None:
        known = ", ".join(purpose.name for purpose in context.registry.all(ReasonPurpose))
        message = f"Nobody asks for a reason for {command.purpose}. There are: {known}."
        raise Refused((refusal("ORG_PURPOSE_UNKNOWN", message, "/purpose", command.purpose),))
    if context.read.row(TAKEN, (entity.id, command.purpose, command.code)):
        raise taken(f"For {command.purpose}, the reason code", "/code", command.code)
    view = messages.ReasonCodeView(
        id=new_id(), legal_entity_id=entity.id, purpose=command.purpose, code=command.code, name=command.name, active=True, version=1
    )
    context.plan.add([Row(ReasonCodeRow, attrs.asdict(view))], rule="org.create_reason_code")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def read_reason_code(request: messages.ReadReasonCode, context: Context) -> messages.ReasonCodeView:
    """Show one reason code of the legal entity."""
    return _read(context, request.reason_code)


def _read(context: Context, reason_code_id: str) -> messages.ReasonCodeView:
    entity = facts.legal_entity(context)
    row = context.read.row(f"{SELECT} WHERE legal_entity_id = ? AND id = ?", (entity.id, reason_code_id))
    if row is None:
        raise NotFound("reason code", reason_code_id)
    return _view(row)


def _view(row: DatabaseRow) -> messages.ReasonCodeView:
    reason_id, entity_id, purpose, code, name, active, version = row
    return messages.ReasonCodeView(
        id=reason_id, legal_entity_id=entity_id, purpose=purpose, code=code, name=name, active=bool(active), version=version
    )


def list_reason_codes(request: messages.ListReasonCodes, context: Context) -> Any:
    """Show a page of the reason codes of the legal entity, in the order in which they were created."""
    entity = facts.legal_entity(context)
    conditions = [("legal_entity_id = ?", entity.id), ("purpose = ?", request.purpose), ("active = ?", request.active)]
    return listed(context, request, SELECT, conditions, messages.ReasonCodeView, _view)


def change_reason_code(command: messages.ChangeReasonCode, context: Context) -> Result:
    """Plan other words for a reason, or that it cannot be given any more."""
    present = _read(context, command.reason_code)
    values = given(command, "name", "active")
    what = f"The reason code {present.code}"
    version = change(context, ReasonCodeRow, {"id": present.id}, present.version, what, values, "org.change_reason_code")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


def list_reason_purposes(request: ListPurposes, context: Context) -> Any:
    """Show a page of the acts that ask for a reason, in the order of their names."""
    return purposes(request, context, ReasonPurpose)


OPERATIONS = (
    Operation(
        name="org.list_reason_purposes",
        summary="List which acts ask for a reason",
        effect="read",
        http=Http(method="GET", path="/reason-purposes"),
        request=ListPurposes,
        response=page_of(PurposeView),
        permission="org.read",
        handler=list_reason_purposes,
        scope="none",
        collection=True,
    ),
    Operation(
        name="org.create_reason_code",
        announces="org.reason_code_created",
        summary="Create a reason code",
        effect="edit",
        http=Http(method="POST", path="/reason-codes", status=201, location="/reason-codes/{id}"),
        request=messages.CreateReasonCode,
        response=messages.ReasonCodeView,
        permission="org.change",
        handler=create_reason_code,
        example={"code": "DAMAGED", "purpose": "price_override", "name": "Damaged in the shop"},
    ),
    Operation(
        name="org.list_reason_codes",
        summary="List the reason codes of a legal entity",
        effect="read",
        http=Http(method="GET", path="/reason-codes"),
        request=messages.ListReasonCodes,
        response=page_of(messages.ReasonCodeView),
        permission="org.read",
        handler=list_reason_codes,
        collection=True,
    ),
    Operation(
        name="org.read_reason_code",
        summary="Read a reason code",
        effect="read",
        http=Http(method="GET", path="/reason-codes/{reason_code}"),
        request=messages.ReadReasonCode,
        response=messages.ReasonCodeView,
        permission="org.read",
        handler=read_reason_code,
    ),
    Operation(
        name="org.change_reason_code",
        announces="org.reason_code_changed",
        summary="Change a reason code, or retire it",
        effect="edit",
        http=Http(method="PATCH", path="/reason-codes/{reason_code}"),
        request=messages.ChangeReasonCode,
        response=messages.ReasonCodeView,
        permission="org.change",
        handler=change_reason_code,
    ),
)
