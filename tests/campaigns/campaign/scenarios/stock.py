"""Scenarios of stock: counts, blocks, promises, transfers, costs."""

from __future__ import annotations

from datetime import date, timedelta

from campaign.scenarios import Case, Command, Stage, mix, scenario
from kassa.kernel.jobs import Runner

ONE_PIECE = [{"line": 1, "quantity": "1"}]


@scenario("stock.adjust")
def adjust(stage: Stage) -> Case:
    """One of three pieces is lost."""
    return Case(
        command={"store": stage.shop.store, "reason": "loss", "lines": [{"product": stage.product(), "quantity": "-1"}]}, permitted=3
    )


@scenario("stock.adjust_cost")
def adjust_cost(stage: Stage) -> Case:
    """A lot becomes dearer as often as somebody says so."""
    product = stage.product()
    lot = stage.shop.perform("stock.list_movements", {"product": product})["items"][0]["lot"]
    command = {"lot": lot, "amount": "1.00", "reason": "Freight", "store": stage.shop.store}
    return Case(command=command, permitted=None)


def count(stage: Stage) -> str:
    """A count that found two of three pieces; its number."""
    shop, product = stage.shop, stage.product()
    begun = shop.perform("stock.begin_count", {"store": shop.store, "products": [product]})
    shop.perform("stock.record_count", {"count": begun["number"], "lines": [{"product": product, "counted": "2"}]}, if_match=begun["version"])
    return begun["number"]


@scenario("stock.begin_count")
def begin_count(stage: Stage) -> Case:
    """A count with a key of the caller's own."""
    return Case(command={"store": stage.shop.store, "products": [stage.product()], "reference": stage.name("R")})


@scenario("stock.post_count")
def post_count(stage: Stage) -> Case:
    """A difference is posted once."""
    return Case(command={"count": count(stage)})


@scenario("stock.cancel_count")
def cancel_count(stage: Stage) -> Case:
    """A count is cancelled once."""
    return Case(command={"count": count(stage)})


@scenario("stock.block")
def block(stage: Stage) -> Case:
    """One of three pieces."""
    return Case(
        command={"store": stage.shop.store, "reason": "damaged", "lines": [{"product": stage.product(), "quantity": "1"}]}, permitted=3
    )


@scenario("stock.unblock")
def unblock(stage: Stage) -> Case:
    """One of three pieces that are blocked."""
    shop = stage.shop
    line = {"product": stage.product(), "quantity": "3"}
    blocked = shop.perform("stock.block", {"store": shop.store, "reason": "damaged", "lines": [line]})["number"]
    return Case(command={"block": blocked, "reason": "fine", "lines": ONE_PIECE}, permitted=3)


@scenario("stock.reserve")
def reserve(stage: Stage) -> Case:
    """One of three pieces."""
    return Case(command={"store": stage.shop.store, "lines": [{"product": stage.product(), "quantity": "1"}]}, permitted=3)


def reservation(stage: Stage) -> str:
    """A reservation of two pieces; its number."""
    shop = stage.shop
    return shop.perform("stock.reserve", {"store": shop.store, "lines": [{"product": stage.product(), "quantity": "2"}]})["number"]


@scenario("stock.release_reservation")
def release(stage: Stage) -> Case:
    """A reservation ends once."""
    return Case(command={"reservation": reservation(stage)})


@scenario("stock.tend_reservations")
def tend(stage: Stage) -> Case:
    """A job each; there is nothing to tend, however many look."""
    reservation(stage)
    return Case(command={}, permitted=None)


def transfer(stage: Stage, *, immediate: bool = False) -> Command:
    """A request to carry three pieces to the second warehouse."""
    return {
        "from_warehouse": stage.shop.warehouse, "to_warehouse": stage.second, "store": stage.shop.store, "immediate": immediate,
        "lines": [{"product": stage.product(), "quantity": "1" if immediate else "3"}],
    }  # fmt: skip


@scenario("stock.create_transfer")
def create_transfer(stage: Stage) -> Case:
    """One of three pieces at once."""
    return Case(command=transfer(stage, immediate=True), permitted=3, varies=("stock_balance",))


def ordered(stage: Stage, *, shipped: bool = False) -> str:
    """A transfer of three pieces; its number."""
    number = stage.shop.perform("stock.create_transfer", transfer(stage))["number"]
    if shipped:
        stage.shop.perform("stock.ship_transfer", {"transfer": number})
    return number


@scenario("stock.ship_transfer")
def ship(stage: Stage) -> Case:
    """One of three pieces."""
    return Case(command={"transfer": ordered(stage), "lines": ONE_PIECE}, permitted=3)


@scenario("stock.receive_transfer")
def receive(stage: Stage) -> Case:
    """One of three pieces that are on their way; the last one ends the transfer as well."""
    return Case(command={"transfer": ordered(stage, shipped=True), "lines": ONE_PIECE}, permitted=3, varies=("kernel_outbox",))


@scenario("stock.cancel_transfer")
def cancel_transfer(stage: Stage) -> Case:
    """A transfer is cancelled once."""
    return Case(command={"transfer": ordered(stage)})


@scenario("stock.close_period")
def close_period(stage: Stage) -> Case:
    """Each case closes one more day; who asks for what is closed already gets the same closing."""
    runner = Runner(stage.shop.engine)
    while runner.run_next():
        pass
    through = (date(2025, 3, 1) + timedelta(days=stage.number)).isoformat()
    return Case(command={"through": through}, permitted=None, shared=True, varies=("stock_closed", "kernel_job"))


@mix("the last pieces", permitted=3)
def last_pieces(stage: Stage) -> list[tuple[str, Command]]:
    """Selling, keeping, blocking, losing and carrying away the same three pieces."""
    shop, product = stage.shop, stage.product()
    one = [{"product": product, "quantity": "1"}]
    return [
        ("sales.sell", {"store": shop.store, "lines": one, "payments": [{"tender": "cash", "amount": "12.10"}]}),
        ("stock.reserve", {"store": shop.store, "lines": one}),
        ("stock.block", {"store": shop.store, "reason": "damaged", "lines": one}),
        ("stock.adjust", {"store": shop.store, "reason": "loss", "lines": [{"product": product, "quantity": "-1"}]}),
        (
            "stock.create_transfer",
            {"from_warehouse": shop.warehouse, "to_warehouse": stage.second, "store": shop.store, "immediate": True, "lines": one},
        ),
    ]


@mix("one transfer")
def one_transfer(stage: Stage) -> list[tuple[str, Command]]:
    """Shipping, receiving, losing and cancelling the same three pieces."""
    number = ordered(stage)
    stage.shop.perform("stock.ship_transfer", {"transfer": number, "lines": ONE_PIECE})
    return [
        ("stock.ship_transfer", {"transfer": number, "lines": ONE_PIECE}),
        ("stock.receive_transfer", {"transfer": number, "lines": ONE_PIECE}),
        ("stock.receive_transfer", {"transfer": number, "lines": [{"line": 1, "quantity": "0", "lost": "1"}]}),
        ("stock.cancel_transfer", {"transfer": number}),
    ]


@mix("one count", permitted=1)
def one_count(stage: Stage) -> list[tuple[str, Command]]:
    """Posting and cancelling a count."""
    number = count(stage)
    return [("stock.post_count", {"count": number}), ("stock.cancel_count", {"count": number})]
