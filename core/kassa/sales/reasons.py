"""Reasons: why somebody set a price or a charge by hand, or took something out of an order.

The codes are those of the organisation, by purpose; settings say whether one must be given.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue
from kassa.org import facts as org

REQUIRED = {
    "price_override": "sales.price_reason_required",
    "charge_override": "sales.charge_reason_required",
    "order_change": "sales.change_reason_required",
    "order_cancellation": "sales.cancellation_reason_required",
}
"""By purpose of reason codes: the setting that demands one."""
REASONS = "SELECT code FROM org_reason_code WHERE legal_entity_id = ? AND purpose = ? AND active"


def check_reason(context: Any, purpose: str, code: str | None, pointer: str, *, store_id: str | None = None) -> Iterable[Issue]:
    """Find what is wrong with the reason that was given for an act: none where one must be, or one that is not there."""
    if code is None:
        if context.setting(REQUIRED[purpose], store_id=store_id):
            message = f"A reason must be given here: a reason code of the purpose {purpose}."
            yield Issue(code="SALES_REASON_NEEDED", message=message, pointer=pointer)
        return
    known: frozenset[str] = context.cached("org", "sales_reasons", (org.legal_entity(context).id, purpose), _load_reasons)
    if code not in known:
        message = f"There is no active reason code {code!r} for {purpose}."
        expected = {"reason": ", ".join(sorted(known))}
        yield Issue(code="SALES_REASON_UNKNOWN", message=message, pointer=pointer, expected=expected, got=code)


def _load_reasons(read: Reader, key: tuple[str, str]) -> frozenset[str]:
    return frozenset(row[0] for row in read.rows(REASONS, key))
