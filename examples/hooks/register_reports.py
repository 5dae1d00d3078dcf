"""Rings by day: a table of named columns that is shown as table, CSV and JSON."""

import attrs
import peewee

from kassa import Date, Integer, Permission, Report, Storage, Table, hookimpl


class RingsRow(Table):
    """How often the bell was rung on a day."""

    date = Date()
    rings = Integer()

    class Meta:
        table_name = "bell_rings"
        primary_key = peewee.CompositeKey("date")


@attrs.frozen(kw_only=True)
class AtLeast:
    """From how many rings on a day is shown."""

    rings: int = 1


def by_day(read, parameters, context):
    return read.rows("SELECT date, rings FROM bell_rings WHERE rings >= ? ORDER BY date", (parameters.rings,))


@hookimpl
def register_storage():
    return [Storage(name="bell", tables=(RingsRow,))]


@hookimpl
def register_definitions():
    return [Permission(name="bell.listen", summary="See how often the bell was rung")]


@hookimpl
def register_reports():
    return [
        Report(
            name="bell.by_day", summary="Rings by day", parameters=AtLeast, columns=("date", "rings"), run=by_day, permission="bell.listen"
        )
    ]
