"""Tables of costs: what was added to the cost of lots, closed periods, and what left matched with what came."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Date, Id, Integer, Table, Text, document_reference
from kassa.stock.models.lots import rows_of


class StockCostAdjustmentRow(Table):
    """A document that changes what lots cost, after the fact: by hand, or when a stock period is closed."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    reason = Text()
    closing_id = Id(null=True)

    class Meta:
        table_name = "stock_cost_adjustment"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference()]


class StockCostLayerRow(Table):
    """What is added to the cost of one lot: `value` to what is on hand, `variance` where its goods are gone; minor units.

    Both are booked against the account of a role. `follows_lot_id` is the lot whose cost this one follows (RET-14).
    """

    document_id = Id()
    number = Integer()
    lot_id = Id(index=True)
    product_id = Id()
    warehouse_id = Id()
    value = Integer()
    variance = Integer()
    role = Text()
    selector = Text()
    follows_lot_id = Id(null=True)

    class Meta:
        table_name = "stock_cost_layer"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [rows_of("stock_cost_adjustment")]


class StockClosingRow(Table):
    """The closing of a stock period of a legal entity, through a date."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    through = Date()

    class Meta:
        table_name = "stock_closing"
        append_only = True
        constraints = [document_reference()]


class StockClosedRow(Table):
    """Through which date the stock of a legal entity is closed: nothing moves on that date or before any more."""

    legal_entity_id = Id(primary_key=True)
    through = Date()
    version = Integer()

    class Meta:
        table_name = "stock_closed"
        reference = "stock"
        constraints = [peewee.Check("version > 0")]


class StockSettlementRow(Table):
    """That goods which left are, for their cost, goods which came: a quantity (thousandths) and its cost (minor units)."""

    document_id = Id()
    number = Integer()
    issue_lot_id = Id(index=True)
    receipt_lot_id = Id(index=True)
    quantity = Integer()
    cost = Integer()

    class Meta:
        table_name = "stock_settlement"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [rows_of("stock_cost_adjustment"), peewee.Check("quantity > 0")]
