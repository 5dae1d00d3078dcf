"""A line becomes two: quantities, amounts, taxes, costs and charges of the parts come to what the line had, and both go on alone."""

from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel import contributions as give
from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Engine
from kassa.kernel.errors import Refused, StartupError
from kassa.kernel.invariants import verify
from kassa.kernel.operations import Result
from kassa.kernel.plan import Claim
from kassa.kernel.plugins import hookimpl
from kassa.kernel.registry import build
from kassa.kernel.schema import Quantity, Text
from kassa.sales import facts
from kassa.sales.documents import ISSUE, Charge, LineCounters, LineTax, SalesLine, SalesOrder
from kassa.sales.messages import OrderView
from kassa.sales.splitting import SplitLine, split_line
from kassa.sales.views import order_view
from kassa.stock.facts import load_lots, lots

MONEY = ("discount", "net_discount", "net", "tax", "total", "given_cost", "source_cost")


@attrs.frozen(kw_only=True)
class Note:
    """A field of a plugin."""

    text: str


@attrs.frozen(kw_only=True)
class Labels:
    """How many labels belong to all of a line, and of which colour they are."""

    number: int | None = attrs.field(default=None, metadata={"divides": True})
    colour: str = "red"


@attrs.frozen(kw_only=True)
class Split:
    """Splits a quantity off a line."""

    order: Text
    line: int
    quantity: Quantity


def split(command: Split, context: Any) -> Result:
    """Split a line, as a plugin would."""
    order_id = facts.find_document(context, "order", command.order)
    before = facts.orders(context, [order_id])[order_id]
    lot = next((line.id for line in before.lines if line.number == command.line), None)
    order, effects = split_line(before, command.line, command.quantity, lots(context, [lot] if lot else []).get(lot))
    context.plan.add(effects, "desk.split", order_id)
    return Result(view=lambda numbers: order_view(order, None, None))


@pytest.fixture
def desk(shop):
    """A shop with a plugin that splits lines and adds a field to them."""
    operation = give.Operation(name="desk.split", summary="Split", effect="post", request=Split, response=OrderView, permission=None, handler=split)
    plugin = SimpleNamespace(
        register_operations=hookimpl(lambda: [operation]),
        register_documents=hookimpl(
            lambda: [
                give.Extension(name="desk.note", summary="A note", of=SalesLine, value=Note),
                give.Extension(name="desk.labels", summary="Labels", of=SalesLine, value=Labels),
            ]
        ),
    )
    shop.engine = Engine.open(shop.engine.database.url, modules={"desk": plugin}, clock=FixedClock(shop.engine.clock.now()))
    yield shop
    shop.engine.close()


def read(shop, order):
    """An order as it stands."""
    return shop.do("sales.read_order", order=order["number"])


@pytest.mark.rule("RET-30")
def test_a_line_that_comes_back_in_part_is_split_and_both_parts_go_on(desk):
    product = desk.product("9.99", cost="3.33", stock="10", tax="DOUBLE")
    sold = desk.sell({"product": product, "quantity": "10", "discount": "1.01"}, payments=[("card", "121.64")])
    line = {"product": product, "quantity": "-10", "source": {"invoice": sold["invoice"], "line": 1}, "extensions": {"desk.note": {"text": "dented"}}}
    order = desk.order(line)
    answer = desk.do("desk.split", order=order["number"], line=1, quantity="6")
    after = read(desk, order)
    assert after["lines"] == answer["lines"]
    assert [(found["line"], found["quantity"], found["extensions"]["desk.note"]) for found in after["lines"]] == [
        (1, "-4", {"text": "dented"}), (2, "-6", {"text": "dented"}),
    ]  # fmt: skip
    assert (after["total"], after["version"], after["state"]) == (order["total"], 2, "open")
    assert len(set(desk.rows("SELECT id FROM sales_order_line WHERE document_id = ?", order["id"]))) == 2
    assert verify(desk.engine) == []
    desk.deliver(order, lines=[(1, "4")])
    first = desk.invoice(order)
    assert read(desk, order)["state"] == "partly_invoiced"
    second = desk.invoice(order, quantity_basis="all")
    assert (first["lines"][0]["quantity"], second["lines"][0]["quantity"]) == ("-4", "-6")
    assert sum(int(note["total"].replace(".", "")) for note in (first, second)) == -12_164
    assert desk.on_hand(product) == (10_000, 3330, 0)
    assert verify(desk.engine) == []


