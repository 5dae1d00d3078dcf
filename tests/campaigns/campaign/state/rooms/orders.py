"""Orders: confirmed, delivered and invoiced in parts, one by one and in batches, changed and cancelled; drafts and edits."""

from __future__ import annotations

from campaign.state.model import Line, Order
from campaign.state.rooms.sales import asked, hand_over, pay_for
from campaign.state.walk import CUSTOMERS, PRODUCTS, Nothing, Walk, pieces, rule
from kassa.kernel.jobs import Runner

EVEN = PRODUCTS[0]
MOST = 3000


def new_lines(walk: Walk) -> list[Line]:
    """One or two lines, whether or not the goods are there."""
    lines = []
    for product in walk.random.sample(PRODUCTS, walk.random.randint(1, 2)):
        line = Line(product, walk.amount_of(product, MOST))
        if walk.random.random() < 0.3:
            line.discount = walk.random.randint(0, line.gross)
        lines.append(line)
    return lines


@rule(6)
def order(walk: Walk) -> None:
    """Confirm an order: nothing is booked and nothing moves."""
    lines, customer = new_lines(walk), walk.pick(CUSTOMERS)
    command = {"store": walk.shop.store, "customer": customer, "lines": [asked(line) for line in lines]}
    number = walk.do("sales.create_order", command)["number"]
    walk.model.orders[number] = Order(number, customer, lines)


def move_out(walk: Walk, line: Line, quantity: int) -> None:
    """Goods of a line leave."""
    cost = walk.stored(line.product).take(quantity)
    line.delivered += quantity
    line.cost += cost
    walk.model.goods_out += cost


@rule(8)
def deliver(walk: Walk) -> None:
    """A part of a line."""
    found = walk.pick(order for order in walk.model.orders.values() if any(line.open for line in order.lines))
    place, line = walk.pick((place, line) for place, line in enumerate(found.lines, 1) if line.open)
    quantity = walk.amount_of(line.product, min(line.open, walk.stored(line.product).available))
    walk.do("sales.post_packing_slip", {"order": found.number, "lines": [{"line": place, "quantity": pieces(quantity)}]})
    move_out(walk, line, quantity)


@rule(2)
def deliver_too_much(walk: Walk) -> None:
    """More than was ordered, or more than is there."""
    found = walk.pick(order for order in walk.model.orders.values() if not order.cancelled)
    place, line = walk.pick(enumerate(found.lines, 1))
    quantity = min(line.open, max(walk.stored(line.product).available, 0)) + line.product.step
    walk.refused("sales.post_packing_slip", {"order": found.number, "lines": [{"line": place, "quantity": pieces(quantity)}]})


def bill(walk: Walk, customer: str, parts: list[tuple[Line, int]], document: str) -> None:
    """Invoice parts of lines on a customer's account."""
    amounts = [line.amounts(quantity, line.invoiced) for line, quantity in parts]
    for line, quantity in parts:
        line.invoiced += quantity
    gross, discount, tax = (sum(found[place] for found in amounts) for place in range(3))
    walk.model.owe(customer, document, walk.model.invoice(gross, discount, tax))


def due(found: Order) -> list[tuple[Line, int]]:
    """What was delivered and is not invoiced."""
    return [(line, line.delivered - line.invoiced) for line in found.lines if line.delivered > line.invoiced]


@rule(5)
def invoice(walk: Walk) -> None:
    """A part of one line of an order, or all that was delivered."""
    found = walk.pick(order for order in walk.model.orders.values() if due(order))
    parts, command = due(found), {"order": found.number}
    if walk.random.random() < 0.5:
        line, most = walk.pick(parts)
        parts = [(line, walk.amount_of(line.product, most))]
        command["lines"] = [{"line": found.lines.index(line) + 1, "quantity": pieces(parts[0][1])}]
    answer = walk.do("sales.post_invoices", {"orders": [command]})["invoices"][0]
    bill(walk, found.customer, parts, answer["number"])


@rule(2)
def invoice_together(walk: Walk) -> None:
    """One document over all orders of a customer that have something to invoice."""
    customer = walk.pick(CUSTOMERS)
    found = [order for order in walk.model.orders.values() if order.customer == customer and due(order)]
    if len(found) < 2:
        raise Nothing
    command = {"orders": [{"order": order.number} for order in found], "together": True}
    answer = walk.do("sales.post_invoices", command)["invoices"][0]
    bill(walk, customer, [pair for order in found for pair in due(order)], answer["number"])


