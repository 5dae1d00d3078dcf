"""What the host answers besides operations: the API page, the OpenAPI document, the root of the API, codes, health, metrics."""

from __future__ import annotations

import hmac
import json
from importlib.resources import files
from typing import Any

from flask import Flask, Response, abort, request
from flask_smorest import Blueprint

from kassa.kernel.engine import Engine
from kassa.kernel.errors import ErrorCodes, NotAuthenticated, NotFound
from kassa.version import __version__
from kassa_flask.config import HostConfig
from kassa_flask.endpoint import PREFIX, Endpoint
from kassa_flask.metrics import CONTENT_TYPE, Metrics
from kassa_flask.openapi import KassaApi
from kassa_flask.openapi.components import error, header
from kassa_flask.problems import NotReady

JSON = "application/json"
ASSETS = "/api-page/"
# Swagger UI sets styles on elements and draws its icons from data addresses; everything else must come from this server.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/png" href="/api-page/favicon-32x32.png" sizes="32x32">
<link rel="stylesheet" href="/api-page/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="/api-page/swagger-ui-bundle.js"></script>
<script src="/api-page/start.js"></script>
</body>
</html>
"""
START = """window.ui = SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null, persistAuthorization: false,
  docExpansion: "none", filter: true, tryItOutEnabled: true
});
"""
MEDIA_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "png": "image/png"}
SHIPPED = ("favicon-32x32.png", "swagger-ui-bundle.js", "swagger-ui.css")


def install_page(app: Flask, api: KassaApi, title: str) -> None:
    """Serve the API page at `/` with everything that it needs, and the document that it shows at `/openapi.json`."""
    folder = files("flask_swagger_ui") / "dist"
    page = PAGE.format(title=_escaped(title)).encode()

    def show() -> Response:
        return Response(page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": PAGE_POLICY})

    def asset(name: str) -> Response:
        if name != "start.js" and name not in SHIPPED:
            abort(404)
        content = START.encode() if name == "start.js" else (folder / name).read_bytes()
        kept = {"Cache-Control": "public, max-age=86400"}
        return Response(content, content_type=MEDIA_TYPES[name.rpartition(".")[2]], headers=kept)

    def document() -> Response:
        return Response(api.document(), content_type=JSON)

    app.add_url_rule("/", "page", show, methods=["GET"])
    app.add_url_rule(f"{ASSETS}<name>", "asset", asset, methods=["GET"])
    app.add_url_rule("/openapi.json", "document", document, methods=["GET"])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def install_root(api: KassaApi, engine: Engine, config: HostConfig, codes: ErrorCodes, metrics: Metrics, found: list[Endpoint]) -> None:
    """Register `/v1`, the pages of the codes, health and metrics; none of them asks who is there, but for the metrics' own token."""
    blueprint = Blueprint("host", __name__, description="What the host answers by itself.")
    listed = json.dumps(_root(engine, config, found), ensure_ascii=False).encode()

    def root() -> Response:
        return Response(listed, content_type=JSON)

    def problem(code: str) -> Response:
        known = codes.get(code)
        if known is None:
            raise NotFound("code", code[:60])
        told = {"code": known.code, "title": known.title, "status": known.status, "meaning": known.meaning, "action": known.action}
        return Response(json.dumps({**told, "owner": codes.owner(code)}, ensure_ascii=False), content_type=JSON)

    def healthz() -> Response:
        return Response(b'{"status": "ok"}', content_type=JSON)

    def readyz() -> Response:
        try:
            reasons = list(config.ready(engine))
        except Exception as failure:
            raise NotReady(f"The database does not answer ({type(failure).__name__}).", retry_after=5) from failure
        if reasons:
            raise NotReady(" ".join(reasons), retry_after=5)
        return Response(b'{"status": "ready"}', content_type=JSON)

    def measured() -> Response:
        if config.metrics_token is not None:
            _check_token(config.metrics_token)
        return Response(metrics.text(), content_type=CONTENT_TYPE)

    views: tuple[tuple[str, str, Any, str, str, tuple[int, ...]], ...] = (
        (PREFIX, "root", root, "List resources, plugins and what is absent", JSON, ()),
        ("/problems/<code>", "problem", problem, "Tell what a code means and what to do", JSON, (404,)),
        ("/healthz", "healthz", healthz, "Tell that the process lives", JSON, ()),
        ("/readyz", "readyz", readyz, "Tell whether requests can be served", JSON, (503,)),
        ("/metrics", "metrics", measured, "Show the metrics for Prometheus", "text/plain", (401,)),
    )
    for path, name, view, summary, media_type, errors in views:
        document = blueprint.doc(**_described(name, summary, media_type, errors))
        blueprint.add_url_rule(path, endpoint=name, view_func=document(view), methods=["GET"])
    api.register_blueprint(blueprint)


def _described(name: str, summary: str, media_type: str, errors: tuple[int, ...]) -> dict[str, Any]:
    schema = {"type": "object"} if media_type == JSON else {"type": "string"}
    done = {"description": "Told.", "headers": {"X-Request-Id": header("RequestId")}, "content": {media_type: {"schema": schema}}}
    responses = {"200": done, **{str(status): error(status) for status in (*errors, 500)}}
    return {"operationId": f"host.{name}", "summary": summary, "security": [], "responses": responses}


def _check_token(expected: str) -> None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected.encode()):
        raise NotAuthenticated("Expected the header Authorization: Bearer with the token of the metrics.")


def _root(engine: Engine, config: HostConfig, found: list[Endpoint]) -> dict[str, Any]:
    resources: dict[str, list[dict[str, str]]] = {}
    for endpoint in sorted(found, key=lambda endpoint: (endpoint.path, endpoint.http.method)):
        operation = endpoint.operation
        told = {"operation": operation.name, "method": endpoint.http.method, "summary": operation.summary}
        resources.setdefault(endpoint.path, []).append(told)
    plugins = engine.registry.plugins.values()
    absent = [
        {"operation": name, "needs": list(needs), "reason": f"It needs {', '.join(needs)}, which is not enabled."}
        for name, needs in engine.registry.absent_operations.items()
    ]
    return {
        "name": config.title,
        "version": __version__,
        "documentation": "/",
        "openapi": "/openapi.json",
        "rooms": [info.name for info in plugins if info.room],
        "plugins": [{"name": info.name, "version": info.version, "summary": info.summary} for info in plugins if not info.room],
        "resources": [{"path": path, "operations": operations} for path, operations in resources.items()],
        "absent_operations": absent,
    }
