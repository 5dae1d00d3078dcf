"""Stock adjustments: goods come in and go out without a sale, physically and in the ledger at once."""

import pytest

from kassa.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted, PreconditionRequired, Refused
from kassa.testing.builders import Shop, build_shop, line
from kassa.testing.ledger import assert_sound, assert_voucher, has_voucher, postings, stock_of

INVENTORY, EQUITY, GAINS = "1300 Inventory", "3000 Opening balance", "5100 Stock gains and losses"


def _issues(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(issue.code, issue.pointer) for issue in refused.value.issues]


def test_opening_stock_goes_against_equity(shop: Shop):
    shop.add_product("MUG", price="5.00", cost="2.00")
    answer = shop.adjust({"MUG": "12.5"}, unit_cost="1.5555", note="First count\nof all", reference="OPEN-1")
    assert answer["number"] == "ADJ-S001-000004"
    assert (answer["reason"], answer["warehouse"], answer["store"], answer["date"], answer["currency"]) == (
        "opening",
        shop.warehouse,
        "S001",
        "2026-11-21",
        "EUR",
    )
    assert answer["lines"] == [{"line": 1, "product": "MUG", "quantity": "12.5", "cost": "19.44"}]
    assert_voucher(shop, answer["number"], [(INVENTORY, "19.44", None), (EQUITY, None, "19.44")])
    assert (stock_of(shop, "MUG").on_hand, stock_of(shop, "MUG").value) == ("12.5", "19.44")
    for key in (answer["number"], answer["id"], "OPEN-1"):
        assert shop.perform("stock.read_adjustment", {"adjustment": key}) == answer
    assert_sound(shop)


def test_without_a_cost_the_standard_cost_counts(shop: Shop):
    shop.add_product("MUG", cost="2.00")
    assert shop.adjust({"MUG": "3"}, reason="count")["cost"] == "6.00"


def test_what_leaves_is_valued_at_the_average(shop: Shop):
    shop.add_product("MUG")
    shop.adjust({"MUG": "1"}, unit_cost="1.00")
    shop.adjust({"MUG": "2"}, unit_cost="2.00")
    lost = shop.adjust({"MUG": "-1"}, reason="loss")
    assert lost["cost"] == "-1.67"
    assert_voucher(shop, lost["number"], [(GAINS, "1.67", None), (INVENTORY, None, "1.67")])
    assert shop.adjust({"MUG": "-2"}, reason="loss")["cost"] == "-3.33", "all that is left takes all the value"
    assert (stock_of(shop, "MUG").on_hand, stock_of(shop, "MUG").value) == ("0", "0.00")
    assert_sound(shop)


def test_lines_of_one_adjustment_see_each_other(shop: Shop):
    shop.add_product("MUG")
    lines = [{"product": "MUG", "quantity": quantity, **more} for quantity, more in (("2", {"unit_cost": "3.00"}), ("-1", {}), ("-1", {}))]
    answer = shop.perform("stock.adjust", {"store": "S001", "reason": "correction", "lines": lines})
    assert [found["cost"] for found in answer["lines"]] == ["6.00", "-3.00", "-3.00"]
    assert not has_voucher(shop, answer["number"]), "it comes to nothing"
    assert_sound(shop)


def test_many_lines_are_one_document(shop: Shop):
    lines = [{"product": "LAMP", "quantity": "1"} for _ in range(5000)]
    answer = shop.perform("stock.adjust", {"store": "S001", "reason": "opening", "lines": lines})
    assert (len(answer["lines"]), answer["cost"]) == (5000, "300000.00")
    assert stock_of(shop, "LAMP").on_hand == "5010"
    with pytest.raises(InvalidInput):
        shop.perform("stock.adjust", {"store": "S001", "reason": "opening", "lines": [*lines, *lines]})
    assert_sound(shop)


