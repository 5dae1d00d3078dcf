"""The core's own checks of a finished plan: whatever the rules said, these hold before anything is flushed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kassa.kernel.contributions import Balance
from kassa.kernel.errors import Issue, PluginError, Refused
from kassa.kernel.plan import Bulk, Claim, Event, NewDocument, Require, Row, StateChange
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
    for check in context.registry.plan_checks:
        yield from check.check(context.plan, context)


def _claims(context: Context) -> list[Finding]:
    """Find claims whose bound the snapshot already breaks; a bound that breaks only later is a lost race."""
    findings: list[Finding] = []
    for name, rows in context.plan.claims.items():
        limited = [key for key, row in rows.items() if row.bounds]
        if limited:
            balance, left = context.registry.balances[name], context.balance(name, limited)
            for key in limited:
                for bound, floor in rows[key].bounds.items():
                    if _form(balance, bound, left[key]) < floor:
                        findings += _broken(context, balance, key, left[key])
                        break
    return findings


def _form(balance: Balance, bound: str, row: Mapping[str, int]) -> int:
    return sum([factor * row[column] for column, factor in balance.bounds[bound].items()])


def _broken(context: Context, balance: Balance, key: tuple[Any, ...], row: Mapping[str, int]) -> list[Finding]:
    """Blame the last claim on the row that does not have what it needs: those before it came first."""
    for stamped in reversed(context.plan.of(Claim)):
        claim: Claim = stamped.effect
        if claim.balance == balance.name and claim.key == key and claim.bound is not None:
            left = _form(balance, claim.bound, row)
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
