"""The table of approvals: who asked for what, who answered, and when it was used."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Id, Integer, Table, Text


class ApprovalRow(Table):
    """A request for an approval and what became of it; its id is the token.

    It is bound to the operation and, by the fingerprint, to the command and the legal entity. `issues` is JSON: codes, permissions
    and the largest amounts that it covers. A row is decided once and used once.
    """

    id = Id(primary_key=True)
    requester = Text()
    requester_name = Text()
    operation = Text()
    fingerprint = Text()
    legal_entity_id = Id(null=True)
    store_id = Id(null=True)
    register = Text(null=True)
    issues = Text()
    request_id = Text(null=True)
    created_at = Integer()
    state = Text()
    expires_at = Integer()
    decided_by = Text(null=True)
    decided_by_name = Text(null=True)
    decided_at = Integer(null=True)
    reason = Text(null=True)
    used_at = Integer(null=True)
    document_id = Id(null=True)

    class Meta:
        table_name = "kernel_approval"
        append_only = True
        mutable = ("state", "expires_at", "decided_by", "decided_by_name", "decided_at", "reason", "used_at", "document_id")
        constraints = [
            peewee.Check("state IN ('waiting', 'approved', 'declined', 'used')"),
            peewee.Check("(state = 'waiting') = (decided_by IS NULL)"),
            peewee.Check("(decided_by IS NULL) = (decided_at IS NULL)"),
            peewee.Check("(state = 'used') = (used_at IS NOT NULL)"),
        ]
        indexes = ((("requester", "fingerprint"), False), (("document_id",), False))


ApprovalRow.add_index(ApprovalRow.index(ApprovalRow.id, where=peewee.SQL("state = 'waiting'"), name="kernel_approval_waiting"))

APPROVAL_TABLES: tuple[type[Table], ...] = (ApprovalRow,)
