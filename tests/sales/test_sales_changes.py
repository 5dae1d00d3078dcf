"""Changes of confirmed orders: lines cancelled, orders cancelled, charges that rules derive."""

import json
from types import SimpleNamespace

import pytest

from kassa import Charge, Decision, Rule, hookimpl
from kassa.kernel.clock import FixedClock
from kassa.kernel.invariants import verify
from kassa.kernel.permissions import Actor
from kassa.testing.builders import build_shop, furnish, line
from kassa.testing.ledger import assert_sound, assert_voucher


@pytest.fixture
def lamp(shop):
    """A product at 10.00, without tax."""
    return shop.product("10.00", tax=None, stock="50")


def cancel(shop, order, *lines, **more):
    """Cancel lines of an order, as (number, quantity or None); the answer."""
    chosen = [{"line": number} | ({"quantity": quantity} if quantity else {}) for number, quantity in lines]
    return shop.do("sales.cancel_lines", order=order["number"], lines=chosen, **more)


@pytest.mark.rule("CO-46")
def test_only_what_is_open_is_cancelled(shop, lamp):
    order = shop.order((lamp, "5"), (lamp, "2"), (lamp, "4"), charges=[{"code": "freight", "amount": "3.00"}])
    shop.deliver(order, lines=[(1, "2"), (3, "1")])
    shop.invoice(order, lines=[(1, "2")])
    shop.invoice(order, lines=[(3, "1")])
    left = shop.do("sales.cancel_order", order=order["number"])
    assert left["invoice"] is None
    assert [(found["quantity"], found["cancelled"], found["total"]) for found in left["order"]["lines"]] == [
        ("2", "0", "20.00"), ("2", "2", "0.00"), ("1", "0", "10.00"),
    ]  # fmt: skip
    assert (left["order"]["state"], left["order"]["total"]) == ("invoiced", "33.00")
    assert verify(shop.engine) == []


def test_an_order_of_which_nothing_was_invoiced_is_cancelled_whole(shop, lamp):
    order = shop.order((lamp, "5"), charges=[{"code": "freight", "amount": "3.00"}], discount="4.00")
    done = shop.do("sales.cancel_order", order=order["number"])["order"]
    assert (done["state"], done["total"], done["charges"]) == ("cancelled", "0.00", [])
    assert shop.refused("sales.cancel_order", {"order": order["number"]}).issues[0].code == "SALES_NOTHING_OPEN"
    assert shop.refused("sales.post_packing_slip", {"order": order["number"]}).status == 422
    assert verify(shop.engine) == []


@pytest.mark.rule("CO-41")
def test_what_a_cancellation_costs_is_charged_under_its_code_and_invoiced_at_once(shop, lamp):
    order = shop.order((lamp, "10"), customer=shop.customer())
    done = shop.do("sales.cancel_order", order=order["number"], charges=[{"code": "other", "amount": "5.00"}])
    assert (done["order"]["state"], done["order"]["total"], done["invoice"]["total"]) == ("cancelled", "5.00", "5.00")
    assert done["invoice"]["charges"] == [
        {"code": "other", "charge": 1, "origin": "act", "line": None, "amount": "5.00", "tax": "0.00", "taxes": []}
    ]
    read = shop.do("sales.read_order", order=order["number"])
    assert (read["state"], read["charges"][0]["invoiced"]) == ("cancelled", "5.00")
    assert verify(shop.engine) == []


@pytest.mark.rule("CO-42")
def test_an_order_whose_goods_are_out_and_not_invoiced_is_not_cancelled(shop, lamp):
    order = shop.order((lamp, "5"))
    shop.deliver(order, lines=[(1, "2")])
    assert shop.refused("sales.cancel_order", {"order": order["number"]}).issues[0].code == "SALES_CANCEL_DELIVERED"
    shop.invoice(order)
    assert shop.do("sales.cancel_order", order=order["number"])["order"]["state"] == "invoiced"
    assert shop.refused("sales.cancel_order", {"order": order["number"]}).issues[0].code == "SALES_NOTHING_OPEN"


def test_a_part_of_a_line_is_cancelled(shop, lamp):
    order = shop.order({"product": lamp, "quantity": "5", "discount_rate": "0.1"}, (lamp, "1"), charges=[{"code": "handling", "rate": "0.1", "line": 1}])
    left = cancel(shop, order, (1, "2"))
    assert (left["lines"][0]["quantity"], left["lines"][0]["net"], left["charges"][0]["amount"], left["total"]) == ("3", "27.00", "2.70", "39.70")
    gone = cancel(shop, order, (1, None))
    assert (gone["total"], gone["charges"], gone["state"]) == ("10.00", [], "open")
    assert cancel(shop, order, (2, None))["state"] == "cancelled"
    assert verify(shop.engine) == []


