"""Sessions: workers who signed in at a till or in an app, and the actors that they are there.

What a session is worth is worked out from the worker, the roles and the key through which it was opened, as they are now; so it
changes with them from the next request on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Literal

import attrs

from kassa.kernel.database import Reader, Row
from kassa.kernel.engine import Engine
from kassa.kernel.keys import id_or_none
from kassa.kernel.permissions import Actor
from kassa.kernel.reference import RoomCaches
from kassa.kernel.registry import Registry
from kassa.org.access.keys import Credential, ids_of
from kassa.org.access.powers import Scope, powers_of, roles_held
from kassa.org.access.tokens import verified_claims

ROOM = "org.sessions"
"""Has a revision of its own: sessions end often, and nothing else that is cached of the organisation depends on them."""
COLUMNS = (
    "id", "worker_id", "key_id", "method", "roles", "legal_entity_ids", "store_ids", "store_id", "register", "opened_at", "expires_at", "ends_at",
    "ended_at", "ended_by",
)  # fmt: skip
SELECT = f"SELECT {', '.join(COLUMNS)} FROM org_session"
_OPEN = f"{SELECT} WHERE ended_at IS NULL AND id IN {{keys}}"
_STANDING = "SELECT w.name, w.active, k.revoked_at, k.expires_at FROM org_worker w JOIN org_api_key k ON k.id = ? WHERE w.id = ?"


@attrs.frozen(kw_only=True)
class Session:
    """A worker who signed in through a key, at a place; `roles` are those that an external issuer told, beside the granted ones.

    `expires_at` is when its newest token ends, `ends_at` when it cannot be renewed any more.
    """

    id: str
    worker_id: str
    key_id: str
    method: Literal["pin", "password", "issuer"]
    roles: tuple[str, ...]
    scope: Scope
    store_id: str | None
    register: str | None
    opened_at: int
    expires_at: int
    ends_at: int
    ended_at: int | None = None
    ended_by: str | None = None

    @property
    def place(self) -> tuple[str, str, tuple[str, ...], Scope, str | None, str | None]:
        """All by which the actor of the session is made."""
        return (self.worker_id, self.key_id, self.roles, self.scope, self.store_id, self.register)


def session_of(row: Row) -> Session:
    """Make a session of its row."""
    values = dict(zip(COLUMNS, row, strict=True))
    scope = Scope(legal_entities=ids_of(values.pop("legal_entity_ids")), stores=ids_of(values.pop("store_ids")))
    return Session(**values | {"roles": tuple(json.loads(values["roles"]))}, scope=scope)


def find_session(read: Reader, session_id: str) -> Session | None:
    """Read a session, also one that has ended."""
    row = read.row(f"{SELECT} WHERE id = ?", (id_or_none(session_id),))
    return session_of(row) if row is not None else None


def credential_of_session(engine: Engine, read: Reader, caches: RoomCaches, token: str) -> Credential | None:
    """What the token of a session is worth; None where it is not good, its session has ended, or worker or key count no more."""
    claims = verified_claims(read, caches, token, engine.clock.now())
    if claims is None or id_or_none(claims["sid"]) != claims["sid"]:
        return None
    sessions = caches.get_many(read, ROOM, "session", [claims["sid"]], _load_sessions)
    session: Session | None = sessions.get(claims["sid"])
    if session is None or session.worker_id != claims["sub"]:
        return None

    def load(read: Reader, place: object) -> Credential | None:
        return _credential(read, engine.registry, session)

    found: Credential | None = caches.get(read, "org", "session_actor", session.place, load)
    return attrs.evolve(found, actor=attrs.evolve(found.actor, session_id=session.id)) if found is not None else None


def _load_sessions(read: Reader, ids: Sequence[str]) -> Mapping[str, Session]:
    return {row[0]: session_of(row) for row in read.rows_for(_OPEN, ids)}


def _credential(read: Reader, registry: Registry, session: Session) -> Credential | None:
    row = read.row(_STANDING, (session.key_id, session.worker_id))
    if row is None or not row[1] or row[2] is not None:
        return None
    name, _, _, expires_at = row
    actor = actor_of_worker(read, registry, session.worker_id, name, session.scope, roles=session.roles)
    return Credential(
        actor=attrs.evolve(actor, store_id=session.store_id, register=session.register, key_id=session.key_id), expires_at=expires_at
    )


def actor_of_worker(read: Reader, registry: Registry, worker_id: str, name: str, scope: Scope, *, roles: Sequence[str] = ()) -> Actor:
    """The actor that a worker is in a scope: the roles that are granted in all of it, and those told by an external issuer."""
    held = [*roles, *roles_held(read, worker_id, scope)]
    powers = powers_of(registry, held)
    return Actor(
        id=worker_id, name=name, kind="worker", permissions=powers.permissions, roles=frozenset(held), all_permissions=powers.everything,
        legal_entities=scope.legal_entities, stores=scope.stores,
    )  # fmt: skip
