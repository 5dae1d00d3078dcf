"""PINs cannot be guessed: wrong tries are counted before they are looked at, and neither a refusal nor a restart takes a count back."""

import random
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from kassa.kernel import failpoints
from kassa.kernel.engine import Engine
from kassa.kernel.errors import KassaError
from kassa.org.credentials import SignInLocked, SignInRefused

PIN, OTHER = "582047", "907316"
MINUTE = 60
RACERS = 64


def tried(till, worker="1042", pin="000001"):
    """What a try came to: done, or the code of its refusal."""
    try:
        till.sign_in(worker, pin)
    except KassaError as error:
        return error.code
    return "done"


def test_a_worker_is_locked_before_ten_tries(till, do):
    wrong = random.Random(4711).sample(range(10**6), 50)
    answers = [tried(till, pin=f"{pin:06}") for pin in wrong if f"{pin:06}" != PIN]
    looked_at = answers.count("SIGN_IN_REFUSED")
    assert looked_at == 5 < 10
    assert set(answers[5:]) == {"SIGN_IN_LOCKED"}
    assert tried(till, pin=PIN) == "SIGN_IN_LOCKED", "the right PIN is not looked at either"
    shown = do("org.read_credentials", worker="1042")
    assert (shown["failures"], shown["locked_until"]) == (5, "2026-03-02T10:15:00.000000Z")


@pytest.mark.rule("REL-26")
def test_a_lost_connection_while_a_try_is_counted_is_told_and_the_try_counts(till, do, monkeypatch):
    broken = {"sqlite": sqlite3.OperationalError, "postgresql": psycopg.OperationalError}[do.engine.database.dialect]

    def lose(name):
        if name == "write.committed":
            raise broken("the line is dead")

    with monkeypatch.context() as lost:
        lost.setattr(failpoints, "armed", lose)
        assert tried(till, pin=PIN) == "OUTCOME_UNKNOWN"
    assert do("org.read_credentials", worker="1042")["failures"] == 1
    assert tried(till, pin=PIN) == "done"


def test_a_lock_says_how_long_and_lasts_longer_each_time(till, clock):
    for _ in range(5):
        tried(till)
    for minutes in (15, 30, 45):
        with pytest.raises(SignInLocked) as error:
            till.sign_in("1042", PIN)
        assert error.value.retry_after == minutes * MINUTE
        clock.advance(seconds=minutes * MINUTE - 1)
        assert tried(till, pin=PIN) == "SIGN_IN_LOCKED"
        clock.advance(seconds=1)
        assert tried(till) == "SIGN_IN_REFUSED"
    clock.advance(seconds=60 * MINUTE)
    assert tried(till, pin=PIN) == "done"
    assert [tried(till) for _ in range(5)] == ["SIGN_IN_REFUSED"] * 5, "a right one begins anew"


def test_a_right_try_between_wrong_ones_keeps_the_till_open(till, do):
    do("settings.change", name="sign_in.till_tries", level="installation", value="5")
    for _ in range(2):
        assert [tried(till) for _ in range(2)] == ["SIGN_IN_REFUSED"] * 2
        assert [tried(till, pin=PIN) for _ in range(3)] == ["done"] * 3
    assert [tried(till), tried(till)] == ["SIGN_IN_REFUSED", "SIGN_IN_LOCKED"], "right ones do not forgive the till the wrong ones of others"


def test_the_lock_of_one_worker_stops_no_other(till, do):
    do("org.create_worker", number="7", name="Bob")
    do("org.grant_role", worker="7", role="cashier")
    do("org.set_credential", worker="7", kind="pin", secret=OTHER, temporary=False)
    for _ in range(6):
        tried(till)
    assert tried(till, worker="7", pin=OTHER) == "done"


def test_an_unknown_worker_is_locked_in_the_same_words(till):
    def words(worker):
        with pytest.raises(KassaError) as error:
            till.sign_in(worker, "000001")
        return error.value.as_problem()

    for _ in range(7):
        assert words("1042") == words("nobody")


