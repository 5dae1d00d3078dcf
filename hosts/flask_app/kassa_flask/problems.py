"""Every error as a problem document (RFC 9457): Kassa's own, those of HTTP, and the unexpected."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException

from kassa.kernel.engine import Engine
from kassa.kernel.errors import ErrorCode, ErrorCodes, KassaError, NotFound, PluginError, TooLarge, UnreadableInput

PROBLEM = "application/problem+json"
UNEXPECTED = "Something unexpected happened; the log tells more under the request id. Report it, and retry with the same idempotency key."


class MethodNotAllowed(KassaError):
    """The resource exists and does not know this method. Use one of those that the header Allow names."""

    status = 405
    code = "METHOD_NOT_ALLOWED"
    title = "The resource does not know this method"


class WrongMediaType(KassaError):
    """The body is no JSON by its Content-Type. Send it as application/json in UTF-8."""

    status = 415
    code = "MEDIA_TYPE_UNSUPPORTED"
    title = "The body must be application/json"


class RateLimited(KassaError):
    """More requests came than are allowed in this time. Wait as long as the header Retry-After says."""

    status = 429
    code = "RATE_LIMITED"
    title = "Too many requests"


class NotReady(KassaError):
    """The installation cannot serve now, for the reasons that its detail states. Retry later, or repair what is named."""

    status = 503
    code = "NOT_READY"
    title = "Not ready to serve"


class NotHttp(KassaError):
    """The request could not be understood as HTTP. Repair the request line, the headers or the framing of the body."""

    status = 400
    code = "REQUEST_MALFORMED"
    title = "The request is malformed"


OWN_ERRORS: tuple[type[KassaError], ...] = (MethodNotAllowed, NotHttp, NotReady, RateLimited, WrongMediaType)


def _declared(error: type[KassaError]) -> ErrorCode:
    meaning, _, action = " ".join((error.__doc__ or error.title).split()).partition(". ")
    return ErrorCode(code=error.code, title=error.title, meaning=f"{meaning}.", action=action, status=error.status)


OWN_CODES: tuple[ErrorCode, ...] = tuple(_declared(error) for error in OWN_ERRORS)


def error_codes(engine: Engine) -> ErrorCodes:
    """The register of every code that this host can answer: the kernel's, the rooms', the plugins' and its own."""
    codes = ErrorCodes()
    for code, owner in engine.registry.owned(ErrorCode):
        codes.declare(owner.name, [code])
    codes.declare("flask", OWN_CODES)
    return codes


def install(app: Flask, codes: ErrorCodes, logger: Any) -> None:
    """Answer every error of an application as a problem document."""

    def refused(error: KassaError) -> Response:
        if error.status >= 500:
            _log(logger, error)
        return answer(error, codes)

    def unexpected(error: Exception) -> Response:
        logger.error("unexpected error", request_id=g.get("request_id"), exc_info=error)
        return answer(KassaError(UNEXPECTED), codes)

    app.register_error_handler(KassaError, refused)
    app.register_error_handler(Exception, unexpected)


def _log(logger: Any, error: KassaError) -> None:
    cause = error.__cause__ if isinstance(error, PluginError) and error.__cause__ is not None else error
    logger.error("server error", request_id=g.get("request_id"), code=error.code, detail=error.detail, exc_info=cause)


def answer(error: KassaError, codes: ErrorCodes, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """The response to an error; the request id stands in it, so that a report of it leads to the log."""
    body = error.as_problem(codes)
    body["request_id"] = g.get("request_id")
    g.problem = error.code
    # What was sent may stand in a message, halves of surrogate pairs too, which UTF-8 does not know.
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    response = Response(text, error.status, content_type=PROBLEM)
    response.headers.extend(list(headers))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="kassa"'
    return response


def of_http(error: HTTPException, codes: ErrorCodes) -> Response:
    """The problem document of an error that Flask or Werkzeug raised; its headers, such as Allow, are kept."""
    kept = [(name, value) for name, value in error.get_response().headers if name not in ("Content-Type", "Content-Length")]
    return answer(_translated(error), codes, kept)


def _translated(error: HTTPException) -> KassaError:
    if error.code == 404:
        return NotFound(detail="There is no such resource. GET /v1 lists those that there are.")
    if error.code == 405:
        return MethodNotAllowed("The resource does not know this method; the header Allow names those that it knows.")
    if error.code == 413:
        return TooLarge("The body is larger than this server accepts. Divide it, or use an import.")
    if error.code == 415:
        return WrongMediaType("Expected application/json.")
    if error.code is not None and error.code < 500:
        return NotHttp(f"{error.name}.") if error.code != 400 else UnreadableInput("The request could not be read.")
    return KassaError(UNEXPECTED)
