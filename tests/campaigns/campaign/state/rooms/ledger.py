"""What customers owe: payments on account, settlement, and periods that are closed."""

from __future__ import annotations

from campaign.state.walk import CUSTOMERS, PRODUCTS, Nothing, Walk, cents, rule

MOST = 5000
EARLIER = "2026-10-15"
PERIOD = "2026-10-01"
DAY = 24 * 3600 * 1_000_000


@rule(5)
def pay(walk: Walk) -> None:
    """Any amount: it pays what is oldest, and the rest stays as a credit."""
    customer, amount = walk.pick(CUSTOMERS), walk.random.randint(1, MOST)
    command = {"customer": customer, "tender": "bank_transfer", "amount": cents(amount), "store": walk.shop.store}
    number = walk.do("payments.take", command)["number"]
    walk.model.pay("bank_transfer", amount)
    walk.model.owe(customer, number, -amount)
    walk.model.oldest_first(customer, [number])


@rule(2)
def settle(walk: Walk) -> None:
    """A part of what is owed against a part of what is owed back."""
    customer = walk.pick(CUSTOMERS)
    items = walk.model.open[customer]
    debit = walk.pick(document for document, amount in items.items() if amount > 0)
    credit = walk.pick(document for document, amount in items.items() if amount < 0)
    amount = walk.random.randint(1, min(items[debit], -items[credit]))
    pair = {"debit": debit, "credit": credit, "amount": cents(amount)}
    walk.do("ledger.settle", {"customer": customer, "pairs": [pair]})
    walk.model.settle(customer, debit, amount)
    walk.model.settle(customer, credit, amount)


@rule(1)
def settle_too_much(walk: Walk) -> None:
    """More than both have open."""
    customer = walk.pick(CUSTOMERS)
    items = walk.model.open[customer]
    debit = walk.pick(document for document, amount in items.items() if amount > 0)
    credit = walk.pick(document for document, amount in items.items() if amount < 0)
    amount = min(items[debit], -items[credit]) + 1
    walk.refused("ledger.settle", {"customer": customer, "pairs": [{"debit": debit, "credit": credit, "amount": cents(amount)}]}, 422)


@rule(1)
def closed_period(walk: Walk) -> None:
    """Nothing is booked into a closed period; it is opened again."""
    version = walk.do("ledger.read_period", {"period": PERIOD})["version"]
    walk.do("ledger.change_period", {"period": PERIOD, "status": "closed"}, if_match=version)
    sale = {"store": walk.shop.store, "lines": [{"product": PRODUCTS[0].number, "quantity": "1"}], "date": EARLIER}
    walk.refused("sales.sell", {**sale, "payments": [{"tender": "cash", "amount": "12.10"}]}, 422)
    walk.do("ledger.change_period", {"period": PERIOD, "status": "open"}, if_match=version + 1)


@rule(1)
def next_day(walk: Walk) -> None:
    """Time passes."""
    if not walk.acts:
        raise Nothing
    walk.clock.sleep(DAY)
