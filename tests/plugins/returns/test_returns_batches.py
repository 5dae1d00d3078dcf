"""A batch over sales and returns, killed again and again: what is ready is posted once, what is bad is listed, and numbers have no gaps.

`tox -e returns` runs it with the ten thousand orders, 137 of them bad, and the ten kills that are promised, on both databases.
"""

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

ORDERS = int(os.environ.get("KASSA_TEST_RETURNS_ORDERS", "300"))
BAD = max(3, ORDERS * 137 // 10_000)
CHUNK = 100
KILLS = min(10, ORDERS // CHUNK - 1)
"""Fewer than the chunks of a run, so that none of them ends it."""
REASONS = ("INV_LINE_NOT_RECEIVED", "INV_NOTHING_TO_POST", "SALES_CUSTOMER_BLOCKED")
"""Why orders of the batch cannot be invoiced, in turn."""
POSTED = (
    "SELECT d.type, count(*), count(DISTINCT l.order_id) FROM kernel_document d JOIN sales_invoice_line l ON l.document_id = d.id "
    "WHERE d.kind = 'invoice' AND d.register = ? AND d.id <> ? GROUP BY d.type"
)
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


class Batch:
    """The orders of a batch, as a returns desk makes them ready or bad."""

    def __init__(self, desk):
        self.desk = desk
        self.customer, self.debtor = desk.customer(), desk.customer()
        self.product = desk.product(stock=str(3 * ORDERS))
        self.invoice = desk.sell(self.customer, (self.product, str(ORDERS)))
        self.invoice_id = desk.get(f"/invoices/{self.invoice}")["id"]
        self.left = {}

    def do(self, operation, number, **command):
        """Perform an operation for the n-th order, once."""
        key = f"{operation}-{self.product}-{number}"
        return self.desk.engine.perform(operation, command, actor=SYSTEM, key=key, legal_entity_id=self.desk.entity).body

    def bad(self, number):
        """Make an order that the run has to leave alone, for the reason whose turn it is."""
        reason = REASONS[len(self.left) % len(REASONS)]
        if reason == "INV_LINE_NOT_RECEIVED":
            order = self.returned(number)
        else:
            order = self.sold(number, self.debtor if reason == "SALES_CUSTOMER_BLOCKED" else self.customer)
        if reason == "SALES_CUSTOMER_BLOCKED":
            self.do("sales.post_packing_slip", number, order=order["number"])
        self.left[order["id"]] = reason

    def good(self, number):
        """Make an order that the run invoices: by turns a sale that left, and a return that came back."""
        order = self.sold(number, self.customer) if number % 2 else self.returned(number)
        self.do("sales.post_packing_slip", number, order=order["number"])

    def sold(self, number, customer):
        """Order a piece."""
        return self.do("sales.create_order", number, store=self.desk.store, customer=customer, lines=[{"product": self.product, "quantity": "1"}])

    def returned(self, number):
        """Let a piece come back up to its registration."""
        invoices = [{"invoice": self.invoice, "lines": [{"line": 1, "quantity": "1"}]}]
        made = self.do("returns.create", number, store=self.desk.store, customer=self.customer, invoices=invoices)
        self.do("returns.register", number, rma=made["rma_number"], lines=[{"line": 1, "disposition": "RS"}])
        return made


def work_until_killed(desk, job, progress, delay):
    """Let a process work on a job and kill it some time after it has taken so many orders further; whether the kill hit it."""
    before, url = Runner(desk.engine).read(job).done, desk.engine.database.url
    with subprocess.Popen([sys.executable, "-c", RESUME, url, job], stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        while Runner(desk.engine).read(job).done < before + progress and process.poll() is None:
            time.sleep(0.005)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        hit = process.wait() == -signal.SIGKILL
    # Nobody waits for the lease of the dead to run out.
    write_alone(desk.engine.database, [Write("UPDATE kernel_job SET lease_until = 0 WHERE id = ? AND state = 'running'", (job,))])
    return hit


def progress_of(turn, draw):
    """Draw how many orders a process gets done before it is killed; none in small batches, but for each third process.

    Five processes in a row that end without any are enough for the job to be given up.
    """
    least = turn % 3 == 2
    return CHUNK * max(least, draw.randint(0, ORDERS // CHUNK // (2 * KILLS)))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.rule("INV-02", "INV-04", "INV-18")
def test_a_batch_that_is_killed_again_and_again_posts_everything_once(desk):
    draw, batch = random.Random(7), Batch(desk)
    places = set(draw.sample(range(ORDERS), BAD))
    for number in range(ORDERS):
        if number in places:
            batch.bad(number)
        else:
            batch.good(number)
    desk.patch(f"/customers/{batch.debtor}", blocked="invoice")
    job = desk.post("/invoice-runs", {"store": desk.store})["id"]
    assert sum(work_until_killed(desk, job, progress_of(turn, draw), draw.random() / 20) for turn in range(KILLS)) == KILLS
    Runner(desk.engine).run(job)
    assert desk.get(f"/jobs/{job}")["results"] == {"done": ORDERS - BAD, "skipped": BAD}
    listed = desk.rows("SELECT item, code FROM kernel_job_result WHERE job_id = ? AND outcome <> 'done' ORDER BY item", job)
    assert listed == sorted(batch.left.items())
    counted = {kind: (documents, orders) for kind, documents, orders in desk.rows(POSTED, desk.store, batch.invoice_id)}
    assert sum(documents for documents, _ in counted.values()) == sum(orders for _, orders in counted.values()) == ORDERS - BAD
    last = dict(desk.rows("SELECT name, last FROM kernel_number_series WHERE register = ? AND name IN ('invoice', 'credit_note')", desk.store))
    assert last == {"invoice": counted["invoice"][0] + 1, "credit_note": counted["credit_note"][0]}
    assert verify(desk.engine) == []
