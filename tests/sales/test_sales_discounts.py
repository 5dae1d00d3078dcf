"""Discounts of the catalogue on sales, tax by document, customers without tax, and stores that are not open."""

from types import SimpleNamespace

import pytest

from kassa import Charge, Rule, hookimpl
from kassa.kernel.clock import FixedClock
from kassa.kernel.errors import NotPermitted, Refused
from kassa.kernel.invariants import verify
from kassa.testing.builders import build_shop, furnish, line


@pytest.fixture
def clock():
    """Stands at a Saturday morning in November 2026."""
    return FixedClock("2026-11-21T09:00:00Z")


@pytest.fixture
def shop(make_engine, clock):
    """A shop with goods, customers and stock, alone on its database, whose settings the tests change."""
    return furnish(build_shop(make_engine(clock=clock)))


@pytest.fixture
def spring(shop):
    """20 % off everything, 30.00 off each of three LAMPs or more."""
    shop.perform("catalog.create_discount", {"code": "SPRING", "name": "Spring", "rate": "0.2", "from_date": "2026-11-01"})
    three = {"code": "THREE", "name": "Three", "product": "LAMP", "amount": "30", "minimum_quantity": "3", "from_date": "2026-11-01"}
    shop.perform("catalog.create_discount", three)
    return shop


def discounts(order):
    return [found["discount"] for found in order["lines"]]


def test_lines_get_the_best_discount(spring):
    order = spring.order(line("LAMP", "2"), line("LAMP", "3"), line("CHALK", "1.5"), line("DELIVERY"), customer="C0001")
    assert discounts(order) == ["40.00", "90.00", "0.30", "2.00"], "1.485 is 1.49, of which a fifth is 0.30"
    assert [found["net"] for found in order["lines"]] == ["160.00", "210.00", "1.19", "8.00"]


def test_a_given_price_or_discount_is_kept(spring):
    order = spring.order(line("LAMP", unit_price="50"), line("LAMP", discount="1.00"), customer="C0001")
    assert discounts(order) == ["0.00", "1.00"]


def test_what_comes_back_without_its_sale_gets_the_same_discount(spring):
    order = spring.order(line("LAMP", "-1"), line("LAMP", "3"), customer="C0001")
    assert discounts(order) == ["-20.00", "90.00"]


def test_a_sale_with_a_discount_is_paid_and_posted(spring):
    sale = spring.sell(line("VASE"), payments={"cash": "96.80"})
    assert sale["total"] == "96.80"
    assert verify(spring.engine) == []


def test_on_other_days_and_in_preview_alike(spring):
    assert spring.order(line("LAMP"), customer="C0001", date="2026-10-31")["total"] == "100.00"
    shown = spring.preview(*spring.sale(line("LAMP"), payments=[{"tender": "cash", "amount": "80.00"}]))
    assert shown["issues"] == []
    assert shown["result"]["total"] == "80.00"


@pytest.mark.parametrize(
    "included,by_line,by_document",
    [(False, ["0.22", "0.22", "0.22"], ["0.23", "0.22", "0.22"]), (True, ["0.19", "0.19", "0.19"], ["0.19", "0.19", "0.18"])],
)
def test_tax_is_rounded_by_line_or_by_document(make_engine, clock, included, by_line, by_document):
    shop = furnish(build_shop(make_engine(clock=clock), price_includes_tax=included))
    shop.set_price("VASE", "1.07")
    taxes = lambda: [found["tax"] for found in shop.order(line("VASE"), line("VASE"), line("VASE"), customer="C0001")["lines"]]  # noqa: E731
    assert taxes() == by_line
    shop.set_setting("catalog.tax_rounding", "document")
    assert taxes() == by_document
    order = shop.order(line("VASE"), line("VASE", "2"), line("CHALK", "0.5"), customer="C0001")
    shop.deliver(order["number"])
    for quantities in ({1: "1", 2: "1"}, {2: "1", 3: "0.5"}):
        shop.invoice(order["number"], quantities=quantities)
    items = shop.open_items("C0001")
    assert sum(int(amount.replace(".", "")) for amount in items.values()) == int(order["total"].replace(".", ""))
    assert verify(shop.engine) == []


@pytest.mark.parametrize("included,price", [(False, "100"), (True, "82.644628")])
def test_who_is_exempt_bears_no_tax(make_engine, clock, included, price):
    shop = furnish(build_shop(make_engine(clock=clock), price_includes_tax=included))
    shop.add_customer("EMBASSY", tax_exempt=True)
    shop.perform("catalog.create_discount", {"code": "D", "name": "D", "amount": "12.10", "product": "VASE", "from_date": "2026-11-01"})
    order = shop.order(line("VASE", "3"), line("LAMP"), customer="EMBASSY")
    first, second = order["lines"]
    assert (first["unit_price"], first["tax"], second["unit_price"]) == (price, "0.00", "100")
    assert first["net"] == first["total"] == ("217.93" if included else "263.70")
    assert order["tax"] == "0.00"
    shop.invoice(order["number"], quantity_basis="all")
    assert shop.open_items("EMBASSY") != {}
    taxed = shop.order(line("VASE"), customer="C0001")
    assert taxed["tax"] != "0.00"
    assert verify(shop.engine) == []


