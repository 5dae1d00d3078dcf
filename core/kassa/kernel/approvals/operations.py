"""The approver's side: what waits for an answer, approving and declining it."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.approvals import messages
from kassa.kernel.approvals.asking import USE
from kassa.kernel.approvals.documents import COLUMNS, FIND, Approval, Needed, State, approval_of
from kassa.kernel.approvals.models import ApprovalRow
from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation, Permission
from kassa.kernel.errors import Conflict, Issue, NotFound, NotPermitted
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import id_or_none
from kassa.kernel.limits import RATE, amount_text, limit_of, read_amount
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.permissions import Actor
from kassa.kernel.plan import Event, Row

READ, DECIDE, ALONE = "approvals.read", "approvals.decide", "approvals.alone"
# Waiting ones are few and stand in an index of their own; written out, so that the planner sees that the condition is met.
STATES = {
    "waiting": "state = 'waiting' AND expires_at > ?",
    "approved": "state = 'approved' AND expires_at > ?",
    "expired": "state IN ('waiting', 'approved') AND expires_at <= ?",
    "declined": "state = 'declined'",
    "used": "state = 'used'",
}
TIMED = ("waiting", "approved", "expired")


def list_approvals(request: messages.ListApprovals, context: Context) -> Any:
    """Show a page of the approvals that the caller asked for or may decide about."""
    cursor = read_cursor(request.after, 1, identifiers=(0,))
    conditions, parameters = _visible(context.actor)
    if request.state is not None:
        conditions.append(STATES[request.state])
        parameters += [context.now] if request.state in TIMED else []
    if request.store_id is not None:
        conditions.append("store_id = ?")
        parameters.append(request.store_id)
    if context.legal_entity_id is not None:
        conditions.append("legal_entity_id = ?")
        parameters.append(context.legal_entity_id)
    if cursor is not None:
        conditions.append("id < ?")
        parameters.append(str(cursor[0]))
    sql = f"SELECT {', '.join(COLUMNS)} FROM kernel_approval WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT ?"
    views = [_view(context, approval_of(row)) for row in context.read.rows(sql, (*parameters, request.limit + 1))]
    return page(request, messages.ApprovalView, views, lambda view: (view.token,))


def _visible(actor: Actor) -> tuple[list[str], list[Any]]:
    """Give the condition of what somebody may see: what one asked for and, for who decides, what lies in one's places."""
    if not actor.may(DECIDE):
        return ["requester = ?"], [actor.id]
    within, parameters = [], []
    for column, places in (("legal_entity_id", actor.legal_entities), ("store_id", actor.stores)):
        if places is not None:
            within.append(f"{column} IN ({', '.join('?' * len(places)) or 'NULL'})")
            parameters += sorted(places)
    return ([f"(requester = ? OR ({' AND '.join(within)}))"], [actor.id, *parameters]) if within else (["1 = 1"], [])


def read_approval(request: messages.ReadApproval, context: Context) -> messages.ApprovalView:
    """Show one approval; the requester asks by this what became of it."""
    return _view(context, _find(context, request.token))


def approve(request: messages.DecideApproval, context: Context) -> Result:
    """Plan that somebody else's act is allowed, once and for a short time."""
    return _approve(context, _find(context, request.token), request.reason)


def approve_for(context: Context, approver: Actor, token: str, reason: str | None) -> Result:
    """Plan that what the actor of a context asked for is allowed by somebody who proved who they are; both stand in the audit trail.

    NotFound where the actor did not ask for it, NotPermitted where the approver has not the power.
    """
    approval = _find(context, token)
    if approval.requester != context.actor.id:
        raise NotFound("approval", token[:60])
    if approval.state == "waiting":
        context.approver = approver.id
    return _approve(attrs.evolve(context, actor=approver), approval, reason)


def _approve(context: Context, approval: Approval, reason: str | None) -> Result:
    if (approval.state, approval.decided_by) == ("approved", context.actor.id):
        return _answer(context, approval)
    _still(approval, context, ("waiting",))
    if approval.requester == context.actor.id and not context.actor.may(ALONE):
        raise NotPermitted(ALONE, f"Somebody else has to approve what you asked for; without that only who holds {ALONE} may.")
    _require_power(context, approval)
    until = context.now + context.setting(USE, store_id=approval.store_id) * MICROSECONDS_PER_SECOND
    return _decide(context, approval, "approved", reason, expires_at=until)


def decline(request: messages.DecideApproval, context: Context) -> Result:
    """Plan that an act is not allowed, or not any more where that was not used yet; requesters take their own request back."""
    approval = _find(context, request.token)
    if (approval.state, approval.decided_by) == ("declined", context.actor.id):
        return _answer(context, approval)
    _still(approval, context, ("waiting", "approved"))
    if approval.requester != context.actor.id:
        _require_power(context, approval)
    return _decide(context, approval, "declined", request.reason)