def test_everything_that_is_wrong_is_said_at_once(shop: Shop):
    with pytest.raises(Refused) as refused:
        shop.adjust({"NOTHING": "1", "DELIVERY": "1", "LAMP": "1"})
    assert _issues(refused) == [("STOCK_PRODUCT_UNKNOWN", "/lines/0/product"), ("STOCK_NOT_STOCKED", "/lines/1/product")]
    lines = [
        {"product": "LAMP", "quantity": "0"},
        {"product": "LAMP", "quantity": "-1", "unit_cost": "1.00"},
        {"product": "LAMP", "quantity": "1000000000", "unit_cost": "10000000000"},
    ]
    with pytest.raises(Refused) as refused:
        shop.perform("stock.adjust", {"store": "S001", "reason": "opening", "lines": lines})
    assert _issues(refused) == [
        ("STOCK_QUANTITY_ZERO", "/lines/0/quantity"),
        ("STOCK_QUANTITY_SIGN", "/lines/1/quantity"),
        ("STOCK_COST_OF_ISSUE", "/lines/1/unit_cost"),
        ("STOCK_VALUE_TOO_LARGE", "/lines/2/quantity"),
    ]
    with pytest.raises(Refused) as refused:
        shop.adjust({"LAMP": "1"}, reason="loss")
    assert _issues(refused) == [("STOCK_QUANTITY_SIGN", "/lines/0/quantity")]


def test_a_product_of_another_entity_is_not_released(shop: Shop):
    other = build_shop(shop.engine, code="GB01", store="S002", currency="GBP")
    with pytest.raises(Refused) as refused:
        other.adjust({"LAMP": "1"})
    assert _issues(refused) == [("STOCK_PRODUCT_NOT_RELEASED", "/lines/0/product")]
    with pytest.raises(NotFound):
        other.perform("stock.adjust", {"warehouse": shop.warehouse, "reason": "opening", "lines": [{"product": "LAMP", "quantity": "1"}]})


def test_more_than_there_is_does_not_leave(shop: Shop):
    with pytest.raises(Refused) as refused:
        shop.adjust({"LAMP": "-10.001"}, reason="loss")
    issue = refused.value.issues[0]
    assert (issue.code, issue.pointer, issue.expected, issue.got) == ("STOCK_SHORTAGE", "/lines/0/quantity", {"available": "10"}, "10.001")
    assert stock_of(shop, "LAMP").on_hand == "10"


def test_negative_stock_may_be_allowed_with_a_warning(shop: Shop):
    shop.set_setting("stock.negative_stock", "warn")
    lines = [{"product": "LAMP", "quantity": quantity} for quantity in ("-6", "-6")]
    answer = shop.perform("stock.adjust", {"store": "S001", "reason": "correction", "lines": lines})
    (warning,) = answer["warnings"]
    assert (warning["code"], warning["pointer"], warning["expected"]) == ("STOCK_SHORTAGE", "/lines/1/quantity", {"available": "4"})
    assert stock_of(shop, "LAMP").on_hand == "-2"
    shop.set_setting("stock.negative_stock", "allow")
    assert "warnings" not in shop.adjust({"LAMP": "-1"}, reason="loss")
    assert_sound(shop)


def test_stock_that_comes_in_at_no_cost_is_pointed_out(shop: Shop):
    shop.add_product("FREEBIE")
    answer = shop.adjust({"FREEBIE": "5"})
    assert [(warning["code"], warning["pointer"]) for warning in answer["warnings"]] == [("STOCK_COST_MISSING", "/lines/0/unit_cost")]
    assert not has_voucher(shop, answer["number"])
    assert_sound(shop)


def test_a_preview_writes_nothing(shop: Shop):
    command = {"store": "S001", "reason": "loss", "lines": [{"product": "LAMP", "quantity": "-2"}]}
    preview = shop.preview("stock.adjust", command)
    assert postings(preview) == [(INVENTORY, None, "120.00"), (GAINS, "120.00", None)]
    assert [(move["from"], move["to"], move["quantity"]) for move in preview["stock_movements"]] == [("none", "deducted", "-2"), ("deducted", "sold", "-2")]
    assert stock_of(shop, "LAMP").on_hand == "10"
    assert_voucher(shop, shop.perform("stock.adjust", command)["number"], postings(preview))


