"""Worked examples of the trade, compared entry by entry: the original sale, its tax, and the events that need no plugin."""


import pytest

from kassa.testing.builders import AVERAGE, PHYSICAL, Shop, build_shop, line
from kassa.testing.ledger import assert_entries, assert_sound, assert_voucher, entries, has_voucher, postings, stock_of, trial_balance

CASH = "1001 Clearing cash"
AR = "1100 Trade receivables"
INVENTORY = "1300 Inventory"
PHYSICAL_INVENTORY = "1310 Inventory received or delivered, not invoiced"
SLIP = "1320 Packing slip offset"
TAX = "2200 Sales tax payable"
REVENUE = "4000 Revenue"
DISCOUNT = "4100 Discounts given"
CHARGES = "4200 Charge income"
COST = "5000 Cost of goods sold"


def test_the_original_sale(shop: Shop):
    sale = shop.sell(line("LAMP", discount="10.00"), payments={"cash": "90.00"})
    assert_voucher(
        shop,
        sale["invoice"],
        [
            (AR, "90.00", None),
            (DISCOUNT, "10.00", None),
            (REVENUE, None, "100.00"),
            (COST, "60.00", None),
            (INVENTORY, None, "60.00"),
        ],
    )
    assert_voucher(shop, sale["payments"][0]["number"], [(CASH, "90.00", None), (AR, None, "90.00")])
    assert stock_of(shop, "LAMP").on_hand == "9"
    assert_sound(shop)


def test_tax_on_top_of_the_price(shop: Shop):
    sale = shop.sell(line("VASE", discount="10.00"), payments={"cash": "108.90"})
    assert (sale["net"], sale["tax"], sale["total"]) == ("90.00", "18.90", "108.90")
    assert_voucher(
        shop,
        sale["invoice"],
        [
            (AR, "108.90", None),
            (DISCOUNT, "10.00", None),
            (REVENUE, None, "100.00"),
            (TAX, None, "18.90"),
            (COST, "60.00", None),
            (INVENTORY, None, "60.00"),
        ],
    )


@pytest.mark.rule("P13")
def test_the_tax_of_goods_that_come_back(shop: Shop):
    """P3 with P13: the exact mirror of the sale, 108.90 on the account in all."""
    shop.sell(line("VASE", discount="10.00"), payments={"cash": "108.90"})
    back = shop.sell(line("VASE", "-1", discount="-10.00"), payments={"cash": "-108.90"})
    assert_voucher(
        shop,
        back["invoice"],
        [
            (REVENUE, "100.00", None),
            (TAX, "18.90", None),
            (INVENTORY, "60.00", None),
            (DISCOUNT, None, "10.00"),
            (AR, None, "108.90"),
            (COST, None, "60.00"),
        ],
    )
    assert not set(trial_balance(shop)) & {AR, REVENUE, DISCOUNT, TAX, COST, CASH}
    assert_sound(shop)


def test_tax_in_the_price(make_engine):
    shop = build_shop(make_engine(), price_includes_tax=True)
    shop.add_product("VASE", price="121.00", cost="60.00", stock="1", taxed=True)
    sale = shop.sell(line("VASE", discount="12.10"), payments={"card": "108.90"})
    assert (sale["net"], sale["tax"], sale["total"]) == ("90.00", "18.90", "108.90")
    assert_sound(shop)
    assert_voucher(
        shop,
        sale["invoice"],
        [
            (AR, "108.90", None), (REVENUE, None, "100.00"), (DISCOUNT, "10.00", None), (TAX, None, "18.90"), (COST, "60.00", None),
            (INVENTORY, None, "60.00"),
        ],
    )  # fmt: skip


