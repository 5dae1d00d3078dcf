"""Requests and views of hierarchies, fulfilment groups, return policies, and of stores near a point."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, Identifier, Items, Range, Text
from kassa.org.documents import DeliveryWay, NodeKind
from kassa.org.editing import about, left_out
from kassa.org.messages.scalars import Address, Latitude, Longitude, PlainCode, Reference

FARTHEST = 20_100_000
"""Half the way around the earth in metres, and a little more."""


@attrs.frozen(kw_only=True)
class CreateHierarchy:
    """A hierarchy of organisations for one purpose."""

    code: PlainCode = attrs.field(metadata=about("Unique, never changed.", "REGIONS"))
    name: Text = attrs.field(metadata=about("Name.", "Sales regions"))
    purpose: PlainCode = attrs.field(metadata=about("One of GET /hierarchy-purposes; never changed.", "reporting"))
    all_legal_entities: bool = attrs.field(
        default=False, metadata=about("Whether it holds in all legal entities; one of an entity's own goes before it.")
    )


@attrs.frozen(kw_only=True)
class ReadHierarchy:
    """Names a hierarchy."""

    hierarchy: Reference = attrs.field(metadata=about("Code or id.", "REGIONS"))


@attrs.frozen(kw_only=True)
class ChangeHierarchy(ReadHierarchy):
    """What shall be different at a hierarchy; what is left out stays."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))


@attrs.frozen(kw_only=True)
class HierarchyView:
    """A hierarchy; `legal_entity_id` null where it holds in all."""

    id: Identifier
    legal_entity_id: Identifier | None
    code: str
    name: str
    purpose: str
    version: int


@attrs.frozen(kw_only=True)
class ListHierarchies(PageRequest):
    """Asks for the hierarchies that hold in the legal entity."""

    purpose: PlainCode | None = attrs.field(default=None, metadata=about("Only those for one purpose."))


@attrs.frozen(kw_only=True)
class AddNode(ReadHierarchy):
    """A node from a day on: a mere group, or the place of a legal entity or store."""

    code: PlainCode = attrs.field(metadata=about("Unique within the hierarchy, never changed.", "NORTH"))
    name: Text | None = attrs.field(default=None, metadata=about("Name; that of the legal entity or store where left out.", "North"))
    legal_entity: Reference | None = attrs.field(default=None, metadata=about("Code or id of the legal entity that stands here."))
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the store that stands here."))
    parent: Reference | None = attrs.field(default=None, metadata=about("Code or id of the node above; none: a root."))
    valid_from: Date = attrs.field(metadata=about("The first day.", "2026-01-01"))
    valid_to: Date | None = attrs.field(default=None, metadata=about("The last day; none: no end."))


@attrs.frozen(kw_only=True)
class PlaceNode(ReadHierarchy):
    """Where a node shall stand from a day on; what was before is kept."""

    node: Reference = attrs.field(metadata=about("Code or id.", "NORTH"))
    parent: Reference | None = attrs.field(default=None, metadata=about("Code or id of the node above; none: a root."))
    valid_from: Date = attrs.field(metadata=about("The first day.", "2026-07-01"))
    valid_to: Date | None = attrs.field(default=None, metadata=about("The last day; none: no end."))


@attrs.frozen(kw_only=True)
class EndNode(ReadHierarchy):
    """The last day on which a node stands in the hierarchy; all below it leave with it."""

    node: Reference = attrs.field(metadata=about("Code or id.", "NORTH"))
    valid_to: Date = attrs.field(metadata=about("The last day.", "2026-06-30"))


@attrs.frozen(kw_only=True)
class PlacementView:
    """Where a node stands, from a day to a day."""

    id: Identifier
    parent_id: Identifier | None
    valid_from: Date
    valid_to: Date | None


@attrs.frozen(kw_only=True)
class NodeView:
    """A node of a hierarchy with all places where it ever stood."""

    id: Identifier
    hierarchy_id: Identifier
    kind: NodeKind
    code: str
    name: str
    legal_entity_id: Identifier | None
    store_id: Identifier | None
    placements: tuple[PlacementView, ...]


@attrs.frozen(kw_only=True)
class ReadTree(ReadHierarchy):
    """Asks for what stands in a hierarchy on a day."""

    node: Reference | None = attrs.field(default=None, metadata=about("Code or id: only this node and what stands below it.", "NORTH"))
    date: Date | None = attrs.field(default=None, metadata=about("The day; today in the legal entity's zone where left out."))


@attrs.frozen(kw_only=True)
class StandingNodeView:
    """A node as it stands on a day."""

    id: Identifier
    parent_id: Identifier | None
    kind: NodeKind
    code: str
    name: str
    legal_entity_id: Identifier | None
    store_id: Identifier | None


@attrs.frozen(kw_only=True)
class TreeView:
    """A hierarchy on a day: each node after the one above it."""

    hierarchy_id: Identifier
    date: Date
    nodes: tuple[StandingNodeView, ...]


@attrs.frozen(kw_only=True)
class ListPurposes(PageRequest):
    """Asks for purposes."""


@attrs.frozen(kw_only=True)
class PurposeView:
    """A purpose that a room or an enabled plugin contributes."""

    name: str
    summary: str


@attrs.frozen(kw_only=True)
class MemberEntry:
    """A store, or a warehouse of no store, from which goods are sent or picked up."""

    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the store.", "S001"))
    warehouse: Reference | None = attrs.field(default=None, metadata=about("Code or id of the warehouse; it can only ship."))
    ships: bool = attrs.field(default=True, metadata=about("Whether goods are sent from there."))
    picks_up: bool = attrs.field(default=False, metadata=about("Whether customers pick goods up there; stores only."))