def test_a_line_that_was_sold_in_part_is_split_behind_that_part(desk):
    order = desk.order((desk.product("0.99", tax="STANDARD"), "7"), charges=[{"code": "freight", "amount": "5.00"}])
    desk.deliver(order, lines=[(1, "3")])
    desk.invoice(order)
    for quantity in ("3", "4.5", "7"):
        refusal = desk.refused("desk.split", {"order": order["number"], "line": 1, "quantity": quantity})
        assert [(issue.code, issue.expected) for issue in refusal.issues] == [("SALES_SPLIT_QUANTITY", {"most": "4"})]
    assert desk.refused("desk.split", {"order": order["number"], "line": 2, "quantity": "1"}).code == "SALES_LINE_UNKNOWN"
    lines = desk.do("desk.split", order=order["number"], line=1, quantity="4")["lines"]
    assert [(line["quantity"], line["delivered"], line["invoiced"]) for line in lines] == [("3", "3", "3"), ("4", "0", "0")]
    desk.do("desk.split", order=order["number"], line=2, quantity="1")
    assert desk.invoice(order, quantity_basis="all")["net"] == "3.96"
    assert read(desk, order)["state"] == "invoiced"
    assert verify(desk.engine) == []


def test_numbers_of_plugins_that_belong_to_the_whole_line_are_divided_with_it(desk):
    product, named = desk.product(), {"desk.labels": {"number": 11, "colour": "blue"}, "desk.note": {"text": "x"}}
    order = desk.order({"product": product, "quantity": "3", "extensions": named}, {"product": product, "quantity": "2", "extensions": {"desk.labels": {}}})
    for line, quantity, version in ((1, "1", 2), (1, "1", 3), (2, "1", 4)):
        answer = desk.do("desk.split", order=order["number"], line=line, quantity=quantity)
        after = read(desk, order)
        assert (after["lines"], after["version"]) == (answer["lines"], version)
    assert [line["extensions"]["desk.labels"] for line in after["lines"]] == [
        {"number": number, "colour": colour} for number, colour in ((4, "blue"), (None, "red"), (4, "blue"), (3, "blue"), (None, "red"))
    ]
    assert [line["extensions"].get("desk.note") for line in after["lines"]] == [{"text": "x"}, None, {"text": "x"}, {"text": "x"}, None]
    assert verify(desk.engine) == []
    alone = Engine.open(desk.engine.database.url, modules={}, clock=FixedClock(desk.engine.clock.now()))
    with_others, desk.engine = desk.engine, alone
    assert [line["extensions"] for line in read(desk, order)["lines"]] == [line["extensions"] for line in after["lines"]], "without the plugin too"
    alone.close()
    desk.engine = with_others


def statuses(shop, order):
    """Where the lots of an order's lines stand: by line, status with quantity."""
    ids = [row[0] for row in shop.rows("SELECT id FROM sales_order_line WHERE document_id = ? ORDER BY number", order["id"])]
    with shop.engine.database.snapshot() as reader:
        known = load_lots(reader, ids)
    held = [known[lot].held if lot in known else {} for lot in ids]
    return [{status: quantity for (_, status), quantity in found.items() if quantity} for found in held]


def buckets(shop, product):
    """What is reserved of a product, and what is on hand."""
    sql = "SELECT b.reserved, b.on_hand FROM stock_balance b JOIN catalog_product p ON p.id = b.product_id WHERE p.number = ?"
    return shop.rows(sql, product)[0]


def test_goods_that_are_reserved_go_on_with_the_part_that_needs_them(desk):
    product = desk.product(stock="10")
    order = desk.order((product, "8"))
    (lot,) = desk.rows("SELECT id FROM sales_order_line WHERE document_id = ?", order["id"])[0]
    kept = desk.do("stock.reserve", store=desk.store, lines=[{"product": product, "lot": lot, "quantity": "6"}])
    desk.do("desk.split", order=order["number"], line=1, quantity="2")
    assert statuses(desk, order) == [{"reserved": -6000}, {}], "what nobody kept goes first"
    desk.do("desk.split", order=order["number"], line=1, quantity="4")
    desk.do("desk.split", order=order["number"], line=3, quantity="1")
    assert statuses(desk, order) == [{"reserved": -2000}, {}, {"reserved": -3000}, {"reserved": -1000}]
    assert (buckets(desk, product), verify(desk.engine)) == ((6000, 10_000), [])
    shown = desk.do("stock.read_reservation", reservation=kept["id"])
    assert [(line["line"], line["quantity"], line["reserved"]) for line in shown["lines"]] == [(1, "2", "2"), (2, "3", "3"), (3, "1", "1")]
    desk.deliver(order, lines=[(3, "3")])
    assert buckets(desk, product) == (3000, 7000)
    desk.do("stock.release_reservation", reservation=kept["id"])
    assert (statuses(desk, order), buckets(desk, product)) == ([{}, {}, {"deducted": -3000}, {}], (0, 7000))
    desk.invoice(order, quantity_basis="all")
    assert (read(desk, order)["state"], buckets(desk, product), verify(desk.engine)) == ("invoiced", (0, 2000), [])


