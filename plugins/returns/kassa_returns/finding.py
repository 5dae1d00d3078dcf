"""Finding: return orders by any key, what of invoices may still come back, purchases that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa import (
    Context,
    Issue,
    NotFound,
    Refused,
    SalesOrder,
    Source,
    Thousandths,
    add_days,
    check_seen,
    currency,
    customer,
    find_document,
    format_scaled,
    legal_entity,
    load_sources,
    product,
    today,
)
from kassa_returns.messages import orders as messages
from kassa_returns.store import load_return

SOURCE = "sales.source"
Place = tuple[str, int]
INVOICES_OF = "SELECT DISTINCT document_id FROM sales_invoice_line WHERE order_id = ?"
DATES = "SELECT id, business_date FROM kernel_document WHERE id IN {keys}"
BOUGHT = (
    "SELECT DISTINCT d.id, d.business_date FROM kernel_document d JOIN sales_invoice i ON i.document_id = d.id "
    "JOIN sales_invoice_line l ON l.document_id = d.id JOIN sales_order o ON o.document_id = l.order_id "
    "WHERE d.legal_entity_id = ? AND d.kind = 'invoice' AND l.product_id = ? "
    "AND l.quantity > 0 AND d.business_date >= ?"
)
PAID_BY = (
    " AND EXISTS (SELECT 1 FROM ledger_open_item o JOIN ledger_settlement s ON s.debit_item_id = o.id JOIN ledger_open_item c "
    "ON c.id = s.credit_item_id JOIN payments_payment p ON p.document_id = c.document_id WHERE o.document_id = d.id AND p.reference = ?)"
)
MOST = 50


def find_return(context: Context, reference: str, *, seen: bool = True) -> SalesOrder:
    """Find a return order by any of its keys; NotFound where it is none. Where it `seen` counts, PreconditionFailed for another version."""
    order = load_return(context, find_document(context, "order", reference))
    if order is None:
        raise NotFound("return order", reference)
    if seen:
        check_seen(context, f"The return order {reference}", order.version)
    return order


def sources_of_invoice(context: Context, reference: str) -> Mapping[int, Source]:
    """Give the lines of an invoice that sold something, by number."""
    document_id = find_document(context, "invoice", reference)
    return {number: source for (_, number), source in sorted(load_sources(context.read, [document_id]).items()) if source.quantity > 0}


def left_of(context: Context, sources: Sequence[Source]) -> Mapping[Place, Thousandths]:
    """Tell how much of invoice lines may still come back, whoever claimed the rest (RET-12)."""
    places = [(source.document_id, source.number) for source in sources]
    claimed = context.balance(SOURCE, places) if places else {}
    return {place: source.quantity - claimed[place]["claimed"] for place, source in zip(places, sources, strict=True)}


def read_returnable(request: messages.ReadReturnable, context: Context) -> messages.ReturnableView:
    """Show what of an order may still come back."""
    order_id = find_document(context, "order", request.order)
    ids = [row[0] for row in context.read.rows(INVOICES_OF, (order_id,))]
    return messages.ReturnableView(lines=tuple(_views(context, ids)))


def _views(context: Context, ids: Sequence[str], only: str | None = None) -> Iterable[messages.ReturnableLineView]:
    """Show invoice lines of which something was sold, of one product or of all."""
    known = [source for _, source in sorted(load_sources(context.read, ids).items())]
    sources = [source for source in known if source.quantity > 0 and only in (None, source.product_id)]
    left = left_of(context, sources)
    dates: dict[str, str] = dict(context.read.rows_for(DATES, ids))
    for source in sources:
        rest = left[source.document_id, source.number]
        yield messages.ReturnableLineView(
            invoice=source.document_number, line=source.number, product=source.product_number, store=source.store_number,
            date=dates[source.document_id], sold=source.quantity, returned=source.quantity - rest, returnable=rest,
            unit_price=source.unit_price, net=format_scaled(source.net, currency(source.currency).exponent),
        )  # fmt: skip


def find_purchases(request: messages.FindPurchases, context: Context) -> messages.ReturnableView:
    """Show purchases of a product that goods without a receipt may come from, in any store, the newest first."""
    found = purchases(
        context, product(context, request.product).id, customer_id=customer(context, request.customer).id if request.customer else None,
        reference=request.reference, days=request.days,
    )  # fmt: skip
    return messages.ReturnableView(lines=tuple(found))


def purchases(
    context: Context, product_id: str, *, customer_id: str | None = None, reference: str | None = None, days: int | None = None
) -> list[messages.ReturnableLineView]:
    """Give invoice lines of a product of the last days of which something is left: of a customer, by a payment's reference, or of anybody."""
    entity = legal_entity(context)
    back = days if days is not None else context.setting("returns.look_alike_days")
    where, parameters = "", [entity.id, product_id, add_days(today(context, entity), -back)]
    if customer_id is not None:
        where, parameters = " AND o.customer_id = ?", [*parameters, customer_id]
    if reference is not None:
        where, parameters = f"{where}{PAID_BY}", [*parameters, reference]
    rows = context.read.rows(f"{BOUGHT}{where} ORDER BY d.business_date DESC, d.id DESC LIMIT ?", [*parameters, MOST])
    order = {row[0]: place for place, row in enumerate(rows)}
    numbered: list[tuple[int, messages.ReturnableLineView]] = []
    for document_id, place in order.items():
        numbered += [(place, view) for view in _views(context, [document_id], product_id) if view.returnable > 0]
    return [view for _, view in numbered]


def refuse(code: str, message: str, pointer: str, **more: Any) -> Refused:
    """Make the refusal of one finding."""
    return Refused((Issue(code=code, message=message, pointer=pointer, **more),))
