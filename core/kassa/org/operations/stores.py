"""Stores: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.documents import LegalEntity, Warehouse
from kassa.org.editing import change, given, listed, refusal, taken
from kassa.org.messages import places as messages
from kassa.org.models import StoreRow, WarehouseRow
from kassa.org.operations.legal_entities import time_zone_issues
from kassa.org.operations.profiles import find_profile
from kassa.org.store import address_of, address_text

SELECT = (
    "SELECT id, legal_entity_id, number, name, time_zone, currency, warehouse_id, price_includes_tax, profile_id, status, opens_on, "
    "closes_on, address, version FROM org_store"
)


def create_store(command: messages.CreateStore, context: Context) -> Result:
    """Plan a new store, and where none is named the warehouse of its goods."""
    entity = facts.legal_entity(context)
    issues = time_zone_issues(command.time_zone)
    given_warehouse = facts.warehouse(context, command.warehouse) if command.warehouse is not None else None
    issues += _warehouse_issues(given_warehouse) + _days_issues(command.opens_on, command.closes_on)
    context.refuse(issues)
    if context.read.row("SELECT 1 FROM org_store WHERE legal_entity_id = ? AND number = ?", (entity.id, command.number)):
        raise taken("The store", "/number", command.number)
    store_id = new_id()
    warehouse = given_warehouse or _own_warehouse(command, context, entity, store_id)
    view = messages.StoreView(
        id=store_id,
        legal_entity_id=entity.id,
        number=command.number,
        name=command.name,
        time_zone=command.time_zone or entity.time_zone,
        currency=command.currency or entity.currency,
        warehouse_id=warehouse.id,
        price_includes_tax=command.price_includes_tax,
        profile_id=find_profile(context, command.profile).id if command.profile is not None else None,
        status="open",
        opens_on=command.opens_on,
        closes_on=command.closes_on,
        address=command.address,
        version=1,
    )
    values = attrs.asdict(view, recurse=False) | {"address": address_text(command.address)}
    context.plan.add([Row(StoreRow, values)], rule="org.create_store")
    return Result(view=lambda numbers: view, document_id=store_id, version=1)


def _own_warehouse(command: messages.CreateStore, context: Context, entity: LegalEntity, store_id: str) -> Warehouse:
    if context.read.row("SELECT 1 FROM org_warehouse WHERE legal_entity_id = ? AND code = ?", (entity.id, command.number)):
        raise taken("The warehouse", "/warehouse", command.number)
    made = Warehouse(id=new_id(), legal_entity_id=entity.id, code=command.number, name=command.name, kind="store", store_id=store_id)
    context.plan.add([Row(WarehouseRow, {**attrs.asdict(made), "version": 1})], rule="org.create_store")
    return made


def _warehouse_issues(warehouse: Warehouse | None) -> list[Issue]:
    if warehouse is None or warehouse.kind != "quarantine":
        return []
    message = f"The warehouse {warehouse.code} holds goods in quarantine, which are not for sale. Name another."
    return [refusal("ORG_WAREHOUSE_UNFIT", message, "/warehouse", warehouse.code)]


def _days_issues(opens_on: str | None, closes_on: str | None) -> list[Issue]:
    if opens_on is None or closes_on is None or opens_on <= closes_on:
        return []
    message = f"The store would close on {closes_on}, before it opens on {opens_on}. Correct one of the two."
    return [refusal("ORG_DATES_CROSS", message, "/closes_on", closes_on)]


def read_store(request: messages.ReadStore, context: Context) -> messages.StoreView:
    """Show one store of the legal entity."""
    return _read(context, request.store)


def _read(context: Context, reference: str) -> messages.StoreView:
    found = facts.store(context, reference)
    row = context.read.row(f"{SELECT} WHERE id = ?", (found.id,))
    assert row is not None, "a store is never deleted"
    return _view(row)


def _view(row: DatabaseRow) -> messages.StoreView:
    store_id, entity_id, number, name, zone, currency, warehouse_id, price_includes_tax, profile_id, status, *more = row
    opens_on, closes_on, address, version = more
    return messages.StoreView(
        id=store_id,
        legal_entity_id=entity_id,
        number=number,
        name=name,
        time_zone=zone,
        currency=currency,
        warehouse_id=warehouse_id,
        price_includes_tax=bool(price_includes_tax),
        profile_id=profile_id,
        status=status,
        opens_on=opens_on,
        closes_on=closes_on,
        address=address_of(address),
        version=version,
    )


def list_stores(request: messages.ListStores, context: Context) -> Any:
    """Show a page of the stores of the legal entity, in the order in which they were created."""
    entity = facts.legal_entity(context)
    conditions = [("legal_entity_id = ?", entity.id), ("status = ?", request.status)]
    return listed(context, request, SELECT, conditions, messages.StoreView, _view)


def change_store(command: messages.ChangeStore, context: Context) -> Result:
    """Plan what shall be different at a store."""
    present = _read(context, command.store)
    context.actor.require_store(present.id, command.store)
    shown = given(command, "name", "time_zone", "price_includes_tax", "status", "opens_on", "closes_on", "address")
    issues = time_zone_issues(shown.get("time_zone"))
    for reference in given(command, "warehouse").values():
        warehouse = facts.warehouse(context, reference)
        issues += _warehouse_issues(warehouse)
        shown["warehouse_id"] = warehouse.id
    for reference in given(command, "profile").values():
        shown["profile_id"] = find_profile(context, reference).id if reference is not None else None
    issues += _days_issues(shown.get("opens_on", present.opens_on), shown.get("closes_on", present.closes_on))
    context.refuse(issues)
    values = dict(shown)
    if "address" in values:
        values["address"] = address_text(values["address"])
    version = change(context, StoreRow, {"id": present.id}, present.version, f"The store {present.number}", values, "org.change_store")
    view = attrs.evolve(present, **shown, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="org.create_store",
        announces="org.store_created",
        summary="Create a store",
        description=(
            "Time zone and currency are those of the legal entity unless given. Where no warehouse is named, one is created under the "
            "store's number."
        ),
        effect="edit",
        http=Http(method="POST", path="/stores", status=201, location="/stores/{id}"),
        request=messages.CreateStore,
        response=messages.StoreView,
        permission="org.change",
        handler=create_store,
        example={"number": "S001", "name": "Amsterdam Damrak", "address": {"lines": ["Damrak 1"], "city": "Amsterdam", "country": "NL"}},
    ),
    Operation(
        name="org.list_stores",
        summary="List the stores of a legal entity",
        effect="read",
        http=Http(method="GET", path="/stores"),
        request=messages.ListStores,
        response=page_of(messages.StoreView),
        permission="org.read",
        handler=list_stores,
        collection=True,
    ),
    Operation(
        name="org.read_store",
        summary="Read a store",
        effect="read",
        http=Http(method="GET", path="/stores/{store}"),
        request=messages.ReadStore,
        response=messages.StoreView,
        permission="org.read",
        handler=read_store,
    ),
    Operation(
        name="org.change_store",
        announces="org.store_changed",
        summary="Change a store, or close it",
        effect="edit",
        http=Http(method="PATCH", path="/stores/{store}"),
        request=messages.ChangeStore,
        response=messages.StoreView,
        permission="org.change",
        handler=change_store,
    ),
)
