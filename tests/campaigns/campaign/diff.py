"""T-DIFF: the same script on SQLite and on the other database; answers and all tables are the same but for ids and hashes.

Asked for SQLite alone, it runs the script twice there: the same seed does the same again.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from campaign.installation import Installation, install, remove
from campaign.report import Report, Size, measured
from campaign.state.walk import Divergence, Walk
from kassa.testing.databases import Databases, Kind

EPISODE = 100
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
HASH = re.compile(r"\b[0-9a-f]{64}\b")
# What the clock of the database says, and what is a hash over ids.
OF_THE_DATABASE = {("kernel_job", "run_after"), ("kernel_job", "lease_until"), ("kernel_job", "lease_owner")}
HASHED_IDS = {("ledger_dimension_set", "id"), ("ledger_entry", "dimension_set_id"), ("ledger_open_item", "dimension_set_id")}


def campaign(databases: Databases, kind: Kind, size: Size) -> Report:
    """Walk the same steps on both, and compare."""
    with measured("diff", kind, size) as report:
        for number in range(max(size.rounds, 1)):
            steps = min(EPISODE, size.steps)
            first, second = (walked(databases, one, f"{size.seed}-diff-{number}", steps, report) for one in ("sqlite", kind))
            report.steps += steps
            report.rounds += 1
            compare_answers(first[0], second[0], report, number)
            for table in {*first[1], *second[1]}:
                left, right = first[1].get(table, Counter()), second[1].get(table, Counter())
                differing = [*(left - right), *(right - left)]
                report.expect(not differing, f"rows of {table} differ: {differing[:2]}", f"script {number}")
            report.acts += len(first[0])
    return report


def walked(databases: Databases, kind: Kind, seed: str, steps: int, report: Report) -> tuple[list[Any], dict[str, Counter[Any]]]:
    """Walk a script; its answers, and all rows afterwards."""
    installation = install(databases, kind)
    walk = Walk(installation, seed)
    try:
        for _ in range(steps):
            walk.step(check=False)
    except Divergence as found:
        report.find(f"{found} on {kind}", seed)
    rows = dumped(installation)
    remove(databases, installation)
    return walk.log, rows


def compare_answers(first: list[Any], second: list[Any], report: Report, number: int) -> None:
    """Each id stands for the place where it was first seen, so that what points where is compared as well."""
    names: tuple[dict[str, str], dict[str, str]] = ({}, {})
    report.expect(len(first) == len(second), f"{len(first)} answers and {len(second)}", f"script {number}")
    for place, (left, right) in enumerate(zip(first, second, strict=False)):
        told = [named(repr(one), known) for one, known in zip((left, right), names, strict=True)]
        if not report.expect(told[0] == told[1], f"answer {place} of {left[0]} differs: {told[0][-300:]} and {told[1][-300:]}", f"script {number}"):
            return


def named(text: str, known: dict[str, str]) -> str:
    """Put a name in place of each id."""
    return ID.sub(lambda found: known.setdefault(found[0], f"id {len(known)}"), text)


def dumped(installation: Installation) -> dict[str, Counter[Any]]:
    """All rows of all tables, without ids and hashes, as often as each is there."""
    found = {}
    for name, table in installation.engine.registry.tables.items():
        if name == "kernel_lease":
            continue
        columns = [field.column_name for field in table._meta.sorted_fields]
        columns = [column for column in columns if (name, column) not in OF_THE_DATABASE | HASHED_IDS]
        quoted = ", ".join(f'"{column}"' for column in columns)
        found[name] = Counter(tuple(plain(value) for value in row) for row in installation.rows(f"SELECT {quoted} FROM {name}"))
    return found


def plain(value: Any) -> Any:
    """A value as both databases could give it."""
    if isinstance(value, bool):
        return int(value)
    return HASH.sub("hash", ID.sub("id", value)) if isinstance(value, str) else value
