"""Mounts every operation as a flask-smorest view: one blueprint an owner, one view an operation, one path through all of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import attrs
from flask import Response, g, request
from flask_smorest import Blueprint

from kassa.kernel.engine import Engine
from kassa_flask import incoming, outgoing
from kassa_flask.config import HostConfig
from kassa_flask.endpoint import Endpoint
from kassa_flask.identity import act_as, identify
from kassa_flask.limits import RateLimits
from kassa_flask.openapi import KassaApi
from kassa_flask.openapi.operations import describe

View = Callable[..., Response]


@attrs.frozen(kw_only=True)
class Host:
    """What the views of one application share."""

    engine: Engine
    config: HostConfig
    limits: RateLimits


def mount(api: KassaApi, host: Host, found: list[Endpoint]) -> None:
    """Register the blueprints of all endpoints, with their documentation."""
    for owner, group in groupby(sorted(found, key=lambda endpoint: endpoint.owner.name), key=lambda endpoint: endpoint.owner):
        blueprint = Blueprint(owner.name, __name__, description=owner.summary)
        for endpoint in group:
            document = blueprint.doc(**describe(api, endpoint))
            blueprint.add_url_rule(
                endpoint.rule,
                endpoint=endpoint.operation.name.replace(".", "_"),
                view_func=document(view_of(host, endpoint)),
                methods=[endpoint.http.method],
            )
        api.register_blueprint(blueprint)


def view_of(host: Host, endpoint: Endpoint) -> View:
    """The view of one operation: who asks, as what, for what; the engine performs; the answer goes out."""
    operation = endpoint.operation
    engine, config, limits = host.engine, host.config, host.limits

    def view(**path: str) -> Response:
        g.operation = operation.name
        asking = request._get_current_object()  # type: ignore[attr-defined]
        actor = identify(asking, engine, config, limits)
        asked = incoming.read(asking, endpoint, path)
        actor, legal_entity_id = act_as(asking, engine, config, actor, operation)
        options: dict[str, Any] = {"preview": asked.preview, "key": asked.key, "if_match": asked.if_match}
        outcome = engine.perform(
            operation, asked.mapping, actor=actor, legal_entity_id=legal_entity_id, request_id=g.request_id, **options
        )  # fmt: skip
        return outgoing.respond(outcome, asking, endpoint)

    view.__name__ = operation.name.replace(".", "_")
    # The documentation comes from the operation; a docstring of the view would stand in its place.
    view.__doc__ = None
    return view
