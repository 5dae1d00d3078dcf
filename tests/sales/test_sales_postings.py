"""How a sale is booked where it is not plain: as a correction, physically with the packing slip, and below zero stock."""

import pytest

from kassa.testing.builders import build_shop, furnish, line, perform

SIDES = (
    "SELECT a.number, e.amount, e.correction, e.rule FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id "
    "WHERE e.document_id = ? ORDER BY a.number, e.amount"
)
ORDER_BALANCE = (
    "SELECT a.number, sum(e.amount) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id WHERE e.document_id IN "
    "(SELECT document_id FROM sales_packing_slip WHERE order_id = ? UNION SELECT document_id FROM sales_invoice_line WHERE order_id = ?) "
    "GROUP BY a.number"
)


def taken_back(shop):
    """An order that takes back one piece sold for 90.00 instead of 100.00, untaxed, cost 60.00; the goods are there already."""
    product = shop.product("100.00", cost="60.00", tax=None)
    order = shop.order({"product": product, "quantity": "-1", "discount": "-10.00"})
    shop.deliver(order)
    return order


def postings(preview):
    """The postings of a preview: account number, debit, credit."""
    return sorted((item["account"].split()[0], item["debit"], item["credit"]) for item in preview["postings"])


def test_a_correction_stands_on_the_original_sides(shop):
    plain, corrected = taken_back(shop), taken_back(shop)
    usual = {"orders": [{"order": plain["number"]}]}
    storno = {"orders": [{"order": corrected["number"]}], "correction": True}
    assert postings(shop.perform("sales.post_invoices", usual, preview=True).body) == [
        ("1100", None, "90.00"), ("1300", "60.00", None), ("4000", "100.00", None), ("4100", None, "10.00"), ("5000", None, "60.00"),
    ]  # fmt: skip
    assert postings(shop.perform("sales.post_invoices", storno, preview=True).body) == [
        ("1100", "-90.00", None), ("1300", None, "-60.00"), ("4000", None, "-100.00"), ("4100", "-10.00", None), ("5000", "-60.00", None),
    ]  # fmt: skip
    notes = [shop.do("sales.post_invoices", **command)["invoices"][0] for command in (usual, storno)]
    assert [note["type"] for note in notes] == ["credit_note", "credit_note"]
    booked = [[row[:2] for row in shop.rows(SIDES, note["id"])] for note in notes]
    assert booked[0] == booked[1] == [("1100", -9000), ("1300", 6000), ("4000", 10_000), ("4100", -1000), ("5000", -6000)]
    assert [{bool(row[2]) for row in shop.rows(SIDES, note["id"])} for note in notes] == [{False}, {True}]
    assert [bool(shop.rows("SELECT correction FROM sales_invoice WHERE document_id = ?", note["id"])[0][0]) for note in notes] == [False, True]


@pytest.mark.rule("RET-40")
@pytest.mark.parametrize("entity, group, books", [("NL01", "AVERAGE", False), ("NL01", "PHYSICAL", False), ("NL03", "AVERAGE", False), ("NL03", "PHYSICAL", True)])
@pytest.mark.parametrize("quantity", ["4", "-4"])
def test_a_packing_slip_books_where_product_and_setting_both_say_so(town, entity, group, books, quantity):
    shop = town.shop(entity)
    order = shop.order((shop.product("10.00", cost="6.00", group=group), quantity))
    cost = 2400 if quantity == "4" else -2400
    entries = sorted([("1310", -cost), ("1320", cost)]) if books else []
    assert shop.entries(shop.deliver(order)["id"]) == entries


@pytest.mark.rule("INV-19")
@pytest.mark.parametrize("quantity", ["3", "-3"])
def test_what_was_booked_physically_is_taken_back_by_the_invoice(town, quantity):
    shop = town.shop("NL03")
    order = shop.order((shop.product("10.00", cost="3.333333", group="PHYSICAL"), quantity), (shop.product("1.00", cost="1.00"), "1"))
    for delivered, invoiced in (("2", "1"), ("1", None)):
        shop.deliver(order, lines=[(1, delivered)])
        lines = [(1, invoiced)] if invoiced else None
        invoice = shop.invoice(order, lines=lines)
        assert {row[3] for row in shop.rows(SIDES, invoice["id"]) if row[0] in ("1310", "1320")} == {"sales.invoice_physical"}
    balance = {account: int(amount) for account, amount in shop.rows(ORDER_BALANCE, order["id"], order["id"])}
    assert (balance["1310"], balance["1320"]) == (0, 0)
    assert abs(balance["5000"]) == abs(balance["1300"]) == 1000


