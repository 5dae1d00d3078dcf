"""The envelope of an event: CloudEvents 1.0 in JSON, the same in the list of events and in what webhooks get."""

from __future__ import annotations

import json
from typing import Any, Literal

import attrs

from kassa.kernel.contributions import SettingDefinition
from kassa.kernel.schema import Identifier, Instant, JsonObject

SOURCE = "events.source"
COLUMNS = "o.id, o.type, o.subject, o.legal_entity_id, o.at, o.data, o.sequence"


@attrs.frozen(kw_only=True)
class EventView:
    """A business fact as a CloudEvent 1.0; `id` stays the same however often it is sent.

    `sequence` is its place in the feed: it grows, and no event joins behind one that was seen. `legalentity` is null for a fact
    about the whole installation.
    """

    specversion: Literal["1.0"] = "1.0"
    id: Identifier
    source: str
    type: str
    subject: Identifier | None
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: str
    legalentity: Identifier | None
    data: JsonObject


def view_of(row: tuple[Any, ...], source: str) -> EventView:
    """Show a row of `COLUMNS`; the place has zeros in front, so that it sorts as text."""
    event_id, kind, subject, entity, at, data, sequence = row
    return EventView(
        id=event_id, source=source, type=kind, subject=subject, time=at, sequence=f"{sequence:020d}", legalentity=entity, data=json.loads(data)
    )  # fmt: skip


SETTINGS = (
    SettingDefinition(
        name=SOURCE,
        summary="The source that events name (CloudEvents): a URI of this installation, for receivers that hear several.",
        type="text",
        default="urn:kassa",
        levels=("installation",),
    ),
)
