"""From a request of HTTP to what the engine is given: the mapping to parse, the preview, the key, the expected version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs
from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from kassa.kernel.errors import InvalidInput, Issue, PreconditionFailed, PreconditionRequired, UnreadableInput
from kassa.kernel.schema import from_query, loads, structure
from kassa_flask.endpoint import Endpoint
from kassa_flask.problems import WrongMediaType

JSON = "application/json"
APPROVAL = re.compile(r"[0-9a-f-]{36}")
KEY = re.compile(r"[\x21-\x7e]{1,200}")
ETAG = re.compile(r'(?:W/)?"([0-9]{1,15})(?:\.[0-9a-f]{1,40})?"')
DRAINED = 8
"""How many times the permitted size of a body that is too large is read before the refusal is sent."""
CHUNK = 65_536
PREVIEW = {"true": True, "false": False}


@attrs.frozen(kw_only=True)
class Asked:
    """What a request asks of the engine, not yet parsed; the engine says everything that is wrong with the mapping at once."""

    mapping: Mapping[str, Any]
    preview: bool
    key: str | None
    if_match: int | None
    approval: str | None = None


def read(request: Request, endpoint: Endpoint, path: Mapping[str, str]) -> Asked:
    """Read headers, path, query string and body.

    Raises PreconditionRequired, PreconditionFailed, WrongMediaType, UnreadableInput and InvalidInput; of what stands in a
    place where it is not read InvalidInput too, for silence would look like consent.
    """
    preview = _preview(request, endpoint)
    key = _key(request, endpoint, preview)
    if_match = _if_match(request, endpoint)
    given = _query(request, endpoint) if endpoint.http.method == "GET" else _body(request, endpoint)
    if path:
        given |= from_query(endpoint.operation.request, {name: (text,) for name, text in path.items()})
    return Asked(mapping=given, preview=preview, key=key, if_match=if_match, approval=_approval(request))


def _query(request: Request, endpoint: Endpoint) -> dict[str, Any]:
    if not request.query_string:
        return {}
    parameters = request.args.to_dict(flat=False)
    _refuse_twice(parameters, endpoint)
    return from_query(endpoint.operation.request, parameters)


def _body(request: Request, endpoint: Endpoint) -> dict[str, Any]:
    unknown = [name for name in request.args if name != "preview"] if request.query_string else []
    if unknown:
        raise InvalidInput(issues=[_misplaced(name, "is not read from the query string here. Send it in the body.") for name in unknown])
    text = _content(request)
    if not text:
        return {}
    if request.mimetype != JSON:
        raise WrongMediaType(f"Expected Content-Type {JSON}; got {request.mimetype[:100] or 'none'}.")
    body = loads(text)
    if type(body) is not dict:
        structure(endpoint.operation.request, body)
        raise UnreadableInput("Expected a JSON object.")
    _refuse_twice(body, endpoint)
    return body


def _content(request: Request) -> bytes:
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        # A client that still sends while the connection is closed never sees the answer; so what is not outrageous is read.
        left = DRAINED * (request.max_content_length or 0)
        while left > 0 and (part := request.environ["wsgi.input"].read(min(left, CHUNK))):
            left -= len(part)
        raise


def _refuse_twice(given: Mapping[str, Any], endpoint: Endpoint) -> None:
    """A field of the path cannot be given a second time: which of the two is meant?"""
    twice = [name for name in endpoint.path_fields if name in given]
    if twice:
        raise InvalidInput(issues=[_misplaced(name, "stands in the path already. Leave it out here.") for name in twice])


def _misplaced(name: str, words: str) -> Issue:
    pointer = "/" + name[:200].replace("~", "~0").replace("/", "~1")
    return Issue(code="INPUT_UNKNOWN_FIELD", message=f'"{name[:60]}" {words}', pointer=pointer, got=name[:60])


def _preview(request: Request, endpoint: Endpoint) -> bool:
    if not endpoint.previews or not request.query_string:
        return False
    given = request.args.getlist("preview")
    if not given:
        return False
    if len(given) > 1 or given[0] not in PREVIEW:
        message = 'Expected "true" or "false", once. Send ?preview=true to see what would happen.'
        raise InvalidInput(issues=[Issue(code="INPUT_WRONG_TYPE", message=message, pointer="/preview", got=" ".join(given)[:60])])
    return PREVIEW[given[0]]


def _key(request: Request, endpoint: Endpoint, preview: bool) -> str | None:
    key = request.headers.get("Idempotency-Key") if endpoint.previews else None
    if key is None and (preview or not endpoint.needs_key):
        return None
    if key is None:
        name = endpoint.operation.name
        raise PreconditionRequired(f"{name} posts, so send the header Idempotency-Key: a new value for each new act, the same for a retry.")
    if not KEY.fullmatch(key):
        raise UnreadableInput("Expected an Idempotency-Key of 1 to 200 visible ASCII characters without blanks, such as a UUID.")
    return key


def _approval(request: Request) -> str | None:
    """The token of an approval; the engine tells of one that it does not know, but not of one that cannot be any."""
    token = request.headers.get("Kassa-Approval")
    if token is not None and not APPROVAL.fullmatch(token):
        raise UnreadableInput("Expected the token of an approval in the header Kassa-Approval, as an answer gave it.")
    return token


def _if_match(request: Request, endpoint: Endpoint) -> int | None:
    """The version that the caller saw; a proxy that compresses may have weakened the tag. `*` stands for any version."""
    text = request.headers.get("If-Match")
    if text is None:
        if endpoint.needs_match:
            raise PreconditionRequired("The header If-Match is required: send the ETag of the answer that you decided on.")
        return None
    if text.strip() == "*":
        return None
    found = ETAG.fullmatch(text.strip())
    if found is None:
        raise PreconditionFailed(f"No version has the ETag {text.strip()[:60]}. Read the document again and send the ETag of that answer.")
    return int(found[1])
