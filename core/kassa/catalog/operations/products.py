"""Products: create, read, list, change."""

from __future__ import annotations

import json
from typing import Any

import attrs

from kassa.catalog import facts, store
from kassa.catalog.barcodes import spelling
from kassa.catalog.documents import DIMENSIONS, Dimension
from kassa.catalog.messages import products as messages
from kassa.catalog.operations.categories import find_category, subtree
from kassa.catalog.operations.item_model_groups import group_issues, regrouping_issues
from kassa.catalog.operations.releases import read_release, release_row, release_view, tax_group_issues
from kassa.catalog.recording import BY_ID, Recorded, barcode_issue, barcode_row, known_barcodes, record, recorded, taken_issue
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.operations import Result, page_of
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import check_seen, given, listed, refusal, taken

SELECT = "SELECT p.id, p.number, p.name, p.kind, p.unit, p.item_model_group, p.category_id, p.master_id, p.version FROM catalog_product p"
BARCODES = "SELECT barcode, kind FROM catalog_barcode WHERE product_id = ? AND active ORDER BY code"


def create_product(command: messages.CreateProduct, context: Context) -> Result:
    """Plan a new product with its barcodes, and where asked its release to the legal entity."""
    entity = org.legal_entity(context)
    if context.read.row("SELECT 1 FROM catalog_product WHERE number = ?", (command.number,)):
        raise taken("The product", "/number", command.number)
    category_id = find_category(context, command.category).id if command.category is not None else None
    known = known_barcodes(context.read, [entry.barcode for entry in command.barcodes])
    product_id = new_id()
    issues = group_issues(store.item_model_groups(context.read, entity.id), command.kind, command.item_model_group)
    issues += _barcode_issues(command, product_id, known)
    if command.release is not None:
        issues += tax_group_issues(context, entity.id, command.release.tax_group, "/release/tax_group")
    if issues:
        raise Refused(issues)
    values: dict[str, Any] = {
        "id": product_id,
        "number": command.number,
        "name": command.name,
        "category_id": category_id,
        "kind": command.kind,
        "unit": command.unit,
        "item_model_group": command.item_model_group,
        "keywords": command.keywords,
        "dimensions": json.dumps(_in_order(command.dimensions)) if command.dimensions else None,
    }
    record(context, [values], [], "catalog.create_product")
    found = (barcode_row(entry.barcode, product_id, known.get(spelling(entry.barcode))) for entry in command.barcodes)
    rows = [row for row in found if row is not None]
    release = release_view(product_id, entity.id, command.release) if command.release is not None else None
    context.plan.add([*rows, *([release_row(release)] if release is not None else [])], rule="catalog.create_product")
    barcodes = tuple(messages.BarcodeView(barcode=row.values["barcode"], kind=row.values["kind"]) for row in rows)
    shown = values | {"dimensions": _in_order(command.dimensions), "master_id": None, "variant": None}
    view = messages.ProductView(**shown, barcodes=barcodes, release=release, version=1)
    return Result(view=lambda numbers: view, document_id=product_id, version=1)


