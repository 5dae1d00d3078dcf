"""The requester's side: an act with approvable issues needs an approval, asks for one, or uses the one that it comes with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from kassa.kernel.approvals.documents import COLUMNS, FIND, Approval, Needed, approval_of, covers, needed_of
from kassa.kernel.approvals.models import ApprovalRow
from kassa.kernel.changes import event_row
from kassa.kernel.clock import MICROSECONDS_PER_SECOND, instant_text
from kassa.kernel.contributions import Permission, Standing
from kassa.kernel.database import Write
from kassa.kernel.errors import Conflict, Issue, OverrideRequired, PluginError
from kassa.kernel.idempotency import fingerprint_of
from kassa.kernel.keys import id_or_none
from kassa.kernel.limits import RATE, measures
from kassa.kernel.models import OutboxRow
from kassa.kernel.plan import ApprovalUsed
from kassa.kernel.schema import json_fingerprint
from kassa.kernel.tables import insert_statement
from kassa.kernel.values import new_id

if TYPE_CHECKING:
    from kassa.kernel.context import Context
    from kassa.kernel.operations import Result
    from kassa.kernel.requests import Request

WAIT, USE = "approvals.wait_seconds", "approvals.use_seconds"
REQUESTED = "approvals.requested"
OPEN = (
    f"SELECT {', '.join(COLUMNS)} FROM kernel_approval WHERE requester = ? AND fingerprint = ? "
    "AND state IN ('waiting', 'approved') AND expires_at > ? ORDER BY id DESC LIMIT 1"
)
LESS = "The approval covers less than this needs by now; the one named here has to be approved."
RETRY_WAITING = 2


def demand(request: Request, context: Context, result: Result) -> Approval | None:
    """Let a plan through that needs no approval (None), or that comes with one that covers it: the plan then consumes it.

    Raises OverrideRequired with every approvable issue at once and with the approval that was asked for, and Conflict where the
    approval that came cannot be used.
    """
    issues = [issue for issue in context.plan.issues if issue.severity == "approvable"]
    if not issues:
        return None
    needed = tuple(_needed(context, issue) for issue in issues)
    fingerprint = _fingerprint(request)
    if request.approval is not None:
        given = _given(request.approval, context, fingerprint)
        if covers(given.issues, needed):
            context.plan.add([ApprovalUsed(given.id, request.now, result.document_id)], rule="approvals.use")
            context.plan.issues = [issue for issue in context.plan.issues if issue.severity != "approvable"]
            return given
    known = _known(context, fingerprint, needed)
    asked = known or _new(request, context, fingerprint, needed)
    detail = LESS if request.approval is not None else ""
    raise OverrideRequired(issues, shown(asked), detail, asked=asked if known is None else None)


def _needed(context: Context, issue: Issue) -> Needed:
    definition = context.registry.find(Permission, str(issue.permission))
    if definition is None:
        raise PluginError(issue.plugin, issue.rule, f"its approvable issue {issue.code} needs {issue.permission}, which nobody declares")
    if not measures(definition, issue.currency or RATE):
        raise PluginError(issue.plugin, issue.rule, f"its approvable issue {issue.code} has no amount as {issue.permission} is measured")
    return needed_of(issue)


def _fingerprint(request: Request) -> str:
    """Bind an approval to what is asked, in which legal entity, and to where it is asked: the same words mean more elsewhere."""
    asked = fingerprint_of(request.operation, request.command, request.legal_entity_id)
    return json_fingerprint({"asked": asked, "store": request.actor.store_id, "register": request.actor.register})


def _given(token: str, context: Context, fingerprint: str) -> Approval:
    """Find the approval that a request comes with; Conflict says why it cannot be used."""
    row = context.read.row(FIND, (id_or_none(token),))
    found = approval_of(row) if row is not None else None
    if found is None or found.requester != context.actor.id:
        _refuse("APPROVAL_UNKNOWN", "You did not ask for an approval with this token. Send the request without it to ask for one.")
    if (found.operation, found.fingerprint) != (context.operation.name, fingerprint):
        _refuse("APPROVAL_OTHER_CONTENT", f"This approval is for {found.operation} with other content. Repeat that request exactly.")
    if found.state == "used":
        _refuse("APPROVAL_USED", "This approval was used before; it counts once. Send the request without it to ask for another.")
    if found.state == "declined":
        reason = f": {found.reason}" if found.reason else ""
        _refuse("APPROVAL_DECLINED", f"{found.decided_by_name} declined this{reason}.")
    if found.expires_at <= context.now:
        _refuse("APPROVAL_EXPIRED", "The time of this approval is over. Send the request without it to ask for another.")
    if found.state == "waiting":
        _refuse("APPROVAL_WAITING", "Nobody has answered yet. Send the same request again when it is approved.", RETRY_WAITING)
    for standing in context.registry.all(Standing):
        if not standing.stands(context, str(found.decided_by)):
            _refuse("APPROVAL_APPROVER_GONE", "Who approved this may not act any more. Send the request without it to ask for another.")
    return found


def _refuse(code: str, detail: str, retry_after: int | None = None) -> NoReturn:
    raise Conflict(detail, code=code, retry_after=retry_after)


def _known(context: Context, fingerprint: str, needed: Sequence[Needed]) -> Approval | None:
    """Find what was asked for before in the same words and is still open, so that asking twice is asking once."""
    row = context.read.row(OPEN, (context.actor.id, fingerprint, context.now))
    known = approval_of(row) if row is not None else None
    return known if known is not None and covers(known.issues, needed) else None


def _new(request: Request, context: Context, fingerprint: str, needed: tuple[Needed, ...]) -> Approval:
    actor, place = request.actor, _store_of(context)
    wait = context.setting(WAIT, store_id=place)
    return Approval(
        id=new_id(), requester=actor.id, requester_name=actor.name, operation=request.operation.name, fingerprint=fingerprint,
        legal_entity_id=request.legal_entity_id, store_id=place, register=actor.register, issues=needed, request_id=request.request_id,
        created_at=request.now, expires_at=request.now + wait * MICROSECONDS_PER_SECOND,
    )  # fmt: skip


def _store_of(context: Context) -> str | None:
    """Tell in which store the act happens: where the actor stands, else that of its documents, if they have one in common."""
    if context.actor.store_id is not None:
        return context.actor.store_id
    stores = {document.store_id for document in context.plan.documents.values()}
    return stores.pop() if len(stores) == 1 else None


def shown(approval: Approval) -> Mapping[str, Any]:
    """Show an approval to its requester, as the problem document has it."""
    members = ("code", "permission", "amount", "currency", "limit", "document")
    return {
        "token": approval.id,
        "operation": approval.operation,
        "state": approval.state,
        "issues": [{name: getattr(issue, name) for name in members} for issue in approval.issues],
        "expires_at": instant_text(approval.expires_at),
    }


def request_writes(error: OverrideRequired) -> list[Write]:
    """Write down what was asked for, and announce it; nothing where it was asked for before."""
    asked: Approval | None = error.asked
    if asked is None:
        return []
    event = event_row(REQUESTED, asked.told(), asked.id, asked.legal_entity_id, asked.created_at)
    return [Write(insert_statement(ApprovalRow), asked.row()), Write(insert_statement(OutboxRow), event)]