def test_several_taxes_on_one_line(make_engine):
    shop = build_shop(make_engine(), taxes={"CITY": "0.0125", "STATE": "0.0625"})
    shop.add_product("VASE", price="9.99", cost="4.00", stock="3", taxed=True)
    sale = shop.sell(line("VASE", "3"), payments={"card": "32.21"})
    assert (sale["net"], sale["tax"], sale["total"]) == ("29.97", "2.24", "32.21")
    assert (TAX, None, "2.24") in entries(shop, sale["invoice"]), "0.37 for the city and 1.87 for the state, each rounded once"
    assert_sound(shop)


@pytest.mark.rule("INV-11", "INV-14")
def test_taking_back_what_was_sold_is_a_credit_note(shop: Shop):
    """E7 without the deposit: goods of 20 (cost 12) and freight of 10 are credited and paid out."""
    shop.add_product("MUG", price="20.00", cost="12.00", stock="5")
    sale = shop.sell(line("MUG"), charges=[{"code": "freight", "amount": "10.00"}], payments={"cash": "30.00"})
    assert_voucher(
        shop,
        sale["invoice"],
        [
            (AR, "30.00", None),
            (REVENUE, None, "20.00"),
            (CHARGES, None, "10.00"),
            (COST, "12.00", None),
            (INVENTORY, None, "12.00"),
        ],
    )
    back = shop.sell(line("MUG", "-1"), charges=[{"code": "freight", "amount": "-10.00"}], payments={"cash": "-30.00"})
    assert back["type"] == "credit_note"
    assert back["invoice"].startswith("CN-")
    assert_voucher(
        shop,
        back["invoice"],
        [
            (REVENUE, "20.00", None),
            (CHARGES, "10.00", None),
            (INVENTORY, "12.00", None),
            (AR, None, "30.00"),
            (COST, None, "12.00"),
        ],
    )
    assert_voucher(shop, back["payments"][0]["number"], [(AR, "30.00", None), (CASH, None, "30.00")])
    assert not set(trial_balance(shop)) & {AR, REVENUE, CHARGES, COST, CASH}
    assert_sound(shop)


@pytest.mark.rule("INV-11")
def test_a_document_of_both_signs_keeps_both_sides(shop: Shop):
    """The mixed document: return of 90, sale of 100 (cost 65), which sums to 235 on both sides."""
    shop.sell(line("LAMP", discount="10.00"), payments={"cash": "90.00"})
    shop.add_product("LAMP2", price="100.00", cost="65.00", stock="1")
    exchange = shop.sell(line("LAMP", "-1", discount="-10.00"), line("LAMP2"), payments={"cash": "10.00"})
    assert exchange["type"] == "invoice"
    assert_voucher(
        shop,
        exchange["invoice"],
        [
            (AR, "10.00", None),
            (REVENUE, "100.00", None),
            (COST, "65.00", None),
            (INVENTORY, "60.00", None),
            (REVENUE, None, "100.00"),
            (DISCOUNT, None, "10.00"),
            (INVENTORY, None, "65.00"),
            (COST, None, "60.00"),
        ],
    )
    voucher = shop.perform("ledger.read_voucher", {"voucher": exchange["invoice"]})
    assert voucher["debit"] == voucher["credit"] == "235.00"


@pytest.mark.rule("INV-12")
def test_a_correction_stands_on_the_original_sides(shop: Shop):
    """P12: the same balances as a credit note, with negative amounts on the sides of the sale."""
    shop.sell(line("LAMP", discount="10.00"), payments={"cash": "90.00"})
    before = trial_balance(shop)
    order = shop.order(line("LAMP", "-1", discount="-10.00"), customer="C0001")["number"]
    (note,) = shop.invoice(order, quantity_basis="all", correction=True)
    assert_voucher(
        shop,
        note["number"],
        [
            (AR, "-90.00", None),
            (DISCOUNT, "-10.00", None),
            (REVENUE, None, "-100.00"),
            (COST, "-60.00", None),
            (INVENTORY, None, "-60.00"),
        ],
    )
    after = trial_balance(shop)
    assert REVENUE in before
    assert REVENUE not in after
    assert after[AR] == "-90.00"
    assert_sound(shop)