@pytest.mark.parametrize(
    "lines, code",
    [([(9, None)], "SALES_LINE_UNKNOWN"), ([(1, "4")], "SALES_QUANTITY_EXCEEDS_OPEN"), ([(1, None), (1, "1")], "SALES_NAMED_TWICE")],
)
def test_no_more_is_cancelled_than_is_open(shop, lamp, lines, code):
    order = shop.order((lamp, "5"))
    shop.deliver(order, lines=[(1, "2")])
    chosen = [{"line": number} | ({"quantity": quantity} if quantity else {}) for number, quantity in lines]
    assert code in [issue.code for issue in shop.refused("sales.cancel_lines", {"order": order["number"], "lines": chosen}).issues]


def test_a_change_is_announced_with_what_was_before_as_decimal_texts(shop, lamp):
    order = shop.order((lamp, "5"), charges=[{"code": "freight", "amount": "4.95"}])
    shop.do("sales.remove_charge", order=order["number"], charge="1")
    cancel(shop, order, (1, "2"))
    sql = "SELECT data FROM kernel_outbox WHERE type = 'sales.order_changed' AND subject = ? ORDER BY id"
    without, less = [json.loads(data) for (data,) in shop.rows(sql, order["id"])]
    charge = {"code": "freight", "amount": "4.95", "tax": "0.00", "reason": None}
    assert (without["act"], without["currency"], without["lines"]) == ("sales.remove_charge", "EUR", [])
    assert (without["total"], without["charges"]) == ({"before": "54.95", "after": "50.00"}, [{"charge": 1, "before": charge, "after": None}])
    line = {"product": lamp, "description": f"Product {lamp}", "unit_price": "10", "discount": "0.00", "tax": "0.00"}
    before, after = (line | {"quantity": quantity, "net": net, "total": net} for quantity, net in (("5", "50.00"), ("3", "30.00")))
    assert (less["act"], less["total"]) == ("sales.cancel_lines", {"before": "50.00", "after": "30.00"})
    assert (less["lines"], less["charges"]) == ([{"line": 1, "before": before, "after": after}], [])


def test_a_reason_is_asked_for(town, shop, lamp):
    store = shop.rows("SELECT id FROM org_store WHERE number = ?", shop.store)[0][0]
    for name in ("change", "cancellation", "price"):
        town.set(f"sales.{name}_reason_required", "store", store, "true")
    order = shop.order((lamp, "5"))
    assert shop.refused("sales.cancel_lines", {"order": order["number"], "lines": [{"line": 1}]}).issues[0].code == "SALES_REASON_NEEDED"
    assert shop.refused("sales.cancel_order", {"order": order["number"]}).issues[0].code == "SALES_REASON_NEEDED"
    priced = {"store": shop.store, "lines": [{"product": lamp, "quantity": "1", "unit_price": "1.00"}]}
    assert shop.refused("sales.create_order", priced).issues[0].pointer == "/lines/0/price_reason"


def fee(order, facts, context):
    """Charge 3.00 for an order below 50.00, by the lines as they are priced."""
    if order.lines and sum(line.quantity * line.unit_price for line in order.lines) < 50 * 10**9:
        yield Charge(code="handling", amount=300)


def plugin():
    """A plugin that charges small orders."""
    rules = [Rule(name="fee.small", kind="order", transition="create", stage="charges", run=fee, summary="Small orders cost more.")]
    return SimpleNamespace(register_rules=hookimpl(lambda: rules))


@pytest.fixture
def charging_shop(make_engine):
    """A shop where small orders cost more."""
    return furnish(build_shop(make_engine(modules={"fee": plugin()}, clock=FixedClock("2026-03-02T10:00:00Z"))))


def charges_of(answer):
    """The charges of an order or of the order of a draft: amount, origin, rule, overridden."""
    order = answer.get("order") if isinstance(answer.get("order"), dict) else answer
    return [(charge["amount"], charge["origin"], charge["rule"], charge["overridden"]) for charge in order["charges"]]


DERIVED = ("3.00", "derived", "fee.small", False)


@pytest.mark.rule("CO-24")
def test_a_derived_charge_that_was_changed_is_kept_until_it_is_calculated_anew(charging_shop):
    shop = charging_shop
    quote = shop.perform("sales.create_draft", {"store": shop.store, "kind": "quote", "lines": [line("DELIVERY", "2")]})
    assert charges_of(quote) == [DERIVED]
    changed = shop.perform("sales.change_draft", {"draft": quote["id"], "change_charges": [{"charge": 1, "amount": "1.00"}]}, if_match=1)
    assert charges_of(changed) == [("1.00", "derived", "fee.small", True)]
    more = shop.perform("sales.change_draft", {"draft": quote["id"], "change_lines": [{"line": 1, "quantity": "9"}]}, if_match=2)
    assert charges_of(more) == charges_of(changed)
    anew = shop.perform("sales.recalculate_draft", {"draft": quote["id"]}, if_match=3)
    assert charges_of(anew) == []
    assert charges_of(shop.perform("sales.commit_draft", {"draft": quote["id"]})) == []


