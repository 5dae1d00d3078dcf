"""The audit trail: one row for every write that was done or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kassa.kernel.schema import encode
from kassa.kernel.values import new_id

if TYPE_CHECKING:
    from kassa.kernel.requests import Request


def audit_row(
    request: Request, *, outcome: Literal["done", "refused"], code: str | None = None, detail: Any = None, approver: str | None = None
) -> tuple[Any, ...]:
    """Make the audit row of a request, in the order of the table's columns; `detail` is stored as JSON.

    `code` tells why it was refused, or of what it was done all the same: what was approved, and what was warned of.
    """
    actor = request.actor
    text = encode(detail) if detail else None
    return (
        new_id(), request.now, actor.id, approver, request.operation.name, request.legal_entity_id, actor.store_id, actor.register,
        request.request_id, request.origin, outcome, code, text,
    )  # fmt: skip
