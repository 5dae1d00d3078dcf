"""Claims as statements: all claims of a flush on one balance row become one conditional write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import attrs

from kassa.kernel.contributions import Balance
from kassa.kernel.database import Write
from kassa.kernel.plan import Claim
from kassa.kernel.tables import name_of

Shape = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]


@attrs.define
class MergedClaim:
    """All claims of a flush on one balance row."""

    balance: Balance
    key: tuple[Any, ...]
    amounts: dict[str, int] = attrs.field(factory=dict)
    bounds: dict[str, int] = attrs.field(factory=dict)
    expected: Mapping[str, int] | None = None
    opens: bool = False

    def add(self, claim: Claim) -> None:
        """Add one claim; the strictest floor of each bound holds for the sum."""
        amounts = self.amounts
        for column, amount in claim.amounts.items():
            amounts[column] = amounts.get(column, 0) + amount
        if claim.bound is not None:
            self.bounds[claim.bound] = max(claim.floor, self.bounds.get(claim.bound, claim.floor))
        if claim.expected is not None and self.expected is None:
            self.expected = claim.expected
        if claim.opens:
            self.opens = True

    def row(self) -> tuple[Any, ...]:
        """Give the whole row of a balance that this flush opens."""
        amounts = self.amounts
        return (*self.key, *[amounts.get(column, 0) for column in self.balance.amounts])


_TEXTS: dict[Shape, str] = {}


def claim_write(merged: MergedClaim) -> Write:
    """Write the conditional update of one balance row.

    Where nothing limits it, the row is made if it is absent; a limited claim needs the row unless its bound allows what the
    claim alone leaves (an absent row counts as zeros). Likewise counters that are 0 together.
    """
    balance, amounts = merged.balance, {column: amount for column, amount in merged.amounts.items() if amount}
    bounds, expected = sorted(merged.bounds.items()), merged.expected or {}
    absent_is_fine = balance.opens and not expected
    values: list[int] = []
    for bound, floor in bounds:
        left = sum([factor * amounts.get(column, 0) for column, factor in balance.bounds[bound].items()])
        values += (left, floor)
        absent_is_fine = absent_is_fine and left >= floor
    values += expected.values()
    for column, other in balance.zero_with.items():
        if column in amounts or other in amounts:
            values += (amounts.get(other, 0), amounts.get(column, 0))
            absent_is_fine = absent_is_fine and (amounts.get(other, 0) != 0 or not amounts.get(column, 0))
    shape: Shape = (balance.name, tuple(amounts), tuple([bound for bound, _ in bounds]), tuple(expected), absent_is_fine)
    sql = _TEXTS.get(shape)
    if sql is None:
        sql = _TEXTS[shape] = _text(balance, shape)
    start = [*merged.key, *(amounts.get(column, 0) for column in balance.amounts)] if absent_is_fine else []
    key = () if absent_is_fine else merged.key
    return Write(sql, [*start, *amounts.values(), *key, *values], expect=1, what=merged)


def _text(balance: Balance, shape: Shape) -> str:
    _name, amounts, bounds, expected, absent_is_fine = shape
    table = name_of(balance.table)
    assign = ", ".join(f"{column} = {table}.{column} + ?" for column in amounts) or f"{balance.amounts[0]} = {table}.{balance.amounts[0]}"
    guards = []
    for bound in bounds:
        form = balance.bounds[bound]
        guards.append(" + ".join(f"{factor} * {table}.{column}" for column, factor in form.items()) + " + ? >= ?")
    guards += [f"{table}.{column} = ?" for column in expected]
    for column, other in balance.zero_with.items():
        if column in amounts or other in amounts:
            guards.append(f"({table}.{other} + ? <> 0 OR {table}.{column} + ? = 0)")
    if not absent_is_fine:
        where = " AND ".join([*(f"{column} = ?" for column in balance.key), *guards])
        return f"UPDATE {table} SET {assign} WHERE {where}"
    columns = (*balance.key, *balance.amounts)
    where = f" WHERE {' AND '.join(guards)}" if guards else ""
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT ({', '.join(balance.key)}) DO UPDATE SET {assign}{where}"
    )


def together(writes: Sequence[Write]) -> list[Write]:
    """Join neighbours of the same text into one statement with many rows; the order of rows stays."""
    joined: list[Write] = []
    for sql, run in groupby(writes, key=lambda write: write.sql):
        same = list(run)
        if len(same) == 1:
            joined.append(same[0])
        else:
            joined.append(Write(sql, [w.parameters for w in same], many=True, expect=len(same), what=[w.what for w in same]))
    return joined
