"""Announcing what an operation did to records that are no documents: a product, a price, a customer, a store."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from kassa.kernel.contributions import EventType, Operation
from kassa.kernel.plan import Event

IN_BRACES = re.compile(r"{([^{}]*)}")
FIELDS = {"operation": "What was done.", "resource": "Where in the API the record is read, where it has a place."}


def event_of(operation: Operation, command: Any, shown: Any) -> Event:
    """Make the event that an operation announces; it names the record by its place in the API, and who wants more reads it there.

    The place is that of the answer where the operation made something, else its own.
    """
    http = operation.http
    place = (http.location or http.path) if http is not None else ""
    values = {name: getattr(shown if http is not None and http.location else command, name, None) for name in IN_BRACES.findall(place)}
    whole = bool(place) and all(value is not None for value in values.values())
    resource = IN_BRACES.sub(lambda found: quote(str(values[found[1]]), safe=""), place) if whole else None
    return Event(str(operation.announces), {"operation": operation.name, "resource": f"/v1{resource}" if resource is not None else None})


def type_of(operation: Operation) -> EventType:
    """Make the type of the event that an operation announces, for the catalogue."""
    example = {"operation": operation.name, "resource": "/v1" + (operation.http.path if operation.http is not None else "/…")}
    return EventType(name=str(operation.announces), summary=f"This was done: {operation.summary[0].lower()}{operation.summary[1:]}.", fields=FIELDS, example=example)
