"""Lines of other warehouses: goods leave from where the line says, come back to where it says, and are booked there."""

import pytest

from kassa.kernel.invariants import verify


@pytest.fixture
def places(town, shop):
    """A shop, its neighbour with a store of its own, a warehouse of no store and a quarantine; their codes begin alike."""
    shop.neighbour = town.shop().store
    shop.depot, shop.waiting = f"W{shop.store}", f"Q{shop.store}"
    for code, kind in ((shop.depot, "non_store"), (shop.waiting, "quarantine")):
        shop.do("org.create_warehouse", code=code, name=code, kind=kind)
    return shop


def put(shop, product, quantity, warehouse, cost="6.00"):
    """Put goods into a warehouse."""
    line = {"product": product, "quantity": quantity, "unit_cost": cost}
    shop.do("stock.adjust", warehouse=warehouse, reason="correction", lines=[line])


def lying(shop, product):
    """What lies of a product, by warehouse: on hand and reserved."""
    items = shop.do("stock.read", product=product)["items"]
    return {item["warehouse"]: (item["on_hand"], item["reserved"]) for item in items if (item["on_hand"], item["reserved"]) != ("0", "0")}


def warehouse_ids(shop):
    """The ids of warehouses by code."""
    return dict(shop.rows("SELECT code, id FROM org_warehouse WHERE legal_entity_id = ?", shop.entity))


def test_each_line_leaves_from_its_own_warehouse(places):
    shop, ids = places, warehouse_ids(places)
    product = shop.product("10.00", cost="6.00", stock="1", tax=None)
    put(shop, product, "5", shop.depot, "7.00")
    put(shop, product, "1", shop.neighbour, "8.00")
    lines = [{"product": product, "quantity": "1", "warehouse": code} for code in (shop.depot, shop.neighbour)]
    order = shop.order(*lines, (product, "1"))
    assert [line["warehouse_id"] for line in order["lines"]] == [ids[shop.depot], ids[shop.neighbour], ids[shop.store]]
    assert shop.do("sales.read_order", order=order["number"])["lines"] == order["lines"]
    kept = [{"product": product, "quantity": "1", "warehouse": shop.depot, "lot": order["lines"][0]["lot"]}]
    shop.do("stock.reserve", store=shop.store, lines=kept)
    assert lying(shop, product)[shop.depot] == ("5", "1")
    shop.deliver(order)
    assert lying(shop, product) == {shop.depot: ("4", "0")}
    booked = shop.entries(shop.invoice(order)["id"])
    assert (sum(amount for account, amount in booked if account == "1300"), ("5000", 2100) in booked) == (-2100, True)
    assert verify(shop.engine) == []


def test_inventory_is_booked_where_the_goods_lie_and_revenue_where_they_are_sold(places):
    shop = places
    product = shop.product("10.00", cost="6.00", stock="0", tax=None)
    put(shop, product, "1", shop.neighbour)
    sold = shop.sell({"product": product, "quantity": "1", "warehouse": shop.neighbour}, payments=[("cash", "10.00")])
    sql = (
        "SELECT a.number, s.canonical FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id "
        "JOIN ledger_dimension_set s ON s.id = e.dimension_set_id WHERE e.document_id = ?"
    )
    found = dict(shop.rows(sql, shop.document("invoice", sold["invoice"])))
    assert (shop.store in found["4000"], shop.neighbour in found["1300"], shop.store in found["1300"]) == (True, True, False)
    assert verify(shop.engine) == []


def test_a_shortage_there_is_refused_though_the_store_has_it(places):
    product = places.product("10.00", stock="5")
    command = places.sale({"product": product, "quantity": "1", "warehouse": places.depot}, payments=[("cash", "12.10")])
    assert [(issue.code, issue.pointer) for issue in places.refused("sales.sell", command).issues] == [("STOCK_SHORTAGE", "/lines/0/quantity")]


