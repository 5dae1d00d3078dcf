"""Fulfilment groups: create, read, list, change; from where goods for a store can be sent or picked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.distance import distance
from kassa.org.documents import FulfilmentLocation, Store
from kassa.org.editing import change, check_seen, given, listed, refusal, taken
from kassa.org.messages import structure as messages
from kassa.org.models import FulfilmentGroupRow, FulfilmentMemberRow, FulfilmentStoreRow

SELECT = "SELECT id, legal_entity_id, code, name, version FROM org_fulfilment_group"
MEMBERS = (
    "SELECT id, group_id, store_id, warehouse_id, ships, picks_up, active FROM org_fulfilment_member WHERE group_id IN {keys} ORDER BY id"
)
STORES = "SELECT group_id, store_id, active FROM org_fulfilment_store WHERE group_id IN {keys} ORDER BY group_id, store_id"
FARTHEST = 10**9
"""Farther than any distance: where it is not known."""
Organisation = tuple[str | None, str | None]
"""Store or warehouse, by id."""


def create_fulfilment_group(command: messages.CreateFulfilmentGroup, context: Context) -> Result:
    """Plan a new fulfilment group with its members and the stores that use it."""
    entity = facts.legal_entity(context)
    if context.read.row("SELECT 1 FROM org_fulfilment_group WHERE legal_entity_id = ? AND code = ?", (entity.id, command.code)):
        raise taken("The fulfilment group", "/code", command.code)
    view = messages.FulfilmentGroupView(
        id=new_id(),
        legal_entity_id=entity.id,
        code=command.code,
        name=command.name,
        members=_members(command.members, context),
        store_ids=_store_ids(command.stores, context),
        version=1,
    )
    values = {"id": view.id, "legal_entity_id": entity.id, "code": view.code, "name": view.name, "version": 1}
    rows = [Row(FulfilmentGroupRow, values), *_member_rows(view, ()), *_store_rows(view, {})]
    context.plan.add(rows, rule="org.create_fulfilment_group")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _members(entries: Sequence[messages.MemberEntry], context: Context) -> tuple[messages.MemberView, ...]:
    found: list[messages.MemberView] = []
    issues: list[Issue] = []
    for number, entry in enumerate(entries):
        pointer = f"/members/{number}"
        if (entry.store is None) is (entry.warehouse is None):
            issues.append(refusal("ORG_MEMBER_UNFIT", "A member is a store or a warehouse. Name one of the two.", pointer))
            continue
        store_id = facts.store(context, entry.store).id if entry.store is not None else None
        warehouse_id = None
        if entry.warehouse is not None:
            warehouse = facts.warehouse(context, entry.warehouse)
            warehouse_id = warehouse.id
            if warehouse.kind != "non_store":
                message = (
                    f"The warehouse {warehouse.code} is of the kind {warehouse.kind}. Name a warehouse of no store, or the store itself."
                )
                issues.append(refusal("ORG_WAREHOUSE_UNFIT", message, f"{pointer}/warehouse", warehouse.code))
            if entry.picks_up:
                message = f"Nobody can pick goods up in the warehouse {warehouse.code}, for it is no store. Let it ship only."
                issues.append(refusal("ORG_PICK_UP_NEEDS_STORE", message, f"{pointer}/picks_up", warehouse.code))
        if any((store_id, warehouse_id) == _organisation(member) for member in found):
            issues.append(
                refusal("ORG_MEMBER_UNFIT", "This member stands twice here. Send it once.", pointer, entry.store or entry.warehouse)
            )
        found.append(messages.MemberView(store_id=store_id, warehouse_id=warehouse_id, ships=entry.ships, picks_up=entry.picks_up))
    context.refuse(issues)
    return tuple(found)


def _organisation(member: messages.MemberView) -> Organisation:
    return member.store_id, member.warehouse_id


def _store_ids(references: Sequence[str], context: Context) -> tuple[str, ...]:
    return tuple(sorted({facts.store(context, reference).id for reference in references}))


def _member_rows(view: messages.FulfilmentGroupView, known: Sequence[Any]) -> list[Row]:
    """Rows that make the members of a group those of a view; who was one before is kept, inactive."""
    before = {(row[2], row[3]): (row[0], *map(bool, row[4:])) for row in known}
    wanted = {_organisation(member): (member.ships, member.picks_up) for member in view.members}
    rows = []
    for organisation, (member_id, ships, picks_up, active) in before.items():
        after = wanted.pop(organisation, None)
        values: dict[str, Any] = {"active": False} if after is None else {"ships": after[0], "picks_up": after[1], "active": True}
        if (ships, picks_up, active) != (*(after or (ships, picks_up)), after is not None):
            rows.append(Row(FulfilmentMemberRow, values, key={"id": member_id}))
    for (store_id, warehouse_id), (ships, picks_up) in wanted.items():
        values = {
            "id": new_id(), "legal_entity_id": view.legal_entity_id, "group_id": view.id, "store_id": store_id, "warehouse_id": warehouse_id,
            "ships": ships, "picks_up": picks_up, "active": True,
        }  # fmt: skip
        rows.append(Row(FulfilmentMemberRow, values))
    return rows


def _store_rows(view: messages.FulfilmentGroupView, known: dict[str, bool]) -> list[Row]:
    rows = []
    for store_id in sorted({*known, *view.store_ids}):
        key = {"group_id": view.id, "store_id": store_id}
        wanted = store_id in view.store_ids
        if store_id not in known:
            rows.append(Row(FulfilmentStoreRow, {**key, "legal_entity_id": view.legal_entity_id, "active": True}))
        elif known[store_id] is not wanted:
            rows.append(Row(FulfilmentStoreRow, {"active": wanted}, key=key))
    return rows


def read_fulfilment_group(request: messages.ReadFulfilmentGroup, context: Context) -> messages.FulfilmentGroupView:
    """Show one fulfilment group with its members and the stores that use it."""
    return _read(context, request.fulfilment_group)


def _read(context: Context, reference: str) -> messages.FulfilmentGroupView:
    entity = facts.legal_entity(context)
    row = context.read.row(f"{SELECT} WHERE legal_entity_id = ? AND (code = ? OR id = ?)", (entity.id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("fulfilment group", reference)
    return _views(context, [row])[0]


def _views(context: Context, rows: Sequence[Any]) -> list[messages.FulfilmentGroupView]:
    ids = [row[0] for row in rows]
    members: dict[str, list[messages.MemberView]] = {}
    for _, group_id, store_id, warehouse_id, ships, picks_up, active in context.read.rows_for(MEMBERS, ids):
        if active:
            shown = messages.MemberView(store_id=store_id, warehouse_id=warehouse_id, ships=bool(ships), picks_up=bool(picks_up))
            members.setdefault(group_id, []).append(shown)
    stores: dict[str, list[str]] = {}
    for group_id, store_id, active in context.read.rows_for(STORES, ids):
        if active:
            stores.setdefault(group_id, []).append(store_id)
    return [
        messages.FulfilmentGroupView(
            id=group_id, legal_entity_id=entity_id, code=code, name=name, members=tuple(members.get(group_id, ())),
            store_ids=tuple(stores.get(group_id, ())), version=version,
        )
        for group_id, entity_id, code, name, version in rows
    ]  # fmt: skip


def list_fulfilment_groups(request: messages.ListFulfilmentGroups, context: Context) -> Any:
    """Show a page of the fulfilment groups of the legal entity, in the order in which they were created."""
    entity = facts.legal_entity(context)
    conditions = [("legal_entity_id = ?", entity.id)]
    return listed(context, request, SELECT, conditions, messages.FulfilmentGroupView, lambda row: _views(context, [row])[0])


def change_fulfilment_group(command: messages.ChangeFulfilmentGroup, context: Context) -> Result:
    """Plan another name, other members or other stores for a fulfilment group."""
    present = _read(context, command.fulfilment_group)
    sent = given(command, "name", "members", "stores")
    check_seen(context, f"The fulfilment group {present.code}", present.version)
    if not sent:
        return Result(view=lambda numbers: present, document_id=present.id, version=present.version)
    view = attrs.evolve(
        present,
        name=sent.get("name", present.name),
        members=_members(sent["members"], context) if "members" in sent else present.members,
        store_ids=_store_ids(sent["stores"], context) if "stores" in sent else present.store_ids,
    )
    rows = _member_rows(view, context.read.rows_for(MEMBERS, [present.id]))
    known = {store_id: bool(active) for _, store_id, active in context.read.rows_for(STORES, [present.id])}
    what, rule = f"The fulfilment group {present.code}", "org.change_fulfilment_group"
    version = change(context, FulfilmentGroupRow, {"id": present.id}, present.version, what, {"name": view.name}, rule)
    context.plan.add([*rows, *_store_rows(view, known)], rule=rule)
    changed = attrs.evolve(view, version=version)
    return Result(view=lambda numbers: changed, document_id=present.id, version=version)


def list_locations(request: messages.ListLocations, context: Context) -> Any:
    """Show from where goods for a store can be sent or picked up: the store itself first, then the nearest."""
    store = facts.store(context, request.store)
    cursor = read_cursor(request.after, 2)
    found = []
    for location in facts.fulfilment_locations(context, store):
        if request.way is None or location.offers(request.way):
            away = _away(store, location)
            found.append(((-1 if location.store_id == store.id else FARTHEST if away is None else away, location.code), location, away))
    found.sort(key=lambda entry: entry[0])
    shown = [_location(location, away) for place, location, away in found if cursor is None or place > (cursor[0], cursor[1])]
    keys = {location.code: place for place, location, _ in found}
    return page(request, messages.LocationView, shown[: request.limit + 1], lambda view: keys[view.code])


def _away(store: Store, location: FulfilmentLocation) -> int | None:
    here, there = store.address and store.address.coordinates, location.address and location.address.coordinates
    return distance(here, there) if here and there else None


def _location(location: FulfilmentLocation, away: int | None) -> messages.LocationView:
    return messages.LocationView(
        warehouse_id=location.warehouse_id, store_id=location.store_id, code=location.code, name=location.name, ships=location.ships,
        picks_up=location.picks_up, distance=away,
    )  # fmt: skip


OPERATIONS = (
    Operation(
        name="org.create_fulfilment_group",
        announces="org.fulfilment_group_created",
        summary="Create a fulfilment group",
        description="From stores goods can be sent or picked up, as is said of each; a warehouse of no store can only ship.",
        effect="edit",
        http=Http(method="POST", path="/fulfilment-groups", status=201, location="/fulfilment-groups/{id}"),
        request=messages.CreateFulfilmentGroup,
        response=messages.FulfilmentGroupView,
        permission="org.change",
        handler=create_fulfilment_group,
        rules=("CO-09",),
        example={"code": "RANDSTAD", "name": "Randstad", "members": [{"store": "S001", "picks_up": True}], "stores": ["S001"]},
    ),
    Operation(
        name="org.list_fulfilment_groups",
        summary="List the fulfilment groups of a legal entity",
        effect="read",
        http=Http(method="GET", path="/fulfilment-groups"),
        request=messages.ListFulfilmentGroups,
        response=page_of(messages.FulfilmentGroupView),
        permission="org.read",
        handler=list_fulfilment_groups,
        collection=True,
    ),
    Operation(
        name="org.read_fulfilment_group",
        summary="Read a fulfilment group",
        effect="read",
        http=Http(method="GET", path="/fulfilment-groups/{fulfilment_group}"),
        request=messages.ReadFulfilmentGroup,
        response=messages.FulfilmentGroupView,
        permission="org.read",
        handler=read_fulfilment_group,
    ),
    Operation(
        name="org.change_fulfilment_group",
        announces="org.fulfilment_group_changed",
        summary="Change a fulfilment group, its members or its stores",
        effect="edit",
        http=Http(method="PATCH", path="/fulfilment-groups/{fulfilment_group}"),
        request=messages.ChangeFulfilmentGroup,
        response=messages.FulfilmentGroupView,
        permission="org.change",
        handler=change_fulfilment_group,
        rules=("CO-09",),
    ),
    Operation(
        name="org.list_fulfilment_locations",
        summary="List from where goods for a store can be sent or picked up",
        description="The store itself first, then the members of its fulfilment groups by distance, those without coordinates last.",
        effect="read",
        http=Http(method="GET", path="/stores/{store}/fulfilment-locations"),
        request=messages.ListLocations,
        response=page_of(messages.LocationView),
        permission="org.read",
        handler=list_locations,
        collection=True,
    ),
)
