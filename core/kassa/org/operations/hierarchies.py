"""Hierarchies of organisations: create, read, list, rename; the purposes that there are."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.keys import NO_ID
from kassa.kernel.operations import Result, page, page_of, read_cursor
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts
from kassa.org.documents import HierarchyPurpose
from kassa.org.editing import change, given, listed, refusal, taken
from kassa.org.hierarchy import Hierarchy
from kassa.org.messages import structure as messages
from kassa.org.models import HierarchyRow

SELECT = "SELECT id, legal_entity_id, code, name, purpose, version FROM org_hierarchy"
TAKEN = f"SELECT 1 FROM org_hierarchy WHERE code = ? AND coalesce(legal_entity_id, '{NO_ID}') = ?"


def create_hierarchy(command: messages.CreateHierarchy, context: Context) -> Result:
    """Plan a new hierarchy without nodes, for the legal entity of the request or for all."""
    entity_id = None if command.all_legal_entities else facts.legal_entity(context).id
    require_whole(context, entity_id, "/all_legal_entities")
    context.refuse(_purpose_issues(context, command.purpose))
    if context.read.row(TAKEN, (command.code, entity_id or NO_ID)):
        raise taken("The hierarchy", "/code", command.code)
    view = messages.HierarchyView(
        id=new_id(), legal_entity_id=entity_id, code=command.code, name=command.name, purpose=command.purpose, version=1
    )
    context.plan.add([Row(HierarchyRow, {**attrs.asdict(view), "arranged_at": context.now})], rule="org.create_hierarchy")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def require_whole(context: Context, entity_id: str | None, pointer: str = "") -> None:
    """Refused where a hierarchy of all legal entities is changed by somebody who may not act in all of them."""
    if entity_id is None and context.actor.legal_entities is not None:
        message = "What holds in all legal entities is changed by who may act in all of them. Make one for yours alone."
        raise Refused((refusal("ORG_BEYOND_OWN_RIGHTS", message, pointer),))


def _purpose_issues(context: Context, purpose: str) -> list[Issue]:
    if context.registry.find(HierarchyPurpose, purpose) is not None:
        return []
    known = ", ".join(found.name for found in context.registry.all(HierarchyPurpose))
    return [refusal("ORG_PURPOSE_UNKNOWN", f"There is no purpose {purpose}. There are: {known}.", "/purpose", purpose)]


def read_hierarchy(request: messages.ReadHierarchy, context: Context) -> messages.HierarchyView:
    """Show one hierarchy without its nodes."""
    return read(context, facts.hierarchy(context, request.hierarchy))


def read(context: Context, found: Hierarchy) -> messages.HierarchyView:
    """A hierarchy as it stands in its table."""
    row = context.read.row(f"{SELECT} WHERE id = ?", (found.id,))
    assert row is not None, "a hierarchy is never deleted"
    return _view(row)


def _view(row: DatabaseRow) -> messages.HierarchyView:
    hierarchy_id, entity_id, code, name, purpose, version = row
    return messages.HierarchyView(id=hierarchy_id, legal_entity_id=entity_id, code=code, name=name, purpose=purpose, version=version)


def list_hierarchies(request: messages.ListHierarchies, context: Context) -> Any:
    """Show a page of the hierarchies that hold in the legal entity, in the order in which they were created."""
    entity = facts.legal_entity(context)
    conditions = [("(legal_entity_id IS NULL OR legal_entity_id = ?)", entity.id), ("purpose = ?", request.purpose)]
    return listed(context, request, SELECT, conditions, messages.HierarchyView, _view)


def change_hierarchy(command: messages.ChangeHierarchy, context: Context) -> Result:
    """Plan another name for a hierarchy."""
    present = read(context, facts.hierarchy(context, command.hierarchy))
    require_whole(context, present.legal_entity_id)
    values = given(command, "name")
    what = f"The hierarchy {present.code}"
    version = change(context, HierarchyRow, {"id": present.id}, present.version, what, values, "org.change_hierarchy")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


def list_purposes(request: messages.ListPurposes, context: Context) -> Any:
    """Show a page of the purposes of hierarchies, in the order of their names."""
    return purposes(request, context, HierarchyPurpose)


def purposes(request: messages.ListPurposes, context: Context, kind: type[Any]) -> Any:
    """One page of the purposes of a kind, in the order of their names."""
    cursor = read_cursor(request.after, 1)
    found = [purpose for purpose in context.registry.all(kind) if cursor is None or purpose.name > str(cursor[0])]
    views = [messages.PurposeView(name=purpose.name, summary=purpose.summary) for purpose in found[: request.limit + 1]]
    return page(request, messages.PurposeView, views, lambda view: (view.name,))


OPERATIONS = (
    Operation(
        name="org.create_hierarchy",
        announces="org.hierarchy_created",
        summary="Create a hierarchy of organisations",
        description="It has one purpose; whoever uses hierarchies accepts those of one purpose alone. Nodes are added one by one, each from a day on.",
        effect="edit",
        http=Http(method="POST", path="/hierarchies", status=201, location="/hierarchies/{id}"),
        request=messages.CreateHierarchy,
        response=messages.HierarchyView,
        permission="org.change",
        handler=create_hierarchy,
        example={"code": "REGIONS", "name": "Sales regions", "purpose": "reporting"},
    ),
    Operation(
        name="org.list_hierarchies",
        summary="List the hierarchies that hold in a legal entity",
        effect="read",
        http=Http(method="GET", path="/hierarchies"),
        request=messages.ListHierarchies,
        response=page_of(messages.HierarchyView),
        permission="org.read",
        handler=list_hierarchies,
        collection=True,
    ),
    Operation(
        name="org.read_hierarchy",
        summary="Read a hierarchy without its nodes",
        effect="read",
        http=Http(method="GET", path="/hierarchies/{hierarchy}"),
        request=messages.ReadHierarchy,
        response=messages.HierarchyView,
        permission="org.read",
        handler=read_hierarchy,
    ),
    Operation(
        name="org.change_hierarchy",
        announces="org.hierarchy_changed",
        summary="Rename a hierarchy",
        effect="edit",
        http=Http(method="PATCH", path="/hierarchies/{hierarchy}"),
        request=messages.ChangeHierarchy,
        response=messages.HierarchyView,
        permission="org.change",
        handler=change_hierarchy,
    ),
    Operation(
        name="org.list_hierarchy_purposes",
        summary="List what hierarchies can be for",
        effect="read",
        http=Http(method="GET", path="/hierarchy-purposes"),
        request=messages.ListPurposes,
        response=page_of(messages.PurposeView),
        permission="org.read",
        handler=list_purposes,
        scope="none",
        collection=True,
    ),
)
