"""Transfers: goods go from one warehouse to another, in parts, and take their cost along; nothing is booked but what is lost."""

import pytest

from kassa.kernel.errors import NotFound, Refused
from kassa.testing.ledger import assert_sound, assert_voucher, has_voucher, stock_of

INVENTORY, LOSSES = "1300 Inventory", "5100 Stock gains and losses"


def _there(depot, warehouse, product="MUG"):
    found = depot.perform("stock.read", {"product": product, "warehouse": warehouse})["items"]
    return {name: found[0][name] for name in ("on_hand", "on_order", "ordered", "in_transit", "available")} if found else {}


def _worth(depot, warehouse, product="MUG"):
    found = stock_of(depot, product, warehouse)
    return found.on_hand, found.value, found.delivered_value


def test_goods_arrive_in_parts_at_the_cost_at_which_they_left(depot):
    depot.adjust({"MUG": "3"}, unit_cost="1.00")
    depot.adjust({"MUG": "3"}, unit_cost="2.00")
    sent = depot.transfer({"MUG": "5"}, reference="WEEK-47")
    assert (sent["number"], sent["state"]) == ("TRO-S001-000001", "open")
    assert _there(depot, "S001") == {"on_hand": "6", "on_order": "5", "ordered": "0", "in_transit": "0", "available": "6"}
    assert _there(depot, "W01") == {"on_hand": "0", "on_order": "0", "ordered": "5", "in_transit": "0", "available": "0"}
    shipped = depot.perform("stock.ship_transfer", {"transfer": "WEEK-47", "lines": [{"line": 1, "quantity": "3"}]})
    assert (shipped["state"], shipped["postings"], shipped["lines"][0]["shipped"]) == ("in_transit", ["TSH-S001-000001"], "3")
    assert _there(depot, "W01")["in_transit"] == "3"
    assert (_worth(depot, "S001"), _worth(depot, "W01")) == (("3", "4.50", "4.50"), ("0", "0.00", "0.00"))
    assert not has_voucher(depot, "TSH-S001-000001")
    arrived = depot.perform("stock.receive_transfer", {"transfer": sent["id"], "lines": [{"line": 1, "quantity": "1"}]})
    assert (arrived["postings"], arrived["lines"][0]["received"]) == (["TRC-office-000001"], "1")
    assert (_worth(depot, "S001"), _worth(depot, "W01")) == (("3", "4.50", "3.00"), ("1", "1.50", "0.00"))
    depot.perform("stock.ship_transfer", {"transfer": sent["id"]})
    whole = depot.perform("stock.receive_transfer", {"transfer": sent["id"]})
    assert (whole["state"], _worth(depot, "W01"), _worth(depot, "S001")) == ("received", ("5", "7.50", "0.00"), ("1", "1.50", "0.00"))
    read = depot.perform("stock.read_transfer", {"transfer": "WEEK-47"})
    assert [len(read["postings"]), read["lines"][0]["received"], read["version"]] == [4, "5", 5]
    with pytest.raises(Refused) as refused:
        depot.perform("stock.ship_transfer", {"transfer": sent["id"]})
    assert refused.value.code == "STOCK_TRANSFER_QUANTITY"
    assert_sound(depot)


def test_what_is_lost_on_the_way_is_a_loss(depot):
    depot.adjust({"MUG": "6"}, unit_cost="2.00")
    sent = depot.transfer({"MUG": "4"})["id"]
    depot.perform("stock.ship_transfer", {"transfer": sent})
    with pytest.raises(Refused) as refused:
        depot.perform("stock.receive_transfer", {"transfer": sent, "lines": [{"line": 1, "quantity": "4", "lost": "1"}]})
    assert refused.value.issues[0].expected == {"open": "4"}
    arrived = depot.perform("stock.receive_transfer", {"transfer": sent, "lines": [{"line": 1, "quantity": "3", "lost": "1"}]})
    assert (arrived["state"], arrived["lines"][0]["lost"]) == ("received", "1")
    assert_voucher(depot, arrived["postings"][0], [(LOSSES, "2.00", None), (INVENTORY, None, "2.00")])
    assert (_worth(depot, "W01"), _worth(depot, "S001")) == (("3", "6.00", "0.00"), ("2", "4.00", "0.00"))
    assert_sound(depot)


