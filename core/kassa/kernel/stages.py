"""One step of a plan: facts, then the shaping of documents, the checks, and the computations, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from kassa.kernel.contributions import Rule, Transition
from kassa.kernel.database import PLAN_AGAIN
from kassa.kernel.errors import Issue, KassaError, PluginError, Refused
from kassa.kernel.frozen import evolve
from kassa.kernel.plan import Document, Event, NewDocument, NextStep, StateChange

if TYPE_CHECKING:
    from kassa.kernel.context import Context
    from kassa.kernel.registry import Step

T = TypeVar("T")
D = TypeVar("D", bound=Document)


class Facts:
    """What was loaded for one document, by the class of the facts."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[type[Any], Any] = {}

    def put(self, kind: type[Any], value: Any) -> None:
        """Keep the facts of one loader."""
        self._values[kind] = value

    def of(self, kind: type[T]) -> T:
        """Give the facts of a class; KeyError where no loader of this transition provides them."""
        return self._values[kind]  # type: ignore[no-any-return]

    def get(self, kind: type[T]) -> T | None:
        """Give the facts of a class, or None."""
        return self._values.get(kind)


def run_step(context: Context, kind: str, transition: str, documents: Sequence[D], *, gates: bool = True) -> list[D]:
    """Run all stages for a batch of documents and add what they yield to the plan.

    Returns the documents as shaped, in their new state. Raises Refused with every issue found so far as soon as a document
    may not go on; in a run the caller drops that document and continues with the next.
    """
    context.refuse_failed()
    step = context.registry.step(kind, transition)
    facts = _load(context, step, documents)
    return [_one(context, step, document, facts[document.id], gates) for document in documents]


def run_gates(context: Context, kind: str, transitions: Sequence[str], document: Document) -> list[Issue]:
    """Ask the gates of all of some transitions about a stored document; what several say in the same words is said once."""
    found: dict[tuple[str, str, str], Issue] = {}
    for transition in transitions:
        step = context.registry.step(kind, transition)
        gates = [(rule, owner) for rule, owner in step.checks if rule.gate]
        if gates:
            facts = _load(context, step, [document])[document.id]
            for rule, owner in gates:
                for issue in _run(rule, owner, document, facts, context) or ():
                    stamped = _stamped(issue, rule, owner)
                    found.setdefault((stamped.code, stamped.message, stamped.plugin), stamped)
    return list(found.values())


def shape(context: Context, kind: str, transition: str, documents: Sequence[D]) -> list[tuple[D, tuple[Issue, ...]]]:
    """Shape and check documents as a transition would, without making it: nothing joins the plan, no finding stops anything.

    For drafts. Effects of shaping rules that do not become part of the document are left out.
    """
    step = context.registry.step(kind, transition)
    facts = _load(context, step, documents)
    shaped = []
    for document in documents:
        current, _ = _shaped(context, step, document, facts[document.id])
        shaped.append((current, tuple(_checked(context, step, current, facts[document.id]))))
    return shaped


def _load(context: Context, step: Step, documents: Sequence[Document]) -> Mapping[str, Facts]:
    facts = {document.id: Facts() for document in documents}
    for loader, owner in step.loaders:
        try:
            loaded = loader.load(context.read, documents, context)
            for document_id, value in loaded.items():
                facts[document_id].put(loader.facts, value)
        except KassaError as error:
            raise _named(error, owner, loader.name) from error
        except PLAN_AGAIN:
            raise
        except Exception as error:
            raise PluginError(plugin=owner, rule=loader.name, cause=error) from error
        context.refuse_failed(owner, loader.name)
    return facts


def _one(context: Context, step: Step, document: D, facts: Facts, gates: bool) -> D:
    move = step.transition
    _check_state(context, step, document)
    plan = context.plan
    current, aside = _shaped(context, step, document, facts)
    for effects, name in aside:
        plan.add(effects, name, current.id)
    _settle_issues(context, _checked(context, step, current, facts, gates))
    target = move.target or current.state
    moved: D = evolve(current, state=target) if current.state != target else current
    following: list[NextStep] = []
    for rule, owner in step.computations:
        effects = _run(rule, owner, moved, facts, context)
        if rule.shapes:
            moved = effects
        elif effects:
            if rule.stage == "derived":
                following += [effect for effect in effects if type(effect) is NextStep]
            plan.add([effect for effect in effects if type(effect) is not NextStep] if following else list(effects), rule.name, moved.id)
    _record_move(context, move, current, moved)
    for onward in following:
        run_step(context, onward.kind, onward.transition, [onward.document])
    return moved


