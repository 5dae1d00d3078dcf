"""Remembers when the bell of the shop was rung, and looks for rings that nobody can have heard yet."""

from kassa import Id, Integer, Invariant, Storage, Table, hookimpl


class RingRow(Table):
    """One ring: which of the day it was, and when (microseconds, UTC)."""

    id = Id(primary_key=True)
    ordinal = Integer()
    rung_at = Integer()

    class Meta:
        table_name = "bell_ring"
        append_only = True


def unheard(read):
    return [f"ring {ordinal}: it has no place in the day" for (ordinal,) in read.rows("SELECT ordinal FROM bell_ring WHERE ordinal < 1")]


@hookimpl
def register_storage():
    return [Storage(name="bell", tables=(RingRow,)), Invariant(name="bell.ordinal", summary="Rings are counted from 1.", find=unheard)]
