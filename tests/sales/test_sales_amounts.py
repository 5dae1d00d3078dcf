"""Amounts of a sale: prices, taxes, discounts, charges, weights and currencies, exact to the minor unit and booked as computed."""

import pytest


def amounts(line):
    """Net, tax and total of a line."""
    return line["net"], line["tax"], line["total"]


def booked(shop, sold):
    """What the invoice of a sale booked, by account."""
    return dict(shop.entries(shop.document("invoice", sold["invoice"])))


@pytest.mark.parametrize(
    "price, quantity, expected",
    [
        ("10.00", "1", ("10.00", "2.10", "12.10")),
        ("0.99", "3", ("2.97", "0.62", "3.59")),
        ("0.05", "0.1", ("0.01", "0.00", "0.01")),
        ("0.049999", "1", ("0.05", "0.01", "0.06")),
        ("19.999999", "1", ("20.00", "4.20", "24.20")),
        ("0", "1", ("0.00", "0.00", "0.00")),
        ("7.45", "0.333", ("2.48", "0.52", "3.00")),
    ],
)
def test_tax_is_added_to_prices_without_tax(shop, price, quantity, expected):
    sold = shop.sell((shop.product(price), quantity), payments=[("cash", expected[2])] if expected[2] != "0.00" else [])
    assert amounts(sold["lines"][0]) == expected
    assert amounts(sold) == expected


@pytest.mark.parametrize(
    "price, quantity, expected",
    [
        ("12.10", "1", ("10.00", "2.10", "12.10")),
        ("9.99", "1", ("8.26", "1.73", "9.99")),
        ("9.99", "3", ("24.77", "5.20", "29.97")),
        ("0.01", "1", ("0.01", "0.00", "0.01")),
        ("1.00", "0.5", ("0.41", "0.09", "0.50")),
    ],
)
def test_tax_is_taken_out_of_prices_with_tax(town, price, quantity, expected):
    shop = town.shop(price_includes_tax=True)
    sold = shop.sell((shop.product(price), quantity), payments=[("card", expected[2])])
    assert amounts(sold["lines"][0]) == expected
    assert amounts(sold) == expected
    assert booked(shop, sold)["2200"] == -int(expected[1].replace(".", "")) if expected[1] != "0.00" else "2200" not in booked(shop, sold)


def test_each_tax_code_of_a_group_is_computed_and_booked_by_itself(shop):
    product = shop.product("9.99", tax="DOUBLE")
    sold = shop.sell((product, "1"), payments=[("cash", "12.29")])
    assert amounts(sold["lines"][0]) == ("9.99", "2.30", "12.29")
    sql = "SELECT code, rate, base, amount FROM sales_invoice_tax WHERE document_id = ? ORDER BY code"
    assert shop.rows(sql, shop.document("invoice", sold["invoice"])) == [("CITY2", 20_000, 999, 20), ("VAT21", 210_000, 999, 210)]
    assert booked(shop, sold)["2200"] == -230


def test_several_codes_in_a_price_divide_what_it_contains(town):
    shop = town.shop(price_includes_tax=True)
    sold = shop.sell((shop.product("12.30", tax="DOUBLE"), "1"), payments=[("cash", "12.30")])
    assert amounts(sold["lines"][0]) == ("10.00", "2.30", "12.30")
    sql = "SELECT code, amount FROM sales_invoice_tax WHERE document_id = ? ORDER BY code"
    assert shop.rows(sql, shop.document("invoice", sold["invoice"])) == [("CITY2", 20), ("VAT21", 210)]


def test_rates_differ_by_line_and_untaxed_lines_bear_none(shop):
    lines = [(shop.product("10.00"), "1"), (shop.product("10.00", tax="REDUCED"), "1"), (shop.product("10.00", tax="EXEMPT"), "1")]
    sold = shop.sell(*lines, (shop.product("10.00", tax=None), "1"), payments=[("cash", "43.00")])
    assert [line["tax"] for line in sold["lines"]] == ["2.10", "0.90", "0.00", "0.00"]
    assert amounts(sold) == ("40.00", "3.00", "43.00")


def test_a_discount_lowers_net_and_tax_and_is_booked_as_discount(shop):
    product = shop.product("100.00", cost="60.00")
    sold = shop.sell({"product": product, "quantity": "1", "discount": "10.00"}, payments=[("cash", "108.90")])
    assert (sold["lines"][0]["discount"], *amounts(sold["lines"][0])) == ("10.00", "90.00", "18.90", "108.90")
    assert booked(shop, sold) == {"1100": 10_890, "4000": -10_000, "4100": 1000, "2200": -1890, "5000": 6000, "1300": -6000}


def test_a_discount_on_a_price_with_tax_is_booked_in_full(town):
    shop = town.shop(price_includes_tax=True)
    product = shop.product("121.00", cost="60.00")
    sold = shop.sell({"product": product, "quantity": "1", "discount": "12.10"}, payments=[("cash", "108.90")])
    assert amounts(sold["lines"][0]) == ("90.00", "18.90", "108.90")
    assert sum(amount for _, amount in shop.entries(shop.document("invoice", sold["invoice"]))) == 0


@pytest.mark.parametrize("discount", ["10.00", "0.01"])
def test_a_discount_may_take_all_but_not_more(shop, discount):
    line = {"product": shop.product("10.00"), "quantity": "1", "discount": discount}
    total = {"10.00": "0.00", "0.01": "12.09"}[discount]
    assert shop.sell(line, payments=[] if total == "0.00" else [("cash", total)])["total"] == total
    refusal = shop.refused("sales.sell", shop.sale({**line, "discount": "10.01"}, payments=[]))
    assert (refusal.code, refusal.issues[0].pointer) == ("SALES_DISCOUNT_TOO_LARGE", "/lines/0/discount")


