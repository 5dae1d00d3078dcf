"""Periods: nothing is posted to a closed one, also not what was being posted at the moment it closed (REL-15)."""

import threading

import psycopg
import pytest

import kassa.kernel.engine as engines
from kassa.kernel.errors import Conflict, NotFound, NotPermitted, PreconditionFailed, Refused
from kassa.testing.builders import Shop, line
from kassa.testing.databases import kinds
from kassa.testing.ledger import assert_sound, trial_balance

NOVEMBER = "2026-11-01"


def _sale(shop: Shop):
    return shop.sell(line("LAMP"), payments={"cash": "100.00"})


def test_periods_are_read_by_their_first_date(shop: Shop):
    period = shop.perform("ledger.read_period", {"period": NOVEMBER})
    assert (period["first_date"], period["last_date"], period["status"], period["version"]) == (NOVEMBER, "2026-11-30", "open", 1)
    assert shop.perform("ledger.read_period", {"period": period["id"]}) == period
    other = period["id"][:-1] + ("1" if period["id"][-1] == "0" else "0")
    for unknown in ("2026-11-02", "november", "2026-11", other):
        with pytest.raises(NotFound):
            shop.perform("ledger.read_period", {"period": unknown})


def test_periods_are_listed_page_by_page(shop: Shop):
    shop.set_period("2025-01-01", "closed")
    first = shop.perform("ledger.list_periods", {"limit": 30})
    second = shop.perform("ledger.list_periods", {"limit": 30, "after": first["next"]})
    dates = [period["first_date"] for period in first["items"] + second["items"]]
    assert dates == sorted(dates)
    assert (len(dates), second["next"]) == (36, None)
    closed = shop.perform("ledger.list_periods", {"status": "closed"})["items"]
    assert [period["first_date"] for period in closed] == ["2025-01-01"]


def test_a_closed_period_takes_nothing(shop: Shop):
    before = trial_balance(shop)
    shop.set_period(NOVEMBER, "closed")
    with pytest.raises(Refused) as refused:
        _sale(shop)
    assert refused.value.code == "INV_PERIOD_CLOSED"
    assert {issue.pointer for issue in refused.value.issues} == {"/date"}
    assert trial_balance(shop) == before
    shop.set_period(NOVEMBER, "open")
    _sale(shop)
    assert_sound(shop)


def test_a_date_without_period_is_refused(shop: Shop):
    with pytest.raises(Refused) as refused:
        shop.sell(line("LAMP"), payments={"cash": "100.00"}, date="2028-01-01")
    assert "has not been set up" in refused.value.detail
    shop.perform("ledger.create_period", {"first_date": "2028-01-01", "last_date": "2028-01-31"})
    shop.sell(line("LAMP"), payments={"cash": "100.00"}, date="2028-01-01")
    assert_sound(shop)


def test_new_periods_join_the_others(shop: Shop):
    later = shop.perform("ledger.create_period", {"first_date": "2028-01-01", "last_date": "2028-03-31"})
    assert later["status"] == "open"
    shop.perform("ledger.create_period", {"first_date": "2024-12-15", "last_date": "2024-12-31"})
    assert_sound(shop)


def test_a_misplaced_period_is_refused(shop: Shop):
    for first, last, pointer in (
        ("2028-01-02", "2028-01-31", "/first_date"),
        ("2026-11-10", "2026-11-20", "/first_date"),
        ("2028-01-31", "2028-01-01", "/last_date"),
        ("2028-01-01", "9999-12-31", "/first_date"),
        ("1600-01-01", "2024-12-31", "/first_date"),
    ):
        with pytest.raises(Refused) as refused:
            shop.perform("ledger.create_period", {"first_date": first, "last_date": last})
        assert (refused.value.code, refused.value.issues[0].pointer) == ("LEDGER_PERIOD_MISPLACED", pointer)


