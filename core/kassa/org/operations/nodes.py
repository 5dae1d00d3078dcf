"""Nodes of hierarchies: add, place elsewhere, end; the tree on a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from kassa.kernel.clock import add_days
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue, NotFound, Refused
from kassa.kernel.operations import Result
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.editing import refusal, taken
from kassa.org.hierarchy import Hierarchy, Node, Placement, leads_to
from kassa.org.messages import structure as messages
from kassa.org.models import HierarchyRow, NodeRow, PlacementRow
from kassa.org.operations.hierarchies import require_whole


def add_node(command: messages.AddNode, context: Context) -> Result:
    """Plan a new node from a day on; an organisation stands in a hierarchy once at a time."""
    hierarchy = _open(context, command.hierarchy)
    if any(node.code == command.code for node in hierarchy.nodes.values()):
        raise taken("The node", "/code", command.code)
    node = _node(command, context, hierarchy)
    placement = _placement(hierarchy, node.id, command.parent, command.valid_from, command.valid_to)
    issues = dates_issues(command.valid_from, command.valid_to)
    context.refuse(issues or _twice_issues(hierarchy, node, placement))
    values = {**attrs.asdict(node), "hierarchy_id": hierarchy.id, "version": 1}
    _arrange(context, hierarchy, [Row(NodeRow, values), _row(hierarchy, placement)], "org.add_node")
    view = _view(hierarchy, node, [placement])
    return Result(view=lambda numbers: view, document_id=node.id)


def _open(context: Context, reference: str) -> Hierarchy:
    hierarchy = facts.hierarchy(context, reference)
    require_whole(context, hierarchy.legal_entity_id)
    return hierarchy


def _node(command: messages.AddNode, context: Context, hierarchy: Hierarchy) -> Node:
    if command.legal_entity is not None and command.store is not None:
        raise Refused((refusal("ORG_NODE_UNFIT", "A node holds a legal entity or a store. Name one of them, or none.", "/store"),))
    if command.store is not None:
        store = facts.store(context, command.store)
        made = Node(
            id=new_id(), kind="store", code=command.code, name=command.name or store.name, legal_entity_id=store.legal_entity_id,
            store_id=store.id,
        )  # fmt: skip
    elif command.legal_entity is not None:
        entity = facts.legal_entity(context, command.legal_entity)
        made = Node(id=new_id(), kind="legal_entity", code=command.code, name=command.name or entity.name, legal_entity_id=entity.id)
    else:
        made = Node(id=new_id(), kind="group", code=command.code, name=command.name or command.code)
    if made.legal_entity_id is not None and hierarchy.legal_entity_id not in (None, made.legal_entity_id):
        message = f"The hierarchy {hierarchy.code} is of another legal entity. Use one that holds in all."
        raise Refused((refusal("ORG_NODE_UNFIT", message, "/store" if made.store_id is not None else "/legal_entity"),))
    return made


def dates_issues(first: str, last: str | None) -> list[Issue]:
    """The issue of a last day before the first."""
    if last is None or first <= last:
        return []
    return [refusal("ORG_DATES_CROSS", f"The last day {last} is before the first, {first}. Correct one of the two.", "/valid_to", last)]


def _twice_issues(hierarchy: Hierarchy, node: Node, placement: Placement) -> list[Issue]:
    """The issue of an organisation that stands in the hierarchy already on one of the days."""
    if node.kind == "group":
        return []
    same = {known.id for known in hierarchy.nodes.values() if _holder(known) == _holder(node) and known.id != node.id}
    for known in hierarchy.placements:
        if known.node_id in same and known.meets(placement.valid_from, placement.valid_to):
            message = (
                f"{node.name} stands in {hierarchy.code} already, as {hierarchy.nodes[known.node_id].code} from {known.valid_from} on."
            )
            return [refusal("ORG_NODE_UNFIT", f"{message} End that, or place that node elsewhere.", "/valid_from", placement.valid_from)]
    return []


def _holder(node: Node) -> tuple[str, str | None]:
    return node.kind, node.store_id or node.legal_entity_id


def find_node(hierarchy: Hierarchy, reference: str) -> Node:
    """The node of a code or id within a hierarchy; NotFound where there is none."""
    for node in hierarchy.nodes.values():
        if reference in (node.code, node.id):
            return node
    raise NotFound("node", reference)


def _placement(hierarchy: Hierarchy, node_id: str, parent: str | None, first: str, last: str | None) -> Placement:
    parent_id = find_node(hierarchy, parent).id if parent is not None else None
    return Placement(id=new_id(), node_id=node_id, parent_id=parent_id, valid_from=first, valid_to=last)


def _row(hierarchy: Hierarchy, placement: Placement) -> Row:
    return Row(PlacementRow, {**attrs.asdict(placement), "hierarchy_id": hierarchy.id})


def _arrange(context: Context, hierarchy: Hierarchy, rows: Sequence[Row], rule: str) -> None:
    """Plan rows of nodes and placements, provided that nobody arranges the same hierarchy meanwhile."""
    version = context.read.value("SELECT version FROM org_hierarchy WHERE id = ?", (hierarchy.id,))
    arranged = Row(HierarchyRow, {"arranged_at": context.now}, key={"id": hierarchy.id}, version=version)
    context.plan.add([arranged, *rows], rule=rule)


def _view(hierarchy: Hierarchy, node: Node, placements: Sequence[Placement]) -> messages.NodeView:
    shown = tuple(
        messages.PlacementView(id=found.id, parent_id=found.parent_id, valid_from=found.valid_from, valid_to=found.valid_to)
        for found in placements
    )
    return messages.NodeView(**attrs.asdict(node), hierarchy_id=hierarchy.id, placements=shown)


def place_node(command: messages.PlaceNode, context: Context) -> Result:
    """Plan another place for a node from a day on; all below it move along, and where it stood before is kept."""
    hierarchy = _open(context, command.hierarchy)
    node = find_node(hierarchy, command.node)
    placement = _placement(hierarchy, node.id, command.parent, command.valid_from, command.valid_to)
    context.refuse(dates_issues(command.valid_from, command.valid_to) or _place_issues(hierarchy, node, placement))
    known = hierarchy.of_node(node.id)
    cut = [found for found in known if found.covers(command.valid_from)]
    ended = add_days(command.valid_from, -1)
    rows = [_end(found, ended) for found in cut]
    _arrange(context, hierarchy, [*rows, _row(hierarchy, placement)], "org.place_node")
    kept = [attrs.evolve(found, valid_to=ended) if found in cut else found for found in known]
    view = _view(hierarchy, node, [*kept, placement])
    return Result(view=lambda numbers: view, document_id=node.id)


def _end(placement: Placement, last: str) -> Row:
    return Row(PlacementRow, {"valid_to": last}, key={"id": placement.id})


def _place_issues(hierarchy: Hierarchy, node: Node, placement: Placement) -> list[Issue]:
    issues = _twice_issues(hierarchy, node, placement)
    for known in hierarchy.of_node(node.id):
        if known.valid_from >= placement.valid_from and known.meets(placement.valid_from, placement.valid_to):
            message = f"{node.code} has another place from {known.valid_from} on. Choose a later day, or days that end before it."
            issues.append(refusal("ORG_NODE_UNFIT", message, "/valid_from", placement.valid_from))
    if placement.parent_id is not None:
        above = placement.parent_id
        if leads_to(hierarchy.placements, above, node.id, placement.valid_from, placement.valid_to):
            message = f"{hierarchy.nodes[above].code} is {node.code} itself or stands below it. Name another node."
            issues.append(refusal("ORG_NODE_CIRCLE", message, "/parent", hierarchy.nodes[above].code))
    return issues


def end_node(command: messages.EndNode, context: Context) -> Result:
    """Plan the last day of a node; it must stand in the hierarchy on that day, and not begin anew later."""
    hierarchy = _open(context, command.hierarchy)
    node = find_node(hierarchy, command.node)
    known = hierarchy.of_node(node.id)
    current = next((found for found in known if found.covers(command.valid_to)), None)
    if current is None or known[-1] != current:
        message = f"{node.code} does not stand in {hierarchy.code} on {command.valid_to}, or has another place later. Name another day."
        raise Refused((refusal("ORG_NODE_UNFIT", message, "/valid_to", command.valid_to),))
    _arrange(context, hierarchy, [_end(current, command.valid_to)], "org.end_node")
    view = _view(hierarchy, node, [*known[:-1], attrs.evolve(current, valid_to=command.valid_to)])
    return Result(view=lambda numbers: view, document_id=node.id)


def read_tree(request: messages.ReadTree, context: Context) -> messages.TreeView:
    """Show what stands in a hierarchy on a day, or below one of its nodes."""
    hierarchy = facts.hierarchy(context, request.hierarchy)
    date = request.date or facts.today(context, facts.legal_entity(context))
    tree = facts.tree(context, hierarchy, date)
    roots = [find_node(hierarchy, request.node).id] if request.node is not None else tree.children.get(None, ())
    nodes: list[Any] = [node for root in roots for node in tree.below(root)]
    shown = tuple(messages.StandingNodeView(**attrs.asdict(node), parent_id=tree.parents[node.id]) for node in nodes)
    return messages.TreeView(hierarchy_id=hierarchy.id, date=date, nodes=shown)


OPERATIONS = (
    Operation(
        name="org.add_node",
        announces="org.node_added",
        summary="Add a node to a hierarchy from a day on",
        description="A mere group, or the place of a legal entity or store, which stands in a hierarchy once at a time.",
        effect="edit",
        http=Http(method="POST", path="/hierarchies/{hierarchy}/nodes", status=201),
        request=messages.AddNode,
        response=messages.NodeView,
        permission="org.change",
        handler=add_node,
        example={"hierarchy": "REGIONS", "code": "NORTH", "name": "North", "valid_from": "2026-01-01"},
    ),
    Operation(
        name="org.place_node",
        announces="org.node_placed",
        summary="Place a node elsewhere in its hierarchy from a day on",
        description="All below it move along. Where it stood before ends the day before and is kept, so reports of the past stay as they were.",
        effect="edit",
        http=Http(method="POST", path="/hierarchies/{hierarchy}/nodes/{node}/placements", status=201),
        request=messages.PlaceNode,
        response=messages.NodeView,
        permission="org.change",
        handler=place_node,
        example={"hierarchy": "REGIONS", "node": "NORTH", "valid_from": "2026-07-01"},
    ),
    Operation(
        name="org.end_node",
        announces="org.node_ended",
        summary="End a node of a hierarchy",
        effect="edit",
        http=Http(method="POST", path="/hierarchies/{hierarchy}/nodes/{node}/end"),
        request=messages.EndNode,
        response=messages.NodeView,
        permission="org.change",
        handler=end_node,
        example={"hierarchy": "REGIONS", "node": "NORTH", "valid_to": "2026-06-30"},
    ),
    Operation(
        name="org.read_tree",
        summary="Read the nodes of a hierarchy as they stand on a day",
        effect="read",
        http=Http(method="GET", path="/hierarchies/{hierarchy}/nodes"),
        request=messages.ReadTree,
        response=messages.TreeView,
        permission="org.read",
        handler=read_tree,
        example={"hierarchy": "REGIONS", "date": "2026-01-01"},
    ),
)
