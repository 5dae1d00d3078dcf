"""Charges: what they come to, how they divide among invoices, where they are booked, and who may change them."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kassa.kernel.invariants import verify
from kassa.kernel.values import round_half_up
from kassa.sales.charging import amount_of, due, pro_rata, taxes_of_part
from kassa.sales.documents import ISSUE, Charge, LineCounters, LineTax, SalesLine, SalesOrder


def a_line(number, quantity, net, **more):
    """A line of an order."""
    values = {
        "id": f"l{number}", "number": number, "product_id": "p", "product_number": "P", "description": "", "quantity": quantity, "net": net,
        "stocked": True, "warehouse_id": "w", "treatment": ISSUE,
    }  # fmt: skip
    return SalesLine(**{**values, **more})


def an_order(*lines, charges=()):
    """An order of some lines."""
    return SalesOrder(
        id="o", type="sales", legal_entity_id="e", state="open", date="2026-03-02", occurred_at=0, customer_id=None, party_type="store",
        party_id="s", currency="EUR", exponent=2, price_includes_tax=False, warehouse_id="w", store_number="S", lines=lines, charges=charges,
    )  # fmt: skip


@pytest.mark.rule("RET-20")
@settings(max_examples=200, deadline=None)
@given(net=st.integers(-(10**9), 10**9), rate=st.integers(-1_000_000, 1_000_000), other=st.integers(-(10**9), 10**9))
def test_a_percentage_keeps_the_sign_of_its_base(net, rate, other):
    sign = -1 if net < 0 else 1
    lines = (a_line(1, sign * 1000, net), a_line(2, 1000, other))
    first, *_ = charges = (Charge(number=1, code="c", category="percent", value=rate, line_number=1), Charge(number=2, code="c", amount=777))
    order = an_order(*lines, charges=charges)
    amount = amount_of(first, order)
    assert amount == round_half_up(net * rate, 10**6)
    assert amount == 0 or (amount > 0) is ((net > 0) is (rate > 0))
    whole = amount_of(Charge(code="c", category="percent", value=rate), order)
    assert whole == round_half_up((net + other) * rate, 10**6), "charges do not compound: the other charge is no part of the base"


@pytest.mark.rule("RET-20", "RET-21")
@pytest.mark.parametrize(
    "charge, amount, total",
    [({"rate": "0.05"}, "-4.50", "-94.50"), ({"rate": "-0.05"}, "4.50", "-85.50"), ({"amount": "10.00"}, "10.00", "-80.00")],
)
def test_charges_on_goods_that_come_back(shop, charge, amount, total):
    lamp = shop.product("100.00", tax=None)
    order = shop.order({"product": lamp, "quantity": "-1", "discount": "-10.00"}, charges=[{"code": "handling", "line": 1, **charge}])
    assert ([found["amount"] for found in order["charges"]], order["total"]) == ([amount], total)
    shop.deliver(order)
    note = shop.invoice(order)
    assert (note["type"], note["total"]) == ("credit_note", total)
    booked = dict(shop.entries(shop.document("invoice", note["number"])))
    assert (booked["4200"], booked["1100"]) == (-round(100 * float(amount)), round(100 * float(total)))


def test_a_charge_for_each_piece_follows_the_quantity(shop):
    lamp = shop.product("10.00", tax=None)
    order = shop.order((lamp, "3"), (lamp, "-1"), charges=[{"code": "handling", "per_piece": "0.333", "line": 1}, {"code": "other", "per_piece": "0.50"}])
    assert [charge["amount"] for charge in order["charges"]] == ["1.00", "1.00"]
    assert [charge["category"] for charge in order["charges"]] == ["pieces", "pieces"]


@settings(max_examples=200, deadline=None)
@given(
    quantity=st.integers(1, 10**6),
    amount=st.integers(-(10**7), 10**7),
    taxes=st.lists(st.integers(-(10**6), 10**6), max_size=2),
    cuts=st.lists(st.integers(0, 10**6), max_size=6),
    late=st.integers(0, 6),
)
def test_a_charge_of_a_line_divides_with_it_and_ends_on_its_amount(quantity, amount, taxes, cuts, late):
    places = sorted({0, quantity, *(cut % quantity for cut in cuts)})
    begin = min(late, len(places) - 2)
    charge = Charge(number=1, line_number=1, code="c", amount=amount, taxes=tuple(LineTax(f"T{n}", 0, tax) for n, tax in enumerate(taxes)))
    billed, tax = 0, 0
    for start, end in list(pairwise(places))[begin:]:
        line = a_line(1, quantity, 0, counters=LineCounters(delivered=quantity, invoiced=start))
        known = Charge(number=1, line_number=1, code="c", amount=amount, taxes=charge.taxes, invoiced=billed)
        for found, part in due(an_order(line, charges=(known,)), {1: end - start}, {}):
            tax += sum(part_of_tax.amount for part_of_tax in taxes_of_part(found, billed, part))
            billed += part
            assert 0 <= billed * amount <= amount * amount
    assert (billed, tax) == (amount, sum(taxes) if amount else 0)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32), amount=st.integers(-(10**6), 10**6))
def test_a_charge_of_the_header_divides_by_net_amount_and_ends_on_its_amount(seed, amount):
    chance = random.Random(seed)
    whole = [chance.randint(1, 9000) for _ in range(chance.randint(1, 4))]
    nets = [chance.randint(-10_000, 10_000) for _ in whole]
    done, billed = [0] * len(whole), 0
    while done != whole:
        lines = tuple(
            a_line(n, quantity, net, counters=LineCounters(delivered=quantity, invoiced=before))
            for n, (quantity, net, before) in enumerate(zip(whole, nets, done, strict=True), 1)
        )
        taken = {n: chance.choice([0, chance.randint(0, q - d), q - d]) for n, (q, d) in enumerate(zip(whole, done, strict=True), 1)}
        billed += pro_rata(Charge(code="c", amount=amount, invoiced=billed), lines, taken)
        done = [before + taken[n] for n, before in enumerate(done, 1)]
        assert 0 <= billed * amount <= amount * amount
    assert billed == amount


@pytest.mark.parametrize("policy, parts", [("first", ["10.00"]), ("pro_rata", ["3.33", "6.67"])])
def test_the_setting_says_which_part_of_a_header_charge_an_invoice_takes(town, shop, policy, parts):
    lamp = shop.product("10.00", tax=None)
    town.set("sales.header_charges", "store", shop.rows("SELECT id FROM org_store WHERE number = ?", shop.store)[0][0], policy)
    order = shop.order((lamp, "3"), charges=[{"code": "freight", "amount": "10.00"}])
    shop.deliver(order)
    invoices = [shop.invoice(order, lines=[(1, "1")]), shop.invoice(order)]
    assert [charge["amount"] for invoice in invoices for charge in invoice["charges"]] == parts
    assert shop.do("sales.read_order", order=order["number"])["state"] == "invoiced"


@pytest.mark.rule("CO-21")
def test_a_charge_is_booked_and_taxed_as_its_code_says(shop):
    lamp = shop.product("10.00", tax=None)
    code = f"wrap{shop.store}"
    account = f"42-{shop.store}"
    shop.do("ledger.create_account", number=account, name="Wrapping", type="revenue")
    made = shop.do("sales.create_charge_code", code=code, name="Wrapping", tax_group="DOUBLE", account=account)
    order = shop.order((lamp, "1"), charges=[{"code": code, "amount": "10.00"}])
    assert (order["charges"][0]["tax"], order["total"]) == ("2.30", "22.30")
    shop.deliver(order)
    booked = shop.entries(shop.document("invoice", shop.invoice(order)["number"]))
    assert ((account, -1000) in booked, sum(amount for number, amount in booked if number == "2200")) == (True, -230)
    changed = shop.perform("sales.change_charge_code", {"charge_code": code, "active": False}, if_match=made["version"]).body
    assert (changed["active"], changed["version"]) == (False, 2)
    error = shop.refused("sales.create_order", {"store": shop.store, "lines": [{"product": lamp, "quantity": "1"}], "charges": [{"code": code, "amount": "1.00"}]})
    assert error.issues[0].code == "SALES_CHARGE_UNKNOWN"
    assert code in [item["code"] for item in shop.do("sales.list_charge_codes", limit=500)["items"]]
    assert shop.do("sales.read_charge_code", charge_code=made["id"])["tax_group"] == "DOUBLE"


@pytest.mark.parametrize(
    "given, code", [({"account_role": "receivable"}, "SALES_CHARGE_ACCOUNT"), ({"tax_group": "NOWHERE"}, "SALES_CHARGE_TAX_GROUP")]
)
def test_a_charge_code_that_cannot_be_booked_or_taxed_is_refused(shop, given, code):
    error = shop.refused("sales.create_charge_code", {"code": "odd", "name": "Odd", **given})
    assert [issue.code for issue in error.issues] == [code]


@pytest.mark.rule("RET-19")
def test_charges_of_several_acts_stand_beside_each_other(shop):
    order = shop.order((shop.product("10.00", tax=None), "1"))
    shop.do("sales.add_charges", order=order["number"], charges=[{"code": "handling", "amount": "10.00"}])
    twice = shop.do("sales.add_charges", order=order["number"], charges=[{"code": "handling", "amount": "5.00"}])
    assert [(charge["amount"], charge["origin"]) for charge in twice["charges"]] == [("10.00", "act"), ("5.00", "act")]
    draft = shop.do("sales.start_edit", order=order["number"])
    shop.perform("sales.recalculate_draft", {"draft": draft["id"]}, if_match=1)
    done = shop.do("sales.commit_draft", draft=draft["id"])
    assert [charge["amount"] for charge in done["charges"]] == ["10.00", "5.00"]


@pytest.mark.rule("CO-20")
def test_shipping_is_charged_under_its_code_and_invoiced(shop):
    order = shop.order((shop.product("10.00", tax=None), "2"))
    charged = shop.do("sales.add_charges", order=order["number"], charges=[{"code": "freight", "amount": "4.95"}])
    assert (charged["charges"][0]["code"], charged["total"]) == ("freight", "24.95")
    shop.deliver(order)
    invoice = shop.invoice(order)
    assert ([charge["code"] for charge in invoice["charges"]], invoice["total"]) == (["freight"], "24.95")


def test_a_charge_can_be_changed_and_removed_until_it_is_billed(shop):
    lamp = shop.product("10.00", tax=None)
    order = shop.order((lamp, "2"), charges=[{"code": "freight", "amount": "4.95"}, {"code": "handling", "amount": "1.00"}])
    place = {"order": order["number"], "charge": "1"}
    changed = shop.perform("sales.change_charge", {**place, "amount": "3.00"}, if_match=order["version"]).body
    assert (changed["charges"][0]["amount"], changed["charges"][0]["overridden"], changed["total"]) == ("3.00", True, "24.00")
    removed = shop.perform("sales.remove_charge", {**place, "charge": "2"}, if_match=changed["version"]).body
    assert ([charge["charge"] for charge in removed["charges"]], removed["total"]) == ([1], "23.00")
    assert shop.refused("sales.remove_charge", place, if_match=1).status == 412
    shop.deliver(order, lines=[(1, "1")])
    shop.invoice(order)
    assert shop.refused("sales.change_charge", {**place, "amount": "1.00"}).issues[0].code == "SALES_CHARGE_INVOICED"
    assert shop.refused("sales.remove_charge", {**place, "charge": "9"}).status == 404


def test_a_reason_is_asked_for_where_the_setting_says_so(town, shop):
    store = shop.rows("SELECT id FROM org_store WHERE number = ?", shop.store)[0][0]
    town.set("sales.charge_reason_required", "store", store, "true")
    order = shop.order((shop.product("10.00"), "1"), charges=[{"code": "freight", "amount": "4.95"}])
    asked = {"order": order["number"], "charge": "1", "amount": "1.00"}
    assert shop.refused("sales.change_charge", asked).issues[0].code == "SALES_REASON_NEEDED"
    assert shop.refused("sales.change_charge", {**asked, "reason": "NONE"}).issues[0].code == "SALES_REASON_UNKNOWN"
    code = f"GOODWILL{shop.store}"
    shop.do("org.create_reason_code", code=code, purpose="charge_override", name="Goodwill")
    assert shop.do("sales.change_charge", **asked, reason=code)["charges"][0]["reason"] == code


def sold(shop, lamp, amount="5.00", code="handling"):
    """An invoiced order with a charge."""
    order = shop.order((lamp, "1"), charges=[{"code": code, "amount": amount}])
    shop.deliver(order)
    shop.invoice(order)
    return order


def refund(shop, lamp, order, amount, code="handling"):
    """The request of an order that takes goods back and gives the charge of another back."""
    charge = {"code": code, "amount": amount, "refund_of": {"order": order["number"], "charge": 1}}
    return {"store": shop.store, "lines": [{"product": lamp, "quantity": "-1"}], "charges": [charge]}


def test_no_more_of_a_charge_is_given_back_than_was_billed(shop):
    lamp = shop.product("10.00", tax=None)
    order = sold(shop, lamp)
    shop.do("sales.create_order", **refund(shop, lamp, order, "-3.00"))
    assert shop.refused("sales.create_order", refund(shop, lamp, order, "-2.01")).issues[0].code == "BALANCE_EXCEEDED"
    back = shop.do("sales.create_order", **refund(shop, lamp, order, "-2.00"))
    assert shop.do("sales.read_order", order=order["number"])["charges"][0]["refunded"] == "5.00"
    shop.do("sales.remove_charge", order=back["number"], charge="1")
    assert shop.do("sales.read_order", order=order["number"])["charges"][0]["refunded"] == "3.00"
    assert shop.refused("sales.create_order", refund(shop, lamp, order, "1.00")).issues[0].code == "SALES_CHARGE_SIGN"
    assert verify(shop.engine) == []


@pytest.mark.rule("CO-62")
def test_more_shipping_may_be_given_back_than_was_paid(shop):
    lamp = shop.product("10.00", tax=None)
    order = sold(shop, lamp, "10.00", "freight")
    for amount in ("-10.00", "-8.00"):
        shop.do("sales.create_order", **refund(shop, lamp, order, amount, "freight"))
    assert shop.do("sales.read_order", order=order["number"])["charges"][0]["refunded"] == "18.00"
    assert verify(shop.engine) == []


def test_a_code_that_is_not_refundable_is_not_given_back(shop):
    lamp, code = shop.product("10.00", tax=None), f"fee{shop.store}"
    shop.do("sales.create_charge_code", code=code, name="Fee", is_refundable=False)
    order = sold(shop, lamp, code=code)
    assert shop.refused("sales.create_order", refund(shop, lamp, order, "-1.00", code)).issues[0].code == "SALES_CHARGE_NOT_REFUNDABLE"


@pytest.mark.parametrize("given", [{}, {"amount": "1.00", "rate": "0.1"}, {"rate": "0.1", "per_piece": "1"}])
def test_a_charge_has_one_amount(shop, given):
    request = {"store": shop.store, "lines": [{"product": shop.product(), "quantity": "1"}], "charges": [{"code": "freight", **given}]}
    assert shop.refused("sales.create_order", request).issues[0].code == "SALES_CHARGE_AMOUNT"