Members = Annotated[tuple[MemberEntry, ...], Items(0, 1000)]
StoreReferences = Annotated[tuple[Reference, ...], Items(0, 1000)]


@attrs.frozen(kw_only=True)
class CreateFulfilmentGroup:
    """Places from which the stores that use the group may have goods sent or picked up."""

    code: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "RANDSTAD"))
    name: Text = attrs.field(metadata=about("Name.", "Randstad"))
    members: Members = ()
    stores: StoreReferences = attrs.field(default=(), metadata=about("Numbers or ids of the stores that use it.", ["S001"]))


@attrs.frozen(kw_only=True)
class ReadFulfilmentGroup:
    """Names a fulfilment group."""

    fulfilment_group: Reference = attrs.field(metadata=about("Code or id.", "RANDSTAD"))


@attrs.frozen(kw_only=True)
class ChangeFulfilmentGroup(ReadFulfilmentGroup):
    """What shall be different at a fulfilment group; what is left out stays, a list that is sent takes the place of the whole."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    members: Members = attrs.field(factory=left_out, metadata=about("All members from now on."))
    stores: StoreReferences = attrs.field(factory=left_out, metadata=about("Numbers or ids of all stores that use it from now on."))


@attrs.frozen(kw_only=True)
class MemberView:
    """A member of a fulfilment group: a store, or a warehouse."""

    store_id: Identifier | None
    warehouse_id: Identifier | None
    ships: bool
    picks_up: bool


@attrs.frozen(kw_only=True)
class FulfilmentGroupView:
    """A fulfilment group."""

    id: Identifier
    legal_entity_id: Identifier
    code: str
    name: str
    members: tuple[MemberView, ...]
    store_ids: tuple[Identifier, ...]
    version: int


@attrs.frozen(kw_only=True)
class ListFulfilmentGroups(PageRequest):
    """Asks for the fulfilment groups of the legal entity."""


@attrs.frozen(kw_only=True)
class ListLocations(PageRequest):
    """Asks from where goods for a store can be sent or picked up."""

    store: Reference = attrs.field(metadata=about("Number or id.", "S001"))
    way: DeliveryWay | None = attrs.field(default=None, metadata=about("Only those from which goods are sent, or picked up.", "pick_up"))


@attrs.frozen(kw_only=True)
class LocationView:
    """Where goods can be sent from or picked up; `distance` is in metres from the store, null where coordinates are not known."""

    warehouse_id: Identifier
    store_id: Identifier | None
    code: str
    name: str
    ships: bool
    picks_up: bool
    distance: int | None


@attrs.frozen(kw_only=True)
class StoresNear(PageRequest):
    """A point on the globe, or a store: what other stores are near."""

    latitude: Latitude | None = attrs.field(default=None, metadata=about("Degrees, north is positive.", "52.37308"))
    longitude: Longitude | None = attrs.field(default=None, metadata=about("Degrees, east is positive.", "4.892453"))
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of a store: its coordinates are the point."))
    within: Annotated[int, Range(0, FARTHEST)] | None = attrs.field(default=None, metadata=about("At most so many metres away.", 5000))


@attrs.frozen(kw_only=True)
class NearStoreView:
    """A store and how far away it is, in whole metres."""

    id: Identifier
    number: str
    name: str
    address: Address | None
    distance: int


@attrs.frozen(kw_only=True)
class ReturnRuleEntry:
    """Where goods go that come back for a reason."""

    reason: Identifier = attrs.field(metadata=about("Id of the reason code."))
    store: Reference | None = attrs.field(default=None, metadata=about("Number or id of the only store where it counts."))
    warehouse: Reference = attrs.field(metadata=about("Code or id of the warehouse.", "S001"))
    place: Reference | None = attrs.field(default=None, metadata=about("Code or id of the place in it."))
    blocked: bool = attrs.field(default=False, metadata=about("Whether the goods are not for sale there."))


ReturnRules = Annotated[tuple[ReturnRuleEntry, ...], Items(0, 1000)]


@attrs.frozen(kw_only=True)
class CreateReturnPolicy:
    """Where goods of some categories go when they come back."""

    code: PlainCode = attrs.field(metadata=about("Unique within the legal entity, never changed.", "FRAGILE"))
    name: Text = attrs.field(metadata=about("Name.", "Glass and china"))
    blocked: bool = attrs.field(default=False, metadata=about("Whether goods are not for sale where no rule says otherwise."))
    rules: ReturnRules = ()


@attrs.frozen(kw_only=True)
class ReadReturnPolicy:
    """Names a return policy."""

    return_policy: Reference = attrs.field(metadata=about("Code or id.", "FRAGILE"))


@attrs.frozen(kw_only=True)
class ChangeReturnPolicy(ReadReturnPolicy):
    """What shall be different at a return policy; what is left out stays, rules that are sent take the place of all."""

    name: Text = attrs.field(factory=left_out, metadata=about("Name."))
    blocked: bool = attrs.field(factory=left_out, metadata=about("Whether goods are not for sale where no rule says otherwise."))
    rules: ReturnRules = attrs.field(factory=left_out, metadata=about("All rules from now on."))


@attrs.frozen(kw_only=True)
class ReturnRuleView:
    """A rule of a return policy; `store_id` null where it counts in every store."""

    reason_code_id: Identifier
    store_id: Identifier | None
    warehouse_id: Identifier
    place_id: Identifier | None
    blocked: bool


@attrs.frozen(kw_only=True)
class ReturnPolicyView:
    """A return policy."""

    id: Identifier
    legal_entity_id: Identifier
    code: str
    name: str
    blocked: bool
    rules: tuple[ReturnRuleView, ...]
    version: int


@attrs.frozen(kw_only=True)
class ListReturnPolicies(PageRequest):
    """Asks for the return policies of the legal entity."""
