"""Item model groups: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.catalog import store
from kassa.catalog.messages import categories as messages
from kassa.catalog.models import ItemModelGroupRow
from kassa.catalog.recording import Recorded
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, NotFound, Refused
from kassa.kernel.keys import NO_ID
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import change, given, listed, refusal, taken

SELECT = (
    "SELECT id, legal_entity_id, code, costing, stocked, post_physical, quarantine_management, negative_stock, version FROM catalog_item_model_group"
)
RELEASED_ANYWHERE = "SELECT 1 FROM catalog_release WHERE product_id = ?"
TAKEN = f"SELECT 1 FROM catalog_item_model_group WHERE code = ? AND coalesce(legal_entity_id, '{NO_ID}') = ?"


def group_issues(groups: store.Groups, kind: str, group: str | None, pointer: str = "/item_model_group") -> list[Issue]:
    """The issue of goods without an item model group, or of one that does not hold in the legal entity."""
    if group is None and kind == "service":
        return []
    if group is None:
        return [refusal("CATALOG_ITEM_MODEL_GROUP", "Goods need an item model group, which says how their stock is kept.", pointer)]
    if group in groups:
        return []
    holding = ", ".join(sorted(groups)) or "none yet"
    return [refusal("CATALOG_ITEM_MODEL_GROUP", f"There is no item model group {group} here. There are: {holding}.", pointer, group)]


def regrouping_issues(
    context: Context, groups: store.Groups, present: Recorded, group: str, pointer: str = "/item_model_group"
) -> list[Issue]:
    """The issue of another item model group that costs or stocks otherwise, once the product can have stock anywhere."""
    before, after = groups.get(present.item_model_group or ""), groups[group]
    if before is None or before[:2] == after[:2] or context.read.row(RELEASED_ANYWHERE, (present.id,)) is None:
        return []
    message = (
        f"{present.number} is released and may have stock, which {present.item_model_group} keeps and costs otherwise than {group}. "
        "Name a group with the same costing, or create another product."
    )
    return [refusal("CATALOG_ITEM_MODEL_GROUP", message, pointer, group)]


def create_item_model_group(command: messages.CreateItemModelGroup, context: Context) -> Result:
    """Plan a new item model group, for the legal entity of the request or for all."""
    entity_id = None if command.all_legal_entities else org.legal_entity(context).id
    if entity_id is None and context.actor.legal_entities is not None:
        message = "What holds in all legal entities is created by who may act in all of them. Create it for yours alone."
        raise Refused((refusal("CATALOG_ALL_ENTITIES", message, "/all_legal_entities"),))
    if context.read.row(TAKEN, (command.code, entity_id or NO_ID)):
        raise taken("The item model group", "/code", command.code)
    view = messages.ItemModelGroupView(
        id=new_id(),
        legal_entity_id=entity_id,
        code=command.code,
        costing=command.costing,
        stocked=command.stocked,
        post_physical=command.post_physical,
        quarantine_management=command.quarantine_management,
        negative_stock=command.negative_stock,
        version=1,
    )
    context.plan.add([Row(ItemModelGroupRow, attrs.asdict(view))], rule="catalog.create_item_model_group")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def read_item_model_group(request: messages.ReadItemModelGroup, context: Context) -> messages.ItemModelGroupView:
    """Show one item model group of the legal entity, or of all."""
    return _read(context, request.item_model_group)


def _read(context: Context, group_id: str) -> messages.ItemModelGroupView:
    entity = org.legal_entity(context)
    row = context.read.row(f"{SELECT} WHERE id = ? AND (legal_entity_id IS NULL OR legal_entity_id = ?)", (group_id, entity.id))
    if row is None:
        raise NotFound("item model group", group_id)
    return _view(row)


def _view(row: DatabaseRow) -> messages.ItemModelGroupView:
    group_id, entity_id, code, costing, stocked, post_physical, quarantine, negative_stock, version = row
    return messages.ItemModelGroupView(
        id=group_id,
        legal_entity_id=entity_id,
        code=code,
        costing=costing,
        stocked=bool(stocked),
        post_physical=bool(post_physical),
        quarantine_management=bool(quarantine),
        negative_stock=negative_stock,
        version=version,
    )


def list_item_model_groups(request: messages.ListItemModelGroups, context: Context) -> Any:
    """Show a page of the item model groups of the legal entity and of all, in the order in which they were created."""
    entity = org.legal_entity(context)
    conditions = [("(legal_entity_id IS NULL OR legal_entity_id = ?)", entity.id)]
    return listed(context, request, SELECT, conditions, messages.ItemModelGroupView, _view)


def change_item_model_group(command: messages.ChangeItemModelGroup, context: Context) -> Result:
    """Plan how deliveries and receipts of a group are treated, and whether stock may be negative; costing and stock keeping never change."""
    present = _read(context, command.item_model_group)
    if present.legal_entity_id is None and context.actor.legal_entities is not None:
        message = "What holds in all legal entities is changed by who may act in all of them. Create one for yours alone."
        raise Refused((refusal("CATALOG_ALL_ENTITIES", message, ""),))
    values = given(command, "post_physical", "quarantine_management", "negative_stock")
    what = f"The item model group {present.code}"
    version = change(context, ItemModelGroupRow, {"id": present.id}, present.version, what, values, "catalog.change_item_model_group")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="catalog.create_item_model_group",
        announces="catalog.item_model_group_created",
        summary="Create an item model group",
        description="Says how products are kept: costed by moving average, standard cost or FIFO, stocked or not, deliveries posted or not.",
        effect="edit",
        http=Http(method="POST", path="/item-model-groups", status=201, location="/item-model-groups/{id}"),
        request=messages.CreateItemModelGroup,
        response=messages.ItemModelGroupView,
        permission="catalog.change_products",
        handler=create_item_model_group,
        example={"code": "AVERAGE", "costing": "moving_average"},
    ),
    Operation(
        name="catalog.list_item_model_groups",
        summary="List the item model groups that hold in a legal entity",
        effect="read",
        http=Http(method="GET", path="/item-model-groups"),
        request=messages.ListItemModelGroups,
        response=page_of(messages.ItemModelGroupView),
        permission="catalog.read",
        handler=list_item_model_groups,
        collection=True,
    ),
    Operation(
        name="catalog.read_item_model_group",
        summary="Read an item model group",
        effect="read",
        http=Http(method="GET", path="/item-model-groups/{item_model_group}"),
        request=messages.ReadItemModelGroup,
        response=messages.ItemModelGroupView,
        permission="catalog.read",
        handler=read_item_model_group,
    ),
    Operation(
        name="catalog.change_item_model_group",
        announces="catalog.item_model_group_changed",
        summary="Change how an item model group treats deliveries and receipts, and whether its stock may be negative",
        effect="edit",
        http=Http(method="PATCH", path="/item-model-groups/{item_model_group}"),
        request=messages.ChangeItemModelGroup,
        response=messages.ItemModelGroupView,
        permission="catalog.change_products",
        handler=change_item_model_group,
    ),
)