def test_another_till_does_not_help(till):
    other = till.at("S001", "T2")
    assert [tried(place) for place in (till, other, till, other, till)] == ["SIGN_IN_REFUSED"] * 5
    assert [tried(till, pin=PIN), tried(other, pin=PIN)] == ["SIGN_IN_LOCKED"] * 2


def test_a_till_is_locked_whoever_is_tried(till, do, clock):
    do("settings.change", name="sign_in.till_tries", level="installation", value="6")
    answers = [tried(till, worker=f"W{number}") for number in range(10)]
    assert answers == ["SIGN_IN_REFUSED"] * 6 + ["SIGN_IN_LOCKED"] * 4
    assert tried(till, pin=PIN) == "SIGN_IN_LOCKED"
    assert tried(till.at("S001", "T2"), pin=PIN) == "done"
    assert do("org.unlock_api_key", api_key=till.key["id"]) == {"id": till.key["id"], "failures": 6}
    assert tried(till, pin=PIN) == "done"
    for number in range(6):
        tried(till, worker=f"X{number}")
    clock.advance(seconds=60 * MINUTE)
    assert tried(till, pin=PIN) == "done"


def test_all_together_are_limited(till, do):
    do("settings.change", name="sign_in.all_tries", level="installation", value="8")
    tills = [till.at("S001", f"T{number}") for number in range(2, 6)]
    answers = [tried(place, worker=f"W{number}{place.key['id'][-3:]}") for number in range(3) for place in tills]
    assert answers == ["SIGN_IN_REFUSED"] * 8 + ["SIGN_IN_LOCKED"] * 4
    assert tried(till, pin=PIN) == "SIGN_IN_LOCKED"


def test_a_restart_forgets_nothing(till, do):
    for _ in range(5):
        tried(till)
    again = Engine.open(do.engine.database.url, modules={}, clock=do.engine.clock)
    try:
        with pytest.raises(SignInLocked):
            again.perform("org.sign_in", {"worker": "1042", "pin": PIN}, actor=till.actor)
    finally:
        again.close()


def test_a_crash_while_it_is_looked_at_counts(till, monkeypatch):
    def crash(*arguments):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("kassa.org.credentials.hashing.matches", crash)
        for _ in range(5):
            with pytest.raises(MemoryError):
                till.sign_in("1042", PIN)
    assert tried(till, pin=PIN) == "SIGN_IN_LOCKED"


def test_of_many_at_the_same_moment_no_more_are_looked_at(till, monkeypatch):
    looked = []
    monkeypatch.setattr("kassa.org.credentials.hashing.matches", lambda kept, secret: looked.append(secret) or False)
    barrier = threading.Barrier(RACERS)

    def guess(number):
        barrier.wait()
        return tried(till, pin=f"{number:06}")

    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(guess, range(RACERS)))
    assert len(looked) == answers.count("SIGN_IN_REFUSED") <= 5
    assert set(answers) <= {"SIGN_IN_REFUSED", "SIGN_IN_LOCKED", "LOST_RACE"}


def test_who_may_unlocks_a_worker(till, manager, do):
    for _ in range(5):
        tried(till)
    assert manager("org.unlock_worker", worker="1042")["failures"] == 5
    assert do("org.read_credentials", worker="1042")["locked_until"] is None
    assert tried(till, pin=PIN) == "done"
    assert manager("org.unlock_worker", worker="1042")["failures"] == 0


def test_an_unknown_worker_takes_as_long_as_a_known_one(till, monkeypatch):
    hashes = []
    from kassa.org.credentials import hashing

    class Counting:
        def __init__(self, real):
            self.real = real

        def verify(self, kept, secret):
            hashes.append(kept)
            return self.real.verify(kept, secret)

        def hash(self, secret):
            return self.real.hash(secret)

    monkeypatch.setattr(hashing, "HASHER", Counting(hashing.HASHER))
    for worker in ("1042", "nobody"):
        with pytest.raises(SignInRefused):
            till.sign_in(worker, "000001")
    assert len(hashes) == 2
    assert hashes[0].rsplit("$", 2)[0] == hashes[1].rsplit("$", 2)[0], "with the same cost"
