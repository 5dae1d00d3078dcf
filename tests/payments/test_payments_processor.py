"""Processors: nothing is charged twice and nothing is lost, whatever the processor does and wherever the process ends."""

import pytest

from kassa.kernel.errors import IdempotencyConflict, Refused, Unavailable
from kassa.kernel.values import format_minor
from kassa.payments.sandbox import Sandbox
from kassa.testing.builders import line
from kassa.testing.ledger import assert_sound, assert_voucher, trial_balance

AR, ONLINE, PREPAY = "1100 Trade receivables", "1004 Clearing card by processor", "2300 Customer prepayments"


@pytest.fixture(autouse=True)
def processor_on(till):
    till.set_setting("payments.processor", "on")


def test_a_card_is_authorised_before_the_sale_and_captured_after_it(till):
    sale = till.by_card()
    assert [action for action, _ in till.sandbox.calls] == ["authorise"]
    assert till.intents() == {"authorise": "used", "capture": "planned"}
    assert_voucher(till, sale["payments"][0]["number"], [(ONLINE, "100.00", None), (AR, None, "100.00")])
    till.settle()
    assert [action for action, _ in till.sandbox.calls] == ["authorise", "capture"]
    assert till.intents() == {"authorise": "used", "capture": "done"}
    assert till.held() == 10_000
    assert_sound(till)


@pytest.mark.rule("INV-17")
def test_a_refund_by_card_is_carried_out_by_the_processor(till):
    paid = till.by_card()["payments"][0]["number"]
    till.settle()
    till.credit_note("100.00")
    number = till.refund_card(paid)
    assert_voucher(till, number, [(AR, "40.00", None), (ONLINE, None, "40.00")])
    assert till.held() == 10_000, "nothing leaves before the commit"
    till.settle()
    assert (till.held(), till.intents()["refund"]) == (6_000, "done")
    shown = till.perform("payments.list_intents", {"payment": number})["items"]
    assert [(found["action"], found["state"], found["amount"]) for found in shown] == [("refund", "done", "40.00")]
    unlinked = {"customer": "C0001", "tender": "card_online", "store": "S001"}
    with pytest.raises(Refused) as caught:
        till.perform("payments.refund", unlinked)
    assert caught.value.code == "CO_REFUND_TENDER_NOT_ALLOWED"
    assert_sound(till)


def ask(till, clock, action, token):
    """Let an action of the processor be asked for by a card of this token: a sale, a refund of it, or a sale that is refused for its stock."""
    if action == "void":
        with pytest.raises(Refused):
            till.by_card(token, amount="1100.00", quantity="11")
        clock.advance(minutes=16)
        return
    paid = till.by_card(token)["payments"][0]["number"]
    if action == "refund":
        till.settle()
        till.credit_note("100.00")
        till.refund_card(paid)


@pytest.mark.parametrize("way", ["timeout_before", "timeout_after", "down"])
@pytest.mark.parametrize("action", ["capture", "refund", "void"])
def test_whatever_is_not_answered_is_found_out(till, clock, action, way):
    """The first call is lost; afterwards the money has moved exactly once."""
    ask(till, clock, action, f"sandbox-{action}-{way}")
    till.dispatch()
    till.dispatch()
    first = till.intents()[action]
    till.settle()
    assert first in ("planned", "unknown", "done")
    assert till.intents()[action] == "done"
    assert till.held() == {"capture": 10_000, "refund": 6_000, "void": 0}[action]
    assert all(hold.voided for hold in till.sandbox.holds.values()) is (action == "void")
    if way == "timeout_after":
        assert till.called(action) == 1, "it was asked for, not done again"
    assert_sound(till)


@pytest.mark.parametrize("way", ["timeout_before", "timeout_after"])
def test_an_authorisation_without_answer_is_asked_for(till, way):
    till.by_card(f"sandbox-authorise-{way}")
    till.settle()
    assert (till.held(), len(till.sandbox.holds)) == (10_000, 1)
    assert_sound(till)