@pytest.mark.parametrize("kind, quantity", [("missing", "1"), ("missing", "-1"), ("waiting", "1"), ("foreign", "1")])
def test_a_warehouse_that_does_not_fit_is_refused_and_named(places, town, kind, quantity):
    shop = places
    code = {"missing": "NOWHERE", "waiting": shop.waiting, "foreign": town.shop("JP01").store}[kind]
    product, before = shop.product("10.00"), shop.tables()
    for operation, command in (
        ("sales.create_order", {"store": shop.store, "lines": [{"product": product, "quantity": quantity, "warehouse": code}]}),
        ("sales.create_draft", {"store": shop.store, "lines": [{"product": product, "quantity": quantity, "warehouse": code}]}),
    ):
        (issue,) = shop.refused(operation, command).issues
        assert (issue.code, issue.pointer, issue.got) == ("SALES_WAREHOUSE_UNFIT", "/lines/0/warehouse", code)
    assert shop.tables() == before


def test_goods_come_back_to_where_the_worker_may_act(places):
    shop = places
    product = shop.product("10.00", cost="6.00", stock="1", tax=None)
    own = dict(shop.rows("SELECT number, id FROM org_store WHERE legal_entity_id = ?", shop.entity))[shop.store]
    clerk = shop.by("sales.sell", "sales.create_order", "sales.read", stores=frozenset({own}))
    back = {"product": product, "quantity": "-1", "warehouse": shop.neighbour}
    (issue,) = clerk.refused("sales.create_order", {"store": shop.store, "lines": [back]}).issues
    assert (issue.code, issue.pointer) == ("SALES_WAREHOUSE_UNFIT", "/lines/0/warehouse")
    assert clerk.order({**back, "quantity": "1"})["state"] == "open"
    shop.sell({**back, "warehouse": shop.waiting}, payments=[("cash", "-10.00")])
    assert lying(shop, product) == {shop.store: ("1", "0"), shop.waiting: ("1", "0")}
    assert verify(shop.engine) == []


@pytest.mark.parametrize("kind", ["cart", "edit"])
def test_a_draft_moves_a_line_to_another_warehouse(places, kind):
    shop, ids = places, warehouse_ids(places)
    product = shop.product("10.00", stock="3")
    put(shop, product, "3", shop.depot)
    if kind == "cart":
        draft = shop.do("sales.create_draft", store=shop.store, lines=[{"product": product, "quantity": "2"}])
    else:
        order = shop.order((product, "2"))
        shop.do("stock.reserve", store=shop.store, lines=[{"product": product, "quantity": "2", "lot": order["lines"][0]["lot"]}])
        draft = shop.do("sales.start_edit", order=order["number"])
    change = {"draft": draft["id"], "change_lines": [{"line": 1, "warehouse": shop.depot}]}
    draft = shop.perform("sales.change_draft", change, if_match=1).body
    assert [line["warehouse_id"] for line in draft["order"]["lines"]] == [ids[shop.depot]]
    confirmed = shop.do("sales.commit_draft", draft=draft["id"])
    assert [(line["quantity"], line["warehouse_id"]) for line in confirmed["lines"] if line["cancelled"] == "0"] == [("2", ids[shop.depot])]
    assert confirmed["total"] == "24.20"
    assert lying(shop, product) == {shop.store: ("3", "0"), shop.depot: ("3", "0")}
    shop.deliver(confirmed)
    assert lying(shop, product) == {shop.store: ("3", "0"), shop.depot: ("1", "0")}
    assert verify(shop.engine) == []


def test_what_was_delivered_keeps_its_warehouse(places):
    order = places.order((places.product("10.00", stock="3"), "2"))
    places.deliver(order, lines=[(1, "1")])
    draft = places.do("sales.start_edit", order=order["number"])
    change = {"draft": draft["id"], "change_lines": [{"line": 1, "warehouse": places.depot}]}
    assert [issue.code for issue in places.refused("sales.change_draft", change, if_match=1).issues] == ["SALES_LINE_UNDERCUT"]
    back = {"draft": draft["id"], "change_lines": [{"line": 1, "warehouse": None}]}
    assert places.perform("sales.change_draft", back, if_match=1).body["order"]["lines"][0]["line"] == 1
