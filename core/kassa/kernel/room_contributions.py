"""What only the core's own rooms can contribute: how effects are lowered, checks of whole plans, places of settings, who still acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class SettingScope:
    """Rooms only: what the levels of settings are. `profile_of(context, store_id)` names the profile of a store, or None.

    `entity_of(context)` names the legal entity that a request means without naming it, or None. `check(context, level,
    target)` raises NotFound where a legal entity, profile or store does not exist or is out of the actor's scope. `entities(read)`
    lists the ids of all legal entities.
    """

    name: str
    summary: str
    profile_of: Callable[[Any, str], str | None]
    check: Callable[[Any, str, str], None]
    entity_of: Callable[[Any], str | None] = lambda context: None
    entities: Callable[[Any], Sequence[str]] = lambda read: ()


@attrs.frozen(kw_only=True)
class Standing:
    """Rooms only: `stands(context, actor_id)` tells whether somebody who approved something may still act at all."""

    name: str
    summary: str
    stands: Callable[[Any, str], bool]


@attrs.frozen(kw_only=True)
class Lowering:
    """Rooms only: turns effects of one class into rows and claims of a flush.

    `show(stamped, context)` tells a preview what the effect would do, under the heading `section`. Classes of lower `order`
    are lowered first.
    """

    name: str
    effect: type[Any]
    lower: Callable[[Sequence[Any], Any], None]
    section: str | None = None
    show: Callable[[Any, Any], Mapping[str, Any]] | None = None
    order: int = 100


@attrs.frozen(kw_only=True)
class PlanCheck:
    """Rooms only: looks at a finished plan as a whole; `check(plan, context)` yields (case, issue) pairs."""

    name: str
    summary: str
    check: Callable[[Any, Any], Iterable[tuple[str | None, Any]]]
