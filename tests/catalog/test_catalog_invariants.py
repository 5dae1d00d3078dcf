"""What must hold of places and of what is sold: silent on a healthy database, and each kind of damage is found."""

import pytest

from kassa.kernel.contributions import Invariant
from kassa.kernel.invariants import verify

OTHER_ENTITY = "(SELECT id FROM org_legal_entity WHERE code = 'DE01')"
DAMAGE = {
    "catalog.category_paths": [("catalog_category", "UPDATE catalog_category SET path = '/B/' WHERE code = 'B'")],
    "catalog.variants_fit": [
        ("catalog_product", "UPDATE catalog_product SET colour = NULL WHERE number = 'SHIRT-S-red'"),
        ("catalog_product", "UPDATE catalog_product SET kind = 'service' WHERE number = 'SHIRT-S-red'"),
    ],
    "catalog.discounts_fit": [("catalog_discount", f"UPDATE catalog_discount SET legal_entity_id = {OTHER_ENTITY}")],
    "catalog.search_index": [("catalog_search_place", "DELETE FROM catalog_search_place")],
    "org.warehouses_fit": [
        ("org_warehouse", f"UPDATE org_warehouse SET legal_entity_id = {OTHER_ENTITY} WHERE code = 'S001'"),
        ("org_warehouse", "UPDATE org_warehouse SET return_place_id = (SELECT id FROM org_place WHERE code = 'THERE') WHERE code = 'S001'"),
        ("org_warehouse", "UPDATE org_warehouse SET kind = 'non_store' WHERE code = 'Q01'"),
    ],
    "org.fulfilment_members_fit": [
        ("org_fulfilment_member", "UPDATE org_fulfilment_member SET picks_up = NOT picks_up WHERE warehouse_id IS NOT NULL"),
        ("org_warehouse", "UPDATE org_warehouse SET kind = 'quarantine' WHERE code = 'W01'"),
    ],
    "org.hierarchies_are_trees": [("org_placement", "UPDATE org_placement SET parent_id = node_id")],
    "org.nodes_placed_once": [
        ("org_placement", "UPDATE org_placement SET node_id = (SELECT id FROM org_node WHERE code = 'A') WHERE parent_id IS NOT NULL"),
    ],
}  # fmt: skip


@pytest.fixture
def busy(do):
    """Places and products of each kind that something must hold of."""
    do("org.create_warehouse", code="W01", name="Depot", kind="non_store")
    do("org.create_warehouse", code="Q01", name="Waiting", kind="quarantine")
    do("org.change_warehouse", warehouse="S001", quarantine_warehouse="Q01")
    do("org.create_place", warehouse="W01", code="THERE", name="There")
    do("org.create_fulfilment_group", code="NEAR", name="Near", members=[{"store": "S001"}, {"warehouse": "W01"}])
    do("org.create_hierarchy", code="REGIONS", name="Regions", purpose="reporting")
    for code, above in (("A", None), ("B", "A")):
        do("org.add_node", hierarchy="REGIONS", code=code, name=code, parent=above, valid_from="2026-01-01")
    for code, above in (("A", None), ("B", "A")):
        do("catalog.create_category", code=code, name=code, parent=above)
    do("catalog.create_product", number="SHIRT", name="Shirt", item_model_group="AVERAGE", dimensions=["size", "colour"])
    do("catalog.add_variants", product="SHIRT", generate={"size": ["S"], "colour": ["red"]})
    do("catalog.create_discount", code="SPRING", name="Spring", rate="0.1", price_list="RETAIL", from_date="2026-01-01")
    do("org.create_legal_entity", code="DE01", name="Warenhaus GmbH", currency="EUR", time_zone="Europe/Berlin", country="DE")
    return do


def test_every_invariant_of_these_rooms_is_damaged_here(busy):
    named = {invariant.name for invariant in busy.engine.registry.all(Invariant)}
    assert {name for name in named if name.split(".")[0] in ("org", "catalog")} == set(DAMAGE)


def test_damage_is_found_by_name(busy, open_damage):
    assert verify(busy.engine) == []
    with open_damage(busy.engine) as raw:
        kept_by_itself = {"catalog.search_index"} if busy.engine.database.dialect == "postgresql" else set()
        for name in set(DAMAGE) - kept_by_itself:
            for table, statement in DAMAGE[name]:
                with raw.damaged(table, statement):
                    texts = raw.found(name)
                assert texts, f"{name} does not find: {statement}"
                assert all(": " in text for text in texts), f"{name} must name the row, then say what is wrong: {texts}"
    assert verify(busy.engine) == []
