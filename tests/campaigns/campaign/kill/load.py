"""Random kills under load: tills, a worker of jobs and a dispatcher are ended with SIGKILL and begin again."""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from campaign import witness
from campaign.counting import unsound
from campaign.installation import Installation, install, open_engine, remove
from campaign.kill.sweep import check_events, dispatch_all, time_passes, witnessed
from campaign.processes import SECONDS_AT_MOST, Act, perform, started
from campaign.report import Report, Size
from kassa.kernel.jobs import Runner
from kassa.kernel.outbox import dispatch
from kassa.testing.databases import Databases, Kind

TILLS = 4
PRODUCTS = [f"P{number}" for number in range(4)]
PLENTY = "1000000"
MILLISECONDS = (20, 120)
SECONDS_OF_REST = 1
PIECE = 1000


def commands(store: str, warehouses: tuple[str, str], seed: str) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, int]]]:
    """Endless acts with what each takes from or adds to the pieces of products in the first warehouse."""
    choose = random.Random(seed)
    while True:
        product, pieces = choose.choice(PRODUCTS), choose.randint(1, 3)
        line = {"product": product, "quantity": str(pieces)}
        act = choose.choice(("sell", "take back", "adjust", "carry", "pay", "order"))
        if act == "sell":
            yield "sales.sell", {"store": store, "lines": [line], "payments": [{"tender": "cash", "amount": f"{pieces * 10}.00"}]}, {product: -pieces}
        elif act == "take back":
            back = {"product": product, "quantity": f"-{pieces}"}
            paid = [{"tender": "cash", "amount": f"-{pieces * 10}.00"}]
            yield "sales.sell", {"store": store, "lines": [back], "payments": paid}, {product: pieces}
        elif act == "adjust":
            yield "stock.adjust", {"store": store, "reason": "correction", "lines": [line]}, {product: pieces}
        elif act == "carry":
            way = dict(zip(("from_warehouse", "to_warehouse"), warehouses, strict=True))
            yield "stock.create_transfer", {**way, "store": store, "immediate": True, "lines": [line]}, {product: -pieces}
        elif act == "pay":
            yield "payments.take", {"customer": "C0001", "tender": "card", "amount": f"{pieces}.00", "store": store}, {}
        else:
            yield "sales.create_order", {"store": store, "customer": "C0002", "lines": [line]}, {}


def till(url: str, entity: str, store: str, warehouses: tuple[str, str], number: int, seed: int, log: str, until: str) -> None:
    """Act, writing down each attempt before it and each answer after it; begun again, first find out about the last attempt."""
    engine = open_engine(url)
    attempts = [json.loads(line) for line in witness.lines(log) if line.startswith("{")]
    answered = {line.split()[0] for line in witness.lines(log) if not line.startswith("{")}
    pending = [attempt for attempt in attempts if attempt["key"] not in answered]
    endless = commands(store, warehouses, f"{seed}-{number}-{len(attempts)}")
    place = len(attempts)
    while pending or not Path(until).exists():
        if pending:
            attempt = pending.pop()
        else:
            operation, command, moves = next(endless)
            attempt = {"key": f"till-{number}-{place}", "operation": operation, "command": command, "moves": moves}
            place += 1
            witness.append(log, json.dumps(attempt))
        answer = perform(engine, Act(url=url, legal_entity_id=entity, operation=attempt["operation"], command=attempt["command"], key=attempt["key"]))
        while answer.again:
            answer = perform(engine, Act(url=url, legal_entity_id=entity, operation=attempt["operation"], command=attempt["command"], key=attempt["key"]))
        witness.append(log, f"{attempt['key']} {answer.status} {answer.code}")


def worker(url: str, entity: str, until: str) -> None:
    """Start invoice runs and work on them."""
    engine = open_engine(url)
    runner, number = Runner(engine), 0
    while not Path(until).exists():
        if not runner.run_next():
            number += 1
            key = f"run-{os.getpid()}-{number}"
            perform(engine, Act(url=url, legal_entity_id=entity, operation="sales.start_invoice_run", command={}, key=key))


def dispatcher(url: str, log: str, until: str) -> None:
    """Give events to their listeners."""
    witness.log = log
    engine = open_engine(url)
    while not Path(until).exists():
        if not dispatch(engine):
            time.sleep(0.01)


