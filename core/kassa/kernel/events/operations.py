"""The operations on events: list them as a feed, read one."""

from __future__ import annotations

from typing import Annotated, Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import EventType, Http, Operation, Permission
from kassa.kernel.errors import NotFound
from kassa.kernel.events.envelope import COLUMNS, SOURCE, EventView, view_of
from kassa.kernel.operations import PageRequest, page, page_of, read_cursor
from kassa.kernel.schema import Identifier, Instant, Pattern
from kassa.kernel.webhooks.patterns import TypePattern, conditions

READ = "events.read"
Sequence = Annotated[str, Pattern(r"[0-9]{1,18}|0[0-9]{19}", "the digits of a place")]


@attrs.frozen(kw_only=True)
class ListEvents(PageRequest):
    """Asks for events in the order of the feed, the oldest first."""

    type: TypePattern | None = attrs.field(
        default=None, metadata={"description": "Only events of this type, or of a group: `sales.*`.", "examples": ["sales.*"]}
    )
    subject: Identifier | None = attrs.field(default=None, metadata={"description": "Only events about this document or record."})
    since: Instant | None = attrs.field(default=None, metadata={"description": "Only what happened at this instant or later."})
    until: Instant | None = attrs.field(default=None, metadata={"description": "Only what happened before this instant."})
    behind: Sequence | None = attrs.field(
        default=None, metadata={"description": "Only events behind this place: the `sequence` of the last one that was seen."}
    )


@attrs.frozen(kw_only=True)
class ReadEvent:
    """Names one event."""

    event: Identifier


@attrs.frozen(kw_only=True)
class ListEventTypes(PageRequest):
    """Asks for the types of events that can happen here, sorted by name."""


@attrs.frozen(kw_only=True)
class EventTypeView:
    """A type of events: what it says, and which fields its data has."""

    name: str
    summary: str
    owner: str
    fields: dict[str, str]


def list_events(request: ListEvents, context: Context) -> Any:
    """Show a page of the events of the caller's legal entities."""
    cursor = read_cursor(request.after, 1)
    where, values = scope(context, "o.legal_entity_id")
    if request.type is not None:
        matching, patterns = conditions((request.type,), "o.type")
        where, values = [*where, matching], [*values, *patterns]
    after = max(int(request.behind or 0), int(cursor[0]) if cursor is not None and isinstance(cursor[0], int) else 0)
    limits = (("o.sequence > ?", after), ("o.subject = ?", request.subject), ("o.at >= ?", request.since), ("o.at < ?", request.until))
    for condition, value in limits:
        if value is not None:
            where.append(condition)
            values.append(value)
    sql = f"SELECT {COLUMNS} FROM kernel_outbox o WHERE {' AND '.join(where)} ORDER BY o.sequence LIMIT ?"
    source = context.setting(SOURCE)
    views = [view_of(row, source) for row in context.read.rows(sql, (*values, request.limit + 1))]
    return page(request, EventView, views, lambda view: (int(view.sequence),))


def scope(context: Context, column: str) -> tuple[list[str], list[Any]]:
    """Give the condition of what the caller may see: that of the legal entity of the request, else of all of the caller's.

    Who is bound to no legal entity also sees what belongs to none.
    """
    entities, entity = context.actor.legal_entities, context.legal_entity_id
    if entity is not None:
        return [f"({column} = ? OR {column} IS NULL)" if entities is None else f"{column} = ?"], [entity]
    if entities is None:
        return ["1 = 1"], []
    return [f"{column} IN ({', '.join('?' * len(entities)) or 'NULL'})"], sorted(entities)


def read_event(request: ReadEvent, context: Context) -> EventView:
    """Show one event."""
    where, values = scope(context, "o.legal_entity_id")
    sql = f"SELECT {COLUMNS} FROM kernel_outbox o WHERE o.id = ? AND o.sequence IS NOT NULL AND {' AND '.join(where)}"
    row = context.read.row(sql, (request.event, *values))
    if row is None:
        raise NotFound("event", request.event)
    return view_of(row, context.setting(SOURCE))


def list_types(request: ListEventTypes, context: Context) -> Any:
    """Show a page of the types of events that rooms and plugins announce."""
    cursor = read_cursor(request.after, 1)
    owned = [(kind, owner) for kind, owner in context.registry.owned(EventType) if cursor is None or kind.name > str(cursor[0])]
    views = [
        EventTypeView(name=kind.name, summary=kind.summary, owner=owner.name, fields=dict(kind.fields))
        for kind, owner in owned[: request.limit + 1]
    ]
    return page(request, EventTypeView, views, lambda view: (view.name,))


PERMISSIONS = (Permission(name=READ, summary="See events: what happened in one's legal entities"),)

OPERATIONS = (
    Operation(
        name="events.list",
        summary="List events in the order of the feed",
        description="The oldest first, for 30 days. An event shows up about a second after its commit; none ever joins behind one that "
        "was shown, so who comes back with `behind`, the `sequence` of the last one, misses nothing.",
        effect="read",
        http=Http(method="GET", path="/events"),
        request=ListEvents,
        response=page_of(EventView),
        permission=READ,
        handler=list_events,
        collection=True,
        rules=("REL-21",),
        example={"type": "sales.*", "limit": 20},
    ),
    Operation(
        name="events.types",
        summary="List the types of events that can happen here",
        effect="read",
        http=Http(method="GET", path="/events/types"),
        request=ListEventTypes,
        response=page_of(EventTypeView),
        permission=READ,
        handler=list_types,
        scope="none",
        collection=True,
        example={"limit": 100},
    ),
    Operation(
        name="events.read",
        summary="Read one event",
        effect="read",
        http=Http(method="GET", path="/events/{event}"),
        request=ReadEvent,
        response=EventView,
        permission=READ,
        handler=read_event,
    ),
)
