"""Carts and quotes: orders in state draft, without number, stock and ledger, until they are committed, sold or dropped."""

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.invariants import verify
from kassa.testing.builders import build_shop, furnish, line
from kassa.testing.ledger import assert_sound, stock_of


def make(shop, *lines, **more):
    """Make a cart, or a quote where its kind is named."""
    asked = [given if isinstance(given, dict) else {"product": given[0], "quantity": given[1]} for given in lines]
    return shop.do("sales.create_draft", store=shop.store, lines=asked, **more)


def change(shop, draft, **changes):
    """Change a draft; the answer."""
    return shop.perform("sales.change_draft", {"draft": draft["id"], **changes}, if_match=draft["version"]).body


@pytest.fixture
def lamp(shop):
    """A product at 10.00, taxed at 21 %."""
    return shop.product("10.00", stock="5")


@pytest.mark.rule("CO-04")
@pytest.mark.parametrize("kind", ["cart", "quote"])
def test_a_draft_takes_no_number_no_stock_and_books_nothing(shop, lamp, kind):
    before = shop.tables()
    draft = make(shop, (lamp, "7"), kind=kind, charges=[{"code": "freight", "amount": "4.95"}])
    assert {name for name, rows in shop.tables().items() if rows != before[name]} == {"sales_draft", "kernel_idempotency"}
    assert (draft["kind"], draft["state"], draft["version"]) == (kind, "open", 1)
    order = draft["order"]
    assert (order["state"], order["number"], order["net"], order["tax"], order["total"]) == ("draft", None, "74.95", "14.70", "89.65")
    assert shop.do("sales.read_draft", draft=draft["id"]) == draft
    confirmed = shop.do("sales.commit_draft", draft=draft["id"])
    assert (confirmed["id"], confirmed["state"], confirmed["total"]) == (draft["id"], "open", "89.65")
    assert confirmed["number"].startswith("SO-")
    assert shop.do("sales.read_draft", draft=draft["id"])["state"] == "committed"
    assert verify(shop.engine) == []


def test_a_draft_is_changed_line_by_line(shop, lamp):
    rug, customer = shop.product("50.00", tax=None), shop.customer()
    cart = make(shop, (lamp, "1"), (rug, "1"), charges=[{"code": "freight", "amount": "4.95"}])
    cart = change(
        shop, cart, customer=customer, reference=f"WEB-{shop.store}", discount="5.00",
        change_lines=[{"line": 1, "quantity": "3", "discount_rate": "0.1", "description": "A lamp"}], remove_lines=[2],
        add_lines=[{"product": rug, "quantity": "2"}], change_charges=[{"charge": 1, "amount": "3.00"}], add_charges=[{"code": "handling", "rate": "0.1"}],
    )  # fmt: skip
    order = cart["order"]
    shown = [(found["line"], found["quantity"], found["description"], found["discount"], found["share_of_discount"], found["net"]) for found in order["lines"]]
    assert shown == [(1, "3", "A lamp", "4.06", "1.06", "25.94"), (3, "2", f"Product {rug}", "3.94", "3.94", "96.06")]
    assert [charge["amount"] for charge in order["charges"]] == ["3.00", "12.20"]
    assert (order["customer"], cart["reference"], cart["version"], order["total"]) == (customer, f"WEB-{shop.store}", 2, "142.65")
    cart = change(shop, cart, remove_charges=[1, 2], customer=None, discount=None)
    assert (cart["order"]["customer"], cart["order"]["total"]) == (None, "132.67")
    assert shop.do("sales.commit_draft", draft=cart["id"])["number"] == shop.do("sales.read_order", order=f"WEB-{shop.store}")["number"]


