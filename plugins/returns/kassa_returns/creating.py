"""Creating return orders and adding lines to them: by hand, or from invoices of any store (find sales order)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kassa import (
    ChargeReference,
    ChargeRequest,
    Context,
    CreateOrder,
    Extended,
    Issue,
    Key,
    Result,
    SalesLine,
    SalesOrder,
    Source,
    SourceRequest,
    Store,
    acting_store,
    add_days,
    build_order,
    change_order,
    charge_codes,
    currency,
    evolve,
    format_scaled,
    product,
    return_place,
    return_policy,
    store,
    warehouse,
)
from kassa_returns import receipts
from kassa_returns.agreements import linked
from kassa_returns.charging import DISPOSITION, REASON, with_charges
from kassa_returns.codes import reason_of
from kassa_returns.documents import LINE, RMA, TYPE, Disposition, ReturnLine, ReturnOrder, header, state_of, with_lines
from kassa_returns.finding import find_return, left_of, refuse, sources_of_invoice
from kassa_returns.messages import orders as messages
from kassa_returns.store import disposition
from kassa_returns.views import return_viewer
from kassa_returns.workflow import begun

CHARGES = (
    "SELECT c.document_id, c.number, c.code, c.invoiced, c.refunded FROM sales_order_charge c WHERE c.document_id IN {keys} "
    "AND c.invoiced <> 0 ORDER BY c.document_id, c.number"
)


def create(command: messages.CreateReturn, context: Context) -> Result:
    """Plan a return order; nothing is posted (RET-01 to RET-06, RET-11, RET-12, RET-53)."""
    place = acting_store(context, command.store)
    reason = reason_of(context, command.reason) if command.reason is not None else None
    asked, refunds = _asked(command, context)
    draft, _ = build_order(evolve(command, lines=asked, charges=(*command.charges, *refunds)), context, place, TYPE)
    draft = _placed(draft, command, context, place, reason.id if reason is not None else None)
    draft = receipts.priced(draft, context, place)
    draft = _with_dispositions(draft, asked, context)
    if reason is not None:
        draft = with_charges(draft, reason.charges, REASON, reason.code)
    deadline = command.deadline or add_days(draft.date, context.setting("returns.validity_days", store_id=place.id))
    value = ReturnOrder(
        reason=command.reason, reason_id=reason.id if reason is not None else None, deadline=deadline,
        warehouse_chosen=command.warehouse is not None, address=command.address,
    )  # fmt: skip
    draft = linked(draft, context)
    draft = with_lines(evolve(draft, keys=(*draft.keys, Key(RMA, "", series="returns.rma")), extensions=(*draft.extensions, Extended(TYPE, value))), {})
    context.refuse(receipts.offer(draft, draft.lines, asked, context))
    (order,) = context.step("order", "create", [draft])
    return Result(view=return_viewer(context, order), document_id=order.id, version=1)


def add_lines(command: messages.AddLines, context: Context) -> Result:
    """Plan more lines of a return of which nothing came yet (RET-15)."""
    order = find_return(context, command.rma)
    nothing_came(order, "Lines are added")
    place = store(context, order.store_id or "")
    asked, refunds = _asked(command, context)
    request = CreateOrder(store=place.number, customer=order.customer_id, lines=asked, charges=refunds)
    made, _ = build_order(request, context, place, TYPE)
    found = header(order)
    moved = evolve(made, warehouse_id=order.warehouse_id)
    if found.warehouse_chosen:
        moved = evolve(moved, lines=tuple(evolve(line, warehouse_id=order.warehouse_id) for line in made.lines))
    else:
        moved = evolve(moved, lines=_to_places(made, context, place, found.reason_id))
    moved = receipts.priced(moved, context, place)
    start = max((line.number for line in order.lines), default=0)
    new = tuple(evolve(line, number=start + n) for n, line in enumerate(moved.lines, 1))
    first = max((charge.number for charge in order.charges), default=0)
    charges = tuple(evolve(charge, number=first + n) for n, charge in enumerate(made.charges, 1))
    wanted = evolve(order, lines=(*order.lines, *new), charges=(*order.charges, *charges))
    wanted = linked(_with_dispositions(wanted, asked, context, new), context)
    context.refuse(receipts.offer(order, new, asked, context))
    changed = change_order(context, order, wanted, act="returns.add_lines")
    shown = evolve(changed, version=order.version + 1)
    return Result(view=return_viewer(context, shown), document_id=order.id, version=shown.version)


def nothing_came(order: SalesOrder, what: str) -> None:
    """Refuse what is done only while nothing of a return came; `what` begins the sentence."""
    if begun(state_of(line).state for line in order.lines):
        raise refuse("RET_LINES_LOCKED", f"{what} only while nothing of the return came.", "/rma", rule="RET-15", got=header(order).state)


def _asked(command: Any, context: Context) -> tuple[tuple[messages.ReturnLineRequest, ...], tuple[ChargeRequest, ...]]:
    """Give all lines that a request asks for, those of invoices behind those by hand, and the charges that are given back."""
    issues: list[Issue] = []
    found: list[messages.ReturnLineRequest] = []
    sources: list[Source] = []
    for place, invoice in enumerate(command.invoices):
        taken = _of_invoice(invoice, f"/invoices/{place}", context, issues)
        found += [request for request, _ in taken]
        sources += [source for _, source in taken]
    asked = (*command.lines, *found)
    for place, line in enumerate(command.lines):
        if line.quantity >= 0:
            message = f"Line {place + 1}: a return has negative quantities; {format_scaled(line.quantity, 3, trim=True)} came."
            issues.append(Issue(code="RET_POSITIVE_QTY", message=message, pointer=f"/lines/{place}/quantity", rule="RET-17"))
    if not asked and not issues:
        message = "Name lines that come back, or invoices whose lines do."
        issues.append(Issue(code="RET_NO_CUSTOMER_PURCHASE", message=message, pointer="/lines"))
    context.refuse(issues)
    return asked, _refunds(sources, context) if command.copy_charges else ()


def _of_invoice(
    asked: messages.FindSalesOrder, at: str, context: Context, issues: list[Issue]
) -> list[tuple[messages.ReturnLineRequest, Source]]:
    """Give the lines of an invoice that come back, as if they were entered by hand (RET-11)."""
    sources = sources_of_invoice(context, asked.invoice)
    left = left_of(context, list(sources.values()))
    wanted = {line.line: line.quantity for line in asked.lines} if asked.lines is not None else dict.fromkeys(sources)
    made: list[tuple[messages.ReturnLineRequest, Source]] = []
    for number, quantity in wanted.items():
        source = sources.get(number)
        if source is None:
            message = f"Invoice {asked.invoice} has no line {number} that sold something."
            issues.append(Issue(code="SALES_SOURCE_UNKNOWN", message=message, pointer=f"{at}/lines", got=str(number)))
            continue
        rest = left[source.document_id, source.number]
        if rest or quantity is not None or asked.lines is not None:
            request = messages.ReturnLineRequest(
                product=source.product_number, quantity=-(quantity or rest or source.quantity),
                source=SourceRequest(invoice=source.document_number or source.document_id, line=number),
            )  # fmt: skip
            made.append((request, source))
    if not made and asked.lines is None:
        message = f"Nothing of invoice {asked.invoice} can still be returned."
        issues.append(Issue(code="RET_NO_CUSTOMER_PURCHASE", message=message, pointer=f"{at}/invoice", got=asked.invoice))
    return made


def _refunds(sources: Sequence[Source], context: Context) -> tuple[ChargeRequest, ...]:
    """Give back all charges that the orders of invoices were billed, whatever their code says; they can be changed (RET-22)."""
    lots = [source.lot_id for source in sources]
    ids = list(dict.fromkeys(row[0] for row in context.read.rows_for("SELECT document_id FROM sales_order_line WHERE id IN {keys}", lots)))
    places = currency(sources[0].currency).exponent if sources else 0
    made = []
    codes = charge_codes(context, context.legal_entity_id or "")
    for document_id, number, code, invoiced, refunded in context.read.rows_for(CHARGES, ids) if ids else ():
        amount = Decimal(format_scaled(refunded - invoiced, places))
        linked = code in codes and codes[code].is_refundable
        reference = ChargeReference(order=document_id, charge=number) if linked else None
        if amount:
            made.append(ChargeRequest(code=code, amount=amount, refund_of=reference))
    return tuple(made)


def _placed(order: SalesOrder, command: messages.CreateReturn, context: Context, place: Store, reason_id: str | None) -> SalesOrder:
    """Give the order and its lines the warehouse that receives the goods: the one that was given, else by policy and reason."""
    if command.warehouse is not None:
        chosen = warehouse(context, command.warehouse).id
        return evolve(order, warehouse_id=chosen, lines=tuple(evolve(line, warehouse_id=chosen) for line in order.lines))
    lines = _to_places(order, context, place, reason_id)
    return evolve(order, warehouse_id=return_place(context, place, reason_id, None).warehouse_id, lines=lines)


def _to_places(order: SalesOrder, context: Context, place: Store, reason_id: str | None) -> tuple[SalesLine, ...]:
    lines = []
    for line in order.lines:
        policy = return_policy(context, product(context, line.product_id))
        lines.append(evolve(line, warehouse_id=return_place(context, place, reason_id, policy).warehouse_id))
    return tuple(lines)


def _with_dispositions(
    order: SalesOrder, asked: Sequence[messages.ReturnLineRequest], context: Context, lines: Sequence[SalesLine] | None = None
) -> SalesOrder:
    """Give new lines what returns add to them, and the charges of the codes that they come with."""
    values: dict[str, ReturnLine] = {}
    charged = order
    for place, (line, request) in enumerate(zip(order.lines if lines is None else lines, asked, strict=True)):
        value = ReturnLine(slip_reference=request.slip_reference)
        value = with_replacement(value, line, request.replacement, context)
        if request.disposition is not None:
            code = disposition(context, request.disposition, f"/lines/{place}/disposition")
            value = with_code(value, code)
            charged = with_charges(charged, code.charges, DISPOSITION, code.code, line.number)
        values[line.id] = value
    marked = tuple(
        evolve(line, extensions=(*line.extensions, Extended(LINE, values[line.id]))) if line.id in values else line for line in charged.lines
    )
    return evolve(charged, lines=marked)


def with_code(value: ReturnLine, code: Disposition) -> ReturnLine:
    """Give a line that is expected a code; one that credits without goods registers it at once."""
    return evolve(value, disposition=code.code, action=code.action, state="registered" if code.action == "credit_only" else value.state)


def with_replacement(
    value: ReturnLine, line: SalesLine, asked: messages.ReplacementRequest | None, context: Context, quantity: int | None = None
) -> ReturnLine:
    """Give a line what replaces its goods: the returned product where no other is named (RET-44)."""
    if asked is None:
        return value
    chosen = product(context, asked.product) if asked.product is not None else product(context, line.product_id)
    return evolve(
        value, replacement_product=chosen.number, replacement_product_id=chosen.id,
        replacement_quantity=asked.quantity or quantity or abs(line.quantity),
    )  # fmt: skip
