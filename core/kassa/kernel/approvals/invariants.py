"""What must hold of approvals: each was used by the act that it allowed, in time, and both people stand in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.contributions import Invariant

LATE = "SELECT id, operation, expires_at, used_at FROM kernel_approval WHERE state = 'used' AND used_at >= expires_at ORDER BY id"
ACT = "t.at = a.used_at AND t.actor = a.requester AND t.approver = a.decided_by AND t.operation = a.operation AND t.outcome = 'done'"
USES = (
    f"SELECT min(CAST(a.id AS text)), a.operation, a.requester, a.decided_by, count(*), (SELECT count(*) FROM kernel_audit t WHERE {ACT}) "
    "FROM kernel_approval a WHERE a.state = 'used' GROUP BY a.operation, a.requester, a.decided_by, a.used_at ORDER BY 1"
)
GIVEN = "a.decided_at = t.at AND a.requester = t.actor AND a.decided_by = t.approver AND t.outcome = 'done'"
ACTS = (
    "SELECT t.id, t.operation, t.actor, t.approver FROM kernel_audit t WHERE t.approver IS NOT NULL AND NOT EXISTS "
    f"(SELECT 1 FROM kernel_approval a WHERE a.state = 'used' AND {ACT}) AND NOT EXISTS (SELECT 1 FROM kernel_approval a WHERE {GIVEN}) "
    "ORDER BY t.id"
)


def find_uses(read: Any) -> Iterable[str]:
    """Find approvals that were used too late, or by no act."""
    for token, operation, expires_at, used_at in read.rows(LATE):
        yield f"{token}: {operation} used it at {used_at}; it counted until {expires_at}"
    for token, operation, requester, approver, uses, acts in read.rows(USES):
        if acts != uses:
            yield f"{token}: {uses} approvals by {approver} were used for {operation} of {requester} at once; the audit trail has {acts} acts"


def find_acts(read: Any) -> Iterable[str]:
    """Find acts that name an approver, and neither used an approval of that one nor recorded that it was given."""
    for audit_id, operation, actor, approver in read.rows(ACTS):
        yield f"{audit_id}: {operation} of {actor} names the approver {approver}, and no approval was used by it"


INVARIANTS = (
    Invariant(name="kernel.approvals_used", summary="Each used approval allowed one act, within its time.", find=find_uses),
    Invariant(name="kernel.approvers_approved", summary="Each act that names an approver used an approval of that person.", find=find_acts),
)
