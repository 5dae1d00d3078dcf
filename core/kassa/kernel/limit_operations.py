"""The operations on limits: list them, read those of one permission with their history, change one."""

from __future__ import annotations

from typing import Any, Literal

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import ErrorCode, EventType, Http, Operation, Permission
from kassa.kernel.errors import InvalidInput, Issue, NotFound, PreconditionFailed, Refused
from kassa.kernel.limits import RATE, LimitHistoryRow, LimitRow, amount_text, limit_of, read_amount
from kassa.kernel.operations import PageRequest, Result, page, page_of, read_cursor
from kassa.kernel.plan import Event, Row
from kassa.kernel.schema import CurrencyCode, DecimalText, Instant, Text
from kassa.kernel.setting_operations import HISTORY_SHOWN, LevelName, target_of, visible
from kassa.kernel.settings import INSTALLATION_TARGET
from kassa.kernel.values import DecimalTextError, new_id

Measure = Literal["money", "rate"]
READ, CHANGE, CHANGE_INSTALLATION = "limits.read", "limits.change", "limits.change_installation"
COLUMNS = "permission, role, unit, level, target, amount, given, version"
LISTED = (
    f"SELECT {COLUMNS} FROM kernel_limit WHERE given AND (permission, role, unit, level, target) > (?, ?, ?, ?, ?){{}} "
    "ORDER BY permission, role, unit, level, target LIMIT ?"
)
OF_PERMISSION = f"SELECT {COLUMNS} FROM kernel_limit WHERE permission = ? ORDER BY role, unit, level, target"
HISTORY = "SELECT at, actor, role, unit, level, target, old, new FROM kernel_limit_history WHERE permission = ? ORDER BY id DESC LIMIT ?"
NO_LIMIT = "unlimited"
"""What the history says of a limit that allows any amount."""


@attrs.frozen(kw_only=True)
class ListLimits(PageRequest):
    """Asks for the limits that are given, sorted by permission and role."""

    permission: Text | None = None
    role: Text | None = None


@attrs.frozen(kw_only=True)
class ReadLimits:
    """Asks for the limits of one permission."""

    permission: Text


@attrs.frozen(kw_only=True)
class ChangeLimit:
    """Gives a role a limit for a permission in one place, or takes it back."""

    permission: Text
    role: Text = attrs.field(metadata={"description": "A role that holds the permission."})
    currency: CurrencyCode | None = attrs.field(
        default=None, metadata={"description": "Of the amount; none where the permission is measured as a rate."}
    )
    level: LevelName = attrs.field(metadata={"description": "Where the limit shall count."})
    target_id: Text | None = attrs.field(
        default=None, metadata={"description": "Id of the legal entity or store, or the profile; none for the installation."}
    )
    amount: DecimalText | None = attrs.field(
        default=None, metadata={"description": 'Allowed up to and including this; a rate as "0.15" for 15 %. Null is any amount.'}
    )
    given: bool = attrs.field(default=True, metadata={"description": "False takes the limit back, so that the wider place counts again."})


@attrs.frozen(kw_only=True)
class LimitView:
    """How far a role may go with a permission in one place; an amount of null is any amount."""

    permission: str
    role: str
    currency: str | None
    level: LevelName
    target_id: str | None
    amount: str | None
    given: bool
    version: int


@attrs.frozen(kw_only=True)
class LimitChangeView:
    """One change of a limit; `unlimited` stands for any amount, null where no limit was given."""

    at: Instant
    actor: str
    role: str
    currency: str | None
    level: LevelName
    target_id: str | None
    old: str | None
    new: str | None


@attrs.frozen(kw_only=True)
class PermissionLimitsView:
    """A permission that is measured: who holds it, the limits given within the caller's scope, and their newest changes.

    `unlimited` tells how far those may go to whose role no limit is given: to any amount, or not at all. `version` counts the
    changes of all its limits; it is what If-Match compares when one is changed.
    """

    permission: str
    summary: str
    measured: Measure
    unlimited: bool
    roles: tuple[str, ...]
    limits: tuple[LimitView, ...]
    history: tuple[LimitChangeView, ...]
    version: int


def list_limits(request: ListLimits, context: Context) -> Any:
    """Show a page of the limits that are given, within the caller's scope."""
    cursor = read_cursor(request.after, 5) or [""] * 5
    where, parameters = "", [str(value) for value in cursor]
    for column, value in (("permission", request.permission), ("role", request.role)):
        if value is not None:
            where, parameters = f"{where} AND {column} = ?", [*parameters, value]
    for level, places in (("legal_entity", context.actor.legal_entities), ("store", context.actor.stores)):
        if places is not None:
            marks = ", ".join("?" * len(places)) or "NULL"
            where, parameters = f"{where} AND (level <> '{level}' OR target IN ({marks}))", [*parameters, *sorted(places)]
    views = [_view(row) for row in context.read.rows(LISTED.format(where), (*parameters, request.limit + 1))]
    return page(request, LimitView, views, _place_of)