def test_a_partial_invoice_takes_back_its_share(town):
    shop = town.shop("NL03")
    order = shop.order((shop.product("10.00", cost="6.00", group="PHYSICAL"), "4"))
    shop.deliver(order)
    first, second = shop.invoice(order, lines=[(1, "1")]), shop.invoice(order)
    physical = [[row[:2] for row in shop.rows(SIDES, invoice["id"]) if row[0] in ("1310", "1320")] for invoice in (first, second)]
    assert physical == [[("1310", 600), ("1320", -600)], [("1310", 1800), ("1320", -1800)]]


def test_a_cash_sale_books_and_takes_back_at_once(town):
    shop = town.shop("NL03")
    sold = shop.sell((shop.product("10.00", cost="6.00", group="PHYSICAL", tax=None), "1"), payments=[("cash", "10.00")])
    assert shop.entries(shop.document("packing_slip", sold["packing_slip"])) == [("1310", -600), ("1320", 600)]
    assert shop.entries(shop.document("invoice", sold["invoice"])) == [
        ("1100", 1000), ("1300", -600), ("1310", 600), ("1320", -600), ("4000", -1000), ("5000", 600),
    ]  # fmt: skip


def policy(shop, value):
    """Say what happens in this store when more is sold than is there."""
    (store_id,) = shop.rows("SELECT id FROM org_store WHERE number = ?", shop.store)[0]
    shop.town.set("stock.negative_stock", "store", store_id, value)


def test_more_than_there_is_is_refused(shop):
    product, other = shop.product("10.00", stock="2"), shop.product()
    before = shop.tables()
    refusal = shop.refused("sales.sell", shop.sale((other, "1"), (product, "2.001"), payments=[("cash", "36.31")]))
    (issue,) = refusal.issues
    assert (refusal.code, refusal.status, issue.pointer) == ("STOCK_SHORTAGE", 422, "/lines/1/quantity")
    assert (issue.expected, issue.got, bool(issue.action)) == ({"available": "2"}, "2.001", True)
    assert shop.on_hand(product) == (2000, 1200, 0)
    assert shop.tables() == before


def test_the_lines_of_one_product_are_added_up(shop):
    product = shop.product("10.00", stock="2")
    refusal = shop.refused("sales.sell", shop.sale((product, "1"), (product, "1.5"), payments=[("cash", "30.25")]))
    assert (refusal.code, refusal.issues[0].pointer) == ("STOCK_SHORTAGE", "/lines/1/quantity")
    assert shop.sell((product, "-1"), (product, "2.5"), payments=[("cash", "18.15")])["total"] == "18.15"


def test_a_store_may_be_warned_instead(shop):
    policy(shop, "warn")
    product = shop.product("10.00", cost="6.00", stock="2")
    sold = shop.sell((product, "3"), payments=[("cash", "36.30")])
    (warning,) = sold["warnings"]
    assert (warning["code"], warning["severity"], warning["pointer"], warning["expected"]) == ("STOCK_SHORTAGE", "warn", "/lines/0/quantity", {"available": "2"})
    assert shop.on_hand(product) == (-1000, -600, 0)
    assert dict(shop.entries(shop.document("invoice", sold["invoice"])))["5000"] == 1800
    assert "warnings" not in shop.sell((shop.product(), "1"), payments=[("cash", "12.10")])


def test_a_store_may_let_the_item_in_hand_decide(shop):
    policy(shop, "allow")
    product = shop.product("10.00", cost="6.00", stock="0")
    sold = shop.sell((product, "1"), payments=[("cash", "12.10")])
    assert "warnings" not in sold
    assert shop.on_hand(product) == (-1000, -600, 0)


def test_the_setting_of_the_only_entity_counts_though_nobody_names_it(make_engine):
    alone = furnish(build_shop(make_engine(modules={})))
    alone.set_setting("stock.negative_stock", "allow")
    operation, command = alone.sale(line("LAMP", "11"), payments=[{"tender": "cash", "amount": "1100.00"}])
    assert perform(alone.engine, operation, command)["total"] == "1100.00"


def test_stock_that_was_below_zero_leaves_no_value_behind(shop):
    policy(shop, "allow")
    product = shop.product("10.00", cost="6.00", stock="0")
    shop.sell((product, "2"), payments=[("cash", "24.20")])
    shop.stock(product, "2", "7.50")
    assert shop.on_hand(product) == (0, 0, 0)
    sql = "SELECT sum(e.amount) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id JOIN kernel_document d ON d.id = e.document_id "
    sql += "WHERE d.register = ? AND a.number = ?"
    assert [int(shop.rows(sql, shop.store, account)[0][0]) for account in ("1300", "5110", "5000")] == [0, 300, 1200]


def test_the_policy_of_one_store_is_not_that_of_another(town, shop):
    policy(shop, "allow")
    other = town.shop()
    product = other.product("10.00", stock="0")
    assert other.refused("sales.sell", other.sale((product, "1"), payments=[("cash", "12.10")])).code == "STOCK_SHORTAGE"