def test_two_new_periods_cannot_overlap(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    flush = engines.flush

    def slow(*arguments, **more):
        monkeypatch.setattr(engines, "flush", flush)
        shop.perform("ledger.create_period", {"first_date": "2028-01-01", "last_date": "2028-01-31"})
        return flush(*arguments, **more)

    monkeypatch.setattr(engines, "flush", slow)
    with pytest.raises(Refused) as refused:
        shop.perform("ledger.create_period", {"first_date": "2028-01-01", "last_date": "2028-02-29"})
    assert refused.value.code == "LEDGER_PERIOD_MISPLACED", "planned again, it sees the other period"
    assert_sound(shop)


def test_closing_needs_the_version_that_was_seen(shop: Shop):
    closed = shop.perform("ledger.change_period", {"period": NOVEMBER, "status": "closed"}, if_match=1)
    assert (closed["status"], closed["version"]) == ("closed", 2)
    with pytest.raises(PreconditionFailed):
        shop.perform("ledger.change_period", {"period": NOVEMBER, "status": "open"}, if_match=1)
    assert shop.perform("ledger.change_period", {"period": NOVEMBER, "status": "closed"}, if_match=2)["version"] == 2


def test_closing_is_announced(shop: Shop):
    shop.set_period(NOVEMBER, "closed")
    shop.set_period(NOVEMBER, "open")
    with shop.engine.database.snapshot() as read:
        types = [row[0] for row in read.rows("SELECT type FROM kernel_outbox WHERE type LIKE 'ledger.period%' ORDER BY id")]
    assert types == ["ledger.period_closed", "ledger.period_opened"]


def test_only_the_accountant_closes(shop: Shop):
    with pytest.raises(NotPermitted) as refused:
        shop.perform("ledger.change_period", {"period": NOVEMBER, "status": "closed"}, actor=shop.actor("store_manager"))
    assert refused.value.permission == "ledger.close_period"
    shop.perform("ledger.change_period", {"period": NOVEMBER, "status": "closed"}, actor=shop.actor("accountant"))


def test_a_posting_that_was_planned_before_the_closing_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    """The plan saw an open period; between plan and flush it closes. The flush must notice."""
    flush, attempts = engines.flush, []

    def late(*arguments, **more):
        if not attempts:
            attempts.append(1)
            shop.set_period(NOVEMBER, "closed")
        return flush(*arguments, **more)

    monkeypatch.setattr(engines, "flush", late)
    before = trial_balance(shop)
    with pytest.raises(Refused) as refused:
        _sale(shop)
    assert refused.value.code == "INV_PERIOD_CLOSED"
    assert trial_balance(shop) == before
    assert_sound(shop)


@pytest.mark.parametrize("database_kind", [kind for kind in kinds() if kind == "postgresql"])
def test_closing_waits_for_a_posting_that_is_being_flushed(shop: Shop, database_kind: str):
    """A flush holds its period until it commits, so a closing stands behind it; on SQLite there is one writer anyway."""
    period = shop.perform("ledger.read_period", {"period": NOVEMBER})["id"]
    order: list[str] = []

    def close():
        shop.set_period(NOVEMBER, "closed")
        order.append("closed")

    closing = threading.Thread(target=close)
    with psycopg.connect(shop.engine.database.url) as posting:
        posting.execute("SELECT 1 FROM ledger_period WHERE id = %s AND status = 'open' FOR SHARE", (period,))
        closing.start()
        closing.join(0.3)
        order.append("posted")
    closing.join()
    assert order == ["posted", "closed"]


def test_closing_and_posting_at_once(shop: Shop):
    """Many sales race with a closing: what came through was posted before it, everything else was refused, nothing after."""
    shop.adjust({"LAMP": "1000"})
    done, refused, other = [], [], []
    begin = threading.Barrier(5)

    def sell():
        begin.wait()
        for _ in range(8):
            try:
                done.append(_sale(shop)["invoice"])
            except Refused as error:
                refused.append(error.code)
            except Conflict as error:
                other.append(error.code)

    threads = [threading.Thread(target=sell) for _ in range(4)]
    for thread in threads:
        thread.start()
    begin.wait()
    shop.set_period(NOVEMBER, "closed")
    closed_at = len(done)
    for thread in threads:
        thread.join()
    assert set(refused) == {"INV_PERIOD_CLOSED"}
    assert set(other) <= {"LOST_RACE"}
    assert len(done) + len(refused) + len(other) == 32
    assert len(done) - closed_at <= 4, "a sale that is answered after the closing was flushed before it"
    assert_sound(shop)
