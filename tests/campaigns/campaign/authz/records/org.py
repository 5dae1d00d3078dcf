"""Records of the organisation: places, codes, people and what they sign in by."""

from __future__ import annotations

import attrs

from campaign.authz.records import Found, Side, records, shared
from kassa.kernel.permissions import SYSTEM

PIN = "582047"
shared("kind", "a credential is a PIN or a password, of the worker before it in the path")
shared("kid", "the keys by which tokens are verified belong to the installation, for a process signs for all legal entities")


@records
def places(side: Side) -> Found:
    """The legal entity with its store and warehouse, a place in it, and a hierarchy."""
    shop = side.shop
    warehouse = shop.perform("org.read_warehouse", {"warehouse": shop.warehouse})["id"]
    place = shop.perform("org.create_place", {"warehouse": warehouse, "code": "SHELF", "name": "Shelf"})["id"]
    hierarchy = shop.perform("org.create_hierarchy", {"code": "REGIONS", "name": "Regions", "purpose": "reporting"})["id"]
    node = shop.perform("org.add_node", {"hierarchy": hierarchy, "code": "NORTH", "name": "North", "valid_from": "2026-01-01"})["id"]
    return {
        "legal_entity": shop.legal_entity_id, "store": shop.store_id, "warehouse": warehouse, "place": place, "hierarchy": hierarchy, "node": node,
    }  # fmt: skip


@records
def codes(side: Side) -> Found:
    """Reference data of the legal entity."""
    do = side.shop.perform
    return {
        "profile": do("org.create_profile", {"code": "P1", "name": "Profile"})["id"],
        "reason_code": do("org.create_reason_code", {"code": "R1", "purpose": "price_override", "name": "Reason"})["id"],
        "return_policy": do("org.create_return_policy", {"code": "RP1", "name": "Policy"})["id"],
        "fulfilment_group": do("org.create_fulfilment_group", {"code": "F1", "name": "Group"})["id"],
    }


@records
def people(side: Side) -> Found:
    """A worker who holds a role in the store and signed in there, and an API key."""
    shop, number = side.shop, side.name("W")
    worker = shop.add_worker(number, "cashier").id
    shop.perform("org.set_credential", {"worker": number, "kind": "pin", "secret": PIN, "temporary": False})
    till = attrs.evolve(SYSTEM, key_id=side.key_id, legal_entities=frozenset((shop.legal_entity_id,)), stores=frozenset((shop.store_id,)), store_id=shop.store_id)
    session = shop.perform("org.sign_in", {"worker": number, "pin": PIN}, actor=till)["id"]
    (grant,) = shop.perform("org.list_role_grants", {"worker": number})["items"]
    key = shop.perform("org.create_api_key", {"name": "Till", "roles": ["cashier"], "store": shop.store_id})["id"]
    return {"worker": worker, "grant": grant["id"], "session": session, "api_key": key}
