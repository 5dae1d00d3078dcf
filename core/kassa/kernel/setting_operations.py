"""The operations on settings: list them, read one with its values and history, change one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import EventType, Http, Operation, Permission, SettingDefinition, SettingScope
from kassa.kernel.errors import InvalidInput, Issue, KassaError, PreconditionFailed
from kassa.kernel.operations import PageRequest, Result, page, page_of, read_cursor
from kassa.kernel.plan import Event, Row
from kassa.kernel.schema import Identifier, Instant, LongText, Text
from kassa.kernel.schema.rejections import Rejection
from kassa.kernel.settings import INSTALLATION_TARGET, SettingHistoryRow, SettingRow, parse, write
from kassa.kernel.values import format_scaled, new_id

LevelName = Literal["installation", "legal_entity", "profile", "store"]
HISTORY_SHOWN = 50
CHANGE_INSTALLATION = "settings.change_installation"
ROWS = "SELECT level, target, value, version FROM kernel_setting WHERE name = ? ORDER BY level, target"
HISTORY = "SELECT at, actor, level, target, old, new FROM kernel_setting_history WHERE name = ? ORDER BY id DESC LIMIT ?"


@attrs.frozen(kw_only=True)
class ListSettings(PageRequest):
    """Asks for the settings of this installation, sorted by name."""

    store_id: Identifier | None = attrs.field(default=None, metadata={"description": "Show the values as they are for this store."})


@attrs.frozen(kw_only=True)
class ReadSetting:
    """Asks for one setting."""

    name: Text
    store_id: Identifier | None = attrs.field(default=None, metadata={"description": "Show the value as it is for this store."})


@attrs.frozen(kw_only=True)
class ChangeSetting:
    """Gives a value to a setting at one level, or takes it back."""

    name: Text
    level: LevelName = attrs.field(metadata={"description": "Where the value shall count."})
    target_id: Text | None = attrs.field(
        default=None, metadata={"description": "Id of the legal entity or store, or the profile; none for the installation."}
    )
    value: LongText | None = attrs.field(metadata={"description": "The value as text; null takes it back, so that the wider level counts."})


@attrs.frozen(kw_only=True)
class SettingView:
    """A setting with the value that counts; `level` says which level gave it, null being the default."""

    name: str
    summary: str
    type: Literal["bool", "int", "text", "decimal", "choice"]
    levels: tuple[str, ...]
    choices: tuple[str, ...]
    minimum: str | None
    maximum: str | None
    default: str | None
    value: str | None
    level: LevelName | None


@attrs.frozen(kw_only=True)
class SettingValueView:
    """A value that was given to a setting at one level; `version` counts its changes."""

    name: str
    level: LevelName
    target_id: str | None
    value: str | None
    version: int


@attrs.frozen(kw_only=True)
class SettingChangeView:
    """One change of a setting."""

    at: Instant
    actor: str
    level: LevelName
    target_id: str | None
    old: str | None
    new: str | None


@attrs.frozen(kw_only=True)
class SettingDetailView:
    """A setting, every value that is given to it within the caller's scope, and its newest changes.

    `version` counts the changes of all its values; it is what If-Match compares when the setting is changed.
    """

    setting: SettingView
    values: tuple[SettingValueView, ...]
    history: tuple[SettingChangeView, ...]
    version: int


def list_settings(request: ListSettings, context: Context) -> Any:
    """Show a page of settings with the values that count for the legal entity and store asked for."""
    _check_store(context, request.store_id)
    cursor = read_cursor(request.after, 1)
    names = [
        definition.name for definition in context.registry.all(SettingDefinition) if cursor is None or definition.name > str(cursor[0])
    ]
    shown = [_view(context, context.engine.settings.definition(name), request.store_id) for name in names[: request.limit + 1]]
    return page(request, SettingView, shown, lambda view: (view.name,))


def _check_store(context: Context, store_id: str | None) -> None:
    """Check that a store whose values are asked for is one of the actor's places; NotFound where it is not, or is none."""
    context.actor.require_store(store_id, store_id or "")
    if store_id is not None and context.engine.settings.scope is not None:
        context.engine.settings.scope.check(context, "store", store_id)