@pytest.mark.rule("INV-19", "RET-40")
def test_packing_slips_book_physically_and_the_invoice_takes_it_back(shop: Shop):
    shop.set_setting("stock.post_packing_slip_in_ledger", "true")
    shop.add_product("CHAIR", price="40.00", cost="24.00", stock="2", group=PHYSICAL)
    order = shop.order(line("CHAIR"), customer="C0001")["number"]
    slip = shop.deliver(order)["number"]
    assert_voucher(shop, slip, [(SLIP, "24.00", None), (PHYSICAL_INVENTORY, None, "24.00")])
    assert stock_of(shop, "CHAIR").delivered_value == "24.00"
    assert_sound(shop)
    (invoice,) = shop.invoice(order)
    assert_voucher(
        shop,
        invoice["number"],
        [
            (AR, "40.00", None),
            (REVENUE, None, "40.00"),
            (COST, "24.00", None),
            (INVENTORY, None, "24.00"),
            (PHYSICAL_INVENTORY, "24.00", None),
            (SLIP, None, "24.00"),
        ],
    )
    assert not set(trial_balance(shop)) & {SLIP, PHYSICAL_INVENTORY}
    assert_sound(shop)


def test_packing_slips_book_nothing_where_the_products_do_not_ask_for_it(shop: Shop):
    shop.set_setting("stock.post_packing_slip_in_ledger", "true")
    shop.add_product("CHAIR", price="40.00", cost="24.00", stock="2", group=AVERAGE)
    slip = shop.deliver(shop.order(line("CHAIR"))["number"])["number"]
    assert not has_voucher(shop, slip)


def test_pickup_in_two_parts(shop: Shop):
    """Pickup of 40 (cost 24), then of 60 (cost 36), each invoiced and paid when it is handed over."""
    shop.add_product("CHAIR", price="40.00", cost="24.00", stock="1")
    shop.add_product("TABLE", price="60.00", cost="36.00", stock="1")
    order = shop.order(line("CHAIR"), line("TABLE"), customer="C0001")["number"]
    for number, product, price, cost in ((1, "CHAIR", "40.00", "24.00"), (2, "TABLE", "60.00", "36.00")):
        shop.deliver(order, {number: "1"})
        (invoice,) = shop.invoice(order)
        assert_voucher(
            shop, invoice["number"], [(AR, price, None), (REVENUE, None, price), (COST, cost, None), (INVENTORY, None, cost)]
        )
        payment = shop.pay("C0001", price, tender="cash")
        assert_voucher(shop, payment["number"], [(CASH, price, None), (AR, None, price)])
        assert payment["settled"] == [{"document": invoice["number"], "amount": price}]
        assert stock_of(shop, product).on_hand == "0"
    balance = trial_balance(shop)
    assert (balance[REVENUE], balance[CASH]) == ("-100.00", "100.00")
    assert AR not in balance
    assert_sound(shop)


def test_a_shipping_charge_is_income(shop: Shop):
    order = shop.order(line("DELIVERY"), charges=[{"code": "freight", "amount": "10.00"}], customer="C0001")["number"]
    (invoice,) = shop.invoice(order)
    assert_voucher(shop, invoice["number"], [(AR, "20.00", None), (REVENUE, None, "10.00"), (CHARGES, None, "10.00")])


def test_a_preview_shows_the_same_entries(shop: Shop):
    operation, command = shop.sale(line("VASE", discount="10.00"), payments=[{"tender": "cash", "amount": "108.90"}])
    preview = shop.preview(operation, command)
    sale = shop.perform(operation, command)
    assert_voucher(shop, sale["invoice"], postings(preview, "invoice"))
    assert_voucher(shop, sale["payments"][0]["number"], postings(preview, "payment"))
    assert_entries(postings(preview), [*postings(preview, "invoice"), *postings(preview, "payment")])
