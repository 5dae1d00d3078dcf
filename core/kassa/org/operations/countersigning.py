"""Countersigning: somebody steps up to the till of a colleague and approves there what that one asked for, with an own PIN."""

from __future__ import annotations

from kassa.kernel.approvals.messages import ApprovalView
from kassa.kernel.approvals.operations import READ, approve_for
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.operations import Result
from kassa.org.access import Scope, actor_of_worker, scope_of
from kassa.org.credentials import confirmed, prove
from kassa.org.messages import signing_in as messages


def countersign(command: messages.Countersign, context: Context) -> Result:
    """Plan that what the caller asked for is approved by a worker who proved who they are, with the roles held where the caller stands."""
    proof = confirmed(context)
    held, actor = scope_of(context.actor), context.actor
    scope = Scope(legal_entities=held.legal_entities, stores=held.stores if actor.store_id is None else frozenset((actor.store_id,)))
    approver = actor_of_worker(context.read, context.registry, str(proof.worker_id), proof.name, scope)
    return approve_for(context, approver, command.token, command.reason)


OPERATIONS = (
    Operation(
        name="org.countersign",
        summary="Approve at the till of the one who asked, by an own PIN or password",
        description="The worker who approves steps up to the till; the caller is who asked. What counts is as for an approval from another "
        "device, with the roles that the approver holds where the caller stands. Wrong tries are counted as at a sign-in.",
        effect="edit",
        http=Http(method="POST", path="/approvals/{token}/countersignature"),
        request=messages.Countersign,
        response=ApprovalView,
        permission=READ,
        handler=countersign,
        scope="none",
        verify=prove,
        example={"token": "01a1f900-0000-7000-8000-000000000001", "worker": "1001", "pin": "582047"},
    ),
)
