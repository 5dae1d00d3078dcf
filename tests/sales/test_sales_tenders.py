"""How a sale is paid: change, several tenders, money paid out, an account; and what a total below zero is called."""

import pytest


def accounts(shop, kind, number):
    """What a document booked, by account."""
    return dict(shop.entries(shop.document(kind, number)))


def open_of(shop, sold):
    """What is open of the invoice of a sale."""
    return shop.open_items(shop.document("invoice", sold["invoice"]))


def paid(sold):
    """The payments of a sale: tender and amount."""
    return [(payment["tender"], payment["amount"]) for payment in sold["payments"]]


def test_cash_gives_change_and_only_what_is_kept_is_booked(shop):
    sold = shop.sell((shop.product("10.00"), "1"), payments=[("cash", "20.00")])
    assert (sold["change"], paid(sold)) == ("7.90", [("cash", "12.10")])
    assert accounts(shop, "payment", sold["payments"][0]["number"]) == {"1001": 1210, "1100": -1210}


def test_several_tenders_settle_one_invoice(shop):
    sold = shop.sell((shop.product("10.00"), "2"), payments=[("card", "10.00"), ("bank_transfer", "4.20"), ("cash", "20.00")])
    assert (sold["change"], paid(sold)) == ("10.00", [("card", "10.00"), ("bank_transfer", "4.20"), ("cash", "10.00")])
    assert open_of(shop, sold) == [("invoice", 2420, 0)]
    clearing = [accounts(shop, "payment", payment["number"]) for payment in sold["payments"]]
    assert clearing == [{"1002": 1000, "1100": -1000}, {"1003": 420, "1100": -420}, {"1001": 1000, "1100": -1000}]
    sql = "SELECT s.amount FROM ledger_settlement s JOIN ledger_open_item i ON i.id = s.debit_item_id WHERE i.document_id = ? ORDER BY s.amount"
    assert shop.rows(sql, shop.document("invoice", sold["invoice"])) == [(420,), (1000,), (1000,)]


@pytest.mark.parametrize("payments", [[("card", "12.11")], [("card", "20.00"), ("cash", "5.00")], [("cash", "12.09")], []])
def test_payments_must_come_to_the_total(shop, payments):
    product = shop.product("10.00")
    before = shop.tables()
    refusal = shop.refused("sales.sell", shop.sale((product, "1"), payments=payments))
    (issue,) = refusal.issues
    assert (refusal.code, refusal.status, issue.pointer, issue.expected) == ("SALES_TENDER_UNBALANCED", 422, "/payments", {"total": "12.10"})
    assert issue.action
    assert shop.tables() == before


@pytest.mark.parametrize(
    "quantity, payments, pointer",
    [
        ("1", [("cash", "-12.10")], "/payments/0/amount"),
        ("1", [("cash", "22.10"), ("card", "-10.00")], "/payments/1/amount"),
        ("-1", [("cash", "12.10")], "/payments/0/amount"),
    ],
)
def test_money_goes_one_way(shop, quantity, payments, pointer):
    refusal = shop.refused("sales.sell", shop.sale((shop.product("10.00"), quantity), payments=payments))
    (issue,) = refusal.issues
    assert (refusal.code, refusal.status, issue.pointer) == ("SALES_TENDER_SIGN", 422, pointer)
    assert issue.action


def test_a_sale_on_account_stays_open(shop):
    customer = shop.customer()
    sold = shop.sell((shop.product("10.00"), "1"), customer=customer)
    assert (sold["customer"], sold["payments"], sold["change"]) == (customer, [], "0.00")
    assert open_of(shop, sold) == [("invoice", 1210, 1210)]
    items = shop.do("ledger.list_open_items", customer=customer)["items"]
    assert [(item["type"], item["open"]) for item in items] == [("invoice", "12.10")]


def test_a_sale_on_account_may_be_paid_in_part(shop):
    sold = shop.sell((shop.product("10.00"), "1"), customer=shop.customer(), payments=[("cash", "2.10")])
    assert (paid(sold), sold["change"]) == ([("cash", "2.10")], "0.00")
    assert open_of(shop, sold) == [("invoice", 1210, 1000)]


def test_a_sale_on_account_takes_no_money_out_of_the_drawer(shop):
    product, customer = shop.product("10.00"), shop.customer()
    for amount, code in (("-5.00", "SALES_TENDER_SIGN"), ("12.11", "SALES_TENDER_UNBALANCED")):
        refusal = shop.refused("sales.sell", shop.sale((product, "1"), customer=customer, payments=[("card", amount)]))
        assert refusal.code == code


def test_a_known_customer_may_pay_at_once(shop):
    sold = shop.sell((shop.product("10.00"), "1"), customer=shop.customer(), payments=[("cash", "15.00")])
    assert (open_of(shop, sold), sold["change"]) == ([("invoice", 1210, 0)], "2.90")


