"""Scenarios of deposits: money on an order before its invoice is taken, given back, moved, kept, and never twice."""

from __future__ import annotations

from campaign.scenarios import Case, Command, Stage, mix, scenario

TEN = [{"tender": "cash", "amount": "10.00"}]
TWENTY = [{"tender": "cash", "amount": "20.00"}]
THIRTY = [{"tender": "cash", "amount": "30.00"}]


def deposit(stage: Stage) -> str:
    """An order of 36.30 with a deposit of 30.00; its number."""
    order = stage.order()
    stage.shop.perform("sales.take_deposit", {"order": order, "payments": THIRTY})
    return order


@scenario("sales.take_deposit")
def take_deposit(stage: Stage) -> Case:
    """Ten of the 36.30 of an order: three times at most."""
    return Case(command={"order": stage.order(), "payments": TEN}, permitted=3, varies=("payments_deposit",))


@scenario("sales.refund_deposit")
def refund_deposit(stage: Stage) -> Case:
    """Ten of thirty."""
    return Case(command={"order": deposit(stage), "payments": TEN}, permitted=3, varies=("payments_capture",))


@scenario("sales.forfeit_deposit")
def forfeit_deposit(stage: Stage) -> Case:
    """Ten of thirty."""
    return Case(command={"order": deposit(stage), "amount": "10.00"}, permitted=3)


def other_order(stage: Stage) -> str:
    """Another order of 36.30 of the same customer; its number."""
    line = {"product": stage.product("3", "Q"), "quantity": "3"}
    number: str = stage.shop.order(line, customer="C0001")["number"]
    return number


@scenario("sales.transfer_deposit")
def transfer_deposit(stage: Stage) -> Case:
    """Ten of thirty, to an order that has room for all."""
    return Case(command={"order": deposit(stage), "to_order": other_order(stage), "amount": "10.00"}, permitted=3, varies=("payments_deposit",))


@mix("one deposit", permitted=2)
def one_deposit(stage: Stage) -> list[tuple[str, Command]]:
    """The same thirty are given back, moved, kept, and taken by an invoice."""
    order = deposit(stage)
    return [
        ("sales.refund_deposit", {"order": order, "payments": TWENTY}),
        ("sales.transfer_deposit", {"order": order, "to_order": other_order(stage), "amount": "20.00"}),
        ("sales.forfeit_deposit", {"order": order, "amount": "20.00"}),
        ("sales.post_invoices", {"orders": [{"order": order}], "quantity_basis": "all"}),
    ]


@mix("one room for deposits", permitted=2)
def one_room(stage: Stage) -> list[tuple[str, Command]]:
    """An order of 36.30 gets deposits from a customer and from another order, while half of it is cancelled."""
    order, source = other_order(stage), deposit(stage)
    return [
        ("sales.take_deposit", {"order": order, "payments": TWENTY}),
        ("sales.transfer_deposit", {"order": source, "to_order": order, "amount": "20.00"}),
        ("sales.cancel_lines", {"order": order, "lines": [{"line": 1, "quantity": "2"}]}),
    ]


@mix("one deposit payment", permitted=3)
def one_deposit_payment(stage: Stage) -> list[tuple[str, Command]]:
    """The payment of a deposit is voided while the deposit is given back, and while it is kept."""
    order = stage.order()
    taken = stage.shop.perform("sales.take_deposit", {"order": order, "payments": THIRTY})
    return [
        ("payments.void", {"payment": taken["payments"][0]["number"], "store": stage.shop.store}),
        ("sales.refund_deposit", {"order": order, "payments": TEN}),
        ("sales.forfeit_deposit", {"order": order}),
    ]
