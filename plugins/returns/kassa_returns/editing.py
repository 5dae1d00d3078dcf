"""Changing return orders: header, lines and their codes, cancelling, deleting, and replacements before the goods come."""

from __future__ import annotations

from typing import Any

from kassa import (
    Context,
    CreateOrder,
    Key,
    LineRequest,
    NotFound,
    Result,
    Row,
    SalesLine,
    SalesOrder,
    build_order,
    change_order,
    evolve,
    find_document,
    format_scaled,
    given,
    legal_entity,
    reduced,
    store,
    today,
    warehouse,
)
from kassa_returns.agreements import agreement_of
from kassa_returns.charging import DISPOSITION, REASON, with_charges
from kassa_returns.codes import reason_of
from kassa_returns.creating import nothing_came, with_code, with_replacement
from kassa_returns.documents import REPLACING, RMA, ReturnLine, followed, header, state_of, with_header, with_lines
from kassa_returns.finding import find_return, refuse
from kassa_returns.messages import orders as messages
from kassa_returns.models import ReplacementRow, ReturnOrderRow
from kassa_returns.store import disposition, load_return, save
from kassa_returns.views import return_viewer
from kassa_returns.workflow import allowed, sources_of

EXPIRED = "SELECT document_id FROM returns_order WHERE legal_entity_id = ? AND state = 'created' AND deadline < ? ORDER BY document_id LIMIT 500"
LIVE = ("open", "partly_delivered", "delivered", "partly_invoiced")


def shown(context: Context, order: SalesOrder) -> Result:
    """Answer a return order that this plan changes."""
    after = evolve(order, version=order.version + 1)
    return Result(view=return_viewer(context, after), document_id=order.id, version=after.version)


def line_of(order: SalesOrder, number: str) -> SalesLine:
    """Find a line of a return by its number; NotFound where there is none."""
    for line in order.lines:
        if str(line.number) == number:
            return line
    raise NotFound("line", number)


def change_header(command: messages.ChangeReturn, context: Context) -> Result:
    """Plan another reason, deadline, address or receiving warehouse (RET-04, RET-06, RET-16)."""
    order = find_return(context, command.rma)
    sent = given(command, "reason", "deadline", "address", "warehouse")
    value = evolve(header(order), **{name: sent[name] for name in ("deadline", "address") if name in sent})
    wanted = order
    if "reason" in sent:
        reason = reason_of(context, sent["reason"]) if sent["reason"] is not None else None
        if reason is not None and reason.code != value.reason and order.state in LIVE:
            wanted = with_charges(wanted, reason.charges, REASON, reason.code)
        value = evolve(value, reason=sent["reason"], reason_id=reason.id if reason is not None else None)
    if "warehouse" in sent:
        nothing_came(order, "The receiving warehouse changes")
        chosen = warehouse(context, sent["warehouse"]).id
        wanted = evolve(wanted, warehouse_id=chosen, lines=tuple(evolve(line, warehouse_id=chosen) for line in wanted.lines))
        value = evolve(value, warehouse_chosen=True)
    wanted = with_header(wanted, value)
    if wanted.charges != order.charges or wanted.lines != order.lines:
        return shown(context, change_order(context, order, wanted, act="returns.change"))
    save(context, order, wanted, "returns.change")
    return shown(context, wanted)


def change_line(command: messages.ChangeLine, context: Context) -> Result:
    """Plan less of a line, a disposition code for it, or what replaces it; what credits without goods counts at once."""
    order = find_return(context, command.rma)
    line = line_of(order, command.line)
    sent = given(command, "quantity", "disposition", "replacement", "slip_reference", "agreement")
    wanted, value = order, state_of(line)
    if "slip_reference" in sent:
        value = evolve(value, slip_reference=sent["slip_reference"])
    if "agreement" in sent:
        value = evolve(value, agreement=agreement_of(sent["agreement"], order, line, context))
    if "quantity" in sent:
        wanted, line = _with_quantity(wanted, line, sent["quantity"])
    if "replacement" in sent:
        value = _with_replacement(value, line, sent["replacement"], context)
    if "disposition" in sent:
        wanted, value = _with_disposition(wanted, line, value, sent["disposition"], context)
    wanted = with_lines(wanted, {line.id: value})
    if wanted.charges != order.charges or "quantity" in sent:
        return shown(context, change_order(context, order, wanted, act="returns.change_line"))
    save(context, order, wanted, "returns.change_line")
    return shown(context, wanted)


def _with_quantity(order: SalesOrder, line: SalesLine, quantity: int) -> tuple[SalesOrder, SalesLine]:
    if quantity >= 0:
        raise refuse("RET_POSITIVE_QTY", "A return has negative quantities.", "/quantity", rule="RET-17")
    if state_of(line).state != "expected" or abs(quantity) > abs(line.quantity):
        message = f"Line {line.number} can get less while it is expected; take more back on a line of its own."
        raise refuse("RET_STATE", message, "/quantity", got=state_of(line).state)
    less = reduced(line, abs(quantity))
    return evolve(order, lines=tuple(less if known.id == line.id else known for known in order.lines)), less


def _with_replacement(
    value: ReturnLine, line: SalesLine, asked: messages.ReplacementRequest | None, context: Context
) -> ReturnLine:
    if value.state not in ("expected", "quarantine", "registered"):
        raise refuse("RET_STATE", f"Line {line.number} is {value.state}; what replaces it is settled.", "/replacement", got=value.state)
    if asked is None:
        return evolve(value, replacement_product=None, replacement_product_id=None, replacement_quantity=None)
    return with_replacement(value, line, asked, context)


