"""Plugins: found, ordered, checked and registered; the only file that touches pluggy."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import attrs
import pluggy

from kassa.kernel.errors import StartupError

PROJECT = "kassa"
GROUP = "kassa.plugins"
HOOK_API = 1

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

ROOMS = ("kernel", "org", "catalog", "parties", "ledger", "stock", "payments", "sales", "payables")
HOOKS = (
    "register_storage", "register_documents", "register_definitions", "register_rules", "register_decisions",
    "register_operations", "register_services", "register_events", "register_jobs", "register_reports",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class PluginInfo:
    """A room or an enabled plugin: its name, its version, what it requires.

    `resources` are first segments of paths that are the plugin's although they do not begin with its name.
    """

    name: str
    version: str
    room: bool
    requires: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    summary: str = ""


@attrs.frozen(kw_only=True)
class Contribution:
    """One contributed value with its owner and the hook through which it came."""

    owner: PluginInfo
    hook: str
    value: Any


def discover(blocked: Iterable[str] = ()) -> dict[str, EntryPoint]:
    """List the installed plugins by name, without those that are blocked (`*` blocks all)."""
    names = set(blocked)
    found = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return {point.name: point for point in found if point.name not in names and "*" not in names}


def load(points: Mapping[str, EntryPoint]) -> dict[str, ModuleType]:
    """Import plugins; StartupError names the one that cannot be imported."""
    modules = {}
    for name, point in points.items():
        try:
            modules[name] = point.load()
        except Exception as error:
            raise StartupError(
                f"Plugin {name!r} cannot be imported from {point.value}: {type(error).__name__}: {error}. "
                f"Repair or remove it, or block it with KASSA_BLOCK_PLUGINS={name}."
            ) from error
    return modules


def collect(plugins: Mapping[str, Any]) -> tuple[list[PluginInfo], list[Contribution]]:
    """Register the rooms and the given plugins and gather what they contribute, sorted by owner.

    Raises StartupError for a misspelt hook, another hook API, an unmet requirement, or a hook that raises.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(importlib.import_module("kassa.hookspecs"))
    infos = [_register(manager, room, importlib.import_module(f"kassa.{room}.hooks"), room=True) for room in ROOMS]
    infos += [_register(manager, name, plugins[name], room=False) for name in sorted(plugins)]
    _check_pending(manager)
    _check_requirements(infos)
    contributions: list[Contribution] = []
    for info in infos:
        contributions += _contributions(manager, info)
    return infos, contributions


def _register(manager: pluggy.PluginManager, name: str, module: Any, *, room: bool) -> PluginInfo:
    api = getattr(module, "hook_api", HOOK_API)
    if api != HOOK_API:
        raise StartupError(
            f"Plugin {name!r} was written for hook API {api}; this Kassa offers {HOOK_API}. Install a version of the plugin that fits."
        )
    try:
        manager.register(module, name=name)
    except (pluggy.PluginValidationError, ValueError) as error:
        raise StartupError(f"Plugin {name!r} does not fit the hooks: {error}") from error
    summary = (getattr(module, "__doc__", None) or "").strip().split("\n")[0]
    return PluginInfo(
        name=name,
        version=str(getattr(module, "__version__", "0")),
        room=room,
        requires=tuple(getattr(module, "requires", ())),
        resources=tuple(getattr(module, "resources", ())),
        summary=summary,
    )


def _check_pending(manager: pluggy.PluginManager) -> None:
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        name = manager.get_name(error.plugin)
        raise StartupError(f"Plugin {name!r} implements a hook that does not exist: {error}. The hooks are: {', '.join(HOOKS)}.") from error


def _check_requirements(infos: Iterable[PluginInfo]) -> None:
    present = {info.name for info in infos}
    for info in infos:
        missing = [name for name in info.requires if name not in present]
        if missing:
            raise StartupError(
                f"Plugin {info.name!r} requires {', '.join(map(repr, missing))}, which is not enabled. Install or unblock it, or block {info.name!r}."
            )


def _contributions(manager: pluggy.PluginManager, info: PluginInfo) -> list[Contribution]:
    plugin = manager.get_plugin(info.name)
    found = []
    for hook in HOOKS:
        function = getattr(plugin, hook, None)
        if function is None:
            continue
        try:
            values = list(function() or ())
        except Exception as error:
            raise StartupError(f"Plugin {info.name!r} failed in {hook}: {type(error).__name__}: {error}") from error
        found += [Contribution(owner=info, hook=hook, value=value) for value in values]
    return found