def _place_of(view: LimitView) -> tuple[str, ...]:
    return (view.permission, view.role, view.currency or RATE, view.level, view.target_id or "")


def read_limits(request: ReadLimits, context: Context) -> PermissionLimitsView:
    """Show the limits of one permission; those outside the caller's scope are left out."""
    definition = _measured(context, request.permission)
    seen = visible(context)
    rows = context.read.rows(OF_PERMISSION, (request.permission,))
    changes = context.read.rows(HISTORY, (request.permission, HISTORY_SHOWN))
    return PermissionLimitsView(
        permission=definition.name,
        summary=definition.summary,
        measured=definition.measured or "money",
        unlimited=definition.unlimited,
        roles=context.registry.holders.get(definition.name, ()),
        limits=tuple(_view(row) for row in rows if row[6] and seen(row[3], row[4])),
        history=tuple(
            LimitChangeView(
                at=at,
                actor=actor,
                role=role,
                currency=None if unit == RATE else unit,
                level=level,
                target_id=target or None,
                old=old,
                new=new,
            )
            for at, actor, role, unit, level, target, old, new in changes
            if seen(level, target)
        ),
        version=1 + sum(row[7] for row in rows),
    )


def change_limit(request: ChangeLimit, context: Context) -> Result:
    """Plan the new limit of a role in one place, and the line of its history."""
    definition = _measured(context, request.permission)
    unit = _unit(request, definition)
    target = target_of(context, request.level, request.target_id, CHANGE_INSTALLATION)
    amount = _amount(request, unit)
    rows = context.read.rows(OF_PERMISSION, (request.permission,))
    version = 1 + sum(row[7] for row in rows)
    if context.if_match is not None and context.if_match != version:
        raise PreconditionFailed(
            f"The limits of {request.permission} have changed since they were read. Read them again, then decide again."
        )
    _check(request, context, definition, unit, target, amount)
    key = {"permission": request.permission, "role": request.role, "unit": unit, "level": request.level, "target": target}
    known = next((row for row in rows if row[1:5] == (request.role, unit, request.level, target)), None)
    values = {"amount": amount, "given": request.given}
    row = Row(LimitRow, {**key, **values, "version": 1}) if known is None else Row(LimitRow, values, key=key, version=known[7])
    old = _words(unit, known[5], bool(known[6])) if known is not None else None
    history = {"id": new_id(), **key, "at": context.now, "actor": context.actor.id, "old": old, "new": _words(unit, amount, request.given)}
    told = {**key, "old": history["old"], "new": history["new"]}
    event = Event("limits.changed", told, everywhere=request.level == "installation")
    context.plan.add([row, Row(LimitHistoryRow, history), event], rule="limits.change")
    view = _view((*key.values(), amount, request.given, 1 if known is None else known[7] + 1))
    return Result(view=lambda numbers: view, version=version + 1)


def _measured(context: Context, permission: str) -> Permission:
    definition = context.registry.find(Permission, permission)
    if definition is None:
        raise NotFound("permission", permission)
    if definition.measured is None:
        message = f"{permission} has no limits: who holds it may do all of it, others nothing."
        raise Refused((Issue(code="LIMIT_NOT_MEASURED", message=message, pointer="/permission", got=permission),))
    return definition


def _unit(request: ChangeLimit, definition: Permission) -> str:
    if definition.measured == "rate":
        if request.currency is not None:
            raise _input(
                "/currency", "INPUT_CONTRADICTORY", f"{definition.name} is measured as a rate, which has no currency. Leave it out."
            )
        return RATE
    if request.currency is None:
        raise _input("/currency", "INPUT_MISSING", f"{definition.name} is measured in money. Send the currency of the amount.")
    return request.currency


def _amount(request: ChangeLimit, unit: str) -> int | None:
    if request.amount is None:
        return None
    if not request.given:
        raise _input("/amount", "INPUT_CONTRADICTORY", "A limit that is taken back has no amount. Leave it out.")
    try:
        amount = read_amount(unit, request.amount)
    except DecimalTextError as error:
        codes = {"grammar": "INPUT_NOT_A_DECIMAL", "places": "INPUT_TOO_MANY_PLACES", "range": "INPUT_OUT_OF_RANGE"}
        raise _input("/amount", codes[error.reason], f"{error}.") from error
    if amount < 0:
        raise _input("/amount", "INPUT_OUT_OF_RANGE", "A limit is 0 or more; an act is compared with it without its sign.")
    return amount


