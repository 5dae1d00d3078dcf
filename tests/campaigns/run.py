"""Runs campaigns and prints what came of them: `tox -e campaign -- race kill --rounds 20 --kills 100 --steps 20000 --seed 7`.

Without names all campaigns run, on SQLite and on the PostgreSQL that KASSA_TEST_POSTGRES names. The exit code is 1 where something
was found; each finding comes with the command that repeats it.
"""

from __future__ import annotations

import importlib
import logging
import sys
import tempfile
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parent))

from campaign.report import Report, Size, show

from kassa.testing.databases import Databases, kinds

CAMPAIGNS = ("state", "turns", "race", "kill", "wire", "plug", "diff", "fuzz", "authz")


@click.command(context_settings={"show_default": True})
@click.argument("names", nargs=-1, type=click.Choice(CAMPAIGNS))
@click.option("--database", "databases", type=click.Choice(["sqlite", "postgresql"]), multiple=True, help="Which databases; both by default.")
@click.option("--rounds", default=20, help="Races of each operation and variant; sequences of the same script on both databases.")
@click.option("--racers", default=64, help="How many act at the same moment in a race.")
@click.option("--kills", default=100, help="Random kills under load; from 100 on the sweep takes every failpoint, else so many.")
@click.option("--cuts", default=100, help="Commits whose answer is lost.")
@click.option("--steps", default=20_000, help="Steps of the walk beside the reference model.")
@click.option("--seed", default=7, help="What every choice follows from.")
@click.option("--only", multiple=True, help="Only this operation, mix or part of a campaign; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(names: tuple[str, ...], databases: tuple[str, ...], as_json: bool, **size: object) -> None:
    """Attack Kassa and say what was found."""
    # Cut wires and lost races are what campaigns are about; the drivers need not complain of each.
    logging.disable(logging.CRITICAL)
    told, reports = Size(**size), []
    with tempfile.TemporaryDirectory(prefix="kassa-campaign-") as folder:
        made = Databases(Path(folder))
        try:
            for name in names or CAMPAIGNS:
                run = importlib.import_module(f"campaign.{name}").campaign
                for kind in databases or kinds():
                    click.echo(f"{name} on {kind} …", err=True)
                    reports.append(run(made, kind, told))
                    progress(reports[-1])
        finally:
            made.close()
    show(reports, as_json)
    sys.exit(1 if any(report.findings for report in reports) else 0)


def progress(report: Report) -> None:
    """Say that a campaign has ended, beside the output that may be JSON."""
    click.echo(f"{report.campaign} on {report.database}: {len(report.findings)} findings after {report.seconds:,} s", err=True)


if __name__ == "__main__":
    main()
