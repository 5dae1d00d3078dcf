"""Goods of orders are picked, put back and registered by a plugin of sixty lines: stock tells of it, and the books do not."""

import pytest

from kassa.testing.ledger import assert_sound

CASH, AR, INV, PHYSICAL, OFFSET, PREPAY, REV, COGS = "1001", "1100", "1300", "1310", "1320", "2300", "4000", "5000"
BUCKETS = ("on_hand", "available", "reserved", "picked", "registered")
STEPS = "SELECT t.from_status, t.to_status, t.quantity, t.cost FROM stock_transaction t WHERE t.lot_id = ? ORDER BY t.sequence"


@pytest.fixture
def store(open_place):
    """A store that books packing slips; ten pieces at 40.00 (cost 24.00) lie there, untaxed, and as many at 60.00 (cost 36.00)."""
    place = open_place("handling")
    place.shop.set_setting("stock.post_packing_slip_in_ledger", "true")
    for number, price, cost in (("SMALL", "40.00", "24.00"), ("LARGE", "60.00", "36.00")):
        place.shop.add_product(number, price=price, cost=cost, stock="10", group="PHYSICAL")
    return place


def ordered(store, *lines):
    """An order of (product, quantity)."""
    asked = [{"product": product, "quantity": quantity} for product, quantity in lines]
    return store.post("/orders", {"customer": "C0001", "lines": asked}, 201)


def reserve(store, line, quantity):
    """Keep goods for a line of an order."""
    kept = [{"product": line["product"], "quantity": quantity, "lot": line["lot"]}]
    return store.post("/stock/reservations", {"store": "S001", "lines": kept}, 201)


def handle(store, order, line, quantity, status, expected=200):
    """Move goods of a line on."""
    return store.post(f"/orders/{order['number']}/handling", {"line": line, "quantity": quantity, "status": status}, expected)


def there(store, product="SMALL"):
    """What lies of a product, by bucket."""
    (found,) = [item for item in store.get(f"/stock?product={product}")["items"] if item["warehouse"] == "S001"]
    return tuple(found[bucket] for bucket in BUCKETS)


def rows(store, sql, *parameters):
    """Query the tables."""
    with store.shop.engine.database.snapshot() as read:
        return read.rows(sql, parameters)


def booked(store):
    """How many entries there are."""
    return rows(store, "SELECT count(*) FROM ledger_entry")[0][0]


def state(store):
    """The rows that a refusal must leave as they are."""
    return [sorted(map(repr, rows(store, f"SELECT * FROM {table}"))) for table in ("stock_balance", "stock_transaction", "sales_order_line")]


def test_picked_goods_are_a_matter_of_stock_alone_until_they_are_packed_and_picked_up(store):
    order = ordered(store, ("SMALL", "1"), ("LARGE", "1"))
    store.post(f"/orders/{order['number']}/deposits", {"payments": [{"tender": "cash", "amount": "10.00"}]})
    line = order["lines"][0]
    reserve(store, line, "1")
    before = booked(store)
    assert there(store) == ("10", "9", "1", "0", "0")
    handle(store, order, 1, "1", "picked")
    assert (there(store), booked(store)) == (("10", "9", "0", "1", "0"), before)
    slip = store.post(f"/orders/{order['number']}/packing-slips", {"lines": [{"line": 1, "quantity": "1"}]})
    assert store.entries(slip["id"]) == [(PHYSICAL, -2400), (OFFSET, 2400)]
    assert there(store) == ("9", "9", "0", "0", "0")
    (bill,) = store.post("/invoices", {"orders": [{"order": order["number"]}]})["invoices"]
    sale = [(AR, 4000), (AR, -400), (PREPAY, 400), (REV, -4000), (COGS, 2400), (INV, -2400)]
    assert store.entries(bill["id"]) == sorted([*sale, (PHYSICAL, 2400), (OFFSET, -2400)])
    paid = store.post("/payments", {"customer": "C0001", "tender": "cash", "amount": bill["due"], "store": "S001"}, 201)
    assert (bill["due"], store.entries(paid["id"])) == ("36.00", [(CASH, 3600), (AR, -3600)])
    assert rows(store, STEPS, line["lot"]) == [
        ("none", "reserved", -1000, 0), ("reserved", "picked", -1000, 0), ("picked", "deducted", -1000, -2400), ("deducted", "sold", -1000, 0),
    ]  # fmt: skip
    assert_sound(store.shop)


