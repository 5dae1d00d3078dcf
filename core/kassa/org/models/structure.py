"""The tables of how the organisation is arranged: hierarchies, fulfilment groups, where returned goods go."""

from __future__ import annotations

import peewee

from kassa.kernel.keys import NO_ID
from kassa.kernel.tables import Date, Flag, Id, Integer, Table, Text
from kassa.org.models.places import OF_ENTITY, OF_WAREHOUSE

OF_STORE = peewee.SQL("FOREIGN KEY (store_id, legal_entity_id) REFERENCES org_store (id, legal_entity_id)")


class HierarchyRow(Table):
    """A hierarchy of organisations for one purpose, of one legal entity or, without one, of all.

    `arranged_at` changes with every node, so that two changes of its shape cannot pass each other unseen.
    """

    id = Id(primary_key=True)
    legal_entity_id = Id(null=True)
    code = Text()
    name = Text()
    purpose = Text()
    arranged_at = Integer()
    version = Integer()

    class Meta:
        table_name = "org_hierarchy"
        reference = "org"
        constraints = [OF_ENTITY, peewee.Check("version > 0")]


HierarchyRow.add_index(
    peewee.SQL(f"CREATE UNIQUE INDEX org_hierarchy_code ON org_hierarchy (code, (coalesce(legal_entity_id, '{NO_ID}')))")
)


class NodeRow(Table):
    """A node of a hierarchy: a mere group, a legal entity or a store; where it stands is said by its placements."""

    id = Id(primary_key=True)
    hierarchy_id = Id(index=True)
    kind = Text()
    code = Text()
    name = Text()
    legal_entity_id = Id(null=True)
    store_id = Id(null=True)
    version = Integer()

    class Meta:
        table_name = "org_node"
        reference = "org"
        constraints = [
            peewee.SQL("UNIQUE (id, hierarchy_id)"),
            peewee.SQL("UNIQUE (hierarchy_id, code)"),
            peewee.SQL("FOREIGN KEY (hierarchy_id) REFERENCES org_hierarchy (id)"),
            OF_ENTITY,
            OF_STORE,
            peewee.Check("kind IN ('group', 'legal_entity', 'store')"),
            peewee.Check("(kind = 'group') = (legal_entity_id IS NULL)"),
            peewee.Check("(kind = 'store') = (store_id IS NOT NULL)"),
            peewee.Check("version > 0"),
        ]


class PlacementRow(Table):
    """Where a node stands, from a day to a day, both included: below another node, or as a root.

    A placement ends, and is never taken away: what the hierarchy was on a day in the past stays known.
    """

    id = Id(primary_key=True)
    hierarchy_id = Id(index=True)
    node_id = Id(index=True)
    parent_id = Id(null=True)
    valid_from = Date()
    valid_to = Date(null=True)

    class Meta:
        table_name = "org_placement"
        reference = "org"
        append_only = True
        mutable = ("valid_to",)
        constraints = [
            peewee.SQL("FOREIGN KEY (node_id, hierarchy_id) REFERENCES org_node (id, hierarchy_id)"),
            peewee.SQL("FOREIGN KEY (parent_id, hierarchy_id) REFERENCES org_node (id, hierarchy_id)"),
            peewee.Check("parent_id IS NULL OR parent_id <> node_id"),
        ]


class FulfilmentGroupRow(Table):
    """Places from which the stores that use the group may have goods sent or picked up."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    version = Integer()

    class Meta:
        table_name = "org_fulfilment_group"
        reference = "org"
        constraints = [
            peewee.SQL("UNIQUE (id, legal_entity_id)"),
            peewee.SQL("UNIQUE (legal_entity_id, code)"),
            OF_ENTITY,
            peewee.Check("version > 0"),
        ]


OF_GROUP = peewee.SQL("FOREIGN KEY (group_id, legal_entity_id) REFERENCES org_fulfilment_group (id, legal_entity_id)")


class FulfilmentMemberRow(Table):
    """A store or warehouse of a fulfilment group, and what can be done there; inactive where it belonged to it once."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    group_id = Id(index=True)
    store_id = Id(null=True)
    warehouse_id = Id(null=True)
    ships = Flag()
    picks_up = Flag()
    active = Flag()

    class Meta:
        table_name = "org_fulfilment_member"
        reference = "org"
        constraints = [
            OF_GROUP,
            OF_STORE,
            OF_WAREHOUSE,
            peewee.Check("(store_id IS NULL) <> (warehouse_id IS NULL)"),
            peewee.Check("store_id IS NOT NULL OR NOT picks_up"),
        ]


FulfilmentMemberRow.add_index(
    peewee.SQL(
        "CREATE UNIQUE INDEX org_fulfilment_member_once ON org_fulfilment_member "
        f"(group_id, (coalesce(store_id, '{NO_ID}')), (coalesce(warehouse_id, '{NO_ID}')))"
    )
)


class FulfilmentStoreRow(Table):
    """That a store uses a fulfilment group; inactive where it used it once."""

    group_id = Id()
    store_id = Id(index=True)
    legal_entity_id = Id()
    active = Flag()

    class Meta:
        table_name = "org_fulfilment_store"
        reference = "org"
        primary_key = peewee.CompositeKey("group_id", "store_id")
        constraints = [OF_GROUP, OF_STORE]


class ReturnPolicyRow(Table):
    """Where goods that come back go; `blocked` is whether they are not for sale where nothing else is said."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    blocked = Flag()
    version = Integer()

    class Meta:
        table_name = "org_return_policy"
        reference = "org"
        constraints = [
            peewee.SQL("UNIQUE (id, legal_entity_id)"),
            peewee.SQL("UNIQUE (legal_entity_id, code)"),
            OF_ENTITY,
            peewee.Check("version > 0"),
        ]


class ReturnRuleRow(Table):
    """Where goods go that come back for a reason, in a store or in every one; inactive where it counted once."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    policy_id = Id(index=True)
    store_id = Id(null=True)
    reason_code_id = Id()
    warehouse_id = Id()
    place_id = Id(null=True)
    blocked = Flag()
    active = Flag()

    class Meta:
        table_name = "org_return_rule"
        reference = "org"
        constraints = [
            peewee.SQL("FOREIGN KEY (policy_id, legal_entity_id) REFERENCES org_return_policy (id, legal_entity_id)"),
            peewee.SQL("FOREIGN KEY (reason_code_id) REFERENCES org_reason_code (id)"),
            peewee.SQL("FOREIGN KEY (place_id, warehouse_id) REFERENCES org_place (id, warehouse_id)"),
            OF_STORE,
            OF_WAREHOUSE,
        ]


ReturnRuleRow.add_index(
    peewee.SQL(f"CREATE UNIQUE INDEX org_return_rule_once ON org_return_rule (policy_id, reason_code_id, (coalesce(store_id, '{NO_ID}')))")
)
