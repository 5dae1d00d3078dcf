"""The import posts every line once, whatever happens to it: clean, repeated, killed again and again."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kassa.kernel.clock import FixedClock
from kassa.kernel.jobs import Runner
from kassa.kernel.permissions import SYSTEM
from kassa.sales.importing.mapping_file import read_mapping
from kassa.sales.importing.reader import file_fingerprint
from kassa.testing.builders import Shop, build_shop
from kassa.testing.ledger import assert_sound, trial_balance

MAPPING = """format = 1
source = "till"
legal_entity = "NL01"
store = "S001"
currency = "EUR"
tax_code = "none"
[columns]
document_number = "Invoice"
product_code = "Product"
quantity = "Quantity"
unit_price = "Price"
customer = "Customer"
occurred_at = {{ column = "At", format = "%Y-%m-%d %H:%M:%S", timezone = "Europe/Amsterdam" }}
[documents]
cancellation_prefix = "C"
[products]
price_list = "RETAIL"
item_model_group = "AVERAGE"
cost_share = "0.5"
{more}"""
# Enough for five kills before it is done.
DOCUMENTS = 1500
RESUME = """
import sys
from kassa.kernel.engine import Engine
from kassa.kernel.jobs import Runner
engine = Engine.open(sys.argv[1], modules={})
Runner(engine).run(sys.argv[2], lambda job: print(job.done, flush=True))
"""


def write_file(path: Path, documents: int) -> list[tuple[str, int, int]]:
    """Write invoices of one to twelve lines, some cancelled, some with a line twice; returns (number, lines, minor units) of the sales."""
    draw = random.Random(5)
    expected = []
    rows = ["Invoice,Product,Quantity,Price,Customer,At"]
    for number in range(documents):
        at = f"2026-{draw.randint(1, 9):02d}-{draw.randint(1, 28):02d} 10:{draw.randint(0, 59):02d}:00"
        customer = draw.choice(["", "1001", "1002"])
        if number % 29 == 7:
            rows.append(f"C{number:05d},P{draw.randint(0, 30)},-1,2.50,{customer},{at}")
            continue
        total, lines = 0, draw.randint(1, 12)
        for _ in range(lines):
            quantity, price = draw.randint(1, 9), draw.randint(5, 4000)
            rows.append(f"{number:05d},P{draw.randint(0, 30)},{quantity},{price // 100}.{price % 100:02d},{customer},{at}")
            total += quantity * price
        if number % 10 == 0:
            rows.append(rows[-1])
            lines, total = lines + 1, total + quantity * price
        expected.append((f"{number:05d}", lines, total))
    path.write_text("\n".join(rows) + "\n")
    return expected


def start(shop: Shop, folder: Path, documents: int, more: str = "") -> tuple[str, list[tuple[str, int, int]]]:
    """Write a file and its mapping and make the job; returns the job's id and what the file holds."""
    source, mapping = folder / "sales.csv", folder / "mapping.toml"
    expected = write_file(source, documents)
    mapping.write_text(MAPPING.format(more=more))
    return again(shop, folder), expected


def again(shop: Shop, folder: Path) -> str:
    """Make a job over the same file."""
    source, mapping = folder / "sales.csv", folder / "mapping.toml"
    command = {
        "file": str(source), "mapping": str(mapping), "rejects": str(folder / "rejects.csv"),
        "file_fingerprint": file_fingerprint(source), "mapping_fingerprint": read_mapping(mapping).fingerprint,
    }  # fmt: skip
    job = shop.engine.perform("sales.start_import", command, actor=SYSTEM, legal_entity_id=shop.legal_entity_id).body
    return str(job["id"])


def posted(shop: Shop) -> list[tuple[str, int, int]]:
    """Read what was posted: number in the source, lines and total of every invoice."""
    sql = (
        "SELECT k.value, count(*), sum(l.total) FROM kernel_document_key k JOIN sales_invoice_line l ON l.order_id = k.document_id "
        "WHERE k.name = 'source_number' GROUP BY k.value ORDER BY k.value"
    )
    with shop.engine.database.snapshot() as read:
        return [(value, lines, int(total)) for value, lines, total in read.rows(sql)]


