"""Cash-and-carry: sales, goods that come back with and without their invoice, exchanges, repeated requests."""

from __future__ import annotations

from campaign.state.model import Line, half_up, part
from campaign.state.walk import CUSTOMERS, PRODUCTS, Nothing, Walk, cents, pieces, rule

TENDERS = ("cash", "card")
MOST = 4000
CHANGE = 500


def choose_line(walk: Walk, taken: dict[str, int]) -> Line:
    """A line of something that is there."""
    product = walk.pick(PRODUCTS)
    quantity = walk.amount_of(product, min(MOST, walk.stored(product).available - taken.get(product.number, 0)))
    taken[product.number] = taken.get(product.number, 0) + quantity
    line = Line(product, quantity)
    if walk.random.random() < 0.3:
        line.discount = walk.random.randint(0, line.gross)
    return line


def asked(line: Line, sign: int = 1) -> dict[str, object]:
    """Write a line down."""
    given = {"product": line.product.number, "quantity": pieces(sign * line.quantity)}
    return given | ({"discount": cents(sign * line.discount)} if line.discount else {})


def pay_for(walk: Walk, total: int) -> tuple[list[dict[str, str]], list[tuple[str, int]]]:
    """Divide a total among tenders; what is written down, and what it comes to after change."""
    if not total:
        return [], []
    first = walk.random.randint(1, abs(total)) if abs(total) > 1 and walk.random.random() < 0.3 else abs(total)
    sign = 1 if total > 0 else -1
    parts = [(walk.pick(TENDERS), sign * first), ("card", sign * (abs(total) - first))]
    parts = [(tender, amount) for tender, amount in parts if amount]
    written = [{"tender": tender, "amount": cents(amount)} for tender, amount in parts]
    if len(parts) == 1 and parts[0] == ("cash", total) and total > 0:
        written[0]["amount"] = cents(total + walk.random.randint(0, CHANGE))
    return written, parts


def hand_over(walk: Walk, line: Line) -> None:
    """Goods leave and are invoiced at once."""
    line.cost = walk.stored(line.product).take(line.quantity)
    line.delivered = line.invoiced = line.quantity
    walk.model.goods_out += line.cost


@rule(10)
def sell(walk: Walk) -> None:
    """Some lines, freight now and then, paid at once."""
    taken: dict[str, int] = {}
    lines = [choose_line(walk, taken) for _ in range(walk.random.randint(1, 3))]
    charge = walk.random.choice((0, 0, 0, 495))
    total = sum(line.total for line in lines) + charge
    written, paid = pay_for(walk, total)
    command = {"store": walk.shop.store, "lines": [asked(line) for line in lines], "payments": written}
    if charge:
        command["charges"] = [{"code": "freight", "amount": cents(charge)}]
    if walk.random.random() < 0.3:
        command["customer"] = walk.pick(CUSTOMERS)
    answer = walk.do("sales.sell", command)
    for line in lines:
        line.customer = str(command.get("customer", ""))
        hand_over(walk, line)
    walk.model.invoice(sum(line.gross for line in lines), sum(line.discount for line in lines), sum(line.tax for line in lines), charge)
    for tender, amount in paid:
        walk.model.pay(tender, amount)
    walk.model.sales[answer["invoice"]] = lines


@rule(2)
def sell_too_much(walk: Walk) -> None:
    """More than is there."""
    product = walk.pick(PRODUCTS)
    quantity = walk.stored(product).available + product.step
    command = {"store": walk.shop.store, "lines": [{"product": product.number, "quantity": pieces(quantity)}]}
    total = Line(product, quantity).total
    walk.refused("sales.sell", command | {"payments": [{"tender": "card", "amount": cents(total)}] if total else []}, 422)


@rule(1)
def pay_too_little(walk: Walk) -> None:
    """A cent less than the total."""
    line = choose_line(walk, {})
    if line.total < 2:
        raise Nothing
    payments = [{"tender": "card", "amount": cents(line.total - 1)}]
    walk.refused("sales.sell", {"store": walk.shop.store, "lines": [asked(line)], "payments": payments}, 422)