def test_a_change_is_made_for_the_version_that_was_seen(shop, lamp):
    cart = make(shop, (lamp, "1"))
    change(shop, cart, change_lines=[{"line": 1, "quantity": "2"}])
    assert shop.refused("sales.change_draft", {"draft": cart["id"], "remove_lines": [1]}, if_match=1).status == 412
    assert shop.refused("sales.commit_draft", {"draft": cart["id"]}, if_match=1).status == 412


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"remove_lines": [7]}, "SALES_LINE_UNKNOWN"),
        ({"remove_lines": [1, 1]}, "SALES_NAMED_TWICE"),
        ({"change_charges": [{"charge": 3, "amount": "1.00"}]}, "SALES_CHARGE_NOT_THERE"),
        ({"customer": "NOBODY"}, "SALES_CUSTOMER_UNKNOWN"),
        ({"add_lines": [{"product": "NOTHING", "quantity": "1"}]}, "SALES_PRODUCT_UNKNOWN"),
        ({"change_lines": [{"line": 1, "discount": "1.00", "discount_rate": "0.1"}]}, "SALES_DISCOUNT_TWICE"),
        ({"change_lines": [{"line": 1, "quantity": "0"}]}, "SALES_QUANTITY_ZERO"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_and_the_draft_stays(shop, lamp, changes, code):
    cart = make(shop, (lamp, "1"))
    error = shop.refused("sales.change_draft", {"draft": cart["id"], **changes}, if_match=1)
    assert code in [issue.code for issue in error.issues]
    assert shop.do("sales.read_draft", draft=cart["id"]) == cart


def test_what_could_be_approved_is_told_and_asked_for_only_when_it_is_committed(shop, lamp):
    clerk = shop.by("sales.edit_drafts", "sales.create_order", "sales.read")
    cart = clerk.do("sales.create_draft", store=shop.store, lines=[{"product": lamp, "quantity": "1", "unit_price": "8.00"}])
    assert [(issue["code"], issue["approvable_by"]) for issue in cart["issues"]] == [("SALES_PRICE_OVERRIDE", "sales.override_price")]
    error = clerk.refused("sales.commit_draft", {"draft": cart["id"]})
    assert (error.status, [issue.code for issue in error.issues]) == (409, ["SALES_PRICE_OVERRIDE"])
    assert shop.do("sales.commit_draft", draft=cart["id"])["lines"][0]["price_origin"] == "overridden"


def test_a_price_that_a_manager_set_holds_for_whoever_commits(shop, lamp):
    quote = make(shop, {"product": lamp, "quantity": "1", "unit_price": "8.00"}, kind="quote")
    clerk = shop.by("sales.create_order", "sales.read")
    assert clerk.do("sales.commit_draft", draft=quote["id"])["lines"][0]["unit_price"] == "8"


def test_what_came_in_the_way_meanwhile_is_told(shop, lamp):
    cart = make(shop, (lamp, "1"))
    release = shop.do("catalog.read_product", product=lamp)
    shop.do("catalog.change_release", product=lamp, blocked=True)
    assert release["number"] == lamp
    assert [issue["code"] for issue in shop.do("sales.read_draft", draft=cart["id"])["issues"]] == ["SALES_PRODUCT_NOT_RELEASED"]
    assert shop.refused("sales.commit_draft", {"draft": cart["id"]}).issues[0].code == "SALES_PRODUCT_NOT_RELEASED"


def test_an_empty_cart_is_kept_and_not_committed(shop):
    cart = make(shop)
    assert cart["order"]["total"] == "0.00"
    assert shop.refused("sales.commit_draft", {"draft": cart["id"]}).issues[0].code == "SALES_DRAFT_EMPTY"


def test_a_cart_is_sold_at_the_till(shop, lamp):
    cart = make(shop, (lamp, "2"))
    sale = shop.do("sales.sell_draft", draft=cart["id"], payments=[{"tender": "cash", "amount": "25.00"}])
    assert (sale["id"], sale["total"], sale["change"]) == (cart["id"], "24.20", "0.80")
    assert shop.on_hand(lamp)[0] == 3000
    assert shop.do("sales.read_draft", draft=cart["id"])["state"] == "committed"
    assert shop.refused("sales.sell_draft", {"draft": cart["id"]}).code == "SALES_DRAFT_CLOSED"


def test_a_draft_is_committed_once(shop, lamp):
    cart = make(shop, (lamp, "1"))
    first = shop.perform("sales.commit_draft", {"draft": cart["id"]}, key="once-" + cart["id"])
    again = shop.perform("sales.commit_draft", {"draft": cart["id"]}, key="once-" + cart["id"])
    assert (again.text, again.replayed) == (first.text, True)
    assert shop.refused("sales.commit_draft", {"draft": cart["id"]}).status == 409


def test_a_lost_quote_and_a_void_cart_are_over(shop, lamp):
    quote, cart = make(shop, (lamp, "1"), kind="quote"), make(shop, (lamp, "1"))
    assert shop.do("sales.void_draft", draft=quote["id"], note="Too dear")["state"] == "lost"
    assert shop.do("sales.void_draft", draft=cart["id"])["state"] == "void"
    assert shop.refused("sales.commit_draft", {"draft": quote["id"]}).code == "SALES_DRAFT_CLOSED"
    assert shop.refused("sales.void_draft", {"draft": cart["id"]}).code == "SALES_DRAFT_CLOSED"


def test_drafts_are_listed(shop, lamp):
    customer = shop.customer()
    cart, quote = make(shop, (lamp, "1"), customer=customer), make(shop, (lamp, "2"), kind="quote", customer=customer)
    order = shop.order((lamp, "1"), customer=customer)
    edit = shop.do("sales.start_edit", order=order["number"])

    def listed(**filters):
        return [item["id"] for item in shop.do("sales.list_drafts", **filters)["items"]]

    assert listed(customer=customer) == [edit["id"], quote["id"], cart["id"]]
    assert listed(customer=customer, kind="quote") == [quote["id"]]
    assert listed(order=order["number"]) == [edit["id"]]
    shop.do("sales.void_draft", draft=edit["id"])
    assert (listed(customer=customer, state="open"), listed(order=order["number"], state="void")) == ([quote["id"], cart["id"]], [edit["id"]])
    first = shop.do("sales.list_drafts", customer=customer, limit=1)
    assert [item["total"] for item in shop.do("sales.list_drafts", customer=customer, limit=1, after=first["next"])["items"]] == ["24.20"]


def test_drafts_of_another_entity_are_not_there(town, shop, lamp):
    cart = make(shop, (lamp, "1"))
    assert town.shop("NL02").refused("sales.read_draft", {"draft": cart["id"]}).status == 404


@pytest.fixture
def slow_shop(make_engine):
    """A shop whose days pass when a test says so."""
    return furnish(build_shop(make_engine(modules={}, clock=FixedClock("2026-03-02T10:00:00Z"))))


@pytest.mark.parametrize("costing, negative, cost", [("standard", "allow", 1000), ("moving_average", "refuse", 600)])
def test_a_cart_that_is_sold_is_costed_and_bounded_as_its_product_says(shop, costing, negative, cost):
    """Standard cost 5.00, but the goods that lie there were 3.00 each."""
    group = f"{costing[:4]}-{shop.store}".upper()
    shop.do("catalog.create_item_model_group", code=group, costing=costing, negative_stock=negative)
    product = shop.product("10.00", cost="5.00", stock="0", tax=None, group=group)
    shop.stock(product, "2", "3.00")
    sold = shop.do("sales.sell_draft", draft=make(shop, (product, "2"))["id"], payments=[{"tender": "cash", "amount": "20.00"}])
    assert ("5000", cost) in shop.entries(shop.document("invoice", sold["invoice"]))
    more = {"draft": make(shop, (product, "1"))["id"], "payments": [{"tender": "cash", "amount": "10.00"}]}
    if negative == "allow":
        assert shop.perform("sales.sell_draft", more).body["total"] == "10.00"
    else:
        assert shop.refused("sales.sell_draft", more).issues[0].code == "STOCK_SHORTAGE"
    assert verify(shop.engine) == []


@pytest.mark.rule("CO-79")
def test_a_quote_holds_until_its_last_day(slow_shop):
    shop = slow_shop
    asked = {"store": shop.store, "kind": "quote", "lines": [line("LAMP", "2")], "expires_on": "2026-03-10"}
    quote = shop.perform("sales.create_draft", asked)
    assert (stock_of(shop, "LAMP").reserved, shop.perform("sales.list_orders")["items"]) == ("0", [])
    shop.set_price("LAMP", "150.00")
    shop.engine.clock.advance(days=8)
    converted = shop.perform("sales.commit_draft", {"draft": quote["id"]})
    assert (converted["total"], converted["date"]) == ("200.00", "2026-03-10")
    late = shop.perform("sales.create_draft", {**asked, "expires_on": "2026-03-11"})
    shop.engine.clock.advance(days=2)
    with pytest.raises(Exception, match="expired") as refused:
        shop.perform("sales.commit_draft", {"draft": late["id"]})
    assert (refused.value.code, refused.value.issues[0].code) == ("SALES_DRAFT_CLOSED", "SALES_QUOTE_EXPIRED")
    assert [item["state"] for item in shop.perform("sales.list_drafts", {"state": "expired"})["items"]] == ["expired"]
    longer = shop.perform("sales.change_draft", {"draft": late["id"], "expires_on": "2026-04-01"}, if_match=1)
    assert (longer["state"], shop.perform("sales.commit_draft", {"draft": late["id"]})["total"]) == ("open", "300.00")
    assert_sound(shop)


def test_carts_expire_and_are_closed(slow_shop):
    shop = slow_shop
    shop.set_setting("sales.draft_days", "3")
    cart = shop.perform("sales.create_draft", {"store": shop.store, "lines": [line("LAMP")]})
    assert cart["expires_on"] == "2026-03-05"
    shop.engine.clock.advance(days=2)
    later = shop.perform("sales.change_draft", {"draft": cart["id"], "change_lines": [{"line": 1, "quantity": "2"}]}, if_match=1)
    assert later["expires_on"] == "2026-03-07"
    shop.engine.clock.advance(days=4)
    assert shop.perform("sales.read_draft", {"draft": cart["id"]})["state"] == "expired"
    assert shop.perform("sales.expire_drafts") == {"expired": 1}
    assert shop.perform("sales.expire_drafts") == {"expired": 0}
    order = shop.order(line("LAMP"))["number"]
    first = shop.perform("sales.start_edit", {"order": order})
    shop.engine.clock.advance(days=4)
    assert shop.perform("sales.start_edit", {"order": order})["id"] != first["id"]
    assert shop.perform("sales.read_draft", {"draft": first["id"]})["state"] == "expired"
    assert_sound(shop)