@rule(1)
def invoice_run(walk: Walk) -> None:
    """Each order by itself, in one run."""
    found = [order for order in walk.model.orders.values() if due(order)]
    if not found:
        raise Nothing
    job = walk.do("sales.start_invoice_run", {})["id"]
    Runner(walk.shop.engine).run(job)
    results = walk.do("jobs.results", {"job": job, "limit": 500})["items"]
    named = {result["document_id"]: result["item"] for result in results if result["document_id"]}
    for order in found:
        sql = "SELECT document_id FROM kernel_document_key WHERE value = ? AND name = 'number'"
        ((order_id,),) = walk.installation.rows(sql, order.number)
        (invoice_id,) = [document for document, item in named.items() if item == order_id] or [None]
        if invoice_id is None:
            raise Nothing
        number = walk.do("sales.read_invoice", {"invoice": invoice_id})["number"]
        bill(walk, order.customer, due(order), number)


@rule(2)
def cancel_lines(walk: Walk) -> None:
    """What is open of a line of which nothing was invoiced, whole prices alone: amounts follow the quantity exactly."""
    candidates = (
        (order, place, line)
        for order in walk.model.orders.values()
        for place, line in enumerate(order.lines, 1)
        if line.open and not line.invoiced and not line.delivered and line.product is EVEN and not line.discount
    )
    found, place, line = walk.pick(candidates)
    walk.do("sales.cancel_lines", {"order": found.number, "lines": [{"line": place}]})
    line.cancelled += line.open


@rule(1)
def cancel_order(walk: Walk) -> None:
    """An order of which nothing has happened."""
    found = walk.pick(order for order in walk.model.orders.values() if not order.touched)
    walk.do("sales.cancel_order", {"order": found.number})
    for line in found.lines:
        line.cancelled = line.quantity
    found.cancelled = True


@rule(1)
def cancel_again(walk: Walk) -> None:
    """A cancelled order stays so."""
    found = walk.pick(order for order in walk.model.orders.values() if order.cancelled)
    walk.refused("sales.cancel_order", {"order": found.number})


@rule(2)
def edit(walk: Walk) -> None:
    """Another quantity of an untouched line."""
    found = walk.pick(order for order in walk.model.orders.values() if not order.touched)
    line = found.lines[0]
    if line.discount:
        raise Nothing
    quantity = walk.amount_of(line.product, MOST)
    started = walk.do("sales.start_edit", {"order": found.number})
    change = {"draft": started["id"], "change_lines": [{"line": 1, "quantity": pieces(quantity)}]}
    walk.do("sales.change_draft", change, if_match=started["version"])
    if walk.random.random() < 0.7:
        walk.do("sales.commit_draft", {"draft": started["id"]})
        line.quantity = quantity
    else:
        version = walk.do("sales.read_draft", {"draft": started["id"]})["version"]
        walk.do("sales.void_draft", {"draft": started["id"]}, if_match=version)


@rule(3)
def draft(walk: Walk) -> None:
    """A cart that is sold, becomes an order, or is dropped."""
    lines, customer = new_lines(walk), walk.pick(CUSTOMERS)
    short = any(walk.stored(line.product).available < line.quantity for line in lines)
    command = {"store": walk.shop.store, "customer": customer, "lines": [asked(line) for line in lines]}
    made = walk.do("sales.create_draft", command)
    ending = walk.random.choice(("sell", "commit", "void"))
    if ending == "commit":
        number = walk.do("sales.commit_draft", {"draft": made["id"]})["number"]
        walk.model.orders[number] = Order(number, customer, lines)
    elif ending == "void":
        walk.do("sales.void_draft", {"draft": made["id"]}, if_match=made["version"])
    else:
        payments, paid = pay_for(walk, sum(line.total for line in lines))
        if short:
            walk.refused("sales.sell_draft", {"draft": made["id"], "payments": payments}, 422)
            return
        sold = walk.do("sales.sell_draft", {"draft": made["id"], "payments": payments})
        for line in lines:
            line.customer = customer
            hand_over(walk, line)
        walk.model.invoice(*(sum(getattr(line, name) for line in lines) for name in ("gross", "discount", "tax")))
        for tender, amount in paid:
            walk.model.pay(tender, amount)
        walk.model.sales[sold["invoice"]] = lines
