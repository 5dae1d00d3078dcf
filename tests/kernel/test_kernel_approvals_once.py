"""Approvals count once, whoever comes at the same moment; what does not fit is found, and who needs none pays nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kassa.kernel.database import Reader, Write
from kassa.kernel.errors import KassaError
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify

CLIENTS = 64


BROKEN = {
    "kernel.approvers_approved": "INSERT INTO kernel_audit (id, at, actor, approver, operation, origin, outcome) SELECT id, used_at, 'clerk', "
    "'nobody', operation, 'live', 'done' FROM kernel_approval",
    "kernel.approvals_used": "UPDATE kernel_approval SET used_at = expires_at",
}


@pytest.mark.parametrize("invariant", BROKEN)
def test_an_approval_that_does_not_fit_its_act_is_found(purse, invariant):
    purse.spend("80.00", approval=purse.approved("80.00"))
    write_alone(purse.engine.database, [Write(BROKEN[invariant], ())])
    assert invariant in {finding.invariant for finding in verify(purse.engine)}


@pytest.mark.parametrize("same_key", [True, False])
def test_of_many_at_once_one_uses_the_approval(purse, same_key):
    token = purse.approved("80.00")
    barrier = threading.Barrier(CLIENTS)

    def act(number):
        barrier.wait()
        try:
            return purse.spend("80.00", approval=token, key="same" if same_key else f"client-{number}").text
        except KassaError as error:
            return error.code

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(act, range(CLIENTS)))
    assert purse.rows("SELECT count(*) FROM purse_spending") == [(1,)]
    done = [answer for answer in answers if answer not in ("APPROVAL_USED", "LOST_RACE")]
    assert len(set(done)) == 1
    assert same_key or len(done) == 1
    assert purse.rows("SELECT count(*) FROM kernel_audit WHERE approver = 'boss' AND outcome = 'done'") == [(1,)]
    assert verify(purse.engine) == []


def test_two_who_decide_at_once_decide_once(purse):
    token = purse.refused("80.00").approval["token"]
    barrier = threading.Barrier(2)

    def decide(name):
        barrier.wait()
        try:
            return purse.approve(token, purse.person(name, "boss"))["state"]
        except KassaError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, ("first", "second")))
    assert answers == ["APPROVAL_DECIDED", "approved"]
    assert purse.rows("SELECT count(*) FROM kernel_outbox WHERE type = 'approvals.approved'") == [(1,)]


def test_nothing_new_is_read_where_nothing_needs_an_approval(purse, monkeypatch):
    purse.spend("10.00")
    seen = []

    def watch(method):
        def call(read, sql, *arguments, **more):
            seen.append(sql)
            return method(read, sql, *arguments, **more)

        return call

    for name in ("rows", "row", "value", "rows_for"):
        monkeypatch.setattr(Reader, name, watch(getattr(Reader, name)))
    purse.spend("10.00")
    assert len(set(seen)) == 2
    assert not [sql for sql in seen if "kernel_approval" in sql or "kernel_limit" in sql]
