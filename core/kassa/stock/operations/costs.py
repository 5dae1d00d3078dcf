"""Costs after the fact: adjust the cost of a lot, close a stock period, look at both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.catalog.documents import Product
from kassa.kernel.clock import MICROSECONDS_PER_SECOND, date_of
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, JobKind, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.jobs import Chunk, ChunkDone, JobView, each, start
from kassa.kernel.keys import NO_ID, find_document, numbers_of
from kassa.kernel.operations import Result, page, page_of
from kassa.kernel.plan import Row
from kassa.kernel.values import Minor, format_minor, minor_of
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.org.documents import Warehouse
from kassa.stock import facts
from kassa.stock.closing import product_of, settle_product
from kassa.stock.costs import changes, layers, the_lot
from kassa.stock.documents import Lot
from kassa.stock.documents.costs import Closing, CostAdjustment
from kassa.stock.messages import costs as messages
from kassa.stock.models import StockClosedRow
from kassa.stock.places import Where, header, where_of
from kassa.stock.store.costs import load_closings, load_cost_adjustments

KIND, CLOSING, NAME = "stock_cost_adjustment", "stock_closing", "stock.close"
LATE = 3 * 3600 * MICROSECONDS_PER_SECOND
"""A date can be closed when it has been over for so long that nothing planned on it is still being written."""
RUNNING = "SELECT id FROM kernel_document WHERE legal_entity_id = ? AND kind = 'stock_closing' AND state = 'running'"
VERSION = "SELECT version FROM stock_closed WHERE legal_entity_id = ?"
PRODUCTS = (
    "SELECT DISTINCT b.product_id FROM stock_balance b JOIN org_warehouse w ON w.id = b.warehouse_id WHERE w.legal_entity_id = ? "
    "AND b.product_id > ? ORDER BY b.product_id LIMIT ?"
)
LISTED = (
    "SELECT d.id, k.value, d.type, c.reason, d.business_date FROM kernel_document d JOIN stock_cost_adjustment c ON c.document_id = d.id "
    "LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' WHERE d.legal_entity_id = ? AND d.kind = 'stock_cost_adjustment'"
)
CLOSINGS = (
    "SELECT d.id, k.value, c.through, d.state FROM kernel_document d JOIN stock_closing c ON c.document_id = d.id "
    "LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' WHERE d.legal_entity_id = ? AND d.kind = 'stock_closing'"
)
OF_LOT = "d.id IN (SELECT l.document_id FROM stock_cost_layer l WHERE l.lot_id = ?)"


def adjust_cost(command: messages.AdjustCost, context: Context) -> Result:
    """Plan that a lot costs more or less than was booked; lots that have their goods from it follow (RET-14)."""
    lot, product = the_lot(context, command.lot)
    currency = org.legal_entity(context).currency
    try:
        amount = minor_of(command.amount, currency)
    except ValueError as error:
        context.refuse([Issue(code="STOCK_VALUE_TOO_LARGE", message=f"{error}.", pointer="/amount", got=str(command.amount))])
        raise
    context.refuse(_unfit(lot, product, amount))
    where = where_of(context, lot.warehouse_id, command.store)
    changed = changes(context, lot, amount)
    draft = CostAdjustment(
        **header(context, where, "manual", command.date), reason=command.reason, store_number=where.store_number,
        layers=layers(context, changed, {product.id: product}),
    )  # fmt: skip
    (posted,) = context.step(KIND, "post", [draft])
    shown = _view(posted, context, None)
    return Result(view=lambda numbers: evolve(shown, number=numbers.get(posted.id)), document_id=posted.id, version=1)


def _unfit(lot: Lot, product: Product, amount: Minor) -> Iterable[Issue]:
    """Tell why the cost of a lot cannot be adjusted by hand."""
    if not amount:
        yield Issue(code="STOCK_LOT_UNFIT", message="The amount is 0. Give what the goods cost more or less.", pointer="/amount", got="0")
    if not lot.physical or lot.unbilled:
        message = "Of this lot something is not settled financially yet. Invoice or settle it first; until then its cost is not final."
        yield Issue(code="STOCK_LOT_UNFIT", message=message, pointer="/lot", got=lot.id)
    elif lot.source_lot_id is not None:
        message = f"The cost of this lot follows that of lot {lot.source_lot_id}. Adjust that one."
        yield Issue(code="STOCK_LOT_UNFIT", message=message, pointer="/lot", got=lot.id)
    elif lot.physical < 0 and product.costing != "moving_average":
        message = f"{product.number} is costed by {product.costing}: what left costs what the goods cost. Adjust the lot that came."
        yield Issue(code="STOCK_LOT_UNFIT", message=message, pointer="/lot", got=lot.id)


def read_cost_adjustment(request: messages.ReadCostAdjustment, context: Context) -> messages.CostAdjustmentView:
    """Show one cost adjustment."""
    found = find_document(context.read, KIND, org.legal_entity(context).id, request.adjustment)
    return _view(load_cost_adjustments(context.read, [found])[found], context, numbers_of(context.read, [found]).get(found))


def _view(document: CostAdjustment, context: Context, number: str | None) -> messages.CostAdjustmentView:
    currency = org.legal_entity(context).currency
    shown = tuple(
        messages.CostLayerView(
            lot=layer.lot_id, product=layer.product_number, warehouse=org.warehouse(context, layer.warehouse_id).code,
            value=format_minor(layer.value, currency), variance=format_minor(layer.variance, currency), role=layer.role,
            follows=layer.follows_lot_id,
        )
        for layer in document.layers
    )  # fmt: skip
    return messages.CostAdjustmentView(
        id=document.id, number=number, type=document.type, reason=document.reason, date=document.date, currency=currency, layers=shown
    )


def list_cost_adjustments(request: messages.ListCostAdjustments, context: Context) -> Any:
    """Show a page of cost adjustments, newest first."""
    entity = org.legal_entity(context)
    closing = find_document(context.read, CLOSING, entity.id, request.closing) if request.closing is not None else None
    after = place_after(request.after, an_id)
    conditions = ((OF_LOT, request.lot), ("c.closing_id = ?", closing), ("d.id < ?", after[0] if after is not None else None))
    where, values = narrowed(conditions)
    rows = context.read.rows(f"{LISTED}{where} ORDER BY d.id DESC LIMIT ?", [entity.id, *values, request.limit + 1])
    items = [messages.CostAdjustmentSummaryView(id=row[0], number=row[1], type=row[2], reason=row[3], date=row[4]) for row in rows]
    return page(request, messages.CostAdjustmentSummaryView, items, lambda view: (view.id,))


def close_period(command: messages.ClosePeriod, context: Context) -> Result:
    """Plan that nothing moves through a date any more, and the job that settles it; a closing that stopped goes on."""
    entity = org.legal_entity(context)
    running = context.read.value(RUNNING, (entity.id,))
    if running is not None:
        closing = load_closings(context.read, [running])[running]
        if closing.through != command.through:
            message = f"The closing through {closing.through} has not ended. Start that one again first."
            context.refuse([Issue(code="STOCK_CLOSING_RUNS", message=message, pointer="/through", got=command.through)])
    else:
        context.refuse(
            _unclosable(command.through, facts.closed_through(context, entity.id), date_of(context.now - LATE, entity.time_zone))
        )
        draft = Closing(**_header(context, command.through), through=command.through)
        (closing,) = context.step(CLOSING, "start", [draft])
        version = context.read.value(VERSION, (entity.id,))
        values = {"through": command.through}
        row = Row(StockClosedRow, values, {"legal_entity_id": entity.id}, version)
        if version is None:
            row = Row(StockClosedRow, {**values, "legal_entity_id": entity.id, "version": 1})
        context.plan.add([row], rule="stock.close_period")
    view: JobView = start(context, NAME, command)
    return Result(view=lambda numbers: view)


def _header(context: Context, date: str) -> dict[str, Any]:
    """Give what documents of a closing have; they belong to the legal entity as a whole, not to one of its places."""
    entity = org.legal_entity(context)
    anywhere = Where(Warehouse(id=NO_ID, legal_entity_id=entity.id, code="", name="", kind="non_store"), None)
    return {**header(context, anywhere, "closing", date), "register": "office"}


def _unclosable(through: str, closed: str, today: str) -> Iterable[Issue]:
    if through <= closed:
        message = f"Stock is closed through {closed} already. Give a later date."
        yield Issue(code="STOCK_PERIOD_CLOSED", message=message, pointer="/through", expected={"after": closed}, got=through)
    if through >= today:
        message = f"{through} is not over, or has been for less than three hours. Close a date before {today}."
        yield Issue(code="STOCK_PERIOD_NOT_OVER", message=message, pointer="/through", expected={"before": today}, got=through)


def settle(chunk: Chunk, context: Any) -> Any:
    """Settle the next products, each by itself; when all are, and none was left out, the closing is done."""
    entity = org.legal_entity(context)
    command: messages.ClosePeriod = chunk.request
    closing_id = context.read.value(RUNNING, (entity.id,))
    if closing_id is None:
        return ChunkDone(cursor=None, done=0, summary=chunk.summary)
    if chunk.cursor == "end":
        if not chunk.summary.get("refused", 0):
            context.step(CLOSING, "finish", [load_closings(context.read, [closing_id])[closing_id]])
        return ChunkDone(cursor=None, done=0, summary=chunk.summary)
    ids = [row[0] for row in context.read.rows(PRODUCTS, (entity.id, chunk.cursor or NO_ID, chunk.size))]
    about = _header(context, command.through)

    def act(product_id: str) -> str | None:
        documents = settle_product(context, product_of(context, product_id), command.through, about, closing_id)
        for document in documents:
            context.step(KIND, "post", [document])
        return documents[0].id if documents else None

    results = each(context, ids, str, act)

    def done(dropped: Mapping[str, Sequence[Issue]]) -> ChunkDone:
        refused = chunk.summary.get("refused", 0) + len(dropped)
        adjusted = chunk.summary.get("adjusted", 0) + sum(1 for x in results if x.document_id is not None and x.item not in dropped)
        cursor = ids[-1] if len(ids) == chunk.size else "end"
        return ChunkDone(cursor=cursor, done=len(ids), results=results, summary={"adjusted": adjusted, "refused": refused})

    return done


def list_closings(request: messages.ListClosings, context: Context) -> Any:
    """Show a page of closings, newest first."""
    after = place_after(request.after, an_id)
    where, values = narrowed((("d.id < ?", after[0] if after is not None else None),))
    rows = context.read.rows(f"{CLOSINGS}{where} ORDER BY d.id DESC LIMIT ?", [org.legal_entity(context).id, *values, request.limit + 1])
    items = [messages.ClosingView(id=row[0], number=row[1], through=row[2], state=row[3]) for row in rows]
    return page(request, messages.ClosingView, items, lambda view: (view.id,))


JOB = JobKind(
    name=NAME, summary="Settle the costs of a stock period that is closed", request=messages.ClosePeriod, run=settle,
    permission="stock.close_period", size=20,
)  # fmt: skip
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="stock.adjust_cost",
        summary="Adjust what a lot cost",
        description="Adds to the cost of one lot after the fact. Lots that have their goods from it, as goods that came back, follow to the "
        "same cost per piece (RET-14). What belongs to goods that are gone is booked as a variance.",
        effect="post",
        http=Http(method="POST", path="/stock/cost-adjustments", status=201, location="/stock/cost-adjustments/{id}"),
        scope="acting_store",
        request=messages.AdjustCost,
        response=messages.CostAdjustmentView,
        permission="stock.adjust_cost",
        handler=adjust_cost,
        rules=("RET-14",),
        example={"lot": "018f3f4e-7b1c-7000-8000-000000000001", "amount": "-5.00", "reason": "The freight was counted twice."},
    ),
    Operation(
        name="stock.list_cost_adjustments",
        summary="List cost adjustments",
        effect="read",
        http=Http(method="GET", path="/stock/cost-adjustments"),
        request=messages.ListCostAdjustments,
        response=page_of(messages.CostAdjustmentSummaryView),
        permission="stock.read_value",
        handler=list_cost_adjustments,
        collection=True,
    ),
    Operation(
        name="stock.read_cost_adjustment",
        summary="Read a cost adjustment",
        effect="read",
        http=Http(method="GET", path="/stock/cost-adjustments/{adjustment}"),
        request=messages.ReadCostAdjustment,
        response=messages.CostAdjustmentView,
        permission="stock.read_value",
        handler=read_cost_adjustment,
    ),
    Operation(
        name="stock.close_period",
        summary="Close a stock period",
        description="Nothing moves through that date any more. A job then settles product after product: what left by FIFO costs what the "
        "goods cost that came first, what is kept at standard cost is brought to it. Called again it goes on where it stopped.",
        effect="post",
        http=Http(method="POST", path="/stock/closings", status=202, location="/jobs/{id}"),
        request=messages.ClosePeriod,
        response=JobView,
        permission="stock.close_period",
        handler=close_period,
        rules=("RET-14",),
        example={"through": "2026-10-31"},
    ),
    Operation(
        name="stock.list_closings",
        summary="List closings of stock periods",
        effect="read",
        http=Http(method="GET", path="/stock/closings"),
        request=messages.ListClosings,
        response=page_of(messages.ClosingView),
        permission="stock.read",
        handler=list_closings,
        collection=True,
    ),
)