def read_setting(request: ReadSetting, context: Context) -> SettingDetailView:
    """Show one setting with its given values and its newest changes; values outside the caller's scope are left out."""
    _check_store(context, request.store_id)
    definition = context.engine.settings.definition(request.name)
    seen = visible(context)
    rows = context.read.rows(ROWS, (request.name,))
    values = tuple(
        SettingValueView(name=request.name, level=level, target_id=target or None, value=value, version=version)
        for level, target, value, version in rows
        if seen(level, target)
    )
    history = tuple(
        SettingChangeView(at=at, actor=actor, level=level, target_id=target or None, old=old, new=new)
        for at, actor, level, target, old, new in context.read.rows(HISTORY, (request.name, HISTORY_SHOWN))
        if seen(level, target)
    )
    return SettingDetailView(
        setting=_view(context, definition, request.store_id), values=values, history=history, version=1 + sum(row[3] for row in rows)
    )


def change_setting(request: ChangeSetting, context: Context) -> Result:
    """Plan the new value of a setting at one level, and the line of its history."""
    definition = context.engine.settings.definition(request.name)
    target = _target(request, definition, context)
    value = _checked(definition, request.value)
    rows = context.read.rows(ROWS, (request.name,))
    if context.if_match is not None and context.if_match != 1 + sum(row[3] for row in rows):
        raise PreconditionFailed(f"The setting {request.name} has changed since it was read. Read it again, then decide again.")
    known = next((row for row in rows if row[:2] == (request.level, target)), None)
    old, version = (known[2], known[3]) if known is not None else (None, 0)
    if known is None:
        given = {"name": request.name, "level": request.level, "target": target, "value": value, "version": 1}
        row = Row(SettingRow, given)
    else:
        row = Row(SettingRow, {"value": value}, key={"name": request.name, "level": request.level, "target": target}, version=version)
    history = {
        "id": new_id(), "name": request.name, "level": request.level, "target": target, "at": context.now, "actor": context.actor.id,
        "old": old, "new": value,
    }  # fmt: skip
    told = {name: history[name] for name in ("name", "level", "target", "old", "new")}
    event = Event("settings.changed", told, everywhere=request.level == "installation")
    context.plan.add([row, Row(SettingHistoryRow, history), event], rule="settings.change")
    view = SettingValueView(name=request.name, level=request.level, target_id=target or None, value=value, version=version + 1)
    return Result(view=lambda numbers: view, version=2 + sum(row[3] for row in rows))


def _view(context: Context, definition: SettingDefinition, store_id: str | None) -> SettingView:
    settings = context.engine.settings
    places = definition.places if definition.type == "decimal" else 0
    bounds = [None if bound is None else format_scaled(bound, places, trim=True) for bound in (definition.minimum, definition.maximum)]
    return SettingView(
        name=definition.name,
        summary=definition.summary,
        type=definition.type,
        levels=tuple(definition.levels),
        choices=tuple(definition.choices),
        minimum=bounds[0],
        maximum=bounds[1],
        default=write(definition, definition.default),
        value=write(definition, settings.value(context, definition.name, store_id=store_id)),
        level=settings.level_of(context, definition.name, store_id),
    )


def visible(context: Context) -> Callable[[str, str], bool]:
    """Tell which values the actor may see: those of its own legal entities, their profiles, its stores, and the installation's."""
    actor = context.actor

    def seen(level: str, target: str) -> bool:
        if level == "legal_entity":
            return actor.legal_entities is None or target in actor.legal_entities
        if level == "store":
            return actor.stores is None or target in actor.stores
        if level == "profile":
            scope = context.engine.settings.scope
            return scope is None or _within(scope, context, target)
        return True

    return seen


def _within(scope: SettingScope, context: Context, profile: str) -> bool:
    try:
        scope.check(context, "profile", profile)
    except KassaError:
        return False
    return True