def state(shop: Shop) -> dict[str, Any]:
    """Read everything that must not depend on how often the import was interrupted."""
    with shop.engine.database.snapshot() as read:
        stock = read.rows(
            "SELECT p.number, b.on_hand, b.value, b.issued_value FROM stock_balance b JOIN catalog_product p ON p.id = b.product_id ORDER BY p.number"
        )
        numbers = read.rows("SELECT value FROM kernel_document_key WHERE name = 'number' ORDER BY value")
        documents = read.rows("SELECT kind, type, state, count(*) FROM kernel_document GROUP BY kind, type, state ORDER BY kind, type, state")
    return {"invoices": posted(shop), "stock": stock, "numbers": numbers, "documents": documents, "balances": trial_balance(shop)}


@pytest.fixture
def new_shop(make_engine: Callable[..., Any]) -> Callable[[], Shop]:
    """Make an empty shop on a database of its own."""
    return lambda: build_shop(make_engine(modules={}, clock=FixedClock("2026-11-21T09:00:00Z")))


def test_every_sale_of_the_file_is_posted_once(new_shop: Callable[[], Shop], tmp_path: Path) -> None:
    shop = new_shop()
    job, expected = start(shop, tmp_path, 120)
    done = Runner(shop.engine).run(job)
    assert done.state == "done"
    assert posted(shop) == expected
    assert done.summary["posted"] == len(expected)
    assert done.summary["read"]["classes"]["cancellation"]["documents"] == 4
    assert_sound(shop)


def test_the_same_file_again_posts_nothing(new_shop: Callable[[], Shop], tmp_path: Path) -> None:
    shop = new_shop()
    job, expected = start(shop, tmp_path, 40)
    Runner(shop.engine).run(job)
    before = state(shop)
    second = Runner(shop.engine).run(again(shop, tmp_path))
    assert (second.summary["posted"], second.summary["known"]) == (0, len(expected))
    assert state(shop) == before


def test_a_tender_of_the_mapping_pays_every_sale(new_shop: Callable[[], Shop], tmp_path: Path) -> None:
    shop = new_shop()
    job, expected = start(shop, tmp_path, 30, '[payments]\ntender = "card"\n')
    Runner(shop.engine).run(job)
    with shop.engine.database.snapshot() as read:
        assert read.value('SELECT count(*) FROM ledger_open_item WHERE "open" <> 0') == 0
        assert read.value("SELECT sum(amount) FROM payments_payment") == sum(total for _, _, total in expected)
    assert_sound(shop)


def test_a_changed_file_is_not_resumed(new_shop: Callable[[], Shop], tmp_path: Path) -> None:
    shop = new_shop()
    job, _ = start(shop, tmp_path, 10)
    (tmp_path / "sales.csv").write_text("Invoice,Product,Quantity,Price,Customer,At\n")
    found = Runner(shop.engine).run(job)
    assert found.state == "failed"
    assert "not what this import began with" in (found.error or "")
    assert posted(shop) == []


@pytest.mark.slow
def test_five_kills_change_nothing(new_shop: Callable[[], Shop], tmp_path: Path) -> None:
    clean, killed = new_shop(), new_shop()
    (tmp_path / "clean").mkdir()
    (tmp_path / "killed").mkdir()
    job, expected = start(clean, tmp_path / "clean", DOCUMENTS)
    Runner(clean.engine).run(job)
    job, _ = start(killed, tmp_path / "killed", DOCUMENTS)
    url = killed.engine.database.url
    draw, kills = random.Random(3), 0
    deadline = time.monotonic() + 90
    while kills < 5 and time.monotonic() < deadline:
        process = subprocess.Popen([sys.executable, "-c", RESUME, url, job], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(draw.random() / 4)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        process.stdout.close()
        _end_lease(killed, job)
    assert kills == 5
    assert Runner(killed.engine).run(job).state == "done"
    assert posted(killed) == expected
    assert state(killed) == state(clean)
    assert_sound(killed)


def _end_lease(shop: Shop, job: str) -> None:
    """End the lease of the killed runner, as time would; the test need not wait for it."""
    from kassa.kernel.database import Write
    from kassa.kernel.flush import write_alone

    write_alone(shop.engine.database, [Write("UPDATE kernel_job SET lease_until = 0 WHERE id = ?", (job,))])
