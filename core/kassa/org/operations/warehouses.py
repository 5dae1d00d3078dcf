"""Warehouses: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Refused
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.documents import WarehouseKind
from kassa.org.editing import change, given, listed, refusal, taken
from kassa.org.messages import places as messages
from kassa.org.models import WarehouseRow
from kassa.org.operations.places import find_place
from kassa.org.store import address_of, address_text

SELECT = "SELECT id, legal_entity_id, code, name, kind, store_id, quarantine_warehouse_id, return_place_id, address, version FROM org_warehouse"


def create_warehouse(command: messages.CreateWarehouse, context: Context) -> Result:
    """Plan a new warehouse."""
    entity = facts.legal_entity(context)
    store_id = facts.store(context, command.store).id if command.store is not None else None
    if context.read.row("SELECT 1 FROM org_warehouse WHERE legal_entity_id = ? AND code = ?", (entity.id, command.code)):
        raise taken("The warehouse", "/code", command.code)
    view = messages.WarehouseView(
        id=new_id(),
        legal_entity_id=entity.id,
        code=command.code,
        name=command.name,
        kind=command.kind,
        store_id=store_id,
        quarantine_warehouse_id=_quarantine(context, command.quarantine_warehouse, command.kind),
        return_place_id=None,
        address=command.address,
        version=1,
    )
    values = attrs.asdict(view, recurse=False) | {"address": address_text(command.address)}
    context.plan.add([Row(WarehouseRow, values)], rule="org.create_warehouse")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _quarantine(context: Context, reference: str | None, kind: WarehouseKind) -> str | None:
    """The id of the warehouse where goods wait; Refused where it is for sale, or where goods of a quarantine would wait again."""
    if reference is None:
        return None
    found = facts.warehouse(context, reference)
    if kind != "quarantine" and found.kind == "quarantine":
        return found.id
    message = f"Goods of a warehouse that sells wait in one of the kind quarantine; {found.code} is of the kind {found.kind}."
    raise Refused((refusal("ORG_WAREHOUSE_UNFIT", message, "/quarantine_warehouse", found.code),))


def read_warehouse(request: messages.ReadWarehouse, context: Context) -> messages.WarehouseView:
    """Show one warehouse of the legal entity."""
    return _read(context, request.warehouse)


def _read(context: Context, reference: str) -> messages.WarehouseView:
    found = facts.warehouse(context, reference)
    row = context.read.row(f"{SELECT} WHERE id = ?", (found.id,))
    assert row is not None, "a warehouse is never deleted"
    return _view(row)


def _view(row: DatabaseRow) -> messages.WarehouseView:
    warehouse_id, entity_id, code, name, kind, store_id, quarantine_id, return_place_id, address, version = row
    return messages.WarehouseView(
        id=warehouse_id,
        legal_entity_id=entity_id,
        code=code,
        name=name,
        kind=kind,
        store_id=store_id,
        quarantine_warehouse_id=quarantine_id,
        return_place_id=return_place_id,
        address=address_of(address),
        version=version,
    )


def list_warehouses(request: messages.ListWarehouses, context: Context) -> Any:
    """Show a page of the warehouses of the legal entity, in the order in which they were created."""
    entity = facts.legal_entity(context)
    conditions = [("legal_entity_id = ?", entity.id), ("kind = ?", request.kind)]
    return listed(context, request, SELECT, conditions, messages.WarehouseView, _view)


def change_warehouse(command: messages.ChangeWarehouse, context: Context) -> Result:
    """Plan what shall be different at a warehouse."""
    present = _read(context, command.warehouse)
    shown = given(command, "name", "address")
    for reference in given(command, "store").values():
        shown["store_id"] = facts.store(context, reference).id if reference is not None else None
    for reference in given(command, "quarantine_warehouse").values():
        shown["quarantine_warehouse_id"] = _quarantine(context, reference, present.kind)
    for reference in given(command, "return_place").values():
        shown["return_place_id"] = find_place(context, present.id, reference).id if reference is not None else None
    values = shown | ({"address": address_text(shown["address"])} if "address" in shown else {})
    what = f"The warehouse {present.code}"
    version = change(context, WarehouseRow, {"id": present.id}, present.version, what, values, "org.change_warehouse")
    view = attrs.evolve(present, **shown, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="org.create_warehouse",
        announces="org.warehouse_created",
        summary="Create a warehouse",
        description="Kinds: `store` (the stock of a store), `non_store`, `quarantine` (goods that wait for a decision).",
        effect="edit",
        http=Http(method="POST", path="/warehouses", status=201, location="/warehouses/{id}"),
        request=messages.CreateWarehouse,
        response=messages.WarehouseView,
        permission="org.change",
        handler=create_warehouse,
        example={"code": "W01", "name": "Central warehouse", "kind": "non_store"},
    ),
    Operation(
        name="org.list_warehouses",
        summary="List the warehouses of a legal entity",
        effect="read",
        http=Http(method="GET", path="/warehouses"),
        request=messages.ListWarehouses,
        response=page_of(messages.WarehouseView),
        permission="org.read",
        handler=list_warehouses,
        collection=True,
    ),
    Operation(
        name="org.read_warehouse",
        summary="Read a warehouse",
        effect="read",
        http=Http(method="GET", path="/warehouses/{warehouse}"),
        request=messages.ReadWarehouse,
        response=messages.WarehouseView,
        permission="org.read",
        handler=read_warehouse,
    ),
    Operation(
        name="org.change_warehouse",
        announces="org.warehouse_changed",
        summary="Change a warehouse",
        effect="edit",
        http=Http(method="PATCH", path="/warehouses/{warehouse}"),
        request=messages.ChangeWarehouse,
        response=messages.WarehouseView,
        permission="org.change",
        handler=change_warehouse,
    ),
)