def test_a_processor_that_is_down_refuses_the_sale_and_the_same_request_goes_on(till):
    with pytest.raises(Unavailable):
        till.by_card("sandbox-authorise-down", key="one")
    assert till.intents() == {"authorise": "planned"}
    assert trial_balance(till).get(ONLINE) is None
    sale = till.by_card("sandbox-authorise-down", key="one")
    assert till.by_card("sandbox-authorise-down", key="one") == sale
    till.settle()
    assert (till.held(), till.intents()) == (10_000, {"authorise": "used", "capture": "done"})
    assert_sound(till)


def test_a_declined_card_refuses_the_sale(till):
    with pytest.raises(Refused) as caught:
        till.by_card("sandbox-authorise-decline", key="one")
    assert [(issue.code, issue.pointer) for issue in caught.value.issues] == [("PAYMENT_DECLINED", "/payments")]
    with pytest.raises(Refused, match="the token says so"):
        till.by_card("sandbox-authorise-decline", key="one")
    assert till.called("authorise") == 1
    till.settle()
    assert till.intents() == {"authorise": "declined"}
    assert_sound(till)


def test_a_sale_that_is_refused_after_the_authorisation_gives_it_back(till, clock):
    with pytest.raises(Refused) as caught:
        till.by_card(amount="1100.00", quantity="11", key="one")
    assert caught.value.code == "STOCK_SHORTAGE"
    till.dispatch()
    assert till.intents() == {"authorise": "done"}, "the same request may still come again"
    till.adjust({"LAMP": "1"})
    clock.advance(minutes=16)
    till.settle()
    assert till.intents() == {"authorise": "released", "void": "done"}
    assert [hold.voided for hold in till.sandbox.holds.values()] == [True]
    with pytest.raises(Refused) as caught:
        till.by_card(amount="1100.00", quantity="11", key="one")
    assert caught.value.code == "PAYMENT_AUTHORISATION_GONE"
    till.by_card(amount="1100.00", quantity="11", key="two")
    till.settle()
    assert till.held() == 110_000
    assert_sound(till)


def test_a_sale_that_comes_again_uses_the_authorisation_of_the_first_try(till, clock):
    with pytest.raises(Refused):
        till.by_card(amount="1100.00", quantity="11", key="one")
    till.adjust({"LAMP": "1"})
    till.by_card(amount="1100.00", quantity="11", key="one")
    with pytest.raises(IdempotencyConflict):
        till.by_card(amount="100.00", key="one")
    clock.advance(minutes=16)
    till.settle()
    assert (till.called("authorise"), till.held()) == (1, 110_000)
    assert till.intents() == {"authorise": "used", "capture": "done"}
    assert_sound(till)


def test_a_till_gives_an_authorisation_back_at_once(till):
    with pytest.raises(Refused):
        till.by_card(amount="1100.00", quantity="11")
    ((intent,),) = till.rows("SELECT document_id FROM payments_intent")
    till.perform("payments.release_authorisation", {"intent": intent})
    assert till.perform("payments.release_authorisation", {"intent": intent})["state"] == "released"
    till.settle()
    assert till.intents() == {"authorise": "released", "void": "done"}
    assert_sound(till)


def test_a_declined_capture_voids_the_payment(till):
    sale = till.by_card("sandbox-capture-decline")
    till.credit_note("50.00")
    till.refund_card(sale["payments"][0]["number"])
    till.settle()
    assert till.intents() == {"authorise": "used", "capture": "declined", "refund": "declined"}
    assert till.held() == 0
    assert till.called("refund") == 0
    balance = trial_balance(till)
    assert ONLINE not in balance
    assert balance[AR] == "50.00", "the sale is owed again, less the credit note"
    assert_sound(till)


def test_cash_that_was_given_back_of_a_declined_payment_is_owed(till):
    sale = till.by_card("sandbox-capture-decline")
    till.credit_note("40.00")
    till.perform("payments.refund", {"customer": "C0001", "tender": "cash", "payment": sale["payments"][0]["number"], "store": "S001"})
    till.settle()
    balance = trial_balance(till)
    assert (balance[AR], balance["1001 Clearing cash"]) == ("100.00", "-40.00")
    assert_sound(till)


