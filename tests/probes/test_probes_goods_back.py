"""Goods come back by a plugin of 150 lines: own line states, money and goods apart, split lots, a derived order, runs that wait."""

import pytest

from kassa.kernel.database import Reader, Retryable
from kassa.testing.ledger import assert_sound, stock_of

STEPS = (
    "SELECT t.from_status, t.to_status, t.quantity FROM stock_transaction t JOIN sales_order_line l ON l.id = t.lot_id "
    "WHERE l.document_id = ? AND l.number = ? ORDER BY t.sequence"
)


@pytest.fixture
def desk(open_place):
    """A shop with the probe; ten vases were sold for 100.00 less 10.00 each, cost 60.00."""
    place = open_place("goods_back")
    place.shop.adjust({"VASE": "10"})
    line = {"product": "VASE", "quantity": "10", "discount": "100.00"}
    sold = place.post("/sales", {"customer": "C0001", "lines": [line], "payments": [{"tender": "card", "amount": "1089.00"}]})
    place.invoice = sold["invoice"]
    place.there = stock_of(place.shop, "VASE").on_hand
    return place


def expected(desk, quantity):
    """An order by which so many vases are expected back."""
    line = {"product": "VASE", "quantity": f"-{quantity}", "source": {"invoice": desk.invoice, "line": 1}}
    return desk.post("/goods-back", {"customer": "C0001", "lines": [line]}, 201)


def arrive(desk, order, line, quantity, what):
    """Tell that goods of a line arrived; the order."""
    return desk.post(f"/goods-back/{order['number']}/arrivals", {"line": line, "quantity": quantity, "what": what})


def lines(desk, order):
    """The lines of an order: quantity, state, what is done."""
    coming = [(line["quantity"], line["extensions"]["goods_back.coming"]) for line in desk.get(f"/orders/{order['number']}")["lines"]]
    return [(quantity, told["state"], told["what"]) for quantity, told in coming]


def run_invoices(desk):
    """Let a run invoice all that is ready; its results by document."""
    job = desk.post("/invoice-runs", {}, 202)
    from kassa import Runner

    Runner(desk.shop.engine).run(job["id"])
    return {result["item"]: result for result in desk.get(f"/jobs/{job['id']}/results")["items"]}


def test_a_line_has_states_of_its_own_and_is_split_where_a_part_of_it_arrives(desk):
    order = expected(desk, 5)
    assert (order["type"], lines(desk, order)) == ("goods_back.order", [("-5", "expected", None)])
    arrive(desk, order, 1, "2", "restock")
    arrive(desk, order, 2, "1", "money_alone")
    assert lines(desk, order) == [("-2", "registered", "restock"), ("-1", "registered", "money_alone"), ("-2", "expected", None)]
    assert desk.codes(f"/goods-back/{order['number']}/arrivals", {"line": 1, "quantity": "1", "what": "restock"}, 422) == [
        "GOODS_BACK_LINE"
    ]
    assert desk.codes(f"/goods-back/{order['number']}/arrivals", {"line": 3, "quantity": "3", "what": "restock"}, 422) == [
        "SALES_SPLIT_QUANTITY"
    ]
    assert desk.get(f"/orders/{order['number']}")["total"] == order["total"] == "-544.50"
    assert desk.codes("/goods-back", {"customer": "C0001", "lines": [{"product": "VASE", "quantity": "1"}]}, 422) == ["SALES_QUANTITY_SIGN"]
    assert_sound(desk.shop)


@pytest.mark.rule("REL-26")
def test_what_a_plugin_reads_of_a_line_is_read_again_where_the_database_gives_it_up(desk, monkeypatch):
    order = expected(desk, 1)
    real, lost = Reader.rows, []

    def lose(read, sql, parameters=()):
        if "goods_back_coming" in sql and not lost:
            lost.append(sql)
            raise Retryable("the line is dead")
        return real(read, sql, parameters)

    monkeypatch.setattr(Reader, "rows", lose)
    assert (lines(desk, order), len(lost)) == ([("-1", "expected", None)], 1)


def test_money_comes_without_goods_and_goods_without_money(desk):
    order = expected(desk, 2)
    arrive(desk, order, 1, "1", "money_alone")
    arrive(desk, order, 2, "1", "goods_alone")
    (note,) = desk.post("/invoices", {"orders": [{"order": order["number"]}], "quantity_basis": "all"})["invoices"]
    assert (note["title"], note["total"], [line["total"] for line in note["lines"]]) == ("Credit note", "-108.90", ["-108.90", "0.00"])
    money = [("1100", -10_890), ("2200", 1890), ("4000", 10_000), ("4100", -1000)]
    lost_and_given = [("1300", 6000), ("5000", -12_000), ("5100", 6000)]
    assert desk.entries(note["id"]) == sorted([*money, *lost_and_given])
    assert stock_of(desk.shop, "VASE").on_hand == str(int(desk.there) + 1)
    assert_sound(desk.shop)


