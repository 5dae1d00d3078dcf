"""The sweep: the process ends at its first failpoint, its second, and so on to the last one."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from campaign import witness
from campaign.counting import counts, gained, times, unsound
from campaign.installation import Installation, install, open_engine, registry, remove
from campaign.processes import KILLED, Act, Counter, kill_at, perform
from campaign.report import Report, Size
from campaign.scenarios import SCENARIOS, Stage, posting
from kassa.kernel import failpoints
from kassa.kernel.database import Write
from kassa.kernel.engine import Engine
from kassa.kernel.flush import write_alone
from kassa.kernel.jobs import Runner
from kassa.kernel.outbox import dispatch
from kassa.testing.databases import Databases, Kind

ALL = 100
PATIENCE = 10
ORDERS = 3


@contextmanager
def counted():
    """Count the failpoints that this process passes."""
    failpoints.armed = counter = Counter()
    try:
        yield counter
    finally:
        failpoints.armed = None


def chosen(points: int, size: Size, seed: str) -> list[int]:
    """All failpoints where the campaign is of full size, else so many of them; the first and the last are always among them."""
    if size.kills >= ALL or points <= size.kills:
        return list(range(1, points + 1))
    between = random.Random(f"{size.seed}-{seed}").sample(range(2, points), max(size.kills - 2, 0))
    return sorted({1, points, *between})


def time_passes(engine: Engine) -> None:
    """Let every lease end, as it does a minute after its holder died."""
    write_alone(engine.database, [Write("UPDATE kernel_lease SET until = 0", ()), Write("UPDATE kernel_job SET lease_until = 0", ())])


def act_alone(url: str, act: Act, log: str) -> None:
    """Perform an act and tell the log what was answered."""
    answer = perform(open_engine(url), act)
    witness.append(log, f"{act.key} {answer.status}")


def operations(databases: Databases, kind: Kind, size: Size, report: Report) -> None:
    """End at each failpoint of each operation: nothing or all of it is there, and the same key then makes it whole."""
    for name in [name for name in posting(registry()) if size.wants(name)]:
        if not report.expect(name in SCENARIOS, f"{name} posts and has no scenario"):
            continue
        installation = install(databases, kind)
        with tempfile.TemporaryDirectory(prefix="kassa-campaign-") as folder:
            _operation(installation, name, size, report, str(Path(folder, "acknowledged")))
        for found in unsound(installation.engine):
            report.find(found, name)
        remove(databases, installation)


def _operation(installation: Installation, name: str, size: Size, report: Report, log: str) -> None:
    engine, numbers = installation.engine, count(1)

    def fresh() -> tuple[Any, Act]:
        stage = Stage(installation, next(numbers))
        case = SCENARIOS[name](stage)
        entity = installation.shop.legal_entity_id
        key = f"{name}-{stage.number}"
        return case, Act(url=installation.url, legal_entity_id=entity, operation=name, command=case.command, key=key)

    # The first act of all has statements of its own, such as for what is interned once; the second is like those that follow.
    perform(engine, fresh()[1])
    case, act = fresh()
    before = counts(engine)
    with counted() as passed:
        first = perform(engine, act)
    if not report.expect(first.done, f"does not work alone: {first.code} {first.text}", name):
        return
    one = gained(counts(engine), before)
    for place in chosen(len(passed.names), size, name):
        point = f"{name}, failpoint {place} ({passed.names[place - 1]})"
        case, act = fresh()
        before = counts(engine)
        code = kill_at(place, act_alone, installation.url, act, log)
        report.kills += 1
        report.expect(code == KILLED, f"the process ended with {code}", point)
        durable = passed.names[place - 1] == "write.committed"
        _compare(report, before, counts(engine), times(one, int(durable)), case.varies, point)
        again = perform(engine, act)
        for _ in range(PATIENCE):
            again = perform(engine, act) if again.again else again
        report.acts += 1
        report.expect(again.done and again.replayed == durable, f"then answered {again.status} {again.code} replayed={again.replayed}", point)
        _compare(report, before, counts(engine), one, case.varies, f"{point}, after the retry")
    report.expect(not witness.lines(log), "a process that was killed before its answer has acknowledged", name)


def _compare(report: Report, before: Any, after: Any, expected: Any, varies: tuple[str, ...], where: str) -> None:
    found, wanted = gained(after, before), dict(expected)
    for table in varies:
        found.pop(table, None)
        wanted.pop(table, None)
    report.expect(found == wanted, f"rows differ: {dict(gained(found, wanted))}", where)


def work(url: str, job: str) -> None:
    """Work on a job to its end."""
    Runner(open_engine(url)).run(job)


def jobs(databases: Databases, kind: Kind, size: Size, report: Report) -> None:
    """End a worker at each failpoint of an invoice run: the next one goes on, and each order has one invoice."""
    installation = install(databases, kind)
    shop, engine = installation.shop, installation.engine
    product = shop.add_product("P", price="10.00", cost="6.00", stock="10000")

    def fresh() -> tuple[str, list[str]]:
        orders = [shop.order({"product": product, "quantity": "1"}, customer="C0001")["number"] for _ in range(ORDERS)]
        for order in orders:
            shop.deliver(order)
        return shop.perform("sales.start_invoice_run", {})["id"], orders

    job, _ = fresh()
    with counted() as passed:
        Runner(engine).run(job)
    for place in chosen(len(passed.names), size, "jobs"):
        point = f"invoice run, failpoint {place} ({passed.names[place - 1]})"
        job, orders = fresh()
        code = kill_at(place, work, installation.url, job)
        report.kills += 1
        report.expect(code == KILLED, f"the worker ended with {code}", point)
        time_passes(engine)
        if Runner(engine).read(job).state != "done":
            Runner(engine).run(job)
        state = Runner(engine).read(job)
        report.expect((state.state, state.done) == ("done", ORDERS), f"the job is {state.state} with {state.done}: {state.error}", point)
        sql = (
            "SELECT count(DISTINCT l.document_id) FROM sales_invoice_line l JOIN sales_order_line o ON o.id = l.order_line_id "
            "JOIN kernel_document_key k ON k.document_id = o.document_id WHERE k.value = ?"
        )
        invoices = [installation.rows(sql, order)[0][0] for order in orders]
        report.expect(invoices == [1] * ORDERS, f"the orders have {invoices} invoices", point)
    for found in unsound(engine):
        report.find(found, "jobs")
    remove(databases, installation)


def deliver(url: str, log: str) -> None:
    """Give waiting events to their listeners, once."""
    witness.log = log
    dispatch(open_engine(url))


def events(databases: Databases, kind: Kind, size: Size, report: Report) -> None:
    """End a dispatcher at each of its failpoints: every event reaches its listener, in order, and none that did not happen."""
    installation = install(databases, kind)
    shop, engine = installation.shop, installation.engine
    product = shop.add_product("P", price="10.00", cost="6.00", stock="10000")
    with tempfile.TemporaryDirectory(prefix="kassa-campaign-") as folder, witnessed(str(Path(folder, "events"))) as log:
        dispatch_all(engine)

        def sell() -> None:
            shop.sell({"product": product, "quantity": "1"}, payments={"cash": "10.00"})

        sell()
        with counted() as passed:
            dispatch(engine)
        for place in chosen(len(passed.names), size, "events"):
            point = f"outbox, failpoint {place} ({passed.names[place - 1]})"
            sell()
            code = kill_at(place, deliver, installation.url, log)
            report.kills += 1
            report.expect(code == KILLED, f"the dispatcher ended with {code}", point)
            time_passes(engine)
            dispatch_all(engine)
            check_events(installation, log, report, point)
    remove(databases, installation)


@contextmanager
def witnessed(path: str):
    """Let the listener of this process write to a file."""
    witness.log = path
    try:
        yield path
    finally:
        witness.log = None


def dispatch_all(engine: Engine, dispatcher: Callable[[Engine], int] = dispatch) -> None:
    """Give every waiting event to its listeners."""
    while dispatcher(engine):
        time_passes(engine)


def check_events(installation: Installation, log: str, report: Report, where: str) -> None:
    """What the listener wrote down is what the outbox holds, each at least once, and in order for each document."""
    rows = installation.rows("SELECT id, subject, dispatched_at FROM kernel_outbox ORDER BY id")
    told = witness.lines(log)
    seen = [line.split()[0] for line in told]
    report.expect(all(row[2] is not None for row in rows), "an event is still waiting", where)
    report.expect({row[0] for row in rows} == set(seen), f"{len(rows)} events happened, the listener knows {len(set(seen))}", where)
    order: dict[str, list[str]] = {}
    for line in dict.fromkeys(told):
        event, subject = line.split()
        order.setdefault(subject, []).append(event)
    wrong = [subject for subject, found in order.items() if subject != "None" and found != sorted(found)]
    report.expect(not wrong, f"events about {wrong[:3]} came out of order", where)
    report.figures["deliveries"] = len(seen)
