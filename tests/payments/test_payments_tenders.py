"""Tenders: coins and rounding, what stays on an account, cash of a drawer, and the totals of a day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kassa.kernel.contributions import Operation, Report
from kassa.kernel.engine import Request
from kassa.kernel.errors import Refused
from kassa.kernel.permissions import SYSTEM
from kassa.payments.tenders import in_coins, settle_up
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance

AR, CASH, CARD = "1100 Trade receivables", "1001 Clearing cash", "1002 Clearing card"
ROUNDING, SAFE, PETTY = "5900 Cash rounding", "1090 Safe", "5950 Petty cash expenses"


def refused(till, operation, command):
    with pytest.raises(Refused) as caught:
        till.perform(operation, command)
    return [(issue.code, issue.pointer) for issue in caught.value.issues]


def totals(till, **parameters):
    """Run the report of a day as its hosts do."""
    report = till.engine.registry.get(Report, "payments.totals")
    operation = Operation(
        name="report", summary="Report", effect="read", request=report.parameters, response=report.parameters, permission=report.permission,
        handler=lambda command, context: None,
    )  # fmt: skip
    request = Request(
        operation=operation, command=None, actor=SYSTEM, legal_entity_id=till.legal_entity_id, once=None, now=till.engine.clock.now(),
        origin="live", request_id=None, if_match=None, preview=False,
    )  # fmt: skip
    with till.engine.database.snapshot() as read:
        context = till.engine.context(request, read, till.engine.revisions(read))
        return [dict(zip(report.columns, row, strict=True)) for row in report.run(read, report.parameters(**parameters), context)]


def test_cash_is_rounded_to_its_smallest_coin(till):
    till.set_setting("payments.cash_rounding", "5")
    sale = till.sell(line("LAMP", unit_price="32.21"), payments={"cash": "40.00"})
    assert (sale["total"], sale["change"], sale["payments"][0]["amount"]) == ("32.21", "7.80", "32.20")
    assert_voucher(till, sale["payments"][0]["number"], [(CASH, "32.20", None), (ROUNDING, "0.01", None), (AR, None, "32.21")])
    up = till.sell(line("LAMP", unit_price="32.23"), payments={"card": "12.00", "cash": "20.25"})
    assert_voucher(till, up["payments"][1]["number"], [(CASH, "20.25", None), (ROUNDING, None, "0.02"), (AR, None, "20.23")])
    back = till.sell(line("LAMP", "-1", unit_price="32.21"), payments={"cash": "-32.20"})
    assert_voucher(till, back["payments"][0]["number"], [(AR, "32.21", None), (CASH, None, "32.20"), (ROUNDING, None, "0.01")])
    exact = till.sell(line("LAMP", unit_price="32.21"), payments={"card": "32.21"})
    assert_voucher(till, exact["payments"][0]["number"], [(CARD, "32.21", None), (AR, None, "32.21")])
    assert AR not in trial_balance(till)
    read = till.perform("payments.read", {"payment": sale["payments"][0]["number"]})
    assert (read["rounding"], read["open"]) == ("0.01", "0.00")
    assert_sound(till)


def test_coins_that_do_not_exist_are_refused(till):
    till.set_setting("payments.cash_rounding", "5")
    short = {"store": "S001", "lines": [line("LAMP", unit_price="32.21")], "payments": [{"tender": "cash", "amount": "32.15"}]}
    assert refused(till, "sales.sell", short) == [("SALES_TENDER_UNBALANCED", "/payments")]
    odd = {"customer": "C0001", "tender": "cash", "amount": "0.03", "store": "S001"}
    assert refused(till, "payments.take", odd) == [("PAYMENT_COINS", "/tender")]
    till.credit_note("10.02")
    back = till.refund("cash")["payment"]
    assert_voucher(till, back["number"], [(AR, "10.02", None), (CASH, None, "10.00"), (ROUNDING, None, "0.02")])
    assert till.open_items("C0001") == {}
    assert_sound(till)


def test_a_contributed_tender_has_coins_of_its_own(open_till, load_probe):
    till = open_till(gift=load_probe("gift"))
    sale = till.sell(line("LAMP", unit_price="9.90"), payments={"gift_coins": "10.00"})
    number = sale["payments"][0]["number"]
    assert_voucher(till, number, [("1060 Tokens of the fair", "10.00", None), (ROUNDING, None, "0.10"), (AR, None, "9.90")])
    assert_sound(till)


AMOUNTS = st.integers(-5000, 5000)


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.booleans()), min_size=1, max_size=4), st.integers(0, 9000), st.sampled_from([1, 5, 10, 25])
)
def test_what_is_kept_and_rounded_is_the_total_where_enough_was_given(given_, total, coin):
    amounts = [in_coins(amount, coin) if cash else amount for amount, cash in given_]
    units = [coin if cash else 1 for _, cash in given_]
    settled = settle_up(amounts, units, [cash for _, cash in given_], total)
    assert abs(settled.rounding) * 2 <= coin
    assert all(0 <= kept <= amount for kept, amount in zip(settled.kept, amounts, strict=True))
    handed_back = sum(amounts) - sum(settled.kept)
    assert 0 <= handed_back <= settled.change
    if handed_back == settled.change and sum(amounts) + settled.rounding >= total:
        assert sum(settled.kept) + settled.rounding == total
    if settled.rounding:
        assert all(kept % unit == 0 for kept, unit in zip(settled.kept, units, strict=True) if unit > 1)


def test_what_goes_on_account_is_not_booked_and_stays_open(till):
    sale = till.sell(line("LAMP"), customer="C0001", payments={"cash": "30.00", "customer_account": "70.00"})
    assert [(payment["tender"], payment["amount"]) for payment in sale["payments"]] == [("cash", "30.00")]
    assert till.open_items("C0001") == {sale["invoice"]: "70.00"}
    nobody = {"store": "S001", "lines": [line("LAMP")], "payments": [{"tender": "customer_account", "amount": "100.00"}]}
    assert refused(till, "sales.sell", nobody) == [("PAYMENT_ACCOUNT_OF_NOBODY", "/payments/0/tender")]
    take = {"customer": "C0001", "tender": "customer_account", "amount": "1.00", "store": "S001"}
    assert refused(till, "payments.take", take) == [("PAYMENT_TENDER_NOT_ALLOWED", "/tender")]
    assert_sound(till)


def test_cash_moves_between_drawer_and_safe(till):
    def move(kind, amount, **more):
        return till.perform("payments.move_cash", {"type": kind, "amount": amount, "store": "S001", **more})

    put = move("float_entry", "150.00")
    assert (put["number"], put["amount"]) == ("DR-S001-000001", "150.00")
    assert_voucher(till, put["number"], [(CASH, "150.00", None), (SAFE, None, "150.00")])
    assert_voucher(till, move("safe_drop", "100.00")["number"], [(SAFE, "100.00", None), (CASH, None, "100.00")])
    assert_voucher(till, move("petty_cash", "7.50", note="Stamps")["number"], [(PETTY, "7.50", None), (CASH, None, "7.50")])
    wrong = {"type": "safe_drop", "amount": "1.00", "tender": "card", "store": "S001"}
    assert refused(till, "payments.move_cash", wrong) == [("PAYMENT_TENDER_NOT_ALLOWED", "/tender")]
    assert refused(till, "payments.move_cash", wrong | {"tender": "cash", "amount": "0"}) == [("PAYMENT_AMOUNT", "/amount")]
    assert_sound(till)


def test_the_totals_of_a_day(till, clock):
    till.set_setting("payments.cash_rounding", "5")
    till.sell(line("LAMP", unit_price="32.21"), payments={"cash": "40.00"})
    till.sell(line("LAMP"), payments={"card": "100.00"})
    till.credit_note("20.00")
    till.refund("cash", amount="20.00")
    till.pay("C0001", "50.00", tender="card")
    wrong = till.pay("C0001", "9.00", tender="card")["number"]
    till.perform("payments.void", {"payment": wrong})
    till.perform("payments.move_cash", {"type": "safe_drop", "amount": "10.00", "store": "S001"})
    rows = totals(till)
    assert [
        (row["register"], row["tender"], row["payments"], row["taken"], row["paid_out"], row["moved"], row["total"], row["rounding"])
        for row in rows
    ] == [
        ("S001", "card", 4, "150.00", "0.00", "0.00", "150.00", "0.00"),
        ("S001", "cash", 2, "32.20", "-20.00", "-10.00", "2.20", "0.01"),
    ]
    assert trial_balance(till)[CASH] == "2.20"
    assert totals(till, store="S001") == rows
    clock.advance(days=1)
    assert totals(till) == []
    assert totals(till, date="2026-11-21") == rows
