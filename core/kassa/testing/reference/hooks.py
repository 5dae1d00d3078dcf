"""The page of hooks: the contract of each, an example that the tests run, and the values that it returns."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import attrs

from kassa import hookspecs
from kassa.kernel import contributions
from kassa.kernel.contributions import Definition
from kassa.kernel.plugins import GROUP, HOOK_API, HOOKS
from kassa.testing.reference.described import Described
from kassa.testing.reference.markdown import anchor, code, docstring, page, prose, table

INTRODUCTION = f"""\
A plugin is a Python module that answers some of these hooks. Kassa finds it by an entry point of the group `{GROUP}`, and leaves
out those that are blocked (`KASSA_BLOCK_PLUGINS`, comma-separated; `*` blocks all). The rooms of the core answer the same hooks.
This is hook API {HOOK_API}; a module that was written for another says so by `hook_api`. How to begin: [Plugins](plugins.md)."""

AFTERWARDS = """\
* Checked afterwards: prefixes and uniqueness of names, one owner a table and a route, that what is referred to is there. A rule's
  effects are checked when they are made: known classes only, rows of one's own tables only, vouchers that sum to 0, open accounts
  and periods, claims within their bounds.
* Units and signs: amounts are minor units, quantities thousandths, prices and rates millionths, all integers; instants are
  microseconds since 1970 in UTC, dates `YYYY-MM-DD`. Debit is positive, sold goods are positive on documents and negative in stock.
* Examples: each hook has one below. It stands in `examples/hooks`, is complete, and the tests run it."""


def hooks_page(described: Described) -> str:
    """The whole reference of hooks."""
    parts = [INTRODUCTION, "## What all hooks have in common", _common(), "## The hooks", _overview(described)]
    for hook in HOOKS:
        parts += [f"## {hook}", *_hook(described, hook)]
    parts += ["## The values that hooks return", "All of them are frozen attrs classes, made with keyword arguments."]
    for kind in sorted(returned_types(), key=lambda kind: kind.__name__):
        parts += [f"### {kind.__name__}", *_type(described, kind)]
    return page("Hooks", parts)


def _common() -> str:
    text = inspect.cleandoc(hookspecs.__doc__ or "")
    points = text[text.index("\n* ") + 1 :]
    return f"{docstring(points)}\n{AFTERWARDS}"


def _overview(described: Described) -> str:
    rows = ((f"[`{hook}`](#{anchor(hook)})", prose(contract(hook).partition("\n")[0]), _names(described.users_of(hook))) for hook in HOOKS)
    return table(("hook", "what it is for", "answered by"), rows)


def contract(hook: str) -> str:
    """The docstring of a hook's specification."""
    return inspect.getdoc(getattr(hookspecs, hook)) or ""


def signature(hook: str) -> inspect.Signature:
    """The parameters and the return annotation of a hook's specification."""
    return inspect.signature(getattr(hookspecs, hook))


def _hook(described: Described, hook: str) -> Iterator[str]:
    returns = str(signature(hook).return_annotation).replace("give.", "")
    yield f"```python\ndef {hook}() -> {returns}\n```"
    yield docstring(contract(hook))
    yield f"Answered by: {_names(described.users_of(hook))}."
    kinds = ", ".join(f"[{kind.__name__}](#{anchor(kind.__name__)})" for kind in types_of(hook))
    yield f"Returns: {kinds}."
    if described.examples is not None:
        text = (described.examples / f"{hook}.py").read_text(encoding="utf-8").strip()
        yield f"```python\n{text}\n```"


def types_of(hook: str) -> list[type[Any]]:
    """The classes that a hook returns, as its annotation names them."""
    inside = str(signature(hook).return_annotation).removeprefix("Iterable[").removesuffix("]")
    return [getattr(contributions, name.strip().removeprefix("give.")) for name in inside.split("|")]


def returned_types() -> set[type[Any]]:
    """Every class that some hook returns, with the vocabulary that rooms declare as subclasses of Definition."""
    found = {kind for hook in HOOKS for kind in types_of(hook)}
    return found | {kind for kind in _below(Definition) if kind.__module__.startswith("kassa.")}


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        # attrs makes a class with slots anew; the one that was written is there too until it is collected.
        if "__attrs_attrs__" in vars(child):
            yield child
            yield from _below(child)


def _type(described: Described, kind: type[Any]) -> Iterator[str]:
    yield docstring(inspect.getdoc(kind) or "")
    hooks = [hook for hook in HOOKS if kind in types_of(hook)] or ["register_documents", "register_definitions"]
    users = _names(described.contributors_of(kind), "no room or bundled plugin")
    declared = "" if kind.__module__ in (contributions.__name__, "kassa.kernel.errors.codes") else f" Declared by `{kind.__module__}`."
    yield f"Returned by {' or '.join(f'[`{hook}`](#{anchor(hook)})' for hook in hooks)}. Contributed by: {users}.{declared}"
    yield table(("field", "type", "default"), ((code(field.name), code(_type_text(field.type)), _default(field)) for field in attrs.fields(kind)))


def _type_text(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))


def _default(field: Any) -> str:
    if field.default is attrs.NOTHING:
        return "required"
    return "empty" if isinstance(field.default, attrs.Factory) else code(repr(field.default))  # type: ignore[arg-type]


def _names(owners: list[str], nobody: str = "a probe of the tests") -> str:
    return ", ".join(map(code, owners)) or nobody
