"""Whatever the parts and their order, an order's invoices add up to the order in every component, to the minor unit."""

import random
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.kernel.invariants import verify
from kassa.kernel.values import round_half_up
from kassa.sales.documents import ISSUE, LineCounters, LineTax, SalesLine
from kassa.sales.invoicing import invoice_line

LINE = (
    "SELECT l.number, l.quantity, l.discount, l.net, l.tax, l.total, b.delivered_cost FROM sales_order_line l "
    "JOIN sales_line_balance b ON b.line_id = l.id WHERE l.document_id = ? ORDER BY l.number"
)
DISCOUNTS = (
    "SELECT l.number, l.discount, coalesce(sum(t.rate), 0) FROM sales_order_line l LEFT JOIN sales_order_tax t ON t.line_id = l.id "
    "WHERE l.document_id = ? GROUP BY l.number, l.discount"
)
INVOICED = (
    "SELECT l.number, sum(i.quantity), sum(i.discount), sum(i.net), sum(i.tax), sum(i.total), sum(i.cost) FROM sales_invoice_line i "
    "JOIN sales_order_line l ON l.id = i.order_line_id WHERE i.order_id = ? GROUP BY l.number ORDER BY l.number"
)
TAXES = (
    "SELECT l.number, t.code, t.rate, t.amount FROM sales_order_tax t JOIN sales_order_line l ON l.id = t.line_id "
    "WHERE l.document_id = ? ORDER BY l.number, t.code"
)
INVOICED_TAXES = (
    "SELECT l.number, t.code, t.rate, sum(t.amount) FROM sales_invoice_tax t JOIN sales_invoice_line i "
    "ON i.document_id = t.document_id AND i.number = t.line_number JOIN sales_order_line l ON l.id = i.order_line_id "
    "WHERE i.order_id = ? GROUP BY l.number, t.code, t.rate ORDER BY l.number, t.code"
)
CHARGED = "SELECT coalesce(sum(amount), 0), coalesce(sum(tax), 0) FROM sales_invoice_charge WHERE order_id = ?"
TOTALS = (
    "SELECT sum(i.net), sum(i.tax), sum(i.total) FROM sales_invoice i WHERE i.document_id IN "
    "(SELECT document_id FROM sales_invoice_line WHERE order_id = ? UNION SELECT document_id FROM sales_invoice_charge WHERE order_id = ?)"
)
BOOKED = (
    "SELECT a.number, sum(e.amount) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.document_id IN "
    "(SELECT document_id FROM sales_invoice_line WHERE order_id = ? UNION SELECT document_id FROM sales_invoice_charge WHERE order_id = ?) "
    "GROUP BY a.number"
)


@pytest.fixture(params=[("NL01", False), ("NL01", True), ("JP01", False), ("KW01", True)], ids=["EUR", "EUR-included", "JPY", "KWD-included"])
def busy_shop(request, town):
    """A shop with goods of several kinds and much stock, in several currencies, with and without tax in the price."""
    entity, included = request.param
    shop = town.shop(entity, price_includes_tax=included)
    shop.goods = [shop.product("1", cost="0.37", stock="1000000", tax=tax) for tax in ("STANDARD", "DOUBLE", "REDUCED", None)]
    shop.goods.append(shop.product("1", kind="service"))
    shop.places = {"EUR": 2, "JPY": 0, "KWD": 3}[shop.rows("SELECT currency FROM org_legal_entity WHERE id = ?", shop.entity)[0][0]]
    return shop


