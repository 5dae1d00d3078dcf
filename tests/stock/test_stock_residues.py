"""Where nothing is on hand the value is 0: what is left over goes to the rounding account, whoever emptied the place."""

import threading

import pytest

import kassa.kernel.engine as engines
from kassa.kernel.errors import Conflict, Refused
from kassa.testing.builders import Shop, line
from kassa.testing.ledger import assert_sound, assert_voucher, entries, stock_of, trial_balance

INVENTORY, ROUNDING, GAINS = "1300 Inventory", "5110 Rounding of stock values", "5100 Stock gains and losses"


def _place(shop: Shop) -> tuple[str, str]:
    found = stock_of(shop, "MUG")
    return found.on_hand, found.value


@pytest.fixture
def mugs(shop: Shop) -> Shop:
    shop.add_product("MUG", price="5.00", cost="2.00")
    return shop


def test_thirds_of_a_cent_leave_nothing_behind(mugs: Shop):
    mugs.adjust({"MUG": "3"}, unit_cost="0.3333")
    assert _place(mugs) == ("3", "1.00")
    for left in (("2", "0.67"), ("1", "0.33"), ("0", "0.00")):
        mugs.sell(line("MUG"), payments={"cash": "5.00"})
        assert _place(mugs) == left
    assert ROUNDING not in trial_balance(mugs)
    assert_sound(mugs)


def test_stock_that_was_negative_comes_back_at_another_cost(mugs: Shop):
    """Two leave at the standard cost of 2.00 with nothing there; two come at 7.00: 10.00 are left over at zero."""
    mugs.set_setting("stock.negative_stock", "allow")
    mugs.sell(line("MUG", "2"), payments={"cash": "10.00"})
    assert _place(mugs) == ("-2", "-4.00")
    found = mugs.adjust({"MUG": "2"}, reason="count", unit_cost="7.00")
    assert_voucher(
        mugs,
        found["number"],
        [(INVENTORY, "14.00", None), (GAINS, None, "14.00"), (ROUNDING, "10.00", None), (INVENTORY, None, "10.00")],
    )
    assert _place(mugs) == ("0", "0.00")
    assert_sound(mugs)


def test_a_packing_slip_that_empties_a_place_books_the_residue(mugs: Shop):
    """One is there at -1.00, for more came back dearer than it left; the packing slip that takes it clears the rest."""
    mugs.set_setting("stock.negative_stock", "allow")
    mugs.sell(line("MUG", "3"), payments={"cash": "15.00"})
    mugs.adjust({"MUG": "4"}, reason="count", unit_cost="1.25")
    assert _place(mugs) == ("1", "-1.00")
    order = mugs.order(line("MUG"), customer="C0001")["number"]
    slip = mugs.deliver(order)["number"]
    assert_voucher(mugs, slip, [(INVENTORY, "3.00", None), (ROUNDING, None, "3.00")])
    assert _place(mugs) == ("0", "0.00")
    assert_sound(mugs)
    mugs.invoice(order)
    assert_sound(mugs)


def test_goods_that_come_back_fill_the_gap(mugs: Shop):
    mugs.set_setting("stock.negative_stock", "allow")
    mugs.sell(line("MUG"), payments={"cash": "5.00"})
    mugs.perform("catalog.change_release", {"product": "MUG", "standard_cost": "2.50"})
    back = mugs.sell(line("MUG", "-1"), payments={"cash": "-5.00"})
    assert_voucher(mugs, back["packing_slip"], [(ROUNDING, "0.50", None), (INVENTORY, None, "0.50")])
    assert _place(mugs) == ("0", "0.00")
    assert_sound(mugs)


