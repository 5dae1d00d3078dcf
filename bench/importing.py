"""The import of sales: a made-up file of invoice lines through the import job, beside its rows written by raw SQL."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from bench.measuring import Line, measure
from bench.recording import RawConnection, copy_of, recording
from bench.shop import PRODUCTS, Shop
from kassa.kernel.jobs import Runner
from kassa.kernel.permissions import SYSTEM
from kassa.sales.importing.mapping_file import read_mapping
from kassa.sales.importing.reader import file_fingerprint

LINES_OF_A_DOCUMENT = 20
MAPPING = """format = 1
source = "bench"
legal_entity = "NL01"
store = "S001"
currency = "EUR"
tax_code = "none"
[columns]
document_number = "Invoice"
product_code = "Product"
quantity = "Quantity"
unit_price = "Price"
occurred_at = { column = "At", format = "%Y-%m-%d %H:%M:%S", timezone = "Europe/Amsterdam" }
[products]
price_list = "RETAIL"
item_model_group = "GOODS"
cost_share = "0.5"
"""


def write_file(path: Path, lines: int) -> None:
    """Write invoice lines, the same in every run."""
    draw = random.Random(11)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Invoice", "Product", "Quantity", "Price", "At"])
        for number in range(lines):
            document = number // LINES_OF_A_DOCUMENT
            price = f"{draw.randint(1, 20)}.{draw.randint(0, 99):02d}"
            day, minute = document // 400 % 28 + 1, document % 400
            writer.writerow(
                [
                    f"A{document:07d}"[1:],
                    f"P{draw.randrange(PRODUCTS):05d}",
                    draw.randint(1, 12),
                    price,
                    f"2020-03-{day:02d} 10:{minute % 60:02d}:00",
                ]
            )


def sales_import(shop: Shop, lines: int, folder: Path) -> Line:
    """Import lines as sales: products, opening stock, orders, packing slips, invoices, stock and ledger."""
    engine = shop.engine
    source, mapping = folder / "sales.csv", folder / "mapping.toml"
    write_file(source, lines)
    mapping.write_text(MAPPING)
    command = {
        "file": str(source), "mapping": str(mapping), "file_fingerprint": file_fingerprint(source),
        "mapping_fingerprint": read_mapping(mapping).fingerprint,
    }  # fmt: skip
    job = engine.perform("sales.start_import", command, actor=SYSTEM, legal_entity_id=shop.legal_entity_id).body
    engine.close()
    raw = RawConnection(copy_of(shop.url))
    engine = shop.reopen().engine
    runner = Runner(engine)
    with recording(engine.database.dialect) as flushes:
        kassa = measure(lines, lambda: runner.run(job["id"]))
    done = runner.read(job["id"])
    assert done.state == "done", done.error
    assert done.done == lines
    plain = measure(lines, lambda: raw.replay(flushes))
    raw.close()
    rows = sum(len(write.parameters) if write.many else 1 for flush in flushes for write in flush)
    return Line(
        database=engine.database.dialect, what="import of sales", unit="lines", kassa=kassa, raw=plain, note=f"{rows / lines:.1f} rows a line",
    )  # fmt: skip