def _in_order(dimensions: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    """Dimensions in the one order in which they are kept, each once."""
    return tuple(dimension for dimension in DIMENSIONS if dimension in dimensions)


def _barcode_issues(command: messages.CreateProduct, product_id: str, known: dict[str, tuple[str, bool]]) -> list[Issue]:
    issues: list[Issue | None] = []
    seen: set[str] = set()
    for place, entry in enumerate(command.barcodes):
        pointer, code = f"/barcodes/{place}/barcode", spelling(entry.barcode)
        issues.append(barcode_issue(entry.barcode, entry.kind, pointer))
        issues.append(taken_issue(entry.barcode, product_id, known.get(code), pointer))
        if code in seen:
            issues.append(
                refusal("CATALOG_LISTED_TWICE", f"The barcode {entry.barcode} stands twice here. Send it once.", pointer, entry.barcode)
            )
        seen.add(code)
    return [issue for issue in issues if issue is not None]


def read_product(request: messages.ReadProduct, context: Context) -> messages.ProductView:
    """Show one product with its barcodes and its release to the legal entity."""
    return _show(context, find_recorded(context, request.product))


def find_recorded(context: Context, reference: str) -> Recorded:
    """The product of a number, barcode or id as it stands in its table; NotFound where there is none."""
    product = facts.product(context, reference)
    return recorded(context.read, BY_ID, [product.id])[0]


def _show(context: Context, product: Recorded) -> messages.ProductView:
    rows = context.read.rows(BARCODES, (product.id,))
    return messages.ProductView(
        id=product.id,
        number=product.number,
        name=product.name,
        kind=product.kind,
        unit=product.unit,
        item_model_group=product.item_model_group,
        category_id=product.category_id,
        keywords=product.keywords,
        dimensions=tuple(json.loads(product.dimensions)) if product.dimensions is not None else (),
        master_id=product.master_id,
        variant=_variant(product),
        barcodes=tuple(messages.BarcodeView(barcode=barcode, kind=kind) for barcode, kind in rows),
        release=_release(context, product, org.legal_entity(context).id),
        version=product.version,
    )


def _variant(product: Recorded) -> messages.VariantValues | None:
    if product.master_id is None:
        return None
    return messages.VariantValues(
        size=product.size, colour=product.colour, style=product.style, configuration=product.configuration
    )


def _release(context: Context, product: Recorded, entity_id: str) -> messages.ReleaseView | None:
    own = read_release(context, product.id, entity_id)
    return own if own is not None or product.master_id is None else read_release(context, product.master_id, entity_id)


def list_products(request: messages.ListProducts, context: Context) -> Any:
    """Show a page of products, in the order in which they were created."""
    entity = org.legal_entity(context)
    conditions: list[tuple[str, Any]] = [("p.kind = ?", request.kind)]
    if request.category is not None:
        condition, path = subtree(find_category(context, request.category).path)
        conditions.append((f"p.category_id IN (SELECT id FROM catalog_category WHERE {condition})", path))
    if request.released is not None:
        exists = "EXISTS (SELECT 1 FROM catalog_release r WHERE (r.product_id = p.id OR r.product_id = p.master_id) AND r.legal_entity_id = ?)"
        conditions.append((exists if request.released else f"NOT {exists}", entity.id))
    return listed(context, request, SELECT, conditions, messages.ListedProductView, _listed, key="p.id")


def _listed(row: DatabaseRow) -> messages.ListedProductView:
    product_id, number, name, kind, unit, group, category_id, master_id, version = row
    return messages.ListedProductView(
        id=product_id, number=number, name=name, kind=kind, unit=unit, item_model_group=group, category_id=category_id,
        master_id=master_id, version=version,
    )  # fmt: skip


def change_product(command: messages.ChangeProduct, context: Context) -> Result:
    """Plan what shall be different at a product; the text index follows."""
    present = find_recorded(context, command.product)
    check_seen(context, f"The product {present.number}", present.version)
    values = given(command, "name", "unit", "item_model_group", "keywords")
    for reference in given(command, "category").values():
        values["category_id"] = find_category(context, reference).id if reference is not None else None
    issues = _regrouping_issues(context, present, values)
    if issues:
        raise Refused(issues)
    if values:
        record(context, [], [(present, values)], "catalog.change_product")
    version = present.version + 1 if values else present.version
    view = _show(context, attrs.evolve(present, **values, version=version))
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


def _regrouping_issues(context: Context, present: Recorded, values: dict[str, Any]) -> list[Issue]:
    if "item_model_group" not in values:
        return []
    groups = store.item_model_groups(context.read, org.legal_entity(context).id)
    return group_issues(groups, present.kind, values["item_model_group"]) or regrouping_issues(
        context, groups, present, values["item_model_group"]
    )


OPERATIONS = (
    Operation(
        name="catalog.create_product",
        announces="catalog.product_created",
        summary="Create a product",
        description="Products are the same in all legal entities; `release` makes it available to the legal entity of the request at once.",
        effect="edit",
        http=Http(method="POST", path="/products", status=201, location="/products/{id}"),
        request=messages.CreateProduct,
        response=messages.ProductView,
        permission="catalog.change_products",
        handler=create_product,
        example={
            "number": "85123A",
            "name": "White hanging heart T-light holder",
            "item_model_group": "AVERAGE",
            "barcodes": [{"barcode": "4006381333931"}],
            "release": {"standard_cost": "1.20"},
        },
    ),
    Operation(
        name="catalog.list_products",
        summary="List products",
        effect="read",
        http=Http(method="GET", path="/products"),
        request=messages.ListProducts,
        response=page_of(messages.ListedProductView),
        permission="catalog.read",
        handler=list_products,
        collection=True,
    ),
    Operation(
        name="catalog.read_product",
        summary="Read a product by number, barcode or id",
        effect="read",
        http=Http(method="GET", path="/products/{product}"),
        request=messages.ReadProduct,
        response=messages.ProductView,
        permission="catalog.read",
        handler=read_product,
    ),
    Operation(
        name="catalog.change_product",
        announces="catalog.product_changed",
        summary="Change a product",
        effect="edit",
        http=Http(method="PATCH", path="/products/{product}"),
        request=messages.ChangeProduct,
        response=messages.ProductView,
        permission="catalog.change_products",
        handler=change_product,
    ),
)
