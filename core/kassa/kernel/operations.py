"""Operations as handlers see them: results of writes, pages of collections, and the cursor of keyset pagination."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import GenericAlias
from typing import Annotated, Any

import attrs

from kassa.kernel.errors import InvalidInput, Issue
from kassa.kernel.schema.markers import Range

Numbers = Mapping[str, str]
CURSOR_AT_MOST = 2000
INTEGER_AT_MOST = 2**63
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@attrs.frozen(kw_only=True)
class Result:
    """What a handler that writes returns: how to show it once numbers are known, and which document it is about."""

    view: Callable[[Numbers], Any]
    document_id: str | None = None
    version: int | None = None


@attrs.frozen(kw_only=True)
class PageRequest:
    """Asks for one page of a collection."""

    limit: Annotated[int, Range(1, 500)] = attrs.field(default=50, metadata={"description": "How many items at most."})
    after: str | None = attrs.field(default=None, metadata={"description": "The cursor of the page before: its `next`."})


@cache
def page_of(view: type[Any]) -> type[Any]:
    """Make the response class of a collection of views: items and the cursor of the next page."""
    name = f"{view.__name__.removesuffix('View')}Page"
    items: Any = GenericAlias(tuple, (view, ...))
    following: Any = str | None
    made = attrs.make_class(
        name,
        {"items": attrs.field(type=items), "next": attrs.field(type=following, default=None)},
        frozen=True,
        kw_only=True,
        slots=True,
    )
    made.__doc__ = f"One page of {view.__name__.removesuffix('View').lower()} records; `next` is null on the last."
    made.__module__ = view.__module__
    return made


def cursor_of(values: Sequence[Any]) -> str:
    """Write the sort values of the last item of a page as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps(list(values), separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, width: int, *, identifiers: Sequence[int] = ()) -> list[Any] | None:
    """Read a cursor back; InvalidInput where it is not one of ours. `identifiers` are the places that hold UUIDs."""
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))) if len(cursor) <= CURSOR_AT_MOST else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or len(values) != width or not all(_can_be_compared(value) for value in values):
        raise _no_cursor(cursor)
    if not all(isinstance(values[place], str) and IDENTIFIER.fullmatch(values[place]) for place in identifiers):
        raise _no_cursor(cursor)
    return values


def _can_be_compared(value: Any) -> bool:
    """Tell whether both databases take a value: whole numbers of 64 bits, and text without NUL and halves of characters."""
    if isinstance(value, int):
        return not isinstance(value, bool) and -INTEGER_AT_MOST <= value < INTEGER_AT_MOST
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _no_cursor(cursor: str) -> InvalidInput:
    message = "Expected the `next` of an earlier answer; got something else."
    return InvalidInput(issues=(Issue(code="INPUT_CURSOR", message=message, pointer="/after", got=cursor[:80]),))


def page(request: PageRequest, view: type[Any], items: Sequence[Any], cursor: Callable[[Any], Sequence[Any]]) -> Any:
    """Cut a list that was read with one item more than asked into a page."""
    full = len(items) > request.limit
    shown = tuple(items[: request.limit])
    return page_of(view)(items=shown, next=cursor_of(cursor(shown[-1])) if full else None)  # type: ignore[arg-type]
