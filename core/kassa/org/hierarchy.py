"""Hierarchies as trees: dated placements of nodes, and what stands below and above a node on a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from kassa.org.documents import NodeKind

ENDLESS = "9999-12-31"


@attrs.frozen(kw_only=True)
class Node:
    """A node of a hierarchy: a mere group, a legal entity or a store."""

    id: str
    kind: NodeKind
    code: str
    name: str
    legal_entity_id: str | None = None
    store_id: str | None = None


@attrs.frozen(kw_only=True)
class Placement:
    """Where a node stands from a day to a day, both included: below another node, or as a root."""

    id: str
    node_id: str
    parent_id: str | None
    valid_from: str
    valid_to: str | None = None

    def covers(self, date: str) -> bool:
        """Whether it counts on a date."""
        return self.valid_from <= date and (self.valid_to is None or date <= self.valid_to)

    def meets(self, first: str, last: str | None) -> bool:
        """Whether it counts on any day from the first to the last."""
        return self.valid_from <= (last or ENDLESS) and (self.valid_to is None or first <= self.valid_to)


@attrs.frozen(kw_only=True)
class Tree:
    """A hierarchy as it stands on one day; `parents` holds every node that hangs together with a root, roots under None."""

    nodes: Mapping[str, Node]
    parents: Mapping[str, str | None]
    children: Mapping[str | None, Sequence[str]]

    def below(self, node_id: str) -> list[Node]:
        """A node and all below it, each after the one above; none where it does not stand in the hierarchy that day."""
        return [self.nodes[found] for found in self._descend(node_id)] if node_id in self.parents else []

    def _descend(self, node_id: str) -> Iterator[str]:
        yield node_id
        for child in self.children.get(node_id, ()):
            yield from self._descend(child)

    def above(self, node_id: str) -> list[Node]:
        """A node and all above it up to its root; none where it does not stand in the hierarchy that day."""
        found: list[Node] = []
        current: str | None = node_id if node_id in self.parents else None
        while current is not None:
            found.append(self.nodes[current])
            current = self.parents[current]
        return found

    def node_of_store(self, store_id: str) -> str | None:
        """The id of the node that holds a store, where it stands in the hierarchy that day."""
        return next((node_id for node_id in self.parents if self.nodes[node_id].store_id == store_id), None)


@attrs.frozen(kw_only=True)
class Hierarchy:
    """A hierarchy with all that ever stood in it; `legal_entity_id` None where it holds for all."""

    id: str
    legal_entity_id: str | None
    code: str
    name: str
    purpose: str
    nodes: Mapping[str, Node]
    placements: Sequence[Placement]

    def on(self, date: str) -> Tree:
        """The tree on a day: what hangs together with a root; a node whose node above is not there is not there either."""
        placed = {placement.node_id: placement.parent_id for placement in self.placements if placement.covers(date)}
        children: dict[str | None, list[str]] = {}
        for node_id in sorted(placed, key=lambda node: (self.nodes[node].code, node)):
            children.setdefault(placed[node_id], []).append(node_id)
        parents: dict[str, str | None] = {}
        waiting = list(children.get(None, ()))
        while waiting:
            node_id = waiting.pop()
            parents[node_id] = placed[node_id]
            waiting += children.get(node_id, ())
        return Tree(nodes=self.nodes, parents=parents, children=children)

    def of_node(self, node_id: str) -> list[Placement]:
        """All placements of a node, the earliest first."""
        return sorted((found for found in self.placements if found.node_id == node_id), key=lambda found: found.valid_from)


def overlapping(placements: Iterable[Placement]) -> Iterator[tuple[Placement, Placement]]:
    """Pairs of placements of one node that count on the same day."""
    by_node: dict[str, Placement] = {}
    for placement in sorted(placements, key=lambda found: (found.node_id, found.valid_from, found.id)):
        before = by_node.get(placement.node_id)
        if before is not None and before.meets(placement.valid_from, placement.valid_to):
            yield before, placement
        if before is None or (before.valid_to or ENDLESS) < (placement.valid_to or ENDLESS):
            by_node[placement.node_id] = placement


def leads_to(
    placements: Sequence[Placement], start: str, target: str, first: str, last: str | None, passed: frozenset[str] = frozenset()
) -> bool:
    """Whether upwards from `start` one comes to `target` on any day from the first to the last; no placement is `passed` twice."""
    if start == target:
        return True
    for placement in placements:
        fits = placement.node_id == start and placement.parent_id is not None and placement.id not in passed
        if fits and placement.meets(first, last):
            begin, end = max(first, placement.valid_from), min(last or ENDLESS, placement.valid_to or ENDLESS)
            if leads_to(placements, placement.parent_id or "", target, begin, end, passed | {placement.id}):
                return True
    return False
