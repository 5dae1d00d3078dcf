"""Patterns of event types: one type, a group such as `sales.*`, or `*` for all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

from kassa.kernel.schema import Length, Pattern

TypePattern = Annotated[
    str,
    Length(1, 100),
    Pattern(r"\*|[a-z][a-z0-9_]*(\.[a-z0-9_]+)*(\.\*)?", "a type of events such as sales.invoice_posted, a group such as sales.*, or *"),
]


def patterns_of(text: str) -> tuple[str, ...]:
    """Read the patterns of a webhook as its row keeps them."""
    return tuple(json.loads(text))


def matches(patterns: Sequence[str], kind: str) -> bool:
    """Tell whether a type is asked for."""
    return any(pattern in ("*", kind) or (pattern.endswith(".*") and kind.startswith(pattern[:-1])) for pattern in patterns)


def conditions(patterns: Sequence[str], column: str) -> tuple[str, list[str]]:
    """Write the same as a condition of SQL with its parameters."""
    parts: list[str] = []
    values: list[str] = []
    for pattern in patterns:
        if pattern == "*":
            parts.append("1 = 1")
        elif pattern.endswith(".*"):
            # Compared as a range of texts, since LIKE takes the underscore of a name for any letter.
            parts.append(f"({column} >= ? AND {column} < ?)")
            values += [pattern[:-1], f"{pattern[:-2]}/"]
        else:
            parts.append(f"{column} = ?")
            values.append(pattern)
    return f"({' OR '.join(parts)})", values