@pytest.mark.rule("INV-03")
def test_goods_that_come_back_make_a_credit_note_and_money_is_paid_out(shop):
    product = shop.product("100.00", cost="60.00", stock="10")
    sold = shop.sell({"product": product, "quantity": "-1", "discount": "-10.00"}, payments=[("cash", "-108.90")])
    assert (sold["type"], sold["invoice"], sold["change"]) == ("credit_note", f"CN-{shop.store}-000001", "0.00")
    assert (sold["net"], sold["tax"], sold["total"]) == ("-90.00", "-18.90", "-108.90")
    note = shop.do("sales.read_invoice", invoice=sold["invoice"])
    assert (note["title"], note["type"], note["lines"][0]["quantity"], note["total"]) == ("Credit note", "credit_note", "-1", "-108.90")
    assert accounts(shop, "invoice", sold["invoice"]) == {"4000": 10_000, "4100": -1000, "1100": -10_890, "2200": 1890, "1300": 6000, "5000": -6000}
    assert accounts(shop, "payment", sold["payments"][0]["number"]) == {"1001": -10_890, "1100": 10_890}
    assert open_of(shop, sold) == [("credit_note", -10_890, 0)]
    assert shop.on_hand(product) == (11_000, 66_000, 0)


def test_a_credit_note_may_stay_on_the_account_of_a_customer(shop):
    customer, product = shop.customer(), shop.product("10.00")
    sold = shop.sell((product, "-1"), customer=customer)
    assert (sold["type"], sold["payments"], open_of(shop, sold)) == ("credit_note", [], [("credit_note", -1210, -1210)])
    part = shop.sell((product, "-1"), customer=customer, payments=[("cash", "-2.10")])
    assert open_of(shop, part) == [("credit_note", -1210, -1000)]
    for amount, code in (("-12.11", "SALES_TENDER_UNBALANCED"), ("5.00", "SALES_TENDER_SIGN")):
        refusal = shop.refused("sales.sell", shop.sale((product, "-1"), customer=customer, payments=[("cash", amount)]))
        assert refusal.code == code


def test_a_credit_note_of_nobody_is_paid_out_in_full(shop):
    product = shop.product("10.00")
    for payments in ([], [("cash", "-12.00")], [("cash", "-12.11")]):
        assert shop.refused("sales.sell", shop.sale((product, "-1"), payments=payments)).code == "SALES_TENDER_UNBALANCED"


@pytest.mark.rule("INV-11")
@pytest.mark.parametrize(
    "back, sold_at, payment, kind, number, total",
    [
        ("90.00", "100.00", "12.10", "invoice", "INV", "12.10"),
        ("100.00", "90.00", "-12.10", "credit_note", "CN", "-12.10"),
        ("50.00", "50.00", None, "invoice", "INV", "0.00"),
    ],
)
def test_an_exchange_is_one_document_whose_class_follows_its_total(shop, back, sold_at, payment, kind, number, total):
    returned, taken = shop.product(back, cost="40.00", stock="5"), shop.product(sold_at, cost="45.00", stock="5")
    payments = [("cash", payment)] if payment else []
    sold = shop.sell((returned, "-1"), (taken, "1"), payments=payments)
    assert (sold["type"], sold["invoice"], sold["total"]) == (kind, f"{number}-{shop.store}-000001", total)
    assert [line["quantity"] for line in sold["lines"]] == ["-1", "1"]
    assert shop.do("sales.read_order", order=sold["number"])["state"] == "invoiced"
    minor = int(total.replace(".", ""))
    assert open_of(shop, sold) == [(kind, minor, 0)]
    assert dict(shop.entries(shop.document("invoice", sold["invoice"]))).get("1100", 0) == minor
    assert (shop.on_hand(returned)[0], shop.on_hand(taken)[0]) == (6000, 4000)


def test_an_exchange_books_each_side_in_full(shop):
    returned, taken = shop.product("100.00", cost="60.00", tax=None), shop.product("100.00", cost="65.00", tax=None)
    sold = shop.sell({"product": returned, "quantity": "-1", "discount": "-10.00"}, (taken, "1"), payments=[("cash", "10.00")])
    sides = [("1100", 1000), ("1300", -6500), ("1300", 6000), ("4000", -10_000), ("4000", 10_000), ("4100", -1000), ("5000", -6000), ("5000", 6500)]
    assert shop.entries(shop.document("invoice", sold["invoice"])) == sides


def test_the_classes_are_numbered_by_themselves(shop):
    product = shop.product("10.00")
    numbers = [shop.sell((product, quantity), payments=[("cash", amount)])["invoice"] for quantity, amount in [("1", "12.10"), ("-1", "-12.10")] * 2]
    assert numbers == [f"{series}-{shop.store}-00000{ordinal}" for ordinal in (1, 2) for series in ("INV", "CN")]
    assert [item["number"] for item in shop.do("sales.list_invoices", type="credit_note", limit=2)["items"]] == numbers[:0:-2]
