"""Tables of promises: goods that are reserved, and goods that are blocked."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Flag, Id, Integer, Table, Text, document_reference
from kassa.stock.models.lots import rows_of


class StockReservationRow(Table):
    """Goods that are promised to lots: to lines of orders, or to a cart.

    `expires_at` is null where they are kept until somebody releases them, and afterwards; `waits` says that some of them are
    promised of goods that are not there yet.
    """

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    note = Text(null=True)
    expires_at = Integer(null=True)
    waits = Flag()

    class Meta:
        table_name = "stock_reservation"
        append_only = True
        mutable = ("expires_at", "waits")
        constraints = [document_reference()]


StockReservationRow.add_index(
    StockReservationRow.index(
        StockReservationRow.legal_entity_id,
        StockReservationRow.expires_at,
        where=peewee.SQL("expires_at IS NOT NULL"),
        name="stock_reservation_expiring",
    )
)
StockReservationRow.add_index(
    StockReservationRow.index(
        StockReservationRow.legal_entity_id, StockReservationRow.document_id, where=peewee.SQL("waits"), name="stock_reservation_waiting"
    )
)


class StockReservationLineRow(Table):
    """One lot of a reservation: how much is promised (thousandths, without sign), of goods on hand or of goods on order."""

    document_id = Id()
    number = Integer()
    lot_id = Id(index=True)
    product_id = Id()
    warehouse_id = Id()
    quantity = Integer()
    basis = Text()

    class Meta:
        table_name = "stock_reservation_line"
        append_only = True
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [rows_of("stock_reservation"), peewee.Check("basis IN ('on_hand', 'ordered')"), peewee.Check("quantity > 0")]


class StockBlockRow(Table):
    """A document that takes goods out of what can be sold, or lets them back in, where they lie."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    warehouse_id = Id()
    reason = Text()
    note = Text(null=True)

    class Meta:
        table_name = "stock_block"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference()]


class StockBlockLineRow(Table):
    """Goods that are blocked, or not any more: one lot, thousandths without sign."""

    document_id = Id()
    number = Integer()
    lot_id = Id()
    product_id = Id()
    quantity = Integer()

    class Meta:
        table_name = "stock_block_line"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [rows_of("stock_block"), peewee.Check("quantity > 0")]
