"""Requests and views of approvals."""

from __future__ import annotations

from typing import Literal

import attrs

from kassa.kernel.approvals.documents import Approval
from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Identifier, Instant, LongText, Text

Shown = Literal["waiting", "approved", "declined", "used", "expired"]


@attrs.frozen(kw_only=True)
class ListApprovals(PageRequest):
    """Asks for approvals, the newest first: one's own and, for who may decide, those of one's legal entities and stores."""

    state: Shown | None = attrs.field(default="waiting", metadata={"description": "Those that wait for an answer if left out."})
    store_id: Identifier | None = attrs.field(default=None, metadata={"description": "Only what was asked for in this store."})


@attrs.frozen(kw_only=True)
class ReadApproval:
    """Names one approval."""

    token: Text = attrs.field(metadata={"examples": ["01a1f900-0000-7000-8000-000000000001"]})


@attrs.frozen(kw_only=True)
class DecideApproval:
    """Answers a request for an approval."""

    token: Text = attrs.field(metadata={"examples": ["01a1f900-0000-7000-8000-000000000001"]})
    reason: LongText | None = attrs.field(
        default=None, metadata={"description": "Why; the requester sees it.", "examples": ["Regular guest"]}
    )


@attrs.frozen(kw_only=True)
class ApprovedIssueView:
    """What an approval has to allow; `amount` is the largest that it covers, of `currency` or a rate, `limit` is the requester's."""

    code: str
    message: str
    permission: str
    amount: str | None
    currency: str | None
    limit: str | None
    pointer: str
    rule: str
    plugin: str
    document: str | None


@attrs.frozen(kw_only=True)
class ApprovalView:
    """A request for an approval: who asks for what, until when, who answered, and which document it allowed."""

    token: Identifier
    state: Shown
    operation: str
    summary: str
    requester: str
    requester_name: str
    legal_entity_id: Identifier | None
    store_id: Identifier | None
    register: str | None
    issues: tuple[ApprovedIssueView, ...]
    created_at: Instant
    expires_at: Instant
    decided_by: str | None
    decided_by_name: str | None
    decided_at: Instant | None
    reason: str | None
    used_at: Instant | None
    document_id: Identifier | None


def view_of(approval: Approval, now: int, summary: str) -> ApprovalView:
    """Show an approval as it stands at an instant."""
    open_still = approval.state in ("waiting", "approved")
    shared = {
        field.name: getattr(approval, field.name)
        for field in attrs.fields(ApprovalView)
        if field.name not in ("token", "state", "summary", "issues")
    }
    return ApprovalView(
        token=approval.id,
        state="expired" if open_still and approval.expires_at <= now else approval.state,
        summary=summary,
        issues=tuple(ApprovedIssueView(**attrs.asdict(issue)) for issue in approval.issues),
        **shared,
    )