def test_another_order_follows_from_the_packing_slip(desk):
    order = expected(desk, 3)
    arrive(desk, order, 1, "2", "swap")
    before = {item["number"] for item in desk.get("/orders")["items"]}
    shown = desk.send("POST", f"/orders/{order['number']}/packing-slips?preview=true", {}).get_json()
    assert (shown["preview"], {item["number"] for item in desk.get("/orders")["items"]}) == (True, before)
    slip = desk.post(f"/orders/{order['number']}/packing-slips", {})
    assert [(line["line"], line["quantity"]) for line in slip["lines"]] == [(1, "-2")]
    (made,) = [item for item in desk.get("/orders")["items"] if item["number"] not in before]
    replacing = desk.get(f"/orders/{made['number']}")
    assert (replacing["type"], replacing["state"], replacing["customer"]) == ("sales", "open", "C0001")
    assert [(line["product"], line["quantity"], line["total"]) for line in replacing["lines"]] == [("VASE", "2", "242.00")]
    assert_sound(desk.shop)


@pytest.mark.parametrize(
    "what, loss",
    [
        pytest.param("swap", [], marks=pytest.mark.rule("P7")),
        pytest.param("scrap_and_swap", [("1300", -6000), ("5100", 6000)], marks=pytest.mark.rule("P8", "RET-43")),
    ],
)
def test_what_is_replaced_is_credited_and_what_replaces_it_is_invoiced_by_itself(desk, what, loss):
    order = expected(desk, 1)
    arrive(desk, order, 1, "1", what)
    (note,) = desk.post("/invoices", {"orders": [{"order": order["number"]}], "quantity_basis": "all"})["invoices"]
    (made,) = [item for item in desk.get("/orders")["items"] if item["state"] == "open"]
    goods, money = [("1300", 6000), ("5000", -6000)], [("1100", -10_890), ("2200", 1890), ("4000", 10_000), ("4100", -1000)]
    assert desk.entries(note["id"]) == sorted([*money, *goods, *loss])
    assert stock_of(desk.shop, "VASE").on_hand == str(int(desk.there) + (0 if loss else 1))
    (bill,) = desk.post("/invoices", {"orders": [{"order": made["number"]}], "quantity_basis": "all"})["invoices"]
    assert desk.entries(bill["id"]) == sorted([("1100", 12_100), ("2200", -2100), ("4000", -10_000), ("1300", -6000), ("5000", 6000)])
    assert stock_of(desk.shop, "VASE").on_hand == str(int(desk.there) - (1 if loss else 0))
    assert_sound(desk.shop)


def test_what_cannot_be_replaced_cannot_be_taken_back(desk):
    order = expected(desk, 1)
    arrive(desk, order, 1, "1", "swap")
    desk.shop.perform("catalog.change_release", {"product": "VASE", "blocked": True})
    assert desk.codes(f"/orders/{order['number']}/packing-slips", {}, 422) == ["SALES_PRODUCT_NOT_RELEASED"]
    assert (desk.get(f"/orders/{order['number']}")["state"], stock_of(desk.shop, "VASE").on_hand) == ("open", desk.there)
    assert_sound(desk.shop)


def test_a_run_passes_over_lines_that_did_not_arrive(desk):
    ready, part, waiting = expected(desk, 1), expected(desk, 2), expected(desk, 1)
    for order in (ready, part):
        arrive(desk, order, 1, "1", "restock")
        desk.post(f"/orders/{order['number']}/packing-slips", {})
    results = run_invoices(desk)
    assert (results[waiting["id"]]["outcome"], results[waiting["id"]]["code"]) == ("skipped", "GOODS_BACK_LINE")
    assert [results[order["id"]]["outcome"] for order in (ready, part)] == ["done", "done"]
    assert results[part["id"]]["message"] == "Line 2 did not come."
    assert [desk.get(f"/orders/{order['number']}")["state"] for order in (ready, part, waiting)] == ["invoiced", "partly_invoiced", "open"]
    refused = desk.codes("/invoices", {"orders": [{"order": waiting["number"]}], "quantity_basis": "all"}, 422)
    assert refused == ["GOODS_BACK_LINE"]
    assert_sound(desk.shop)


def test_the_lot_of_a_part_moves_by_itself(desk):
    order = expected(desk, 4)
    arrive(desk, order, 1, "3", "restock")
    desk.post(f"/orders/{order['number']}/packing-slips", {})
    with desk.shop.engine.database.snapshot() as read:
        assert read.rows(STEPS, (order["id"], 1)) == [("none", "received", 3000)]
        assert read.rows(STEPS, (order["id"], 2)) == []
    arrive(desk, order, 2, "1", "restock")
    desk.post("/invoices", {"orders": [{"order": order["number"]}], "quantity_basis": "all"})
    with desk.shop.engine.database.snapshot() as read:
        assert read.rows(STEPS, (order["id"], 2)) == [("none", "received", 1000), ("received", "purchased", 1000)]
    assert stock_of(desk.shop, "VASE").on_hand == str(int(desk.there) + 4)
    assert_sound(desk.shop)
