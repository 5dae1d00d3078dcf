"""Kills and mishaps: wherever the process ends and whatever the processor does, it charges once and the books agree with it."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kassa.kernel.errors import Refused
from kassa.payments.processor import PORT
from kassa.testing.ledger import assert_sound, trial_balance

ONLINE = "1004 Clearing card by processor"


@pytest.fixture(autouse=True)
def processor_on(till):
    till.set_setting("payments.processor", "on")


def reopened(till, make_engine, clock):
    """The same database in a new engine, as after a kill; the processor lives on."""
    engine = make_engine(clock=clock, url=till.engine.database.url)
    engine.services.replace(PORT, till.sandbox)
    till.engine = engine
    return till


@pytest.mark.parametrize("way", ["", "-capture-timeout_after", "-capture-down"])
def test_a_kill_between_commit_and_sending_loses_nothing(till, make_engine, clock, way):
    till.by_card(f"sandbox{way}")
    till = reopened(till, make_engine, clock)
    till.settle()
    assert (till.intents(), till.held()) == ({"authorise": "used", "capture": "done"}, 10_000)


def test_a_kill_after_sending_does_not_send_twice(till, make_engine, clock, monkeypatch):
    """The processor took the money and the process ended before that was written down."""
    till.by_card()

    def killed(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("kassa.payments.sending._record", killed)
    with pytest.raises(KeyboardInterrupt):
        till.dispatch()
    monkeypatch.undo()
    assert (till.intents()["capture"], till.held()) == ("planned", 10_000)
    till = reopened(till, make_engine, clock)
    till.raw("UPDATE kernel_lease SET until = 0")
    till.settle()
    assert (till.intents()["capture"], till.held()) == ("done", 10_000)


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
        till.by_card(key="one")
    monkeypatch.undo()
    till = reopened(till, make_engine, clock)
    till.settle()
    assert set(till.intents()) == {"authorise"}
    clock.advance(minutes=16)
    till.settle()
    assert till.held() == 0
    assert all(hold.voided for hold in till.sandbox.holds.values())
    expected = {"authorise": "declined"} if moment == "before asking" else {"authorise": "released", "void": "done"}
    assert till.intents() == expected


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
            paid.append(till.by_card(token)["payments"][0]["number"])
        elif act == "refund" and paid:
            till.credit_note("40.00")
            with suppress(Refused):  # More than was taken, or already given back.
                till.refund_card(paid[0])
        elif act == "void" and paid:
            with suppress(Refused):
                till.perform("payments.void", {"payment": paid.pop()})
        elif act == "work":
            till.dispatch()
    till.settle()
    booked = trial_balance(till).get(ONLINE, "0.00")
    assert int(booked.replace(".", "")) == till.held()
    assert all(state not in ("planned", "unknown") for states in till.intents().values() for state in states.split())
    assert_sound(till)