def _check(request: ChangeLimit, context: Context, definition: Permission, unit: str, target: str, amount: int | None) -> None:
    """Refuse limits for roles that do not hold the permission, and limits beyond what one may do oneself in that place."""
    holders = context.registry.holders.get(definition.name, ())
    issues = []
    if request.role not in holders:
        message = f"The role {request.role} does not hold {definition.name}; {', '.join(holders) or 'no role'} does."
        issues.append(Issue(code="LIMIT_ROLE", message=message, pointer="/role", got=request.role))
    own = _own_limit(request, context, definition, unit, target)
    if own is not None and (not request.given or amount is None or amount > own):
        message = f"You cannot give a limit beyond your own, which is {amount_text(unit, own)} there."
        issues.append(Issue(code="LIMIT_BEYOND_OWN", message=message, pointer="/amount", got=request.amount))
    if issues:
        raise Refused(tuple(issues))


def _own_limit(request: ChangeLimit, context: Context, definition: Permission, unit: str, target: str) -> int | None:
    store_id = target if request.level == "store" else None
    entity_id = target if request.level == "legal_entity" else None
    return limit_of(context, context.actor, definition.name, unit, store_id=store_id, legal_entity_id=entity_id)


def _words(unit: str, amount: int | None, given: bool) -> str | None:
    if not given:
        return None
    return NO_LIMIT if amount is None else amount_text(unit, amount)


def _view(row: tuple[Any, ...]) -> LimitView:
    permission, role, unit, level, target, amount, given, version = row
    return LimitView(
        permission=permission, role=role, currency=None if unit == RATE else unit, level=level,
        target_id=None if target == INSTALLATION_TARGET else target, amount=None if amount is None else amount_text(unit, amount),
        given=bool(given), version=version,
    )  # fmt: skip


def _input(pointer: str, code: str, message: str) -> InvalidInput:
    return InvalidInput(issues=(Issue(code=code, message=message, pointer=pointer),))


PERMISSIONS = (
    Permission(name=READ, summary="See how far each role may go"),
    Permission(name=CHANGE, summary="Change how far roles may go in one's legal entities and stores, up to one's own limits"),
    Permission(name=CHANGE_INSTALLATION, summary="Change how far roles may go in the whole installation"),
)

EVENTS = (
    EventType(
        name="limits.changed",
        summary="A role may go further with a permission than before, or less far.",
        fields={
            "permission": "What is limited.",
            "role": "Whose role.",
            "unit": "The currency of the amounts, or rate.",
            "level": "Where it counts: installation, legal_entity, profile or store.",
            "target": "Of which; empty for the installation.",
            "old": "The amount before, unlimited for any, null for none given.",
            "new": "The amount now, alike.",
        },
        example={
            "permission": "sales.discount", "role": "cashier", "unit": "EUR", "level": "installation", "target": "", "old": None, "new": "10.00",
        },
    ),
)  # fmt: skip

CODES = (
    ErrorCode(
        code="LIMIT_NOT_MEASURED",
        title="This permission has no limits",
        meaning="Who holds the permission may do all of it; there is no amount to limit.",
        action="Give the role to fewer people, or limit another permission.",
    ),
    ErrorCode(
        code="LIMIT_ROLE",
        title="The role does not hold this permission",
        meaning="A limit says how far a permission goes, so the role has to hold it.",
        action="Use one of the roles that the issue names. An administrator has no limits.",
    ),
    ErrorCode(
        code="LIMIT_BEYOND_OWN",
        title="A limit beyond one's own",
        meaning="Nobody gives more power than they have; to take a limit back may be to give more.",
        action="Give at most your own limit, or let somebody do it who may go further.",
    ),
)

OPERATIONS = (
    Operation(
        name="limits.list",
        summary="List the limits that are given to roles",
        effect="read",
        http=Http(method="GET", path="/limits"),
        request=ListLimits,
        response=page_of(LimitView),
        permission=READ,
        handler=list_limits,
        collection=True,
        example={"limit": 20},
    ),
    Operation(
        name="limits.read",
        summary="Read the limits of one permission and their newest changes",
        effect="read",
        http=Http(method="GET", path="/limits/{permission}"),
        request=ReadLimits,
        response=PermissionLimitsView,
        permission=READ,
        handler=read_limits,
        example={"permission": "sales.discount"},
    ),
    Operation(
        name="limits.change",
        summary="Give a role a limit for a permission, or take it back",
        description="The narrowest place counts: store, then profile, then legal entity, then installation. Up to and including the "
        "limit is allowed; of several roles the most generous counts. Every change is kept with its author.",
        effect="edit",
        http=Http(method="PATCH", path="/limits/{permission}"),
        request=ChangeLimit,
        response=LimitView,
        permission=CHANGE,
        handler=change_limit,
        example={"permission": "sales.discount", "role": "cashier", "currency": "EUR", "level": "installation", "amount": "10.00"},
    ),
)
