"""Prices: enter them with the dates on which they count, list all that were ever entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.catalog import facts
from kassa.catalog.dated import Dated, counting
from kassa.catalog.messages import prices as messages
from kassa.catalog.models import PriceRow
from kassa.catalog.operations.price_lists import find_price_list
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Reader
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, Refused
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import Micro, new_id
from kassa.org import facts as org
from kassa.org.editing import listed, refusal

SELECT = "SELECT id, price_list_id, product_id, from_date, to_date, unit_price_micro, entered_at FROM catalog_price"
STANDING = "SELECT id, product_id, from_date, to_date, unit_price_micro FROM catalog_price WHERE price_list_id = ? AND product_id IN {keys}"
Standing = Mapping[str, tuple[Dated, ...]]
"""By product: the entries that count, the latest first day first."""


def standing(read: Reader, price_list_id: str, product_ids: Sequence[str]) -> Standing:
    """The prices of products in a list that count."""
    entries: dict[str, list[tuple[str, str, str | None, int]]] = {}
    for entry_id, product_id, first, last, price in read.rows_for(STANDING, product_ids, (price_list_id,)):
        entries.setdefault(product_id, []).append((entry_id, first, last, price))
    return {product_id: counting(found) for product_id, found in entries.items()}


def price_row(context: Context, price_list_id: str, product_id: str, first: str, last: str | None, price: Micro) -> Row:
    """The row of a new entry."""
    values = {
        "id": new_id(), "price_list_id": price_list_id, "product_id": product_id, "from_date": first, "to_date": last,
        "unit_price_micro": price, "entered_at": context.now,
    }  # fmt: skip
    return Row(PriceRow, values)


def enter_prices(command: messages.EnterPrices, context: Context) -> Result:
    """Plan entries for a price list; those that stand like that already are left out."""
    price_list = find_price_list(context, command.price_list)
    products = facts.products(context, [entry.product for entry in command.prices])
    issues: list[Issue] = []
    seen: set[tuple[str, str]] = set()
    for place, entry in enumerate(command.prices):
        pointer = f"/prices/{place}"
        product = products.get(entry.product)
        if product is None:
            issues.append(refusal("CATALOG_PRODUCT_UNKNOWN", f"There is no product {entry.product}.", f"{pointer}/product", entry.product))
        elif (product.id, entry.from_date) in seen:
            message = f"{product.number} has two prices from {entry.from_date} here. Send one."
            issues.append(refusal("CATALOG_LISTED_TWICE", message, pointer))
        else:
            seen.add((product.id, entry.from_date))
        issues += dates_issues(entry.from_date, entry.to_date, f"{pointer}/to_date")
    if issues:
        raise Refused(issues)
    present = standing(context.read, price_list.id, [product.id for product in products.values()])
    rows = []
    for entry in command.prices:
        product_id = products[entry.product].id
        if (entry.from_date, entry.to_date, entry.unit_price) not in present.get(product_id, ()):
            rows.append(price_row(context, price_list.id, product_id, entry.from_date, entry.to_date, entry.unit_price))
    context.plan.add(rows, rule="catalog.enter_prices")
    view = messages.EnteredPricesView(price_list_id=price_list.id, entered=len(rows), unchanged=len(command.prices) - len(rows))
    return Result(view=lambda numbers: view, document_id=price_list.id)


def dates_issues(first: str, last: str | None, pointer: str) -> list[Issue]:
    """The issue of a last day before the first."""
    if last is None or last >= first:
        return []
    return [refusal("CATALOG_DATES_CROSS", f"The last day {last} is before the first, {first}. Correct one of the two.", pointer, last)]


def list_prices(request: messages.ListPrices, context: Context) -> Any:
    """Show a page of all prices ever entered in the legal entity, in the order in which they were entered."""
    entity = org.legal_entity(context)
    product_id = facts.product(context, request.product).id if request.product is not None else None
    list_id = find_price_list(context, request.price_list).id if request.price_list is not None else None
    own = "price_list_id IN (SELECT id FROM catalog_price_list WHERE legal_entity_id = ?)"
    conditions = [("product_id = ?", product_id), ("price_list_id = ?", list_id), (own, entity.id)]
    return listed(context, request, SELECT, conditions, messages.PriceView, _view)


def _view(row: DatabaseRow) -> messages.PriceView:
    entry_id, list_id, product_id, first, last, price, entered_at = row
    return messages.PriceView(
        id=entry_id, price_list_id=list_id, product_id=product_id, from_date=first, to_date=last, unit_price=price, entered_at=entered_at
    )


OPERATIONS = (
    Operation(
        name="catalog.enter_prices",
        announces="catalog.prices_entered",
        summary="Enter prices with the days on which they count",
        description=(
            "Prices are never changed: an entry for a first day that has one already takes its place, and both are kept. On a day counts the price with "
            "the latest first day that covers it, so a price with a last day lets the one before count again."
        ),
        effect="edit",
        http=Http(method="POST", path="/prices", status=201),
        request=messages.EnterPrices,
        response=messages.EnteredPricesView,
        permission="catalog.change_prices",
        handler=enter_prices,
        example={"price_list": "RETAIL", "prices": [{"product": "85123A", "unit_price": "2.55", "from_date": "2026-01-01"}]},
    ),
    Operation(
        name="catalog.list_prices",
        summary="List all prices ever entered",
        effect="read",
        http=Http(method="GET", path="/prices"),
        request=messages.ListPrices,
        response=page_of(messages.PriceView),
        permission="catalog.read",
        handler=list_prices,
        collection=True,
    ),
)
