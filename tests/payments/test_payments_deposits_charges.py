"""Deposits of orders with charges, and of orders that are cancelled or changed; the worked examples to the cent."""

from decimal import Decimal

import pytest

from kassa.kernel.errors import Refused
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance

AR, CASH, CARD = "1100 Trade receivables", "1001 Clearing cash", "1002 Clearing card"
PREPAY, REVENUE, CHARGES = "2300 Customer prepayments", "4000 Revenue", "4200 Charge income"
COST, INVENTORY, FORFEITED = "5000 Cost of goods sold", "1300 Inventory", "4300 Forfeited deposits"


def refused(till, operation, command):
    with pytest.raises(Refused) as caught:
        till.perform(operation, command)
    return [(issue.code, issue.pointer) for issue in caught.value.issues]


def number_of(answer, place=0):
    return answer["payments"][place]["number"]


def test_e3_cancelling_bills_the_charge_and_gives_the_rest_back(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    done, deposits = till.cancel(order, "5.00", cash="5.00")
    assert (done["order"]["state"], done["invoice"]["total"], done["invoice"]["due"]) == ("cancelled", "5.00", "0.00")
    assert (deposits["applied"], deposits["refunded"], deposits["left"]) == ("5.00", "5.00", "0.00")
    billed = [(AR, "5.00", None), (CHARGES, None, "5.00"), (PREPAY, "5.00", None), (AR, None, "5.00")]
    assert_voucher(till, done["invoice"]["number"], billed)
    assert_voucher(till, number_of(done), [(PREPAY, "5.00", None), (CASH, None, "5.00")])
    balance = trial_balance(till)
    assert (balance[CASH], balance[CHARGES]) == ("5.00", "-5.00")
    assert not set(balance) & {AR, PREPAY, REVENUE}
    assert_sound(till)


def test_e4_what_the_deposit_does_not_cover_is_owed(till):
    order = till.two_lines()
    till.deposit(order, cash="3.00")
    done, _ = till.cancel(order, "5.00")
    billed = [(AR, "5.00", None), (CHARGES, None, "5.00"), (PREPAY, "3.00", None), (AR, None, "3.00")]
    assert_voucher(till, done["invoice"]["number"], billed)
    payment = till.pay("C0001", "2.00", tender="cash")
    assert_voucher(till, payment["number"], [(CASH, "2.00", None), (AR, None, "2.00")])
    assert till.open_items("C0001") == {}
    assert_sound(till)


def test_e5_what_was_picked_up_stays_and_the_rest_is_cancelled(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    till.deliver(order, {1: "1"})
    (invoice,) = till.invoice(order)
    assert invoice["deposit"] == "4.00"
    done, deposits = till.cancel(order, "3.00", cash="3.00")
    assert (done["order"]["state"], done["order"]["total"], done["invoice"]["due"]) == ("invoiced", "43.00", "0.00")
    assert (deposits["applied"], deposits["refunded"], deposits["left"]) == ("7.00", "3.00", "0.00")
    assert PREPAY not in trial_balance(till)
    assert_sound(till)


@pytest.mark.parametrize("deposit_first", [False, True])
def test_e6_what_is_carried_out_is_paid_in_full_and_the_rest_by_deposit(till, deposit_first):
    """Carry out 40, ship 60 with freight of 10 on its line: due now 40 + 7 = 47, at shipment 63."""
    order = till.two_lines(charges=[{"code": "freight", "amount": "10.00", "line": 2}])
    if deposit_first:
        deposit = till.deposit(order, cash="7.00")
    till.deliver(order, {1: "1"})
    (carried,) = till.perform("sales.post_invoices", {"orders": [{"order": order, **({"deposit": "0"} if deposit_first else {})}]})["invoices"]
    assert (carried["total"], carried["deposit"], carried["due"]) == ("40.00", "0.00", "40.00")
    now = till.pay("C0001", carried["due"], tender="cash")
    if not deposit_first:
        deposit = till.deposit(order, cash="7.00")
    assert_voucher(till, now["number"], [(CASH, "40.00", None), (AR, None, "40.00")])
    assert_voucher(till, number_of(deposit), [(CASH, "7.00", None), (PREPAY, None, "7.00")])
    assert trial_balance(till)[CASH] == "47.00"
    (shipped,) = till.invoice(order, quantity_basis="all")
    assert (shipped["total"], shipped["deposit"], shipped["due"]) == ("70.00", "7.00", "63.00")
    assert_voucher(
        till,
        shipped["number"],
        [
            (AR, "70.00", None), (REVENUE, None, "60.00"), (CHARGES, None, "10.00"), (COST, "36.00", None), (INVENTORY, None, "36.00"),
            (PREPAY, "7.00", None), (AR, None, "7.00"),
        ],
    )  # fmt: skip
    assert_sound(till)


@pytest.mark.parametrize(
    "how, line_of_charge, applied",
    [
        ("first", None, ["4.55", "2.73", "2.72"]),
        ("pro_rata", None, ["4.00", "3.00", "3.00"]),
        ("first", 2, ["3.64", "3.18", "3.18"]),
    ],
)
def test_charges_that_are_not_billed_yet_bear_their_share_of_a_deposit(till, how, line_of_charge, applied):
    """A chair of 40 and two tables of 30 with freight of 10: whoever bills the freight, 10.00 of deposit are used up to the cent."""
    till.set_setting("sales.header_charges", how)
    charge = {"code": "freight", "amount": "10.00"} | ({"line": line_of_charge} if line_of_charge else {})
    order = till.order(line("CHAIR"), line("TABLE", "2", unit_price="30.00"), customer="C0001", charges=[charge])["number"]
    assert refused(till, "sales.take_deposit", {"order": order, "payments": [{"tender": "cash", "amount": "110.01"}]}) == [
        ("SALES_DEPOSIT_TOO_LARGE", "/payments")
    ]
    till.deposit(order, cash="10.00")
    found = []
    for number in (1, 2, 2):
        till.deliver(order, {number: "1"})
        (invoice,) = till.invoice(order)
        found.append(invoice["deposit"])
    assert found == applied
    assert sum(map(Decimal, found)) == Decimal("10.00")
    assert_sound(till)


def test_a_charge_billed_in_part_counts_with_what_is_left_of_it(till):
    till.set_setting("sales.header_charges", "pro_rata")
    order = till.two_lines(charges=[{"code": "freight", "amount": "10.00"}])
    till.deliver(order, {1: "1"})
    (invoice,) = till.invoice(order)
    assert invoice["total"] == "44.00"
    assert refused(till, "sales.take_deposit", {"order": order, "payments": [{"tender": "cash", "amount": "66.01"}]}) == [
        ("SALES_DEPOSIT_TOO_LARGE", "/payments")
    ]
    till.deposit(order, cash="66.00")
    (last,) = till.invoice(order, quantity_basis="all")
    assert (last["total"], last["due"]) == ("66.00", "0.00")
    assert_sound(till)


def test_an_order_does_not_end_with_a_deposit(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    cancel = {"order": order}
    assert refused(till, "sales.cancel_order", cancel) == [("SALES_DEPOSIT_LEFT", "/order")]
    assert refused(till, "sales.cancel_order", cancel | {"refunds": [{"tender": "cash", "amount": "9.00"}]}) == [
        ("SALES_DEPOSIT_LEFT", "/order")
    ]
    more = cancel | {"refunds": [{"tender": "cash", "amount": "11.00"}]}
    assert refused(till, "sales.cancel_order", more) == [("SALES_DEPOSIT_EXCEEDED", "/refunds/0/amount")]
    done, deposits = till.cancel(order, cash="4.00", forfeit=True)
    assert (done["order"]["state"], deposits["refunded"], deposits["forfeited"], deposits["left"]) == ("cancelled", "4.00", "6.00", "0.00")
    assert trial_balance(till) == {**trial_balance(till), FORFEITED: "-6.00", CASH: "6.00"}
    assert [code for code, _ in refused(till, "sales.cancel_order", cancel)] == ["SALES_NOTHING_OPEN"]
    assert_sound(till)


def test_an_order_does_not_end_with_a_deposit_by_a_change_either(till):
    order = till.two_lines()
    till.deposit(order, cash="10.00")
    every = {"order": order, "lines": [{"line": 1}, {"line": 2}]}
    assert refused(till, "sales.cancel_lines", every) == [("SALES_DEPOSIT_LEFT", "/order")]
    draft = till.perform("sales.start_edit", {"order": order})
    edit = {"draft": draft["id"], "remove_lines": [1, 2]}
    draft = till.perform("sales.change_draft", edit, if_match=draft["version"])
    assert refused(till, "sales.commit_draft", {"draft": draft["id"]}) == [("SALES_DEPOSIT_LEFT", "/order")]
    till.perform("sales.cancel_lines", {"order": order, "lines": [{"line": 2}]})
    (invoice,) = till.invoice(order, quantity_basis="all")
    assert (invoice["total"], invoice["deposit"]) == ("40.00", "10.00")
    assert_sound(till)
