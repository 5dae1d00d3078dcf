"""Claims as statements: what a plan claims of one balance row becomes one conditional write."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from kassa.kernel.contributions import Balance
from kassa.kernel.database import Write
from kassa.kernel.plan import ClaimedRow
from kassa.kernel.tables import name_of

Shape = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]


_TEXTS: dict[Shape, str] = {}


def claim_write(balance: Balance, claimed: ClaimedRow) -> Write:
    """Write the conditional update of one balance row.

    Where nothing limits it, the row is made if it is absent; a limited claim needs the row unless its bound allows what the
    claim alone leaves (an absent row counts as zeros). Likewise counters that are 0 together.
    """
    amounts = {column: amount for column, amount in claimed.amounts.items() if amount}
    bounds, expected = sorted(claimed.bounds.items()), claimed.expected or {}
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
    start = [*claimed.key, *(amounts.get(column, 0) for column in balance.amounts)] if absent_is_fine else []
    key = () if absent_is_fine else claimed.key
    return Write(sql, [*start, *amounts.values(), *key, *values], expect=1, what=claimed)


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
