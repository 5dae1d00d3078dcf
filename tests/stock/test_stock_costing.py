"""What goods cost: standard cost with variances, cost adjusted after the fact, FIFO at the close of a period."""

import pytest

from kassa.kernel.errors import Refused
from kassa.kernel.jobs import Runner
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, assert_voucher, stock_of, trial_balance

INVENTORY, COGS, VARIANCE, EQUITY = "1300 Inventory", "5000 Cost of goods sold", "5120 Cost variances", "3000 Opening balance"
GAINS, ROUNDING = "5100 Stock gains and losses", "5110 Rounding of stock values"


def _sell(depot, product, quantity, price, **more):
    return depot.sell(line(product, quantity), payments={"cash": price}, **more)


@pytest.fixture
def give_back(depot):
    """Let goods come back over the counter from a lot that was sold, by the line of its invoice."""

    def back(product, quantity, price, lot, **more):
        sql = (
            "SELECT k.value, i.number FROM sales_invoice_line i JOIN kernel_document_key k ON k.document_id = i.document_id "
            "AND k.name = 'number' WHERE i.order_line_id = ?"
        )
        with depot.engine.database.snapshot() as read:
            ((invoice, number),) = read.rows(sql, (lot,))
        taken = {**line(product, f"-{quantity}"), "source": {"invoice": invoice, "line": number}}
        return depot.sell(taken, payments={"cash": f"-{price}"}, **more)

    return back


def _lot(depot, product, status="sold"):
    """The newest lot of a product that reached a status."""
    return [step["lot"] for step in depot.lots(product) if step["to_status"] == status][-1]


def _costs(depot, product):
    """What each lot of a product added to the value on hand, oldest first."""
    with depot.engine.database.snapshot() as read:
        rows = read.rows(
            "SELECT t.lot_id, sum(t.cost) FROM stock_transaction t JOIN catalog_product p ON p.id = t.product_id WHERE p.number = ? "
            "GROUP BY t.lot_id ORDER BY t.lot_id",
            (product,),
        )
    return [int(cost) for _, cost in rows]


def _cost_documents(depot, **filters):
    listed = depot.perform("stock.list_cost_adjustments", filters)["items"]
    return [depot.perform("stock.read_cost_adjustment", {"adjustment": found["number"]}) for found in listed]


@pytest.mark.rule("RET-14")
def test_fifo_close_adjusts_a_sale_and_what_came_back_of_it(depot, give_back):
    """10 at 6 and 10 at 8; 5 are sold at the average of 7 = 35 and come back at 35; by FIFO both cost 30."""
    depot.adjust({"TEA": "10"}, unit_cost="6.00", date="2026-10-01")
    depot.adjust({"TEA": "10"}, unit_cost="8.00", date="2026-10-02")
    _sell(depot, "TEA", "5", "50.00", date="2026-10-03")
    give_back("TEA", "5", "50.00", _lot(depot, "TEA"), date="2026-10-04")
    assert _costs(depot, "TEA") == [6000, 8000, -3500, 3500]
    done = depot.close("2026-10-31")
    assert (done.state, done.summary) == ("done", {"adjusted": 1, "refused": 0})
    assert _costs(depot, "TEA") == [6000, 8000, -3000, 3000]
    (document,) = _cost_documents(depot)
    assert [(layer["value"], layer["variance"], layer["role"]) for layer in document["layers"]] == [
        ("5.00", "0.00", "cost_of_goods_sold"), ("-5.00", "0.00", "cost_of_goods_sold"),
    ]  # fmt: skip
    assert document["layers"][1]["follows"] == document["layers"][0]["lot"]
    assert_voucher(
        depot, document["number"], [(INVENTORY, "5.00", None), (INVENTORY, None, "5.00"), (COGS, "5.00", None), (COGS, None, "5.00")]
    )
    assert stock_of(depot, "TEA").value == "140.00"
    assert [(found["through"], found["state"]) for found in depot.perform("stock.list_closings", {})["items"]] == [("2026-10-31", "closed")]
    assert_sound(depot)


