"""`kassa import returns`: cancellations of another system become returns, from the same file and mapping as its sales.

Each line takes back the newest earlier invoice line of the same customer, product and price of which enough is left; where there is
none it comes without a receipt, at the price of the file. So each credit note has the total of its cancellation. What names no
customer is refused, for nobody could be credited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa import (
    Cancellation,
    Chunk,
    ChunkDone,
    Context,
    Customer,
    Extended,
    ImportBatch,
    ImportSales,
    Issue,
    JobKind,
    Key,
    Refused,
    SalesLine,
    SalesLineRow,
    SalesOrder,
    Source,
    Store,
    add_days,
    create_missing,
    load_sources,
    new_id,
    post_imported_order,
    read_import,
    store,
)
from kassa_returns.documents import LINE, RMA, TYPE, ReturnLine, ReturnOrder
from kassa_returns.finding import left_of

EARLIER = (
    "SELECT l.document_id, l.number, l.product_id, l.unit_price FROM sales_invoice_line l JOIN kernel_document d ON d.id = l.document_id "
    "JOIN sales_order o ON o.document_id = l.order_id WHERE o.customer_id = ? AND d.business_date <= ? AND l.quantity > 0 "
    "AND l.product_id IN {keys} ORDER BY d.business_date DESC, d.occurred_at DESC, d.id DESC, l.number"
)
Asked = tuple[str, int]


def run(chunk: Chunk, context: Context) -> Any:
    """Plan the returns of the next rows; customers and products that no sale has are made first, and the rows come again."""
    session, rows = chunk.prepared
    if rows is None:
        session.close()
        return ChunkDone(cursor=None, done=0)
    place = store(context, session.mapping.store)
    batch = ImportBatch(rows.values, session.mapping, place, context, (Cancellation,))
    if chunk.request.create and create_missing(batch, context):
        return ChunkDone(cursor=chunk.cursor or 0, done=0)
    counts = {name: chunk.summary.get(name, 0) for name in ("posted", "known", "lines_with_receipt", "lines_without_receipt", "amount_minor")}
    made: dict[str, dict[str, int]] = {}

    def post(value: Cancellation) -> str:
        order = _order(value, batch, context, place)
        (created,) = context.step("order", "create", [order])
        order_id: str = post_imported_order(created, batch)
        found = sum(line.source is not None for line in created.lines)
        made[value.natural_key] = {
            "posted": 1, "lines_with_receipt": found, "lines_without_receipt": len(created.lines) - found, "amount_minor": created.total,
        }  # fmt: skip
        return order_id

    batch.post(post)

    def done(dropped: Mapping[str, Sequence[Issue]]) -> ChunkDone:
        kept = [found for key, found in made.items() if key not in dropped]
        summary = {name: count + sum(found.get(name, 0) for found in kept) for name, count in counts.items()}
        summary |= {"known": counts["known"] + batch.known, "currency": session.mapping.currency}
        return ChunkDone(cursor=rows.last_line, done=rows.rows, summary=summary)

    return done


def _order(value: Cancellation, batch: Any, context: Context, place: Store) -> SalesOrder:
    """Make the return order of a cancellation, registered and ready to be received."""
    customer: Customer | None = batch.customers.get(value.customer) if value.customer is not None else None
    if customer is None:
        message = f"{value.number} names no customer, so nobody could be credited."
        raise Refused((Issue(code="RET_IMPORT_NO_CUSTOMER", message=message, got=value.number),))
    products = [batch.product(row.product_code, row.line_number) for row in value.lines]
    sources = _sources(value, [product.id for product in products], customer, context)
    lines = tuple(
        _line(row, number, product, sources.get(number), place) for number, (row, product) in enumerate(zip(value.lines, products, strict=True), 1)
    )
    header = ReturnOrder(deadline=add_days(value.local_date, context.setting("returns.validity_days", store_id=place.id)), state="open")
    return SalesOrder(
        id=new_id(), type=TYPE, legal_entity_id=place.legal_entity_id, store_id=place.id, register=place.number, state="draft",
        date=value.local_date, occurred_at=value.occurred_at, keys=(*batch.keys(value), Key(RMA, "", series="returns.rma")),
        customer_id=customer.id, party_type="customer", party_id=customer.billed_id, currency=value.currency, exponent=place.exponent,
        price_includes_tax=place.price_includes_tax, warehouse_id=place.warehouse_id, store_number=place.number, lines=lines,
        extensions=(Extended(TYPE, header),),
    )  # fmt: skip


def _line(row: SalesLineRow, number: int, product: Any, source: Source | None, place: Store) -> SalesLine:
    state = ReturnLine(state="registered", action="credit")
    return SalesLine(
        id=new_id(), number=number, product_id=product.id, product_number=product.number, description=row.description or product.name,
        quantity=row.quantity, given_price=row.unit_price if source is None else None, tax_group=product.tax_group or "",
        stocked=product.stocked, post_physical=product.post_physical, standard_cost=product.standard_cost, costing=product.costing,
        negative_stock=product.negative_stock, warehouse_id=place.warehouse_id, source=source, extensions=(Extended(LINE, state),),
    )  # fmt: skip


def _sources(value: Cancellation, product_ids: Sequence[str], customer: Customer, context: Context) -> dict[int, Source]:
    """Choose the invoice line that each line takes back: the newest earlier one of the same price with enough left; others have none."""
    rows = context.read.rows_for(EARLIER, list(dict.fromkeys(product_ids)), (customer.id, value.local_date))
    earlier: dict[Asked, list[tuple[str, int]]] = {}
    for document_id, number, product_id, price in rows:
        earlier.setdefault((product_id, price), []).append((document_id, number))
    wanted = {number: (product_id, row.unit_price) for number, (row, product_id) in enumerate(zip(value.lines, product_ids, strict=True), 1)}
    places = [place for asked in set(wanted.values()) for place in earlier.get(asked, ())]
    known = load_sources(context.read, list(dict.fromkeys(document_id for document_id, _ in places))) if places else {}
    left = dict(left_of(context, [known[place] for place in places]))
    chosen: dict[int, Source] = {}
    for number, asked in wanted.items():
        quantity = abs(value.lines[number - 1].quantity)
        for place in earlier.get(asked, ()):
            if left[place] >= quantity and known[place].currency == value.currency:
                chosen[number] = known[place]
                left[place] -= quantity
                break
    return chosen


JOBS = (
    JobKind(
        name="returns.import", summary="Load cancellations of another system as returns, after its sales", request=ImportSales, run=run,
        prepare=read_import, permission="returns.import", size=2000, origin="import", local=True,
    ),
)  # fmt: skip
