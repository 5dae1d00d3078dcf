"""`kassa plugins` and `kassa hooks`: who is there, what each contributes, and what each hook asks for."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs
import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.output import bold, print_json, print_table, say
from kassa.version import __version__

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.plugins import Contribution, PluginInfo


@click.command("plugins", cls=Command)
@json_option
@pass_session
def plugins(session: Session, as_json: bool) -> None:
    """List the rooms of the core and the enabled plugins.

    Shows version, what each requires, and how much of what it contributes.

    \b
    Example:  kassa plugins --json
    """
    infos, contributions = _collected(session)
    # The rooms have no version of their own: they are released together.
    infos = [attrs.evolve(info, version=__version__) if info.room else info for info in infos]
    kinds: dict[str, Counter[str]] = {info.name: Counter() for info in infos}
    for contribution in contributions:
        kinds[contribution.owner.name][type(contribution.value).__name__] += 1
    if as_json:
        print_json([_plugin(info, kinds[info.name]) for info in infos])
        return
    rows = [
        (info.name, "room" if info.room else "plugin", info.version, ", ".join(info.requires), _counted(kinds[info.name])) for info in infos
    ]
    print_table(("name", "is a", "version", "requires", "contributes"), rows)
    blocked = _blocked(session)
    if blocked:
        say(f"Installed and blocked: {', '.join(blocked)}")
    for name, missing in session.registry.absent_operations.items():
        say(f"The operation {name} is absent: it needs {', '.join(missing)}, which is not enabled.")


def _collected(session: Session) -> tuple[list[PluginInfo], list[Contribution]]:
    from kassa.kernel.plugins import collect

    return collect(session.modules)


def _plugin(info: PluginInfo, counts: Counter[str]) -> dict[str, Any]:
    return {
        "name": info.name,
        "room": info.room,
        "version": info.version,
        "requires": list(info.requires),
        "summary": info.summary,
        "contributes": dict(sorted(counts.items())),
    }


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def _blocked(session: Session) -> list[str]:
    from kassa.kernel.plugins import discover

    return sorted(set(discover()) - set(session.modules))


@click.command("hooks", cls=Command)
@click.argument("hook", required=False)
@json_option
@pass_session
def hooks(session: Session, hook: str | None, as_json: bool) -> None:
    """List the hooks, or show the contract of one and who implements it.

    \b
    Example:  kassa hooks register_rules
    """
    from kassa import hookspecs
    from kassa.kernel.plugins import HOOKS

    specifications = {name: inspect.getdoc(getattr(hookspecs, name)) or "" for name in HOOKS}
    _, contributions = _collected(session)
    if hook is None:
        _list_hooks(specifications, contributions, as_json)
        return
    if hook not in specifications:
        raise click.NoSuchCommand(hook, f"There is no hook {hook!r}.", possibilities=list(specifications))
    _show_hook(hook, specifications[hook], contributions, as_json)


def _list_hooks(specifications: dict[str, str], contributions: list[Contribution], as_json: bool) -> None:
    owners = {name: _owners(name, contributions) for name in specifications}
    if as_json:
        print_json([{"name": name, "summary": _first(text), "implemented_by": list(owners[name])} for name, text in specifications.items()])
        return
    rooms = {contribution.owner.name for contribution in contributions if contribution.owner.room}
    rows = [(name, _first(text), _in_short(owners[name], rooms)) for name, text in specifications.items()]
    print_table(("hook", "what it is for", "implemented by"), rows)
    say("`kassa hooks HOOK` shows a contract; kassa.hookspecs states what all hooks have in common.")


def _in_short(owners: Iterable[str], rooms: set[str]) -> str:
    """Count the rooms of the core and name the plugins, so that the table stays narrow."""
    found = list(owners)
    inside, plugins = [name for name in found if name in rooms], [name for name in found if name not in rooms]
    counted = [f"{len(inside)} room{'s' if len(inside) != 1 else ''}"] if inside else []
    return ", ".join([*counted, *plugins])


def _owners(hook: str, contributions: list[Contribution]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for contribution in contributions:
        if contribution.hook == hook:
            found.setdefault(contribution.owner.name, Counter())[type(contribution.value).__name__] += 1
    return found


def _first(text: str) -> str:
    return text.partition("\n")[0]


def _show_hook(hook: str, contract: str, contributions: list[Contribution], as_json: bool) -> None:
    from kassa import hookspecs

    owners = _owners(hook, contributions)
    answer = str(inspect.signature(getattr(hookspecs, hook)).return_annotation)
    if as_json:
        shown = {name: dict(sorted(counts.items())) for name, counts in owners.items()}
        print_json({"name": hook, "contract": contract, "answer": answer, "implemented_by": shown})
        return
    bold(hook, f"() -> {answer.replace('give.', '')}")
    say()
    say(contract)
    say()
    rows = [(name, _counted(counts)) for name, counts in owners.items()]
    print_table(("implemented by", "which returns"), rows, empty="Nobody implements it here.")
    say("What all hooks have in common (when they are called, names, errors) stands at the top of kassa.hookspecs.")
