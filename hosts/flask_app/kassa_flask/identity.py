"""Who is asking, and as what: the bearer token, and the headers by which a request limits itself."""

from __future__ import annotations

import re

from flask import Request, g

from kassa.kernel.contributions import Operation
from kassa.kernel.engine import Engine
from kassa.kernel.errors import NotAuthenticated, NotFound, PreconditionRequired
from kassa.kernel.permissions import Actor
from kassa_flask.config import HostConfig
from kassa_flask.limits import RateLimits

TOKEN_AT_MOST = 8192
PLACE = r"[A-Za-z0-9_.\-/]{1,40}"
_PLACE = re.compile(PLACE)


def identify(request: Request, engine: Engine, config: HostConfig, limits: RateLimits) -> Actor:
    """The actor of the request's bearer token.

    Raises NotAuthenticated without a valid token, RateLimited for too many of these or too many requests.
    """
    actor = None
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if kind.lower() == "bearer" and 0 < len(token) <= TOKEN_AT_MOST and token.isascii():
        actor = config.authenticate(engine, token)
    if actor is None:
        limits.refused_token()
        raise NotAuthenticated("Expected the header Authorization: Bearer with a token that is valid now.")
    g.actor_id = actor.id
    limits.request_of(actor.id)
    return actor


def act_as(request: Request, engine: Engine, config: HostConfig, actor: Actor, operation: Operation) -> tuple[Actor, str | None]:
    """The actor narrowed by the headers Kassa-Legal-Entity, Kassa-Store and Kassa-Register, and the legal entity's id.

    Raises NotFound for what is unknown or out of scope, PreconditionRequired where the legal entity must be said.
    """
    entity, store, register = (_place(request, name) for name in ("Legal-Entity", "Store", "Register"))
    held = actor.legal_entities
    if entity is None and held is not None and len(held) > 1 and (operation.scope != "none" or store is not None):
        raise PreconditionRequired("The header Kassa-Legal-Entity is required, for the token is for several legal entities. Send its code.")
    if entity is None and store is None and register is None:
        if operation.scope == "none":
            return actor, None
        if held is not None and len(held) == 1:
            return actor, next(iter(held))
    return config.narrow(engine, actor, legal_entity=entity, store=store, register=register)


def _place(request: Request, name: str) -> str | None:
    code = request.headers.get(f"Kassa-{name}")
    if code is not None and _PLACE.fullmatch(code) is None:
        raise NotFound(name.replace("-", " ").lower(), code[:60])
    return code
