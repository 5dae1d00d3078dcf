"""Settings, events, error codes and roles of approvals."""

from __future__ import annotations

from kassa.kernel.approvals.asking import REQUESTED, USE, WAIT
from kassa.kernel.approvals.operations import ALONE, DECIDE, READ
from kassa.kernel.contributions import ErrorCode, EventType, Role, SettingDefinition

SETTINGS = (
    SettingDefinition(
        name=WAIT,
        summary="How many seconds a request waits for an approval",
        type="int",
        default=900,
        minimum=10,
        maximum=86_400,
        levels=("installation", "legal_entity", "profile", "store"),
    ),
    SettingDefinition(
        name=USE,
        summary="For how many seconds an approval can be used after it was given",
        type="int",
        default=120,
        minimum=10,
        maximum=86_400,
        levels=("installation", "legal_entity", "profile", "store"),
    ),
)

FIELDS = {
    "approval": "Id of the approval, which is its token.",
    "operation": "The operation that is to be allowed.",
    "requester": "Who asked.",
    "legal_entity_id": "Where.",
    "store_id": "In which store, where it is in one.",
    "decided_by": "Who answered; null while nobody did.",
}
TOLD = {
    "approval": "0190a1b2-0000-7000-8000-000000000001", "operation": "sales.sell", "requester": "0190a1b2-0000-7000-8000-000000000002",
    "legal_entity_id": "0190a1b2-0000-7000-8000-000000000003", "store_id": "0190a1b2-0000-7000-8000-000000000004", "decided_by": None,
}  # fmt: skip
EVENTS = (
    EventType(name=REQUESTED, summary="Somebody needs an approval.", fields=FIELDS, example=TOLD),
    EventType(name="approvals.approved", summary="An act was approved; its requester may repeat it now.", fields=FIELDS, example=TOLD),
    EventType(name="approvals.declined", summary="An act was declined, or its requester took it back.", fields=FIELDS, example=TOLD),
)

ROLES = (
    Role(name="approvals.cashier", role="cashier", summary="Asks for approvals", permissions=(READ,)),
    Role(name="approvals.returns_clerk", role="returns_clerk", summary="Asks for approvals", permissions=(READ,)),
    Role(name="approvals.payables", role="payables", summary="Asks for approvals", permissions=(READ,)),
    Role(name="approvals.stock_clerk", role="stock_clerk", summary="Asks for approvals", permissions=(READ,)),
    Role(name="approvals.store_manager", role="store_manager", summary="Approves what others may not", permissions=(READ, DECIDE, ALONE)),
    Role(name="approvals.accountant", role="accountant", summary="Approves what others may not", permissions=(READ, DECIDE)),
    Role(name="approvals.integrator", role="integrator", summary="Asks for approvals", permissions=(READ,)),
)


def _code(code: str, title: str, meaning: str, action: str, status: int = 409) -> ErrorCode:
    return ErrorCode(code=f"APPROVAL_{code}", title=title, meaning=meaning, action=action, status=status)


CODES = (
    _code(
        "UNKNOWN", "There is no such approval of yours", "The token is none, or somebody else asked for it.", "Use the token that you got."
    ),
    _code(
        "OTHER_CONTENT",
        "The approval is for something else",
        "Operation, content, legal entity, store and till must be those that were approved.",
        "Repeat the request exactly, or send it without the token to ask for another approval.",
    ),
    _code("USED", "The approval was used", "An approval counts once.", "Send the request without the token to ask for another."),
    _code("DECLINED", "The approval was declined", "Somebody who could approve it did not.", "Do it another way; the answer says why."),
    _code(
        "EXPIRED",
        "The time of the approval is over",
        "It was answered too late, or used too late; settings say how long each may take.",
        "Send the request without the token to ask for another.",
    ),
    _code(
        "WAITING", "Nobody has answered yet", "The approval was asked for and waits.", "Send the same request again when it is approved."
    ),
    _code(
        "APPROVER_GONE",
        "Who approved it may not act any more",
        "The approver was deactivated, or the key that was used was revoked.",
        "Send the request without the token to ask for another approval.",
    ),
    _code("DECIDED", "It was decided already", "Another was faster, or the approval was used.", "Read it again."),
    _code(
        "BEYOND_POWER",
        "You may not approve this",
        "Who approves must hold the permission with a limit that suffices.",
        "Let somebody approve it who may do it alone.",
        403,
    ),
)
