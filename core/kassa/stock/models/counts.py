"""Tables of counts: what was expected in a warehouse, and what was found."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Id, Integer, Table, Text, document_reference
from kassa.stock.models.lots import rows_of


class StockCountRow(Table):
    """A count of a warehouse: what was expected when it was begun, what was found."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    warehouse_id = Id()
    note = Text(null=True)

    class Meta:
        table_name = "stock_count"
        append_only = True
        constraints = [document_reference()]


class StockCountLineRow(Table):
    """One product of a count, in thousandths; `counted` is null until somebody counted it."""

    document_id = Id()
    number = Integer()
    product_id = Id()
    expected = Integer()
    counted = Integer(null=True)

    class Meta:
        table_name = "stock_count_line"
        append_only = True
        mutable = ("counted",)
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [rows_of("stock_count"), peewee.SQL("UNIQUE (document_id, product_id)")]
