"""The core's own checks of a finished plan: whatever the rules said, these hold before anything is flushed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kassa.kernel.contributions import Balance, PlanCheck
from kassa.kernel.errors import Issue, PluginError, Refused
from kassa.kernel.plan import Bulk, Claim, Event, NewDocument, Require, Row, Stamped, StateChange
from kassa.kernel.tables import name_of

if TYPE_CHECKING:
    from kassa.kernel.context import Context

Finding = tuple[str | None, Issue]
OWN_EFFECTS: frozenset[type[Any]] = frozenset({NewDocument, StateChange, Claim, Row, Require, Bulk, Event})
WRITING: frozenset[type[Any]] = frozenset({Row, Bulk})


def check_plan(context: Context) -> None:
    """Check the plan; in a run, cases with findings are left out until the rest is sound, else Refused is raised."""
    check_effects(context)
    while True:
        findings = [*_claims(context), *_room_checks(context)]
        if not findings:
            return
        cases = {case for case, _ in findings if case is not None}
        if not cases or any(case is None for case, _ in findings):
            context.plan.issues += [issue for _, issue in findings]
            raise Refused(tuple(context.plan.issues))
        for case in cases:
            context.plan.drop(case, [issue for found, issue in findings if found == case])


def check_effects(context: Context) -> None:
    """Raise PluginError naming the plugin whose effects nobody carries out, or which writes to a table of another."""
    registry = context.registry
    kinds = {type(stamped.effect) for stamped in context.plan.effects}
    unknown = kinds - OWN_EFFECTS - registry.lowerings.keys()
    if not unknown and not kinds & WRITING:
        return
    for stamped in context.plan.effects:
        kind = type(stamped.effect)
        owner = stamped.rule.partition(".")[0]
        if kind in unknown:
            raise PluginError(owner, stamped.rule, f"it returned a {kind.__name__}, which is no effect")
        plugin = registry.plugins.get(owner)
        if kind in WRITING and plugin is not None and not plugin.room and not name_of(stamped.effect.table).startswith(f"{owner}_"):
            raise PluginError(owner, stamped.rule, f"it writes to {name_of(stamped.effect.table)}, which is not its own table")


def _room_checks(context: Context) -> Iterable[Finding]:
    for check in context.registry.all(PlanCheck):
        yield from check.check(context.plan, context)


def _claims(context: Context) -> list[Finding]:
    """Find claims whose bound the snapshot already breaks; a bound that breaks only later is a lost race."""
    limited: dict[tuple[str, tuple[object, ...]], list[Stamped]] = {}
    for stamped in context.plan.effects:
        if type(stamped.effect) is Claim and stamped.effect.bound is not None:
            limited.setdefault((stamped.effect.balance, stamped.effect.key), []).append(stamped)
    by_balance: dict[str, list[tuple[object, ...]]] = {}
    for name, key in limited:
        by_balance.setdefault(name, []).append(key)
    findings: list[Finding] = []
    for name, keys in by_balance.items():
        rows = context.balance(name, keys)
        for key in keys:
            findings += _broken(context.registry.balances[name], rows[key], limited[name, key])
    return findings


def _broken(balance: Balance, row: dict[str, int], claims: list[Stamped]) -> list[Finding]:
    for stamped in reversed(claims):
        claim: Claim = stamped.effect
        form = balance.bounds[claim.bound or ""]
        left = sum(factor * row[column] for column, factor in form.items())
        if left < claim.floor:
            issue = claim.issue(left) if callable(claim.issue) else claim.issue
            return [(stamped.case, issue or _issue(balance, claim, left))]
    return []


def _issue(balance: Balance, claim: Claim, left: int) -> Issue:
    return Issue(
        code="BALANCE_EXCEEDED",
        message=f"{balance.summary}: {claim.bound} would be {left}, which is below {claim.floor}.",
        rule=balance.name,
        expected={claim.bound or "": str(claim.floor)},
        got=str(left),
    )
