"""A probe: goods of an order are handled where they lie: they are picked and put back, and what comes back is registered."""

from typing import Literal

import attrs

import kassa
from kassa import ErrorCode, Http, Issue, Operation, OrderView, Result, hookimpl, schema

COMES_FROM = {"picked": ("reserved", "on_order"), "reserved": ("picked",), "registered": ("ordered",)}
"""From which statuses goods go on into one; what is picked without being reserved is taken from what is there."""


@attrs.frozen(kw_only=True)
class Handle:
    """Goods of a line are picked, put back to where they are reserved, or registered on arrival."""

    order: schema.Text
    line: int
    quantity: schema.Quantity
    status: Literal["picked", "reserved", "registered"]


def handle(command, context):
    """Move goods of a line on; nothing is booked, and on hand stays what it was."""
    order_id = kassa.find_document(context, "order", command.order)
    order = kassa.orders(context, [order_id])[order_id]
    line = next((line for line in order.lines if line.number == command.line), None)
    comes = command.status == "registered"
    if line is None or not 0 < command.quantity <= line.deliverable or comes is not (line.quantity < 0):
        context.refuse([Issue(code="HANDLING_LINE", message=f"Line {command.line} has nothing of that to handle.", pointer="/line")])
    lot = kassa.lots(context, [line.id]).get(line.id)
    lot = lot or kassa.Lot(id=line.id, legal_entity_id=order.legal_entity_id, product_id=line.product_id)
    signed = command.quantity if comes else -command.quantity
    short = Issue(code="HANDLING_LINE", message="So much is not there.", pointer="/quantity")
    steps = kassa.advance_lot(
        lot, command.status, signed, order.date, warehouse_id=line.warehouse_id, sources=COMES_FROM[command.status], floor=0, shortage=short
    )
    context.plan.add([kassa.StateChange(order, order.state), *steps], "handling.handle", order_id)
    return Result(view=lambda numbers: kassa.order_view(order, None, command.order), document_id=order_id, version=order.version + 1)


@hookimpl
def register_definitions():
    code = ErrorCode(code="HANDLING_LINE", title="Nothing to handle", meaning="There is not so much of it.", action="Look at the order.")
    return [code, kassa.Permission(name="handling.handle", summary="Handle goods of orders")]


@hookimpl
def register_operations():
    http = Http(method="POST", path="/orders/{order}/handling")
    return [
        Operation(
            name="handling.handle", summary="Handle goods of an order", effect="post", http=http, request=Handle, response=OrderView,
            permission="handling.handle", handler=handle,
        )
    ]  # fmt: skip
