"""Plain edits of reference data: fields that a change leaves out, versions that it saw, codes that are taken, pages of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Conflict, InvalidInput, Issue, PreconditionFailed, Refused
from kassa.kernel.keys import NO_ID, id_or_none
from kassa.kernel.operations import PageRequest, page, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.schema.leaving_out import LEFT_OUT as LEFT_OUT
from kassa.kernel.schema.leaving_out import left_out as left_out
from kassa.kernel.tables import Table

ISSUES_LISTED = 200


def about(description: str, *examples: Any) -> dict[str, Any]:
    """The metadata of a field: what it means, and examples of it."""
    return {"description": description, "examples": list(examples)} if examples else {"description": description}


def given(command: Any, *names: str) -> dict[str, Any]:
    """The fields of a change that were sent, by name."""
    sent = ((name, getattr(command, name)) for name in names)
    return {name: value for name, value in sent if value is not LEFT_OUT}


def check_seen(context: Context, what: str, version: int) -> None:
    """PreconditionFailed where the caller saw another version of a record than the one that stands now."""
    if context.if_match is not None and context.if_match != version:
        seen = f"{what} has version {version}; the change was made for version {context.if_match}."
        raise PreconditionFailed(f"{seen} Read it again, then decide again.")


def change(
    context: Context, table: type[Table], key: Mapping[str, Any], version: int, what: str, values: Mapping[str, Any], rule: str
) -> int:
    """Plan the change of a row and answer the version that it will have; nothing to change is no change.

    PreconditionFailed where the caller saw another version of it than the one that stands now.
    """
    check_seen(context, what, version)
    if not values:
        return version
    context.plan.add([Row(table, values, key=key, version=version)], rule=rule)
    return version + 1


def taken(what: str, pointer: str, value: str) -> Conflict:
    """The refusal of a code that something else already has."""
    message = f'{what} "{value}" is already there. Choose another, or change the one that is there.'
    return Conflict(message, code="KEY_TAKEN", issues=(Issue(code="KEY_TAKEN", message=message, pointer=pointer, got=value),))


def refusal(code: str, message: str, pointer: str, got: str | None = None) -> Issue:
    """An issue about one field of a request."""
    return Issue(code=code, message=message, pointer=pointer, got=got)


def refuse_load(issues: Sequence[Issue]) -> None:
    """Refuse a load that has issues; of very many the first are listed, for whoever sent them repairs the file, not the lines."""
    if not issues:
        return
    more = f", of which the first {ISSUES_LISTED} are listed" if len(issues) > ISSUES_LISTED else ""
    detail = f"Nothing was loaded: the request has {len(issues)} mistakes{more}. The first: {issues[0].message}"
    raise Refused(issues[:ISSUES_LISTED], detail)


def listed(
    context: Context,
    request: PageRequest,
    select: str,
    conditions: Iterable[tuple[str, Any]],
    view: type[Any],
    view_of: Callable[[DatabaseRow], Any],
    key: str = "id",
) -> Any:
    """One page of a query's rows in the order of their ids; a condition whose parameter is None is left out, one with several has a tuple.

    `select` ends before WHERE; views have the field `id`.
    """
    found = [(condition, value) for condition, value in conditions if value is not None]
    cursor = read_cursor(request.after, 1)
    if cursor is not None:
        found.append((f"{key} > ?", _id_of(cursor)))
    where = " AND ".join(f"({condition})" for condition, _ in found)
    sql = f"{select}{' WHERE ' + where if where else ''} ORDER BY {key} LIMIT ?"
    parameters = [each for _, value in found for each in (value if isinstance(value, tuple) else (value,))]
    rows = context.read.rows(sql, [*parameters, request.limit + 1])
    return page(request, view, [view_of(row) for row in rows], lambda item: (item.id,))


def _id_of(cursor: Sequence[Any]) -> str:
    reference = str(cursor[0])
    if id_or_none(reference) == NO_ID:
        message = "Expected the `next` of an earlier answer; got something else."
        raise InvalidInput(issues=(refusal("INPUT_CURSOR", message, "/after", reference[:80]),))
    return reference
