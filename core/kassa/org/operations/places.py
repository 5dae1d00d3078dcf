"""Places inside warehouses: create, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.editing import change, given, listed, taken
from kassa.org.messages import places as messages
from kassa.org.models import PlaceRow

SELECT = "SELECT id, warehouse_id, code, name, blocked, active, version FROM org_place"


def create_place(command: messages.CreatePlace, context: Context) -> Result:
    """Plan a new place in a warehouse of the legal entity."""
    warehouse = facts.warehouse(context, command.warehouse)
    if context.read.row("SELECT 1 FROM org_place WHERE warehouse_id = ? AND code = ?", (warehouse.id, command.code)):
        raise taken("The place", "/code", command.code)
    view = messages.PlaceView(
        id=new_id(), warehouse_id=warehouse.id, code=command.code, name=command.name, blocked=command.blocked, active=True, version=1
    )
    context.plan.add([Row(PlaceRow, {**attrs.asdict(view), "legal_entity_id": warehouse.legal_entity_id})], rule="org.create_place")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def find_place(context: Context, warehouse_id: str, reference: str) -> messages.PlaceView:
    """The place of a code or id within a warehouse; NotFound where there is none."""
    row = context.read.row(f"{SELECT} WHERE warehouse_id = ? AND (code = ? OR id = ?)", (warehouse_id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("place", reference)
    return _view(row)


def _view(row: DatabaseRow) -> messages.PlaceView:
    place_id, warehouse_id, code, name, blocked, active, version = row
    return messages.PlaceView(
        id=place_id, warehouse_id=warehouse_id, code=code, name=name, blocked=bool(blocked), active=bool(active), version=version
    )


def list_places(request: messages.ListPlaces, context: Context) -> Any:
    """Show a page of the places of a warehouse, in the order in which they were created."""
    warehouse = facts.warehouse(context, request.warehouse)
    return listed(context, request, SELECT, [("warehouse_id = ?", warehouse.id)], messages.PlaceView, _view)


def change_place(command: messages.ChangePlace, context: Context) -> Result:
    """Plan what shall be different at a place."""
    present = find_place(context, facts.warehouse(context, command.warehouse).id, command.place)
    values = given(command, "name", "blocked", "active")
    version = change(context, PlaceRow, {"id": present.id}, present.version, f"The place {present.code}", values, "org.change_place")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="org.create_place",
        announces="org.place_created",
        summary="Create a place inside a warehouse",
        effect="edit",
        http=Http(method="POST", path="/warehouses/{warehouse}/places", status=201),
        request=messages.CreatePlace,
        response=messages.PlaceView,
        permission="org.change",
        handler=create_place,
        example={"warehouse": "S001", "code": "RETURNS", "name": "Goods that came back", "blocked": True},
    ),
    Operation(
        name="org.list_places",
        summary="List the places inside a warehouse",
        effect="read",
        http=Http(method="GET", path="/warehouses/{warehouse}/places"),
        request=messages.ListPlaces,
        response=page_of(messages.PlaceView),
        permission="org.read",
        handler=list_places,
        collection=True,
    ),
    Operation(
        name="org.change_place",
        announces="org.place_changed",
        summary="Change a place inside a warehouse, block it or retire it",
        effect="edit",
        http=Http(method="PATCH", path="/warehouses/{warehouse}/places/{place}"),
        request=messages.ChangePlace,
        response=messages.PlaceView,
        permission="org.change",
        handler=change_place,
    ),
)
