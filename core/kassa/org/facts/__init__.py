"""What others ask about the organisation; every answer is a frozen value, cached until the organisation changes."""

from __future__ import annotations

from kassa.org.facts.places import (
    acting_store,
    all_legal_entities,
    business_date,
    check_setting_target,
    closed_issues,
    legal_entity,
    legal_entity_by_code,
    only_legal_entity,
    profile_of,
    reason_code,
    store,
    store_of,
    today,
    warehouse,
    warehouse_by_code,
)
from kassa.org.facts.structure import (
    default_return_place,
    fulfilment_locations,
    hierarchies,
    hierarchy,
    nodes_above,
    return_place,
    stores_below,
    stores_near,
    tree,
)
from kassa.org.facts.workers import seen_workers, worker

__all__ = [
    "acting_store",
    "all_legal_entities",
    "business_date",
    "check_setting_target",
    "closed_issues",
    "default_return_place",
    "fulfilment_locations",
    "hierarchies",
    "hierarchy",
    "legal_entity",
    "legal_entity_by_code",
    "nodes_above",
    "only_legal_entity",
    "profile_of",
    "reason_code",
    "return_place",
    "seen_workers",
    "store",
    "store_of",
    "stores_below",
    "stores_near",
    "today",
    "tree",
    "warehouse",
    "warehouse_by_code",
    "worker",
]
