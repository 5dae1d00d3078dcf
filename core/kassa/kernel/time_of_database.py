"""The database's own time, as an expression of SQL: leases compare it, since clocks of different machines need not agree."""

from __future__ import annotations

from typing import Literal

Dialect = Literal["sqlite", "postgresql"]

NOW: dict[Dialect, str] = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER) * 1000000",
    "postgresql": "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
}
