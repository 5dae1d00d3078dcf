"""Discounts: create, read, list, end; what one gives is never changed."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.catalog import facts
from kassa.catalog.messages import prices as messages
from kassa.catalog.models import DiscountRow
from kassa.catalog.operations.categories import find_category
from kassa.catalog.operations.price_lists import find_price_list
from kassa.catalog.operations.prices import dates_issues
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import Issue, NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import change, given, listed, refusal, taken

SELECT = (
    "SELECT id, legal_entity_id, code, name, product_id, category_id, store_id, price_list_id, rate_micro, amount_micro, currency, "
    "minimum_quantity, from_date, to_date, active, version FROM catalog_discount"
)


def create_discount(command: messages.CreateDiscount, context: Context) -> Result:
    """Plan a new discount."""
    entity = org.legal_entity(context)
    if context.read.row("SELECT 1 FROM catalog_discount WHERE legal_entity_id = ? AND code = ?", (entity.id, command.code)):
        raise taken("The discount", "/code", command.code)
    context.refuse([*_form_issues(command), *dates_issues(command.from_date, command.to_date, "/to_date")])
    view = messages.DiscountView(
        id=new_id(),
        legal_entity_id=entity.id,
        code=command.code,
        name=command.name,
        product_id=facts.product(context, command.product).id if command.product is not None else None,
        category_id=find_category(context, command.category).id if command.category is not None else None,
        store_id=org.store(context, command.store).id if command.store is not None else None,
        price_list_id=find_price_list(context, command.price_list).id if command.price_list is not None else None,
        rate=command.rate,
        amount=command.amount,
        currency=(command.currency or entity.currency) if command.amount is not None else None,
        minimum_quantity=command.minimum_quantity,
        from_date=command.from_date,
        to_date=command.to_date,
        active=True,
        version=1,
    )
    values = attrs.asdict(view) | {"rate_micro": view.rate, "amount_micro": view.amount}
    context.plan.add([Row(DiscountRow, values)], rule="catalog.create_discount")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def _form_issues(command: messages.CreateDiscount) -> list[Issue]:
    issues = []
    if (command.rate is None) is (command.amount is None):
        issues.append(refusal("CATALOG_DISCOUNT_UNFIT", "A discount is a rate or an amount. Give one of the two.", "/rate"))
    if command.product is not None and command.category is not None:
        message = "A discount is given on a product, on a category or on everything. Name one of the two, or none."
        issues.append(refusal("CATALOG_DISCOUNT_UNFIT", message, "/category"))
    return issues


def read_discount(request: messages.ReadDiscount, context: Context) -> messages.DiscountView:
    """Show one discount of the legal entity."""
    return _read(context, request.discount)


def _read(context: Context, reference: str) -> messages.DiscountView:
    entity = org.legal_entity(context)
    row = context.read.row(f"{SELECT} WHERE legal_entity_id = ? AND (code = ? OR id = ?)", (entity.id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("discount", reference)
    return _view(row)


def _view(row: DatabaseRow) -> messages.DiscountView:
    discount_id, entity_id, code, name, product_id, category_id, store_id, list_id, rate, amount, currency, minimum, *dated = row
    first, last, active, version = dated
    return messages.DiscountView(
        id=discount_id, legal_entity_id=entity_id, code=code, name=name, product_id=product_id, category_id=category_id,
        store_id=store_id, price_list_id=list_id, rate=rate, amount=amount, currency=currency, minimum_quantity=minimum,
        from_date=first, to_date=last, active=bool(active), version=version,
    )  # fmt: skip


def list_discounts(request: messages.ListDiscounts, context: Context) -> Any:
    """Show a page of the discounts of the legal entity, in the order in which they were created."""
    entity = org.legal_entity(context)
    conditions = [
        ("legal_entity_id = ?", entity.id),
        ("active = ?", request.active),
        ("from_date <= ?", request.on),
        ("(to_date IS NULL OR to_date >= ?)", request.on),
    ]
    return listed(context, request, SELECT, conditions, messages.DiscountView, _view)


def change_discount(command: messages.ChangeDiscount, context: Context) -> Result:
    """Plan another name or last day for a discount, or that it is not given any more."""
    present = _read(context, command.discount)
    values = given(command, "name", "to_date", "active")
    context.refuse(dates_issues(present.from_date, values.get("to_date"), "/to_date"))
    what = f"The discount {present.code}"
    version = change(context, DiscountRow, {"id": present.id}, present.version, what, values, "catalog.change_discount")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="catalog.create_discount",
        announces="catalog.discount_created",
        summary="Create a discount",
        description=(
            "Of all discounts that fit a line without a given price or discount the one that takes most off is given, of equal ones the one whose "
            "code comes first; never two together. The currency of an amount must be that of the store."
        ),
        effect="edit",
        http=Http(method="POST", path="/discounts", status=201, location="/discounts/{id}"),
        request=messages.CreateDiscount,
        response=messages.DiscountView,
        permission="catalog.change_prices",
        handler=create_discount,
        example={"code": "SPRING", "name": "Spring sale", "rate": "0.2", "from_date": "2026-03-01", "to_date": "2026-03-31"},
    ),
    Operation(
        name="catalog.list_discounts",
        summary="List the discounts of a legal entity",
        effect="read",
        http=Http(method="GET", path="/discounts"),
        request=messages.ListDiscounts,
        response=page_of(messages.DiscountView),
        permission="catalog.read",
        handler=list_discounts,
        collection=True,
    ),
    Operation(
        name="catalog.read_discount",
        summary="Read a discount",
        effect="read",
        http=Http(method="GET", path="/discounts/{discount}"),
        request=messages.ReadDiscount,
        response=messages.DiscountView,
        permission="catalog.read",
        handler=read_discount,
    ),
    Operation(
        name="catalog.change_discount",
        announces="catalog.discount_changed",
        summary="Rename a discount, end it, or give it no more",
        effect="edit",
        http=Http(method="PATCH", path="/discounts/{discount}"),
        request=messages.ChangeDiscount,
        response=messages.DiscountView,
        permission="catalog.change_prices",
        handler=change_discount,
    ),
)
