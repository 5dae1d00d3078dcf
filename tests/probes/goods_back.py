"""A probe: goods come back by an order type whose lines have states of their own; what is done with them is told when they arrive."""

from typing import Literal

import attrs

import kassa
from kassa import CreateOrder, ErrorCode, Http, Issue, LineRequest, Operation, OrderView, Result, Rule, Treatment, hookimpl, schema

TYPE, NAME, LOSS = "goods_back.order", "goods_back.coming", "stock_adjustment"
What = Literal["restock", "money_alone", "goods_alone", "swap", "scrap_and_swap"]
RESTOCK = Treatment(goods="receive", cost_source="source_lot")
TREATMENTS = {
    "money_alone": Treatment(goods="none", cost_source="source_lot", offset_role=LOSS),
    "goods_alone": Treatment(money="none", goods="receive", cost_source="source_lot"),
    "scrap_and_swap": Treatment(goods="receive_and_issue", cost_source="source_lot", offset_role=LOSS),
}
STATES = "SELECT c.line_id, c.what FROM goods_back_coming c WHERE c.order_id IN {keys}"


class ComingRow(kassa.Table):
    """What is done with the goods of a line, once it arrived."""

    line_id = kassa.Id(primary_key=True)
    order_id = kassa.Id()
    what = kassa.Text()

    class Meta:
        table_name = "goods_back_coming"


@attrs.frozen(kw_only=True)
class Coming:
    """How far a line has come, and what is done with it."""

    state: Literal["expected", "registered"] = "expected"
    what: What | None = None


@attrs.frozen(kw_only=True)
class Register:
    """Goods of a line arrived, all of it or a part."""

    order: schema.Text
    line: int
    quantity: schema.Quantity
    what: What


def load_coming(read, documents):
    """The states of lines: registered ones have a row."""
    ours = [document for document in documents if document.type == TYPE]
    told = dict(read.rows_for(STATES, [order.id for order in ours])) if ours else {}
    made = {line_id: Coming(state="registered", what=what) for line_id, what in told.items()}
    return {line.id: made.get(line.id, Coming()) for order in ours for line in order.lines}


def create(command, context):
    """Expect goods back."""
    draft, customer = kassa.build_order(command, context, kassa.acting_store(context, command.store), TYPE)
    (order,) = context.step("order", "create", [draft])
    return Result(view=lambda numbers: kassa.order_view(order, customer.number, numbers.get(order.id)), document_id=order.id, version=1)


def register(command, context):
    """Say what arrived and what is done with it; the rest goes on as a line of its own."""
    order_id = kassa.find_document(context, "order", command.order)
    order = kassa.orders(context, [order_id])[order_id]
    line = next((line for line in order.lines if line.number == command.line and line.ext(Coming) == Coming()), None)
    if line is None:
        context.refuse([Issue(code="GOODS_BACK_LINE", message=f"No line {command.line} is expected.", pointer="/line")])
    effects = [kassa.StateChange(order, order.state)]
    if command.quantity != abs(line.quantity):
        rest = abs(line.quantity) - command.quantity
        order, effects = kassa.split_line(order, line.number, rest, kassa.lots(context, [line.id]).get(line.id))
    row = kassa.Row(ComingRow, {"line_id": line.id, "order_id": order_id, "what": command.what})
    context.plan.add([*effects, row], "goods_back.register", order_id)
    return Result(view=lambda numbers: kassa.order_view(order, None, command.order), document_id=order_id, version=order.version + 1)


def treat(order, facts, context):
    """Treat what was registered as it was told."""
    told = {line.id: coming.what for line in order.lines if (coming := line.ext(Coming)) and coming.what}
    return {line_id: TREATMENTS.get(what, RESTOCK) for line_id, what in told.items()} if order.type == TYPE else None


def eligible(order, facts, context, transition, batch):
    """Pass over lines that did not arrive."""
    waiting = [line for line in order.lines if line.ext(Coming) == Coming()]
    held = {x.id: Issue(code="GOODS_BACK_LINE", message=f"Line {x.number} did not come.", severity="skip") for x in waiting}
    return held if order.type == TYPE else None


def load_swaps(read, slips, context):
    """Draft the orders by which customers get again what a packing slip takes back."""
    found = {}
    for slip in slips:
        back = [line for line in slip.lines if (told := line.order_line.ext(Coming)) and "swap" in (told.what or "")]
        if back:
            lines = tuple(LineRequest(product=line.order_line.product_number, quantity=-line.quantity) for line in back)
            customer = kassa.orders(context, [slip.order_id])[slip.order_id].customer_id
            found[slip.id], _ = kassa.build_order(CreateOrder(customer=customer, lines=lines), context, kassa.store(context, slip.store_id))
    return found


def swap(slip, facts, context):
    """Let the order that replaces goods follow from the packing slip that takes them back."""
    draft = facts.get(kassa.SalesOrder)
    return [kassa.NextStep("order", "create", draft)] if draft else []


@hookimpl
def register_storage():
    return [kassa.Storage(name="goods_back", tables=(ComingRow,))]


@hookimpl
def register_documents():
    kind = kassa.OrderType(name=TYPE, summary="Goods that come back", signs="return")
    return [kind, kassa.Extension(name=NAME, summary="How far it came", of=kassa.SalesLine, value=Coming, load=load_coming)]


@hookimpl
def register_definitions():
    code = ErrorCode(code="GOODS_BACK_LINE", title="Not so far", meaning="A line is in another state.", action="Look at it.")
    return [code, kassa.Permission(name="goods_back.handle", summary="Take goods back")]


@hookimpl
def register_decisions():
    of = {"summary": "As it was told"}
    held = kassa.Decision(name="goods_back.eligible", question="eligible", answer=eligible, **of)
    return [held, kassa.Decision(name="goods_back.treat", question="treat_lines", answer=treat, **of)]


@hookimpl
def register_rules():
    of = {"kind": "packing_slip", "transition": "post"}
    loader = kassa.Loader(name="goods_back.swaps", facts=kassa.SalesOrder, load=load_swaps, **of)
    return [loader, Rule(name="goods_back.swap", stage="derived", run=swap, summary="Goods are replaced.", **of)]


@hookimpl
def register_operations():
    of = {"effect": "post", "response": OrderView, "permission": "goods_back.handle"}
    make, arrive = Http(method="POST", path="/goods-back", status=201), Http(method="POST", path="/goods-back/{order}/arrivals")
    return [
        Operation(name="goods_back.create", summary="Expect goods", http=make, request=CreateOrder, handler=create, **of),
        Operation(name="goods_back.register", summary="Tell of goods", http=arrive, request=Register, handler=register, **of),
    ]