def test_what_is_picked_is_not_sold_to_others_and_a_delivery_takes_it_first(store):
    order = ordered(store, ("SMALL", "8"))
    handle(store, order, 1, "6", "picked")
    assert there(store) == ("10", "4", "0", "6", "0")
    handle(store, order, 1, "9", "picked", 422)
    sale = {"lines": [{"product": "SMALL", "quantity": "5"}], "payments": [{"tender": "cash", "amount": "200.00"}]}
    assert store.codes("/sales", sale, 422) == ["STOCK_SHORTAGE"]
    store.post(f"/orders/{order['number']}/packing-slips", {"lines": [{"line": 1, "quantity": "5"}]})
    assert there(store) == ("5", "4", "0", "1", "0")
    assert_sound(store.shop)


def test_what_is_picked_is_put_back_before_its_line_gets_less_or_goes(store):
    order = ordered(store, ("SMALL", "4"), ("LARGE", "1"))
    reserve(store, order["lines"][0], "4")
    handle(store, order, 1, "3", "picked")
    path, before = f"/orders/{order['number']}", state(store)
    assert store.codes(f"{path}/line-cancellations", {"lines": [{"line": 1, "quantity": "2"}]}, 422) == ["STOCK_PICKED"]
    assert store.codes(f"{path}/cancellation", {}, 422) == ["STOCK_PICKED"]
    draft = store.post(f"{path}/edits", {}, 201)
    changed = store.send("PATCH", f"/drafts/{draft['id']}", {"change_lines": [{"line": 1, "quantity": "2"}]}, **{"If-Match": '"1"'})
    assert changed.status_code == 200
    problem = store.post(f"/drafts/{draft['id']}/confirmation", {}, 422)
    (issue,) = problem["issues"]
    assert (issue["code"], issue["expected"], issue["got"]) == ("STOCK_PICKED", {"at_least": "3"}, "2")
    assert state(store) == before
    assert store.post(f"{path}/line-cancellations", {"lines": [{"line": 1, "quantity": "1"}]})["lines"][0]["quantity"] == "3"
    assert there(store) == ("10", "7", "0", "3", "0"), "what was reserved and is not picked is let go"
    handle(store, order, 1, "3", "reserved")
    assert there(store) == ("10", "7", "3", "0", "0")
    assert store.post(f"{path}/cancellation", {})["order"]["state"] == "cancelled"
    assert there(store) == ("10", "10", "0", "0", "0")
    assert_sound(store.shop)


@pytest.mark.rule("P1", "RET-38")
def test_registered_goods_are_a_matter_of_stock_alone_until_their_packing_slip(store):
    sale = {"lines": [{"product": "SMALL", "quantity": "2"}], "payments": [{"tender": "cash", "amount": "80.00"}]}
    sold = store.post("/sales", {"customer": "C0001", **sale})
    line = {"product": "SMALL", "quantity": "-2", "source": {"invoice": sold["invoice"], "line": 1}}
    order = store.post("/orders", {"customer": "C0001", "lines": [line]}, 201)
    before = booked(store)
    handle(store, order, 1, "1", "registered")
    assert (there(store), booked(store)) == (("8", "8", "0", "0", "1"), before)
    handle(store, order, 1, "1", "picked", 422)
    slip = store.post(f"/orders/{order['number']}/packing-slips", {})
    assert store.entries(slip["id"]) == [(PHYSICAL, 4800), (OFFSET, -4800)]
    assert there(store) == ("10", "10", "0", "0", "0")
    store.post("/invoices", {"orders": [{"order": order["number"]}]})
    assert rows(store, STEPS, order["lines"][0]["lot"]) == [
        ("none", "registered", 1000, 0), ("registered", "received", 1000, 4800), ("none", "received", 1000, 0),
        ("received", "purchased", 2000, 0),
    ]  # fmt: skip
    assert_sound(store.shop)
