"""What many operations share in the document: problem documents, header parameters, headers of answers, the security scheme."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from apispec.core import Components

from kassa_flask import identity, incoming
from kassa_flask.problems import PROBLEM

Added: TypeAlias = dict[str, dict[str, Any]]
"""Schemas of extensions by the name of the record's class, then by the name of the extension."""

TEXT: dict[str, Any] = {"type": "string"}
PLACE: dict[str, Any] = {"type": "string", "pattern": f"^{identity.PLACE}$"}
TAG: dict[str, Any] = {"type": "string", "pattern": rf"^(?:\*|{incoming.ETAG.pattern})$", "examples": ['"3"']}
OPTIONAL_TEXT: dict[str, Any] = {"type": ["string", "null"]}

FINDING: dict[str, Any] = {
    "type": "object",
    "description": "One finding: what was expected, what came, what to do.",
    "required": ["code", "message", "pointer"],
    "properties": {
        "code": {**TEXT, "description": "Stable; the register of codes tells its meaning."},
        "message": TEXT,
        "severity": {"type": "string", "enum": ["refuse", "approvable", "skip", "warn"]},
        "pointer": {**TEXT, "description": "JSON pointer into the request."},
        "rule": {**TEXT, "description": "The rule that found it."},
        "plugin": TEXT,
        "approvable_by": {**OPTIONAL_TEXT, "description": "The permission that may allow it nevertheless."},
        "amount": {**OPTIONAL_TEXT, "description": "Of an approvable finding: how much is asked."},
        "currency": {**OPTIONAL_TEXT, "description": "Of the amount; null for a rate."},
        "limit": {**OPTIONAL_TEXT, "description": "How far the caller may go."},
        "expected": {"type": ["object", "null"], "additionalProperties": TEXT},
        "got": OPTIONAL_TEXT,
        "action": OPTIONAL_TEXT,
        "document": OPTIONAL_TEXT,
    },
}
APPROVAL: dict[str, Any] = {
    "type": "object",
    "description": "What somebody else has to approve: grant it at /approvals/{token}/grant, then repeat the request with Kassa-Approval.",
    "required": ["token", "operation", "state", "issues", "expires_at"],
    "properties": {
        "token": {**OPTIONAL_TEXT, "description": "For the header Kassa-Approval; null where the request for it could not be kept."},
        "operation": TEXT,
        "state": {"type": "string", "enum": ["waiting", "approved"]},
        "issues": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "permission"],
                "properties": {
                    "code": TEXT, "permission": TEXT, "amount": OPTIONAL_TEXT, "currency": OPTIONAL_TEXT, "limit": OPTIONAL_TEXT,
                    "document": OPTIONAL_TEXT,
                },
            },
        },
        "expires_at": {"type": "string", "format": "date-time"},
    },
}  # fmt: skip
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A problem document (RFC 9457) with every finding at once.",
    "required": ["type", "title", "status", "detail", "code", "request_id", "issues"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Where the code is explained."},
        "title": TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": TEXT,
        "code": {**TEXT, "description": "Stable, for programs."},
        "request_id": {**TEXT, "description": "Leads to the log."},
        "issues": {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}},
        "approval": {"$ref": "#/components/schemas/Approval"},
    },
}
ERRORS: dict[int, str] = {
    400: "The request could not be read.",
    401: "No token, or one that is not valid now.",
    403: "The permission named is missing.",
    404: "There is no such thing, or it is not yours to see.",
    409: "The state of things does not allow it, another request was faster, or somebody must approve.",
    412: "The document has another version than If-Match says.",
    413: "The body is too large.",
    415: "The body is no JSON by its Content-Type.",
    422: "The request was understood and is refused.",
    428: "A safeguarding header is missing.",
    429: "Too many requests.",
    500: "Something went wrong on the server.",
    503: "Temporarily unavailable, or it is not known whether it was done.",
}
RETRY = {409, 429, 503}

