"""From the engine's outcome to a response of HTTP: the text as it is, ETag, Location, the next page, the mark of a replay."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote, urlencode

from flask import Request, Response

from kassa.kernel.engine import Outcome
from kassa_flask.endpoint import IN_BRACES, PREFIX, Endpoint

JSON = "application/json"
MADE = (201, 202)
REVALIDATE = "private, no-cache"


def respond(outcome: Outcome, request: Request, endpoint: Endpoint) -> Response:
    """The response that carries an outcome."""
    text = outcome.text.encode()
    if outcome.preview:
        return Response(text, 200, content_type=JSON)
    response = Response(text, outcome.status, content_type=JSON)
    shown = _Shown(outcome)
    tag = _etag(shown, text)
    if tag is not None:
        response.headers["ETag"] = tag
        if endpoint.is_document:
            response.headers["Cache-Control"] = REVALIDATE
            if _matches(request.headers.get("If-None-Match"), tag):
                response.set_data(b"")
                response.status_code = 304
    if outcome.replayed:
        response.headers["Idempotent-Replayed"] = "true"
        if outcome.current:
            response.headers["Idempotent-Answer"] = "current"
    if outcome.status in MADE and endpoint.http.location is not None:
        location = _filled(endpoint.http.location, shown)
        if location is not None:
            response.headers["Location"] = location
    if endpoint.operation.collection:
        _link(response, request, shown)
    return response


class _Shown:
    """The members of a response: of the value where the engine has it, else, as for a replay, of its JSON text."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._body: Any = None
        self.version = outcome.version if outcome.version is not None else self.member("version")

    def member(self, name: str) -> Any:
        if self._outcome.response is not None:
            return getattr(self._outcome.response, name, None)
        if self._body is None:
            self._body = self._outcome.body
        return self._body.get(name) if isinstance(self._body, dict) else None


def _etag(shown: _Shown, text: bytes) -> str | None:
    """Version, point, digest of the answer: the version is what If-Match compares; the digest tells If-None-Match also of
    what changes without a new version, such as a counter beside the document."""
    if type(shown.version) is not int:
        return None
    return f'"{shown.version}.{hashlib.blake2s(text, digest_size=6).hexdigest()}"'


def _matches(if_none_match: str | None, tag: str) -> bool:
    if if_none_match is None:
        return False
    tags = [given.strip().removeprefix("W/") for given in if_none_match.split(",")]
    return tag in tags or "*" in tags


def _filled(location: str, shown: _Shown) -> str | None:
    values = {name: shown.member(name) for name in IN_BRACES.findall(location)}
    if any(value is None for value in values.values()):
        return None
    path = IN_BRACES.sub(lambda found: quote(str(values[found[1]]), safe=""), location)
    return path if path.startswith(f"{PREFIX}/") else PREFIX + path


def _link(response: Response, request: Request, shown: _Shown) -> None:
    after = shown.member("next")
    if after is not None:
        query = [(name, text) for name, text in request.args.items(multi=True) if name != "after"]
        response.headers["Link"] = f'<{request.path}?{urlencode([*query, ("after", after)])}>; rel="next"'