def _target(request: ChangeSetting, definition: SettingDefinition, context: Context) -> str:
    if request.level not in definition.levels:
        raise _input(
            "/level",
            "INPUT_NOT_ALLOWED",
            f"{request.name} is given at {', '.join(definition.levels)}",
            request.level,
            "Use one of these levels.",
        )
    return target_of(context, request.level, request.target_id, CHANGE_INSTALLATION)


def target_of(context: Context, level: LevelName, target_id: str | None, permission: str) -> str:
    """Check at which place something is given by the actor; for the whole installation that needs a permission of its own, held everywhere.

    Raises InvalidInput for a target that is missing or one too many, NotFound for one that does not exist or is out of scope.
    """
    if level == "installation":
        if target_id is not None:
            raise _input("/target_id", "INPUT_CONTRADICTORY", "no target, for the installation is one", target_id, "Leave it out.")
        context.actor.require(permission)
        context.actor.require_everywhere("What is given for the installation counts")
        return INSTALLATION_TARGET
    if target_id is None:
        raise _input(
            "/target_id", "INPUT_MISSING", f"the {level.replace('_', ' ')} for which the value counts", "nothing", "Send its identifier."
        )
    if level == "legal_entity":
        context.actor.require_legal_entity(target_id, target_id)
    elif level == "store":
        context.actor.require_store(target_id, target_id)
    if context.engine.settings.scope is not None:
        context.engine.settings.scope.check(context, level, target_id)
    return target_id


def _checked(definition: SettingDefinition, text: str | None) -> str | None:
    """Write a value in its one form (12.50 is 12.5); InvalidInput where the definition does not allow it."""
    if text is None:
        return None
    try:
        return write(definition, parse(definition, text))
    except Rejection as rejection:
        raise _input("/value", rejection.code, rejection.expected, rejection.got, rejection.action) from rejection


def _input(pointer: str, code: str, expected: str, got: str | None, action: str) -> InvalidInput:
    message = f"{pointer}: expected {expected}, got {got}. {action}"
    return InvalidInput(issues=(Issue(code=code, message=message, pointer=pointer, got=got, action=action),))


PERMISSIONS = (
    Permission(name="settings.read", summary="See settings and who changed them"),
    Permission(name="settings.change", summary="Change settings of one's legal entities and stores"),
    Permission(name=CHANGE_INSTALLATION, summary="Change settings for the whole installation"),
)

EVENTS = (
    EventType(
        name="settings.changed",
        summary="A setting was given another value, or its value was taken back.",
        fields={
            "name": "The setting.",
            "level": "Where the value counts: installation, legal_entity, profile or store.",
            "target": "Of which; empty for the installation.",
            "old": "The value before; null where none was given.",
            "new": "The value now; null where it was taken back.",
        },
        example={"name": "stock.negative_stock", "level": "installation", "target": "", "old": None, "new": "warn"},
    ),
)

OPERATIONS = (
    Operation(
        name="settings.list",
        summary="List the settings with the values that count",
        effect="read",
        http=Http(method="GET", path="/settings"),
        request=ListSettings,
        response=page_of(SettingView),
        permission="settings.read",
        handler=list_settings,
        collection=True,
        example={"limit": 20},
    ),
    Operation(
        name="settings.read",
        summary="Read one setting, the values given to it and its newest changes",
        effect="read",
        http=Http(method="GET", path="/settings/{name}"),
        request=ReadSetting,
        response=SettingDetailView,
        permission="settings.read",
        handler=read_setting,
        example={"name": "stock.negative_stock"},
    ),
    Operation(
        name="settings.change",
        summary="Give a setting a value at one level, or take the value back",
        description="The narrowest level counts: store, then profile, then legal entity, then installation. Every change is kept with its author.",
        effect="edit",
        http=Http(method="PATCH", path="/settings/{name}"),
        request=ChangeSetting,
        response=SettingValueView,
        permission="settings.change",
        handler=change_setting,
        example={"name": "stock.negative_stock", "level": "installation", "value": "warn"},
    ),
)