def test_a_transfer_is_cancelled_as_far_as_nothing_left(depot):
    depot.adjust({"MUG": "6"})
    sent = depot.transfer({"MUG": "2"})["id"]
    assert depot.perform("stock.cancel_transfer", {"transfer": sent})["state"] == "cancelled"
    assert (_there(depot, "S001")["on_order"], _there(depot, "W01")["ordered"]) == ("0", "0")
    begun = depot.transfer({"MUG": "4"})["id"]
    depot.perform("stock.ship_transfer", {"transfer": begun, "lines": [{"line": 1, "quantity": "1"}]})
    rest = depot.perform("stock.cancel_transfer", {"transfer": begun})
    assert (rest["state"], rest["lines"][0]["cancelled"]) == ("in_transit", "3")
    assert depot.perform("stock.receive_transfer", {"transfer": begun})["state"] == "received"
    with pytest.raises(Refused):
        depot.perform("stock.cancel_transfer", {"transfer": begun})
    assert [found["state"] for found in depot.perform("stock.list_transfers", {"to_warehouse": "W01"})["items"]] == [
        "received",
        "cancelled",
    ]
    assert_sound(depot)


def test_goods_go_to_quarantine_and_back_at_once(depot):
    depot.adjust({"MUG": "3"}, unit_cost="0.3333")
    gone = depot.transfer({"MUG": "2"}, to="Q01", immediate=True)
    assert (gone["state"], len(gone["postings"])) == ("received", 2)
    assert (_worth(depot, "Q01"), _worth(depot, "S001")) == (("2", "0.67", "0.00"), ("1", "0.33", "0.00"))
    depot.transfer({"MUG": "2"}, to="S001", from_warehouse="Q01", immediate=True)
    assert (_worth(depot, "Q01"), _worth(depot, "S001")) == (("0", "0.00", "0.00"), ("3", "1.00", "0.00"))
    assert_sound(depot)


def test_no_more_is_shipped_than_is_there(depot):
    depot.adjust({"MUG": "1"})
    sent = depot.transfer({"MUG": "2"})["id"]
    with pytest.raises(Refused) as refused:
        depot.perform("stock.ship_transfer", {"transfer": sent})
    assert [(issue.code, issue.pointer) for issue in refused.value.issues] == [("STOCK_SHORTAGE", "/lines/0/quantity")]
    with pytest.raises(Refused) as refused:
        depot.transfer({"MUG": "1"}, to="S001")
    assert refused.value.code == "STOCK_SAME_WAREHOUSE"
    with pytest.raises(NotFound):
        depot.transfer({"MUG": "1"}, to="W09")
    for lines in ([{"line": 2, "quantity": "1"}], [{"line": 1, "quantity": "1"}, {"line": 1, "quantity": "1"}]):
        with pytest.raises(Refused) as refused:
            depot.perform("stock.ship_transfer", {"transfer": sent, "lines": lines})
        assert refused.value.code == "STOCK_LINE_UNKNOWN"
    assert_sound(depot)


def test_a_preview_of_a_shipment_shows_both_lots(depot):
    depot.adjust({"MUG": "2"})
    sent = depot.transfer({"MUG": "2"})["id"]
    shown = depot.preview("stock.ship_transfer", {"transfer": sent})
    steps = [(step["from"], step["to"], step["quantity"]) for step in shown["stock_movements"]]
    assert steps == [("on_order", "deducted", "-2"), ("ordered", "in_transit", "2")]
    assert stock_of(depot, "MUG").on_hand == "2"
