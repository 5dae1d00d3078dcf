"""Findings: what a rule or a check has to say about a request or a document."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

Severity: TypeAlias = Literal["refuse", "approvable", "skip", "warn"]
"""refuse: cannot be done; approvable: someone may allow it; skip: a run leaves the document out; warn: done, and said."""


@attrs.frozen(kw_only=True)
class Issue:
    """One finding about a request or a document: what was expected, what came, what to do.

    `pointer` is a JSON pointer into the request (`/lines/1/quantity`), `rule` the registered name or id of the rule. An
    approvable issue names the `permission` that allows it, with `amount` asked and `limit` held as decimal texts; `currency` is that
    of the amount, None for a rate.
    """

    code: str
    message: str
    pointer: str = ""
    rule: str = ""
    plugin: str = ""
    severity: Severity = "refuse"
    expected: Mapping[str, str] | None = attrs.field(default=None, hash=False)
    got: str | None = None
    permission: str | None = None
    amount: str | None = None
    currency: str | None = None
    limit: str | None = None
    document: str | None = None
    action: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The finding as members of a problem document; amounts and limits only where someone could approve."""
        approvable = self.severity == "approvable"
        members: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "severity": self.severity,
            "pointer": self.pointer,
            "rule": self.rule,
            "plugin": self.plugin,
            "approvable_by": self.permission if approvable else None,
            "expected": None if self.expected is None else dict(self.expected),
            "got": self.got,
            "action": self.action,
        }
        if approvable:
            members.update(permission=self.permission, amount=self.amount, currency=self.currency, limit=self.limit)
        if self.document is not None:
            members["document"] = self.document
        return members
