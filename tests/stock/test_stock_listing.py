"""Looking at stock: what lies where, how it moved, what it is worth."""

import pytest

from kassa.kernel.contributions import Report
from kassa.kernel.engine import Request
from kassa.kernel.errors import InvalidInput, NotFound, NotPermitted
from kassa.kernel.operations import cursor_of
from kassa.kernel.permissions import SYSTEM
from kassa.testing.builders import Shop, build_shop, line
from kassa.testing.ledger import trial_balance


def _values(shop: Shop, **parameters: str) -> list[tuple]:
    report = shop.engine.registry.get(Report, "stock.value")
    request = Request(
        operation=shop.engine.operation("stock.read"), command=None, actor=SYSTEM, legal_entity_id=shop.legal_entity_id, once=None,
        now=shop.engine.clock.now(), origin="live", request_id=None, if_match=None, preview=False,
    )  # fmt: skip
    with shop.engine.database.snapshot() as read:
        context = shop.engine.context(request, read, shop.engine.revisions(read))
        return [tuple(row) for row in report.run(read, report.parameters(**parameters), context)]


def test_stock_is_read_by_product_warehouse_and_store(shop: Shop):
    shop.perform("org.create_warehouse", {"code": "CENTRAL", "name": "Central"})
    shop.perform("stock.adjust", {"warehouse": "CENTRAL", "reason": "opening", "lines": [{"product": "LAMP", "quantity": "4"}]})
    lamps = shop.perform("stock.read", {"product": "LAMP"})["items"]
    assert sorted((item["warehouse"], item["on_hand"]) for item in lamps) == [("CENTRAL", "4"), (shop.warehouse, "10")]
    assert lamps[0]["name"] == "Lamp"
    (here,) = shop.perform("stock.read", {"product": "LAMP", "store": "S001"})["items"]
    assert here["warehouse"] == shop.warehouse
    (central,) = shop.perform("stock.read", {"warehouse": "CENTRAL"})["items"]
    assert (central["product"], central["available"], central["reserved"], central["unit"]) == ("LAMP", "4", "0", "pcs")
    assert shop.perform("stock.read", {"warehouse": "CENTRAL", "store": "S001"})["items"] == []
    with pytest.raises(NotFound):
        shop.perform("stock.read", {"product": "NOTHING"})


def test_stock_is_read_page_by_page(shop: Shop):
    everything = shop.perform("stock.read", {})["items"]
    assert [item["product"] for item in everything] == ["LAMP", "VASE", "CHALK"]
    first = shop.perform("stock.read", {"limit": 2})
    rest = shop.perform("stock.read", {"limit": 2, "after": first["next"]})
    assert (first["items"] + rest["items"], rest["next"]) == (everything, None)
    for values in (["x", "y"], ["01a1fcc0-3fcc-7391-9ddd-23b516330d37"]):
        with pytest.raises(InvalidInput):
            shop.perform("stock.read", {"after": cursor_of(values)})


def test_stock_of_another_entity_is_not_seen(shop: Shop):
    other = build_shop(shop.engine, code="GB01", store="S002", currency="GBP")
    assert other.perform("stock.read", {})["items"] == []
    assert other.perform("stock.list_movements", {"product": "LAMP"})["items"] == []
    with pytest.raises(NotFound):
        other.perform("stock.read", {"warehouse": shop.warehouse})


def test_movements_show_each_step_of_each_lot(shop: Shop):
    sale = shop.sell(line("LAMP", "2"), payments={"cash": "200.00"})
    moves = shop.perform("stock.list_movements", {"product": "LAMP"})["items"]
    assert [(move["kind"], move["step"], move["from_status"], move["to_status"], move["quantity"]) for move in moves] == [
        ("invoice", 2, "deducted", "sold", "-2"),
        ("packing_slip", 1, "none", "deducted", "-2"),
        ("stock_adjustment", 2, "received", "purchased", "10"),
        ("stock_adjustment", 1, "none", "received", "10"),
    ]
    assert [move["document"] for move in moves[:2]] == [sale["invoice"], sale["packing_slip"]]
    assert (moves[0]["lot"], moves[0]["warehouse"], moves[0]["date"]) == (moves[1]["lot"], shop.warehouse, "2026-11-21")
    first = shop.perform("stock.list_movements", {"product": "LAMP", "limit": 3, "warehouse": shop.warehouse})
    rest = shop.perform("stock.list_movements", {"product": "LAMP", "limit": 3, "after": first["next"]})
    assert first["items"] + rest["items"] == moves


def test_the_value_of_stock_is_the_inventory_of_the_ledger(shop: Shop):
    order = shop.order(line("LAMP", "3"))["number"]
    shop.deliver(order)
    rows = _values(shop)
    assert ("LAMP", "Lamp", shop.warehouse, "7", "420.00", "60", "180.00") in rows
    assert ("CHALK", "Chalk", shop.warehouse, "100", "33.00", "0.33", "0.00") in rows
    assert rows[-1] == ("", "Total", "", "", "1053.00", None, "180.00")
    assert trial_balance(shop)["1300 Inventory"] == "1233.00"
    assert _values(shop, warehouse=shop.warehouse) == rows
    shop.perform("org.create_warehouse", {"code": "CENTRAL", "name": "Central"})
    assert _values(shop, warehouse="CENTRAL") == [("", "Total", "", "", "0.00", None, "0.00")]


def test_who_sells_sees_stock_and_not_its_value(shop: Shop):
    cashier = shop.actor("cashier")
    items = shop.perform("stock.read", {"product": "LAMP"}, actor=cashier)["items"]
    assert "value" not in items[0]
    assert not cashier.may("stock.read_value")
    assert shop.engine.registry.get(Report, "stock.value").permission == "stock.read_value"
    with pytest.raises(NotPermitted):
        shop.perform("stock.list_adjustments", {}, actor=cashier)
