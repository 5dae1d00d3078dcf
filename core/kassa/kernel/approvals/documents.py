"""Approvals as frozen values: what is needed, what was asked for, and whether the one covers the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import attrs

from kassa.kernel.approvals.models import ApprovalRow
from kassa.kernel.database import Row
from kassa.kernel.errors import Issue, PluginError
from kassa.kernel.schema import encode
from kassa.kernel.tables import columns_of
from kassa.kernel.values import DecimalTextError, parse_scaled

State = Literal["waiting", "approved", "declined", "used"]
COLUMNS: tuple[str, ...] = tuple(columns_of(ApprovalRow))
FIND = f"SELECT {', '.join(COLUMNS)} FROM kernel_approval WHERE id = ?"
PLACES, AMOUNT_AT_MOST = 6, 10**30


@attrs.frozen(kw_only=True)
class Needed:
    """One approvable issue as an approval keeps it; amounts are decimal texts, of `currency` or rates."""

    code: str
    message: str
    permission: str
    amount: str | None = None
    currency: str | None = None
    limit: str | None = None
    pointer: str = ""
    rule: str = ""
    plugin: str = ""
    document: str | None = None

    @property
    def place(self) -> tuple[Any, ...]:
        """What must be the same in the act that is approved and in the one that is done; the amount may be smaller."""
        return (self.code, self.permission, self.pointer, self.currency or "", self.amount is None)

    @property
    def number(self) -> int:
        """The amount in millionths, for comparisons; 0 where there is none."""
        return parse_scaled(self.amount, PLACES, maximum=AMOUNT_AT_MOST) if self.amount is not None else 0


@attrs.frozen(kw_only=True)
class Approval:
    """A request for an approval and its answer; `id` is the token by which the requester refers to it."""

    id: str
    requester: str
    requester_name: str
    operation: str
    fingerprint: str
    legal_entity_id: str | None
    store_id: str | None
    register: str | None
    issues: tuple[Needed, ...]
    request_id: str | None
    created_at: int
    state: State = "waiting"
    expires_at: int
    decided_by: str | None = None
    decided_by_name: str | None = None
    decided_at: int | None = None
    reason: str | None = None
    used_at: int | None = None
    document_id: str | None = None

    def row(self) -> tuple[Any, ...]:
        """Give the row of the approval, in the order of the table's columns."""
        issues = encode([attrs.asdict(issue) for issue in self.issues])
        return tuple(issues if column == "issues" else getattr(self, column) for column in COLUMNS)

    def told(self) -> dict[str, Any]:
        """Give what events tell of the approval."""
        names = ("operation", "requester", "legal_entity_id", "store_id", "decided_by")
        return {"approval": self.id, **{name: getattr(self, name) for name in names}}


def approval_of(row: Row) -> Approval:
    """Make an approval of its row."""
    values = dict(zip(COLUMNS, row, strict=True))
    return Approval(**values | {"issues": tuple(Needed(**issue) for issue in json.loads(values["issues"]))})


def needed_of(issue: Issue) -> Needed:
    """Take what an approval has to cover from an issue; PluginError where a rule gives it an amount that is none."""
    if issue.amount is not None:
        try:
            parse_scaled(issue.amount, PLACES, maximum=AMOUNT_AT_MOST)
        except DecimalTextError as error:
            raise PluginError(issue.plugin, issue.rule, f"the amount of its approvable issue {issue.code} is no decimal text") from error
    return Needed(**{field.name: getattr(issue, field.name) for field in attrs.fields(Needed)})


def covers(approved: Sequence[Needed], needed: Sequence[Needed]) -> bool:
    """Tell whether what was approved allows all that is needed: the same issues, none with a larger amount."""
    left = _amounts(approved)
    for place, amounts in _amounts(needed).items():
        allowed = left.get(place, [])
        if len(amounts) > len(allowed) or any(amount > most for amount, most in zip(amounts, allowed, strict=False)):
            return False
    return True


def _amounts(issues: Iterable[Needed]) -> dict[tuple[Any, ...], list[int]]:
    """Collect the amounts of issues at each place, the largest first."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for issue in issues:
        found.setdefault(issue.place, []).append(abs(issue.number))
    return {place: sorted(amounts, reverse=True) for place, amounts in found.items()}
