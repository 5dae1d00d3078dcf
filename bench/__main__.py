"""Runs the benchmarks and prints a table of ratios: `python -m bench [--database sqlite] [--only sale] [--quick]`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bench import shop as shops
from bench.growth import growth
from bench.importing import sales_import
from bench.invoicing import invoice_run
from bench.measuring import Line
from bench.returning import credit_run
from bench.sale import engine_sale, http_sale
from bench.search import PRODUCTS, names, product_search

SERVER = "postgresql://root@127.0.0.1:5432/test"
ALL = ("sale", "http", "invoicing", "returning", "import", "search")
ON_REQUEST = ("growth",)
FEW, MANY = 10_000, 1_000_000


def run_one(name: str, dialect: str, server: str, scale: int) -> Line:
    """Run one benchmark on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="kassa-bench-") as folder:
        shop = shops.build(shops.fresh_database(dialect, server), names(PRODUCTS) if name == "search" else None)
        work: dict[str, Callable[[], Line]] = {
            "sale": lambda: engine_sale(shop, 40 * scale),
            "http": lambda: http_sale(shop, 40 * scale),
            "invoicing": lambda: invoice_run(shop, 100 * scale),
            "returning": lambda: credit_run(shop, 100 * scale),
            "import": lambda: sales_import(shop, 4000 * scale, Path(folder)),
            "search": lambda: product_search(shop, 20 * scale),
            "growth": lambda: growth(shop, FEW * scale // 10, MANY * scale // 10),
        }
        try:
            return work[name]()
        finally:
            shop.engine.close()


def table_of(lines: list[Line]) -> Table:
    """Show the lines: rates, their ratio, and processor time a piece."""
    table = Table(title="Kassa beside raw SQL on the same database, in the same run")
    for heading, justify in (("database", "left"), ("what", "left"), ("Kassa /s", "right"), ("beside /s", "right"), ("ratio", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for heading in ("CPU µs each", "CPU µs above"):
        table.add_column(heading, justify="right")
    table.add_column("note")
    for line in lines:
        table.add_row(
            line.database, line.what, f"{line.kassa.rate:,.0f} {line.unit}", f"{line.raw.rate:,.0f}" if line.raw else "",
            f"{line.ratio:.2f}" if line.ratio is not None else "", f"{line.kassa.cpu_us:,.0f}",
            f"{line.cpu_above:,.0f}" if line.cpu_above is not None else "", line.note,
        )  # fmt: skip
    return table


@click.command()
@click.option(
    "--database", "dialects", type=click.Choice(["sqlite", "postgresql"]), multiple=True, help="Which databases; both where left out."
)
@click.option(
    "--only",
    type=click.Choice(ALL + ON_REQUEST),
    multiple=True,
    help="Which benchmarks; where left out all but growth, which fills a large database.",
)
@click.option(
    "--server", default=lambda: os.environ.get("KASSA_TEST_POSTGRES") or SERVER, help="URL of a database on the PostgreSQL server to use."
)
@click.option("--quick", is_flag=True, help="A tenth of the work, for a first look.")
def main(dialects: tuple[str, ...], only: tuple[str, ...], server: str, quick: bool) -> None:
    """Measure Kassa beside raw SQL that writes or reads the same rows, and print the table."""
    console = Console()
    lines = []
    for dialect in dialects or ("sqlite", "postgresql"):
        for name in only or ALL:
            with console.status(f"{dialect}: {name} …"):
                lines.append(run_one(name, dialect, server, 1 if quick else 10))
            console.print(table_of(lines[-1:]))
    console.print(table_of(lines))


if __name__ == "__main__":
    main()
