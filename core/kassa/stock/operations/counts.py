"""Counts: begin with what the books expect, write down what is found, post the differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.catalog.documents import Product
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import find_document, numbers_of
from kassa.kernel.operations import Result, page, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import new_id
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.org.editing import check_seen
from kassa.stock import facts
from kassa.stock.adjusting import post
from kassa.stock.documents import AdjustmentLine
from kassa.stock.documents.counts import Count, CountLine
from kassa.stock.messages import counts as messages
from kassa.stock.models import StockCountLineRow
from kassa.stock.places import header, stocked_products, where_of
from kassa.stock.store.counts import load_counts

KIND = "stock_count"
LINES_AT_MOST = 5_000
THERE = "SELECT product_id FROM stock_balance WHERE warehouse_id = ? AND on_hand <> 0 ORDER BY product_id LIMIT ?"
LISTED = (
    "SELECT d.id, k.value, d.state, w.code, d.business_date FROM kernel_document d JOIN stock_count c ON c.document_id = d.id "
    "JOIN org_warehouse w ON w.id = c.warehouse_id LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' "
    "WHERE d.legal_entity_id = ? AND d.kind = 'stock_count'"
)
ADJUSTMENT_OF = "SELECT id FROM kernel_document WHERE corrects_id = ? AND kind = 'stock_adjustment' AND legal_entity_id = ?"


def begin_count(command: messages.BeginCount, context: Context) -> Result:
    """Plan a count with what the books expect at this moment."""
    where = where_of(context, command.warehouse, command.store)
    products = _products(command, where.warehouse.id, context)
    if not products:
        context.refuse(
            [Issue(code="STOCK_NOTHING_TO_COUNT", message="Nothing is there. Name the products to be counted.", pointer="/products")]
        )
    there = facts.on_hand(context, [(product.id, where.warehouse.id) for product in products])
    lines = tuple(
        CountLine(
            number=number, product_id=product.id, product_number=product.number, expected=there[product.id, where.warehouse.id].on_hand
        )
        for number, product in enumerate(products, 1)
    )
    draft = Count(
        **header(context, where, "count", command.date, command.reference), warehouse_id=where.warehouse.id, note=command.note, lines=lines
    )
    (begun,) = context.step(KIND, "start", [draft])
    return _answer(begun, context, 1)


def _products(command: messages.BeginCount, warehouse_id: str, context: Context) -> list[Product]:
    """List the products to count, each once."""
    if command.products is not None:
        found = stocked_products(context, list(command.products))
        return list({found[reference].id: found[reference] for reference in command.products}.values())
    ids = [row[0] for row in context.read.rows(THERE, (warehouse_id, LINES_AT_MOST + 1))]
    if len(ids) > LINES_AT_MOST:
        message = f"More than {LINES_AT_MOST} products are there. Name those to be counted, in several counts."
        context.refuse([Issue(code="STOCK_NOTHING_TO_COUNT", message=message, pointer="/products")])
    products = catalog.products(context, ids)
    return sorted(products.values(), key=lambda product: product.number)


def record_count(command: messages.RecordCount, context: Context) -> Result:
    """Plan that what was found is written down."""
    found = _read(command.count, context)
    check_seen(context, "The count", found.version)
    products = stocked_products(context, [line.product for line in command.lines])
    known = {line.product_id: line for line in found.lines}
    context.refuse(
        Issue(
            code="STOCK_LINE_UNKNOWN",
            message=f"{line.product} is not part of this count.",
            pointer=f"/lines/{place}/product",
            got=line.product,
        )
        for place, line in enumerate(command.lines)
        if products[line.product].id not in known
    )
    counted = {products[line.product].id: line.counted for line in command.lines}
    (kept,) = context.step(KIND, "record", [found])
    rows = [
        Row(StockCountLineRow, {"counted": quantity}, key={"document_id": found.id, "number": known[product_id].number})
        for product_id, quantity in counted.items()
    ]
    context.plan.add(rows, rule="stock.record_count", document_id=found.id)
    lines = tuple(evolve(line, counted=counted.get(line.product_id, line.counted)) for line in kept.lines)
    return _answer(evolve(kept, lines=lines), context, found.version + 1)


def post_count(command: messages.PostCount, context: Context) -> Result:
    """Plan that what was found differently is adjusted, by the difference to what was expected when the count began."""
    found = _read(command.count, context)
    check_seen(context, "The count", found.version)
    (posted,) = context.step(KIND, "post", [found])
    products = catalog.products(context, [line.product_id for line in found.lines])
    differences = [
        (line, line.counted - line.expected) for line in found.lines if line.counted is not None and line.counted != line.expected
    ]
    if not differences:
        return _answer(posted, context, found.version + 1)
    lines = tuple(_adjusted(number, products[line.product_id], difference) for number, (line, difference) in enumerate(differences, 1))
    where = where_of(context, found.warehouse_id, None)
    adjustment = post(lines, where, context, reason="count", note=found.note, date=command.date, corrects_id=found.id)
    return _answer(posted, context, found.version + 1, adjustment.id)


def _adjusted(number: int, product: Product, difference: int) -> AdjustmentLine:
    return AdjustmentLine(
        number=number, lot_id=new_id(), product_id=product.id, product_number=product.number, quantity=difference,
        standard_cost=product.standard_cost, costing=product.costing, negative_stock=product.negative_stock,
    )  # fmt: skip


def cancel_count(command: messages.ReadCount, context: Context) -> Result:
    """Plan that a count comes to nothing."""
    found = _read(command.count, context)
    check_seen(context, "The count", found.version)
    (cancelled,) = context.step(KIND, "cancel", [found])
    return _answer(cancelled, context, found.version + 1)


def _read(reference: str, context: Context) -> Count:
    found = find_document(context.read, KIND, org.legal_entity(context).id, reference)
    return load_counts(context.read, [found])[found]


def _answer(document: Count, context: Context, version: int, adjustment_id: str | None = None) -> Result:
    shown = _view(document, context, numbers_of(context.read, [document.id]).get(document.id), None, version)
    return Result(
        view=lambda numbers: evolve(
            shown,
            number=numbers.get(document.id, shown.number),
            adjustment=numbers.get(adjustment_id) if adjustment_id is not None else None,
        ),
        document_id=document.id,
        version=version,
    )


def _view(document: Count, context: Context, number: str | None, adjustment: str | None, version: int) -> messages.CountView:
    lines = tuple(
        messages.CountLineView(
            line=line.number, product=line.product_number, expected=line.expected, counted=line.counted,
            difference=line.counted - line.expected if line.counted is not None else None,
        )
        for line in document.lines
    )  # fmt: skip
    return messages.CountView(
        id=document.id, number=number, state=document.state, warehouse=org.warehouse(context, document.warehouse_id).code, note=document.note,
        date=document.date, version=version, lines=lines, adjustment=adjustment,
    )  # fmt: skip


def read_count(request: messages.ReadCount, context: Context) -> messages.CountView:
    """Show one count, and the document that posted its differences."""
    found = _read(request.count, context)
    ids: Sequence[str] = [row[0] for row in context.read.rows(ADJUSTMENT_OF, (found.id, found.legal_entity_id))]
    numbers = numbers_of(context.read, [found.id, *ids])
    return _view(found, context, numbers.get(found.id), numbers.get(ids[0]) if ids else None, found.version)


def list_counts(request: messages.ListCounts, context: Context) -> Any:
    """Show a page of counts, newest first."""
    after = place_after(request.after, an_id)
    warehouse_id = org.warehouse(context, request.warehouse).id if request.warehouse is not None else None
    where, values = narrowed((("c.warehouse_id = ?", warehouse_id), ("d.id < ?", after[0] if after is not None else None)))
    rows = context.read.rows(f"{LISTED}{where} ORDER BY d.id DESC LIMIT ?", [org.legal_entity(context).id, *values, request.limit + 1])
    items = [messages.CountSummaryView(id=row[0], number=row[1], state=row[2], warehouse=row[3], date=row[4]) for row in rows]
    return page(request, messages.CountSummaryView, items, lambda view: (view.id,))


def _operation(name: str, summary: str, http: Http, request: type[Any], handler: Any, **more: Any) -> Operation:
    given = {"effect": "post", "response": messages.CountView, "permission": "stock.count", "scope": "acting_store", **more}
    return Operation(name=name, summary=summary, http=http, request=request, handler=handler, **given)


def _post(path: str, status: int = 200, location: str | None = None) -> Http:
    return Http(method="POST", path=path, status=status, location=location)


OPERATIONS: tuple[Operation, ...] = (
    _operation(
        "stock.begin_count", "Start counting", _post("/stock/counts", 201, "/stock/counts/{id}"), messages.BeginCount, begin_count,
        description="What the books expect is kept; what moves afterwards does not disturb the count.",
        example={"store": "S001", "products": ["85123A"]},
    ),
    _operation(
        "stock.record_count", "Write down what was found", Http(method="PATCH", path="/stock/counts/{count}"), messages.RecordCount, record_count,
        effect="edit", example={"lines": [{"product": "85123A", "counted": "23"}]}, on=KIND, steps=(f"{KIND}.record",),
    ),
    _operation(
        "stock.post_count", "Post the differences of a count", _post("/stock/counts/{count}/posting"), messages.PostCount, post_count,
        description="The differences become one stock adjustment. Products that nobody counted stay as they are.", example={}, on=KIND,
        steps=(f"{KIND}.post", "stock_adjustment.post"),
    ),
    _operation(
        "stock.cancel_count", "Cancel a count", _post("/stock/counts/{count}/cancellation"), messages.ReadCount, cancel_count, on=KIND,
        steps=(f"{KIND}.cancel",),
    ),
    Operation(
        name="stock.list_counts", summary="List counts", effect="read", http=Http(method="GET", path="/stock/counts"),
        request=messages.ListCounts, response=page_of(messages.CountSummaryView), permission="stock.count", handler=list_counts,
        collection=True,
    ),
    Operation(
        name="stock.read_count", summary="Read a count", effect="read", http=Http(method="GET", path="/stock/counts/{count}"),
        request=messages.ReadCount, response=messages.CountView, permission="stock.count", handler=read_count,
    ),
)  # fmt: skip
