"""Releases: make a product available to a legal entity, read and change what that entity says of it."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.catalog import facts, store
from kassa.catalog.messages import products as messages
from kassa.catalog.models import ReleaseRow
from kassa.catalog.operations.item_model_groups import group_issues
from kassa.catalog.recording import BY_ID, recorded
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Conflict, Issue, NotFound, Refused
from kassa.kernel.operations import Result
from kassa.kernel.plan import Row
from kassa.org import facts as org
from kassa.org.editing import change, given, refusal

SELECT = (
    "SELECT product_id, legal_entity_id, tax_group, standard_cost_micro, blocked, version FROM catalog_release "
    "WHERE product_id = ? AND legal_entity_id = ?"
)
TAX_GROUPS = "SELECT DISTINCT tax_group FROM catalog_tax_group WHERE legal_entity_id = ? AND active"


def tax_group_issues(context: Context, entity_id: str, tax_group: str | None, pointer: str) -> list[Issue]:
    """The issue of a tax group that the legal entity does not have; none for no tax group."""
    if tax_group is None:
        return []
    groups = sorted(row[0] for row in context.read.rows(TAX_GROUPS, (entity_id,)))
    if tax_group in groups:
        return []
    message = f"There is no tax group {tax_group} here. There are: {', '.join(groups) or 'none yet'}."
    return [refusal("CATALOG_TAX_GROUP_UNKNOWN", message, pointer, tax_group)]


def release_view(product_id: str, entity_id: str, terms: messages.ReleaseTerms) -> messages.ReleaseView:
    """A new release."""
    return messages.ReleaseView(
        product_id=product_id,
        legal_entity_id=entity_id,
        tax_group=terms.tax_group,
        standard_cost=terms.standard_cost,
        blocked=terms.blocked,
        version=1,
    )


def release_row(view: messages.ReleaseView) -> Row:
    """The row of a new release."""
    values = {
        "product_id": view.product_id,
        "legal_entity_id": view.legal_entity_id,
        "tax_group": view.tax_group,
        "standard_cost_micro": view.standard_cost,
        "blocked": view.blocked,
        "version": 1,
    }
    return Row(ReleaseRow, values)


def read_release(context: Context, product_id: str, entity_id: str) -> messages.ReleaseView | None:
    """What a legal entity says of a product, or None where it does not have it."""
    row = context.read.row(SELECT, (product_id, entity_id))
    if row is None:
        return None
    product, entity, tax_group, cost, blocked, version = row
    return messages.ReleaseView(
        product_id=product, legal_entity_id=entity, tax_group=tax_group, standard_cost=cost, blocked=bool(blocked), version=version
    )


def release_product(command: messages.ReleaseProduct, context: Context) -> Result:
    """Plan that the legal entity of the request has a product from now on."""
    entity = org.legal_entity(context)
    product = facts.product(context, command.product)
    if read_release(context, product.id, entity.id) is not None:
        message = f"{product.number} is released to {entity.code} already. Change the release instead."
        raise Conflict(message, code="CATALOG_ALREADY_RELEASED", issues=(refusal("CATALOG_ALREADY_RELEASED", message, "/product"),))
    (recorded_product,) = recorded(context.read, BY_ID, [product.id])
    groups = store.item_model_groups(context.read, entity.id)
    issues = group_issues(groups, product.kind, recorded_product.item_model_group, "/product")
    issues += tax_group_issues(context, entity.id, command.tax_group, "/tax_group")
    if issues:
        raise Refused(issues)
    view = release_view(product.id, entity.id, command)
    context.plan.add([release_row(view)], rule="catalog.release_product")
    return Result(view=lambda numbers: view, document_id=product.id, version=1)


def show_release(request: messages.ReadRelease, context: Context) -> messages.ReleaseView:
    """Show what the legal entity of the request says of a product; NotFound where it does not have it."""
    return _present(context, request.product)


def _present(context: Context, reference: str) -> messages.ReleaseView:
    entity = org.legal_entity(context)
    present = read_release(context, facts.product(context, reference).id, entity.id)
    if present is None:
        raise NotFound("released product", reference)
    return present


def change_release(command: messages.ChangeRelease, context: Context) -> Result:
    """Plan what the legal entity of the request says of a product from now on."""
    present = _present(context, command.product)
    shown = given(command, "tax_group", "standard_cost", "blocked")
    issues = tax_group_issues(context, present.legal_entity_id, shown.get("tax_group"), "/tax_group")
    if issues:
        raise Refused(issues)
    values: dict[str, Any] = {("standard_cost_micro" if name == "standard_cost" else name): value for name, value in shown.items()}
    key = {"product_id": present.product_id, "legal_entity_id": present.legal_entity_id}
    version = change(context, ReleaseRow, key, present.version, f"The release of {command.product}", values, "catalog.change_release")
    view = attrs.evolve(present, **shown, version=version)
    return Result(view=lambda numbers: view, document_id=present.product_id, version=version)


OPERATIONS = (
    Operation(
        name="catalog.release_product",
        announces="catalog.product_released",
        summary="Release a product to a legal entity",
        description="Only released products can be sold, found or stocked. Each legal entity says by itself how a product is taxed and what it costs.",
        effect="edit",
        http=Http(method="POST", path="/products/{product}/release", status=201),
        request=messages.ReleaseProduct,
        response=messages.ReleaseView,
        permission="catalog.change_products",
        handler=release_product,
        example={"product": "85123A", "standard_cost": "1.20"},
    ),
    Operation(
        name="catalog.read_release",
        summary="Read what a legal entity says of a product",
        effect="read",
        http=Http(method="GET", path="/products/{product}/release"),
        request=messages.ReadRelease,
        response=messages.ReleaseView,
        permission="catalog.read",
        handler=show_release,
    ),
    Operation(
        name="catalog.change_release",
        announces="catalog.release_changed",
        summary="Change what a legal entity says of a product, or block it",
        effect="edit",
        http=Http(method="PATCH", path="/products/{product}/release"),
        request=messages.ChangeRelease,
        response=messages.ReleaseView,
        permission="catalog.change_products",
        handler=change_release,
    ),
)
