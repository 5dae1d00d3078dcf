"""Queries of lists: conditions that are left out where nothing is asked, and the place after which a page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kassa.kernel.clock import parse_date
from kassa.kernel.errors import InvalidInput, Issue
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import read_cursor


def narrowed(conditions: Iterable[tuple[str, Any]]) -> tuple[str, list[Any]]:
    """Write conditions such as `("date >= ?", date)` behind a WHERE; those whose value is None are left out."""
    found = [(condition, value) for condition, value in conditions if value is not None]
    return "".join(f" AND {condition}" for condition, _ in found), [value for _, value in found]


OF_DIMENSION = "e.dimension_set_id IN (SELECT f.id FROM ledger_dimension_set f WHERE '|' || f.canonical || '|' LIKE ? ESCAPE '!')"
OF_YEARS = "NOT EXISTS (SELECT 1 FROM kernel_document y WHERE y.id = v.document_id AND y.kind = 'journal' AND y.type = ?)"


def dimension_pattern(dimension: str | None) -> str | None:
    """Turn a filter such as `store=S001` into the pattern that OF_DIMENSION compares; InvalidInput where it is none."""
    if dimension is None:
        return None
    name, sign, value = dimension.partition("=")
    if not (name and sign and value) or "|" in dimension:
        message = "Expected a dimension and its value, such as store=S001."
        raise InvalidInput(issues=(Issue(code="LEDGER_DIMENSION_FILTER", message=message, pointer="/dimension", got=dimension[:80]),))
    escaped = dimension.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%|{escaped}|%"


def a_date(value: Any) -> str:
    """Give a date back; ValueError for anything else."""
    return parse_date(str(value))


def an_id(value: Any) -> str:
    """Give an id back; ValueError for anything else."""
    if id_or_none(str(value)) != value:
        raise ValueError("not an id")
    return str(value)


def a_number(value: Any) -> int:
    """Give a whole number back, of 64 bits; ValueError for anything else."""
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise ValueError("not a whole number")
    return value


def place_after(cursor: str | None, *kinds: Callable[[Any], Any]) -> list[Any] | None:
    """Read the place after which a page begins, its values checked one by one; None for the first page.

    PostgreSQL refuses to compare a date or an id with a text that is none, and anybody can make up a cursor. Raises
    InvalidInput where it is not one of ours.
    """
    values = read_cursor(cursor, len(kinds))
    if values is None:
        return None
    try:
        return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except ValueError as error:
        message = "Expected the `next` of an earlier answer; got something else."
        raise InvalidInput(issues=(Issue(code="INPUT_CURSOR", message=message, pointer="/after", got=str(cursor)[:80]),)) from error
