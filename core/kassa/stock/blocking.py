"""Blocking: goods that lie in a warehouse and must not be sold, and letting them be sold again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import find_document, numbers_of
from kassa.kernel.operations import Result, page
from kassa.kernel.stages import Facts
from kassa.kernel.values import Thousandths, format_quantity, new_id
from kassa.ledger.queries import an_id, narrowed, place_after
from kassa.org import facts as org
from kassa.stock import facts
from kassa.stock.documents import Lot
from kassa.stock.documents.promises import Block, BlockLine
from kassa.stock.messages import promises as messages
from kassa.stock.movements import move
from kassa.stock.places import header, stocked_products, where_of
from kassa.stock.store.promises import load_blocks

KIND = "stock_block"
LISTED = "SELECT b.document_id FROM stock_block b JOIN kernel_document d ON d.id = b.document_id WHERE d.legal_entity_id = ? AND d.kind = 'stock_block'"


def block(command: messages.BlockGoods, context: Context) -> Result:
    """Plan that goods are taken out of what can be sold."""
    where = where_of(context, command.warehouse, command.store)
    products = stocked_products(context, [line.product for line in command.lines])
    entity = org.legal_entity(context)
    lines = tuple(
        BlockLine(
            number=number, lot=Lot(id=new_id(), legal_entity_id=entity.id, product_id=products[asked.product].id),
            product_number=products[asked.product].number, quantity=asked.quantity,
        )
        for number, asked in enumerate(command.lines, 1)
    )  # fmt: skip
    draft = Block(
        **header(context, where, "block", command.date, command.reference), warehouse_id=where.warehouse.id, reason=command.reason,
        note=command.note, lines=lines,
    )  # fmt: skip
    return _post(draft, context)


def unblock(command: messages.UnblockGoods, context: Context) -> Result:
    """Plan that blocked goods can be sold again: those that still are, or parts of lines."""
    blocked = _read(command.block, context)
    context.gate(KIND, ("unblock",), [blocked])
    where = where_of(context, blocked.warehouse_id, None)
    held = {line.number: _held(line, blocked) for line in blocked.lines}
    asked = held if command.lines is None else {line.line: line.quantity for line in command.lines}
    context.refuse(_too_much(asked, held))
    by_number = {line.number: line for line in blocked.lines}
    chosen = [evolve(by_number[number], quantity=quantity) for number, quantity in asked.items() if quantity]
    if not chosen:
        context.refuse([Issue(code="STOCK_NOT_BLOCKED", message="Nothing of this block is blocked any more.", pointer="/block")])
    lines = tuple(evolve(line, number=number) for number, line in enumerate(chosen, 1))
    draft = Block(
        **header(context, where, "unblock", command.date),
        warehouse_id=blocked.warehouse_id,
        reason=command.reason,
        corrects_id=blocked.id,
        lines=lines,
    )
    return _post(draft, context)


def check_releasable(document: Block, facts: Facts, context: Context) -> Iterable[Issue]:
    """Check that a document blocks goods, and that some of them are blocked still."""
    if document.type != "block":
        yield Issue(code="STOCK_NOT_BLOCKED", message="This document blocks nothing: it ended a block.", pointer="/block")
    elif not any(_held(line, document) for line in document.lines):
        yield Issue(code="STOCK_NOT_BLOCKED", message="Nothing of this block is blocked any more.", pointer="/block")


def _held(line: BlockLine, document: Block) -> Thousandths:
    return abs(line.lot.held.get((document.warehouse_id, "blocked"), 0))


def _too_much(asked: Mapping[int, Thousandths], held: Mapping[int, Thousandths]) -> Iterable[Issue]:
    for place, (number, quantity) in enumerate(asked.items()):
        there = held.get(number, 0)
        if quantity > there:
            yield Issue(
                code="STOCK_NOT_BLOCKED",
                message=f"Line {number}: {format_quantity(quantity)} asked, {format_quantity(there)} still blocked.",
                pointer=f"/lines/{place}/quantity",
                expected={"blocked": format_quantity(there)},
                got=format_quantity(quantity),
            )


def _post(draft: Block, context: Context) -> Result:
    (posted,) = context.step(KIND, "post", [draft])
    shown = _view(posted, context, None)
    return Result(view=lambda numbers: evolve(shown, number=numbers.get(posted.id)), document_id=posted.id, version=1)


def move_blocked(document: Block, facts_: Facts, context: Any) -> list[Any]:
    """Move each lot into what is blocked, or out of it; no more than is available is blocked, whatever the store's policy."""
    before, after = ("none", "blocked") if document.type == "block" else ("blocked", "none")
    effects: list[Any] = []
    for line in document.lines:
        effects += move(
            lot_id=line.lot.id, sequence=line.lot.sequence + 1, legal_entity_id=document.legal_entity_id, product_id=line.lot.product_id,
            warehouse_id=document.warehouse_id, from_status=before, to_status=after, quantity=-line.quantity, date=document.date, floor=0,
            shortage=partial(_shortage, line),
        )  # fmt: skip
    return effects


def _shortage(line: BlockLine, left: Thousandths) -> Issue:
    there = format_quantity(left + line.quantity)
    return Issue(
        code="STOCK_SHORTAGE",
        message=f"Line {line.number}: {format_quantity(line.quantity)} of {line.product_number} asked, {there} available.",
        pointer=f"/lines/{line.number - 1}/quantity",
        rule="stock.available",
        expected={"available": there},
        got=format_quantity(line.quantity),
        action="Block less, or release what is reserved first.",
    )


def read_block(request: messages.ReadBlock, context: Context) -> messages.BlockView:
    """Show a block, or what ended one."""
    found = _read(request.block, context)
    return _view(found, context, numbers_of(context.read, [found.id]).get(found.id))


def _read(reference: str, context: Context) -> Block:
    found = find_document(context.read, KIND, org.legal_entity(context).id, reference)
    return load_blocks(context.read, [found])[found]


def list_blocks(request: messages.ListBlocks, context: Context) -> Any:
    """Show a page of blocks and what ended them, newest first."""
    after = place_after(request.after, an_id)
    warehouse_id = org.warehouse(context, request.warehouse).id if request.warehouse is not None else None
    where, values = narrowed((("b.warehouse_id = ?", warehouse_id), ("d.id < ?", after[0] if after is not None else None)))
    rows = context.read.rows(f"{LISTED}{where} ORDER BY d.id DESC LIMIT ?", [org.legal_entity(context).id, *values, request.limit + 1])
    ids = [row[0] for row in rows]
    found, numbers = load_blocks(context.read, ids), numbers_of(context.read, ids)
    return page(request, messages.BlockView, [_view(found[i], context, numbers.get(i)) for i in ids], lambda view: (view.id,))


def _view(document: Block, context: Context, number: str | None) -> messages.BlockView:
    known = facts.lots(context, [line.lot.id for line in document.lines])
    lines = tuple(
        messages.BlockLineView(
            line=line.number, lot=line.lot.id, product=line.product_number, quantity=line.quantity,
            blocked=_held(evolve(line, lot=known.get(line.lot.id, line.lot)), document),
        )
        for line in document.lines
    )  # fmt: skip
    return messages.BlockView(
        id=document.id, number=number, type=document.type, corrects=document.corrects_id,
        warehouse=org.warehouse(context, document.warehouse_id).code, reason=document.reason, note=document.note, date=document.date, lines=lines,
    )  # fmt: skip