@rule(6)
def take_back(walk: Walk) -> None:
    """A part of a sale comes back with its invoice, and something else may leave in exchange."""
    invoice = walk.pick(number for number, lines in walk.model.sales.items() if any(line.returned < line.quantity for line in lines))
    place, line = walk.pick((place, line) for place, line in enumerate(walk.model.sales[invoice], 1) if line.returned < line.quantity)
    quantity = walk.amount_of(line.product, line.quantity - line.returned)
    gross, discount, tax = line.amounts(quantity, line.returned)
    cost = part(line.cost, quantity, line.returned, line.quantity)
    written = [{"product": line.product.number, "quantity": pieces(-quantity), "source": {"invoice": invoice, "line": place}}]
    other = None
    if walk.random.random() < 0.3:
        other = choose_line(walk, {})
        written.append(asked(other))
        other.customer = line.customer
    total = -(gross - discount + tax) + (other.total if other else 0)
    payments, paid = pay_for(walk, total)
    command = {"store": walk.shop.store, "lines": written, "payments": payments, "customer": line.customer or None}
    answer = walk.do("sales.sell", command)
    line.returned += quantity
    walk.stored(line.product).put(quantity, cost)
    walk.model.goods_out -= cost
    if other:
        hand_over(walk, other)
        walk.model.sales[answer["invoice"]] = [Line(line.product, 1, returned=1), other]
    extra = (other.gross, other.discount, other.tax) if other else (0, 0, 0)
    walk.model.invoice(extra[0] - gross, extra[1] - discount, extra[2] - tax)
    for tender, amount in paid:
        walk.model.pay(tender, amount)


@rule(2)
def take_back_too_much(walk: Walk) -> None:
    """More of a line than was sold and has not come back."""
    invoice = walk.pick(walk.model.sales)
    place, line = walk.pick(enumerate(walk.model.sales[invoice], 1))
    if line.quantity < line.product.step:
        raise Nothing
    quantity = line.quantity - line.returned + line.product.step
    back = {"product": line.product.number, "quantity": pieces(-quantity), "source": {"invoice": invoice, "line": place}}
    walk.refused("sales.sell", {"store": walk.shop.store, "lines": [back], "payments": [{"tender": "cash", "amount": "-0.01"}]})


@rule(1)
def take_back_of_another(walk: Walk) -> None:
    """What one customer bought is brought by another, or by nobody in particular."""
    candidates = ((number, place, line) for number, lines in walk.model.sales.items() for place, line in enumerate(lines, 1) if line.customer)
    invoice, place, line = walk.pick(candidates)
    back = {"product": line.product.number, "quantity": pieces(-line.product.step), "source": {"invoice": invoice, "line": place}}
    command = {"store": walk.shop.store, "lines": [back], "payments": [{"tender": "cash", "amount": "-0.01"}]}
    other = walk.pick(name for name in (*CUSTOMERS, None) if name != line.customer)
    walk.refused("sales.sell", command | {"customer": other}, 422)


@rule(2)
def take_back_unknown(walk: Walk) -> None:
    """Something comes back that nobody can prove was sold here: the list's price, the present average."""
    product = walk.pick(PRODUCTS)
    line = Line(product, walk.amount_of(product, 2000))
    pile = walk.stored(product)
    cost = half_up(pile.value * line.quantity, pile.on_hand) if pile.on_hand else half_up(product.cost * line.quantity, 1000)
    payments, paid = pay_for(walk, -line.total)
    walk.do("sales.sell", {"store": walk.shop.store, "lines": [asked(line, -1)], "payments": payments})
    pile.put(line.quantity, cost)
    walk.model.goods_out -= cost
    walk.model.invoice(-line.gross, 0, -line.tax)
    for tender, amount in paid:
        walk.model.pay(tender, amount)


@rule(3)
def ask_again(walk: Walk) -> None:
    """Any earlier request with its key: the same answer, and nothing changes."""
    operation, command, key, text = walk.pick(walk.keys[-50:])
    again = walk._perform(operation, command, key, {})
    if again.text != text or not again.replayed:
        from campaign.state.walk import Divergence

        raise Divergence(f"{operation} under its key again answers {again.text[:200]}, first {text[:200]}")
