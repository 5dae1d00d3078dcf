"""Cancelling and stock: what was kept for an order is let go with what is cancelled of it, and goods that were picked are not forgotten."""

import pytest

from kassa.kernel.errors import Refused
from kassa.testing.builders import build_shop, furnish, line
from kassa.testing.ledger import assert_sound


@pytest.fixture
def depot(make_engine):
    """A shop with ten lamps."""
    return furnish(build_shop(make_engine(modules={})))


def lot_of(shop, order):
    with shop.engine.database.snapshot() as read:
        return read.value("SELECT id FROM sales_order_line WHERE document_id = ? AND number = 1", (order["id"],))


def keep(shop, *lots, quantity="4"):
    lines = [{"product": "LAMP", "quantity": quantity} | ({"lot": lot} if lot else {}) for lot in lots]
    return shop.perform("stock.reserve", {"store": "S001", "lines": lines})["number"]


def level(shop):
    found = shop.perform("stock.read", {"product": "LAMP", "warehouse": shop.warehouse})["items"][0]
    return found["reserved"], found["available"]


def state_of(shop, reservation):
    return shop.perform("stock.read_reservation", {"reservation": reservation})["state"]


@pytest.mark.rule("CO-46")
def test_cancelling_an_order_lets_go_what_is_kept_for_it(depot):
    order = depot.order(line("LAMP", "4"), customer="C0001")
    alone, shared = keep(depot, lot_of(depot, order), quantity="2"), keep(depot, lot_of(depot, order), None, quantity="1")
    assert level(depot) == ("4", "6")
    clerk = depot.add_worker("1042", "store_manager")
    depot.perform("sales.cancel_order", {"order": order["number"]}, actor=clerk)
    assert level(depot) == ("1", "9")
    assert (state_of(depot, alone), state_of(depot, shared)) == ("released", "active")
    depot.perform("stock.release_reservation", {"reservation": shared})
    assert level(depot) == ("0", "10")
    assert_sound(depot)


def test_a_part_that_is_cancelled_is_let_go_in_part(depot):
    order = depot.order(line("LAMP", "5"), customer="C0001")
    kept = keep(depot, lot_of(depot, order))
    depot.perform("sales.cancel_lines", {"order": order["number"], "lines": [{"line": 1, "quantity": "1"}]})
    assert level(depot) == ("4", "6")
    depot.perform("sales.cancel_lines", {"order": order["number"], "lines": [{"line": 1, "quantity": "1"}]})
    assert (level(depot), state_of(depot, kept)) == (("3", "7"), "active")
    depot.deliver(order["number"], {1: "1"})
    depot.invoice(order["number"])
    depot.perform("sales.cancel_order", {"order": order["number"]})
    assert (level(depot), state_of(depot, kept)) == (("0", "9"), "released")
    assert_sound(depot)


def test_a_line_that_an_edit_removes_lets_its_goods_go(depot):
    order = depot.order(line("LAMP", "4"), line("VASE"), customer="C0001")
    kept = keep(depot, lot_of(depot, order))
    draft = depot.perform("sales.start_edit", {"order": order["number"]})
    draft = depot.perform("sales.change_draft", {"draft": draft["id"], "remove_lines": [1]}, if_match=draft["version"])
    assert level(depot) == ("4", "6")
    depot.perform("sales.commit_draft", {"draft": draft["id"]})
    assert (level(depot), state_of(depot, kept)) == (("0", "10"), "released")
    assert_sound(depot)


def test_a_refused_cancellation_keeps_the_goods(depot):
    order = depot.order(line("LAMP", "4"), customer="C0001")
    kept = keep(depot, lot_of(depot, order))
    depot.perform("sales.take_deposit", {"order": order["number"], "payments": [{"tender": "cash", "amount": "10.00"}]})
    with pytest.raises(Refused) as refused:
        depot.perform("sales.cancel_order", {"order": order["number"]})
    assert [issue.code for issue in refused.value.issues] == ["SALES_DEPOSIT_LEFT"]
    assert (level(depot), state_of(depot, kept)) == (("4", "6"), "active")
    assert_sound(depot)
