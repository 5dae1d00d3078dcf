"""Price lists: create, read, list, change."""

from __future__ import annotations

from typing import Any

import attrs

from kassa.catalog.messages import prices as messages
from kassa.catalog.models import PriceListRow
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.database import Row as DatabaseRow
from kassa.kernel.errors import NotFound
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.org import facts as org
from kassa.org.editing import change, given, listed, taken

SELECT = "SELECT id, legal_entity_id, code, name, currency, store_id, priority, includes_tax, version FROM catalog_price_list"


def create_price_list(command: messages.CreatePriceList, context: Context) -> Result:
    """Plan a new price list without prices."""
    entity = org.legal_entity(context)
    store_id = org.store(context, command.store).id if command.store is not None else None
    if context.read.row("SELECT 1 FROM catalog_price_list WHERE legal_entity_id = ? AND code = ?", (entity.id, command.code)):
        raise taken("The price list", "/code", command.code)
    view = messages.PriceListView(
        id=new_id(),
        legal_entity_id=entity.id,
        code=command.code,
        name=command.name,
        currency=command.currency or entity.currency,
        store_id=store_id,
        priority=command.priority,
        includes_tax=command.includes_tax,
        version=1,
    )
    context.plan.add([Row(PriceListRow, attrs.asdict(view))], rule="catalog.create_price_list")
    return Result(view=lambda numbers: view, document_id=view.id, version=1)


def find_price_list(context: Context, reference: str) -> messages.PriceListView:
    """The price list of a code or id within the legal entity; NotFound where there is none."""
    entity = org.legal_entity(context)
    sql = f"{SELECT} WHERE legal_entity_id = ? AND (code = ? OR id = ?)"
    row = context.read.row(sql, (entity.id, reference, id_or_none(reference)))
    if row is None:
        raise NotFound("price list", reference)
    return _view(row)


def _view(row: DatabaseRow) -> messages.PriceListView:
    list_id, entity_id, code, name, currency, store_id, priority, includes_tax, version = row
    return messages.PriceListView(
        id=list_id,
        legal_entity_id=entity_id,
        code=code,
        name=name,
        currency=currency,
        store_id=store_id,
        priority=priority,
        includes_tax=None if includes_tax is None else bool(includes_tax),
        version=version,
    )


def read_price_list(request: messages.ReadPriceList, context: Context) -> messages.PriceListView:
    """Show one price list of the legal entity."""
    return find_price_list(context, request.price_list)


def list_price_lists(request: messages.ListPriceLists, context: Context) -> Any:
    """Show a page of the price lists of the legal entity, in the order in which they were created."""
    conditions = [("legal_entity_id = ?", org.legal_entity(context).id)]
    return listed(context, request, SELECT, conditions, messages.PriceListView, _view)


def change_price_list(command: messages.ChangePriceList, context: Context) -> Result:
    """Plan another name or priority for a price list."""
    present = find_price_list(context, command.price_list)
    values = given(command, "name", "priority")
    what = f"The price list {present.code}"
    version = change(context, PriceListRow, {"id": present.id}, present.version, what, values, "catalog.change_price_list")
    view = attrs.evolve(present, **values, version=version)
    return Result(view=lambda numbers: view, document_id=present.id, version=version)


OPERATIONS = (
    Operation(
        name="catalog.create_price_list",
        announces="catalog.price_list_created",
        summary="Create a price list",
        description="The lists of a store go before those of its legal entity, among equals the one of higher priority.",
        effect="edit",
        http=Http(method="POST", path="/price-lists", status=201, location="/price-lists/{id}"),
        request=messages.CreatePriceList,
        response=messages.PriceListView,
        permission="catalog.change_prices",
        handler=create_price_list,
        example={"code": "RETAIL", "name": "Shop prices"},
    ),
    Operation(
        name="catalog.list_price_lists",
        summary="List the price lists of a legal entity",
        effect="read",
        http=Http(method="GET", path="/price-lists"),
        request=messages.ListPriceLists,
        response=page_of(messages.PriceListView),
        permission="catalog.read",
        handler=list_price_lists,
        collection=True,
    ),
    Operation(
        name="catalog.read_price_list",
        summary="Read a price list",
        effect="read",
        http=Http(method="GET", path="/price-lists/{price_list}"),
        request=messages.ReadPriceList,
        response=messages.PriceListView,
        permission="catalog.read",
        handler=read_price_list,
    ),
    Operation(
        name="catalog.change_price_list",
        announces="catalog.price_list_changed",
        summary="Change a price list",
        effect="edit",
        http=Http(method="PATCH", path="/price-lists/{price_list}"),
        request=messages.ChangePriceList,
        response=messages.PriceListView,
        permission="catalog.change_prices",
        handler=change_price_list,
    ),
)