@pytest.mark.rule("RET-14")
def test_what_came_back_follows_a_cost_that_is_adjusted_by_hand(depot, give_back):
    depot.adjust({"MUG": "10"}, unit_cost="7.00")
    _sell(depot, "MUG", "5", "25.00")
    source = _lot(depot, "MUG")
    for quantity in ("2", "1"):
        give_back("MUG", quantity, f"{5 * int(quantity)}.00", source)
    made = depot.perform("stock.adjust_cost", {"lot": source, "amount": "-5.00", "reason": "Booked at the wrong price"})
    assert [(layer["value"], layer["follows"]) for layer in made["layers"]] == [("5.00", None), ("-2.00", source), ("-1.00", source)]
    assert _costs(depot, "MUG") == [7000, -3000, 1200, 600]
    assert trial_balance(depot)[COGS] == "12.00"
    with pytest.raises(Refused) as refused:
        depot.perform("stock.adjust_cost", {"lot": _lot(depot, "MUG", "purchased"), "amount": "1.00", "reason": "No"})
    assert refused.value.code == "STOCK_LOT_UNFIT"
    assert "follows" in refused.value.issues[0].message
    assert_sound(depot)


def test_goods_that_are_gone_take_no_more_cost(depot):
    depot.adjust({"MUG": "4"}, unit_cost="2.00")
    lot = _lot(depot, "MUG", "purchased")
    _sell(depot, "MUG", "3", "15.00")
    made = depot.perform("stock.adjust_cost", {"lot": lot, "amount": "4.00", "reason": "Freight"})
    assert [(layer["value"], layer["variance"], layer["role"]) for layer in made["layers"]] == [("1.00", "3.00", "stock_adjustment")]
    assert_voucher(depot, made["number"], [(INVENTORY, "1.00", None), (VARIANCE, "3.00", None), (EQUITY, None, "4.00")])
    assert stock_of(depot, "MUG").value == "3.00"
    assert _cost_documents(depot, lot=lot)[0]["reason"] == "Freight"
    assert_sound(depot)


def test_a_cost_is_not_adjusted_where_it_is_not_final(depot):
    depot.adjust({"MUG": "4", "TEA": "2"}, unit_cost="2.00")
    depot.deliver(depot.order(line("MUG"), customer="ADA")["number"])
    _sell(depot, "TEA", "1", "10.00")
    ask = {"amount": "1.00", "reason": "Because"}
    for lot, command in (
        (_lot(depot, "MUG", "deducted"), ask),
        (_lot(depot, "TEA"), ask),
        (_lot(depot, "MUG", "purchased"), {**ask, "amount": "0.00"}),
    ):
        with pytest.raises(Refused) as refused:
            depot.perform("stock.adjust_cost", {"lot": lot, **command})
        assert refused.value.code == "STOCK_LOT_UNFIT"
    with pytest.raises(Refused) as refused:
        depot.perform("stock.adjust_cost", {"lot": _lot(depot, "MUG", "purchased"), **ask, "amount": "0.001"})
    assert refused.value.code == "STOCK_VALUE_TOO_LARGE"


def test_goods_at_standard_cost_come_and_go_at_it(depot):
    bought = depot.adjust({"INK": "10"}, unit_cost="2.00")
    assert_voucher(depot, bought["number"], [(INVENTORY, "15.00", None), (VARIANCE, "5.00", None), (EQUITY, None, "20.00")])
    _sell(depot, "INK", "4", "16.00")
    assert (stock_of(depot, "INK").value, trial_balance(depot)[COGS]) == ("9.00", "6.00")
    _sell(depot, "INK", "-1", "-4.00")
    assert stock_of(depot, "INK").value == "10.50"
    assert_sound(depot)


def test_a_close_brings_stock_to_a_changed_standard_cost(depot):
    depot.adjust({"INK": "10"}, date="2026-10-01")
    depot.perform("catalog.change_release", {"product": "INK", "standard_cost": "1.70"})
    depot.close("2026-10-31")
    (document,) = _cost_documents(depot)
    assert_voucher(depot, document["number"], [(INVENTORY, "2.00", None), (VARIANCE, None, "2.00")])
    assert stock_of(depot, "INK").value == "17.00"
    assert_sound(depot)


def test_fifo_goes_through_warehouses(depot):
    """What arrives costs what left, also when the close makes that cheaper."""
    depot.adjust({"TEA": "4"}, unit_cost="6.00", date="2026-10-01")
    depot.adjust({"TEA": "4"}, unit_cost="8.00", date="2026-10-02")
    depot.transfer({"TEA": "5"}, immediate=True, date="2026-10-03")
    assert stock_of(depot, "TEA", "W01").value == "35.00"
    depot.close("2026-10-31")
    assert (stock_of(depot, "TEA", "W01").value, stock_of(depot, "TEA").value) == ("32.00", "24.00")
    (document,) = _cost_documents(depot, closing="SCL-office-000001")
    assert_voucher(depot, document["number"], [(INVENTORY, "3.00", None), (INVENTORY, None, "3.00")])
    assert_sound(depot)


