"""Loading many products at once: created, brought up to date, released, priced, with barcodes, in one plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from kassa.catalog import store
from kassa.catalog.barcodes import spelling
from kassa.catalog.dated import endless
from kassa.catalog.messages import products as messages
from kassa.catalog.messages.products import LoadedProduct, LoadProducts, ReleaseTerms
from kassa.catalog.models import ReleaseRow
from kassa.catalog.operations.item_model_groups import group_issues, regrouping_issues
from kassa.catalog.operations.price_lists import find_price_list
from kassa.catalog.operations.prices import Standing, price_row, standing
from kassa.catalog.operations.releases import TAX_GROUPS, release_row, release_view
from kassa.catalog.recording import (
    BY_NUMBER,
    Recorded,
    barcode_issue,
    barcode_row,
    known_barcodes,
    record,
    recorded,
    taken_issue,
)
from kassa.kernel.clock import date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.operations import Result
from kassa.kernel.plan import Row
from kassa.kernel.values import Micro, new_id
from kassa.org import facts as org
from kassa.org.editing import refusal, refuse_load

RULE = "catalog.load_products"
RELEASES = (
    "SELECT product_id, tax_group, standard_cost_micro, version FROM catalog_release WHERE legal_entity_id = ? AND product_id IN {keys}"
)


@attrs.frozen(kw_only=True)
class Known:
    """What is there already, read once for the whole request."""

    entity_id: str
    products: Mapping[str, Recorded]
    groups: store.Groups
    categories: Mapping[str, str]
    tax_groups: frozenset[str]
    barcodes: Mapping[str, tuple[str, bool]]
    releases: Mapping[str, tuple[str | None, Micro, int]]
    prices: Standing
    price_list_id: str | None


def load_products(command: LoadProducts, context: Context) -> Result:
    """Plan everything that many products need; with any issue, nothing happens."""
    entity = org.legal_entity(context)
    if command.price_list is not None:
        context.actor.require("catalog.change_prices")
    known = _known(command, context, entity.id)
    issues = _issues(command, context, known)
    refuse_load(issues)
    first = command.from_date or date_of(context.now, entity.time_zone)
    ids = {entry.number: known.products[entry.number].id if entry.number in known.products else new_id() for entry in command.products}
    added, changed = _products(command, known, ids)
    record(context, added, changed, RULE)
    releases = _releases(command, known, ids)
    barcodes = _barcodes(command, known, ids)
    prices = _prices(command, context, known, ids, first)
    context.plan.add([*releases, *barcodes, *prices], rule=RULE)
    view = messages.LoadedProductsView(
        created=len(added), changed=len(changed), released=len(releases), barcodes=len(barcodes), prices=len(prices)
    )
    return Result(view=lambda numbers: view)


def _known(command: LoadProducts, context: Context, entity_id: str) -> Known:
    read = context.read
    found = {product.number: product for product in recorded(read, BY_NUMBER, [entry.number for entry in command.products])}
    ids = [product.id for product in found.values()]
    list_id = find_price_list(context, command.price_list).id if command.price_list is not None else None
    codes = list(dict.fromkeys(entry.category for entry in command.products if entry.category is not None))
    return Known(
        entity_id=entity_id,
        products=found,
        groups=store.item_model_groups(read, entity_id),
        categories=dict(read.rows_for("SELECT code, id FROM catalog_category WHERE code IN {keys}", codes)),
        tax_groups=frozenset(row[0] for row in read.rows(TAX_GROUPS, (entity_id,))),
        barcodes=known_barcodes(read, [entry.barcode for entry in command.products if entry.barcode is not None]),
        releases={row[0]: (row[1], row[2], row[3]) for row in read.rows_for(RELEASES, ids, (entity_id,))},
        prices=standing(read, list_id, ids) if list_id is not None else {},
        price_list_id=list_id,
    )


def _issues(command: LoadProducts, context: Context, known: Known) -> list[Issue]:
    issues = _defaults_issues(command, known)
    numbers: set[str] = set()
    codes: set[str] = set()
    for place, entry in enumerate(command.products):
        pointer = f"/products/{place}"
        if entry.number in numbers:
            issues.append(
                refusal("CATALOG_LISTED_TWICE", f"The product {entry.number} stands twice here. Send it once.", pointer, entry.number)
            )
        numbers.add(entry.number)
        issues += _entry_issues(command, context, known, entry, pointer)
        if entry.barcode is not None:
            issues += _code_issues(known, entry, entry.barcode, codes, f"{pointer}/barcode")
            codes.add(spelling(entry.barcode))
    return issues


def _defaults_issues(command: LoadProducts, known: Known) -> list[Issue]:
    issues = _tax_group_issues(known, command.tax_group, "/tax_group") if command.tax_group is not None else []
    if known.price_list_id is None and any(entry.price is not None for entry in command.products):
        issues.append(refusal("CATALOG_PRICE_LIST_NEEDED", "The request gives prices. Name their price list.", "/price_list"))
    return issues


def _tax_group_issues(known: Known, tax_group: str, pointer: str) -> list[Issue]:
    if tax_group in known.tax_groups:
        return []
    message = f"There is no tax group {tax_group} here. There are: {', '.join(sorted(known.tax_groups)) or 'none yet'}."
    return [refusal("CATALOG_TAX_GROUP_UNKNOWN", message, pointer, tax_group)]


def _entry_issues(command: LoadProducts, context: Context, known: Known, entry: LoadedProduct, pointer: str) -> list[Issue]:
    present = known.products.get(entry.number)
    issues = _new_issues(command, known, entry, pointer) if present is None else _known_issues(context, known, present, entry, pointer)
    if entry.category is not None and entry.category not in known.categories:
        message = f"There is no category {entry.category}. Create it first."
        issues.append(refusal("CATALOG_CATEGORY_UNKNOWN", message, f"{pointer}/category", entry.category))
    if entry.tax_group is not None:
        issues += _tax_group_issues(known, entry.tax_group, f"{pointer}/tax_group")
    return issues


def _new_issues(command: LoadProducts, known: Known, entry: LoadedProduct, pointer: str) -> list[Issue]:
    group = entry.item_model_group or command.item_model_group
    issues = group_issues(known.groups, entry.kind or "goods", group, f"{pointer}/item_model_group")
    if entry.name is None:
        issues.append(refusal("CATALOG_NAME_NEEDED", f"The product {entry.number} is new. Send its name.", f"{pointer}/name", entry.number))
    return issues


def _known_issues(context: Context, known: Known, present: Recorded, entry: LoadedProduct, pointer: str) -> list[Issue]:
    issues: list[Issue] = []
    if entry.kind is not None and entry.kind != present.kind:
        message = f"{present.number} is of the kind {present.kind}, which never changes. Create another product."
        issues.append(refusal("CATALOG_KIND_FIXED", message, f"{pointer}/kind", entry.kind))
    group, at = entry.item_model_group, f"{pointer}/item_model_group"
    if group is None or group == present.item_model_group:
        if present.id not in known.releases:
            issues += group_issues(known.groups, present.kind, present.item_model_group, at)
    else:
        issues += group_issues(known.groups, present.kind, group, at) or regrouping_issues(context, known.groups, present, group, at)
    return issues


def _code_issues(known: Known, entry: LoadedProduct, barcode: str, codes: set[str], pointer: str) -> list[Issue]:
    present = known.products.get(entry.number)
    code = spelling(barcode)
    found = [barcode_issue(barcode, None, pointer), taken_issue(barcode, present.id if present else "", known.barcodes.get(code), pointer)]
    if code in codes:
        found.append(refusal("CATALOG_LISTED_TWICE", f"The barcode {barcode} stands twice here. Send it once.", pointer, barcode))
    return [issue for issue in found if issue is not None]


def _products(
    command: LoadProducts, known: Known, ids: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[tuple[Recorded, dict[str, Any]]]]:
    """New products with all their columns, and known ones with what shall differ."""
    added, changed = [], []
    for entry in command.products:
        sent = {
            "name": entry.name,
            "unit": entry.unit,
            "item_model_group": entry.item_model_group,
            "category_id": known.categories[entry.category] if entry.category is not None else None,
            "keywords": entry.keywords,
        }
        present = known.products.get(entry.number)
        if present is not None:
            values = {name: value for name, value in sent.items() if value is not None and value != getattr(present, name)}
            if values:
                changed.append((present, values))
            continue
        kind = entry.kind or "goods"
        group = entry.item_model_group or (command.item_model_group if kind == "goods" else None)
        defaults = {"unit": entry.unit or "pcs", "keywords": entry.keywords or "", "item_model_group": group}
        added.append({**sent, **defaults, "id": ids[entry.number], "number": entry.number, "kind": kind})
    return added, changed


def _releases(command: LoadProducts, known: Known, ids: Mapping[str, str]) -> list[Row]:
    rows = []
    for entry in command.products:
        product_id = ids[entry.number]
        present = known.releases.get(product_id)
        if present is None:
            terms = ReleaseTerms(tax_group=entry.tax_group or command.tax_group, standard_cost=entry.standard_cost or 0)
            rows.append(release_row(release_view(product_id, known.entity_id, terms)))
            continue
        tax_group, cost, version = present
        sent = {"tax_group": (entry.tax_group, tax_group), "standard_cost_micro": (entry.standard_cost, cost)}
        values = {name: new for name, (new, old) in sent.items() if new is not None and new != old}
        if values:
            key = {"product_id": product_id, "legal_entity_id": known.entity_id}
            rows.append(Row(ReleaseRow, values, key=key, version=version))
    return rows


def _barcodes(command: LoadProducts, known: Known, ids: Mapping[str, str]) -> list[Row]:
    given = ((entry.barcode, ids[entry.number]) for entry in command.products if entry.barcode is not None)
    rows = (barcode_row(barcode, product_id, known.barcodes.get(spelling(barcode))) for barcode, product_id in given)
    return [row for row in rows if row is not None]


def _prices(command: LoadProducts, context: Context, known: Known, ids: Mapping[str, str], first: str) -> list[Row]:
    """Entries for prices other than the one that counts on that day without an end."""
    list_id = known.price_list_id
    if list_id is None:
        return []
    given = ((ids[entry.number], entry.price) for entry in command.products if entry.price is not None)
    return [
        price_row(context, list_id, product_id, first, None, price)
        for product_id, price in given
        if endless(known.prices.get(product_id, ()), first) != price
    ]


OPERATIONS = (
    Operation(
        name="catalog.load_products",
        announces="catalog.products_loaded",
        summary="Create or bring up to date up to 5,000 products at once",
        description=(
            "Products that are known by their number are brought up to date, others are created; all are released to the legal entity of the request, "
            "with barcode and price where given (prices need catalog.change_prices too). Sent again, nothing "
            "changes. With any mistake nothing happens, and every mistake is named."
        ),
        effect="edit",
        http=Http(method="POST", path="/products/load"),
        request=messages.LoadProducts,
        response=messages.LoadedProductsView,
        permission="catalog.change_products",
        handler=load_products,
        example={
            "item_model_group": "AVERAGE",
            "price_list": "RETAIL",
            "products": [{"number": "85123A", "name": "White hanging heart T-light holder", "price": "2.55"}],
        },
    ),
)
