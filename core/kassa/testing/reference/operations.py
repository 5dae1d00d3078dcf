"""The pages of operations and of documents: what can be done, and what happens then."""

from __future__ import annotations

from kassa.kernel.contributions import DocumentKind, Loader, Operation, Question, Transition
from kassa.testing.reference.described import Described, route
from kassa.testing.reference.markdown import code, page, prose, table

INTRODUCTION = """\
Everything that Kassa can do is an operation: a name such as `sales.sell`, a request, a response, a permission and one of three
effects.

`read`
: reads, and changes nothing.

`edit`
: changes what may still be changed; it can be previewed.

`post`
: makes something final, such as an invoice; it can be previewed and wants an idempotency key.

A host, the command line, a job and a test all go through the same `Engine.perform`, so they refuse the same bad input in the same
words. The routes below are those of the Flask host; its API page shows each with its request, its response and an example.
`<kind>.actions` tells what can be done with a document now, `<report>.report` reads a report; both are made of what is contributed.
`kassa call NAME` performs any of them from the command line."""

RULES = """\
A document moves from state to state by transitions; a move that is not declared cannot happen. At each transition the rules
below run, stage by stage: facts are loaded first, then the document is shaped (lines, price, charges, tax, totals), checked, and
what follows from it is computed (cost, stock, entries, open items, settlements, derived). `kassa rules` prints the same for an
installation with its own plugins."""


def operations_page(described: Described) -> str:
    """The table of operations, owner by owner."""
    parts = [INTRODUCTION]
    for owner in described.owners():
        if operations := described.operations(owner):
            parts += [f"## {owner}", prose(described.summary(owner)), operations_table(operations)]
    return page("Operations", parts)


def operations_table(operations: list[Operation]) -> str:
    """One row an operation: name, route, effect, permission, summary."""
    return table(
        ("operation", "route", "effect", "permission", "what it does"),
        (
            (code(o.name), code(route(o)) or "command line only", o.effect, code(o.permission or "") or "none", prose(o.summary) + _needs(o))
            for o in operations
        ),
    )


def _needs(operation: Operation) -> str:
    return f" (needs {', '.join(map(code, operation.needs))})" if operation.needs else ""


def documents_page(described: Described) -> str:
    """The kinds of documents with their transitions and the rules of each, and the questions that have one owner."""
    parts = [RULES]
    for owner, kinds in described.by_owner(DocumentKind):
        for kind in kinds:
            parts += [f"## {kind.name}", _kind(kind, owner)]
            for transition in kind.transitions:
                parts.append(_transition(described, kind, transition))
    parts += ["## Questions with one answer each", _questions(described)]
    return page("Documents and their rules", parts)


def _kind(kind: DocumentKind, owner: str) -> str:
    series = kind.series if isinstance(kind.series, str | None) else ", ".join(f"{name} for {of}" for of, name in sorted(kind.series.items()))
    facts = [
        f"{prose(kind.summary)}, of `{owner}`.",
        f"Its value is `{kind.document.__module__}.{kind.document.__name__}`; its states are {', '.join(map(code, kind.states))}.",
        f"Numbered by {prose(series)}." if series else "Not numbered.",
        "It enters the hash chain of its register." if kind.chained else "It does not enter a hash chain.",
    ]
    return " ".join(facts)


def _transition(described: Described, kind: DocumentKind, move: Transition) -> str:
    way = f"{' or '.join(map(code, move.sources)) or 'new'} → {code(move.target) if move.target else 'the same'}"
    event = f", announces `{move.event}`" if move.event else ""
    rows = _rules(described, kind.name, move.name)
    scheme = table(("stage", "rule", "what it does"), rows) if rows else "No rule takes part."
    return f"### {kind.name} {move.name}\n\n{way}{event}. {prose(move.summary)}\n\n{scheme}"


def _rules(described: Described, kind: str, transition: str) -> list[tuple[str, str, str]]:
    step = described.registry.step(kind, transition)
    rows = [("facts", code(loader.name), _loaded(loader)) for loader, _ in step.loaders]
    for rule, _owner in (*step.shaping, *step.checks, *step.computations):
        proved = f" ({', '.join(rule.rules)})" if rule.rules else ""
        rows.append((rule.stage, code(rule.name), prose(rule.summary) + proved))
    return rows


def _loaded(loader: Loader) -> str:
    said = (loader.facts.__doc__ or "").strip().partition("\n")[0]
    return f"Loads `{loader.facts.__name__}`: {prose(said)}"


def _questions(described: Described) -> str:
    rows = []
    for question in described.of(Question):
        owner = described.registry.owner(Question, question.name).name
        answering = [decision.name for decision in described.registry.decisions[question.name]]
        rows.append((code(question.name), prose(question.summary), ", ".join([*map(code, answering), f"{owner}, last"])))
    return table(("question", "what is decided", "answered by"), rows)
