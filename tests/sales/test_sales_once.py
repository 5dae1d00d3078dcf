"""One sale, once: the same key has one effect and one answer, and the last unit is sold to one of many."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Engine
from kassa.kernel.errors import IdempotencyConflict, KassaError
from kassa.kernel.invariants import verify
from kassa.kernel.permissions import SYSTEM
from kassa.testing.databases import kinds

CLIENTS = 64
PROCESSES = 8
CLEAR = {(422, "STOCK_SHORTAGE"), (409, "LOST_RACE")}
COUNTED = ("kernel_document", "kernel_document_key", "sales_order", "sales_order_line", "sales_packing_slip", "sales_invoice")
COUNTED += ("ledger_voucher", "ledger_open_item", "stock_transaction", "payments_payment", "kernel_idempotency", "kernel_outbox", "kernel_chain_link")


@pytest.fixture
def rival(shop):
    """A second engine on the same database, whose connections end with the test."""
    # With a clock of its own, for who waits before trying again moves it on.
    engine = Engine.open(shop.engine.database.url, modules={}, clock=FixedClock(shop.engine.clock.now()))
    yield engine
    engine.close()


def counts(shop):
    """How many rows some tables have."""
    return {table: shop.rows(f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED}


def gained(shop, before):
    """How many rows each table gained."""
    after = counts(shop)
    return {table: after[table] - before[table] for table in COUNTED}


def audited(shop):
    """How many acts the audit trail has, by outcome."""
    return dict(shop.rows("SELECT outcome, count(*) FROM kernel_audit GROUP BY outcome"))


ONE_SALE = dict.fromkeys(COUNTED, 1) | {
    "kernel_document": 4, "kernel_document_key": 4, "kernel_outbox": 4, "ledger_voucher": 2, "ledger_open_item": 2, "stock_transaction": 2,
}  # fmt: skip


def at_once(engine, acts):
    """Run acts at the same moment, each in a thread of its own; what each answered or raised."""
    barrier = threading.Barrier(len(acts))

    def run(act):
        barrier.wait(timeout=60)
        try:
            return act()
        except KassaError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_same_key_sells_once_and_answers_the_same(shop):
    product = shop.product("10.00", stock="5")
    command = shop.sale((product, "1"), payments=[("cash", "20.00")])
    first = shop.perform("sales.sell", command, key=f"once-{shop.store}")
    before = shop.tables(audit=True)
    again = shop.perform("sales.sell", command, key=f"once-{shop.store}")
    assert (again.text, again.status, again.document_id, again.replayed) == (first.text, first.status, first.document_id, True)
    assert shop.tables(audit=True) == before
    assert shop.on_hand(product)[0] == 4000


def test_the_same_content_written_otherwise_is_the_same(shop):
    product = shop.product("10.00")
    command = shop.sale((product, "1"), payments=[("cash", "12.10")])
    first = shop.perform("sales.sell", command, key=f"same-{shop.store}")
    spelled = {**command, "lines": [{"quantity": "1.000", "product": product, "unit_price": None}], "customer": None, "charges": []}
    assert shop.perform("sales.sell", spelled, key=f"same-{shop.store}").text == first.text


@pytest.mark.parametrize(
    "change", [{"payments": [{"tender": "card", "amount": "12.10"}]}, {"reference": "other"}, {"date": "2026-03-01"}], ids=["tender", "reference", "date"]
)
def test_the_same_key_with_other_content_is_refused(shop, change):
    command = shop.sale((shop.product("10.00"), "1"), payments=[("cash", "12.10")])
    shop.perform("sales.sell", command, key=f"else-{shop.store}")
    before = shop.tables()
    refusal = shop.refused("sales.sell", {**command, **change}, key=f"else-{shop.store}")
    assert isinstance(refusal, IdempotencyConflict)
    assert (refusal.status, refusal.code) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert shop.tables() == before


def test_a_key_is_not_shared_between_operations_or_entities(town, shop):
    product = shop.product("10.00")
    command = shop.sale((product, "1"), payments=[])
    order = {name: value for name, value in command.items() if name != "payments"}
    shop.perform("sales.create_order", order, key=f"shared-{shop.store}")
    assert shop.refused("sales.sell", command, key=f"shared-{shop.store}").code == "IDEMPOTENCY_KEY_REUSED"
    foreign = town.entities["NL02"]
    assert shop.refused("sales.create_order", order, key=f"shared-{shop.store}", legal_entity_id=foreign).code == "IDEMPOTENCY_KEY_REUSED"


def test_a_refused_sale_leaves_its_key_free(shop):
    product = shop.product("10.00", stock="0")
    command = shop.sale((product, "1"), payments=[("cash", "12.10")])
    assert shop.refused("sales.sell", command, key=f"free-{shop.store}").code == "STOCK_SHORTAGE"
    shop.stock(product, "1", "6.00")
    assert not shop.perform("sales.sell", command, key=f"free-{shop.store}").replayed


def test_a_reference_names_one_order_for_ever(shop):
    product = shop.product("10.00")
    shop.sell((product, "1"), payments=[("cash", "12.10")], reference=f"R-{shop.store}")
    before = shop.tables()
    refusal = shop.refused("sales.sell", shop.sale((product, "1"), payments=[("cash", "12.10")], reference=f"R-{shop.store}"))
    assert (refusal.status, refusal.code) == (409, "KEY_TAKEN")
    assert shop.tables() == before


def test_sixteen_threads_with_one_key_make_one_sale(shop, rival):
    product = shop.product("10.00", stock="5")
    command, before = shop.sale((product, "1"), payments=[("cash", "12.10")]), counts(shop)

    def act():
        return rival.perform("sales.sell", command, actor=SYSTEM, key=f"threads-{shop.store}", legal_entity_id=shop.entity)

    answers = at_once(rival, [act] * 16)
    texts = {answer.text for answer in answers if not isinstance(answer, KassaError)}
    refusals = {(error.status, error.code) for error in answers if isinstance(error, KassaError)}
    assert len(texts) == 1
    assert refusals <= {(409, "LOST_RACE"), (409, "IDEMPOTENCY_IN_FLIGHT")}
    assert {act().text for _ in range(2)} == texts
    assert (gained(shop, before), shop.on_hand(product)) == (ONE_SALE, (4000, 2400, 0))


def expect_one_winner(shop, product, before, answers):
    """One client sold the last unit, every other was told why not, and nothing else was written."""
    won = [answer for answer in answers if answer[0] == 201]
    lost = [tuple(answer) for answer in answers if answer[0] != 201]
    assert (len(won), len(lost)) == (1, CLIENTS - 1)
    assert set(lost) <= CLEAR
    assert won[0][1] == f"SO-{shop.store}-000001"
    assert (gained(shop, before), shop.on_hand(product)) == (ONE_SALE, (0, 0, 0))
    assert verify(shop.engine) == []


def test_64_clients_race_for_the_last_unit(shop, rival):
    product = shop.product("10.00", stock="1")
    command, before = shop.sale((product, "1"), payments=[("cash", "12.10")]), counts(shop)
    told = audited(shop)

    def act(number):
        return lambda: rival.perform("sales.sell", command, actor=SYSTEM, key=f"race-{shop.store}-{number}", legal_entity_id=shop.entity)

    answers = at_once(rival, [act(number) for number in range(CLIENTS)])
    assert audited(shop) == {"done": told["done"] + 1, "refused": told.get("refused", 0) + CLIENTS - 1}
    told = [(answer.status, answer.code if isinstance(answer, KassaError) else answer.body["number"]) for answer in answers]
    expect_one_winner(shop, product, before, told)
    shortages = [answer for answer in answers if getattr(answer, "code", "") == "STOCK_SHORTAGE"]
    assert {(error.issues[0].pointer, error.issues[0].expected["available"]) for error in shortages} <= {("/lines/0/quantity", "0")}


def test_who_comes_late_with_a_charge_lost_a_race_and_no_key_is_taken(shop, rival):
    order = shop.order((shop.product("10.00"), "1"), customer=shop.customer())["number"]
    command = {"order": order, "charges": [{"code": "freight", "amount": "1.00"}]}

    def act(number):
        return lambda: rival.perform(
            "sales.add_charges", command, actor=SYSTEM, key=f"charge-{shop.store}-{number}", legal_entity_id=shop.entity
        )

    answers = at_once(rival, [act(number) for number in range(16)])
    late = [answer for answer in answers if isinstance(answer, KassaError)]
    assert {(error.status, error.code) for error in late} <= {(409, "LOST_RACE")}
    assert len(shop.do("sales.read_order", order=order)["charges"]) == 16 - len(late) > 0


@pytest.mark.slow
@pytest.mark.skipif("postgresql" not in kinds(), reason="PostgreSQL is left out on purpose")
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_eight_processes_race_for_the_last_unit(shop):
    product = shop.product("10.00", stock="1")
    command, before = shop.sale((product, "1"), payments=[("cash", "12.10")]), counts(shop)
    told = {"url": shop.engine.database.url, "entity": shop.entity, "command": command}
    racer = [sys.executable, str(Path(__file__).with_name("racer.py"))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    processes = [subprocess.Popen(racer, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(PROCESSES)]
    for number, process in enumerate(processes):
        keys = [f"process-{shop.store}-{number}-{attempt}" for attempt in range(CLIENTS // PROCESSES)]
        process.stdin.write(json.dumps({**told, "keys": keys}) + "\n")
        process.stdin.flush()
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * PROCESSES
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [answer for process in processes for answer in json.loads(process.communicate(timeout=60)[0])]
    assert [process.returncode for process in processes] == [0] * PROCESSES
    expect_one_winner(shop, product, before, answers)


def test_racers_for_different_units_all_win_and_numbers_have_no_gap(shop, rival):
    products = [shop.product("10.00", stock="1") for _ in range(12)]

    def act(product):
        command = shop.sale((product, "1"), payments=[("cash", "12.10")])
        return lambda: rival.perform("sales.sell", command, actor=SYSTEM, key=f"all-{product}", legal_entity_id=shop.entity)

    answers = at_once(rival, [act(product) for product in products])
    assert [answer for answer in answers if isinstance(answer, KassaError)] == []
    assert sorted(answer.body["invoice"] for answer in answers) == [f"INV-{shop.store}-{number:06d}" for number in range(1, 13)]
    sequences = shop.rows("SELECT sequence FROM kernel_chain_link WHERE register = ? ORDER BY sequence", shop.store)
    assert [row[0] for row in sequences] == list(range(1, len(sequences) + 1))
    assert verify(shop.engine) == []
