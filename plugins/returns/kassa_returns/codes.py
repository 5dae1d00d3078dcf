"""Setting codes up: groups of reasons, reasons, disposition codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kassa import (
    Context,
    Http,
    Issue,
    NotFound,
    Operation,
    Reader,
    Result,
    Row,
    charge_codes,
    check_seen,
    evolve,
    given,
    legal_entity,
    new_id,
    page,
    page_of,
    read_cursor,
    reason_code,
    schema,
    taken,
)
from kassa_returns.documents import CodeCharge, Disposition
from kassa_returns.messages import codes as messages
from kassa_returns.models import DispositionRow, ReasonGroupRow, ReasonRow
from kassa_returns.settings import PURPOSE
from kassa_returns.store import charges_of, charges_text, dispositions

REASONS = (
    "SELECT c.id, c.code, c.name, g.code, coalesce(r.charges, '[]'), c.active, coalesce(r.version, 0) FROM org_reason_code c "
    "LEFT JOIN returns_reason r ON r.reason_id = c.id LEFT JOIN returns_reason_group g ON g.id = r.group_id "
    f"WHERE c.legal_entity_id = ? AND c.purpose = '{PURPOSE}' ORDER BY c.code"
)
GROUPS = "SELECT id, code, name, version FROM returns_reason_group WHERE legal_entity_id = ? ORDER BY code"


def create_reason_group(command: messages.CreateReasonGroup, context: Context) -> Result:
    """Plan a new group of reasons."""
    entity = legal_entity(context)
    if any(group.code == command.code for group in _groups(context)):
        raise taken("The group of reasons", "/code", command.code)
    view = messages.ReasonGroupView(id=new_id(), code=command.code, name=command.name, version=1)
    values = {"id": view.id, "legal_entity_id": entity.id, "code": view.code, "name": view.name, "version": 1}
    context.plan.add([Row(ReasonGroupRow, values)], "returns.create_reason_group")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _groups(context: Context) -> tuple[messages.ReasonGroupView, ...]:
    def load(read: Reader, entity_id: str) -> tuple[messages.ReasonGroupView, ...]:
        rows = read.rows(GROUPS, (entity_id,))
        return tuple(messages.ReasonGroupView(id=row[0], code=row[1], name=row[2], version=row[3]) for row in rows)

    found: tuple[messages.ReasonGroupView, ...] = context.cached("returns", "reason_groups", legal_entity(context).id, load)
    return found


def list_reason_groups(request: messages.ListReasonGroups, context: Context) -> Any:
    """Show the groups of reasons, sorted by code."""
    return _listed(request, messages.ReasonGroupView, _groups(context))


def _listed(request: Any, view: type[Any], items: Iterable[Any]) -> Any:
    """Show a page of records that are sorted by code."""
    after = read_cursor(request.after, 1)
    wanted = [item for item in items if after is None or item.code > str(after[0])]
    return page(request, view, wanted[: request.limit + 1], lambda item: [item.code])


def reasons(context: Context) -> Mapping[str, messages.ReasonView]:
    """Give the reasons of returns in the legal entity, by code."""

    def load(entity_id: str) -> Mapping[str, messages.ReasonView]:
        rows = context.read.rows(REASONS, (entity_id,))
        return {
            row[1]: messages.ReasonView(
                id=row[0], code=row[1], name=row[2], group=row[3], charges=charges_of(row[4]), active=bool(row[5]), version=row[6]
            )
            for row in rows
        }

    return load(legal_entity(context).id)


def reason_of(context: Context, code: str, pointer: str = "/reason") -> messages.ReasonView:
    """Find a reason that can be given; Refused where there is none."""
    found = reason_code(context, PURPOSE, code, pointer)
    return reasons(context)[found.code]


def create_reason(command: messages.CreateReason, context: Context) -> Result:
    """Plan a new reason: a reason code of the organisation, with what returns add to it."""
    context.refuse(_misshapen(command.charges, context))
    group = _group_id(command.group, context)
    made = context.call("org.create_reason_code", {"purpose": PURPOSE, "code": command.code, "name": command.name})
    view = messages.ReasonView(
        id=made.document_id, code=command.code, name=command.name, group=command.group, charges=command.charges, active=True, version=1
    )
    context.plan.add([_reason_row(view.id, group, command.charges, context)], "returns.create_reason_code")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _reason_row(reason_id: str, group: str | None, charges: Iterable[CodeCharge], context: Context) -> Row:
    values = {"reason_id": reason_id, "legal_entity_id": legal_entity(context).id, "group_id": group, "charges": charges_text(charges), "version": 1}
    return Row(ReasonRow, values)


def _group_id(code: str | None, context: Context) -> str | None:
    if code is None:
        return None
    for group in _groups(context):
        if group.code == code:
            return group.id
    raise NotFound("group of reasons", code)


def _misshapen(charges: Iterable[CodeCharge], context: Context) -> Iterable[Issue]:
    known = charge_codes(context, legal_entity(context).id)
    for place, charge in enumerate(charges):
        if sum(value is not None for value in (charge.amount, charge.rate, charge.per_piece)) != 1 or charge.code not in known:
            message = f"The charge {charge.code} needs an amount, a rate or an amount for each piece, and a code that exists: {', '.join(sorted(known))}."
            yield Issue(code="RET_CHARGE_SHAPE", message=message, pointer=f"/charges/{place}", got=charge.code)


def _reason(code: str, context: Context) -> messages.ReasonView:
    found = reasons(context).get(code)
    if found is None:
        raise NotFound("reason code", code)
    return found


def read_reason(request: messages.ReadReason, context: Context) -> messages.ReasonView:
    """Show a reason."""
    return _reason(request.reason, context)


def list_reasons(request: messages.ListReasons, context: Context) -> Any:
    """Show a page of reasons, sorted by code."""
    found = [reason for reason in reasons(context).values() if request.active in (None, reason.active)]
    return _listed(request, messages.ReasonView, found)


def change_reason(command: messages.ChangeReason, context: Context) -> Result:
    """Plan another group or other charges of a reason."""
    present = _reason(command.reason, context)
    check_seen(context, f"The reason code {present.code}", present.version)
    sent = given(command, "group", "charges")
    view = evolve(present, **sent, version=max(1, present.version + 1))
    context.refuse(_misshapen(view.charges, context))
    group = _group_id(view.group, context)
    if present.version:
        values = {"group_id": group, "charges": charges_text(view.charges)}
        row = Row(ReasonRow, values, key={"reason_id": present.id}, version=present.version)
    else:
        row = _reason_row(present.id, group, view.charges, context)
    context.plan.add([row], "returns.change_reason_code")
    return Result(view=lambda numbers: view, document_id=view.id, version=view.version)


def create_disposition(command: messages.CreateDisposition, context: Context) -> Result:
    """Plan a new disposition code."""
    if command.code in dispositions(context):
        raise taken("The disposition code", "/code", command.code)
    context.refuse(_misshapen(command.charges, context))
    made = Disposition(
        id=new_id(), code=command.code, name=command.name, action=command.action, charges=command.charges, external_codes=command.external_codes
    )
    context.plan.add([Row(DispositionRow, {"id": made.id, **_columns(made, context), "version": 1})], "returns.create_disposition_code")
    view = _view(made)
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _columns(found: Disposition, context: Context) -> dict[str, Any]:
    return {
        "legal_entity_id": legal_entity(context).id, "code": found.code, "name": found.name, "action": found.action,
        "charges": charges_text(found.charges), "external_codes": schema.encode(list(found.external_codes)), "active": found.active,
    }  # fmt: skip


def _view(found: Disposition) -> messages.DispositionView:
    return messages.DispositionView(
        id=found.id, code=found.code, name=found.name, action=found.action, charges=found.charges, external_codes=found.external_codes,
        active=found.active, version=found.version,
    )  # fmt: skip


def _disposition(code: str, context: Context) -> Disposition:
    known = dispositions(context)
    found = known.get(code) or next((other for other in known.values() if code in other.external_codes), None)
    if found is None:
        raise NotFound("disposition code", code)
    return found


def read_disposition(request: messages.ReadDisposition, context: Context) -> messages.DispositionView:
    """Show a disposition code, by its own code or by what a trading partner calls it."""
    return _view(_disposition(request.disposition, context))


def list_dispositions(request: messages.ListDispositions, context: Context) -> Any:
    """Show a page of disposition codes, sorted by code."""
    found = [_view(known) for known in dispositions(context).values() if request.active in (None, known.active)]
    return _listed(request, messages.DispositionView, found)


def change_disposition(command: messages.ChangeDisposition, context: Context) -> Result:
    """Plan that a disposition code is another; lines that have it keep what it was."""
    present = _disposition(command.disposition, context)
    check_seen(context, f"The disposition code {present.code}", present.version)
    sent = given(command, "name", "action", "charges", "external_codes", "active")
    changed = evolve(present, **sent)
    context.refuse(_misshapen(changed.charges, context))
    columns = {name: value for name, value in _columns(changed, context).items() if name not in ("legal_entity_id", "code")}
    context.plan.add([Row(DispositionRow, columns, key={"id": present.id}, version=present.version)], "returns.change_disposition_code")
    view = _view(evolve(changed, version=present.version + 1))
    return Result(view=lambda numbers: view, document_id=view.id, version=view.version)


def _operation(name: str, summary: str, method: Any, path: str, handler: Any, request: Any, response: Any, **more: Any) -> Operation:
    reads = method == "GET"
    http = Http(method=method, path=f"/returns/{path}", **({"status": 201, "location": more.pop("location")} if "location" in more else {}))
    return Operation(
        name=f"returns.{name}", summary=summary, effect="read" if reads else "edit", http=http, handler=handler, request=request, response=response,
        permission="returns.read" if reads else "returns.change_codes", **more,
    )  # fmt: skip


OPERATIONS = (
    _operation("create_reason_group", "Create a group of return reasons", "POST", "reason-groups", create_reason_group,
        messages.CreateReasonGroup, messages.ReasonGroupView, location="/returns/reason-groups/{code}", rules=("RET-10",),
        example={"code": "QUALITY", "name": "Quality"}),
    _operation("list_reason_groups", "List the groups of return reasons", "GET", "reason-groups", list_reason_groups,
        messages.ListReasonGroups, page_of(messages.ReasonGroupView), collection=True),
    _operation("create_reason_code", "Create a return reason", "POST", "reason-codes", create_reason, messages.CreateReason,
        messages.ReasonView, location="/returns/reason-codes/{code}", rules=("RET-01", "RET-10", "RET-18"),
        description="It is a reason code of the organisation too, so return policies can name it; that needs `org.change`.",
        example={"code": "DAMAGED", "name": "Damaged", "charges": [{"code": "handling", "amount": "10"}]}),
    _operation("list_reason_codes", "List the return reasons", "GET", "reason-codes", list_reasons, messages.ListReasons,
        page_of(messages.ReasonView), collection=True, rules=("RET-01",)),
    _operation("read_reason_code", "Show a return reason", "GET", "reason-codes/{reason}", read_reason, messages.ReadReason, messages.ReasonView),
    _operation("change_reason_code", "Change the group or the charges of a return reason", "PATCH", "reason-codes/{reason}", change_reason,
        messages.ChangeReason, messages.ReasonView, example={"reason": "DAMAGED", "charges": []}),
    _operation("create_disposition_code", "Create a disposition code", "POST", "disposition-codes", create_disposition,
        messages.CreateDisposition, messages.DispositionView, location="/returns/disposition-codes/{code}", rules=("RET-08", "RET-09", "RET-18"),
        example={"code": "RW", "name": "Rework and put back", "action": "credit"}),
    _operation("list_disposition_codes", "List the disposition codes", "GET", "disposition-codes", list_dispositions,
        messages.ListDispositions, page_of(messages.DispositionView), collection=True, rules=("RET-09",)),
    _operation("read_disposition_code", "Show a disposition code", "GET", "disposition-codes/{disposition}", read_disposition,
        messages.ReadDisposition, messages.DispositionView),
    _operation("change_disposition_code", "Change a disposition code", "PATCH", "disposition-codes/{disposition}", change_disposition,
        messages.ChangeDisposition, messages.DispositionView, example={"disposition": "RW", "active": False}),
)  # fmt: skip
