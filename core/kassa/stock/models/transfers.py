"""Tables of transfers: the order, how far its lines have come, and the documents that ship and receive."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Id, Integer, Table, Text, document_reference
from kassa.stock.models.lots import rows_of

OF_TRANSFER = peewee.SQL("FOREIGN KEY (transfer_id) REFERENCES stock_transfer (document_id)")


class StockTransferRow(Table):
    """Goods that shall go from one warehouse to another of the same legal entity."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    from_warehouse_id = Id()
    to_warehouse_id = Id()
    note = Text(null=True)

    class Meta:
        table_name = "stock_transfer"
        append_only = True
        constraints = [document_reference(), peewee.Check("from_warehouse_id <> to_warehouse_id")]


class StockTransferLineRow(Table):
    """One product of a transfer, with the lot that leaves and the lot that arrives; thousandths."""

    id = Id(primary_key=True)
    document_id = Id()
    number = Integer()
    product_id = Id()
    quantity = Integer()
    receipt_lot_id = Id()

    class Meta:
        table_name = "stock_transfer_line"
        append_only = True
        constraints = [peewee.SQL("UNIQUE (document_id, number)"), rows_of("stock_transfer"), peewee.Check("quantity > 0")]


class StockTransferBalanceRow(Table):
    """How far a line of a transfer has come, in thousandths; costs in minor units. `lost` left and never arrived."""

    line_id = Id(primary_key=True)
    ordered = Integer()
    cancelled = Integer()
    shipped = Integer()
    received = Integer()
    lost = Integer()
    shipped_cost = Integer()
    received_cost = Integer()

    class Meta:
        table_name = "stock_transfer_balance"
        without_rowid = True
        constraints = [peewee.Check("shipped + cancelled <= ordered"), peewee.Check("received + lost <= shipped")]


class StockTransferPostingRow(Table):
    """A document that ships or receives goods of a transfer."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    transfer_id = Id(index=True)

    class Meta:
        table_name = "stock_transfer_posting"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), OF_TRANSFER]


class StockTransferPostingLineRow(Table):
    """What was shipped, or received and lost, of a line of a transfer; thousandths and minor units, without sign."""

    document_id = Id()
    number = Integer()
    line_id = Id()
    quantity = Integer()
    lost = Integer()
    cost = Integer()
    lost_cost = Integer()

    class Meta:
        table_name = "stock_transfer_posting_line"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [rows_of("stock_transfer_posting")]
