"""Tables of what was taken back of invoice lines."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Id, Integer, Table, Text


class SourceRow(Table):
    """What was taken back of an invoice line: opened by the first line that names it, changed by claims alone.

    `claimed` of the `sold` quantity (thousandths) is taken back or about to be, `valued` that of it which gives money back.
    The amounts are what these lines have together of each component of the invoice line, in minor units with its sign. `changes` counts up
    with every claim, so that a plan can tell whether another one came first.
    """

    document_id = Id()
    number = Integer()
    sold = Integer()
    claimed = Integer()
    valued = Integer()
    discount = Integer()
    net_discount = Integer()
    net = Integer()
    cost = Integer()
    changes = Integer()

    class Meta:
        table_name = "sales_source"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [
            peewee.SQL("FOREIGN KEY (document_id, number) REFERENCES sales_invoice_line (document_id, number)"),
            peewee.Check("valued BETWEEN 0 AND claimed AND claimed <= sold"),
        ]


class SourceTaxRow(Table):
    """What lines that take back an invoice line have together of its tax by one tax code."""

    document_id = Id()
    number = Integer()
    code = Text()
    amount = Integer()

    class Meta:
        table_name = "sales_source_tax"
        primary_key = peewee.CompositeKey("document_id", "number", "code")
        without_rowid = True
        constraints = [peewee.SQL("FOREIGN KEY (document_id, number) REFERENCES sales_source (document_id, number)")]
