"""A probe: products that stand in the windows of stores, searched by a scope and shown beside what a search found."""

import attrs
import peewee

from kassa import Http, Id, Operation, Permission, Result, Row, SearchDecorator, SearchScope, SettingDefinition, Storage, Table, hookimpl

CALLS = []


class ShownRow(Table):
    """A product in the window of a store."""

    product_id = Id()
    store_id = Id()

    class Meta:
        table_name = "window_shown"
        primary_key = peewee.CompositeKey("product_id", "store_id")


@attrs.frozen(kw_only=True)
class Show:
    """Puts a product into the window of a store."""

    product_id: str
    store_id: str


@attrs.frozen(kw_only=True)
class Windows:
    """In how many windows a product stands."""

    stores: int


def show(command, context):
    context.plan.add([Row(ShownRow, attrs.asdict(command))], rule="window.show")
    return Result(view=lambda numbers: command)


def in_window(context, store):
    """The products in the window of a store."""
    return "EXISTS (SELECT 1 FROM window_shown w WHERE w.product_id = p.product_id AND w.store_id = ?)", (store.id,)


def broken(context, store):
    return context.nothing


def count_windows(context, store, products):
    """In how many windows each of the products stands, in one query."""
    CALLS.append([product.number for product in products])
    sql = "SELECT product_id, count(*) FROM window_shown WHERE product_id IN {keys} GROUP BY product_id"
    return {product_id: Windows(stores=number) for product_id, number in context.read.rows_for(sql, [product.id for product in products])}


@hookimpl
def register_storage():
    return [Storage(name="window", tables=(ShownRow,))]


@hookimpl
def register_definitions():
    levels = ("installation", "legal_entity", "profile", "store")
    panes = SettingDefinition(name="window.panes", summary="How many panes", type="int", default=1, levels=levels)
    return [Permission(name="window.show", summary="Arrange windows"), panes]


@hookimpl
def register_operations():
    operation = Operation(
        name="window.show", summary="Show a product in a window", effect="edit", http=Http(method="POST", path="/window/shown"),
        request=Show, response=Show, permission="window.show", handler=show,
    )  # fmt: skip
    return [
        operation,
        SearchScope(name="window.shown", summary="What stands in the window of a store", condition=in_window, needs_store=True),
        SearchScope(name="window.broken", summary="Fails", condition=broken),
        SearchDecorator(name="window.stores", summary="In how many windows it stands", value=Windows, decorate=count_windows),
    ]
