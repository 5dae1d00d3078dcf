"""`kassa operations`: what can be called, and what one operation takes, answers and needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from kassa.cli.commands import Command, json_option, pass_session
from kassa.cli.output import bold, print_json, print_table, say

if TYPE_CHECKING:
    from kassa.cli.session import Session
    from kassa.kernel.contributions import Operation
    from kassa.kernel.registry import Registry
    from kassa.kernel.schema.shapes import FieldShape, Shape

EFFECTS = {
    "read": "read: changes nothing",
    "edit": "edit: changes what may still be changed; can be previewed",
    "post": "post: makes something final; wants an idempotency key; can be previewed",
}
DEPTH_AT_MOST = 6


@click.command("operations", cls=Command)
@click.argument("name", required=False)
@json_option
@pass_session
def operations(session: Session, name: str | None, as_json: bool) -> None:
    """List the operations, or show what one of them takes, answers and needs.

    NAME may be the beginning of names, such as `sales`.

    \b
    Examples:  kassa operations
               kassa operations sales.sell
    """
    registry = session.registry
    found = _find(registry, name)
    exact = [operation for operation in found if operation.name == name]
    if exact:
        _show(registry, exact[0], as_json)
    elif as_json:
        print_json([_brief(registry, operation) for operation in found])
    else:
        rows = [(operation.name, operation.effect, _route(operation), operation.permission, operation.summary) for operation in found]
        print_table(("operation", "effect", "route", "permission", "what it does"), rows)


def _find(registry: Registry, name: str | None) -> list[Operation]:
    from kassa.kernel.contributions import Operation

    known = registry.all(Operation)
    found = [operation for operation in known if name is None or operation.name.startswith(name)]
    if not found and name is not None:
        missing = registry.absent_operations.get(name)
        if missing:
            raise click.UsageError(f"The operation {name} needs {', '.join(missing)}, which is not enabled.")
        raise click.NoSuchCommand(name, f"There is no operation {name!r}.", possibilities=[operation.name for operation in known])
    return found


def _route(operation: Operation) -> str:
    return f"{operation.http.method} /v1{operation.http.path}" if operation.http is not None else ""


def _brief(registry: Registry, operation: Operation) -> dict[str, Any]:
    from kassa.kernel.contributions import Operation as Kind

    return {
        "name": operation.name,
        "summary": operation.summary,
        "effect": operation.effect,
        "route": _route(operation) or None,
        "permission": operation.permission,
        "scope": operation.scope,
        "owner": registry.owner(Kind, operation.name).name,
    }


def _show(registry: Registry, operation: Operation, as_json: bool) -> None:
    if as_json:
        print_json(_whole(registry, operation))
        return
    brief = _brief(registry, operation)
    bold(operation.name, operation.summary)
    if operation.description:
        say(operation.description)
    say()
    facts = {
        "by": brief["owner"],
        "effect": EFFECTS[operation.effect],
        "route": brief["route"],
        "permission": operation.permission or "none",
        "acts in": {"acting_store": "a store", "legal_entity": "a legal entity", "none": "the whole installation"}[operation.scope],
        "rules": ", ".join(operation.rules),
    }
    for label, text in facts.items():
        if text:
            say(f"{label + ':':<12} {text}")
    say()
    print_table(("request", "type", "", "what it means"), fields(operation.request), empty="The request has no fields.")
    say()
    print_table(("answer", "type", "", "what it means"), fields(operation.response, answer=True), empty="The answer has no fields.")
    say()
    _show_example(operation)


def _whole(registry: Registry, operation: Operation) -> dict[str, Any]:
    """Everything about an operation, its messages as JSON schema."""
    from apispec import APISpec

    from kassa.kernel.schema import MessagePlugin, schema_for

    spec = APISpec(title="kassa", version="1", openapi_version="3.1.0", plugins=[MessagePlugin()])

    def reference(message: type) -> dict[str, str]:
        if message.__name__ not in spec.components.schemas:
            spec.components.schema(message.__name__, schema=schema_for(message))
        return {"$ref": f"#/components/schemas/{message.__name__}"}

    return {
        **_brief(registry, operation),
        "description": operation.description,
        "rules": list(operation.rules),
        "example": operation.example,
        "request": reference(operation.request),
        "response": reference(operation.response),
        "components": {"schemas": spec.to_dict()["components"]["schemas"]},
    }


def fields(message: type, *, answer: bool = False) -> list[tuple[str, str, str, str]]:
    """The fields of a message as rows of a table: path, type, whether it must be given, what it means."""
    return list(_fields(message, "", answer, (message,)))


def _fields(message: type, prefix: str, answer: bool, above: tuple[type, ...]) -> Iterator[tuple[str, str, str, str]]:
    from kassa.kernel.schema.shapes import ListOf, Record, fields_of

    for field in fields_of(message):
        path = f"{prefix}{field.alias}"
        shape: Shape = field.shape
        yield path, _type(shape), _presence(field, answer), field.description or ""
        if isinstance(shape, ListOf):
            path, shape = f"{path}[]", shape.item
        if isinstance(shape, Record) and shape.cls not in above and len(above) < DEPTH_AT_MOST:
            yield from _fields(shape.cls, f"{path}.", answer, (*above, shape.cls))


def _type(shape: Shape) -> str:
    from kassa.kernel.schema.shapes import ListOf, MappingOf, Record

    if isinstance(shape, Record):
        return "object"
    if isinstance(shape, ListOf):
        return f"list of {shape.minimum} to {shape.maximum}"
    if isinstance(shape, MappingOf):
        return "object with free keys"
    if "enum" in shape.openapi:
        return " | ".join(map(str, shape.openapi["enum"]))
    return str(shape.openapi.get("format") or {"string": "text", "any": "any JSON"}.get(shape.json_type, shape.json_type))


def _presence(field: FieldShape, answer: bool) -> str:
    if answer:
        return "may be null" if field.nullable else ""
    return "required" if field.required else ""


def example_of(message: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """The example of an operation, with the examples of required fields that it leaves out."""
    from kassa.kernel.schema.shapes import fields_of

    required = {field.alias: field.examples[0] for field in fields_of(message) if field.required and field.examples}
    return required | dict(given)


def _show_example(operation: Operation) -> None:
    example = example_of(operation.request, operation.example or {})
    text = json.dumps(example, ensure_ascii=False)
    say("Examples:")
    if any(isinstance(value, dict | list) for value in example.values()):
        say(f"  echo '{text}' | kassa call {operation.name} -")
    else:
        say(" ".join(("  kassa call", operation.name, *(f"{name}={json.dumps(value).strip(chr(34))}" for name, value in example.items()))))
    if operation.http is None:
        return
    path = operation.http.path
    for name in [name for name in example if f"{{{name}}}" in path]:
        path = path.replace(f"{{{name}}}", str(example.pop(name)))
    parts = [f"curl -s -X {operation.http.method} http://127.0.0.1:8000/v1{path}", '-H "Authorization: Bearer $TOKEN"']
    if operation.effect == "post":
        parts.append('-H "Idempotency-Key: $(date +%s%N)"')
    if operation.http.method not in ("GET", "DELETE"):
        parts += ['-H "Content-Type: application/json"', f"-d '{json.dumps(example, ensure_ascii=False)}'"]
    say("  " + " ".join(parts))
