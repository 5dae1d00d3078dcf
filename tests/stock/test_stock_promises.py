"""Promises: what is reserved or blocked is not sold to others; reservations end in time, and goods on their way can be promised."""

import pytest

from kassa.kernel.errors import Refused
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, stock_of


def _level(depot, product="MUG", warehouse=None):
    found = depot.perform("stock.read", {"product": product, "warehouse": warehouse or depot.warehouse})["items"][0]
    return {name: found[name] for name in ("on_hand", "available", "reserved", "blocked", "picked", "on_order", "reserved_ordered")}


def _codes(refused):
    return [(issue.code, issue.pointer) for issue in refused.value.issues]


def test_what_is_reserved_is_not_sold_to_others(depot):
    depot.adjust({"MUG": "5"})
    kept = depot.reserve("MUG", "4")
    assert (kept["number"], kept["state"], kept["lines"][0]["reserved"]) == ("RES-S001-000001", "active", "4")
    assert (_level(depot)["on_hand"], _level(depot)["available"], _level(depot)["reserved"]) == ("5", "1", "4")
    with pytest.raises(Refused) as refused:
        depot.sell(line("MUG", "2"), payments={"cash": "10.00"})
    assert _codes(refused) == [("STOCK_SHORTAGE", "/lines/0/quantity")]
    with pytest.raises(Refused):
        depot.reserve("MUG", "2")
    released = depot.perform("stock.release_reservation", {"reservation": kept["number"]})
    assert (released["state"], released["lines"][0]["reserved"], _level(depot)["available"]) == ("released", "0", "5")
    with pytest.raises(Refused) as refused:
        depot.perform("stock.release_reservation", {"reservation": kept["number"]})
    assert refused.value.code == "STATE_FORBIDS"
    assert_sound(depot)


def test_a_delivery_takes_first_what_was_kept_for_its_line(depot):
    depot.adjust({"MUG": "5"})
    order = depot.order(line("MUG", "5"), customer="ADA")
    lot = order["lines"][0]["lot"]
    depot.reserve("MUG", "3", lot=lot)
    assert _level(depot)["available"] == "2"
    depot.deliver(order["number"], {1: "2"})
    assert (_level(depot)["on_hand"], _level(depot)["reserved"], _level(depot)["available"]) == ("3", "1", "2")
    depot.deliver(order["number"])
    assert (_level(depot)["on_hand"], _level(depot)["reserved"], _level(depot)["available"]) == ("0", "0", "0")
    depot.invoice(order["number"])
    steps = [(step["from_status"], step["to_status"], step["quantity"]) for step in depot.lots("MUG") if step["lot"] == lot]
    assert sorted(steps) == sorted(
        [
            ("none", "reserved", "-3"),
            ("reserved", "deducted", "-2"),
            ("reserved", "deducted", "-1"),
            ("none", "deducted", "-2"),
            ("deducted", "sold", "-5"),
        ]
    )
    assert_sound(depot)


def test_a_cart_ends_when_its_time_is_over(depot):
    depot.adjust({"MUG": "5"})
    cart = depot.reserve("MUG", "2", expires_at="2026-11-21T09:30:00Z")
    longer = depot.reserve("MUG", "1", expires_at="2026-11-21T12:00:00Z")
    assert depot.tend().summary == {"released": 0}
    depot.engine.clock.advance(minutes=45)
    assert depot.tend().summary == {"released": 1}
    assert depot.perform("stock.read_reservation", {"reservation": cart["number"]})["state"] == "expired"
    assert depot.perform("stock.read_reservation", {"reservation": longer["number"]})["state"] == "active"
    assert _level(depot)["available"] == "4"
    with pytest.raises(Refused) as refused:
        depot.reserve("MUG", "1", expires_at="2026-11-21T09:30:00Z")
    assert _codes(refused) == [("STOCK_RESERVATION_OVER", "/expires_at")]
    listed = depot.perform("stock.list_reservations", {"lot": cart["lines"][0]["lot"]})["items"]
    assert [found["number"] for found in listed] == [cart["number"]]
    assert_sound(depot)


