"""Transfers: order, ship, receive, cancel, look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import find_document, numbers_of
from kassa.kernel.operations import Result, page, page_of
from kassa.kernel.values import Thousandths, new_id
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.org.editing import check_seen
from kassa.stock.documents.transfers import Transfer, TransferLine, TransferPosting, TransferPostingLine
from kassa.stock.messages import transfers as messages
from kassa.stock.places import Where, header, stocked_products, where_of
from kassa.stock.store.transfers import load_transfers
from kassa.stock.transferring import posted as after_posting

KIND, POSTING = "stock_transfer", "stock_transfer_posting"
LISTED = (
    "SELECT d.id, k.value, d.state, f.code, w.code, d.business_date FROM kernel_document d JOIN stock_transfer t ON t.document_id = d.id "
    "JOIN org_warehouse f ON f.id = t.from_warehouse_id JOIN org_warehouse w ON w.id = t.to_warehouse_id "
    "LEFT JOIN kernel_document_key k ON k.document_id = d.id AND k.name = 'number' WHERE d.legal_entity_id = ? AND d.kind = 'stock_transfer'"
)
POSTINGS_OF = "SELECT document_id FROM stock_transfer_posting WHERE transfer_id = ? ORDER BY document_id"
Parts = Mapping[int, tuple[Thousandths, Thousandths]]
"""What is shipped or arrives, and what is lost, by number of the line."""


def create_transfer(command: messages.CreateTransfer, context: Context) -> Result:
    """Plan a transfer; an immediate one is shipped and received in the same plan."""
    where = where_of(context, command.from_warehouse, command.store)
    to_warehouse = org.warehouse(context, command.to_warehouse)
    if to_warehouse.id == where.warehouse.id:
        message = f"{to_warehouse.code} is where the goods lie already. Name another warehouse."
        context.refuse([Issue(code="STOCK_SAME_WAREHOUSE", message=message, pointer="/to_warehouse", got=command.to_warehouse)])
    products = stocked_products(context, [line.product for line in command.lines])
    lines = tuple(
        TransferLine(
            id=new_id(), receipt_lot_id=new_id(), number=number, product_id=products[asked.product].id,
            product_number=products[asked.product].number, quantity=asked.quantity, standard_cost=products[asked.product].standard_cost,
            costing=products[asked.product].costing, negative_stock=products[asked.product].negative_stock,
        )
        for number, asked in enumerate(command.lines, 1)
    )  # fmt: skip
    draft = Transfer(
        **header(context, where, "transfer", command.date, command.reference), from_warehouse_id=where.warehouse.id,
        to_warehouse_id=to_warehouse.id, note=command.note, store_number=where.store_number, exponent=org.legal_entity(context).exponent,
        lines=lines,
    )  # fmt: skip
    (transfer,) = context.step(KIND, "create", [draft])
    postings: list[TransferPosting] = []
    if command.immediate:
        for kind in ("shipment", "receipt"):
            transfer, posting = _post(transfer, kind, None, where, command.date, context)
            postings.append(posting)
    return _answer(transfer, postings, context, 1)


def _post(
    transfer: Transfer, kind: str, parts: Parts | None, where: Where, date: str | None, context: Context
) -> tuple[Transfer, TransferPosting]:
    """Plan a shipment or a receipt of a transfer, and move the header on."""
    chosen = _all_open(transfer, kind) if parts is None else parts
    by_number = {line.number: line for line in transfer.lines}
    context.refuse(_misnamed(chosen, by_number))
    lines = tuple(
        TransferPostingLine(number=place, line=by_number[number], quantity=quantity, lost=lost)
        for place, (number, (quantity, lost)) in enumerate(chosen.items(), 1)
    )
    policy = context.setting("stock.negative_stock", store_id=where.store_id)
    draft = TransferPosting(
        **header(context, where, kind, date), transfer=transfer, store_number=where.store_number, exponent=transfer.exponent,
        allow_negative=policy != "refuse", warn_negative=policy == "warn", lines=lines,
    )  # fmt: skip
    (posting,) = context.step(POSTING, "post", [draft])
    moved = after_posting(transfer, posting)
    (moved,) = context.step(KIND, _header_move(moved), [moved])
    return moved, posting


def _all_open(transfer: Transfer, kind: str) -> Parts:
    left = {line.number: line.shippable if kind == "shipment" else line.in_transit for line in transfer.lines}
    return {number: (quantity, 0) for number, quantity in left.items() if quantity}


def _misnamed(chosen: Parts, known: Mapping[int, TransferLine]) -> Iterable[Issue]:
    for place, number in enumerate(chosen):
        if number not in known:
            yield Issue(
                code="STOCK_LINE_UNKNOWN", message=f"The transfer has no line {number}.", pointer=f"/lines/{place}/line", got=str(number)
            )


def _header_move(transfer: Transfer) -> str:
    """Tell how the header follows its lines: nothing more to ship or to receive, or something."""
    return "move" if any(line.shippable or line.in_transit for line in transfer.lines) else "complete"


def ship_transfer(command: messages.ShipTransfer, context: Context) -> Result:
    """Plan that goods of a transfer leave."""
    transfer = _read(command.transfer, context)
    context.gate(KIND, ("ship",), [transfer])
    parts = None if command.lines is None else {line.line: (line.quantity, 0) for line in command.lines}
    context.refuse(_named_twice([line.line for line in command.lines or ()]))
    where = where_of(context, transfer.from_warehouse_id, None)
    moved, posting = _post(transfer, "shipment", parts, where, command.date, context)
    return _answer(moved, [posting], context, transfer.version + 1)


def receive_transfer(command: messages.ReceiveTransfer, context: Context) -> Result:
    """Plan that goods of a transfer arrive, or are lost."""
    transfer = _read(command.transfer, context)
    context.gate(KIND, ("receive",), [transfer])
    parts = None if command.lines is None else {line.line: (line.quantity, line.lost) for line in command.lines}
    context.refuse(_named_twice([line.line for line in command.lines or ()]))
    where = where_of(context, transfer.to_warehouse_id, None)
    moved, posting = _post(transfer, "receipt", parts, where, command.date, context)
    return _answer(moved, [posting], context, transfer.version + 1)


def _named_twice(numbers: Sequence[int]) -> Iterable[Issue]:
    for place, number in enumerate(numbers):
        if number in numbers[:place]:
            message = f"Line {number} is named twice. Add the quantities up."
            yield Issue(code="STOCK_LINE_UNKNOWN", message=message, pointer=f"/lines/{place}/line", got=str(number))


def cancel_transfer(command: messages.ReadTransfer, context: Context) -> Result:
    """Plan that what was not shipped yet stays where it is; what is on its way can still be received."""
    transfer = _read(command.transfer, context)
    check_seen(context, "The transfer", transfer.version)
    begun = any(line.counters.shipped for line in transfer.lines)
    on_its_way = any(line.in_transit for line in transfer.lines)
    (cancelled,) = context.step(KIND, "cancel_rest" if on_its_way else "conclude" if begun else "cancel", [transfer])
    lines = tuple(evolve(x, counters=evolve(x.counters, cancelled=x.counters.cancelled + x.shippable)) for x in cancelled.lines)
    return _answer(evolve(cancelled, lines=lines), (), context, transfer.version + 1)


def _read(reference: str, context: Context) -> Transfer:
    found = find_document(context.read, KIND, org.legal_entity(context).id, reference)
    transfer = load_transfers(context.read, [found])[found]
    products = catalog.products(context, [line.product_id for line in transfer.lines])
    lines = tuple(
        evolve(line, standard_cost=product.standard_cost, costing=product.costing, negative_stock=product.negative_stock)
        for line in transfer.lines
        if (product := products[line.product_id])
    )
    return evolve(
        transfer, lines=lines, date=header(context, Where(org.warehouse(context, transfer.from_warehouse_id), None), "", None)["date"]
    )


def _answer(transfer: Transfer, postings: Sequence[TransferPosting], context: Context, version: int) -> Result:
    shown = _view(transfer, context, numbers_of(context.read, [transfer.id]).get(transfer.id), (), version)
    ids = [posting.id for posting in postings]
    return Result(
        view=lambda numbers: evolve(
            shown, number=numbers.get(transfer.id, shown.number), postings=tuple(numbers[i] for i in ids if i in numbers)
        ),
        document_id=transfer.id,
        version=version,
    )


def _view(transfer: Transfer, context: Context, number: str | None, postings: tuple[str, ...], version: int) -> messages.TransferView:
    lines = tuple(
        messages.TransferLineView(
            line=line.number, product=line.product_number, lot=line.id, receipt_lot=line.receipt_lot_id, quantity=line.quantity,
            shipped=line.counters.shipped, received=line.counters.received, lost=line.counters.lost, cancelled=line.counters.cancelled,
        )
        for line in transfer.lines
    )  # fmt: skip
    return messages.TransferView(
        id=transfer.id, number=number, state=transfer.state, from_warehouse=org.warehouse(context, transfer.from_warehouse_id).code,
        to_warehouse=org.warehouse(context, transfer.to_warehouse_id).code, note=transfer.note, date=transfer.date, version=version,
        lines=lines, postings=postings,
    )  # fmt: skip


def read_transfer(request: messages.ReadTransfer, context: Context) -> messages.TransferView:
    """Show one transfer with how far its lines have come, and the documents that moved its goods."""
    found = find_document(context.read, KIND, org.legal_entity(context).id, request.transfer)
    transfer = load_transfers(context.read, [found])[found]
    ids = [row[0] for row in context.read.rows(POSTINGS_OF, (found,))]
    numbers = numbers_of(context.read, [found, *ids])
    return _view(transfer, context, numbers.get(found), tuple(numbers[i] for i in ids), transfer.version)


def list_transfers(request: messages.ListTransfers, context: Context) -> Any:
    """Show a page of transfers, newest first."""
    after = place_after(request.after, an_id)
    conditions = (
        ("d.state = ?", request.state),
        ("t.from_warehouse_id = ?", org.warehouse(context, request.from_warehouse).id if request.from_warehouse is not None else None),
        ("t.to_warehouse_id = ?", org.warehouse(context, request.to_warehouse).id if request.to_warehouse is not None else None),
        ("d.id < ?", after[0] if after is not None else None),
    )
    where, values = narrowed(conditions)
    rows = context.read.rows(f"{LISTED}{where} ORDER BY d.id DESC LIMIT ?", [org.legal_entity(context).id, *values, request.limit + 1])
    items = [
        messages.TransferSummaryView(id=row[0], number=row[1], state=row[2], from_warehouse=row[3], to_warehouse=row[4], date=row[5])
        for row in rows
    ]
    return page(request, messages.TransferSummaryView, items, lambda view: (view.id,))


def _operation(name: str, summary: str, path: str, request: type[Any], handler: Any, **more: Any) -> Operation:
    given = {"effect": "post", "response": messages.TransferView, "permission": "stock.transfer", "scope": "acting_store", **more}
    status = given.pop("status", 201)
    http = Http(method="POST", path=path, status=status, location="/stock/transfers/{id}" if status == 201 else None)
    return Operation(name=name, summary=summary, http=http, request=request, handler=handler, **given)


MOVING = (f"{KIND}.move", f"{KIND}.complete", f"{POSTING}.post")
SHIPPING, RECEIVING = ((f"{KIND}.{move}", *MOVING) for move in ("ship", "receive"))
ENDING = (f"{KIND}.cancel", f"{KIND}.cancel_rest", f"{KIND}.conclude")
OPERATIONS: tuple[Operation, ...] = (
    _operation(
        "stock.create_transfer", "Order a transfer", "/stock/transfers", messages.CreateTransfer, create_transfer,
        description="Goods go from one warehouse of the legal entity to another, also to one for goods that wait for a decision and back. "
        "They take their cost along. `immediate` ships and receives them at once.",
        example={"from_warehouse": "S001", "to_warehouse": "W01", "lines": [{"product": "85123A", "quantity": "4"}]},
    ),
    _operation(
        "stock.ship_transfer", "Ship a transfer", "/stock/transfers/{transfer}/shipments", messages.ShipTransfer, ship_transfer,
        description="All that is left, or parts of lines. The goods are in transit until they are received.",
        example={"lines": [{"line": 1, "quantity": "2"}]}, on=KIND, steps=SHIPPING,
    ),
    _operation(
        "stock.receive_transfer", "Receive a transfer", "/stock/transfers/{transfer}/receipts", messages.ReceiveTransfer, receive_transfer,
        description="All that is on its way, or parts of lines. What was lost on its way is said here, and booked as a loss.",
        example={"lines": [{"line": 1, "quantity": "1", "lost": "1"}]}, on=KIND, steps=RECEIVING,
    ),
    _operation(
        "stock.cancel_transfer", "Cancel what a transfer has not shipped", "/stock/transfers/{transfer}/cancellation", messages.ReadTransfer,
        cancel_transfer, status=200, description="What is on its way can still be received.", on=KIND, steps=ENDING,
    ),
    Operation(
        name="stock.list_transfers", summary="List transfers", effect="read", http=Http(method="GET", path="/stock/transfers"),
        request=messages.ListTransfers, response=page_of(messages.TransferSummaryView), permission="stock.read", handler=list_transfers,
        collection=True,
    ),
    Operation(
        name="stock.read_transfer", summary="Read a transfer", effect="read", http=Http(method="GET", path="/stock/transfers/{transfer}"),
        request=messages.ReadTransfer, response=messages.TransferView, permission="stock.read", handler=read_transfer,
    ),
)  # fmt: skip
