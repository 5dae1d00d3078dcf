"""Processors: nothing is charged twice and nothing is lost, whatever the processor does and wherever the process ends."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import IdempotencyConflict, Refused, Unavailable
from kassa.payments.processor import PORT
from kassa.payments.sandbox import Sandbox
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance

AR, ONLINE, PREPAY = "1100 Trade receivables", "1004 Clearing card by processor", "2300 Customer prepayments"
LIFETIME = 16


@pytest.fixture(autouse=True)
def processor_on(till):
    till.set_setting("payments.processor", "on")


def sell(till, token="sandbox", amount="100.00", key=None, customer="C0001", quantity="1"):
    command = {
        "store": "S001", "lines": [line("LAMP", quantity)], "customer": customer,
        "payments": [{"tender": "card_online", "amount": amount, "token": token}],
    }  # fmt: skip
    return till.perform(
        "sales.sell", {name: value for name, value in command.items() if value is not None}, **({"key": key} if key else {})
    )


def refund(till, paid, amount="40.00"):
    command = {"customer": "C0001", "tender": "card_online", "payment": paid, "amount": amount, "store": "S001"}
    return till.perform("payments.refund", command)["payment"]["number"]


def held(till):
    """What the processor took less what it gave back, in minor units."""
    return sum(hold.captured - hold.refunded for hold in till.sandbox.holds.values())


def done(till, action):
    """How often the processor was called for an action."""
    return sum(1 for called, _ in till.sandbox.calls if called == action)


def settle(till):
    """Let the worker work until nothing is left to send."""
    for _ in range(6):
        till.dispatch()


def test_a_card_is_authorised_before_the_sale_and_captured_after_it(till):
    sale = sell(till)
    assert [action for action, _ in till.sandbox.calls] == ["authorise"]
    assert till.intents() == {"authorise": "used", "capture": "planned"}
    assert_voucher(till, sale["payments"][0]["number"], [(ONLINE, "100.00", None), (AR, None, "100.00")])
    settle(till)
    assert [action for action, _ in till.sandbox.calls] == ["authorise", "capture"]
    assert till.intents() == {"authorise": "used", "capture": "done"}
    assert held(till) == 10_000
    assert_sound(till)


@pytest.mark.rule("INV-17")
def test_a_refund_by_card_is_carried_out_by_the_processor(till):
    paid = sell(till)["payments"][0]["number"]
    settle(till)
    till.credit_note("100.00")
    number = refund(till, paid)
    assert_voucher(till, number, [(AR, "40.00", None), (ONLINE, None, "40.00")])
    assert held(till) == 10_000, "nothing leaves before the commit"
    settle(till)
    assert (held(till), till.intents()["refund"]) == (6_000, "done")
    shown = till.perform("payments.list_intents", {"payment": number})["items"]
    assert [(found["action"], found["state"], found["amount"]) for found in shown] == [("refund", "done", "40.00")]
    unlinked = {"customer": "C0001", "tender": "card_online", "store": "S001"}
    with pytest.raises(Refused) as caught:
        till.perform("payments.refund", unlinked)
    assert caught.value.code == "CO_REFUND_TENDER_NOT_ALLOWED"
    assert_sound(till)


@pytest.mark.parametrize("way", ["timeout_before", "timeout_after", "down"])
@pytest.mark.parametrize("action", ["capture", "refund", "void"])
def test_whatever_is_not_answered_is_found_out(till, clock, action, way):
    """The first call is lost; afterwards the money has moved exactly once."""
    token = f"sandbox-{action}-{way}"
    if action == "void":
        with pytest.raises(Refused):
            sell(till, token, amount="1100.00", quantity="11")
        clock.advance(minutes=LIFETIME)
    else:
        paid = sell(till, token)["payments"][0]["number"]
    if action == "refund":
        settle(till)
        till.credit_note("100.00")
        refund(till, paid)
    till.dispatch()
    till.dispatch()
    first = till.intents()[action]
    settle(till)
    assert first in ("planned", "unknown", "done")
    assert till.intents()[action] == "done"
    assert held(till) == {"capture": 10_000, "refund": 6_000, "void": 0}[action]
    assert all(hold.voided for hold in till.sandbox.holds.values()) is (action == "void")
    if way == "timeout_after":
        assert done(till, action) == 1, "it was asked for, not done again"
    assert_sound(till)


@pytest.mark.parametrize("way", ["timeout_before", "timeout_after"])
def test_an_authorisation_without_answer_is_asked_for(till, way):
    sell(till, f"sandbox-authorise-{way}")
    settle(till)
    assert (held(till), len(till.sandbox.holds)) == (10_000, 1)
    assert_sound(till)


def test_a_processor_that_is_down_refuses_the_sale_and_the_same_request_goes_on(till):
    with pytest.raises(Unavailable):
        sell(till, "sandbox-authorise-down", key="one")
    assert till.intents() == {"authorise": "planned"}
    assert trial_balance(till).get(ONLINE) is None
    sale = sell(till, "sandbox-authorise-down", key="one")
    assert sell(till, "sandbox-authorise-down", key="one") == sale
    settle(till)
    assert (held(till), till.intents()) == (10_000, {"authorise": "used", "capture": "done"})
    assert_sound(till)


def test_a_declined_card_refuses_the_sale(till):
    with pytest.raises(Refused) as caught:
        sell(till, "sandbox-authorise-decline", key="one")
    assert [(issue.code, issue.pointer) for issue in caught.value.issues] == [("PAYMENT_DECLINED", "/payments")]
    with pytest.raises(Refused, match="the token says so"):
        sell(till, "sandbox-authorise-decline", key="one")
    assert done(till, "authorise") == 1
    settle(till)
    assert till.intents() == {"authorise": "declined"}
    assert_sound(till)


def test_a_sale_that_is_refused_after_the_authorisation_gives_it_back(till, clock):
    with pytest.raises(Refused) as caught:
        sell(till, amount="1100.00", quantity="11", key="one")
    assert caught.value.code == "STOCK_SHORTAGE"
    till.dispatch()
    assert till.intents() == {"authorise": "done"}, "the same request may still come again"
    till.adjust({"LAMP": "1"})
    clock.advance(minutes=LIFETIME)
    settle(till)
    assert till.intents() == {"authorise": "released", "void": "done"}
    assert [hold.voided for hold in till.sandbox.holds.values()] == [True]
    with pytest.raises(Refused) as caught:
        sell(till, amount="1100.00", quantity="11", key="one")
    assert caught.value.code == "PAYMENT_AUTHORISATION_GONE"
    sell(till, amount="1100.00", quantity="11", key="two")
    settle(till)
    assert held(till) == 110_000
    assert_sound(till)


def test_a_sale_that_comes_again_uses_the_authorisation_of_the_first_try(till, clock):
    with pytest.raises(Refused):
        sell(till, amount="1100.00", quantity="11", key="one")
    till.adjust({"LAMP": "1"})
    sell(till, amount="1100.00", quantity="11", key="one")
    with pytest.raises(IdempotencyConflict):
        sell(till, amount="100.00", key="one")
    clock.advance(minutes=LIFETIME)
    settle(till)
    assert (done(till, "authorise"), held(till)) == (1, 110_000)
    assert till.intents() == {"authorise": "used", "capture": "done"}
    assert_sound(till)


def test_a_till_gives_an_authorisation_back_at_once(till):
    with pytest.raises(Refused):
        sell(till, amount="1100.00", quantity="11")
    ((intent,),) = till.rows("SELECT document_id FROM payments_intent")
    till.perform("payments.release_authorisation", {"intent": intent})
    assert till.perform("payments.release_authorisation", {"intent": intent})["state"] == "released"
    settle(till)
    assert till.intents() == {"authorise": "released", "void": "done"}
    assert_sound(till)


def test_a_declined_capture_voids_the_payment(till):
    sale = sell(till, "sandbox-capture-decline")
    till.credit_note("50.00")
    refund(till, sale["payments"][0]["number"])
    settle(till)
    assert till.intents() == {"authorise": "used", "capture": "declined", "refund": "declined"}
    assert held(till) == 0
    assert done(till, "refund") == 0
    balance = trial_balance(till)
    assert ONLINE not in balance
    assert balance[AR] == "50.00", "the sale is owed again, less the credit note"
    assert_sound(till)


def test_cash_that_was_given_back_of_a_declined_payment_is_owed(till):
    sale = sell(till, "sandbox-capture-decline")
    till.credit_note("40.00")
    till.perform("payments.refund", {"customer": "C0001", "tender": "cash", "payment": sale["payments"][0]["number"], "store": "S001"})
    settle(till)
    balance = trial_balance(till)
    assert (balance[AR], balance["1001 Clearing cash"]) == ("100.00", "-40.00")
    assert_sound(till)


def test_a_declined_refund_is_owed_again(till):
    paid = sell(till, "sandbox-refund-decline")["payments"][0]["number"]
    settle(till)
    till.credit_note("100.00")
    refund(till, paid)
    settle(till)
    assert (held(till), till.intents()["refund"]) == (10_000, "declined")
    assert trial_balance(till)[AR] == "-100.00"
    assert till.rows("SELECT captured, refunded FROM payments_capture WHERE captured = 10000") == [(10_000, 0)]
    assert_sound(till)


def test_a_declined_capture_takes_a_deposit_back(till):
    order = till.two_lines()
    deposit = {"order": order, "payments": [{"tender": "card_online", "amount": "10.00", "token": "sandbox-capture-decline"}]}
    number = till.perform("sales.take_deposit", deposit)["payments"][0]["number"]
    assert_voucher(till, number, [(ONLINE, "10.00", None), (PREPAY, None, "10.00")])
    settle(till)
    assert till.perform("sales.read_deposits", {"order": order})["left"] == "0.00"
    till.perform("sales.take_deposit", deposit)
    (invoice,) = till.invoice(order, quantity_basis="all")
    assert invoice["due"] == "90.00"
    settle(till)
    balance = trial_balance(till)
    assert balance[AR] == "100.00", "the deposit was used before it was declined: the customer owes it"
    assert not set(balance) & {ONLINE, PREPAY}
    assert_sound(till)


def test_a_voided_payment_is_given_back_by_the_processor(till):
    paid = sell(till)["payments"][0]["number"]
    till.perform("payments.void", {"payment": paid})
    settle(till)
    assert till.intents() == {"authorise": "used", "capture": "done", "refund": "done"}
    assert [action for action, _ in till.sandbox.calls] == ["authorise", "capture", "refund"]
    assert held(till) == 0
    assert_sound(till)


def test_an_answer_about_another_amount_is_not_believed(till):
    sell(till, "sandbox-capture-wrong_amount")
    settle(till)
    assert till.intents()["capture"] == "unknown"
    reasons = till.rows("SELECT outcome, reason FROM payments_intent_result ORDER BY id")
    assert reasons[-1] == ("unknown", "the processor speaks of 100.01 EUR")
    ((capture,),) = till.rows("SELECT document_id FROM payments_intent WHERE parent_id IS NOT NULL")
    wrong = {"intent": capture, "outcome": "approved", "amount": "100.01", "currency": "EUR"}
    with pytest.raises(Refused) as caught:
        till.perform("payments.record_result", wrong)
    assert caught.value.code == "PAYMENT_RESULT_AMOUNT"
    till.perform("payments.record_result", wrong | {"amount": "100.00", "reference": "by telephone"})
    assert till.intents()["capture"] == "done"
    assert_sound(till)


def test_an_answer_that_comes_twice_changes_nothing_and_one_that_contradicts_is_refused(till):
    sell(till)
    settle(till)
    ((capture,),) = till.rows("SELECT document_id FROM payments_intent WHERE parent_id IS NOT NULL")
    before = trial_balance(till)
    again = till.perform("payments.record_result", {"intent": capture, "outcome": "approved"})
    assert (again["state"], again["action"]) == ("done", "capture")
    with pytest.raises(Refused) as caught:
        till.perform("payments.record_result", {"intent": capture, "outcome": "declined"})
    assert caught.value.code == "PAYMENT_RESULT_CONTRADICTS"
    assert trial_balance(till) == before
    assert_sound(till)


def test_a_card_without_a_token_is_refused(till):
    command = {
        "store": "S001", "customer": "C0001", "lines": [line("LAMP")],
        "payments": [{"tender": "card_online", "amount": "60.00", "token": "sandbox"}, {"tender": "card_online", "amount": "40.00"}],
    }  # fmt: skip
    with pytest.raises(Refused) as caught:
        till.perform("sales.sell", command)
    assert caught.value.code == "PAYMENT_TOKEN_NEEDED"


def test_a_preview_asks_no_processor(till):
    operation, command = till.sale(line("LAMP"), payments=[{"tender": "card_online", "amount": "100.00", "token": "sandbox"}])
    preview = till.preview(operation, command)
    assert preview["issues"] == []
    assert (till.sandbox.calls, till.intents()) == ([], {})


def test_without_a_processor_its_tenders_are_refused(till):
    till.set_setting("payments.processor", "off")
    with pytest.raises(Refused) as caught:
        sell(till)
    assert caught.value.code == "PAYMENT_PROCESSOR_OFF"
    assert till.sandbox.calls == []


def reopened(till, make_engine, clock):
    """The same database in a new engine, as after a kill; the processor lives on."""
    engine = make_engine(clock=clock, url=till.engine.database.url)
    engine.services.replace(PORT, till.sandbox)
    till.engine = engine
    return till


@pytest.mark.parametrize("way", ["", "-capture-timeout_after", "-capture-down"])
def test_a_kill_between_commit_and_sending_loses_nothing(till, make_engine, clock, way):
    sell(till, f"sandbox{way}")
    till = reopened(till, make_engine, clock)
    settle(till)
    assert (till.intents(), held(till)) == ({"authorise": "used", "capture": "done"}, 10_000)


def test_a_kill_after_sending_does_not_send_twice(till, make_engine, clock, monkeypatch):
    """The processor took the money and the process ended before that was written down."""
    sell(till)

    def killed(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("kassa.payments.sending._record", killed)
    with pytest.raises(KeyboardInterrupt):
        till.dispatch()
    monkeypatch.undo()
    assert (till.intents()["capture"], held(till)) == ("planned", 10_000)
    till = reopened(till, make_engine, clock)
    till.raw("UPDATE kernel_lease SET until = 0")
    settle(till)
    assert (till.intents()["capture"], held(till)) == ("done", 10_000)


@pytest.mark.parametrize("moment", ["before asking", "after asking", "after recording"])
def test_a_kill_while_a_sale_is_prepared_leaves_no_hold(till, make_engine, clock, monkeypatch, moment):
    """The hold was committed before the processor was asked, so whoever works next finds it and gives it back."""

    def killed(*arguments, **more):
        raise KeyboardInterrupt

    at = {
        "before asking": "kassa.payments.sending._call",
        "after asking": "kassa.payments.sending._record",
        "after recording": "kassa.sales.selling.build_order",
    }
    monkeypatch.setattr(at[moment], killed)
    with pytest.raises(KeyboardInterrupt):
        sell(till, key="one")
    monkeypatch.undo()
    till = reopened(till, make_engine, clock)
    settle(till)
    assert set(till.intents()) == {"authorise"}
    clock.advance(minutes=LIFETIME)
    settle(till)
    assert held(till) == 0
    assert all(hold.voided for hold in till.sandbox.holds.values())
    expected = {"authorise": "declined"} if moment == "before asking" else {"authorise": "released", "void": "done"}
    assert till.intents() == expected


def test_a_token_of_nobody_is_declined(till):
    with pytest.raises(Refused) as caught:
        sell(till, "4111111111111111")
    assert caught.value.code == "PAYMENT_DECLINED"


WAYS = st.sampled_from(["", "decline", "timeout_before", "timeout_after", "down"])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(["sell", "refund", "void", "work"]), WAYS, WAYS), min_size=1, max_size=7))
def test_whatever_happens_the_processor_and_the_books_agree(till, acts):
    """What the processor holds in the end is the balance of its clearing account, after any sequence of mishaps."""
    paid = []
    for act, capture, back in acts:
        if act == "sell":
            till.adjust({"LAMP": "1"})
            token = f"sandbox-capture-{capture}" if capture else f"sandbox-refund-{back}" if back else "sandbox"
            paid.append(sell(till, token)["payments"][0]["number"])
        elif act == "refund" and paid:
            till.credit_note("40.00")
            with suppress(Refused):  # More than was taken, or already given back.
                refund(till, paid[0])
        elif act == "void" and paid:
            with suppress(Refused):
                till.perform("payments.void", {"payment": paid.pop()})
        elif act == "work":
            till.dispatch()
    settle(till)
    booked = trial_balance(till).get(ONLINE, "0.00")
    assert int(booked.replace(".", "")) == held(till)
    assert all(state not in ("planned", "unknown") for states in till.intents().values() for state in states.split())
    assert_sound(till)


def test_the_sandbox_does_what_it_says():
    sandbox = Sandbox()
    first = sandbox.authorise("a", "sandbox", 100, "EUR")
    assert sandbox.authorise("a", "sandbox", 100, "EUR") == first
    assert sandbox.inquire("a") == first
    assert sandbox.inquire("b") is None
    assert sandbox.capture("c", "hold-a", 101, "EUR").outcome == "declined"
    assert sandbox.capture("d", "hold-a", 60, "EUR").outcome == "approved"
    assert sandbox.refund("e", "hold-a", 61, "EUR").outcome == "declined"
    assert sandbox.refund("f", "hold-a", 60, "EUR").outcome == "approved"
    assert sandbox.void("g", "hold-a").outcome == "declined"