def _find(context: Context, token: str) -> Approval:
    """Find an approval that the caller asked for or may decide about; NotFound for any other."""
    row = context.read.row(FIND, (id_or_none(token),))
    found = approval_of(row) if row is not None else None
    if found is None or (context.legal_entity_id or found.legal_entity_id) != found.legal_entity_id:
        raise NotFound("approval", token[:60])
    actor = context.actor
    within = (actor.legal_entities is None or found.legal_entity_id in actor.legal_entities) and (
        actor.stores is None or found.store_id in actor.stores
    )
    if found.requester != actor.id and not (actor.may(DECIDE) and within):
        raise NotFound("approval", token[:60])
    return found


def _still(approval: Approval, context: Context, states: tuple[State, ...]) -> None:
    if approval.state not in states:
        raise Conflict(
            f"This was {approval.state} by {approval.decided_by_name}; nothing can be decided any more.", code="APPROVAL_DECIDED"
        )
    if approval.expires_at <= context.now:
        raise Conflict("The time of this request is over. The requester has to ask again.", code="APPROVAL_EXPIRED")


def _require_power(context: Context, approval: Approval) -> None:
    """Check that the actor could do alone all that is asked; NotPermitted names everything that is missing."""
    context.actor.require(DECIDE)
    missing = [issue for needed in approval.issues for issue in _missing(context, approval, needed)]
    if missing:
        raise NotPermitted(str(missing[0].permission), issues=missing, detail=" ".join(issue.message for issue in missing))


def _missing(context: Context, approval: Approval, needed: Needed) -> list[Issue]:
    actor, unit = context.actor, needed.currency or RATE
    limit = limit_of(context, actor, needed.permission, unit, store_id=approval.store_id, legal_entity_id=approval.legal_entity_id)
    if not actor.may(needed.permission):
        message = f"{needed.code}: this needs {needed.permission}, which you do not hold."
    elif limit is not None and needed.amount is not None and abs(read_amount(unit, needed.amount)) > limit:
        message = f"{needed.code}: {needed.amount} is asked, you may go up to {amount_text(unit, limit)}."
    else:
        return []
    shown = amount_text(unit, limit) if limit is not None and needed.amount is not None else None
    return [
        Issue(
            code="APPROVAL_BEYOND_POWER", message=message, permission=needed.permission, rule=needed.rule, plugin=needed.plugin,
            got=needed.amount, expected={"limit": shown} if shown is not None else None,
        )
    ]  # fmt: skip


def _decide(context: Context, approval: Approval, state: State, reason: str | None, **more: Any) -> Result:
    actor = context.actor
    values = {"state": state, "decided_by": actor.id, "decided_by_name": actor.name, "decided_at": context.now, "reason": reason, **more}
    decided = evolve(approval, **values)
    effects = [
        Row(ApprovalRow, values, key={"id": approval.id, "state": approval.state}),
        Event(f"approvals.{state}", decided.told(), approval.id, approval.legal_entity_id),
    ]
    context.plan.add(effects, rule=f"approvals.{state}")
    return _answer(context, decided)


def _answer(context: Context, approval: Approval) -> Result:
    view = _view(context, approval)
    return Result(view=lambda numbers: view, document_id=approval.id)


def _view(context: Context, approval: Approval) -> messages.ApprovalView:
    operation = context.registry.find(Operation, approval.operation)
    return messages.view_of(approval, context.now, operation.summary if operation is not None else "")


PERMISSIONS = (
    Permission(name=READ, summary="See approvals that one asked for"),
    Permission(name=DECIDE, summary="See what waits for an approval in one's stores, and approve what one may do oneself"),
    Permission(name=ALONE, summary="Approve what one asked for oneself, by a credential of more power"),
)


def _operation(name: str, summary: str, handler: Any, request: type[Any], http: Http, **more: Any) -> Operation:
    given = {"effect": "edit", "response": messages.ApprovalView, "scope": "none", **more}
    return Operation(name=f"approvals.{name}", summary=summary, handler=handler, request=request, http=http, **given)


OPERATIONS = (
    _operation(
        "list",
        "List what waits for an approval",
        list_approvals,
        messages.ListApprovals,
        Http(method="GET", path="/approvals"),
        effect="read",
        response=page_of(messages.ApprovalView),
        permission=READ,
        collection=True,
        example={"limit": 20},
    ),
    _operation(
        "read",
        "Read an approval: what is asked, and what became of it",
        read_approval,
        messages.ReadApproval,
        Http(method="GET", path="/approvals/{token}"),
        effect="read",
        permission=READ,
    ),
    _operation(
        "approve",
        "Allow somebody else's act, once",
        approve,
        messages.DecideApproval,
        Http(method="POST", path="/approvals/{token}/grant"),
        permission=DECIDE,
        description="You must hold each permission that is asked for, with limits that suffice, in the legal entity and store of the "
        "request, and be another person than the requester, unless you hold approvals.alone. The requester then repeats the request "
        "with the header Kassa-Approval. Both of you stand in the audit trail.",
    ),
    _operation(
        "decline",
        "Decline somebody else's act, or take one's own request back",
        decline,
        messages.DecideApproval,
        Http(method="POST", path="/approvals/{token}/refusal"),
        permission=READ,
        description="Who may approve it may decline it, also after it was approved, as long as it was not used.",
    ),
)
