"""Roles and places: what roles allow together, where something counts, and which roles a worker holds there."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from kassa.kernel.contributions import Role
from kassa.kernel.database import Reader
from kassa.kernel.permissions import Actor
from kassa.kernel.registry import Registry
from kassa.org.permissions import ADMINISTRATOR

_GRANTS = "SELECT role, legal_entity_id, store_id FROM org_role_grant WHERE worker_id = ? AND revoked_at IS NULL"


@attrs.frozen(kw_only=True)
class Scope:
    """Where something counts: in these legal entities and stores; None is everywhere."""

    legal_entities: frozenset[str] | None = None
    stores: frozenset[str] | None = None

    def covers(self, other: Scope) -> bool:
        """Whether all places of the other scope are among these."""
        return _covers(self.legal_entities, other.legal_entities) and _covers(self.stores, other.stores)

    def meeting(self, grant: str) -> tuple[str, list[str]]:
        """The condition of SQL, with its parameters, under which a grant of a role (a table's alias) counts in one of these places at least."""
        conditions, parameters = ["1 = 1"], []
        for places, column in ((self.legal_entities, f"{grant}.legal_entity_id"), (self.stores, f"{grant}.store_id")):
            if places is not None:
                conditions.append(f"({column} IS NULL OR {column} IN ({', '.join('?' * len(places)) or 'NULL'}))")
                parameters += sorted(places)
        return " AND ".join(conditions), parameters


def _covers(wide: frozenset[str] | None, narrow: frozenset[str] | None) -> bool:
    return wide is None or (narrow is not None and narrow <= wide)


@attrs.frozen(kw_only=True)
class Powers:
    """The permissions of some roles; `everything` is those of the administrator."""

    permissions: frozenset[str] = frozenset()
    everything: bool = False

    def within(self, actor: Actor) -> bool:
        """Whether an actor holds all of them."""
        return actor.all_permissions or (not self.everything and self.permissions <= actor.permissions)


def roles_of(registry: Registry) -> dict[str, list[Role]]:
    """All roles by name with what each owner contributes to them."""
    found: dict[str, list[Role]] = {}
    for role in registry.all(Role):
        found.setdefault(role.role, []).append(role)
    return found


def powers_of(registry: Registry, roles: Iterable[str]) -> Powers:
    """The permissions of roles together; a role that nobody contributes any more gives none."""
    names = set(roles)
    permissions = (permission for role in registry.all(Role) if role.role in names for permission in role.permissions)
    return Powers(permissions=frozenset(permissions), everything=ADMINISTRATOR in names)


def roles_held(read: Reader, worker_id: str, scope: Scope) -> list[str]:
    """The roles that a worker holds in all places of a scope, for an actor's permissions count in all of them alike."""
    return [role for role, place in grants_of(read, worker_id) if place.covers(scope)]


def grants_of(read: Reader, worker_id: str) -> list[tuple[str, Scope]]:
    """The roles that are granted to a worker now, each with where it counts."""
    return [(role, grant_scope(entity_id, store_id)) for role, entity_id, store_id in read.rows(_GRANTS, (worker_id,))]


def grant_scope(entity_id: str | None, store_id: str | None) -> Scope:
    """Where a grant of a role counts."""
    return Scope(
        legal_entities=None if entity_id is None else frozenset((entity_id,)),
        stores=None if store_id is None else frozenset((store_id,)),
    )


def scope_of(actor: Actor) -> Scope:
    """Where an actor may act."""
    return Scope(legal_entities=actor.legal_entities, stores=actor.stores)