def test_an_adjustment_is_a_posting(shop: Shop):
    command = {"store": "S001", "reason": "loss", "lines": [{"product": "LAMP", "quantity": "-1"}]}
    with pytest.raises(PreconditionRequired):
        shop.perform("stock.adjust", command, key=None)
    assert shop.perform("stock.adjust", command, key="once") == shop.perform("stock.adjust", command, key="once")
    assert stock_of(shop, "LAMP").on_hand == "9"
    shop.perform("stock.adjust", command | {"reference": "R1"})
    with pytest.raises(Conflict):
        shop.perform("stock.adjust", command | {"reference": "R1"})
    assert stock_of(shop, "LAMP").on_hand == "8"


def test_a_closed_period_takes_no_adjustment(shop: Shop):
    shop.set_period("2026-10-01", "closed")
    with pytest.raises(Refused) as refused:
        shop.adjust({"LAMP": "1"}, date="2026-10-31")
    assert refused.value.code == "INV_PERIOD_CLOSED"


def test_workers_adjust_the_warehouses_of_their_stores(shop: Shop):
    clerk = shop.add_worker("W1", "stock_clerk")
    shop.perform("org.create_warehouse", {"code": "CENTRAL", "name": "Central"})
    lines = [{"product": "LAMP", "quantity": "1"}]
    here = shop.perform("stock.adjust", {"reason": "opening", "lines": lines}, actor=clerk)
    assert here["store"] == "S001"
    named = shop.perform("stock.adjust", {"warehouse": shop.warehouse, "reason": "opening", "lines": lines}, actor=clerk)
    assert (named["store"], named["number"]) == ("S001", "ADJ-S001-000005")
    for where in ({"warehouse": "CENTRAL"}, {"warehouse": "CENTRAL", "store": "S001"}):
        with pytest.raises(NotFound):
            shop.perform("stock.adjust", {**where, "reason": "opening", "lines": lines}, actor=clerk)
    central = shop.perform("stock.adjust", {"warehouse": "CENTRAL", "reason": "opening", "lines": lines})
    assert (central["number"], central["store"]) == ("ADJ-office-000001", None)
    assert stock_of(shop, "LAMP", "CENTRAL").on_hand == "1"
    with pytest.raises(NotPermitted):
        shop.perform("stock.adjust", {"reason": "opening", "lines": lines}, actor=shop.actor("cashier"))
    with pytest.raises(Refused) as refused:
        shop.perform("stock.adjust", {"reason": "opening", "lines": lines})
    assert refused.value.code == "ORG_STORE_NEEDED"
    assert_sound(shop)


def test_adjustments_are_listed_newest_first(shop: Shop):
    shop.adjust({"LAMP": "-1"}, reason="loss")
    shop.adjust({"LAMP": "1"}, reason="count")
    everything = shop.perform("stock.list_adjustments", {})["items"]
    assert [item["reason"] for item in everything] == ["count", "loss", "opening", "opening", "opening"]
    assert everything[0]["lines"] == 1
    first = shop.perform("stock.list_adjustments", {"limit": 2})
    rest = shop.perform("stock.list_adjustments", {"after": first["next"]})
    assert first["items"] + rest["items"] == everything
    assert [item["reason"] for item in shop.perform("stock.list_adjustments", {"reason": "loss"})["items"]] == ["loss"]
    with pytest.raises(NotFound):
        shop.perform("stock.read_adjustment", {"adjustment": "ADJ-S001-999999"})


def test_sales_take_from_what_was_put_in(shop: Shop):
    shop.add_product("MUG", price="5.00", cost="2.00", stock="1")
    shop.sell(line("MUG"), payments={"cash": "5.00"})
    with pytest.raises(Refused) as refused:
        shop.sell(line("MUG"), payments={"cash": "5.00"})
    assert refused.value.code == "STOCK_SHORTAGE"
    shop.adjust({"MUG": "1"}, reason="count")
    shop.sell(line("MUG"), payments={"cash": "5.00"})
    assert_sound(shop)
