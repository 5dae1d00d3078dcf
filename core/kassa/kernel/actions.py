"""Actions: what can be done with a document now and why the rest cannot, from the same states, permissions and gates as the acts.

For every kind of document that tells which operation shows it, an operation `<kind>.actions` is made that stands beside that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

import attrs

from kassa.kernel import contributions as give
from kassa.kernel.errors import Issue, NotFound, StartupError
from kassa.kernel.frozen import evolve
from kassa.kernel.limits import RATE, amount_text, limit_of_role, limits_of, read_amount
from kassa.kernel.plan import Document
from kassa.kernel.schema import Identifier, Text
from kassa.kernel.settings import LEVELS
from kassa.kernel.stages import run_gates, state_issue

if TYPE_CHECKING:
    from kassa.kernel.context import Context
    from kassa.kernel.registry import Registry

LAST_PARAMETER = re.compile(r"/\{(\w+)\}")


@attrs.frozen(kw_only=True)
class ApproverView:
    """A role that holds a permission; a limit of null is any amount."""

    role: str
    limit: str | None


@attrs.frozen(kw_only=True)
class ConditionView:
    """One thing that stands in the way: the state, a permission, or what a rule found; `approvers` are roles that may allow it.

    `rule` is its name and `plugin` whose it is; `rules` are the ids of the rules of the trade that it keeps.
    """

    kind: Literal["state", "permission", "gate"]
    severity: Literal["refuse", "approvable", "skip", "warn"]
    code: str
    message: str
    rule: str
    rules: tuple[str, ...]
    plugin: str
    permission: str | None
    amount: str | None
    currency: str | None
    limit: str | None
    approvers: tuple[ApproverView, ...]


@attrs.frozen(kw_only=True)
class InputConditionView:
    """A check that depends on what the request will say, so nothing can be told before; a preview tells."""

    step: str
    rule: str
    rules: tuple[str, ...]
    plugin: str
    summary: str


@attrs.frozen(kw_only=True)
class ActionView:
    """An act on the document: `yes`, `no`, or `with_approval` of somebody else; `unmet` says why, `depends_on_input` what comes yet."""

    operation: str
    summary: str
    plugin: str
    method: str | None
    path: str | None
    possible: Literal["yes", "with_approval", "no"]
    unmet: tuple[ConditionView, ...]
    warnings: tuple[ConditionView, ...]
    depends_on_input: tuple[InputConditionView, ...]


@attrs.frozen(kw_only=True)
class ActionsView:
    """A document and what can be done with it now, by this worker."""

    id: Identifier
    kind: str
    state: str
    version: int
    actions: tuple[ActionView, ...]


def operation_for(registry: Registry, kind: give.DocumentKind, owner: str) -> give.Operation:
    """Make the operation that lists the actions of a kind; StartupError where the operation that shows it cannot carry it."""
    shown = registry.find(give.Operation, str(kind.shown_by))
    names = LAST_PARAMETER.findall(shown.http.path) if shown is not None and shown.http is not None else []
    if shown is None or shown.http is None or len(names) != 1 or shown.effect != "read":
        raise StartupError(
            f"The document kind {kind.name!r} of {owner!r} is shown by {kind.shown_by!r}; expected an operation that reads, at a path with "
            "the document as its only parameter."
        )
    name: str = names[0]
    field = attrs.field(type=Text, metadata={"description": "Its number, any other key, or its id.", **_examples(shown, name)})
    request = attrs.make_class(f"{_words(kind.name).title().replace(' ', '')}Actions", {name: field}, frozen=True, kw_only=True, slots=True)
    request.__doc__ = f"Asks what can be done with one {_words(kind.name)}."
    request.__module__ = __name__

    def handler(command: Any, context: Context) -> ActionsView:
        reference = getattr(command, name)
        document_id = context.call(shown.name, {name: reference}).id
        return actions(context, kind, document_id)

    return give.Operation(
        name=f"{kind.name}.actions",
        summary=f"Tell what can be done with {_article(_words(kind.name))} now, and why the rest cannot",
        description="Each operation that acts on it, with every state, permission and rule that stands in the way and who could approve. "
        "The rules are those that the acts keep; what depends on the request is listed as such.",
        effect="read",
        http=give.Http(method="GET", path=f"{shown.http.path}/actions"),
        request=request,
        response=ActionsView,
        permission=shown.permission,
        handler=handler,
        scope=shown.scope,
    )


def _examples(shown: give.Operation, name: str) -> dict[str, Any]:
    given = (shown.example or {}).get(name)
    known = getattr(attrs.fields(shown.request), name).metadata.get("examples")
    return {"examples": [given] if given is not None else list(known or ["NL01-000001"])}


def _words(kind: str) -> str:
    return kind.rpartition(".")[2].replace("_", " ")


def _article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def actions(context: Context, kind: give.DocumentKind, document_id: str) -> ActionsView:
    """List every operation on a stored document with what stands in its way; NotFound where the document is not there."""
    read = kind.stored
    found = read(context, [document_id]) if read is not None else kind.load(context.read, [document_id])
    if document_id not in found:
        raise NotFound(_words(kind.name), document_id)
    document: Document = found[document_id]
    operations = [
        (operation, owner.name)
        for operation, owner in context.registry.owned(give.Operation)
        if operation.on == kind.name and operation.on_type in (None, document.type)
    ]
    return ActionsView(
        id=document.id, kind=kind.name, state=document.state, version=document.version,
        actions=tuple(_action(context, kind, document, operation, owner) for operation, owner in operations),
    )  # fmt: skip


def _action(context: Context, kind: give.DocumentKind, document: Document, operation: give.Operation, owner: str) -> ActionView:
    steps = [(name, *name.rpartition(".")[::2]) for name in operation.steps]
    moves = [transition for _, of, transition in steps if of == kind.name]
    issues = run_gates(context, kind.name, moves, document)
    unmet = [*_state(context, kind, moves, document), *_permissions(context, kind, moves, operation)]
    conditions = [_condition(context, document, issue) for issue in issues]
    unmet += [condition for condition in conditions if condition.severity != "warn"]
    approvable = all(condition.severity == "approvable" for condition in unmet)
    http = operation.http
    return ActionView(
        operation=operation.name,
        summary=operation.summary,
        plugin=owner,
        method=http.method if http is not None else None,
        path=http.path if http is not None else None,
        possible="yes" if not unmet else "with_approval" if approvable else "no",
        unmet=tuple(unmet),
        warnings=tuple(condition for condition in conditions if condition.severity == "warn"),
        depends_on_input=tuple(_inputs(context, steps)),
    )


def _state(context: Context, kind: give.DocumentKind, moves: list[str], document: Document) -> Iterable[ConditionView]:
    """One of the moves must be possible from the state in which the document is."""
    declared = [move for move in map(kind.transition, moves) if move.sources]
    issues = [issue for move in declared if (issue := state_issue(kind.name, move, document)) is not None]
    if declared and len(issues) == len(declared):
        owner = context.registry.owner(give.DocumentKind, kind.name).name
        yield _view(context, "state", evolve(issues[0], plugin=owner), approvers=())


def _permissions(context: Context, kind: give.DocumentKind, moves: list[str], operation: give.Operation) -> Iterable[ConditionView]:
    asked = [(operation.permission, operation.name), *((kind.transition(move).permission, f"{kind.name}.{move}") for move in moves)]
    by: dict[str, str] = {}
    for permission, rule in asked:
        if permission is not None:
            by.setdefault(permission, rule)
    for permission, rule in by.items():
        if not context.actor.may(permission):
            owner = context.registry.owner(give.Permission, permission).name
            message = f'This needs the permission "{permission}", which you do not hold here.'
            holders = tuple(ApproverView(role=role, limit=None) for role in context.registry.holders.get(permission, ()))
            issue = Issue(code="NOT_PERMITTED", message=message, permission=permission, rule=rule, plugin=owner)
            yield _view(context, "permission", issue, approvers=holders)


def _condition(context: Context, document: Document, issue: Issue) -> ConditionView:
    return _view(context, "gate", issue, approvers=tuple(_approvers(context, document, issue)) if issue.severity == "approvable" else ())


def _approvers(context: Context, document: Document, issue: Issue) -> Iterable[ApproverView]:
    """The roles whose limits at the place of a document suffice for an issue."""
    name = str(issue.permission)
    definition = context.registry.find(give.Permission, name)
    measured = definition is not None and definition.measured is not None
    standard = 0 if definition is not None and measured and not definition.unlimited else None
    unit = issue.currency or RATE
    places = list(context.engine.settings.places(context, LEVELS, document.store_id, document.legal_entity_id))
    given = limits_of(context, name) if measured else {}
    for role in context.registry.holders.get(name, ()):
        limit = limit_of_role(given, role, unit, places, standard)
        if limit is None or issue.amount is None or abs(read_amount(unit, issue.amount)) <= limit:
            yield ApproverView(role=role, limit=None if limit is None else amount_text(unit, limit))


def _view(
    context: Context, kind: Literal["state", "permission", "gate"], issue: Issue, *, approvers: tuple[ApproverView, ...]
) -> ConditionView:
    names = ("severity", "code", "message", "rule", "plugin", "permission", "amount", "currency", "limit")
    rule = context.registry.find(give.Rule, issue.rule)
    kept = rule.rules if rule is not None else ()
    return ConditionView(kind=kind, rules=kept, approvers=approvers, **{name: getattr(issue, name) for name in names})


def _inputs(context: Context, steps: list[tuple[str, str, str]]) -> Iterable[InputConditionView]:
    seen: set[str] = set()
    for name, of, transition in steps:
        for rule, owner in context.registry.step(of, transition).inputs:
            if rule.name not in seen:
                seen.add(rule.name)
                yield InputConditionView(step=name, rule=rule.name, rules=rule.rules, plugin=owner, summary=rule.summary)
