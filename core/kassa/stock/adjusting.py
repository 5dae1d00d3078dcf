"""Adjusting: from a request to an adjustment that is checked, valued, moved and booked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kassa.kernel.context import Context
from kassa.kernel.operations import Result
from kassa.kernel.values import format_minor, new_id
from kassa.org import facts as org
from kassa.stock import messages
from kassa.stock.documents import Adjustment, AdjustmentLine
from kassa.stock.places import Where, header, stocked_products, where_of


def adjust(command: messages.Adjust, context: Context) -> Result:
    """Plan a stock adjustment."""
    where = where_of(context, command.warehouse, command.store)
    lines = _lines(command.lines, context)
    posted = post(lines, where, context, reason=command.reason, note=command.note, date=command.date, reference=command.reference)
    currency = org.legal_entity(context).currency
    return Result(
        view=lambda numbers: adjustment_view(posted, where.warehouse.code, currency, numbers.get(posted.id)), document_id=posted.id, version=1
    )


def post(
    lines: tuple[AdjustmentLine, ...], where: Where, context: Context, *, reason: str, note: str | None = None, date: str | None = None,
    reference: str | None = None, corrects_id: str | None = None,
) -> Adjustment:  # fmt: skip
    """Plan that lines are adjusted in a warehouse, for a reason."""
    policy = context.setting("stock.negative_stock", store_id=where.store_id)
    draft = Adjustment(
        **header(context, where, reason, date, reference), warehouse_id=where.warehouse.id, store_number=where.store_number,
        exponent=org.legal_entity(context).exponent, reason=reason, note=note, allow_negative=policy != "refuse", corrects_id=corrects_id,
        warn_negative=policy == "warn", lines=lines,
    )  # fmt: skip
    (posted,) = context.step("stock_adjustment", "post", [draft])
    return posted


def _lines(asked: Sequence[messages.AdjustmentLineRequest], context: Context) -> tuple[AdjustmentLine, ...]:
    """Make the lines; every product that cannot be adjusted is reported at once."""
    products = stocked_products(context, [line.product for line in asked])
    return tuple(
        AdjustmentLine(
            number=place + 1, lot_id=new_id(), product_id=products[line.product].id, product_number=products[line.product].number,
            quantity=line.quantity, standard_cost=products[line.product].standard_cost, unit_cost=line.unit_cost,
            costing=products[line.product].costing, negative_stock=products[line.product].negative_stock,
        )
        for place, line in enumerate(asked)
    )  # fmt: skip


def adjustment_view(document: Adjustment, warehouse: str, currency: str, number: str | None) -> messages.AdjustmentView:
    """Show an adjustment."""
    lines: list[Any] = [
        messages.AdjustmentLineView(line=x.number, product=x.product_number, quantity=x.quantity, cost=format_minor(x.cost, currency))
        for x in document.lines
    ]
    return messages.AdjustmentView(
        id=document.id, number=number, reason=document.reason, warehouse=warehouse, store=document.store_number or None,  # type: ignore[arg-type]
        date=document.date, note=document.note, currency=currency, lines=tuple(lines),
        cost=format_minor(sum(line.cost for line in document.lines), currency),
    )  # fmt: skip
