"""Scenarios of sales: orders, deliveries, invoices, drafts, and goods that come back."""

from __future__ import annotations

from campaign.processes import WORK
from campaign.scenarios import Case, Command, Stage, mix, scenario

ONE_PIECE = [{"line": 1, "quantity": "1"}]


@scenario("sales.sell")
def sell(stage: Stage) -> Case:
    """One piece of three."""
    line = {"product": stage.product(), "quantity": "1"}
    return Case(command={"store": stage.shop.store, "lines": [line], "payments": [{"tender": "cash", "amount": "12.10"}]}, permitted=3)


@scenario("sales.create_order")
def create_order(stage: Stage) -> Case:
    """An order with a key of the caller's own, which is unique for ever."""
    line = {"product": stage.product(), "quantity": "1"}
    return Case(command={"store": stage.shop.store, "customer": "C0001", "lines": [line], "reference": stage.name("R")})


@scenario("sales.post_packing_slip")
def post_packing_slip(stage: Stage) -> Case:
    """One piece of the three of an order."""
    return Case(command={"order": stage.order(), "lines": ONE_PIECE}, permitted=3)


@scenario("sales.post_invoices")
def post_invoices(stage: Stage) -> Case:
    """One of three pieces that were delivered."""
    order = stage.order()
    stage.shop.deliver(order)
    return Case(command={"orders": [{"order": order, "lines": ONE_PIECE}]}, permitted=3)


@scenario("sales.cancel_order")
def cancel_order(stage: Stage) -> Case:
    """All of an order, for a fee that is invoiced."""
    return Case(command={"order": stage.order(), "charges": [{"code": "freight", "amount": "5.00"}]})


@scenario("sales.cancel_lines")
def cancel_lines(stage: Stage) -> Case:
    """One of three pieces; the last one ends the order as well."""
    return Case(command={"order": stage.order(), "lines": ONE_PIECE}, permitted=3, varies=("kernel_outbox", "sales_order_tax"))


@scenario("sales.add_charges")
def add_charges(stage: Stage) -> Case:
    """Charges add up."""
    return Case(command={"order": stage.order(), "charges": [{"code": "freight", "amount": "1.00"}]}, permitted=None)


def draft(stage: Stage, kind: str = "cart") -> str:
    """A cart of one piece; its id."""
    line = {"product": stage.product(), "quantity": "1"}
    return stage.shop.perform("sales.create_draft", {"store": stage.shop.store, "kind": kind, "customer": "C0001", "lines": [line]})["id"]


@scenario("sales.create_draft")
def create_draft(stage: Stage) -> Case:
    """Carts take nothing from anybody."""
    return Case(command={"store": stage.shop.store, "lines": [{"product": stage.product(), "quantity": "1"}]}, permitted=None)


@scenario("sales.commit_draft")
def commit_draft(stage: Stage) -> Case:
    """A quote becomes one order."""
    return Case(command={"draft": draft(stage, "quote")})


@scenario("sales.sell_draft")
def sell_draft(stage: Stage) -> Case:
    """A cart is sold once."""
    return Case(command={"draft": draft(stage), "payments": [{"tender": "cash", "amount": "12.10"}]})


@scenario("sales.start_edit")
def start_edit(stage: Stage) -> Case:
    """An order has one edit at a time."""
    return Case(command={"order": stage.order()})


@scenario("sales.expire_drafts")
def expire_drafts(stage: Stage) -> Case:
    """Nothing is expired yet, so it is closed by nobody."""
    return Case(command={}, permitted=None, shared=True)


@scenario("sales.start_invoice_run")
def start_invoice_run(stage: Stage) -> Case:
    """A job each; their chunks are raced in a mix, and in the campaign of kills."""
    return Case(command={"store": stage.shop.store}, permitted=None)


@mix("one order")
def one_order(stage: Stage) -> list[tuple[str, Command]]:
    """Delivering, invoicing and cancelling the same three pieces."""
    order = stage.order()
    return [
        ("sales.post_packing_slip", {"order": order, "lines": ONE_PIECE}),
        ("sales.post_invoices", {"orders": [{"order": order, "lines": ONE_PIECE}], "quantity_basis": "all"}),
        ("sales.cancel_lines", {"order": order, "lines": ONE_PIECE}),
        ("sales.cancel_order", {"order": order}),
        ("sales.add_charges", {"order": order, "charges": [{"code": "freight", "amount": "1.00"}]}),
    ]


@mix("one delivered order", permitted=1)
def one_delivered_order(stage: Stage) -> list[tuple[str, Command]]:
    """What was delivered is invoiced by two runs and by hand: once."""
    order = stage.order()
    stage.shop.deliver(order)
    runs = [stage.shop.perform("sales.start_invoice_run", {"store": stage.shop.store})["id"] for _ in range(2)]
    return [*((WORK, {"job": run}) for run in runs), ("sales.post_invoices", {"orders": [{"order": order}]})]


@mix("one invoice line", permitted=1)
def one_invoice_line(stage: Stage) -> list[tuple[str, Command]]:
    """Three pieces that were sold come back over the counter, on an order, and in a cart."""
    shop, product = stage.shop, stage.product()
    sale = shop.sell({"product": product, "quantity": "3"}, payments={"cash": "36.30"})
    line = {"product": product, "quantity": "-2", "source": {"invoice": sale["invoice"], "line": 1}}
    cart = shop.perform("sales.create_draft", {"store": shop.store, "lines": [line]})["id"]
    paid_out = [{"tender": "cash", "amount": "-24.20"}]
    return [
        ("sales.sell", {"store": shop.store, "lines": [line], "payments": paid_out}),
        ("sales.create_order", {"store": shop.store, "customer": "C0001", "lines": [line]}),
        ("sales.sell_draft", {"draft": cart, "payments": paid_out}),
    ]


@mix("one cart", permitted=1)
def one_cart(stage: Stage) -> list[tuple[str, Command]]:
    """A cart is sold, or becomes an order."""
    cart = draft(stage)
    return [
        ("sales.sell_draft", {"draft": cart, "payments": [{"tender": "cash", "amount": "12.10"}]}),
        ("sales.commit_draft", {"draft": cart}),
    ]


@mix("one order edited")
def one_order_edited(stage: Stage) -> list[tuple[str, Command]]:
    """An edit to two pieces is committed, all three are delivered, all are cancelled."""
    order = stage.order()
    edit = stage.shop.perform("sales.start_edit", {"order": order})
    change = {"draft": edit["id"], "change_lines": [{"line": 1, "quantity": "2"}]}
    stage.shop.perform("sales.change_draft", change, if_match=edit["version"])
    return [
        ("sales.commit_draft", {"draft": edit["id"]}),
        ("sales.post_packing_slip", {"order": order}),
        ("sales.cancel_order", {"order": order}),
    ]