def kill_at_random(databases: Databases, kind: Kind, size: Size, report: Report) -> None:
    """Kill as often as asked, let everybody finish, and compare the logs with the database."""
    installation = install(databases, kind)
    shop = installation.shop
    for product in PRODUCTS:
        shop.add_product(product, price="10.00", cost="6.00", stock=PLENTY)
    for number in range(20):
        shop.deliver(shop.order({"product": PRODUCTS[number % 4], "quantity": "1"}, customer="C0002")["number"])
    delivered = Counter(dict.fromkeys(PRODUCTS, 5))
    with tempfile.TemporaryDirectory(prefix="kassa-campaign-") as folder, witnessed(str(Path(folder, "events"))) as events:
        logs = [str(Path(folder, f"till-{number}")) for number in range(TILLS)]
        until = str(Path(folder, "until"))
        warehouses = (shop.warehouse, installation.second)
        bodies: list[tuple[Any, ...]] = [
            *((till, installation.url, shop.legal_entity_id, shop.store, warehouses, number, size.seed, log, until) for number, log in enumerate(logs)),
            (worker, installation.url, shop.legal_entity_id, until),
            (dispatcher, installation.url, events, until),
        ]
        _kill(bodies, installation, size, report, until)
        _check_logs(installation, logs, delivered, report)
        _finish_jobs(installation, report)
        dispatch_all(installation.engine)
        check_events(installation, events, report, "under load")
    for found in unsound(installation.engine):
        report.find(found, "under load")
    remove(databases, installation)


def _kill(bodies: list[tuple[Any, ...]], installation: Installation, size: Size, report: Report, until: str) -> None:
    choose = random.Random(size.seed)
    running = [started(*body) for body in bodies]
    time.sleep(SECONDS_OF_REST)
    for _ in range(size.kills):
        time.sleep(choose.randint(*MILLISECONDS) / 1000)
        victim = choose.randrange(len(bodies))
        running[victim].kill()
        running[victim].join()
        report.kills += 1
        if victim >= TILLS:
            time_passes(installation.engine)
        running[victim] = started(*bodies[victim])
    time.sleep(SECONDS_OF_REST)
    Path(until).touch()
    for process in running:
        process.join(SECONDS_AT_MOST)
        if process.is_alive():
            process.kill()
            report.find("a process did not end by itself", "under load")
        else:
            report.expect(process.exitcode == 0, f"a process ended with {process.exitcode}", "under load")


def _check_logs(installation: Installation, logs: list[str], delivered: Counter[str], report: Report) -> None:
    """Acknowledged is a part of what is there, what is there is a part of what was attempted, and goods moved accordingly."""
    told = [line for log in logs for line in witness.lines(log)]
    attempts = {attempt["key"]: attempt for attempt in (json.loads(line) for line in told if line.startswith("{"))}
    answers = {key: (int(status), code) for key, status, *code in (line.split() for line in told if not line.startswith("{"))}
    durable = {row[0] for row in installation.rows("SELECT key FROM kernel_idempotency WHERE key LIKE 'till-%' AND answer IS NOT NULL")}
    acknowledged = {key for key, (status, _) in answers.items() if 200 <= status < 300}
    where = "under load"
    report.expect(acknowledged <= durable, f"acknowledged and lost: {sorted(acknowledged - durable)[:5]}", where)
    report.expect(durable <= set(attempts), f"there and never asked for: {sorted(durable - set(attempts))[:5]}", where)
    report.expect(durable == acknowledged, f"there and refused in the end: {sorted(durable - acknowledged)[:5]}", where)
    strange = {key: answer for key, answer in answers.items() if not 200 <= answer[0] < 300 and answer[0] not in (409, 422)}
    report.expect(not strange, f"answers that nobody should get: {dict(list(strange.items())[:5])}", where)
    expected = Counter({product: int(PLENTY) - delivered[product] for product in PRODUCTS})
    for key in durable:
        expected.update(attempts[key]["moves"])
    sql = (
        "SELECT p.number, b.on_hand FROM stock_balance b JOIN catalog_product p ON p.id = b.product_id "
        "JOIN org_warehouse w ON w.id = b.warehouse_id WHERE w.code = ?"
    )
    found = {product: on_hand // PIECE for product, on_hand in installation.rows(sql, installation.shop.warehouse)}
    report.expect(found == dict(expected), f"on hand is {found}, what was done makes {dict(expected)}", where)
    report.acts += len(attempts)
    report.figures |= {"attempted": len(attempts), "acknowledged": len(acknowledged)}


def _finish_jobs(installation: Installation, report: Report) -> None:
    time_passes(installation.engine)
    runner = Runner(installation.engine)
    while runner.run_next():
        time_passes(installation.engine)
    states = dict(installation.rows("SELECT state, count(*) FROM kernel_job GROUP BY state"))
    report.expect(set(states) <= {"done"}, f"jobs ended as {states}", "under load")
