"""Counts rows: what one act leaves behind, so that twice the effect, or half of it, is seen in any table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from kassa.kernel.engine import Engine
from kassa.kernel.invariants import verify

# A refusal is written down too, and a try to sign in counts before it is looked at; counters and dimension sets have a row when they
# are first used.
BESIDE = (
    "kernel_audit", "kernel_revision", "kernel_approval", "kernel_lease", "kernel_delivery", "kernel_number_series", "kernel_chain_head",
    "ledger_dimension_set", "org_tries",
)  # fmt: skip
NOTED = ("last_used_at",)


def counts(engine: Engine) -> Counter[str]:
    """How many rows each table has."""
    names = [name for name in sorted(engine.registry.tables) if name not in BESIDE]
    sql = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
    with engine.database.snapshot() as read:
        return Counter({name: number for name, number in read.rows(sql) if number})


def contents(engine: Engine) -> dict[str, Counter[tuple]]:
    """The rows of each table, but for columns that tell when something was used last."""
    found = {}
    with engine.database.snapshot() as read:
        for name, table in sorted(engine.registry.tables.items()):
            if name not in BESIDE:
                columns = ", ".join(f'"{column}"' for column in table._meta.columns if column not in NOTED)
                found[name] = Counter(read.rows(f"SELECT {columns} FROM {name}"))
    return found


def gained(after: Mapping[str, int], before: Mapping[str, int]) -> Counter[str]:
    """Which tables have more rows than before, and how many; fewer count as negative."""
    return Counter({name: after.get(name, 0) - before.get(name, 0) for name in {*after, *before} if after.get(name, 0) != before.get(name, 0)})


def times(one: Mapping[str, int], number: int) -> Counter[str]:
    """What so many acts leave behind, where one leaves `one`."""
    return Counter({name: rows * number for name, rows in one.items() if rows * number})


def unsound(engine: Engine) -> list[str]:
    """What `kassa verify` finds, as texts."""
    return [f"{found.invariant}: {found.row}: {found.what}" for found in verify(engine)]
