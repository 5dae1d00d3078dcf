"""What hosts ask: whose a bearer token is, which legal entity a code means; and what the kernel asks: who may still act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.database import Reader, again
from kassa.kernel.engine import Engine
from kassa.kernel.errors import NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.permissions import Actor
from kassa.org.access.keys import TOKEN_PREFIX, credential_of_key, note_use
from kassa.org.access.sessions import credential_of_session

_STANDS = (
    "SELECT active FROM org_worker WHERE id = ? UNION ALL "
    "SELECT revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) FROM org_api_key WHERE worker_id IS NULL AND id = ?"
)
_ENTITY_OF = "SELECT id, legal_entity_id FROM org_store WHERE id IN {keys}"


def authenticate(engine: Engine, token: str) -> Actor | None:
    """The actor of a bearer token, an API key or the token of a session; None for one that is not good now."""
    credential = again(lambda: _credential(engine, token))
    if credential is None or (credential.expires_at is not None and credential.expires_at <= engine.clock.now()):
        return None
    actor: Actor = credential.actor
    if actor.session_id is None and actor.key_id is not None:
        note_use(engine, actor.key_id)
    return actor


def _credential(engine: Engine, token: str) -> Any:
    find = credential_of_key if token.startswith(TOKEN_PREFIX) else credential_of_session
    with engine.database.snapshot() as read:
        return find(engine, read, engine.revisions(read), token)


def find_legal_entity(engine: Engine, actor: Actor, reference: str) -> str:
    """The id of the legal entity that a host was told by code or id; NotFound where it is not the actor's to see."""
    entity_id = again(lambda: _entity_ids(engine)).get(reference)
    if entity_id is None:
        raise NotFound("legal entity", reference)
    actor.require_legal_entity(entity_id, reference)
    return str(entity_id)


def _entity_ids(engine: Engine) -> Mapping[str, str]:
    with engine.database.snapshot() as read:
        found: Mapping[str, str] = engine.revisions(read).get(read, "org", "legal_entity_ids", None, _load_entity_ids)
        return found


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
