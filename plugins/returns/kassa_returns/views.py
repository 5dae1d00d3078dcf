"""Views of return orders: documents as the outside sees them, amounts as decimal texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kassa import Address, Charge, Context, SalesLine, SalesOrder, customer, format_scaled, key_place, numbers_of, store, warehouse
from kassa_returns.documents import RMA, header, state_of
from kassa_returns.messages import orders as messages

REPLACEMENTS = "SELECT order_id FROM returns_replacement WHERE return_id = ? AND active ORDER BY order_id"


def return_viewer(context: Context, order: SalesOrder) -> Any:
    """Read what a view of a return needs beside it; gives the function from numbers to the view."""
    party, place = customer(context, order.customer_id or order.party_id), warehouse(context, order.warehouse_id)
    known, where = numbers_of(context.read, [order.id]).get(order.id), address_of(context, order)
    replaced = tuple(row[0] for row in context.read.rows(REPLACEMENTS, (order.id,)))
    found = header(order)

    def view(numbers: Mapping[str, str]) -> messages.ReturnView:
        return messages.ReturnView(
            id=order.id, rma_number=found.rma_number or numbers.get(key_place(order.id, RMA)), number=known or numbers.get(order.id),
            state=found.state, order_state=order.state, version=order.version, store=order.store_number, warehouse=place.code,
            customer=party.number, currency=order.currency, date=order.date, deadline=found.deadline, reason=found.reason, address=where,
            lines=tuple(_line(line, order.exponent) for line in order.lines),
            charges=tuple(_charge(charge, order.exponent) for charge in order.charges), replacements=replaced,
            net=format_scaled(order.net, order.exponent), tax=format_scaled(order.tax, order.exponent),
            total=format_scaled(order.total, order.exponent),
        )  # fmt: skip

    return view


def address_of(context: Context, order: SalesOrder) -> Address | None:
    """Give where the goods go: the address that was given, else that of the warehouse that was chosen, else the store's (RET-06)."""
    found = header(order)
    if found.address is not None:
        return found.address
    place = warehouse(context, order.warehouse_id)
    if found.warehouse_chosen and place.address is not None:
        return place.address
    return store(context, order.store_id or "").address


def _line(line: SalesLine, places: int) -> messages.ReturnLineView:
    state, source, cost = state_of(line), line.source, line.source_cost if line.source is not None else line.given_cost
    return messages.ReturnLineView(
        line=line.number, lot=line.id, product=line.product_number, description=line.description, quantity=line.quantity, state=state.state,
        unit_price=line.unit_price, price_origin=line.price_origin, discount=format_scaled(line.discount, places),
        net=format_scaled(line.net, places), tax=format_scaled(line.tax, places), total=format_scaled(line.total, places),
        cost=format_scaled(-cost, places) if cost is not None else None,
        source=messages.SourceOfLine(invoice=source.document_number, line=source.number) if source is not None else None,
        return_lot=source.lot_id if source is not None else None, unreferenced=line.unreferenced, disposition=state.disposition,
        action=state.action, replacement_product=state.replacement_product, replacement_quantity=state.replacement_quantity,
        slip_reference=state.slip_reference, late=state.late, agreement=state.agreement,
    )  # fmt: skip


def _charge(charge: Charge, places: int) -> messages.ReturnChargeView:
    by_code = charge.rule.startswith("returns.")
    return messages.ReturnChargeView(
        charge=charge.number, line=charge.line_number, code=charge.code, origin=charge.rule.partition(".")[2] if by_code else charge.origin,
        brought_by=charge.reason if by_code else None, amount=format_scaled(charge.amount, places), tax=format_scaled(charge.tax, places),
    )  # fmt: skip
