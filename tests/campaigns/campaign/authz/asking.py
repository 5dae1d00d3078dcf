"""Documented requests, to be sent by anybody with other values in their paths, queries and bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import attrs

IN_BRACES = re.compile(r"{([^{}]*)}")
SOMETHING = "01a1f900-0000-7000-8000-000000000001"
HERE = "…"
PART = 0.3
"""How many of the operations are tried where the campaign has not its full size."""


class Asks(Protocol):
    """Sends requests by somebody's key."""

    def ask(self, method: str, path: str, who: str, body: Any = None, query: Mapping[str, str] | None = None, **headers: str) -> Any:
        """Send a request."""


@attrs.frozen
class Said:
    """Status, code and words of an answer, in which what the request names is no longer told apart; where something was read, all of it."""

    status: int
    code: str
    words: str


@attrs.frozen
class Asked:
    """A request by its documented example: `filters` are all names that its query knows, `query` what it cannot do without."""

    town: Asks
    method: str
    template: str
    path: str
    filters: tuple[str, ...]
    query: Mapping[str, str]
    body: Any

    @property
    def names(self) -> list[str]:
        """The names in its path."""
        return IN_BRACES.findall(self.template)

    def at(self, values: Mapping[str, str]) -> Asked:
        """Give the request with values in its path and in what its query cannot do without."""
        parts = zip(self.template.split("/"), self.path.split("/"), strict=True)
        path = "/".join(values.get(asked.strip("{}"), given) if asked.startswith("{") else given for asked, given in parts)
        return attrs.evolve(self, path=path, query={name: values.get(name, given) for name, given in self.query.items()})

    def ask(self, who: str, *, preview: bool = False, **headers: str) -> Any:
        """Send it; a preview only shows what would happen, where there is anything to show."""
        query = {**self.query, "preview": "true"} if preview and self.method != "GET" else self.query
        return self.town.ask(self.method, self.path, who, self.body, query, **headers)

    def send(self, who: str, values: Mapping[str, str], *, preview: bool = False, mask: Sequence[str] = ()) -> Said:
        """Send it with some values in its path; they are masked in the answer, and so is `mask`."""
        answer = self.at(values).ask(who, preview=preview)
        said = answer.get_json(silent=True) or {}
        # A preview that succeeds holds ids that were made for it alone.
        words = "" if preview and answer.status_code < 300 and self.method != "GET" else str(said.get("detail", said))
        for value in (SOMETHING, *mask, *(values[name] for name in self.names if name in values)):
            words = words.replace(value, HERE)
        return Said(answer.status_code, str(said.get("code")), words)


def documented(town: Asks, document: Mapping[str, Any]) -> dict[str, Asked]:
    """The request of each operation, by the API's own description."""
    found = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "operationId" in operation:
                found[operation["operationId"]] = _asked(town, method.upper(), path, operation)
    return found


def _asked(town: Asks, method: str, path: str, operation: Mapping[str, Any]) -> Asked:
    of = {place: [one for one in operation.get("parameters", []) if one.get("in") == place] for place in ("path", "query")}
    examples = {one["name"]: one.get("example") for one in of["path"]}
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Asked(
        town, method, path,
        IN_BRACES.sub(lambda name: str(examples.get(name[1]) or SOMETHING), path),
        tuple(one["name"] for one in of["query"]),
        {one["name"]: str(_example(one)) for one in of["query"] if one.get("required")},
        body.get("example", {}) if method != "GET" and operation.get("requestBody") else None,
    )  # fmt: skip


def _example(parameter: Mapping[str, Any]) -> Any:
    return parameter.get("example") or next(iter(parameter["schema"].get("examples", ())), SOMETHING)
