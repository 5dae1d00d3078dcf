"""Watching a plugin while it works: each of its rules, decisions and loaders is called twice and must do the same, to nothing.

What its documents are written as is kept, for comparison with what is read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from types import FunctionType
from typing import Any

import attrs

from kassa.kernel import contributions as give
from kassa.kernel.plugins import Contribution
from kassa.kernel.registry import Registry
from kassa.kernel.stages import Facts
from kassa.kernel.tables import Table
from kassa.testing.suite.subject import Subject

WrittenRow = tuple[type[Table], tuple[Any, ...]]


@attrs.define
class Watcher:
    """Keeps what was seen: which contributions ran, what they did that they must not, and which rows documents became.

    `written` are rows by document kind and id of the document.
    """

    name: str
    ran: set[str] = attrs.field(factory=set)
    findings: dict[str, None] = attrs.field(factory=dict)
    written: dict[str, dict[str, list[WrittenRow]]] = attrs.field(factory=dict)

    def watch(self, subject: Subject) -> Registry:
        """Make the registry of the subject with its own rules, decisions, questions and loaders watched."""
        infos, contributions = subject.collected
        return Registry(infos, [self._watched(found) if found.owner.name == self.name else found for found in contributions])

    def _watched(self, found: Contribution) -> Contribution:
        value = found.value
        if isinstance(value, give.Rule):
            value = attrs.evolve(value, run=self._twice(value.name, value.run))
        elif isinstance(value, give.Decision):
            value = attrs.evolve(value, answer=self._twice(value.name, value.answer))
        elif isinstance(value, give.Question):
            value = attrs.evolve(value, default=self._twice(value.name, value.default))
        elif isinstance(value, give.Loader):
            value = attrs.evolve(value, load=self._twice(value.name, value.load))
        elif isinstance(value, give.DocumentKind):
            value = attrs.evolve(value, rows=self._kept(value.name, value.rows))
        return attrs.evolve(found, value=value)

    def _kept(self, name: str, rows: Callable[[Any], Iterable[WrittenRow]]) -> Callable[[Any], Iterable[WrittenRow]]:
        def rows_kept(document: Any) -> list[WrittenRow]:
            found = self.written.setdefault(name, {})[document.id] = list(rows(document))
            return found

        return rows_kept

    def _twice(self, name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def run_twice(*arguments: Any) -> Any:
            self.ran.add(name)
            before = [_shown(argument) for argument in arguments]
            first = _settled(run(*arguments))
            second = _settled(run(*arguments))
            if not same(first, second):
                self.findings[f"{name} is not pure: called twice with the same input it gave {_short(first)}, then {_short(second)}"] = None
            if [_shown(argument) for argument in arguments] != before:
                self.findings[f"{name} is not pure: it changes its input"] = None
            return first

        return run_twice

    def unexercised(self, subject: Subject) -> Iterator[str]:
        """Tell which rules, decisions and loaders of the subject never ran."""
        for kind in (give.Rule, give.Decision, give.Question, give.Loader):
            for value in subject.of(kind):
                name = value.name  # type: ignore[attr-defined]
                if name not in self.ran:
                    yield f"the story never comes to {kind.__name__.lower()} {name}"


def _settled(answer: Any) -> Any:
    """What was answered; a generator is run to its end, so that it can be compared and used."""
    return list(answer) if isinstance(answer, Iterator) else answer


def _shown(argument: Any) -> Any:
    """What an argument holds, as text; of a context what a rule could change: the plan so far."""
    if isinstance(argument, Facts):
        return repr(sorted(((kind.__name__, repr(value)) for kind, value in argument._values.items())))
    plan = getattr(argument, "plan", None)
    if plan is not None:
        claims = [(name, key, row.amounts) for name, rows in plan.claims.items() for key, row in rows.items() if row.claimed]
        return len(plan.effects), len(plan.issues), repr(claims), list(plan.documents)
    return repr(argument)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}…"


def same(first: Any, second: Any) -> bool:
    """Tell whether two answers say the same; functions do where they are made of the same code and the same values."""
    if type(first) is not type(second):
        return False
    if isinstance(first, partial):
        return same((first.func, first.args, first.keywords), (second.func, second.args, second.keywords))
    if isinstance(first, FunctionType):
        return first.__code__ is second.__code__ and same(_held(first), _held(second))
    if isinstance(first, Mapping):
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    if isinstance(first, Sequence) and not isinstance(first, str | bytes):
        return len(first) == len(second) and all(map(same, first, second))
    if attrs.has(type(first)):
        return all(same(getattr(first, field.name), getattr(second, field.name)) for field in attrs.fields(type(first)))
    if isinstance(first, Set):
        return bool(first == second)
    return first is second or bool(first == second)


def _held(function: FunctionType) -> tuple[Any, ...]:
    """What a function holds besides its code: the values that it closes over, and its defaults."""
    return tuple(cell.cell_contents for cell in function.__closure__ or ()), function.__defaults__, function.__kwdefaults__
