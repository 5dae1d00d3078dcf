"""What surrounds every request: its id, the fixed headers of its answer, its line in the log, its place in the metrics."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, g, request

from kassa.kernel.clock import Clock, instant_text
from kassa.kernel.values import new_id
from kassa_flask.metrics import Metrics

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
UNNAMED = "none"
# An answer is data for the one who asked: no frame, no script, no sniffing, no shared cache, no referrer.
FIXED_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("Cache-Control", "no-store"),
)
FIXED_NAMES = tuple(name.lower() for name, _ in FIXED_HEADERS)
QUIET = frozenset({"host.healthz", "host.readyz", "host.metrics"})


def install(app: Flask, clock: Clock, metrics: Metrics, logger: Any) -> None:
    """Observe every request of an application; what the client sent as X-Request-Id is kept where it is harmless."""

    def begin() -> None:
        g.started = clock.monotonic()
        given = request.headers.get("X-Request-Id")
        g.request_id = given if given is not None and REQUEST_ID.fullmatch(given) else new_id()

    def finish(response: Response) -> Response:
        taken = clock.monotonic() - g.started
        response.headers["X-Request-Id"] = g.request_id
        rule = request.url_rule
        operation = g.get("operation") or (request.endpoint if rule is not None else None) or UNNAMED
        metrics.observe(operation, response.status_code, taken)
        write = logger.debug if operation in QUIET else logger.info
        write(
            "request", at=instant_text(clock.now()), method=request.method, route=rule.rule if rule is not None else None,
            operation=operation, status=response.status_code, micros=taken, actor=g.get("actor_id"), request_id=g.request_id,
            problem=g.get("problem"),
        )  # fmt: skip
        return response

    app.before_request(begin)
    app.after_request(finish)


class FixedHeaders:
    """WSGI middleware that adds the fixed headers which an answer does not set itself, whoever made the answer."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on and complete the headers of its answer."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            present = {name.lower() for name, _ in headers}
            missing = [pair for pair, name in zip(FIXED_HEADERS, FIXED_NAMES, strict=True) if name not in present]
            return start_response(status, headers + missing, exc_info)

        return self._application(environ, start)
