"""Mounts every operation as a flask-smorest view: one blueprint an owner, one view an operation, one path through all of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import attrs
from flask import Flask, Response, g, request
from flask_smorest import Blueprint
from werkzeug.exceptions import MethodNotAllowed

from kassa.kernel.engine import Engine
from kassa_flask import incoming, outgoing
from kassa_flask.config import HostConfig
from kassa_flask.endpoint import Endpoint
from kassa_flask.identity import act_as, identify
from kassa_flask.limits import RateLimits
from kassa_flask.observe import UNNAMED
from kassa_flask.openapi import KassaApi
from kassa_flask.openapi.operations import describe

METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")
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


def close_paths(app: Flask) -> None:
    """Let each path that was mounted know its own methods alone: OPTIONS tells them, the others are 405.

    Without this `PATCH /products/search` would fall through to `PATCH /products/{product}` and look for a product "search".
    """
    known: dict[str, set[str]] = {}
    for mounted in app.url_map.iter_rules():
        known.setdefault(mounted.rule, {"OPTIONS"}).update(mounted.methods or ())
    for rule, methods in known.items():
        others = [method for method in METHODS if method == "OPTIONS" or method not in methods]
        app.add_url_rule(rule, f"methods {rule}", _closed(sorted(methods)), methods=others, provide_automatic_options=False)


def _closed(allowed: list[str]) -> View:
    def closed(**path: str) -> Response:
        g.operation = UNNAMED
        if request.method == "OPTIONS":
            return Response(status=200, headers={"Allow": ", ".join(allowed)})
        raise MethodNotAllowed(valid_methods=allowed)

    return closed


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
        options: dict[str, Any] = {"preview": asked.preview, "key": asked.key, "if_match": asked.if_match, "approval": asked.approval}
        outcome = engine.perform(
            operation, asked.mapping, actor=actor, legal_entity_id=legal_entity_id, request_id=g.request_id, **options
        )  # fmt: skip
        return outgoing.respond(outcome, asking, endpoint)

    view.__name__ = operation.name.replace(".", "_")
    # The documentation comes from the operation; a docstring of the view would stand in its place.
    view.__doc__ = None
    return view
