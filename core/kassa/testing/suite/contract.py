"""Checks of what a plugin contributes, without a database: each gives findings, one line each, none where all is well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from kassa.kernel import contributions as give
from kassa.kernel.errors import InvalidInput
from kassa.kernel.operations import PageRequest
from kassa.kernel.plugins import HOOKS
from kassa.kernel.registry import name_of_value
from kassa.kernel.schema import schema_for, structure
from kassa.kernel.schema.scalars import Scalar
from kassa.kernel.schema.shapes import fields_of, reachable
from kassa.kernel.tables import columns_of, name_of
from kassa.testing.suite.subject import Subject

MARK = "kassa_impl"
"""The attribute by which pluggy knows a function that is marked with `hookimpl`."""
IDENTIFIER = "01a1f900-0000-7000-8000-000000000001"
"""What any identifier looks like; no example can say more."""
IN_BRACES = re.compile(r"{([^{}]*)}")


def starts(subject: Subject) -> Iterable[str]:
    """Kassa starts with it: hooks exist, names and tables carry its prefix and are its own, what it requires is there."""
    if subject.name not in subject.registry.plugins:
        yield f"it is not among the plugins that were enabled: {', '.join(subject.registry.plugins)}"
    if not subject.contributions():
        yield "it contributes nothing"


def hooks(subject: Subject) -> Iterable[str]:
    """Every function that looks like a hook is one, is marked, and answers the same whenever it is called."""
    for name, value in sorted(vars(subject.module).items()):
        if not name.startswith("register_") or not callable(value):
            continue
        if name not in HOOKS:
            yield f"{name} is no hook; the hooks are {', '.join(HOOKS)}"
        elif getattr(value, MARK, None) is None:
            yield f"{name} lacks @hookimpl"
        elif _named(value()) != _named(value()):
            yield f"{name} contributes something else each time it is called"


def _named(values: Iterable[Any] | None) -> list[tuple[str, str]]:
    return [(type(value).__name__, str(name_of_value(value))) for value in values or ()]


def requirements(subject: Subject) -> Iterable[str]:
    """Every other plugin that it leans on is declared: in `requires`, or in the `needs` of an operation."""
    declared = {subject.name, *subject.info.requires}
    optional = {need for operation in subject.of(give.Operation) for need in operation.needs}
    for name in sorted(optional & declared):
        yield f"{name} stands in the `needs` of an operation and is required anyway; keep one of the two"
    for what, other in _leanings(subject):
        if other not in declared:
            yield f"{what} belongs to {other}, which `requires` does not name"
    for place, called in _calls(subject):
        owner = subject.owner_of(give.Operation, called)
        other = owner.name if owner is not None else called.partition(".")[0]
        if (owner is None or not owner.room) and other not in declared | optional:
            yield f"{place} calls {called} of {other}, which neither `requires` nor the `needs` of an operation names"


def _leanings(subject: Subject) -> Iterator[tuple[str, str]]:
    """What it names of other plugins in its contributions; without them Kassa would not start with it."""
    named: list[tuple[str, type[Any], str]] = []
    named += [(f"the document kind {x.kind} of {x.name}", give.DocumentKind, x.kind) for x in subject.of(give.Rule) if x.kind != "*"]
    named += [(f"the document kind {x.kind} of {x.name}", give.DocumentKind, x.kind) for x in subject.of(give.Loader) if x.kind != "*"]
    named += [(f"the document kind {x.on} of {x.name}", give.DocumentKind, x.on) for x in subject.of(give.Operation) if x.on is not None]
    named += [(f"the question {x.question} of {x.name}", give.Question, x.question) for x in subject.of(give.Decision)]
    named += [
        (f"the permission {x.permission} of {x.name}", give.Permission, x.permission) for x in subject.of(give.Operation) if x.permission
    ]
    named += [(f"the permission {p} of {x.name}", give.Permission, p) for x in subject.of(give.Role) for p in x.permissions]
    for what, kind, name in named:
        owner = subject.owner_of(kind, name)
        if owner is not None and not owner.room and owner.name != subject.name:
            yield what, owner.name


def _calls(subject: Subject) -> Iterator[tuple[str, str]]:
    """Operations that its source calls by `context.call("…")`: where, and which."""
    for name, tree in subject.sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "call" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and "." in first.value:
                    yield f"{name}:{node.lineno}", first.value


def permissions(subject: Subject) -> Iterable[str]:
    """Who writes needs a permission."""
    for operation in subject.of(give.Operation):
        if operation.permission is None and (operation.effect != "read" or operation.scope != "none"):
            yield f"{operation.name} needs no permission; only what reads and concerns no legal entity may do without"


def operations(subject: Subject) -> Iterable[str]:
    """Every operation says what it does, has schemas of request and response, and an example that parses."""
    shown = {kind.name: subject.registry.find(give.Operation, kind.shown_by or "") for kind in subject.registry.all(give.DocumentKind)}
    above = {f"{found.http.path}/": kind for kind, found in shown.items() if found is not None and found.http is not None}
    for operation in subject.of(give.Operation):
        for what in _operation(operation):
            yield f"{operation.name}: {what}"
        kinds = [kind for path, kind in above.items() if operation.http is not None and f"{operation.http.path}/".startswith(path)]
        if operation.effect != "read" and kinds and operation.on not in kinds:
            yield f"{operation.name}: it acts on {kinds[0]}; say on={kinds[0]!r} and its steps, so that {kinds[0]}.actions tells of it"


def _operation(operation: give.Operation) -> Iterator[str]:
    if not operation.summary.strip():
        yield "it has no summary"
    for role, message in (("request", operation.request), ("response", operation.response)):
        yield from _message(role, message)
    yield from _example(operation)
    if operation.collection and not issubclass(operation.request, PageRequest):
        yield f"it is a collection, so its request must be a PageRequest; it is a {operation.request.__name__}"
    if operation.http is None:
        return
    if (operation.http.method == "GET") is not (operation.effect == "read"):
        yield f"{operation.http.method} does not fit the effect {operation.effect}"
    fields = {field.name for field in attrs.fields(operation.request)} if attrs.has(operation.request) else set()
    for name in IN_BRACES.findall(operation.http.path):
        if name not in fields:
            yield f"its path names {{{name}}}, which is no field of {operation.request.__name__}"


def _message(role: str, message: Any) -> Iterator[str]:
    try:
        found = reachable(message)
        schema_for(message)
    except TypeError as error:
        yield f"its {role} has no schema: {error}"
        return
    for part in sorted(found, key=lambda part: part.__name__):
        if not (part.__doc__ or "").strip() or (part.__doc__ or "").startswith("Method generated"):
            yield f"{part.__name__} of its {role} has no docstring"


def example_of(operation: give.Operation) -> dict[str, Any]:
    """The example of an operation; where it leaves a required field out, the example of that field or of its kind stands in."""
    example = dict(operation.example or {})
    request: Any = operation.request
    for field in fields_of(request):
        if not field.required or field.name in example:
            continue
        known = field.shape.openapi if isinstance(field.shape, Scalar) else {}
        examples = field.examples or known.get("examples", ()) or ((IDENTIFIER,) if known.get("format") == "uuid" else ())
        if examples:
            example[field.name] = examples[0]
    return example


def _example(operation: give.Operation) -> Iterator[str]:
    try:
        structure(operation.request, example_of(operation))
    except InvalidInput as error:
        said = "; ".join(f"{issue.pointer} {issue.message}" for issue in error.issues)
        kind = "has no example, nor have its fields" if operation.example is None else "has an example that does not parse"
        yield f"it {kind}: {said}"
    except TypeError as error:
        yield f"its request has no schema: {error}"


def documents(subject: Subject) -> Iterable[str]:
    """Every document kind moves between its own states, announces declared events, and has its tables, series and ranks."""
    tables = set(subject.registry.tables.values())
    events = {event.name for event in subject.registry.all(give.EventType)}
    for kind in subject.of(give.DocumentKind):
        for move in kind.transitions:
            for state in (*move.sources, *([move.target] if move.target is not None else ())):
                if state not in kind.states:
                    yield f"{kind.name}: {move.name} names the state {state}, which is none of {', '.join(kind.states)}"
            if move.event is not None and move.event not in events:
                yield f"{kind.name}: {move.name} announces {move.event}, which nobody declares"
            if move.permission is not None and subject.registry.find(give.Permission, move.permission) is None:
                yield f"{kind.name}: {move.name} needs the permission {move.permission}, which nobody declares"
        for table in kind.tables:
            if table not in tables:
                yield f"{kind.name}: {name_of(table)} stands in no Storage"
        series = [kind.series] if isinstance(kind.series, str) else list((kind.series or {}).values())
        for name in series:
            if subject.registry.find(give.NumberSeries, name) is None:
                yield f"{kind.name}: nobody declares the number series {name}"
    yield from _balances(subject)


def _balances(subject: Subject) -> Iterator[str]:
    for balance in subject.of(give.Balance):
        columns = columns_of(balance.table)
        named = [*balance.key, *balance.amounts, *(column for form in balance.bounds.values() for column in form)]
        named += [*balance.zero_with, *balance.zero_with.values()]
        for column in dict.fromkeys(named):
            if column not in columns:
                yield f"the balance {balance.name} names the column {column}, which {name_of(balance.table)} does not have"


def extensions(subject: Subject) -> Iterable[str]:
    """What it adds to records of the core says what it is, and has a schema."""
    for extension in subject.of(give.Extension):
        if not extension.summary.strip():
            yield f"{extension.name}: it has no summary"
        for what in _message("value", extension.value):
            yield f"{extension.name}: {what}"


def codes(subject: Subject) -> Iterable[str]:
    """Every code that an issue or an error of its source carries is declared, so that its reader finds what to do."""
    declared = {code.code for code in subject.registry.all(give.ErrorCode)}
    for place, code in _codes(subject):
        if code not in declared:
            yield f"{place} uses the code {code}, which nobody declares as an ErrorCode"


def _codes(subject: Subject) -> Iterator[tuple[str, str]]:
    for name, tree in subject.sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called not in ("Issue", "Conflict"):
                continue
            for keyword in node.keywords:
                if keyword.arg == "code" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
                    yield f"{name}:{node.lineno}", keyword.value.value


def readme(subject: Subject) -> Iterable[str]:
    """Its README names every hook that it answers."""
    answered = sorted({found.hook for found in subject.contributions()})
    if subject.folder is None:
        yield f"it is no package with a hooks.py, so it has no README.md that names {', '.join(answered)}"
        return
    path = subject.folder / "README.md"
    if not path.is_file():
        yield f"it has no README.md; it answers {', '.join(answered)}"
        return
    text = path.read_text(encoding="utf-8")
    for hook in answered:
        if hook not in text:
            yield f"its README.md does not name {hook}, which it answers"


CHECKS = (starts, hooks, requirements, permissions, operations, documents, extensions, codes, readme)
"""The checks that need no database, in the order in which they are worth reading."""
