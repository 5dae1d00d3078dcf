"""Tables of stock: the balance of each product in each warehouse, the history of each lot, and adjustments."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Date, Id, Integer, Table, Text, document_reference


def rows_of(table: str) -> peewee.SQL:
    """Write that the rows of a table belong to the document whose header stands in another one."""
    return peewee.SQL(f"FOREIGN KEY (document_id) REFERENCES {table} (document_id)")


class StockBalanceRow(Table):
    """How much of a product lies in a warehouse, by bucket (thousandths), and what it is worth (minor units).

    `on_hand` is physical. `value` is the cost of what is on hand, 0 where nothing is; `issued_value` the cost of what was
    delivered and is not invoiced yet, so the two together are what the ledger shows as inventory.
    """

    product_id = Id()
    warehouse_id = Id()
    on_hand = Integer()
    on_order = Integer()
    reserved = Integer()
    picked = Integer()
    ordered = Integer()
    in_transit = Integer()
    registered = Integer()
    reserved_ordered = Integer()
    blocked = Integer()
    value = Integer()
    issued_value = Integer()

    class Meta:
        table_name = "stock_balance"
        primary_key = peewee.CompositeKey("product_id", "warehouse_id")
        without_rowid = True
        constraints = [peewee.Check("on_hand <> 0 OR value = 0")]


class StockTransactionRow(Table):
    """One move of a lot from a status to the next: the append-only history from which every bucket can be added up.

    `quantity` is signed: receipts positive, issues negative. `cost` is what the move added to the value on hand, `issued_cost`
    what it added to the value delivered and not yet invoiced. `source_lot_id` stands with the step by which goods that a lot has
    from another one first move: of a sale that comes back, of a transfer, of the lot that it was split from.
    """

    lot_id = Id()
    sequence = Integer()
    document_id = Id()
    legal_entity_id = Id()
    product_id = Id()
    warehouse_id = Id()
    from_status = Text()
    to_status = Text()
    quantity = Integer()
    cost = Integer()
    issued_cost = Integer()
    date = Date()
    rule = Text()
    source_lot_id = Id(null=True)

    class Meta:
        table_name = "stock_transaction"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("lot_id", "sequence")
        without_rowid = True
        constraints = [document_reference()]
        indexes = ((("product_id", "warehouse_id", "lot_id"), False),)


# Few lots have a source, so what is sold over the counter does not touch this index.
StockTransactionRow.add_index(
    StockTransactionRow.index(
        StockTransactionRow.source_lot_id, where=peewee.SQL("source_lot_id IS NOT NULL"), name="stock_transaction_source"
    )
)


class StockAdjustmentRow(Table):
    """A document that puts stock in or takes it out: opening stock, a count, a correction."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    warehouse_id = Id()
    reason = Text()
    note = Text(null=True)

    class Meta:
        table_name = "stock_adjustment"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference()]


class StockAdjustmentLineRow(Table):
    """One product of an adjustment: quantity in thousandths and cost in minor units, both signed."""

    document_id = Id()
    number = Integer()
    lot_id = Id()
    product_id = Id()
    quantity = Integer()
    cost = Integer()

    class Meta:
        table_name = "stock_adjustment_line"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [rows_of("stock_adjustment")]
