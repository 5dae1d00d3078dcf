"""How the host learns who is asking, as what, and whether it can serve, where nothing else is configured: it asks the core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.engine import Engine
from kassa.kernel.errors import NotFound, StartupError
from kassa.kernel.migrations import pending
from kassa.kernel.permissions import SYSTEM, Actor
from kassa.org import access


def authenticate(engine: Engine, token: str) -> Actor | None:
    """The actor of a bearer token; None for one that is unknown, expired or revoked."""
    return access.authenticate(engine, token)


def narrow(engine: Engine, actor: Actor, *, legal_entity: str | None, store: str | None, register: str | None) -> tuple[Actor, str | None]:
    """The actor limited to what the request names by code, and the id of the legal entity, None where it is open.

    A token that stands at a register stays there; in another store it stands at none until the request says at which.
    """
    entity_id = access.find_legal_entity(engine, actor, legal_entity) if legal_entity is not None else _only(actor)
    changes: dict[str, Any] = {}
    if store is not None:
        found = engine.perform("org.read_store", {"store": store}, actor=SYSTEM, legal_entity_id=entity_id).response
        actor.require_store(found.id, store)
        entity_id = found.legal_entity_id
        if found.id != actor.store_id:
            changes = {"store_id": found.id, "register": None}
    if register is not None:
        held = changes.get("register", actor.register)
        if held not in (None, register):
            raise NotFound("register", register[:60])
        changes["register"] = register
    return attrs.evolve(actor, **changes) if changes else actor, entity_id


def _only(actor: Actor) -> str | None:
    held = actor.legal_entities
    return next(iter(held)) if held is not None and len(held) == 1 else None


def not_ready(engine: Engine) -> Sequence[str]:
    """Why the installation cannot serve now; raises what the driver raises where the database does not answer."""
    try:
        waiting = pending(engine.database, engine.registry)
    except StartupError:
        # Its words name files of the server, which are nobody's business here; the command tells them.
        return ["The migrations that were applied are not those that are installed; `kassa migrate` says more."]
    return [f"The migration {migration.label} is not applied; run `kassa migrate`." for migration in waiting]
