"""Invoice runs: batch invoicing of all orders that have something delivered and not invoiced, as a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs

from kassa.kernel.contributions import JobKind
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.jobs import Chunk, ChunkDone, ItemResult, JobView, each, start
from kassa.kernel.keys import NO_ID
from kassa.kernel.operations import Result
from kassa.kernel.schema import Date, Text
from kassa.org import facts as org
from kassa.parties import facts as parties
from kassa.sales import facts
from kassa.sales.gates import INVOICING
from kassa.sales.messages import InvoiceSelection, PostInvoices, about
from kassa.sales.posting import invoice_orders
from kassa.sales.workflow import LIVE
from kassa.stock.facts import prefetch

NAME = "sales.invoice_run"
CANDIDATES = (
    "FROM kernel_document d JOIN sales_order o ON o.document_id = d.id WHERE d.legal_entity_id = ? AND d.kind = 'order' "
    f"AND d.state IN ({', '.join(repr(state) for state in LIVE)}) AND d.id > ?"
)


@attrs.frozen(kw_only=True)
class InvoiceRun:
    """Invoices every order of the legal entity that fits the filters, as far as it was delivered; each order by itself."""

    type: Text | None = attrs.field(default=None, metadata=about("Only orders of this type."))
    store: Text | None = attrs.field(default=None, metadata=about("Only orders of this store, by its number."))
    customer: Text | None = attrs.field(default=None, metadata=about("Only orders of this customer, by its number."))
    until: Date | None = attrs.field(default=None, metadata=about("Only orders of this business date or before."))
    date: Date | None = attrs.field(default=None, metadata=about("Invoice date; today in the zone of each store where it is left out."))
    correction: bool | None = attrs.field(
        default=None, metadata=about("Book as correction: negative amounts on the original sides; by setting where it is left out.")
    )
    settlement: Literal["none", "oldest"] = attrs.field(
        default="none", metadata=about("What each document is settled with: nothing, or the oldest open items of the other side.")
    )


def start_run(command: InvoiceRun, context: Any) -> Result:
    """Make the job of a run; it is worked on afterwards."""
    entity = org.legal_entity(context)
    where, parameters = _filters(command, context)
    total = context.read.value(f"SELECT count(*) {CANDIDATES}{where}", [entity.id, NO_ID, *parameters])
    view: JobView = start(context, NAME, command, total=total)
    return Result(view=lambda numbers: view)


def run(chunk: Chunk, context: Any) -> Any:
    """Invoice the next orders; those that cannot be invoiced are reported and left as they are (INV-04, INV-10, INV-18)."""
    command: InvoiceRun = chunk.request
    entity = org.legal_entity(context)
    where, parameters = _filters(command, context)
    sql = f"SELECT d.id {CANDIDATES}{where} ORDER BY d.id LIMIT ?"
    ids = [row[0] for row in context.read.rows(sql, [entity.id, chunk.cursor or NO_ID, *parameters, chunk.size])]
    orders = facts.orders(context, ids)
    prefetch(context, [(line.product_id, line.warehouse_id) for order in orders.values() for line in order.lines if line.stocked])
    request = PostInvoices(
        orders=(InvoiceSelection(order="-"),), date=command.date, correction=command.correction, settlement=command.settlement
    )
    passed_over: dict[str, Sequence[Issue]] = {}

    def invoice(order_id: str) -> str:
        context.gate("order", INVOICING, [orders[order_id]])
        before = len(context.plan.issues)
        posted = invoice_orders([(orders[order_id], request.orders[0])], request, context, batch=True)
        passed_over[order_id] = context.plan.issues[before:]
        return posted.id

    results = [_with_reasons(result, passed_over.get(result.item, ())) for result in each(context, ids, str, invoice)]
    cursor = ids[-1] if len(ids) == chunk.size else None
    before = chunk.summary.get("invoiced", 0)

    def done(dropped: Mapping[str, Sequence[Issue]]) -> ChunkDone:
        return ChunkDone(cursor=cursor, done=len(ids), results=results, summary={"invoiced": before + len(ids) - len(dropped)})

    return done


def _with_reasons(result: ItemResult, reasons: Sequence[Issue]) -> ItemResult:
    """Say in the result of an order that was invoiced which of its lines were passed over, and why."""
    if not reasons:
        return result
    return evolve(result, code=reasons[0].code, message=" ".join(reason.message for reason in reasons))


def _filters(command: InvoiceRun, context: Any) -> tuple[str, list[Any]]:
    where, parameters = "", []
    if command.type is not None:
        where, parameters = " AND d.type = ?", [command.type]
    if command.store is not None:
        where, parameters = f"{where} AND d.store_id = ?", [*parameters, org.store(context, command.store).id]
    if command.customer is not None:
        where, parameters = f"{where} AND o.customer_id = ?", [*parameters, parties.customer(context, command.customer).id]
    if command.until is not None:
        where, parameters = f"{where} AND d.business_date <= ?", [*parameters, command.until]
    return where + facts.listed(context), parameters


JOBS = (
    JobKind(
        name=NAME,
        summary="Invoice all orders that have something delivered and not invoiced",
        request=InvoiceRun,
        run=run,
        permission="sales.post_invoice",
        size=100,
    ),
)
