"""Stores near a point, the nearest first."""

from __future__ import annotations

from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Refused
from kassa.kernel.operations import page, page_of, read_cursor
from kassa.org import facts
from kassa.org.distance import metres
from kassa.org.editing import refusal
from kassa.org.messages import structure as messages
from kassa.org.messages.scalars import Coordinates


def list_stores_near(request: messages.StoresNear, context: Context) -> Any:
    """Show a page of the open stores of the legal entity whose coordinates are known, the nearest first."""
    here, own_id = _here(request, context)
    cursor = read_cursor(request.after, 2)
    found: dict[str, int] = {}
    views: list[messages.NearStoreView] = []
    for square, store in facts.stores_near(context, here):
        if cursor is not None and (square, store.id) <= (cursor[0], str(cursor[1])):
            continue
        away = metres(square)
        if len(views) > request.limit or (request.within is not None and away > request.within):
            break
        if store.id != own_id and store.open_on(facts.today(context, store)):
            found[store.id] = square
            views.append(messages.NearStoreView(id=store.id, number=store.number, name=store.name, address=store.address, distance=away))
    return page(request, messages.NearStoreView, views, lambda view: (found[view.id], view.id))


def _here(request: messages.StoresNear, context: Context) -> tuple[Coordinates, str | None]:
    if request.store is None and request.latitude is not None and request.longitude is not None:
        return Coordinates(latitude=request.latitude, longitude=request.longitude), None
    if request.store is None or request.latitude is not None or request.longitude is not None:
        message = "It is not known near what. Give latitude and longitude, or a store instead of both."
        raise Refused((refusal("ORG_POINT_UNKNOWN", message, "/store" if request.store is not None else "/latitude"),))
    store = facts.store(context, request.store)
    if store.address is None or store.address.coordinates is None:
        message = f"The coordinates of store {store.number} are not known. Add them to its address, or give latitude and longitude."
        raise Refused((refusal("ORG_POINT_UNKNOWN", message, "/store", request.store),))
    return store.address.coordinates, store.id


OPERATIONS = (
    Operation(
        name="org.list_stores_near",
        summary="List the open stores near a point or a store, the nearest first",
        description="Distances are in whole metres over the ground, on a sphere of the earth's mean radius (haversine formula).",
        effect="read",
        http=Http(method="GET", path="/stores/near"),
        request=messages.StoresNear,
        response=page_of(messages.NearStoreView),
        permission="org.read",
        handler=list_stores_near,
        collection=True,
        example={"latitude": "52.37308", "longitude": "4.892453", "limit": 10},
    ),
)
