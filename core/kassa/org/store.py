"""Rows of the organisation to values: one query's columns and one function for each table."""

from __future__ import annotations

import json

from kassa.kernel.database import Reader, Row
from kassa.kernel.schema import structure, unstructure
from kassa.kernel.values import currency
from kassa.org.documents import FulfilmentLocation, LegalEntity, Place, ReasonCode, Store, Warehouse, Worker
from kassa.org.hierarchy import Hierarchy, Node, Placement
from kassa.org.messages.scalars import Address

SELECT_LEGAL_ENTITY = "SELECT id, code, name, currency, time_zone FROM org_legal_entity"
SELECT_STORE = (
    "SELECT id, legal_entity_id, number, name, time_zone, currency, warehouse_id, price_includes_tax, status, profile_id, opens_on, closes_on, "
    "address FROM org_store"
)
SELECT_WAREHOUSE = "SELECT id, legal_entity_id, code, name, kind, store_id, quarantine_warehouse_id, return_place_id, address FROM org_warehouse"
SELECT_PLACE = "SELECT id, warehouse_id, code, name, blocked, active FROM org_place"
SELECT_REASON = "SELECT id, purpose, code, name, active FROM org_reason_code"
SELECT_HIERARCHY = "SELECT id, legal_entity_id, code, name, purpose FROM org_hierarchy"
NODES = "SELECT id, kind, code, name, legal_entity_id, store_id FROM org_node WHERE hierarchy_id = ? ORDER BY id"
PLACEMENTS = "SELECT id, node_id, parent_id, valid_from, valid_to FROM org_placement WHERE hierarchy_id = ? ORDER BY id"
MEMBERS = (
    "SELECT coalesce(m.warehouse_id, s.warehouse_id), s.id, coalesce(s.number, w.code), coalesce(s.name, w.name), m.ships, m.picks_up, "
    "coalesce(s.address, w.address) FROM org_fulfilment_store f JOIN org_fulfilment_member m ON m.group_id = f.group_id "
    "LEFT JOIN org_store s ON s.id = m.store_id LEFT JOIN org_warehouse w ON w.id = m.warehouse_id "
    "WHERE f.store_id = ? AND f.active AND m.active ORDER BY m.id"
)
SELECT_WORKER = "SELECT id, number, name, active FROM org_worker"
FIND_STORE = f"{SELECT_STORE} WHERE legal_entity_id = ? AND (number = ? OR id = ?)"
FIND_WAREHOUSE = f"{SELECT_WAREHOUSE} WHERE legal_entity_id = ? AND (code = ? OR id = ?)"
FIND_REASON = f"{SELECT_REASON} WHERE legal_entity_id = ? AND purpose = ? AND (code = ? OR id = ?)"
FIND_WORKER = f"{SELECT_WORKER} WHERE number = ? OR id = ?"


def legal_entity(row: Row) -> LegalEntity:
    """The legal entity of a row of SELECT_LEGAL_ENTITY."""
    entity_id, code, name, currency_code, time_zone = row
    exponent = currency(currency_code).exponent
    return LegalEntity(id=entity_id, code=code, name=name, currency=currency_code, exponent=exponent, time_zone=time_zone)


def store(row: Row) -> Store:
    """The store of a row of SELECT_STORE."""
    store_id, entity_id, number, name, time_zone, currency_code, warehouse_id, price_includes_tax, status, *more = row
    profile_id, opens_on, closes_on, address = more
    return Store(
        id=store_id,
        legal_entity_id=entity_id,
        number=number,
        name=name,
        time_zone=time_zone,
        currency=currency_code,
        exponent=currency(currency_code).exponent,
        warehouse_id=warehouse_id,
        price_includes_tax=bool(price_includes_tax),
        status=status,
        profile_id=profile_id,
        opens_on=opens_on,
        closes_on=closes_on,
        address=address_of(address),
    )


def warehouse(row: Row) -> Warehouse:
    """The warehouse of a row of SELECT_WAREHOUSE."""
    warehouse_id, entity_id, code, name, kind, store_id, quarantine_id, return_place_id, address = row
    return Warehouse(
        id=warehouse_id, legal_entity_id=entity_id, code=code, name=name, kind=kind, store_id=store_id,
        quarantine_warehouse_id=quarantine_id, return_place_id=return_place_id, address=address_of(address),
    )  # fmt: skip


def place(row: Row) -> Place:
    """The place of a row of SELECT_PLACE."""
    place_id, warehouse_id, code, name, blocked, active = row
    return Place(id=place_id, warehouse_id=warehouse_id, code=code, name=name, blocked=bool(blocked), active=bool(active))


def reason_code(row: Row) -> ReasonCode:
    """The reason code of a row of SELECT_REASON."""
    reason_id, purpose, code, name, active = row
    return ReasonCode(id=reason_id, purpose=purpose, code=code, name=name, active=bool(active))


def hierarchy(read: Reader, row: Row) -> Hierarchy:
    """The hierarchy of a row of SELECT_HIERARCHY with all its nodes and placements, in two queries."""
    hierarchy_id, entity_id, code, name, purpose = row
    nodes = [
        Node(id=node_id, kind=kind, code=node, name=label, legal_entity_id=of_entity, store_id=of_store)
        for node_id, kind, node, label, of_entity, of_store in read.rows(NODES, (hierarchy_id,))
    ]
    placements = tuple(
        Placement(id=place_id, node_id=node_id, parent_id=parent_id, valid_from=first, valid_to=last)
        for place_id, node_id, parent_id, first, last in read.rows(PLACEMENTS, (hierarchy_id,))
    )
    by_id = {node.id: node for node in nodes}
    return Hierarchy(
        id=hierarchy_id, legal_entity_id=entity_id, code=code, name=name, purpose=purpose, nodes=by_id, placements=placements
    )


def location(row: Row) -> FulfilmentLocation:
    """The location of a row of MEMBERS."""
    warehouse_id, store_id, code, name, ships, picks_up, address = row
    return FulfilmentLocation(
        warehouse_id=warehouse_id, store_id=store_id, code=code, name=name, ships=bool(ships), picks_up=bool(picks_up),
        address=address_of(address),
    )  # fmt: skip


def address_of(text: str | None) -> Address | None:
    """The address of the JSON text that is kept."""
    return None if text is None else structure(Address, json.loads(text))


def address_text(address: Address | None) -> str | None:
    """An address as the JSON text that is kept."""
    return None if address is None else json.dumps(unstructure(address), ensure_ascii=False, separators=(",", ":"))


def worker(row: Row) -> Worker:
    """The worker of a row of SELECT_WORKER."""
    worker_id, number, name, active = row
    return Worker(id=worker_id, number=number, name=name, active=bool(active))