def test_charges_are_income_of_their_own(shop):
    product = shop.product("10.00", cost="6.00")
    charges = [{"code": "freight", "amount": "4.95"}, {"code": "handling", "amount": "-1.00"}]
    sold = shop.sell((product, "1"), charges=charges, payments=[("cash", "16.05")])
    assert [(charge["charge"], charge["code"], charge["amount"], charge["tax"], charge["origin"]) for charge in sold["charges"]] == [
        (1, "freight", "4.95", "0.00", "manual"), (2, "handling", "-1.00", "0.00", "manual"),
    ]  # fmt: skip
    assert shop.entries(shop.document("invoice", sold["invoice"])) == [
        ("1100", 1605), ("1300", -600), ("2200", -210), ("4000", -1000), ("4200", -495), ("4200", 100), ("5000", 600),
    ]  # fmt: skip
    sql = "SELECT number, code, amount, invoiced FROM sales_order_charge WHERE document_id = ? ORDER BY number"
    assert shop.rows(sql, sold["id"]) == [(1, "freight", 495, 495), (2, "handling", -100, -100)]


def test_weighed_goods_are_sold_by_the_gram(shop):
    cheese = shop.product("18.90", cost="11.20", stock="5.250", unit="kg", tax="REDUCED")
    sold = shop.sell((cheese, "0.347"), payments=[("cash", "7.15")])
    assert (sold["lines"][0]["quantity"], *amounts(sold["lines"][0])) == ("0.347", "6.56", "0.59", "7.15")
    assert shop.on_hand(cheese) == (4903, 5880 - 389, 0)


def test_yen_have_no_decimals(town):
    shop = town.shop("JP01")
    product = shop.product("980", cost="411")
    sold = shop.sell((product, "3"), payments=[("cash", "3557")])
    assert amounts(sold) == ("2940", "617", "3557")
    assert booked(shop, sold) == {"1100": 3557, "4000": -2940, "2200": -617, "5000": 1233, "1300": -1233}


def test_dinars_have_three_decimals(town):
    shop = town.shop("KW01", price_includes_tax=True)
    product = shop.product("1.999", cost="0.7505")
    sold = shop.sell((product, "3"), payments=[("cash", "6.000")])
    assert (sold["net"], sold["tax"], sold["total"], sold["change"]) == ("4.956", "1.041", "5.997", "0.003")
    assert booked(shop, sold) == {"1100": 5997, "4000": -4956, "2200": -1041, "5000": 2252, "1300": -2252}


def test_services_move_no_goods(shop):
    repair = shop.product("35.00", kind="service")
    sold = shop.sell((repair, "1.5"), payments=[("card", "63.53")])
    assert sold["packing_slip"] is None
    assert amounts(sold) == ("52.50", "11.03", "63.53")
    assert booked(shop, sold) == {"1100": 6353, "4000": -5250, "2200": -1103}
    assert shop.rows("SELECT count(*) FROM stock_transaction t JOIN sales_order_line l ON l.id = t.lot_id WHERE l.document_id = ?", sold["id"]) == [(0,)]


def test_services_and_goods_stand_on_one_ticket(shop):
    lamp, repair = shop.product("10.00"), shop.product("35.00", kind="service")
    sold = shop.sell((repair, "1"), (lamp, "1"), payments=[("card", "54.45")])
    sql = "SELECT number, quantity FROM sales_packing_slip_line WHERE document_id = ?"
    assert shop.rows(sql, shop.document("packing_slip", sold["packing_slip"])) == [(1, 1000)]
    assert [line["quantity"] for line in sold["lines"]] == ["1", "1"]


def test_the_price_of_the_store_goes_before_that_of_the_entity(shop):
    product = shop.product("10.00")
    shop.do("catalog.create_price_list", code=f"L{shop.store}", name="Only here", store=shop.store)
    shop.do("catalog.enter_prices", price_list=f"L{shop.store}", prices=[{"product": product, "unit_price": "8.00", "from_date": "2026-03-01"}])
    assert shop.sell((product, "1"), payments=[("cash", "9.68")])["net"] == "8.00"
    assert shop.sell((product, "1"), payments=[("cash", "12.10")], date="2026-02-28")["net"] == "10.00"


def test_a_price_that_is_given_is_kept_and_marked(shop):
    product = shop.product(None)
    clerk = shop.by("sales.sell", "sales.read", "sales.override_price")
    sold = clerk.sell({"product": product, "quantity": "1", "unit_price": "7.50"}, payments=[("cash", "9.08")])
    assert shop.do("sales.read_order", order=sold["number"])["lines"][0]["price_origin"] == "overridden"


def test_the_cost_of_what_leaves_is_the_moving_average(shop):
    product = shop.product("10.00", cost="6.00", stock="10")
    shop.stock(product, "10", "8.00")
    sold = shop.sell((product, "5"), payments=[("cash", "60.50")])
    assert booked(shop, sold)["5000"] == 3500
    assert shop.on_hand(product) == (15_000, 10_500, 0)


def test_the_last_piece_takes_what_is_left_of_the_value(shop):
    product = shop.product("10.00", cost="3.333333", stock="3")
    costs = [booked(shop, shop.sell((product, "1"), payments=[("cash", "12.10")]))["5000"] for _ in range(3)]
    assert (costs, shop.on_hand(product)) == ([333, 334, 333], (0, 0, 0))


def test_the_same_product_twice_is_costed_line_by_line(shop):
    product = shop.product("10.00", cost="3.333333", stock="3")
    sold = shop.sell((product, "1"), (product, "2"), payments=[("cash", "36.30")])
    assert booked(shop, sold)["5000"] == 1000
    assert shop.on_hand(product) == (0, 0, 0)
