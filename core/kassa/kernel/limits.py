"""Limits: how far those who hold a permission may go, by role; absolute amounts, and "over" means strictly more.

A limit is given to a role for a permission that is measured: in money of one currency, or as a rate (0.15 is 15 %). It counts at
a store, the profile of a store, a legal entity or everywhere; the narrowest counts. An amount of NULL is no limit at all. Limits
are reference data, cached until one changes; every change stands in `kernel_limit_history` with who made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import peewee

from kassa.kernel.contributions import Permission
from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue
from kassa.kernel.permissions import Actor
from kassa.kernel.settings import LEVELS, Level
from kassa.kernel.tables import Flag, Id, Integer, Table, Text
from kassa.kernel.values import MAX_MINOR, RATE_PLACES, currency, format_scaled, parse_scaled

if TYPE_CHECKING:
    from kassa.kernel.context import Context

RATE = "rate"
"""The unit of limits that are rates; any other unit is a currency."""
GIVEN = "SELECT role, unit, level, target, amount FROM kernel_limit WHERE permission = ? AND given"
Place = tuple[Level, str]
Limits = Mapping[tuple[str, str, str, str], int | None]


class LimitRow(Table):
    """How far a role may go with a permission in one place: minor units or millionths, NULL for any amount.

    One that is not `given` was taken back: the wider place counts again, or what the permission says.
    """

    permission = Text()
    role = Text()
    unit = Text()
    level = Text()
    target = Text()
    amount = Integer(null=True)
    given = Flag()
    version = Integer()

    class Meta:
        table_name = "kernel_limit"
        reference = "kernel"
        primary_key = peewee.CompositeKey("permission", "role", "unit", "level", "target")
        without_rowid = True
        constraints = [
            peewee.Check("level IN ('installation', 'legal_entity', 'profile', 'store')"),
            peewee.Check("amount >= 0"),
            peewee.Check("version > 0"),
        ]


class LimitHistoryRow(Table):
    """One change of a limit: when, by whom, from what to what; texts as the API writes them, NULL where none was given."""

    id = Id(primary_key=True)
    permission = Text()
    role = Text()
    unit = Text()
    level = Text()
    target = Text()
    at = Integer()
    actor = Text()
    old = Text(null=True)
    new = Text(null=True)

    class Meta:
        table_name = "kernel_limit_history"
        append_only = True
        indexes = ((("permission", "id"), False),)


LIMIT_TABLES: tuple[type[Table], ...] = (LimitRow, LimitHistoryRow)


def limits_of(context: Context, permission: str) -> Limits:
    """Read all limits that are given for a permission, by role, unit, level and target."""

    def load(read: Reader, name: str) -> Limits:
        return {(role, unit, level, target): amount for role, unit, level, target, amount in read.rows(GIVEN, (name,))}

    return context.cached("kernel", "limits", permission, load)


def limit_of(
    context: Context, actor: Actor, permission: str, unit: str, *, store_id: str | None = None, legal_entity_id: str | None = None
) -> int | None:
    """Tell how far somebody may go with a permission: minor units of a currency, or millionths where the unit is `RATE`.

    None is any amount, 0 nothing. Of several roles that hold the permission the most generous counts. ValueError for a unit in
    which the permission is not measured.
    """
    definition = context.registry.find(Permission, permission)
    if not measures(definition, unit):
        raise ValueError(f"{permission} is measured as {definition.measured if definition else None}, not in {unit}")
    if not actor.may(permission):
        return 0
    if actor.all_permissions or definition is None or definition.measured is None:
        return None
    found = limits_of(context, permission)
    standard = None if definition.unlimited else 0
    held = [role for role in context.registry.holders.get(permission, ()) if role in actor.roles] if found else []
    if not held:
        return standard
    places = list(context.engine.settings.places(context, LEVELS, store_id, legal_entity_id))
    return most([limit_of_role(found, role, unit, places, standard) for role in held])


def measures(definition: Permission | None, unit: str) -> bool:
    """Tell whether amounts of a unit can be compared with limits of a permission; with one that is not measured any can."""
    return definition is None or definition.measured is None or (definition.measured == "rate") is (unit == RATE)


def limit_of_role(found: Limits, role: str, unit: str, places: Sequence[Place], standard: int | None) -> int | None:
    """Give the limit of one role at the narrowest place that has one; `standard` where there is none."""
    for level, target in places:
        if (role, unit, level, target) in found:
            return found[role, unit, level, target]
    return standard


def most(limits: Sequence[int | None]) -> int | None:
    """Give the most generous of some limits."""
    amounts = [limit for limit in limits if limit is not None]
    return max(amounts) if len(amounts) == len(limits) else None


def places_of(unit: str) -> int:
    """Tell how many digits after the point an amount of a unit has."""
    return RATE_PLACES if unit == RATE else currency(unit).exponent


def amount_text(unit: str, amount: int) -> str:
    """Write an amount of a unit as decimal text."""
    return format_scaled(amount, places_of(unit), trim=unit == RATE)


def read_amount(unit: str, text: str) -> int:
    """Read an amount of a unit from decimal text; DecimalTextError where it is none."""
    return parse_scaled(text, places_of(unit), maximum=MAX_MINOR)


def approve_over(
    context: Context, permission: str, amount: int | None, *, code: str, message: str, currency: str | None = None, pointer: str = "",
    store_id: str | None = None, document: str | None = None, action: str | None = None,
) -> tuple[Issue, ...]:  # fmt: skip
    """Give the approvable issue of an act that is more than the actor may do; none where it is not.

    `amount` is without sign: minor units of `currency`, millionths without one; None where the permission is not measured, so
    that holding it is enough. In `message`, `{amount}` and `{limit}` stand for both as texts.
    """
    actor = context.actor
    if amount is None:
        if actor.may(permission):
            return ()
        asked = own = None
    else:
        unit = currency or RATE
        limit = limit_of(context, actor, permission, unit, store_id=store_id)
        if limit is None or amount <= limit:
            return ()
        asked, own = amount_text(unit, amount), amount_text(unit, limit)
        message = message.replace("{amount}", asked).replace("{limit}", own)
    return (
        Issue(
            code=code, message=message, pointer=pointer, severity="approvable", permission=permission, amount=asked, currency=currency,
            limit=own, document=document, action=action,
        ),
    )  # fmt: skip