def test_goods_on_their_way_are_promised_and_kept_when_they_come(depot):
    depot.adjust({"MUG": "6"})
    sent = depot.transfer({"MUG": "4"})
    with pytest.raises(Refused):
        depot.reserve("MUG", "5", warehouse="W01", basis="ordered")
    kept = depot.reserve("MUG", "3", warehouse="W01", basis="ordered")
    assert (kept["lines"][0]["awaited"], _level(depot, warehouse="W01")["reserved_ordered"]) == ("3", "3")
    with pytest.raises(Refused):
        depot.reserve("MUG", "2", warehouse="W01", basis="ordered")
    depot.perform("stock.ship_transfer", {"transfer": sent["number"]})
    depot.perform("stock.receive_transfer", {"transfer": sent["number"], "lines": [{"line": 1, "quantity": "2"}]})
    depot.tend()
    level = _level(depot, warehouse="W01")
    assert (level["on_hand"], level["reserved"], level["reserved_ordered"], level["available"]) == ("2", "2", "1", "0")
    depot.perform("stock.receive_transfer", {"transfer": sent["number"]})
    depot.tend()
    shown = depot.perform("stock.read_reservation", {"reservation": kept["number"]})["lines"][0]
    assert (shown["reserved"], shown["awaited"]) == ("3", "0")
    depot.perform("stock.release_reservation", {"reservation": kept["number"]})
    assert _level(depot, warehouse="W01")["available"] == "4"
    assert_sound(depot)


def test_blocked_goods_are_there_and_cannot_be_sold(depot):
    depot.adjust({"MUG": "5"})
    lines = [{"product": "MUG", "quantity": "4"}]
    blocked = depot.perform("stock.block", {"store": "S001", "reason": "wet", "lines": lines})
    assert (blocked["number"], blocked["type"], blocked["lines"][0]["blocked"]) == ("BLK-S001-000001", "block", "4")
    assert (_level(depot)["on_hand"], _level(depot)["available"], _level(depot)["blocked"]) == ("5", "1", "4")
    for act in (lambda: depot.sell(line("MUG", "2"), payments={"cash": "10.00"}), lambda: depot.reserve("MUG", "2")):
        with pytest.raises(Refused) as refused:
            act()
        assert _codes(refused) == [("STOCK_SHORTAGE", "/lines/0/quantity")]
    with pytest.raises(Refused):
        depot.perform("stock.block", {"store": "S001", "reason": "wet", "lines": lines})
    some = {"block": blocked["number"], "reason": "dry again", "lines": [{"line": 1, "quantity": "3"}]}
    freed = depot.perform("stock.unblock", some)
    assert (freed["type"], freed["corrects"], freed["lines"][0]["quantity"]) == ("unblock", blocked["id"], "3")
    assert _level(depot)["available"] == "4"
    with pytest.raises(Refused) as refused:
        depot.perform("stock.unblock", some)
    assert _codes(refused) == [("STOCK_NOT_BLOCKED", "/lines/0/quantity")]
    depot.perform("stock.unblock", {"block": blocked["number"], "reason": "all of it"})
    with pytest.raises(Refused):
        depot.perform("stock.unblock", {"block": blocked["number"], "reason": "all of it"})
    assert (_level(depot)["available"], _level(depot)["blocked"]) == ("5", "0")
    assert len(depot.perform("stock.list_blocks", {"warehouse": "S001"})["items"]) == 3
    assert depot.perform("stock.read_block", {"block": blocked["number"]})["reason"] == "wet"
    assert_sound(depot)


def test_policy_of_a_product_goes_before_that_of_the_store(depot):
    depot.perform("catalog.create_item_model_group", {"code": "LOOSE", "negative_stock": "allow"})
    depot.perform("catalog.create_item_model_group", {"code": "STRICT", "negative_stock": "refuse"})
    depot.perform("catalog.create_item_model_group", {"code": "WARY", "negative_stock": "warn"})
    for product, group in (("SAND", "LOOSE"), ("RING", "STRICT"), ("ROPE", "WARY")):
        depot.add_product(product, price="1.00", cost="0.50", group=group)
    assert "warnings" not in depot.sell(line("SAND"), payments={"cash": "1.00"})
    warned = depot.sell(line("ROPE"), payments={"cash": "1.00"})
    assert [issue["code"] for issue in warned["warnings"]] == ["STOCK_SHORTAGE"]
    depot.set_setting("stock.negative_stock", "allow")
    with pytest.raises(Refused):
        depot.sell(line("RING"), payments={"cash": "1.00"})
    with pytest.raises(Refused):
        depot.adjust({"RING": "-1"}, reason="loss")
    assert stock_of(depot, "SAND").on_hand == "-1"
    assert_sound(depot)