def _shaped(context: Context, step: Step, document: D, facts: Facts) -> tuple[D, list[tuple[list[Any], str]]]:
    """Let rules shape a document; effects that do not become part of it come with the names of their rules."""
    current: Any = document
    aside: list[tuple[list[Any], str]] = []
    for rule, owner in step.shaping:
        answer = _run(rule, owner, current, facts, context)
        if rule.shapes:
            current = answer
        elif answer:
            shaping = [effect for effect in answer if isinstance(effect, current.parts)]
            aside.append(([effect for effect in answer if not isinstance(effect, current.parts)], rule.name))
            current = current.fold(shaping, rule.name) if shaping else current
    return current, aside


def _checked(context: Context, step: Step, document: Document, facts: Facts, gates: bool = True) -> list[Issue]:
    issues: list[Issue] = []
    for rule, owner in step.checks if gates else step.inputs:
        for issue in _run(rule, owner, document, facts, context) or ():
            if not isinstance(issue, Issue):
                raise PluginError(owner, rule.name, f"it returned a {type(issue).__name__}, which is no issue")
            issues.append(_stamped(issue, rule, owner))
    return issues


def _record_move(context: Context, move: Transition, before: Document, moved: Document) -> None:
    effects: list[Any] = []
    if move.sources:
        effects.append(StateChange(before, moved.state))
    elif moved.id not in context.plan.documents:
        effects.append(NewDocument(moved))
    if move.event is not None:
        effects.append(Event(move.event, {"document": moved.id}, moved.id))
    context.plan.add(effects, move.name, moved.id)


def _check_state(context: Context, step: Step, document: Document) -> None:
    """Refuse a move from the wrong state; NotPermitted where the move needs a permission that the actor does not hold."""
    issue = state_issue(step.kind.name, step.transition, document)
    if issue is not None:
        raise Refused((issue,))
    context.actor.require(step.transition.permission)


def state_issue(kind: str, move: Transition, document: Document) -> Issue | None:
    """Give the issue of a document that is not in a state from which a move can be made; None where it is."""
    if not move.sources or document.state in move.sources:
        return None
    return Issue(
        code="STATE_FORBIDS",
        message=f"{kind} {document.id} is {document.state}; {move.name} needs {' or '.join(move.sources)}.",
        rule=f"{kind}.{move.name}",
        expected={"state": " | ".join(move.sources)},
        got=document.state,
    )


def _run(rule: Rule, owner: str, document: Any, facts: Facts, context: Context) -> Any:
    try:
        answer = rule.run(document, facts, context)
        # Generators run here, so that what they raise is laid at the rule's door.
        answer = answer if answer is None or rule.shapes or isinstance(answer, list | tuple) else list(answer)
    except KassaError as error:
        raise _named(error, owner, rule.name) from error
    except PLAN_AGAIN:
        raise
    except Exception as error:
        raise PluginError(plugin=owner, rule=rule.name, cause=error) from error
    context.refuse_failed(owner, rule.name)
    return answer


def _named(error: KassaError, owner: str, rule: str) -> KassaError:
    if isinstance(error, PluginError) or error.status < 500:
        return error
    return PluginError(plugin=owner, rule=rule, cause=error)


def _stamped(issue: Issue, rule: Rule, owner: str) -> Issue:
    return evolve(issue, rule=issue.rule or rule.name, plugin=issue.plugin or owner)


def _settle_issues(context: Context, issues: Iterable[Issue]) -> None:
    found = list(issues)
    if not found:
        return
    context.plan.issues += found
    if any(issue.severity in ("refuse", "skip") for issue in found):
        raise Refused(tuple(context.plan.issues))
