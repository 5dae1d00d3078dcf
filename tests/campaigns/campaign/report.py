"""What a campaign is told and what it tells: sizes, findings, figures, and the command that repeats it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs
from rich.console import Console
from rich.table import Table

COUNTS = ("rounds", "acts", "kills", "cuts", "steps")


@attrs.frozen(kw_only=True)
class Size:
    """How large a campaign is, and the seed from which every choice in it follows."""

    rounds: int = 20
    racers: int = 64
    kills: int = 100
    cuts: int = 100
    steps: int = 20_000
    seed: int = 7
    only: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        """Whether something is part of the campaign: everything, or what was named."""
        return not self.only or name in self.only


@attrs.define(kw_only=True)
class Report:
    """One campaign on one database."""

    campaign: str
    database: str
    size: Size
    rounds: int = 0
    acts: int = 0
    kills: int = 0
    cuts: int = 0
    steps: int = 0
    figures: dict[str, Any] = attrs.field(factory=dict)
    findings: list[str] = attrs.field(factory=list)
    seconds: int = 0

    def find(self, what: str, where: str = "") -> None:
        """Write a finding down."""
        self.findings.append(f"{self.campaign} on {self.database}{f', {where}' if where else ''}: {what}")

    def expect(self, condition: bool, what: str, where: str = "") -> bool:
        """Write down what is not as it must be; answers whether it is."""
        if not condition:
            self.find(what, where)
        return condition

    @property
    def repeat(self) -> str:
        """The command that does the same again."""
        size = attrs.asdict(self.size)
        options = " ".join(f"--{name} {size[name]}" for name in ("rounds", "racers", "kills", "cuts", "steps", "seed"))
        only = "".join(f" --only {name}" for name in self.size.only)
        return f"tox -e campaign -- {self.campaign} --database {self.database} {options}{only}"

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values."""
        counts = {name: getattr(self, name) for name in COUNTS}
        known = {"campaign": self.campaign, "database": self.database, "seed": self.size.seed, **counts, "seconds": self.seconds}
        return known | {"figures": self.figures, "findings": self.findings, "repeat": self.repeat}


@contextmanager
def measured(campaign: str, database: str, size: Size) -> Iterator[Report]:
    """Make a report and note how long the campaign took."""
    report = Report(campaign=campaign, database=database, size=size)
    begun = time.monotonic()
    yield report
    report.seconds = int(time.monotonic() - begun)


def show(reports: Iterable[Report], as_json: bool) -> None:
    """Print the reports as a table with the findings below it, or as JSON."""
    console, reports = Console(), list(reports)
    if as_json:
        print(json.dumps([report.as_dict() for report in reports], indent=2, default=str))  # noqa: T201 - output of the command
        return
    table = Table(title="Campaigns")
    for heading in ("campaign", "database"):
        table.add_column(heading)
    for heading in (*COUNTS, "seed", "seconds", "findings"):
        table.add_column(heading, justify="right")
    table.add_column("figures")
    for report in reports:
        counts = [f"{getattr(report, name):,}" if getattr(report, name) else "" for name in COUNTS]
        figures = ", ".join(f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}" for name, value in report.figures.items())
        table.add_row(
            report.campaign, report.database, *counts, str(report.size.seed), f"{report.seconds:,}", str(len(report.findings)), figures
        )
    console.print(table)
    for report in reports:
        for finding in report.findings:
            console.print(f"[red]{finding}[/red]", highlight=False, soft_wrap=True)
        if report.findings:
            console.print(f"repeat: {report.repeat}", highlight=False, soft_wrap=True)
