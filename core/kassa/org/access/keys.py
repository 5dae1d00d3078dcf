"""API keys: random texts of 256 bits, kept as SHA-256 alone and found by it.

A revoked or expired key, or the key of a worker who is no longer active, is worth nothing from the next request on, for each
change of the organisation counts its revision.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
from collections.abc import Mapping, Sequence

import attrs

from kassa.kernel.clock import MICROSECONDS_PER_SECOND
from kassa.kernel.database import Reader, Row, Write
from kassa.kernel.engine import Engine
from kassa.kernel.flush import write_alone
from kassa.kernel.permissions import Actor
from kassa.kernel.reference import RoomCaches
from kassa.kernel.registry import Registry
from kassa.org.access.powers import Scope, powers_of, roles_held

TOKEN_PREFIX = "kassa_"
TOKEN_BYTES = 32
USE_NOTED_AFTER = 300 * MICROSECONDS_PER_SECOND
"""How exactly it is known when a key was used last: one write in this time, not one a request."""
_TOKEN = re.compile(r"kassa_[A-Za-z0-9_-]{43}")
_KEYS = (
    "SELECT k.hash, k.id, k.name, k.roles, k.legal_entity_ids, k.store_ids, k.store_id, k.register, k.expires_at, k.revoked_at, "
    "w.id, w.name, w.active FROM org_api_key k LEFT JOIN org_worker w ON w.id = k.worker_id WHERE k.hash IN {keys}"
)
_USED = "UPDATE org_api_key SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)"
logger = logging.getLogger("kassa.access")


@attrs.frozen(kw_only=True)
class Credential:
    """What a token is worth, but for time: the actor, and when it ends."""

    actor: Actor
    expires_at: int | None


def new_token() -> str:
    """A new bearer key: `kassa_` and 43 characters that can stand in a URL."""
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a bearer key."""
    return hashlib.sha256(token.encode()).hexdigest()


def credential_of_key(engine: Engine, read: Reader, caches: RoomCaches, token: str) -> Credential | None:
    """What a bearer key is worth; None where it is unknown or revoked, or its worker is not active."""
    if _TOKEN.fullmatch(token) is None:
        return None
    key = token_hash(token)

    def load(read: Reader, hashes: Sequence[str]) -> Mapping[str, Credential]:
        found = ((row[0], _credential(read, engine.registry, row[1:])) for row in read.rows_for(_KEYS, hashes))
        return {found_hash: credential for found_hash, credential in found if credential is not None}

    found: Credential | None = caches.get_many(read, "org", "credential", [key], load).get(key)
    return found


def _credential(read: Reader, registry: Registry, row: Row) -> Credential | None:
    key_id, name, roles, entities, stores, store_id, register, expires_at, revoked_at, worker_id, worker_name, active = row
    if revoked_at is not None or (worker_id is not None and not active):
        return None
    scope = Scope(legal_entities=ids_of(entities), stores=ids_of(stores))
    held = [*json.loads(roles), *(roles_held(read, worker_id, scope) if worker_id is not None else ())]
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
        key_id=key_id,
    )
    return Credential(actor=actor, expires_at=expires_at)


def ids_of(text: str | None) -> frozenset[str] | None:
    """The ids of a column that holds a JSON list, None for no limit."""
    return None if text is None else frozenset(json.loads(text))


def note_use(engine: Engine, key_id: str) -> None:
    """Write down that a key was used, once in a while; a database that cannot do it now is no reason to refuse a request.

    No revision is counted: nothing that is cached of a key depends on it.
    """
    now = engine.clock.now()
    noted = engine.caches.room(NOTED, 0)
    if now - noted.get(key_id, -USE_NOTED_AFTER) < USE_NOTED_AFTER:
        return
    noted[key_id] = now
    try:
        write_alone(engine.database, [Write(_USED, (now, key_id, now - USE_NOTED_AFTER))])
    except Exception as failure:  # noqa: BLE001 - whatever ails the database, the request itself will tell of it
        logger.warning("the use of key %s could not be noted: %s", key_id, failure)


NOTED = "org.key_use"
"""A room of the process's caches that no table counts a revision of: when this process noted the use of a key last."""
