"""Access: from a bearer key to the actor that it stands for, and what roles allow.

Keys are random texts of 256 bits, kept as SHA-256 alone and found by it. A revoked or expired key, or the key of a worker
who is no longer active, is worth nothing from the next request on, for each change of the organisation counts its revision.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Role
from kassa.kernel.database import Reader, Row
from kassa.kernel.engine import Engine
from kassa.kernel.errors import NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.permissions import Actor
from kassa.kernel.registry import Registry
from kassa.org.permissions import ADMINISTRATOR

TOKEN_PREFIX = "kassa_"
TOKEN_BYTES = 32
_TOKEN = re.compile(r"kassa_[A-Za-z0-9_-]{43}")
_KEYS = (
    "SELECT k.hash, k.id, k.name, k.roles, k.legal_entity_ids, k.store_ids, k.store_id, k.register, k.expires_at, k.revoked_at, "
    "w.id, w.name, w.active FROM org_api_key k LEFT JOIN org_worker w ON w.id = k.worker_id WHERE k.hash IN {keys}"
)
_GRANTS = "SELECT role, legal_entity_id, store_id FROM org_role_grant WHERE worker_id = ? AND revoked_at IS NULL"
_STANDS = (
    "SELECT active FROM org_worker WHERE id = ? UNION ALL "
    "SELECT revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) FROM org_api_key WHERE worker_id IS NULL AND id = ?"
)
_ENTITY_OF = "SELECT id, legal_entity_id FROM org_store WHERE id IN {keys}"


@attrs.frozen(kw_only=True)
class Scope:
    """Where something counts: in these legal entities and stores; None is everywhere."""

    legal_entities: frozenset[str] | None = None
    stores: frozenset[str] | None = None

    def covers(self, other: Scope) -> bool:
        """Whether all places of the other scope are among these."""
        return _covers(self.legal_entities, other.legal_entities) and _covers(self.stores, other.stores)


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


@attrs.frozen(kw_only=True)
class Credential:
    """What a key is worth, but for time: the actor, and when it ends."""

    actor: Actor
    expires_at: int | None


def new_token() -> str:
    """A new bearer key: `kassa_` and 43 characters that can stand in a URL."""
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a bearer key."""
    return hashlib.sha256(token.encode()).hexdigest()


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


def authenticate(engine: Engine, token: str) -> Actor | None:
    """The actor of a bearer key; None where the key is unknown, revoked or expired, or its worker is not active."""
    if _TOKEN.fullmatch(token) is None:
        return None
    key = token_hash(token)

    def load(read: Reader, hashes: Sequence[str]) -> Mapping[str, Credential]:
        found = ((row[0], _credential(read, engine.registry, row[1:])) for row in read.rows_for(_KEYS, hashes))
        return {found_hash: credential for found_hash, credential in found if credential is not None}

    with engine.database.snapshot() as read:
        credential = engine.revisions(read).get_many(read, "org", "credential", [key], load).get(key)
    if credential is None or (credential.expires_at is not None and credential.expires_at <= engine.clock.now()):
        return None
    actor: Actor = credential.actor
    return actor


def _credential(read: Reader, registry: Registry, row: Row) -> Credential | None:
    key_id, name, roles, entities, stores, store_id, register, expires_at, revoked_at, worker_id, worker_name, active = row
    if revoked_at is not None or (worker_id is not None and not active):
        return None
    scope = Scope(legal_entities=_ids(entities), stores=_ids(stores))
    held = [*json.loads(roles), *(_worker_roles(read, worker_id, scope) if worker_id is not None else ())]
    powers = powers_of(registry, held)
    actor = Actor(
        id=worker_id or key_id,
        name=worker_name or name,
        kind="worker" if worker_id is not None else "app",
        permissions=powers.permissions,
        roles=frozenset(held),
        legal_entities=scope.legal_entities,
        stores=scope.stores,
        store_id=store_id,
        register=register,
        all_permissions=powers.everything,
    )
    return Credential(actor=actor, expires_at=expires_at)


def _ids(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))


def _worker_roles(read: Reader, worker_id: str, scope: Scope) -> list[str]:
    """The roles that a worker holds in all places of a scope, for an actor's permissions count in all of them alike."""
    grants = read.rows(_GRANTS, (worker_id,))
    return [role for role, entity_id, store_id in grants if grant_scope(entity_id, store_id).covers(scope)]


def grant_scope(entity_id: str | None, store_id: str | None) -> Scope:
    """Where a grant of a role counts."""
    return Scope(
        legal_entities=None if entity_id is None else frozenset((entity_id,)),
        stores=None if store_id is None else frozenset((store_id,)),
    )


def scope_of(actor: Actor) -> Scope:
    """Where an actor may act."""
    return Scope(legal_entities=actor.legal_entities, stores=actor.stores)


def find_legal_entity(engine: Engine, actor: Actor, reference: str) -> str:
    """The id of the legal entity that a host was told by code or id; NotFound where it is not the actor's to see."""
    with engine.database.snapshot() as read:
        rows: Any = engine.revisions(read).get(read, "org", "legal_entity_ids", None, _load_entity_ids)
    entity_id = rows.get(reference)
    if entity_id is None:
        raise NotFound("legal entity", reference)
    actor.require_legal_entity(entity_id, reference)
    return str(entity_id)


def _load_entity_ids(read: Reader, key: Any) -> Mapping[str, str]:
    rows = read.rows("SELECT id, code FROM org_legal_entity")
    return {code: entity_id for entity_id, code in rows} | {entity_id: entity_id for entity_id, code in rows}


def still_acts(context: Context, actor_id: str) -> bool:
    """Whether a worker is still active, or a key that is nobody's in particular still valid; what is neither was never registered."""
    row = context.read.row(_STANDS, (id_or_none(actor_id), context.now, id_or_none(actor_id)))
    return row is None or bool(row[0])


def entities_of_stores(read: Reader, store_ids: Sequence[str]) -> dict[str, str]:
    """The legal entity of each store, by store id."""
    return dict(read.rows_for(_ENTITY_OF, list(store_ids)))
