"""The documentation of one operation: parameters, body, answers and errors, all from what the operation declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kassa_flask.endpoint import Endpoint
from kassa_flask.openapi.components import error, header

if TYPE_CHECKING:
    from kassa_flask.openapi.api import KassaApi

JSON = "application/json"
FINDINGS: dict[str, Any] = {"type": "array", "items": {"$ref": "#/components/schemas/Finding"}}


def describe(api: KassaApi, endpoint: Endpoint) -> dict[str, Any]:
    """What the document says of an operation."""
    operation = endpoint.operation
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": _description(endpoint),
        "parameters": _parameters(api, endpoint),
        "responses": _responses(api, endpoint),
        "x-effect": operation.effect,
    }
    if operation.permission is not None:
        described["x-permission"] = operation.permission
    if endpoint.has_body:
        described["requestBody"] = _body(api, endpoint)
    return described


def _description(endpoint: Endpoint) -> str:
    operation = endpoint.operation
    parts = [operation.description or " ".join((operation.request.__doc__ or "").split())]
    if operation.rules:
        parts.append(f"Rules: {', '.join(operation.rules)}.")
    if operation.permission is not None:
        parts.append(f"Permission: `{operation.permission}`.")
    return "\n\n".join(part for part in parts if part)


def _parameters(api: KassaApi, endpoint: Endpoint) -> list[dict[str, Any] | str]:
    """Those of path and query in full, the headers by the name of their component."""
    properties = api.properties(endpoint.operation.request)
    example = endpoint.operation.example or {}
    found: list[dict[str, Any] | str] = [_parameter("path", name, properties[name], True, example) for name in endpoint.path_fields]
    for name in endpoint.query_fields:
        found.append(_parameter("query", name, properties[name], endpoint.fields[name].required, example))
    if endpoint.previews:
        text = "Show what would happen; nothing is written and no number taken."
        found.append({"in": "query", "name": "preview", "description": text, "schema": {"type": "boolean", "default": False}})
    if endpoint.operation.scope != "none":
        found += ["LegalEntity", "Store", "Register"]
    if endpoint.previews:
        found.append("IdempotencyKey" if endpoint.needs_key else "IdempotencyKeyOptional")
        found.append("Approval")
        found.append("IfMatch" if endpoint.needs_match else "IfMatchOptional")
    if endpoint.is_document:
        found.append("IfNoneMatch")
    return found


def _parameter(place: str, name: str, schema: Mapping[str, Any], required: bool, example: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter of path or query; leaving it out is the only null that its text can say."""
    schema = dict(schema)
    if isinstance(schema.get("type"), list):
        kinds = [kind for kind in schema["type"] if kind != "null"]
        schema["type"] = kinds[0] if len(kinds) == 1 else kinds
    if schema.get("default", 0) is None:
        del schema["default"]
    if "enum" in schema:
        schema["enum"] = [choice for choice in schema["enum"] if choice is not None]
    found: dict[str, Any] = {"in": place, "name": name, "required": required, "schema": schema}
    description = schema.pop("description", None)
    if description:
        found["description"] = description
    if name in example:
        found["example"] = example[name]
    return found


def _body(api: KassaApi, endpoint: Endpoint) -> dict[str, Any]:
    operation = endpoint.operation
    content: dict[str, Any] = {"schema": api.reference(operation.request, without=endpoint.path_fields)}
    if operation.example is not None:
        content["example"] = {name: value for name, value in operation.example.items() if name in endpoint.body_fields}
    return {"required": endpoint.body_required, "content": {JSON: content}}


def _responses(api: KassaApi, endpoint: Endpoint) -> dict[str, Any]:
    operation, http = endpoint.operation, endpoint.http
    answer = api.reference(operation.response)
    headers = {"X-Request-Id": header("RequestId")}
    if endpoint.operation.collection:
        headers["Link"] = header("Link")
    else:
        headers["ETag"] = header("ETag")
    if endpoint.previews:
        headers |= {"Idempotent-Replayed": header("Replayed"), "Idempotent-Answer": header("ReplayedAnswer")}
    done = {"description": "Done." if endpoint.previews else "Found.", "headers": headers, "content": {JSON: {"schema": answer}}}
    if http.location is not None:
        done["headers"] = {**headers, "Location": header("Location")}
    responses: dict[str, Any] = {str(http.status): done}
    if endpoint.previews:
        done["content"] = {JSON: {"schema": _with_warnings(answer)}}
        _add_preview(responses, answer)
    if endpoint.is_document:
        kept = {"X-Request-Id": header("RequestId"), "ETag": header("ETag")}
        responses["304"] = {"description": "What you keep under the ETag still holds.", "headers": kept}
    responses |= {str(status): error(status) for status in _errors(endpoint)}
    return responses


def _with_warnings(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"allOf": [answer, {"type": "object", "properties": {"warnings": FINDINGS}}]}


def _add_preview(responses: dict[str, Any], answer: Mapping[str, Any]) -> None:
    """A preview answers 200 always; where the operation does too, the two forms stand beside each other."""
    rows = {"type": "array", "items": {"type": "object"}}
    members = {"preview": {"const": True}, "result": {"anyOf": [answer, {"type": "null"}]}, "postings": rows, "stock_movements": rows}
    members |= {"issues": FINDINGS, "warnings": FINDINGS}
    preview = {"type": "object", "title": "Preview", "required": ["preview", "result", "issues", "warnings"], "properties": members}
    if "200" not in responses:
        content, headers = {JSON: {"schema": preview}}, {"X-Request-Id": header("RequestId")}
        responses["200"] = {"description": "What would happen (`?preview=true`).", "headers": headers, "content": content}
        return
    done = responses["200"]["content"][JSON]
    done["schema"] = {"anyOf": [done["schema"], preview]}
    responses["200"]["description"] = "Done, or what would happen (`?preview=true`)."


def _errors(endpoint: Endpoint) -> list[int]:
    found = {400, 401, 403, 404, 422, 429, 500, 503}
    if endpoint.operation.scope != "none" or endpoint.needs_key or endpoint.needs_match:
        found.add(428)
    if endpoint.previews:
        found |= {409, 412, 413, 415}
    return sorted(found)