def decimal(value, places):
    """A whole number of units of 10^-places as decimal text."""
    sign, digits = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{digits // 10**places}.{digits % 10**places:0{places}d}" if places else f"{sign}{digits}"


def some_order(shop, chance):
    """Confirm an order with lines of both signs, prices to the millionth, discounts and charges; at least one line has goods."""
    lines = []
    for place in range(chance.randint(1, 4)):
        quantity = chance.choice([1000, 7000, chance.randint(1, 9999)]) * chance.choice([1, 1, -1])
        price = chance.randint(0, 99_999_999)
        worth = abs(quantity) * price * 10**shop.places // 10**9
        line = {"product": shop.goods[0] if not place else chance.choice(shop.goods), "quantity": decimal(quantity, 3), "unit_price": decimal(price, 6)}
        if chance.random() < 0.5 and worth:
            line["discount"] = decimal(worth * chance.randint(1, 99) // 100 * (1 if quantity > 0 else -1), shop.places)
        lines.append(line)
    charges = [{"code": "freight", "amount": decimal(chance.randint(-500, 1500), shop.places)} for _ in range(chance.randint(0, 2))]
    return shop.order(*lines, charges=charges)


def part_of(chance, left):
    """A random choice of lines with a random part of what is left of each, as (number, quantity) pairs; all of it now and then."""
    chosen = [number for number, rest in left.items() if rest and chance.random() < 0.7] or [next(n for n, rest in left.items() if rest)]
    return [(number, left[number] if chance.random() < 0.4 else chance.randint(1, left[number])) for number in chosen]


def walk(shop, order, chance):
    """Deliver and invoice an order in random parts, in random order, until nothing is left."""
    stocked = [line["product"] != shop.goods[4] for line in order["lines"]]
    whole = {line["line"]: abs(int(Decimal(line["quantity"]) * 1000)) for line in order["lines"]}
    to_deliver = {line: quantity for line, quantity in whole.items() if stocked[line - 1]}
    to_invoice = Counter({line: quantity for line, quantity in whole.items() if not stocked[line - 1]})
    while any(to_deliver.values()) or any(to_invoice.values()):
        if any(to_deliver.values()) and (chance.random() < 0.5 or not any(to_invoice.values())):
            parts = part_of(chance, to_deliver)
            shop.deliver(order, lines=[(line, decimal(quantity, 3)) for line, quantity in parts])
            for line, quantity in parts:
                to_deliver[line] -= quantity
                to_invoice[line] += quantity
        else:
            parts = part_of(chance, to_invoice)
            shop.invoice(order, lines=[(line, decimal(quantity, 3)) for line, quantity in parts])
            to_invoice.subtract(dict(parts))


def booked_discount(shop, order_id):
    """Add up what must be booked as discounts: without the tax that a discount on a price with tax contains."""
    (included,) = shop.rows("SELECT price_includes_tax FROM sales_order WHERE document_id = ?", order_id)[0]
    rows = shop.rows(DISCOUNTS, order_id)
    return sum(round_half_up(discount * 10**6, 10**6 + int(rate)) if included else discount for _, discount, rate in rows)


def expect_exact(shop, order):
    """Compare the sums of an order's invoices with the order, component by component, and with the books."""
    ids = (order["id"],) * 2
    lines = [tuple(map(int, row)) for row in shop.rows(LINE, order["id"])]
    assert [tuple(map(int, row)) for row in shop.rows(INVOICED, order["id"])] == lines
    assert [(*row[:3], int(row[3])) for row in shop.rows(INVOICED_TAXES, order["id"])] == shop.rows(TAXES, order["id"])
    header = shop.rows("SELECT net, tax, total FROM sales_order WHERE document_id = ?", order["id"])[0]
    assert tuple(map(int, shop.rows(TOTALS, *ids)[0])) == header
    charges = shop.rows("SELECT coalesce(sum(amount), 0), coalesce(sum(tax), 0) FROM sales_order_charge WHERE document_id = ?", order["id"])[0]
    assert tuple(map(int, shop.rows(CHARGED, order["id"])[0])) == tuple(map(int, charges))
    booked = {account: int(amount) for account, amount in shop.rows(BOOKED, *ids)}
    discount, cost = booked_discount(shop, order["id"]), sum(line[6] for line in lines)
    expected = {"1100": header[2], "2200": -header[1], "4200": -int(charges[0]), "4100": discount, "5000": cost, "1300": -cost}
    expected["4000"] = -(header[0] - int(charges[0]) + discount)
    assert {account: amount for account, amount in booked.items() if amount} == {account: amount for account, amount in expected.items() if amount}
    assert shop.do("sales.read_order", order=order["number"])["state"] == "invoiced"


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_partial_invoices_end_exactly_on_the_order(busy_shop, seed):
    chance = random.Random(seed)
    order = some_order(busy_shop, chance)
    walk(busy_shop, order, chance)
    expect_exact(busy_shop, order)


def test_the_books_and_stock_stay_sound(busy_shop):
    chance = random.Random(20260302)
    for _ in range(3):
        walk(busy_shop, some_order(busy_shop, chance), chance)
    assert verify(busy_shop.engine) == []


@settings(max_examples=400, deadline=None)
@given(
    quantity=st.integers(1, 10**7).flatmap(lambda q: st.sampled_from([q, -q])),
    amounts=st.tuples(*[st.integers(0, 10**9)] * 3),
    taxes=st.lists(st.integers(0, 10**8), max_size=3),
    cuts=st.lists(st.integers(0, 10**7), max_size=8),
)
def test_any_partition_of_a_line_ends_on_its_components(quantity, amounts, taxes, cuts):
    sign = 1 if quantity > 0 else -1
    discount, net, cost = (sign * amount for amount in amounts)
    line = SalesLine(
        id="l", number=1, product_id="p", product_number="P", description="", quantity=quantity, discount=discount, net=net, stocked=True,
        warehouse_id="w", treatment=ISSUE, taxes=tuple(LineTax(f"T{n}", 0, sign * tax) for n, tax in enumerate(taxes)),
    )  # fmt: skip
    places = sorted({0, abs(quantity), *(cut % abs(quantity) for cut in cuts)})
    before, taken, sums = 0, 0, Counter()
    for start, end in pairwise(places):
        counters = LineCounters(delivered=abs(quantity), invoiced=start, delivered_cost=cost, invoiced_cost=taken)
        part = invoice_line("o", SalesLine(**{**fields(line), "counters": counters}), end - start, 1)
        components = {"discount": part.discount, "net": part.net, "cost": part.cost, **{tax.code: tax.amount for tax in part.taxes}}
        assert all(amount * sign >= 0 for amount in components.values())
        assert part.total == part.net + sum(tax.amount for tax in part.taxes)
        sums.update(components)
        taken += part.cost
        before += abs(part.quantity)
    assert before == abs(quantity)
    assert {name: amount for name, amount in sums.items() if amount} == {
        name: amount
        for name, amount in {"discount": discount, "net": net, "cost": cost, **{tax.code: tax.amount for tax in line.taxes}}.items()
        if amount
    }


def fields(line):
    """The fields of a line by name."""
    return {name: getattr(line, name) for name in line.__slots__ if name != "__weakref__"}