def test_a_line_that_moved_is_not_split_without_its_lot():
    order = order_of(attrs.evolve(some_line(2000, [0, 0, 0, 0]), sequence=1))
    with pytest.raises(ValueError, match="give its lot"):
        split_line(order, 1, 1000)


def test_a_text_cannot_be_divided():
    @attrs.frozen(kw_only=True)
    class Half:
        """A text that claims to divide."""

        text: str = attrs.field(metadata={"divides": True})

    plugin = SimpleNamespace(register_documents=hookimpl(lambda: [give.Extension(name="half.text", summary="A text", of=SalesLine, value=Half)]))
    with pytest.raises(StartupError, match=r"cannot be divided: Half\.text is no whole number"):
        build({"half": plugin})


def some_line(quantity, amounts, counters=None):
    """A line with amounts, of one tax each of the last two."""
    discount, net, *taxes = amounts
    taxed = tuple(LineTax(code, 0, amount) for code, amount in zip("AB", taxes, strict=True))
    tax = sum(taxes)
    return SalesLine(
        id="lot", number=1, product_id="p", product_number="P", description="P", quantity=quantity, discount=discount, net_discount=discount // 2, net=net,
        tax=tax, total=net + tax, taxes=taxed, stocked=True, warehouse_id="w", treatment=ISSUE, given_cost=net // 3, source_cost=net // 2,
        counters=counters or LineCounters(),
    )  # fmt: skip


def order_of(line, charges=()):
    """An order of one line."""
    return SalesOrder(
        id="o", type="sales", legal_entity_id="e", state="open", date="2026-03-02", occurred_at=0, customer_id=None, party_type="store", party_id="s",
        currency="EUR", exponent=2, price_includes_tax=False, warehouse_id="w", store_number="S", lines=(line,), charges=charges,
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    whole=st.integers(2, 10**7),
    sign=st.sampled_from([1, -1]),
    amounts=st.lists(st.integers(0, 10**9), min_size=4, max_size=4),
    charge=st.integers(-10_000, 10_000),
    data=st.data(),
)
def test_the_parts_come_to_the_whole(whole, sign, amounts, charge, data):
    line = some_line(whole * sign, [amount * sign for amount in amounts])
    charges = (Charge(number=1, line_number=1, code="freight", amount=charge, taxes=(LineTax("A", 200_000, charge // 5),)), Charge(number=2, code="other", amount=7))
    quantity = data.draw(st.integers(1, whole - 1))
    order, effects = split_line(order_of(line, charges), 1, quantity)
    kept, rest = order.lines
    assert (kept.quantity + rest.quantity, abs(rest.quantity)) == (line.quantity, quantity)
    assert kept.id == "lot" != rest.id
    for name in MONEY:
        assert getattr(kept, name) + getattr(rest, name) == getattr(line, name)
        assert getattr(kept, name) * sign >= 0 <= getattr(rest, name) * sign
    assert [a.amount + b.amount for a, b in zip(kept.taxes, rest.taxes, strict=True)] == [tax.amount for tax in line.taxes]
    assert all(part.net + part.tax == part.total == part.net + sum(tax.amount for tax in part.taxes) for part in order.lines)
    assert [(found.line_number, found.number) for found in order.charges] == [(1, 1), (None, 2), (2, 3)]
    assert sum(found.amount for found in order.charges) == charge + 7
    assert sum(found.tax for found in order.charges) == charge // 5
    claims = [effect for effect in effects if type(effect) is Claim]
    assert sum(claim.amounts.get("ordered", 0) for claim in claims) == 0
    assert [type(effect) for effect in effects].count(SplitLine) == 1


@pytest.mark.parametrize(
    "counters, quantity, fits",
    [
        (LineCounters(), 0, False), (LineCounters(), 1000, True), (LineCounters(), 10_000, False),
        (LineCounters(delivered=4000, invoiced=4000), 6000, True), (LineCounters(delivered=4000, invoiced=4000), 5000, False),
        (LineCounters(delivered=4000, invoiced=2000), 6000, False), (LineCounters(delivered=6000), 5000, False),
        (LineCounters(delivered=6000), 3000, True), (LineCounters(cancelled=9000), 2000, False), (LineCounters(cancelled=3000), 6000, True),
    ],
)  # fmt: skip
def test_what_moved_stays_together(counters, quantity, fits):
    order = order_of(some_line(10_000, [100, 900, 90, 9], counters))
    if fits:
        assert [abs(line.quantity) for line in split_line(order, 1, quantity)[0].lines] == [10_000 - quantity, quantity]
    else:
        with pytest.raises(Refused, match="cannot be split off"):
            split_line(order, 1, quantity)
