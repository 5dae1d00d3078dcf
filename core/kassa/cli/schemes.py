"""`kassa rules`: what happens when a document makes a transition, stage by stage, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs
import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.output import bold, print_json, print_table, say

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.contributions import DocumentKind, Transition
    from kassa.kernel.registry import Registry

FACTS = "facts"


@attrs.frozen(kw_only=True)
class Item:
    """One thing that happens: in which stage, by which rule of which owner, what it does."""

    stage: str
    name: str
    owner: str
    summary: str
    rules: tuple[str, ...] = ()


@click.command("rules", cls=Command)
@click.argument("kind", required=False)
@click.argument("transition", required=False)
@json_option
@pass_session
def rules(session: Session, kind: str | None, transition: str | None, as_json: bool) -> None:
    """Show what happens at each transition of each kind of document, stage by stage, and by whom.

    KIND and TRANSITION narrow it down. Below stand the questions that have one owner each, and who answers them.

    \b
    Examples:  kassa rules
               kassa rules invoice post
    """
    registry = session.registry
    chosen = [(found, move) for found in _kinds(registry, kind) for move in _transitions(found, transition)]
    if as_json:
        print_json({"transitions": [_as_mapping(registry, found, move) for found, move in chosen], "decisions": _decisions(registry)})
        return
    for found, move in chosen:
        _show(registry, found, move)
    if kind is None:
        _show_decisions(registry)


def _kinds(registry: Registry, name: str | None) -> list[DocumentKind]:
    from kassa.kernel.contributions import DocumentKind

    kinds = registry.all(DocumentKind)
    if name is None:
        return kinds
    found = [kind for kind in kinds if kind.name == name]
    if not found:
        raise click.NoSuchCommand(name, f"There is no kind of document {name!r}.", possibilities=[kind.name for kind in kinds])
    return found


def _transitions(kind: DocumentKind, name: str | None) -> list[Transition]:
    found = [move for move in kind.transitions if name in (None, move.name)]
    if not found and name is not None:
        raise click.NoSuchCommand(name, f"{kind.name} has no transition {name!r}.", possibilities=[move.name for move in kind.transitions])
    return found


def _items(registry: Registry, kind: str, transition: str) -> Iterator[Item]:
    step = registry.step(kind, transition)
    for loader, owner in step.loaders:
        loaded = (loader.facts.__doc__ or loader.facts.__name__).strip().partition("\n")[0]
        yield Item(stage=FACTS, name=loader.name, owner=owner, summary=f"Loads {loader.facts.__name__}: {loaded}")
    for rule, owner in (*step.shaping, *step.checks, *step.computations):
        yield Item(stage=rule.stage, name=rule.name, owner=owner, summary=rule.summary, rules=rule.rules)


def _as_mapping(registry: Registry, kind: DocumentKind, move: Transition) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "transition": move.name,
        "from": list(move.sources),
        "to": move.target,
        "summary": move.summary,
        "permission": move.permission,
        "event": move.event,
        "stages": [attrs.asdict(item) for item in _items(registry, kind.name, move.name)],
    }


def _show(registry: Registry, kind: DocumentKind, move: Transition) -> None:
    way = f"{' or '.join(move.sources) or 'new'} → {move.target or 'the same'}"
    event = f", announces {move.event}" if move.event else ""
    rows = []
    before = ""
    for item in _items(registry, kind.name, move.name):
        said = f"{item.summary} ({', '.join(item.rules)})" if item.rules else item.summary
        rows.append((item.stage if item.stage != before else "", item.name, item.owner, said))
        before = item.stage
    bold(f"{kind.name} {move.name}", f"{way}{event}")
    say(move.summary)
    print_table(("stage", "rule", "by", "what it does"), rows, empty="No rule takes part.")
    say()


def _decisions(registry: Registry) -> list[dict[str, Any]]:
    from kassa.kernel.contributions import Question

    return [
        {
            "question": question.name,
            "summary": question.summary,
            "asked_by": owner.name,
            "answered_by": [decision.name for decision in registry.decisions[question.name]],
        }
        for question, owner in registry.owned(Question)
    ]


def _show_decisions(registry: Registry) -> None:
    rows = [
        (asked["question"], asked["summary"], ", ".join((*asked["answered_by"], f"{asked['asked_by']} (last)")))
        for asked in _decisions(registry)
    ]
    print_table(("question", "what is decided", "answered by"), rows, title="Questions with one answer each")
