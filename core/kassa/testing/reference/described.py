"""What is described: the rooms and plugins with their contributions, by type and owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import attrs

from kassa.kernel.contributions import Operation
from kassa.kernel.errors import ErrorCode
from kassa.kernel.plugins import Contribution, PluginInfo, collect
from kassa.kernel.registry import Registry, name_of_value

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Described:
    """The contributions of the rooms and of some plugins.

    `host_codes` are the error codes of hosts by the host's name; `examples` is the folder with one module a hook.
    """

    infos: tuple[PluginInfo, ...]
    contributions: tuple[Contribution, ...]
    registry: Registry
    host_codes: Mapping[str, tuple[ErrorCode, ...]] = attrs.field(factory=dict)
    examples: Path | None = None

    def owners(self) -> tuple[str, ...]:
        """The rooms in the order of their imports, then the plugins by name."""
        return tuple(info.name for info in self.infos)

    def summary(self, owner: str) -> str:
        """What an owner says of itself, in one line."""
        return next(info.summary for info in self.infos if info.name == owner)

    def of(self, kind: type[T], owner: str | None = None) -> list[T]:
        """The contributions of one type, of all owners or of one, sorted by name; an operation that is absent counts too.

        So does what is made of others: operations that tell actions or read reports, events of records that are no documents.
        """
        found = [c.value for c in self.contributions if isinstance(c.value, kind) and owner in (None, c.owner.name)]
        given = set(map(id, found))
        found += [value for value, of in self.registry.owned(kind) if owner in (None, of.name) and id(value) not in given]
        return sorted(found, key=lambda value: str(name_of_value(value)))

    def by_owner(self, kind: type[T]) -> Iterator[tuple[str, list[T]]]:
        """The contributions of one type, owner by owner, without owners that have none."""
        for owner in self.owners():
            found = self.of(kind, owner)
            if found:
                yield owner, found

    def operations(self, owner: str) -> list[Operation]:
        """The operations of an owner, sorted by name: contributed ones, and those that are made of its reports and kinds of documents."""
        made = {operation.name: operation for operation, info in self.registry.owned(Operation) if info.name == owner}
        return sorted({**made, **{operation.name: operation for operation in self.of(Operation, owner)}}.values(), key=lambda o: o.name)

    def users_of(self, hook: str) -> list[str]:
        """Who answers a hook."""
        return [owner for owner in self.owners() if any(c.hook == hook and c.owner.name == owner for c in self.contributions)]

    def contributors_of(self, kind: type[Any]) -> list[str]:
        """Who contributes values of exactly this type."""
        return [owner for owner in self.owners() if any(type(c.value) is kind and c.owner.name == owner for c in self.contributions)]

    def codes(self) -> Iterator[tuple[str, list[ErrorCode]]]:
        """The error codes, owner by owner; the hosts stand last."""
        yield from self.by_owner(ErrorCode)
        for host, codes in self.host_codes.items():
            yield host, sorted(codes, key=lambda code: code.code)


def describe(
    modules: Mapping[str, Any], *, host_codes: Mapping[str, tuple[ErrorCode, ...]] | None = None, examples: Path | None = None
) -> Described:
    """Collect what the rooms and the given plugin modules contribute; StartupError names what does not fit."""
    infos, contributions = collect(modules)
    return Described(
        infos=tuple(infos), contributions=tuple(contributions), registry=Registry(infos, contributions), host_codes=dict(host_codes or {}),
        examples=examples,
    )  # fmt: skip


def route(operation: Operation) -> str:
    """How the Flask host mounts an operation; empty where it is for the command line alone."""
    return f"{operation.http.method} /v1{operation.http.path}" if operation.http is not None else ""
