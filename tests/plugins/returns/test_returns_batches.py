"""A batch over sales and returns, killed again and again: what is ready is posted once, what is bad is listed, and numbers have no gaps."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from kassa.kernel.database import Write
from kassa.kernel.flush import write_alone
from kassa.kernel.invariants import verify
from kassa.kernel.jobs import Runner
from kassa.kernel.permissions import SYSTEM

ORDERS = int(os.environ.get("KASSA_RETURNS_BATCH", "300"))
"""How many orders the batch has; set it to 10000 to try as many as the promise names."""
BAD = max(1, ORDERS * 137 // 10_000)
KILLS = 10 if ORDERS >= 2000 else 3
"""A chunk takes a hundred orders, and five workers in a row that end without one are enough: few orders stand few kills."""
RESUME = """
import sys
from kassa.kernel.clock import FixedClock
from kassa.kernel.engine import Engine
from kassa.kernel.jobs import Runner
from kassa_returns import hooks
engine = Engine.open(sys.argv[1], modules={"returns": hooks}, clock=FixedClock("2026-03-02T10:00:00Z"))
print("ready", flush=True)
Runner(engine).run(sys.argv[2])
"""


def ready(desk, number):
    """Make the n-th order of the batch: a sale that left, a return that came back, or, for the first ones, one that is only registered."""
    customer, product, invoice = desk.goods

    def do(operation, **command):
        return desk.engine.perform(operation, command, actor=SYSTEM, key=f"{operation}-{product}-{number}", legal_entity_id=desk.entity).body

    if number >= BAD and number % 2:
        order = do("sales.create_order", store=desk.store, customer=customer, lines=[{"product": product, "quantity": "1"}])["number"]
    else:
        lines = [{"line": 1, "quantity": "1"}]
        order = do("returns.create", store=desk.store, customer=customer, invoices=[{"invoice": invoice, "lines": lines}])["rma_number"]
        do("returns.register", rma=order, lines=[{"line": 1, "disposition": "RS"}])
    if number >= BAD:
        do("sales.post_packing_slip", order=order)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.rule("INV-04", "INV-18")
def test_a_batch_that_is_killed_again_and_again_posts_everything_once(desk):
    customer, product = desk.customer(), desk.product(stock=str(3 * ORDERS))
    desk.goods = (customer, product, desk.sell(customer, (product, str(ORDERS))))
    for number in range(ORDERS):
        ready(desk, number)
    job = desk.post("/invoice-runs", {"store": desk.store})["id"]
    draw, kills, deadline = random.Random(7), 0, time.monotonic() + 1200
    while kills < KILLS and time.monotonic() < deadline:
        before = Runner(desk.engine).read(job).done
        process = subprocess.Popen([sys.executable, "-c", RESUME, desk.engine.database.url, job], stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        time.sleep(draw.random() / 4)
        while kills % 3 == 2 and Runner(desk.engine).read(job).done == before and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        process.stdout.close()
        write_alone(desk.engine.database, [Write("UPDATE kernel_job SET lease_until = 0 WHERE id = ? AND state = 'running'", (job,))])
        if Runner(desk.engine).read(job).state == "done":
            break
    if Runner(desk.engine).read(job).state != "done":
        Runner(desk.engine).run(job)
    outcomes = dict(desk.rows("SELECT outcome, count(*) FROM kernel_job_result WHERE job_id = ? GROUP BY outcome", job))
    codes = desk.rows("SELECT DISTINCT code FROM kernel_job_result WHERE job_id = ? AND outcome <> 'done'", job)
    assert outcomes == {"done": ORDERS - BAD, "skipped": BAD}
    assert codes == [("INV_LINE_NOT_RECEIVED",)]
    made = "SELECT count(*) FROM sales_invoice i JOIN kernel_document d ON d.id = i.document_id WHERE d.register = ?"
    assert desk.rows(made, desk.store) == [(ORDERS - BAD + 1,)]
    last = "SELECT name, last FROM kernel_number_series WHERE register = ? AND name IN ('invoice', 'credit_note') ORDER BY name"
    assert sum(row[1] for row in desk.rows(last, desk.store)) == ORDERS - BAD + 1
    assert verify(desk.engine) == []
