"""What must hold in the organisation of any database."""

from __future__ import annotations

from collections.abc import Iterable

from kassa.kernel.contributions import Invariant
from kassa.kernel.database import Reader
from kassa.org import store as rows
from kassa.org.hierarchy import Hierarchy, leads_to, overlapping

RETURN_PLACES = (
    "SELECT w.code, p.code, p.warehouse_id = w.id FROM org_warehouse w LEFT JOIN org_place p ON p.id = w.return_place_id "
    "WHERE w.return_place_id IS NOT NULL AND (p.id IS NULL OR p.warehouse_id <> w.id) ORDER BY w.id"
)
STORES_OF_WAREHOUSES = (
    "SELECT w.code, w.store_id FROM org_warehouse w LEFT JOIN org_store s ON s.id = w.store_id AND s.legal_entity_id = w.legal_entity_id "
    "WHERE w.store_id IS NOT NULL AND s.id IS NULL ORDER BY w.id"
)
WAITING = "SELECT w.code, q.code FROM org_warehouse w JOIN org_warehouse q ON q.id = w.quarantine_warehouse_id WHERE q.kind <> 'quarantine' ORDER BY w.id"
PICK_UPS = (
    "SELECT g.code, w.code FROM org_fulfilment_member m JOIN org_fulfilment_group g ON g.id = m.group_id "
    "JOIN org_warehouse w ON w.id = m.warehouse_id WHERE m.active AND (m.picks_up OR w.kind <> 'non_store') ORDER BY g.code, w.code"
)


def _hierarchies(read: Reader) -> Iterable[Hierarchy]:
    for row in read.rows(f"{rows.SELECT_HIERARCHY} ORDER BY id"):
        yield rows.hierarchy(read, row)


def nodes_placed_twice(read: Reader) -> Iterable[str]:
    """Name nodes, and organisations, that stand at two places of a hierarchy on the same day."""
    for found in _hierarchies(read):
        for one, other in overlapping(found.placements):
            node = found.nodes[one.node_id]
            yield f"node {node.code} of hierarchy {found.code}: it has two places on {max(one.valid_from, other.valid_from)}"
        holders: dict[tuple[str, str], list[str]] = {}
        for node in found.nodes.values():
            if node.legal_entity_id is not None:
                holders.setdefault((node.kind, node.store_id or node.legal_entity_id), []).append(node.id)
        for ids in holders.values():
            placements = [placement for placement in found.placements if placement.node_id in ids]
            for place, one in enumerate(placements):
                for other in placements[place + 1 :]:
                    if one.node_id != other.node_id and one.meets(other.valid_from, other.valid_to):
                        codes = f"{found.nodes[one.node_id].code} and {found.nodes[other.node_id].code}"
                        yield f"nodes {codes} of hierarchy {found.code}: they hold the same organisation on the same day"


def nodes_below_themselves(read: Reader) -> Iterable[str]:
    """Name nodes that stand below themselves on some day."""
    for found in _hierarchies(read):
        for placement in found.placements:
            above = placement.parent_id
            if above is not None and leads_to(found.placements, above, placement.node_id, placement.valid_from, placement.valid_to):
                yield f"node {found.nodes[placement.node_id].code} of hierarchy {found.code}: it stands below itself from {placement.valid_from} on"


def unfit_warehouses(read: Reader) -> Iterable[str]:
    """Name warehouses whose store, return place or quarantine is not there or does not fit."""
    for code, store_id in read.rows(STORES_OF_WAREHOUSES):
        yield f"warehouse {code}: its store {store_id} is no store of its legal entity"
    for code, place, _ in read.rows(RETURN_PLACES):
        yield f"warehouse {code}: its return place {place or ''} is no place inside it"
    for code, waiting in read.rows(WAITING):
        yield f"warehouse {code}: goods would wait in {waiting}, which is no quarantine"


def unfit_members(read: Reader) -> Iterable[str]:
    """Name members of fulfilment groups where goods would be picked up although they are no store."""
    for group, warehouse in read.rows(PICK_UPS):
        yield f"fulfilment group {group}: the warehouse {warehouse} can only ship, and only where it belongs to no store"


INVARIANTS = (
    Invariant(
        name="org.nodes_placed_once", summary="A node, and an organisation, stands in a hierarchy once at a time", find=nodes_placed_twice
    ),
    Invariant(name="org.hierarchies_are_trees", summary="No node stands below itself on any day", find=nodes_below_themselves),
    Invariant(name="org.warehouses_fit", summary="Store, return place and quarantine of a warehouse are there", find=unfit_warehouses),
    Invariant(name="org.fulfilment_members_fit", summary="Goods are picked up in stores only", find=unfit_members),
)
