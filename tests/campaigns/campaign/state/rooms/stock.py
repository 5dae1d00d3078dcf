"""Stock: receipts and losses, counts, blocks, promises, and goods that go to another warehouse."""

from __future__ import annotations

from campaign.state.model import ONE, Product, Transfer, half_up
from campaign.state.walk import PRODUCTS, Walk, pieces, rule

MOST = 20_000


def receive(walk: Walk, product: Product, quantity: int, cost: int, account: str) -> None:
    """Goods come in at a cost, against an account."""
    walk.stored(product).put(quantity, cost)
    walk.model.book(**{account: -cost})


@rule(8)
def put_in(walk: Walk) -> None:
    """Goods come in at the standard cost or at another one."""
    product = walk.pick(PRODUCTS)
    quantity, unit = walk.amount_of(product, MOST), walk.random.choice((None, product.cost + walk.random.randint(-20, 90)))
    line = {"product": product.number, "quantity": pieces(quantity)}
    if unit is not None:
        line["unit_cost"] = f"{unit // 100}.{unit % 100:02d}"
    reason = walk.random.choice(("opening", "correction"))
    walk.do("stock.adjust", {"store": walk.shop.store, "reason": reason, "lines": [line]})
    cost = half_up((product.cost if unit is None else unit) * quantity, ONE)
    receive(walk, product, quantity, cost, "opening" if reason == "opening" else "differences")


@rule(2)
def lose(walk: Walk) -> None:
    """Goods are gone."""
    product = walk.pick(PRODUCTS)
    quantity = walk.amount_of(product, min(MOST // 10, walk.stored(product).available))
    walk.do("stock.adjust", {"store": walk.shop.store, "reason": "loss", "lines": [{"product": product.number, "quantity": pieces(-quantity)}]})
    walk.model.book(differences=walk.stored(product).take(quantity))


@rule(1)
def lose_too_much(walk: Walk) -> None:
    """More than can be taken."""
    product = walk.pick(PRODUCTS)
    quantity = walk.stored(product).available + product.step
    line = {"product": product.number, "quantity": pieces(-quantity)}
    walk.refused("stock.adjust", {"store": walk.shop.store, "reason": "loss", "lines": [line]}, 422)


@rule(2)
def count(walk: Walk) -> None:
    """A count that finds more or less, posted or cancelled."""
    product = walk.pick(PRODUCTS)
    pile = walk.stored(product)
    difference = product.step * walk.random.randint(-min(pile.available // product.step, 4), 4)
    begun = walk.do("stock.begin_count", {"store": walk.shop.store, "products": [product.number]})
    found = {"product": product.number, "counted": pieces(pile.on_hand + difference)}
    walk.do("stock.record_count", {"count": begun["number"], "lines": [found]}, if_match=begun["version"])
    if walk.random.random() < 0.3:
        walk.do("stock.cancel_count", {"count": begun["number"]})
        return
    walk.do("stock.post_count", {"count": begun["number"]})
    if difference > 0:
        receive(walk, product, difference, half_up(product.cost * difference, ONE), "differences")
    elif difference < 0:
        walk.model.book(differences=pile.take(-difference))


@rule(2)
def reserve(walk: Walk) -> None:
    """Keep goods for a cart."""
    product = walk.pick(PRODUCTS)
    quantity = walk.amount_of(product, min(MOST // 10, walk.stored(product).available))
    line = {"product": product.number, "quantity": pieces(quantity)}
    number = walk.do("stock.reserve", {"store": walk.shop.store, "lines": [line]})["number"]
    walk.stored(product).reserved += quantity
    walk.model.promises[number] = (product, quantity)


@rule(2)
def release(walk: Walk) -> None:
    """Let them go."""
    number = walk.pick(walk.model.promises)
    walk.do("stock.release_reservation", {"reservation": number})
    product, quantity = walk.model.promises.pop(number)
    walk.stored(product).reserved -= quantity


@rule(1)
def reserve_too_much(walk: Walk) -> None:
    """More than can be promised."""
    product = walk.pick(PRODUCTS)
    line = {"product": product.number, "quantity": pieces(walk.stored(product).available + product.step)}
    walk.refused("stock.reserve", {"store": walk.shop.store, "lines": [line]}, 422)


@rule(2)
def block(walk: Walk) -> None:
    """Nobody shall sell these."""
    product = walk.pick(PRODUCTS)
    quantity = walk.amount_of(product, min(MOST // 10, walk.stored(product).available))
    line = {"product": product.number, "quantity": pieces(quantity)}
    number = walk.do("stock.block", {"store": walk.shop.store, "reason": "damaged", "lines": [line]})["number"]
    walk.stored(product).blocked += quantity
    walk.model.blocks[number] = (product, quantity)


@rule(2)
def unblock(walk: Walk) -> None:
    """A part of them may be sold again, or all."""
    number = walk.pick(walk.model.blocks)
    product, blocked = walk.model.blocks[number]
    quantity = walk.amount_of(product, blocked)
    walk.do("stock.unblock", {"block": number, "reason": "fine", "lines": [{"line": 1, "quantity": pieces(quantity)}]})
    walk.stored(product).blocked -= quantity
    walk.model.blocks[number] = (product, blocked - quantity)
    if blocked == quantity:
        del walk.model.blocks[number]


@rule(3)
def order_transfer(walk: Walk) -> None:
    """Order goods for the second warehouse; nothing moves yet."""
    product = walk.pick(PRODUCTS)
    quantity = walk.amount_of(product, MOST // 5)
    command = {
        "from_warehouse": walk.shop.warehouse, "to_warehouse": walk.installation.second, "store": walk.shop.store,
        "lines": [{"product": product.number, "quantity": pieces(quantity)}],
    }  # fmt: skip
    number = walk.do("stock.create_transfer", command)["number"]
    walk.model.transfers[number] = Transfer(number, product, quantity)


@rule(4)
def ship(walk: Walk) -> None:
    """A part of what was ordered leaves."""
    found = walk.pick(one for one in walk.model.transfers.values() if not one.cancelled and one.shipped < one.quantity)
    pile = walk.stored(found.product)
    quantity = walk.amount_of(found.product, min(found.quantity - found.shipped, pile.available))
    walk.do("stock.ship_transfer", {"transfer": found.number, "lines": [{"line": 1, "quantity": pieces(quantity)}]})
    found.worth += pile.take(quantity)
    found.shipped += quantity


@rule(4)
def arrive(walk: Walk) -> None:
    """A part of what is on its way arrives, and a part of that may be lost."""
    found = walk.pick(one for one in walk.model.transfers.values() if one.on_its_way)
    gone = walk.amount_of(found.product, found.on_its_way)
    lost = found.product.step * walk.random.randint(0, gone // found.product.step) if walk.random.random() < 0.3 else 0
    arrived = gone - lost
    line = {"line": 1, "quantity": pieces(arrived), "lost": pieces(lost)}
    walk.do("stock.receive_transfer", {"transfer": found.number, "lines": [line]})
    cost = half_up(found.worth * arrived, found.on_its_way)
    lost_cost = half_up(found.worth * gone, found.on_its_way) - cost
    walk.model.piles[walk.installation.second, found.product.number].put(arrived, cost)
    walk.model.book(differences=lost_cost)
    found.worth -= cost + lost_cost
    found.arrived += gone


@rule(1)
def cancel_transfer(walk: Walk) -> None:
    """What was not shipped stays."""
    found = walk.pick(one for one in walk.model.transfers.values() if not one.cancelled and one.shipped < one.quantity)
    walk.do("stock.cancel_transfer", {"transfer": found.number})
    found.cancelled = True
