"""Names of schemas in the document: that of the class; where two owners use the same, the later one gets its owner's before it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema


class SchemaNames:
    """Gives every schema one name, and no name to two; a request without the fields of its path is called its body."""

    def __init__(self) -> None:
        self._given: dict[Any, str] = {}
        self._taken: set[str] = set()

    def __call__(self, schema: Any) -> str:
        """The name of a schema class or instance."""
        cls = schema if isinstance(schema, type) else type(schema)
        without = frozenset(schema.exclude) if isinstance(schema, Schema) else frozenset()
        known = self._given.get((cls, without))
        if known is None:
            known = self._given[cls, without] = self._free(cls, f"{cls.__name__}Body" if without else cls.__name__)
            self._taken.add(known)
        return known

    def _free(self, cls: type[Any], name: str) -> str:
        parts = cls.__module__.split(".")
        owner = parts[1] if parts[0] == "kassa" and len(parts) > 1 else parts[0].removeprefix("kassa_")
        qualified = "".join(word.capitalize() for word in owner.split("_")) + name
        candidates = [name, qualified, *(f"{qualified}{count}" for count in range(2, 100))]
        return next(candidate for candidate in candidates if candidate not in self._taken)