def test_not_everybody_says_who_is_exempt(shop):
    cashier = shop.add_worker("W1", "cashier")
    for operation, command in (
        ("parties.create_customer", {"name": "X", "tax_exempt": True}),
        ("parties.change_customer", {"customer": "C0001", "tax_exempt": True}),
    ):
        with pytest.raises(NotPermitted):
            shop.perform(operation, command, actor=cashier)
    accountant = shop.add_worker("W2", "accountant")
    assert shop.perform("parties.change_customer", {"customer": "C0001", "tax_exempt": True}, actor=accountant)["tax_exempt"] is True


def test_a_master_is_not_sold(shop):
    shop.add_product("SHIRT", price="20", dimensions=["size"])
    shop.perform("catalog.add_variants", {"product": "SHIRT", "generate": {"size": ["S", "M"]}})
    with pytest.raises(Refused) as error:
        shop.order(line("SHIRT"), customer="C0001")
    assert [(issue.code, issue.pointer) for issue in error.value.issues] == [("SALES_PRODUCT_NOT_RELEASED", "/lines/0/product")]
    assert "sell one of its variants" in error.value.issues[0].message
    shop.adjust({"SHIRT-M": "2"}, unit_cost="8.00")
    assert shop.sell(line("SHIRT-M"), payments={"cash": "20.00"})["total"] == "20.00"
    assert verify(shop.engine) == []


@pytest.mark.parametrize("days", [{"opens_on": "2026-11-22"}, {"closes_on": "2026-11-20"}])
def test_a_store_that_is_not_open_makes_no_documents(shop, days):
    order = shop.order(line("LAMP"), customer="C0001")
    shop.perform("org.change_store", {"store": shop.store, **days})
    for operation, command in (
        shop.sale(line("LAMP"), payments=[{"tender": "cash", "amount": "100.00"}]),
        ("sales.create_order", {"store": shop.store, "customer": "C0001", "lines": [line("LAMP")]}),
        ("payments.take", {"store": shop.store, "customer": "C0001", "tender": "cash", "amount": "1.00"}),
        ("stock.adjust", {"store": shop.store, "reason": "opening", "lines": [{"product": "LAMP", "quantity": "1"}]}),
    ):
        with pytest.raises(Refused) as error:
            shop.perform(operation, command)
        assert [(issue.code, issue.pointer) for issue in error.value.issues] == [("ORG_STORE_CLOSED", "/store")]
    shop.deliver(order["number"])
    assert shop.invoice(order["number"]), "what was agreed before is still delivered and invoiced"


def test_an_order_is_not_dated_before_its_store_opened(shop):
    shop.perform("org.change_store", {"store": shop.store, "opens_on": "2026-11-10"})
    assert shop.order(line("LAMP"), customer="C0001", date="2026-11-10")["date"] == "2026-11-10"
    with pytest.raises(Refused) as error:
        shop.order(line("LAMP"), customer="C0001", date="2026-11-09")
    assert error.value.issues[0].code == "ORG_STORE_CLOSED"


def test_an_amount_off_each_unit_follows_the_quantity_also_when_its_offer_is_over(shop):
    offer = {"code": "THIRD", "name": "A third of a cent", "amount": "0.333333", "product": "LAMP", "from_date": "2026-11-01"}
    shop.perform("catalog.create_discount", offer)
    cart = shop.perform("sales.create_draft", {"store": "S001", "lines": [line("LAMP")]})
    assert discounts(cart["order"]) == ["0.33"]
    cart = shop.perform("sales.change_draft", {"draft": cart["id"], "change_lines": [{"line": 1, "quantity": "3"}]})
    assert discounts(cart["order"]) == ["1.00"]
    order = shop.perform("sales.commit_draft", {"draft": cart["id"]})
    shop.perform("catalog.change_discount", {"discount": "THIRD", "active": False})
    edit = shop.perform("sales.start_edit", {"order": order["number"]})
    edit = shop.perform("sales.change_draft", {"draft": edit["id"], "change_lines": [{"line": 1, "quantity": "6"}]})
    assert discounts(edit["order"]) == ["2.00"], "what was promised stays until the order is calculated anew"
    again = shop.perform("sales.recalculate_draft", {"draft": edit["id"]})
    assert discounts(again["order"]) == ["0.00"]
    manual = shop.perform("sales.change_draft", {"draft": edit["id"], "change_lines": [{"line": 1, "discount": "5.00"}]})
    manual = shop.perform("sales.change_draft", {"draft": edit["id"], "change_lines": [{"line": 1, "quantity": "3"}]})
    assert discounts(manual["order"]) == ["5.00"], "an amount by hand is one for the line"
    shop.perform("sales.commit_draft", {"draft": edit["id"]})
    assert verify(shop.engine) == []


def test_charges_that_a_rule_adds_bear_no_tax_for_who_is_exempt(make_engine, clock):
    def derive(order, facts, context):
        return [Charge(code="fee", amount=1000)]

    rule = Rule(name="fees.add", kind="order", transition="create", stage="charges", run=derive, summary="A fee")
    plugin = SimpleNamespace(register_rules=hookimpl(lambda: [rule]))
    shop = furnish(build_shop(make_engine(clock=clock, modules={"fees": plugin})))
    shop.perform("sales.create_charge_code", {"code": "fee", "name": "Fee", "tax_group": "STANDARD"})
    shop.add_customer("EMBASSY", tax_exempt=True)
    taxes = [shop.order(line("VASE"), customer=customer)["charges"][0]["tax"] for customer in ("EMBASSY", "C0001")]
    assert taxes == ["0.00", "2.10"]
    assert verify(shop.engine) == []
