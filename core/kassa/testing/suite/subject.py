"""The plugin that is examined: its contributions, the registry that it is part of, and its source."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import attrs

from kassa.kernel import plugins
from kassa.kernel.plugins import Contribution, PluginInfo
from kassa.kernel.registry import Registry

T = TypeVar("T")


@attrs.frozen(kw_only=True, slots=False)
class Subject:
    """A plugin, or a room of the core, as the suite examines it.

    `modules` are the hook modules of all plugins that are enabled, by name: its own (unless it is a room) and those that it
    requires.
    """

    name: str
    modules: Mapping[str, Any]

    @cached_property
    def collected(self) -> tuple[list[PluginInfo], list[Contribution]]:
        """All rooms and plugins with their contributions; StartupError where Kassa would not start."""
        return plugins.collect(self.modules)

    @cached_property
    def registry(self) -> Registry:
        """The registry that it is part of; StartupError where Kassa would not start."""
        return Registry(*self.collected)

    @property
    def info(self) -> PluginInfo:
        """What it says of itself."""
        return self.registry.plugins[self.name]

    @property
    def room(self) -> bool:
        """Whether it is a room of the core."""
        return self.name in plugins.ROOMS

    @property
    def module(self) -> Any:
        """The module with its hooks."""
        return importlib.import_module(f"kassa.{self.name}.hooks") if self.room else self.modules[self.name]

    def contributions(self) -> list[Contribution]:
        """Everything that it contributes."""
        return [found for found in self.collected[1] if found.owner.name == self.name]

    def of(self, kind: type[T]) -> list[T]:
        """Its contributions of one type; operations that are absent for want of another plugin count too."""
        return [found.value for found in self.contributions() if isinstance(found.value, kind)]

    @property
    def file(self) -> Path | None:
        """The file of its hooks; None for a module that was made in memory."""
        found = getattr(self.module, "__file__", None)
        return Path(found) if found else None

    @property
    def folder(self) -> Path | None:
        """The folder of its package; None where it is a single file."""
        return self.file.parent if self.file is not None and self.file.name == "hooks.py" else None

    def sources(self) -> Iterator[tuple[str, ast.Module]]:
        """Its Python files without migrations: name from the package's folder, and syntax tree."""
        if self.file is None:
            return
        files = [self.file] if self.folder is None else sorted(self.folder.rglob("*.py"))
        for path in files:
            if "migrations" not in path.parts:
                name = path.name if self.folder is None else path.relative_to(self.folder).as_posix()
                yield name, ast.parse(path.read_text(encoding="utf-8"))

    def owner_of(self, kind: type[Any], name: str) -> PluginInfo | None:
        """Who contributed a value; None where nobody did."""
        return self.registry.owner(kind, name) if self.registry.find(kind, name) is not None else None