def _with_disposition(
    order: SalesOrder, line: SalesLine, value: ReturnLine, code: str | None, context: Context
) -> tuple[SalesOrder, ReturnLine]:
    """Give a line another code, or none: while it is expected, or to take back that it is credited without goods."""
    if value.action == "credit_only" and allowed("uncredit", value.state):
        value = evolve(value, state="expected")
    if value.state != "expected":
        message = f"Line {line.number} is {value.state}; its code is given while it is {sources_of('credit_only')}."
        raise refuse("RET_STATE", message, "/disposition", got=value.state)
    if code is None:
        return order, evolve(value, disposition=None, action=None)
    found = disposition(context, code, "/disposition")
    if found.action in REPLACING and header(order).replaced_upfront:
        raise refuse("RET_REPLACEMENT_EXISTS", "A replacement was made up front.", "/disposition", rule="RET-47", got=code)
    charged = with_charges(order, found.charges, DISPOSITION, code, line.number) if code != value.disposition else order
    return charged, with_code(value, found)


def cancel_line(command: messages.LineOfReturn, context: Context) -> Result:
    """Plan that a line of which nothing came is cancelled."""
    order = find_return(context, command.rma)
    line = line_of(order, command.line)
    if state_of(line).state != "expected":
        message = f"Line {line.number} is {state_of(line).state}; it is cancelled while it is {sources_of('cancel')}."
        raise refuse("RET_CANNOT_CANCEL", message, "/line", got=state_of(line).state)
    wanted = evolve(order, lines=tuple(known for known in order.lines if known.id != line.id))
    return shown(context, followed(change_order(context, order, wanted, act="returns.cancel_line")))


def cancel(command: messages.ReadReturn, context: Context) -> Result:
    """Plan that a return ends of which nothing came; its record stays (RET-50)."""
    return shown(context, _cancelled(find_return(context, command.rma), context, "returns.cancel"))


def _cancelled(order: SalesOrder, context: Context, act: str) -> SalesOrder:
    state = header(order).state
    if state != "created":
        message = f"Return {header(order).rma_number} is {state}; only a return of which nothing came is cancelled or deleted."
        raise refuse("RET_CANNOT_CANCEL", message, "/rma", rule="RET-50", got=state, document=order.id)
    return followed(change_order(context, order, evolve(order, lines=(), charges=()), act=act))


def delete(command: messages.DeleteReturns, context: Context) -> Result:
    """Plan that returns are deleted of which nothing came; without confirmation nothing is done (RET-52).

    The numbers of a deleted return are kept on a cancelled order, so that their series stay without gaps; nothing shows it any more.
    """
    entity = legal_entity(context)
    ids = [find_document(context, "order", reference) for reference in command.returns]
    if command.expired_before is not None:
        ids += [row[0] for row in context.read.rows(EXPIRED, (entity.id, command.expired_before))]
    numbers = []
    for order_id in dict.fromkeys(ids):
        order = load_return(context, order_id)
        if order is None:
            raise NotFound("return order", order_id)
        numbers.append(header(order).rma_number)
        if header(order).state != "cancelled":
            _cancelled(order, context, "returns.delete")
        else:
            save(context, order, order, "returns.delete")
        context.plan.add([Row(ReturnOrderRow, {"state": "deleted"}, key={"document_id": order_id})], "returns.delete", order_id)
    if not command.confirm:
        context.plan.discard()
    view = messages.DeletedView(returns=tuple(numbers), deleted=command.confirm)
    return Result(view=lambda numbers: view)


def create_replacement(command: messages.CreateReplacement, context: Context) -> Result:
    """Plan an order that replaces goods before they come: independent, and found by the RMA number too (RET-46, RET-49)."""
    order = find_return(context, command.rma)
    if header(order).state == "cancelled" or any(state_of(line).state in ("registered", "received", "invoiced") for line in order.lines):
        message = "A replacement is made before goods of the return are registered, and of a return that was not cancelled."
        raise refuse("RET_REPLACEMENT_LATE", message, "/rma", rule="RET-46", got=header(order).state)
    place = store(context, order.store_id or "")
    copied = [LineRequest(product=line.product_number, quantity=abs(line.quantity)) for line in order.lines if not line.gone]
    lines = (*command.lines, *(copied if command.copy_lines else ()))
    if not lines:
        raise refuse("RET_REPLACEMENT_ITEM_MISSING", "Name lines, or copy those of the return.", "/lines")
    draft, _ = build_order(CreateOrder(store=place.number, customer=order.customer_id, lines=lines, date=today(context, place)), context, place)
    rma = header(order).rma_number
    draft = evolve(draft, keys=(Key(RMA, rma, identifying=False),))
    (made,) = context.step("order", "create", [draft])
    row = Row(ReplacementRow, {"order_id": made.id, "return_id": order.id, "upfront": True, "active": True})
    context.plan.add([row], "returns.create_replacement", made.id)
    save(context, order, order, "returns.create_replacement")

    def view(numbers: Any) -> messages.ReplacementView:
        total = format_scaled(made.total, made.exponent)
        return messages.ReplacementView(id=made.id, number=numbers.get(made.id), rma_number=rma, total=total)

    return Result(view=view, document_id=made.id, version=1)