def test_what_was_matched_is_not_matched_again(depot):
    depot.adjust({"TEA": "4"}, unit_cost="6.00", date="2026-09-01")
    _sell(depot, "TEA", "3", "30.00", date="2026-09-02")
    depot.close("2026-09-30")
    assert _cost_documents(depot)[0]["layers"] == []
    depot.adjust({"TEA": "4"}, unit_cost="9.00", date="2026-10-01")
    _sell(depot, "TEA", "2", "20.00", date="2026-10-02")
    assert _costs(depot, "TEA")[-1] == -1680
    depot.close("2026-10-31")
    assert _costs(depot, "TEA") == [2400, -1800, 3600, -1500]
    depot.engine.clock.advance(days=20)
    depot.close("2026-11-30")
    assert len(_cost_documents(depot)) == 2, "there was nothing more to say"
    assert_sound(depot)


def test_cost_that_is_added_to_goods_that_were_matched_is_a_variance(depot):
    depot.adjust({"TEA": "3"}, unit_cost="6.00", date="2026-10-01")
    lot = _lot(depot, "TEA", "purchased")
    _sell(depot, "TEA", "3", "30.00", date="2026-10-02")
    depot.perform("stock.adjust_cost", {"lot": lot, "amount": "3.00", "reason": "Freight", "date": "2026-10-05"})
    assert trial_balance(depot)[ROUNDING] == "3.00", "nothing is there to take it until the close"
    depot.close("2026-10-31")
    assert (trial_balance(depot)[COGS], ROUNDING in trial_balance(depot)) == ("21.00", False)
    depot.perform("stock.adjust_cost", {"lot": lot, "amount": "1.00", "reason": "More freight"})
    assert trial_balance(depot)[VARIANCE] == "1.00"
    assert_sound(depot)


def test_a_closed_period_stays_as_it_is(depot):
    depot.adjust({"MUG": "4", "TEA": "2"}, date="2026-10-01")
    depot.close("2026-10-31")
    for act in (
        lambda: depot.adjust({"MUG": "1"}, date="2026-10-31"),
        lambda: _sell(depot, "MUG", "1", "5.00", date="2026-10-15"),
        lambda: depot.transfer({"MUG": "1"}, date="2026-10-31"),
        lambda: depot.perform("stock.close_period", {"through": "2026-10-15"}),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "STOCK_PERIOD_CLOSED"
    with pytest.raises(Refused) as refused:
        depot.perform("stock.close_period", {"through": "2026-11-21"})
    assert refused.value.code == "STOCK_PERIOD_NOT_OVER"
    _sell(depot, "MUG", "1", "5.00", date="2026-11-01")
    assert_sound(depot)


def test_a_close_that_was_stopped_goes_on(depot):
    """The books of October are closed when stock is settled; opened again, the same closing is started again and ends."""
    depot.adjust({"TEA": "2"}, unit_cost="6.00", date="2026-10-01")
    depot.adjust({"TEA": "2"}, unit_cost="8.00", date="2026-10-02")
    _sell(depot, "TEA", "1", "10.00", date="2026-10-03")
    depot.set_period("2026-10-01", "closed")
    stopped = depot.close("2026-10-31")
    assert stopped.summary == {"adjusted": 0, "refused": 1}
    problems = depot.perform("jobs.read", {"job": stopped.id})["errors"]
    assert [problem["code"] for problem in problems] == ["INV_PERIOD_CLOSED"]
    assert depot.perform("stock.list_closings", {})["items"][0]["state"] == "running"
    with pytest.raises(Refused) as refused:
        depot.perform("stock.close_period", {"through": "2026-11-10"})
    assert refused.value.code == "STOCK_CLOSING_RUNS"
    depot.set_period("2026-10-01", "open")
    assert depot.close("2026-10-31").summary == {"adjusted": 1, "refused": 0}
    assert depot.perform("stock.list_closings", {})["items"][0]["state"] == "closed"
    assert _costs(depot, "TEA") == [1200, 1600, -600]
    again = depot.perform("jobs.list", {"kind": "stock.close"})["items"]
    assert (len(again), Runner(depot.engine).run_next()) == (2, False)
    assert_sound(depot)