PARAMETERS: dict[str, dict[str, Any]] = {
    "LegalEntity": {
        "name": "Kassa-Legal-Entity", "description": "Code of the legal entity; required where the token is for several.",
        "schema": PLACE,
    },
    "Store": {"name": "Kassa-Store", "description": "Number of the acting store.", "schema": PLACE},
    "Register": {"name": "Kassa-Register", "description": "Code of the acting register.", "schema": PLACE},
    "IdempotencyKey": {
        "name": "Idempotency-Key", "required": True,
        "description": "A new value for each new act, the same one for a retry of it. Not needed for a preview.",
        "schema": {"type": "string", "pattern": f"^{incoming.KEY.pattern}$"},
    },
    "IdempotencyKeyOptional": {
        "name": "Idempotency-Key",
        "description": "With it a retry is answered as the first request was, and nothing is done twice.",
        "schema": {"type": "string", "pattern": f"^{incoming.KEY.pattern}$"},
    },
    "Approval": {
        "name": "Kassa-Approval",
        "description": "The token of an approval that somebody else gave to this very request; not read for a preview.",
        "schema": {"type": "string", "pattern": f"^{incoming.APPROVAL.pattern}$"},
    },
    "IfMatch": {
        "name": "If-Match", "required": True, "description": "The ETag of the answer that the change was decided on; `*` for any version.",
        "schema": TAG,
    },
    "IfMatchOptional": {"name": "If-Match", "description": "The ETag of the answer that the act was decided on.", "schema": TAG},
    "IfNoneMatch": {"name": "If-None-Match", "description": "The ETag of an answer that you keep; 304 where it holds.", "schema": TEXT},
}  # fmt: skip
HEADERS: dict[str, dict[str, Any]] = {
    "RequestId": {"description": "The id of this request in the log.", "required": True, "schema": TEXT},
    "ETag": {"description": "The version of the document, for If-Match and If-None-Match.", "schema": TEXT},
    "Location": {"description": "Where the new document stands.", "schema": {"type": "string", "format": "uri-reference"}},
    "Link": {"description": 'The next page, rel="next".', "schema": TEXT},
    "Replayed": {"description": "`true` where it is the answer to an earlier request with the same key.", "schema": {"const": "true"}},
    "ReplayedAnswer": {
        "description": "`current` where the answer of then is not kept any more: it is the document as it stands now.",
        "schema": {"const": "current"},
    },
    "RetryAfter": {"description": "Seconds to wait before a retry makes sense.", "schema": {"type": "integer", "minimum": 0}},
    "Allow": {"description": "The methods that the resource knows.", "schema": TEXT},
    "Authenticate": {"description": "How to authenticate.", "required": True, "schema": TEXT},
}


def header(name: str) -> dict[str, str]:
    """The reference to a header of answers."""
    return {"$ref": f"#/components/headers/{name}"}


def error(status: int) -> dict[str, str]:
    """The reference to the answer of an error."""
    return {"$ref": f"#/components/responses/Problem{status}"}


def declare(components: Components) -> None:
    """Put everything shared into a document."""
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "description": "A worker's token or the key of an app."})
    components.schema("Finding", FINDING)
    components.schema("Approval", APPROVAL)
    components.schema("Problem", PROBLEM_SCHEMA)
    for name, found in PARAMETERS.items():
        components.parameter(name, "header", dict(found))
    for name, found in HEADERS.items():
        components.header(name, dict(found))
    for status, words in ERRORS.items():
        headers = {"X-Request-Id": header("RequestId")}
        if status in RETRY:
            headers["Retry-After"] = header("RetryAfter")
        if status == 401:
            headers["WWW-Authenticate"] = header("Authenticate")
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        components.response(f"Problem{status}", {"description": words, "headers": headers, "content": content})


def name_extensions(document: dict[str, Any], added: Added) -> None:
    """Put the extensions of enabled plugins into every object that holds fields of plugins, each with its own schema."""
    for schema in document["components"]["schemas"].values():
        for found in _extended(schema):
            found["properties"] = added.get(found["x-extends"], {})
            found["additionalProperties"] = {"type": "object", "description": "Of a plugin that is not enabled: as it was stored."}


def _extended(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (found for found in schema.get("properties", {}).values() if "x-extends" in found)


def close_requests(document: dict[str, Any]) -> None:
    """Say of every schema that a request body leads to that unknown fields are refused, which marshmallow's own form leaves out."""
    schemas = document["components"]["schemas"]
    waiting = [body for path in document["paths"].values() for body in _bodies(path)]
    seen: set[str] = set()
    while waiting:
        for name in _references(waiting.pop()):
            if name not in seen:
                seen.add(name)
                schemas[name].setdefault("additionalProperties", False)
                for found in _extended(schemas[name]):
                    found["additionalProperties"] = False
                waiting.append(schemas[name])


def _bodies(path: dict[str, Any]) -> Iterator[Any]:
    for operation in path.values():
        if isinstance(operation, dict) and "requestBody" in operation:
            yield operation["requestBody"]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            if key == "$ref":
                yield str(member).rpartition("/")[2]
            else:
                yield from _references(member)
    elif isinstance(value, list):
        for member in value:
            yield from _references(member)