def test_a_place_that_is_empty_before_and_after_keeps_nothing(mugs: Shop):
    """A product that never was there: one line brings it, one takes it away at another cost."""
    mugs.set_setting("stock.negative_stock", "allow")
    lines = [{"product": "MUG", "quantity": "-1"}, {"product": "MUG", "quantity": "1", "unit_cost": "9.00"}]
    found = mugs.perform("stock.adjust", {"store": "S001", "reason": "correction", "lines": lines})
    assert_voucher(
        mugs,
        found["number"],
        [(INVENTORY, "7.00", None), (GAINS, None, "7.00"), (ROUNDING, "7.00", None), (INVENTORY, None, "7.00")],
    )
    assert _place(mugs) == ("0", "0.00")
    assert_sound(mugs)


def test_a_preview_shows_the_residue(mugs: Shop):
    mugs.set_setting("stock.negative_stock", "allow")
    mugs.sell(line("MUG"), payments={"cash": "5.00"})
    command = {"store": "S001", "reason": "count", "lines": [{"product": "MUG", "quantity": "1", "unit_cost": "2.25"}]}
    preview = mugs.preview("stock.adjust", command)
    assert [(found["account"], found["rule"]) for found in preview["postings"] if found["account"] == ROUNDING] == [(ROUNDING, "stock.clear_residues")]
    assert preview["stock_movements"][-1]["quantity"] == "0"


def test_a_race_that_would_leave_a_residue_is_planned_again(mugs: Shop, monkeypatch: pytest.MonkeyPatch):
    """Two plans see two pieces for 1.01 and take one each for 0.51; together they would leave nothing worth -0.01."""
    mugs.adjust({"MUG": "2"}, unit_cost="0.505")
    assert _place(mugs) == ("2", "1.01")
    flush, attempts = engines.flush, []

    def late(*arguments, **more):
        attempts.append(1)
        if len(attempts) == 1:
            mugs.adjust({"MUG": "-1"}, reason="loss")
        return flush(*arguments, **more)

    monkeypatch.setattr(engines, "flush", late)
    second = mugs.adjust({"MUG": "-1"}, reason="loss")
    assert len(attempts) == 3, "the plan that came too late, the one that came in between, and the new plan"
    assert second["cost"] == "-0.50"
    assert _place(mugs) == ("0", "0.00")
    assert_sound(mugs)


def test_a_race_with_a_booked_residue_is_planned_again(mugs: Shop, monkeypatch: pytest.MonkeyPatch):
    """A residue is right for the counters it was worked out from alone."""
    mugs.set_setting("stock.negative_stock", "allow")
    mugs.sell(line("MUG"), payments={"cash": "5.00"})
    flush, attempts = engines.flush, []

    def late(*arguments, **more):
        attempts.append(1)
        if len(attempts) == 1:
            mugs.adjust({"MUG": "-1"}, reason="loss")
        return flush(*arguments, **more)

    monkeypatch.setattr(engines, "flush", late)
    found = mugs.adjust({"MUG": "1"}, reason="count", unit_cost="7.00")
    assert len(attempts) == 3
    assert ROUNDING not in [account for account, _, _ in entries(mugs, found["number"])], "one is still missing"
    assert _place(mugs) == ("-1", "3.00")
    assert_sound(mugs)


def test_many_sell_the_last_pieces_at_once(mugs: Shop):
    """Six pieces for 1.00, six sellers: each gets one or a clear answer, and no cent stays where nothing is."""
    mugs.adjust({"MUG": "6"}, unit_cost="0.166666")
    assert _place(mugs) == ("6", "1.00")
    done, refused = [], []
    begin = threading.Barrier(8)

    def sell():
        begin.wait()
        try:
            done.append(mugs.sell(line("MUG"), payments={"cash": "5.00"})["invoice"])
        except (Refused, Conflict) as error:
            refused.append(error.code)

    threads = [threading.Thread(target=sell) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(refused) <= {"STOCK_SHORTAGE", "LOST_RACE"}
    assert stock_of(mugs, "MUG").on_hand == str(6 - len(done))
    assert len(done) + len(refused) == 8
    assert_sound(mugs)
