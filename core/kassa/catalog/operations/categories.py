"""Categories: create, read, list, change, move."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.catalog.messages import categories as messages
from kassa.catalog.models import CategoryRow
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import NotFound, Refused
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org.editing import change, given, listed, refusal, taken

SELECT = "SELECT id, code, name, parent_id, path, return_policy, version FROM catalog_category"


def find_category(context: Context, reference: str) -> messages.CategoryView:
    """The category of a code or id; NotFound where there is none."""
    row = context.read.row(f"{SELECT} WHERE code = ? OR id = ?", (reference, id_or_none(reference)))
    if row is None:
        raise NotFound("category", reference)
    return _view(row)


def subtree(path: str) -> tuple[str, str]:
    """The condition on `catalog_category` that holds for a category and all below it, and its parameter."""
    return f"substr(path, 1, {len(path)}) = ?", path


def _view(row: DatabaseRow) -> messages.CategoryView:
    category_id, code, name, parent_id, path, return_policy, version = row
    return messages.CategoryView(
        id=category_id, code=code, name=name, parent_id=parent_id, path=path, return_policy=return_policy, version=version
    )


def create_category(command: messages.CreateCategory, context: Context) -> Result:
    """Plan a new category, as a root or below another."""
    if context.read.row("SELECT 1 FROM catalog_category WHERE code = ?", (command.code,)):
        raise taken("The category", "/code", command.code)
    above = find_category(context, command.parent) if command.parent is not None else None
    view = messages.CategoryView(
        id=new_id(),
        code=command.code,
        name=command.name,
        parent_id=above.id if above is not None else None,
        path=_path(above, command.code),
        return_policy=command.return_policy,
        version=1,
    )
    context.plan.add([Row(CategoryRow, attrs.asdict(view))], rule="catalog.create_category")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _path(above: messages.CategoryView | None, code: str) -> str:
    return f"{above.path if above is not None else '/'}{code}/"


def read_category(request: messages.ReadCategory, context: Context) -> messages.CategoryView:
    """Show one category."""
    return find_category(context, request.category)


def list_categories(request: messages.ListCategories, context: Context) -> Any:
    """Show a page of categories, in the order in which they were created."""
    parent_id = find_category(context, request.parent).id if request.parent is not None else None
    return listed(context, request, SELECT, [("parent_id = ?", parent_id)], messages.CategoryView, _view)


def change_category(command: messages.ChangeCategory, context: Context) -> Result:
    """Plan another name or place for a category; all below it move along."""
    present = find_category(context, command.category)
    values = given(command, "name", "return_policy")
    moves = given(command, "parent")
    if moves:
        above = find_category(context, moves["parent"]) if moves["parent"] is not None else None
        if above is not None and above.path.startswith(present.path):
            message = f"{above.code} is {present.code} itself or stands below it. Name another category."
            raise Refused((refusal("CATALOG_CATEGORY_CIRCLE", message, "/parent", above.code),))
        values |= {"parent_id": above.id if above is not None else None, "path": _path(above, present.code)}
    what = f"The category {present.code}"
    version = change(context, CategoryRow, {"id": present.id}, present.version, what, values, "catalog.change_category")
    if values.get("path", present.path) != present.path:
        _move_below(context, present, values["path"])
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


def _move_below(context: Context, present: messages.CategoryView, path: str) -> None:
    condition, parameter = subtree(present.path)
    rows = context.read.rows(f"{SELECT} WHERE {condition} AND id <> ?", (parameter, present.id))
    below = [_view(row) for row in rows]
    moved = [
        Row(CategoryRow, {"path": path + category.path[len(present.path) :]}, key={"id": category.id}, version=category.version)
        for category in below
    ]
    context.plan.add(moved, rule="catalog.change_category")


OPERATIONS = (
    Operation(
        name="catalog.create_category",
        announces="catalog.category_created",
        summary="Create a category",
        effect="edit",
        http=Http(method="POST", path="/categories", status=201, location="/categories/{id}"),
        request=messages.CreateCategory,
        response=messages.CategoryView,
        permission="catalog.change_products",
        handler=create_category,
        scope="none",
        example={"code": "LIGHTS", "name": "Lights"},
    ),
    Operation(
        name="catalog.list_categories",
        summary="List categories",
        effect="read",
        http=Http(method="GET", path="/categories"),
        request=messages.ListCategories,
        response=page_of(messages.CategoryView),
        permission="catalog.read",
        handler=list_categories,
        scope="none",
        collection=True,
    ),
    Operation(
        name="catalog.read_category",
        summary="Read a category",
        effect="read",
        http=Http(method="GET", path="/categories/{category}"),
        request=messages.ReadCategory,
        response=messages.CategoryView,
        permission="catalog.read",
        handler=read_category,
        scope="none",
    ),
    Operation(
        name="catalog.change_category",
        announces="catalog.category_changed",
        summary="Rename a category, or move it with all below it",
        effect="edit",
        http=Http(method="PATCH", path="/categories/{category}"),
        request=messages.ChangeCategory,
        response=messages.CategoryView,
        permission="catalog.change_products",
        handler=change_category,
        scope="none",
    ),
)