def test_a_declined_refund_is_owed_again(till):
    paid = till.by_card("sandbox-refund-decline")["payments"][0]["number"]
    till.settle()
    till.credit_note("100.00")
    till.refund_card(paid)
    till.settle()
    assert (till.held(), till.intents()["refund"]) == (10_000, "declined")
    assert trial_balance(till)[AR] == "-100.00"
    assert till.rows("SELECT captured, refunded FROM payments_capture WHERE captured = 10000") == [(10_000, 0)]
    assert_sound(till)


def test_a_declined_capture_takes_a_deposit_back(till):
    order = till.two_lines()
    deposit = {"order": order, "payments": [{"tender": "card_online", "amount": "10.00", "token": "sandbox-capture-decline"}]}
    number = till.perform("sales.take_deposit", deposit)["payments"][0]["number"]
    assert_voucher(till, number, [(ONLINE, "10.00", None), (PREPAY, None, "10.00")])
    till.settle()
    assert till.perform("sales.read_deposits", {"order": order})["left"] == "0.00"
    till.perform("sales.take_deposit", deposit)
    (invoice,) = till.invoice(order, quantity_basis="all")
    assert invoice["due"] == "90.00"
    till.settle()
    balance = trial_balance(till)
    assert balance[AR] == "100.00", "the deposit was used before it was declined: the customer owes it"
    assert not set(balance) & {ONLINE, PREPAY}
    assert_sound(till)


def test_a_voided_payment_is_given_back_by_the_processor(till):
    paid = till.by_card()["payments"][0]["number"]
    till.perform("payments.void", {"payment": paid})
    till.settle()
    assert till.intents() == {"authorise": "used", "capture": "done", "refund": "done"}
    assert [action for action, _ in till.sandbox.calls] == ["authorise", "capture", "refund"]
    assert till.held() == 0
    assert_sound(till)


def test_an_answer_about_another_amount_is_not_believed(till):
    till.by_card("sandbox-capture-wrong_amount")
    till.settle()
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
    till.by_card()
    till.settle()
    ((capture,),) = till.rows("SELECT document_id FROM payments_intent WHERE parent_id IS NOT NULL")
    before = trial_balance(till)
    again = till.perform("payments.record_result", {"intent": capture, "outcome": "approved"})
    assert (again["state"], again["action"]) == ("done", "capture")
    with pytest.raises(Refused) as caught:
        till.perform("payments.record_result", {"intent": capture, "outcome": "declined"})
    assert caught.value.code == "PAYMENT_RESULT_CONTRADICTS"
    assert trial_balance(till) == before
    assert_sound(till)


@pytest.mark.parametrize("action", ["authorise", "capture", "refund", "void"])
def test_a_processor_that_answers_twice_moves_money_once(till, clock, action):
    """Its second answer is a message that somebody records."""
    ask(till, clock, action, f"sandbox-{action}-twice")
    till.settle()
    state, balance = till.intents(), trial_balance(till)
    for reference, answer in till.sandbox.repeated:
        amount = format_minor(answer.amount, answer.currency)
        told = {"outcome": answer.outcome, "reference": answer.reference, "amount": amount, "currency": answer.currency}
        till.perform("payments.record_result", {"intent": reference, **told})
    till.settle()
    assert (till.intents(), trial_balance(till)) == (state, balance)
    assert len(till.sandbox.repeated) == 1
    assert till.held() == {"refund": 6_000, "void": 0}.get(action, 10_000)
    assert till.called(action) == 1
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
        till.by_card()
    assert caught.value.code == "PAYMENT_PROCESSOR_OFF"
    assert till.sandbox.calls == []


def test_a_token_of_nobody_is_declined(till):
    with pytest.raises(Refused) as caught:
        till.by_card("4111111111111111")
    assert caught.value.code == "PAYMENT_DECLINED"


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
