"""What others ask about how the organisation is arranged: hierarchies, fulfilment, distances, where returned goods go.

Every answer comes from frozen values that are kept until the organisation changes; the first question after a change reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kassa.kernel.context import Context
from kassa.kernel.database import Reader
from kassa.kernel.errors import Issue, NotFound, Refused
from kassa.kernel.keys import id_or_none
from kassa.org import store as rows
from kassa.org.distance import Point, chord_square, point
from kassa.org.documents import FulfilmentLocation, Place, ReturnPlace, Store, Warehouse
from kassa.org.facts.places import legal_entity, only_legal_entity, warehouse
from kassa.org.hierarchy import Hierarchy, Node, Tree
from kassa.org.messages.scalars import Coordinates

RULES = (
    "SELECT r.reason_code_id, r.store_id, r.warehouse_id, r.place_id, r.blocked OR coalesce(p.blocked, r.blocked) FROM org_return_rule r "
    "LEFT JOIN org_place p ON p.id = r.place_id WHERE r.policy_id = ? AND r.active"
)
RETURN_PLACE = f"{rows.SELECT_PLACE} WHERE id = ? AND active"
STORES = f"{rows.SELECT_STORE} WHERE legal_entity_id = ? AND address IS NOT NULL ORDER BY id"
Located = tuple[Store, Point]
Policy = tuple[bool, dict[tuple[str, str | None], ReturnPlace]]
"""Whether goods are blocked where no rule says otherwise; the rules by reason and store (None: every store)."""


def hierarchies(context: Context, purpose: str) -> tuple[Hierarchy, ...]:
    """The hierarchies of a purpose that hold in the legal entity of the request, those of all entities included."""
    found: tuple[Hierarchy, ...] = context.cached("org", "hierarchies", purpose, _load_hierarchies)
    entity_id = legal_entity(context).id
    return tuple(hierarchy for hierarchy in found if hierarchy.legal_entity_id in (None, entity_id))


def _load_hierarchies(read: Reader, purpose: str) -> tuple[Hierarchy, ...]:
    found = read.rows(f"{rows.SELECT_HIERARCHY} WHERE purpose = ? ORDER BY id", (purpose,))
    return tuple(rows.hierarchy(read, row) for row in found)


def hierarchy(context: Context, reference: str, purpose: str | None = None, pointer: str = "/hierarchy") -> Hierarchy:
    """The hierarchy of a code or id; one of the legal entity of the request goes before one of all.

    NotFound where there is none in the actor's scope; Refused where a purpose is asked for that it does not serve.
    """
    entity_id = context.legal_entity_id or only_legal_entity(context)
    scope = context.actor.legal_entities
    known: tuple[Hierarchy, ...] = context.cached("org", "hierarchy", reference, _find_hierarchies)
    seen = [found for found in known if found.legal_entity_id is None or scope is None or found.legal_entity_id in scope]
    fitting = [found for found in seen if found.id == reference or found.legal_entity_id in (None, entity_id)]
    fitting.sort(key=lambda found: found.legal_entity_id is None)
    if not fitting:
        raise NotFound("hierarchy", reference)
    if purpose is not None and fitting[0].purpose != purpose:
        message = f"The hierarchy {fitting[0].code} is for {fitting[0].purpose}. Name one whose purpose is {purpose}."
        raise Refused((Issue(code="ORG_HIERARCHY_PURPOSE", message=message, pointer=pointer, got=reference),))
    return fitting[0]


def _find_hierarchies(read: Reader, reference: str) -> tuple[Hierarchy, ...]:
    found = read.rows(f"{rows.SELECT_HIERARCHY} WHERE code = ? OR id = ? ORDER BY id", (reference, id_or_none(reference)))
    return tuple(rows.hierarchy(read, row) for row in found)


def tree(context: Context, found: Hierarchy, date: str) -> Tree:
    """A hierarchy as it stands on a date; worked out once for each date."""
    standing: Tree = context.cached("org", "tree", (found.id, date), lambda read, key: found.on(key[1]))
    return standing


def stores_below(context: Context, found: Hierarchy, node_id: str, date: str) -> tuple[str, ...]:
    """The ids of all stores at or below a node of a hierarchy on a date."""
    return tuple(node.store_id for node in tree(context, found, date).below(node_id) if node.store_id is not None)


def nodes_above(context: Context, found: Hierarchy, store_id: str, date: str) -> tuple[Node, ...]:
    """The node of a store and all nodes above it on a date, the root last; none where the store does not stand there."""
    standing = tree(context, found, date)
    node_id = standing.node_of_store(store_id)
    return tuple(standing.above(node_id)) if node_id is not None else ()


def fulfilment_locations(context: Context, place: Store) -> tuple[FulfilmentLocation, ...]:
    """Where goods for a store can be sent from or picked up: the store itself first, then the members of its fulfilment groups.

    A store ships and is a place of pick-up for itself, unless a group of its own says otherwise. What several groups allow adds up.
    """

    def load(read: Reader, store_id: str) -> tuple[FulfilmentLocation, ...]:
        own = FulfilmentLocation(
            warehouse_id=place.warehouse_id, store_id=place.id, code=place.number, name=place.name, ships=True, picks_up=True,
            address=place.address,
        )  # fmt: skip
        return _merged(own, [rows.location(row) for row in read.rows(rows.MEMBERS, (store_id,))])

    found: tuple[FulfilmentLocation, ...] = context.cached("org", "fulfilment", place.id, load)
    return found


def _merged(own: FulfilmentLocation, members: Iterable[FulfilmentLocation]) -> tuple[FulfilmentLocation, ...]:
    found: dict[tuple[str | None, str], FulfilmentLocation] = {}
    for member in members:
        key = (member.store_id, member.code)
        known = found.get(key)
        found[key] = member if known is None else _both(known, member)
    first = found.pop((own.store_id, own.code), own)
    return (first, *found.values())


def _both(one: FulfilmentLocation, other: FulfilmentLocation) -> FulfilmentLocation:
    return FulfilmentLocation(
        warehouse_id=one.warehouse_id, store_id=one.store_id, code=one.code, name=one.name, ships=one.ships or other.ships,
        picks_up=one.picks_up or other.picks_up, address=one.address,
    )  # fmt: skip


def stores_near(context: Context, coordinates: Coordinates) -> list[tuple[int, Store]]:
    """The stores of the legal entity whose coordinates are known, the nearest first, each with the square of its chord.

    `kassa.org.distance.metres` makes the distance of a square. Closed stores are among them.
    """
    located: Sequence[Located] = context.cached("org", "located", legal_entity(context).id, _load_located)
    here = point(coordinates)
    return sorted(((chord_square(here, there), store) for store, there in located), key=lambda found: (found[0], found[1].id))


def _load_located(read: Reader, entity_id: str) -> tuple[Located, ...]:
    stores = [rows.store(row) for row in read.rows(STORES, (entity_id,))]
    return tuple((store, point(store.address.coordinates)) for store in stores if store.address and store.address.coordinates)


def default_return_place(context: Context, place: Warehouse) -> Place | None:
    """The place of a warehouse to which goods that come back go where nothing else is said; None where it names none."""
    if place.return_place_id is None:
        return None
    found: Place | None = context.cached("org", "place", place.return_place_id, _load_return_place)
    return found


def _load_return_place(read: Reader, place_id: str) -> Place | None:
    row = read.row(RETURN_PLACE, (place_id,))
    return rows.place(row) if row is not None else None


def return_place(context: Context, store: Store, reason_code_id: str | None, policy: str | None = None) -> ReturnPlace:
    """Where goods go that come back to a store for a reason, by the policy of their category (its code).

    A rule of the policy for this reason counts, one for this store before one for every store. Else they go to the default
    return place of the store's warehouse, blocked where the policy or the place says so. NotFound where the legal entity has
    no such policy.
    """
    standing = _policy(context, policy) if policy is not None else None
    if standing is not None and reason_code_id is not None:
        for store_id in (store.id, None):
            if (reason_code_id, store_id) in standing[1]:
                return standing[1][reason_code_id, store_id]
    found = default_return_place(context, warehouse(context, store.warehouse_id))
    blocked = (standing is not None and standing[0]) or (found is not None and found.blocked)
    return ReturnPlace(warehouse_id=store.warehouse_id, place_id=found.id if found is not None else None, blocked=blocked)


def _policy(context: Context, code: str) -> Policy:
    found: Policy = context.cached("org", "return_policy", (legal_entity(context).id, code), _load_policy)
    return found


def _load_policy(read: Reader, key: tuple[str, str]) -> Policy:
    row = read.row("SELECT id, blocked FROM org_return_policy WHERE legal_entity_id = ? AND code = ?", key)
    if row is None:
        raise NotFound("return policy", key[1])
    rules = {
        (reason, store): ReturnPlace(warehouse_id=warehouse_id, place_id=place_id, blocked=bool(blocked))
        for reason, store, warehouse_id, place_id, blocked in read.rows(RULES, (row[0],))
    }
    return bool(row[1]), rules
