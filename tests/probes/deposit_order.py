"""A probe: orders that are paid in part when they are placed, carried out, picked up elsewhere or shipped, and cost when cancelled."""

from typing import Annotated, Literal

import attrs

import kassa
from kassa import CreateOrder, Http, Issue, Operation, OrderView, Result, TenderRequest, evolve, hookimpl, schema

resources = ("deposit-orders",)
TYPE, NAME, PART, FEE = "deposit_order.order", "deposit_order.delivery", "deposit_order.percentage", "deposit_order.cancellation"
Tenders = Annotated[tuple[TenderRequest, ...], schema.Items(0, 5)]


@attrs.frozen(kw_only=True)
class Delivery:
    """How a line reaches the customer, and from which store."""

    mode: Literal["carry_out", "pick_up", "ship"]
    store: str | None = None


@attrs.frozen(kw_only=True)
class Place(CreateOrder):
    """Places an order: pays what is carried out now and a deposit on the rest."""

    payments: Tenders = ()
    deposit: Tenders = ()


@attrs.frozen(kw_only=True)
class PickUp:
    """Goods of some lines leave a store, and what is due of them is paid there."""

    order: schema.Text
    store: schema.Text
    lines: Annotated[tuple[int, ...], schema.Items(1, 100)]
    payments: Tenders = ()


@attrs.frozen(kw_only=True)
class GiveUp:
    """Cancels an order: the cancellation is charged, the rest of the deposit goes back by a tender, which also pays what is missing."""

    order: schema.Text
    tender: schema.Code


def mode(line):
    """How a line reaches the customer; shipped unless told."""
    return (line.ext(Delivery) or Delivery(mode="ship")).mode


def place(command, context):
    """Confirm the order, take the deposit, hand over what is carried out."""
    store = kassa.acting_store(context, command.store)
    draft, customer = kassa.build_order(command, context, store, TYPE)
    told = {line.id: kassa.store(context, where.store) for line in draft.lines if (where := line.ext(Delivery)) and where.store}
    lines = [evolve(line, warehouse_id=told[line.id].warehouse_id) if line.id in told else line for line in draft.lines]
    (order,) = context.step("order", "create", [evolve(draft, lines=tuple(lines))])
    if command.deposit:
        taken = [{"tender": x.tender, "amount": str(x.amount)} for x in command.deposit]
        context.call("sales.take_deposit", {"order": order.id, "store": store.number, "payments": taken})
    now = {line.number: line.quantity for line in order.lines if mode(line) == "carry_out"}
    paid = sum(int(x.amount.scaleb(order.exponent)) for x in command.deposit)
    rest = order.total - sum(line.total for line in order.lines if line.number in now)
    needed = kassa.percent_of(rest, context.setting(PART, store_id=store.id) * 10_000)
    if paid < needed:
        message = f"The deposit is {kassa.format_scaled(needed, order.exponent)}."
        context.refuse([Issue(code="DEPOSIT_ORDER_TOO_LITTLE", message=message, pointer="/deposit")])
    order = kassa.hand_over(context, order, command.payments, quantities=now).order if now else order
    return Result(view=lambda numbers: kassa.order_view(order, customer.number, numbers.get(order.id)), document_id=order.id, version=1)


def pick_up(command, context):
    """Hand over lines in the store that they name."""
    store = kassa.acting_store(context, command.store)
    order_id = kassa.find_document(context, "order", command.order)
    order = kassa.orders(context, [order_id])[order_id]
    chosen = [line for line in order.lines if line.number in command.lines]
    if any(line.warehouse_id != store.warehouse_id for line in chosen):
        context.refuse([Issue(code="DEPOSIT_ORDER_STORE", message="These goods are not here.", pointer="/store")])
    asked = {line.number: line.deliverable for line in chosen}
    made = kassa.hand_over(context, order, command.payments, quantities=asked, place=store)
    view = (made.order, made.slip, made.invoice, made.payments, made.change, None)
    return Result(view=lambda numbers: kassa.sale_view(*view, {order_id: command.order, **numbers}), document_id=made.invoice.id)


def give_up(command, context):
    """Cancel what is open; its cost is a part of that."""
    order_id = kassa.find_document(context, "order", command.order)
    order = kassa.orders(context, [order_id])[order_id]
    back = order.deposit - (cost := kassa.percent_of(kassa.unbilled(order), 50_000))
    charges = [{"code": FEE, "amount": kassa.format_scaled(cost, order.exponent)}]
    refunds = [{"tender": command.tender, "amount": kassa.format_scaled(back, order.exponent)}] if back > 0 else []
    made = context.call("sales.cancel_order", {"order": command.order, "charges": charges, "refunds": refunds})
    return Result(view=lambda numbers: made.view(numbers).order, document_id=order_id, version=made.version)


def carried_out(order, quantities):
    """Whether only lines are billed that the customer carries out, by number; None for orders of others."""
    billed = [line for line in order.lines if quantities.get(line.number)]
    return bool(billed) and all(mode(line) == "carry_out" for line in billed) if order.type == TYPE else None


def apply_nothing(order, facts, context, invoice):
    """What is carried out is paid in full; the deposit is for the rest."""
    return 0 if carried_out(order, {line.order_line.number: line.quantity for line in invoice.lines}) else None


def charge_nothing(order, facts, context, quantities):
    """What is carried out bears no freight."""
    return {charge.number: 0 for charge in order.charges if not charge.line_number} if carried_out(order, quantities) else None


@hookimpl
def register_documents():
    kind = kassa.OrderType(name=TYPE, summary="An order with a deposit", signs="sale")
    return [kind, kassa.Extension(name=NAME, summary="How it is delivered", of=kassa.SalesLine, value=Delivery)]


@hookimpl
def register_definitions():
    codes = ("DEPOSIT_ORDER_TOO_LITTLE", "DEPOSIT_ORDER_STORE")
    part = kassa.SettingDefinition(name=PART, summary="Percent of an order", type="int", default=10, minimum=0, maximum=100)
    return [
        *(kassa.ErrorCode(code=code, title="Not so", meaning="It does not fit.", action="Look at the order.") for code in codes),
        *(kassa.ChargeCode(name=FEE, summary="Cancellation"), part),
        kassa.Permission(name="deposit_order.handle", summary="Handle orders with deposits"),
    ]


@hookimpl
def register_decisions():
    first = kassa.Decision(name="deposit_order.apply", question="deposit_to_apply", answer=apply_nothing, summary="Nothing yet")
    return [first, kassa.Decision(name="deposit_order.charge", question="charge_part", answer=charge_nothing, summary="No freight")]


@hookimpl
def register_operations():
    path, of = "/deposit-orders/{order}/", {"effect": "post", "permission": "deposit_order.handle"}
    given = [
        ("place", Http(method="POST", path="/deposit-orders", status=201), Place, OrderView, place),
        ("pick_up", Http(method="POST", path=f"{path}pick-ups", status=201), PickUp, kassa.SaleView, pick_up),
        ("give_up", Http(method="POST", path=f"{path}cancellation"), GiveUp, OrderView, give_up),
    ]
    return [
        Operation(name=f"deposit_order.{name}", summary=f"Order: {name}", http=http, request=request, response=response, handler=run, **of)
        for name, http, request, response, run in given
    ]