def test_derived_charges_of_a_cart_follow_its_lines(charging_shop):
    shop = charging_shop
    cart = shop.perform("sales.create_draft", {"store": shop.store, "lines": [line("DELIVERY", "2")]})
    more = shop.perform("sales.change_draft", {"draft": cart["id"], "change_lines": [{"line": 1, "quantity": "9"}]}, if_match=1)
    less = shop.perform("sales.change_draft", {"draft": cart["id"], "change_lines": [{"line": 1, "quantity": "1"}]}, if_match=2)
    assert (charges_of(more), charges_of(less)) == ([], [DERIVED])
    sale = shop.perform("sales.sell_draft", {"draft": cart["id"], "payments": [{"tender": "cash", "amount": "13.00"}]})
    assert sale["total"] == "13.00"
    assert_sound(shop)


def test_an_edit_keeps_derived_charges_and_finds_them_again_where_asked(charging_shop):
    shop = charging_shop
    order = shop.order(line("DELIVERY", "2"), customer="C0001")
    edit = shop.perform("sales.start_edit", {"order": order["number"]})
    more = shop.perform("sales.change_draft", {"draft": edit["id"], "change_lines": [{"line": 1, "quantity": "9"}]}, if_match=1)
    assert charges_of(more) == [DERIVED]
    assert charges_of(shop.perform("sales.recalculate_draft", {"draft": edit["id"]}, if_match=2)) == []
    assert charges_of(shop.perform("sales.commit_draft", {"draft": edit["id"]})) == []
    assert_sound(shop)


def test_who_may_not_change_derived_charges_needs_somebody_who_may(charging_shop):
    shop = charging_shop
    order = shop.order(line("DELIVERY", "2"), customer="C0001")
    clerk = Actor(id="clerk", name="Kim", permissions=frozenset({"sales.change_order"}))
    with pytest.raises(Exception, match="follows from a rule") as refused:
        shop.perform("sales.change_charge", {"order": order["number"], "charge": "1", "amount": "0.00"}, actor=clerk)
    assert [(issue.code, issue.permission) for issue in refused.value.issues] == [("SALES_CHARGE_OVERRIDE", "sales.override_charge")]


def test_worked_example_of_a_restocking_fee(charging_shop):
    shop = charging_shop
    back = shop.order(line("LAMP", "-1", discount="-10.00"), customer="C0001", charges=[{"code": "handling", "rate": "-0.05", "line": 1}])
    charge = next(charge for charge in back["charges"] if charge["origin"] == "derived")
    shop.perform("sales.remove_charge", {"order": back["number"], "charge": str(charge["charge"])})
    shop.deliver(back["number"])
    (note,) = shop.invoice(back["number"])
    assert_voucher(
        shop,
        note["number"],
        [
            ("4000 Revenue", "100.00", None),
            ("1300 Inventory", "60.00", None),
            ("4100 Discounts given", None, "10.00"),
            ("1100 Trade receivables", None, "85.50"),
            ("4200 Charge income", None, "4.50"),
            ("5000 Cost of goods sold", None, "60.00"),
        ],
    )


@pytest.mark.rule("CO-24", "CO-27")
def test_a_price_of_a_plugin_is_kept_until_it_is_calculated_anew(make_engine):
    price = ["7"]

    def members(order, facts, context):
        return {line.id: (int(price[0]) * 10**6, "policy") for line in order.lines}

    decision = Decision(name="club.price", question="price", answer=members, summary="Members pay less")
    shop = furnish(build_shop(make_engine(modules={"club": SimpleNamespace(register_decisions=hookimpl(lambda: [decision]))})))

    def shown(operation, draft, version, **more):
        (found,) = shop.perform(operation, {"draft": draft, **more}, if_match=version)["order"]["lines"]
        return found["unit_price"], found["price_origin"]

    cart = shop.perform("sales.create_draft", {"store": shop.store, "lines": [line("LAMP")]})["id"]
    price[0] = "8"
    more = {"change_lines": [{"line": 1, "quantity": "2"}]}
    assert shown("sales.change_draft", cart, 1, **more) == ("7", "policy")
    assert shown("sales.recalculate_draft", cart, 2) == ("8", "policy")
    order = shop.perform("sales.commit_draft", {"draft": cart})
    price[0] = "9"
    edit = shop.perform("sales.start_edit", {"order": order["number"]})["id"]
    assert shown("sales.change_draft", edit, 1, **more) == ("8", "policy")
    assert shown("sales.recalculate_draft", edit, 2) == ("9", "policy")
    done = shop.perform("sales.commit_draft", {"draft": edit})
    assert (done["total"], done["lines"][0]["price_origin"]) == ("18.00", "policy")
