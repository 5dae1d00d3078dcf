"""An operation as this host mounts it: what the operation says, worked out once at start-up for use in every request."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import StartupError
from kassa.kernel.plugins import PluginInfo
from kassa.kernel.registry import Registry
from kassa.kernel.schema.shapes import FieldShape, fields_of

PREFIX = "/v1"
IN_BRACES = re.compile(r"{([^{}]*)}")


@attrs.frozen(kw_only=True)
class Endpoint:
    """One mounted operation.

    `path_fields` are the fields of its request that stand in the path; of the rest `query_fields` come as query string and
    `body_fields` as JSON body, one of the two being empty.
    """

    operation: Operation
    owner: PluginInfo
    http: Http
    path_fields: tuple[str, ...]
    query_fields: tuple[str, ...]
    body_fields: tuple[str, ...]

    @property
    def path(self) -> str:
        """The path as OpenAPI writes it: `/v1/stores/{store}`."""
        return PREFIX + self.http.path

    @property
    def rule(self) -> str:
        """The path as Flask writes it: `/v1/stores/<store>`."""
        return PREFIX + IN_BRACES.sub(r"<\1>", self.http.path)

    @property
    def previews(self) -> bool:
        """Whether `?preview=true` is possible."""
        return self.operation.effect != "read"

    @property
    def needs_key(self) -> bool:
        """Whether an idempotency key is required."""
        return self.operation.effect == "post"

    @property
    def needs_match(self) -> bool:
        """Whether If-Match is required."""
        return self.http.method == "PATCH"

    @property
    def is_document(self) -> bool:
        """Whether it reads one thing, which a client may keep and ask for again by its ETag."""
        return self.http.method == "GET" and not self.operation.collection

    @property
    def has_body(self) -> bool:
        """Whether a JSON body is read."""
        return bool(self.body_fields)

    @property
    def fields(self) -> Mapping[str, FieldShape]:
        """The fields of the request by name, without those that only the server sets."""
        return {field.name: field for field in request_fields(self.operation)}

    @property
    def body_required(self) -> bool:
        """Whether the body has a field that must be given."""
        return any(self.fields[name].required for name in self.body_fields)


def request_fields(operation: Operation) -> list[FieldShape]:
    """The fields that a caller can give to an operation."""
    request: type = operation.request
    return [field for field in fields_of(request) if field.readable]


def endpoints(registry: Registry) -> list[Endpoint]:
    """Every operation of a registry that has a place in HTTP, sorted by name; StartupError names one that cannot be mounted."""
    found = [_endpoint(operation, owner) for operation, owner in registry.owned(Operation) if operation.http is not None]
    _check_names(found)
    return found


def _endpoint(operation: Operation, owner: PluginInfo) -> Endpoint:
    http = operation.http
    assert http is not None
    names = [field.name for field in request_fields(operation)]
    path_fields = tuple(IN_BRACES.findall(http.path))
    unknown = [name for name in path_fields if name not in names]
    if unknown or not http.path.startswith("/") or len(set(path_fields)) != len(path_fields):
        fields = ", ".join(names) or "there are none"
        raise StartupError(
            f"the path {http.path} of operation {operation.name} must start with a slash and hold fields of "
            f"{operation.request.__name__} in braces ({fields}), each once at most",
            plugin=owner.name,
        )
    if operation.effect == "read" and http.method != "GET":
        raise StartupError(f"operation {operation.name} only reads, so its method must be GET, not {http.method}", plugin=owner.name)
    if operation.effect != "read" and http.method == "GET":
        raise StartupError(f"operation {operation.name} changes something, so its method cannot be GET", plugin=owner.name)
    rest = tuple(name for name in names if name not in path_fields)
    reads = http.method == "GET"
    return Endpoint(
        operation=operation, owner=owner, http=http, path_fields=path_fields,
        query_fields=rest if reads else (), body_fields=() if reads else rest,
    )  # fmt: skip


def _check_names(found: list[Endpoint]) -> None:
    """Paths that differ in the names in braces alone are one path to OpenAPI, which therefore wants one spelling."""
    spelled: dict[str, Endpoint] = {}
    for endpoint in found:
        shape = IN_BRACES.sub("{}", endpoint.http.path)
        first = spelled.setdefault(shape, endpoint)
        if first.http.path != endpoint.http.path:
            raise StartupError(
                f"operation {endpoint.operation.name} is at {endpoint.http.path} and {first.operation.name} of {first.owner.name} at "
                f"{first.http.path}; spell the names in braces alike",
                plugin=endpoint.owner.name,
            )
