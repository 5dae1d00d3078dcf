"""The registry: every contribution by type and name, checked for clashes, compiled for use."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import attrs

from kassa.kernel import actions, announcing, extensions, plugins, reporting
from kassa.kernel import contributions as give
from kassa.kernel.errors import StartupError
from kassa.kernel.plugins import Contribution, PluginInfo
from kassa.kernel.schedules.times import BadTimes, Times
from kassa.kernel.tables import Table, name_of

T = TypeVar("T")


@attrs.frozen
class Step:
    """What happens when a document of one kind makes one transition: loaders, then rules stage by stage.

    Of the checks, `inputs` are those that are no gates.
    """

    kind: give.DocumentKind
    transition: give.Transition
    loaders: tuple[tuple[give.Loader, str], ...]
    shaping: tuple[tuple[give.Rule, str], ...]
    checks: tuple[tuple[give.Rule, str], ...]
    inputs: tuple[tuple[give.Rule, str], ...]
    computations: tuple[tuple[give.Rule, str], ...]


class Registry:
    """All contributions of the rooms and of the enabled plugins; immutable after start-up."""

    def __init__(self, infos: Iterable[PluginInfo], contributions: Iterable[Contribution]) -> None:
        self.plugins: dict[str, PluginInfo] = {info.name: info for info in infos}
        self._values: dict[type[Any], dict[str, Any]] = {}
        self._owners: dict[tuple[type[Any], str], PluginInfo] = {}
        self.absent_operations: dict[str, tuple[str, ...]] = {}
        for contribution in contributions:
            self._add(contribution)
        for kind, owner in self.owned(give.DocumentKind):
            if kind.shown_by is not None and kind.shown_by not in self.absent_operations:
                made = actions.operation_for(self, kind, owner.name)
                self._add(Contribution(owner=owner, hook="register_documents", value=made))
        for report, owner in self.owned(give.Report):
            self._add(Contribution(owner=owner, hook="register_reports", value=reporting.operation_for(report)))
        for operation, owner in self.owned(give.Operation):
            if operation.announces is not None and self.find(give.EventType, operation.announces) is None:
                self._add(Contribution(owner=owner, hook="register_operations", value=announcing.type_of(operation)))
        self._check_tables()
        self._check_routes()
        self._check_references()
        self.extensions: Mapping[type[Any], Mapping[str, give.Extension]] = extensions.compiled(self)
        self._steps: dict[tuple[str, str], Step] = {}
        self.decisions: dict[str, tuple[give.Decision, ...]] = {
            name: tuple(d for d in self.all(give.Decision) if d.question == name) for name in self._values.get(give.Question, {})
        }
        self.lowerings: dict[type[Any], give.Lowering] = {lowering.effect: lowering for lowering in self.all(give.Lowering)}
        self.kind_of: dict[type[Any], give.DocumentKind] = {kind.document: kind for kind in self.all(give.DocumentKind)}

    def _add(self, contribution: Contribution) -> None:
        value, owner = contribution.value, contribution.owner
        name = name_of_value(value)
        if not isinstance(name, str) or not attrs.has(type(value)):
            raise StartupError(
                f"Plugin {owner.name!r} returned {value!r} from {contribution.hook}; expected frozen values of kassa with a name."
            )
        if isinstance(value, give.Operation):
            missing = tuple(need for need in value.needs if need not in self.plugins)
            if missing:
                self.absent_operations[name] = missing
                return
        self._check_prefix(value, owner, contribution.hook)
        values = self._values.setdefault(type(value), {})
        if name in values:
            other = self._owners[type(value), name]
            raise StartupError(
                f"{type(value).__name__} {name!r} is contributed by both {other.name!r} and {owner.name!r}. Names are unique: rename one, or block one of the two."
            )
        values[name] = value
        self._owners[type(value), name] = owner

    def _check_prefix(self, value: Any, owner: PluginInfo, hook: str) -> None:
        if owner.room:
            return
        if isinstance(value, give.Lowering | give.Question | give.PlanCheck | give.SettingScope | give.Standing) or getattr(value, "shapes", False):
            raise StartupError(f"Plugin {owner.name!r} returned a {type(value).__name__} from {hook}; only the core's own rooms may.")
        name = name_of_value(value)
        if isinstance(value, give.ErrorCode):
            return
        if not (name == owner.name or name.startswith((f"{owner.name}.", f"{owner.name}_"))):
            raise StartupError(f"{type(value).__name__} {name!r} of plugin {owner.name!r} must carry its prefix: {owner.name}.{name}")

    def _check_tables(self) -> None:
        seen: dict[str, str] = {}
        for storage, owner in self.owned(give.Storage):
            for table in storage.tables:
                name = name_of(table)
                if name in seen:
                    raise StartupError(
                        f"Table {name!r} is contributed by both {seen[name]!r} and {owner.name!r}. Each table has one owner."
                    )
                if not name.startswith(f"{owner.name}_"):
                    raise StartupError(f"Table {name!r} of plugin {owner.name!r} must carry its prefix: {owner.name}_{name}")
                seen[name] = owner.name

    def _check_routes(self) -> None:
        seen: dict[tuple[str, str], str] = {}
        for operation, owner in self.owned(give.Operation):
            if operation.http is None:
                continue
            shape = "/".join("{}" if part.startswith("{") else part for part in operation.http.path.split("/"))
            route = (operation.http.method, shape)
            if route in seen:
                raise StartupError(
                    f"Route {route[0]} {operation.http.path} of {owner.name!r} ({operation.name}) is already taken by {seen[route]}."
                )
            seen[route] = operation.name
            self._check_place(operation, operation.http.path, owner)

    def _check_place(self, operation: give.Operation, path: str, owner: PluginInfo) -> None:
        """A plugin's resources stand under its name or one that it declares; an act on another's document under that document."""
        first, *rest = path.strip("/").split("/")
        name = owner.name.replace("_", "-")
        own = first == name or first.startswith(f"{name}-") or first in owner.resources
        beneath = len(rest) > 1 and rest[0].startswith("{")
        report = first == "reports" and rest == [operation.name.removesuffix(".report")]
        if not owner.room and not own and not beneath and not report:
            raise StartupError(
                f"Route {path} of plugin {owner.name!r} ({operation.name}) must begin with /{name}, or stand under a document of another "
                f'owner (/orders/{{order}}/…). If the resource is the plugin\'s own, name it in its hooks: resources = ("{first}",).'
            )

    def _check_references(self) -> None:
        for operation, owner in self.owned(give.Operation):
            if operation.permission is not None and operation.permission not in self._values.get(give.Permission, {}):
                raise StartupError(
                    f"Operation {operation.name!r} of {owner.name!r} needs the permission {operation.permission!r}, which nobody declares."
                )
        for rule, owner in self.owned(give.Rule):
            if rule.kind != "*" and rule.kind not in self._values.get(give.DocumentKind, {}):
                raise StartupError(f"Rule {rule.name!r} of {owner.name!r} names the document kind {rule.kind!r}, which nobody declares.")
            if rule.stage not in give.STAGES:
                raise StartupError(
                    f"Rule {rule.name!r} of {owner.name!r} names the stage {rule.stage!r}; the stages are {', '.join(give.STAGES)}."
                )
            if rule.gate and rule.stage != "check":
                raise StartupError(f"Rule {rule.name!r} of {owner.name!r} is a gate in the stage {rule.stage!r}; gates stand in check.")
        for operation, owner in self.owned(give.Operation):
            if operation.on is not None and operation.on not in self._values.get(give.DocumentKind, {}):
                raise StartupError(f"Operation {operation.name!r} of {owner.name!r} acts on {operation.on!r}, a kind that nobody declares.")
            for named in operation.steps:
                kind, _, transition = named.rpartition(".")
                found = self._values.get(give.DocumentKind, {}).get(kind)
                if found is None or transition not in [move.name for move in found.transitions]:
                    raise StartupError(f"Operation {operation.name!r} of {owner.name!r} names the step {named!r}, which nobody declares.")
        self._check_roles()
        self._check_schedules()
        for decision, owner in self.owned(give.Decision):
            if decision.question not in self._values.get(give.Question, {}):
                raise StartupError(f"Decision {decision.name!r} of {owner.name!r} answers {decision.question!r}, which nobody asks.")

    def _check_roles(self) -> None:
        """A role of the core gets from a plugin that plugin's permissions alone; roles of its own may hold any that are declared."""
        shipped = {role.role for role, owner in self.owned(give.Role) if owner.room}
        for role, owner in self.owned(give.Role):
            for permission in role.permissions:
                if permission not in self._values.get(give.Permission, {}):
                    raise StartupError(f"Role {role.name!r} of {owner.name!r} grants the permission {permission!r}, which nobody declares.")
                if not owner.room and role.role in shipped and self.owner(give.Permission, permission) is not owner:
                    raise StartupError(
                        f"Role {role.name!r} of {owner.name!r} gives {role.role} the permission {permission!r} of "
                        f"{self.owner(give.Permission, permission).name!r}. Add your own permissions to it, or contribute a role of your own."
                    )

    def _check_schedules(self) -> None:
        for schedule, owner in self.owned(give.Schedule):
            operation = self.find(give.Operation, schedule.operation)
            if schedule.operation in self.absent_operations:
                continue
            if operation is None or operation.effect != "post":
                raise StartupError(f"Schedule {schedule.name!r} of {owner.name!r} names {schedule.operation!r}, which is no operation that posts.")
            try:
                Times(cron=schedule.cron, every_seconds=schedule.every_seconds, zone=schedule.zone).next_after(0)
            except BadTimes as error:
                raise StartupError(f"Schedule {schedule.name!r} of {owner.name!r} has times that make no sense: {error}.") from error

    def all(self, kind: type[T]) -> list[T]:
        """List the contributions of one type, sorted by name."""
        return [self._values[kind][name] for name in sorted(self._values.get(kind, {}))]

    def owned(self, kind: type[T]) -> list[tuple[T, PluginInfo]]:
        """List the contributions of one type with their owners, sorted by name."""
        return [(value, self._owners[kind, name_of_value(value)]) for value in self.all(kind)]

    def find(self, kind: type[T], name: str) -> T | None:
        """Find a contribution by type and name."""
        return self._values.get(kind, {}).get(name)

    def get(self, kind: type[T], name: str) -> T:
        """Find a contribution that must exist; KeyError suggests the nearest name."""
        found = self.find(kind, name)
        if found is None:
            near = difflib.get_close_matches(name, self._values.get(kind, {}), n=1)
            raise KeyError(f"No {kind.__name__} is called {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return found

    def owner(self, kind: type[Any], name: str) -> PluginInfo:
        """Tell who contributed a value."""
        return self._owners[kind, name]

    @cached_property
    def tables(self) -> dict[str, type[Table]]:
        """Every table by name."""
        return {name_of(table): table for storage in self.all(give.Storage) for table in storage.tables}

    @cached_property
    def balances(self) -> Mapping[str, give.Balance]:
        """Every guarded balance by name."""
        return {balance.name: balance for balance in self.all(give.Balance)}

    @cached_property
    def plan_checks(self) -> Sequence[give.PlanCheck]:
        """What looks at each plan as a whole, sorted by name."""
        return tuple(self.all(give.PlanCheck))

    @cached_property
    def lowering_order(self) -> Mapping[type[Any], int]:
        """The place of each effect that rooms and plugins lower, in the order in which effects become changes."""
        found = sorted(self.lowerings.values(), key=lambda lowering: (lowering.order, lowering.name))
        return {lowering.effect: place for place, lowering in enumerate(found)}

    @cached_property
    def holders(self) -> Mapping[str, tuple[str, ...]]:
        """The roles that hold each permission, sorted."""
        found: dict[str, set[str]] = {}
        for role in self.all(give.Role):
            for permission in role.permissions:
                found.setdefault(permission, set()).add(role.role)
        return {permission: tuple(sorted(roles)) for permission, roles in found.items()}

    def step(self, kind: str, transition: str) -> Step:
        """Give the compiled scheme of one transition; compiled at first use and kept."""
        found = self._steps.get((kind, transition))
        if found is None:
            found = self._steps[kind, transition] = self._compile(kind, transition)
        return found

    def _compile(self, kind_name: str, transition_name: str) -> Step:
        kind = self.get(give.DocumentKind, kind_name)
        rules = [r for r in self.all(give.Rule) if r.kind in ("*", kind_name) and r.transition in ("*", transition_name)]
        rules.sort(key=lambda rule: (give.STAGES.index(rule.stage), rule.order, rule.name))
        owned = [(rule, self.owner(give.Rule, rule.name).name) for rule in rules]
        check = give.STAGES.index("check")
        return Step(
            kind=kind,
            transition=kind.transition(transition_name),
            loaders=tuple(
                (loader, self.owner(give.Loader, loader.name).name)
                for loader in self.all(give.Loader)
                if loader.kind in ("*", kind_name) and loader.transition in ("*", transition_name)
            ),
            shaping=tuple(pair for pair in owned if give.STAGES.index(pair[0].stage) < check),
            checks=tuple(pair for pair in owned if pair[0].stage == "check"),
            inputs=tuple(pair for pair in owned if pair[0].stage == "check" and not pair[0].gate),
            computations=tuple(pair for pair in owned if give.STAGES.index(pair[0].stage) > check),
        )


def name_of_value(value: Any) -> Any:
    """Give the name of a contribution; an error code's name is its code."""
    return value.code if isinstance(value, give.ErrorCode) else getattr(value, "name", None)


def build(modules: Mapping[str, Any]) -> Registry:
    """Build the registry of the rooms and the given plugin modules; StartupError names what does not fit."""
    return Registry(*plugins.collect(modules))
