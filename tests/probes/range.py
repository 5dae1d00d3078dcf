"""A probe: stores have a range; what lies outside needs somebody's leave, is found by a scope, and is fetched from a far catalogue."""

import attrs
import peewee

import kassa
from kassa import (
    ErrorCode,
    Http,
    Loader,
    Operation,
    Permission,
    Result,
    Role,
    Row,
    Rule,
    Table,
    hookimpl,
    schema,
)

SELL, PORT = "range.sell_outside", "range.catalogue"
HELD = "SELECT product_id FROM range_shelf WHERE store_id = ? AND product_id IN {keys}"


class ShelfRow(Table):
    """A product that a store carries."""

    store_id = kassa.Id()
    product_id = kassa.Id()

    class Meta:
        table_name = "range_shelf"
        primary_key = peewee.CompositeKey("store_id", "product_id")


@attrs.frozen(kw_only=True)
class Carried:
    """Which of the products of an order its store carries, by id."""

    products: frozenset[str]


@attrs.frozen(kw_only=True)
class Shelve:
    """Lets a store carry a product."""

    product: schema.Text
    store: schema.Text | None = None


@attrs.frozen(kw_only=True)
class Look:
    """Asks the far catalogue about a product."""

    product: schema.Text


@attrs.frozen(kw_only=True)
class Shown:
    """What is known of a product."""

    product: str
    told: str | None = None


class Catalogue:
    """A catalogue in this process."""

    def tell(self, number):
        return f"All about {number}"


def shelve(command, context):
    """Put a product into the range of the acting store."""
    place = {"store_id": kassa.acting_store(context, command.store).id, "product_id": kassa.product(context, command.product).id}
    context.plan.add([Row(ShelfRow, place)], "range.shelve")
    return Result(view=lambda numbers: Shown(product=command.product))


def ask(command, engine, request):
    """Ask the catalogue, before anything is read."""
    return engine.services.provider(PORT).tell(command.product)


def look(command, context):
    """Show what the catalogue told."""
    return Shown(product=command.product, told=context.prepared)


def load_carried(read, orders, context):
    """The range of the stores of orders, one query for each store."""
    found = {}
    for order in orders:
        ids = [line.product_id for line in order.lines]
        found[order.id] = Carried(products=frozenset(row[0] for row in read.rows_for(HELD, ids, [order.store_id])))
    return found


def check_range(order, facts, context):
    """What is sold from outside the range needs the permission, or somebody's approval; what comes back does not."""
    for line in order.lines:
        if line.quantity > 0 and line.product_id not in facts.of(Carried).products:
            message, pointer = f"Store {order.store_number} does not carry {line.product_number}.", f"/lines/{line.number - 1}/product"
            yield from context.approve_over(SELL, None, code="RANGE_OUTSIDE", message=message, pointer=pointer, store_id=order.store_id)


def in_range(context, store):
    """What a store carries."""
    return "EXISTS (SELECT 1 FROM range_shelf r WHERE r.product_id = p.product_id AND r.store_id = ?)", (store.id,)


@hookimpl
def register_storage():
    return [kassa.Storage(name="range", tables=(ShelfRow,))]


@hookimpl
def register_definitions():
    code = ErrorCode(code="RANGE_OUTSIDE", title="Outside the range", meaning="The store does not carry it.", action="Ask for leave.")
    manager = Role(name="range.manager", role="store_manager", summary="Sells anything", permissions=(SELL,))
    return [
        code,
        manager,
        Permission(name=SELL, summary="Sell what is not carried"),
        Permission(name="range.shelve", summary="Set a range"),
    ]


@hookimpl
def register_rules():
    of = {"kind": "order", "transition": "create"}
    loader = Loader(name="range.carried", facts=Carried, load=load_carried, **of)
    return [loader, Rule(name="range.check", stage="check", run=check_range, summary="The store carries it.", **of)]


@hookimpl
def register_operations():
    put, get = Http(method="POST", path="/range/products"), Http(method="GET", path="/range/catalogue/{product}")
    of, word = {"response": Shown, "permission": "range.shelve"}, "range.look"
    return [
        Operation(name="range.shelve", summary="Carry a product", effect="edit", http=put, request=Shelve, handler=shelve, **of),
        Operation(name=word, summary="Ask far away", effect="read", http=get, request=Look, handler=look, prepare=ask, **of),
        kassa.SearchScope(name="range.carried", summary="What a store carries", condition=in_range, needs_store=True),
    ]


@hookimpl
def register_services():
    return [kassa.Service(name="range.near", port=PORT, provider=Catalogue, summary="In this process", default=True)]
