"""Returns to vendors: goods that customers gave back and that were put on the shelf leave again, to whom they were bought from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import attrs

from kassa import Context, Http, Issue, Operation, Result, Row, SalesLine, SalesOrder, schema, warehouse
from kassa_returns.documents import TYPE, Positive, header, state_of
from kassa_returns.finding import find_return
from kassa_returns.messages.orders import RMA_FIELD, ReadReturn
from kassa_returns.models import VendorReturnRow
from kassa_returns.store import save

ON_THE_SHELF = ("credit", "replace_and_credit")
SENT = "SELECT line_id, quantity FROM returns_vendor_return WHERE line_id IN {keys}"


@attrs.frozen(kw_only=True)
class OfferedLine:
    """A return line whose goods may go back to their vendor."""

    line: int
    product: str
    quantity: Positive


@attrs.frozen(kw_only=True)
class OfferedView:
    """What of a return may go back to its vendor."""

    rma_number: str
    lines: tuple[OfferedLine, ...]


@attrs.frozen(kw_only=True)
class ReturnToVendor:
    """Sends goods of a return back to a vendor: all that is offered, or some lines. They leave the stock; the credit note is the vendor's."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)
    vendor: schema.Text = attrs.field(metadata={"description": "Number of the vendor.", "examples": ["V0001"]})
    lines: Annotated[tuple[int, ...], schema.Items(1, 500)] | None = attrs.field(
        default=None, metadata={"description": "Numbers of return lines.", "examples": [[1]]}
    )


@attrs.frozen(kw_only=True)
class VendorReturnView:
    """Goods that went back to a vendor, and the stock adjustments by which they left."""

    rma_number: str
    vendor: str
    lines: tuple[OfferedLine, ...]
    adjustments: tuple[schema.Identifier, ...]


def _offered(order: SalesOrder, context: Context) -> list[SalesLine]:
    """Give the lines whose goods are on the shelf and did not go back yet (RET-55)."""
    if header(order).state not in ("open", "closed"):
        return []
    found = [
        line for line in order.lines
        if state_of(line).action in ON_THE_SHELF and state_of(line).state in ("received", "invoiced") and line.stocked
    ]  # fmt: skip
    sent: Mapping[str, int] = dict(context.read.rows_for(SENT, [line.id for line in found])) if found else {}
    return [line for line in found if line.id not in sent]


def _view(line: SalesLine) -> OfferedLine:
    return OfferedLine(line=line.number, product=line.product_number, quantity=abs(line.quantity))


def read_offered(request: ReadReturn, context: Context) -> OfferedView:
    """Show what of a return may go back to its vendor."""
    order = find_return(context, request.rma, seen=False)
    return OfferedView(rma_number=header(order).rma_number, lines=tuple(_view(line) for line in _offered(order, context)))


def return_to_vendor(command: ReturnToVendor, context: Context) -> Result:
    """Plan that goods of a return leave for their vendor; each line once."""
    order = find_return(context, command.rma)
    offered = {line.number: line for line in _offered(order, context)}
    wanted = list(offered) if command.lines is None else list(dict.fromkeys(command.lines))
    context.refuse(
        Issue(
            code="RET_NOT_FOR_VENDOR", message=f"Line {number} is not offered for its vendor: its goods are not on the shelf, or went already.",
            pointer="/lines", rule="RET-55", expected={"lines": ", ".join(map(str, offered)) or "none"}, got=str(number),
        )
        for number in wanted or [0]
        if number not in offered
    )  # fmt: skip
    lines = [offered[number] for number in wanted]
    by_place: dict[str, list[SalesLine]] = {}
    for line in lines:
        by_place.setdefault(line.warehouse_id, []).append(line)
    made: list[str] = []
    for warehouse_id, group in by_place.items():
        asked = [{"product": line.product_number, "quantity": schema.unstructure(_view(line))["quantity"]} for line in group]
        asked_of_stock = {
            "warehouse": warehouse(context, warehouse_id).code, "reason": "correction", "note": f"To vendor {command.vendor}: {header(order).rma_number}",
            "lines": [{**line, "quantity": f"-{line['quantity']}"} for line in asked],
        }  # fmt: skip
        adjusted = context.call("stock.adjust", asked_of_stock)
        made.append(adjusted.document_id)
        context.plan.add(
            [
                Row(VendorReturnRow, {"line_id": line.id, "vendor": command.vendor, "quantity": abs(line.quantity), "adjustment_id": made[-1]})
                for line in group
            ],
            "returns.return_to_vendor",
            order.id,
        )
    save(context, order, order, "returns.return_to_vendor")
    shown = VendorReturnView(
        rma_number=header(order).rma_number, vendor=command.vendor, lines=tuple(_view(line) for line in lines), adjustments=tuple(made)
    )
    return Result(view=lambda numbers: shown, document_id=order.id, version=order.version + 1)


OPERATIONS = (
    Operation(
        name="returns.read_vendor_returnable", summary="Show what of a return may go back to its vendor", effect="read",
        http=Http(method="GET", path="/returns/{rma}/vendor-returnable-lines"), request=ReadReturn, response=OfferedView,
        permission="returns.read", handler=read_offered, rules=("RET-55",),
    ),
    Operation(
        name="returns.return_to_vendor", summary="Send goods of a return back to their vendor", effect="post",
        description="The goods leave the stock; whoever does it needs `stock.adjust` too. The vendor's credit note is entered in payables.",
        http=Http(method="POST", path="/returns/{rma}/vendor-returns", status=201), request=ReturnToVendor, response=VendorReturnView,
        permission="returns.receive", handler=return_to_vendor, on="order", on_type=TYPE, rules=("RET-55",),
        example={"rma": "RMA-S001-000001", "vendor": "V0001"},
    ),
)  # fmt: skip
