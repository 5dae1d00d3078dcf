"""Tables of returns: codes, what a return order adds to its order, arrivals, quarantine orders, replacements."""

from __future__ import annotations

import peewee

from kassa import Date, Flag, Id, Integer, Table, Text, document_reference

OF_ENTITY = peewee.SQL("FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id)")
OF_LINE = peewee.SQL("FOREIGN KEY (line_id) REFERENCES sales_order_line (id)")


class ReasonGroupRow(Table):
    """A group of reasons, by which reports add up."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    version = Integer()

    class Meta:
        table_name = "returns_reason_group"
        reference = "returns"
        constraints = [peewee.SQL("UNIQUE (legal_entity_id, code)"), OF_ENTITY, peewee.Check("version > 0")]


class ReasonRow(Table):
    """What returns add to a reason code of the organisation: its group, and charges (JSON) for the header of return orders."""

    reason_id = Id(primary_key=True)
    legal_entity_id = Id()
    group_id = Id(null=True)
    charges = Text()
    version = Integer()

    class Meta:
        table_name = "returns_reason"
        reference = "returns"
        constraints = [
            peewee.SQL("FOREIGN KEY (reason_id) REFERENCES org_reason_code (id)"),
            peewee.SQL("FOREIGN KEY (group_id) REFERENCES returns_reason_group (id)"),
            peewee.Check("version > 0"),
        ]


class DispositionRow(Table):
    """A disposition code: one of the six actions, charges (JSON) for the line, and what trading partners call it (JSON)."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    action = Text()
    charges = Text()
    external_codes = Text()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "returns_disposition"
        reference = "returns"
        constraints = [peewee.SQL("UNIQUE (legal_entity_id, code)"), OF_ENTITY, peewee.Check("version > 0")]


class ReturnOrderRow(Table):
    """What a return order adds to its order: header state, reason, deadline, and the address that was given instead of the usual one."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    state = Text()
    reason_id = Id(null=True)
    reason = Text(null=True)
    deadline = Date()
    warehouse_chosen = Flag()
    address = Text(null=True)

    class Meta:
        table_name = "returns_order"
        constraints = [
            document_reference(),
            peewee.SQL("FOREIGN KEY (reason_id) REFERENCES org_reason_code (id)"),
            peewee.Check("state IN ('created', 'open', 'closed', 'cancelled', 'deleted')"),
        ]


ReturnOrderRow.add_index(ReturnOrderRow.index(ReturnOrderRow.legal_entity_id, ReturnOrderRow.state, ReturnOrderRow.deadline))


class ReturnLineRow(Table):
    """What a return line adds to its order line: state, disposition, what replaces the goods, what is known of their receipt."""

    line_id = Id(primary_key=True)
    document_id = Id()
    state = Text()
    disposition = Text(null=True)
    action = Text(null=True)
    decided = Flag()
    replacement_product_id = Id(null=True)
    replacement_quantity = Integer(null=True)
    slip_reference = Text(null=True)
    late = Flag()
    agreement = Text(null=True)

    class Meta:
        table_name = "returns_line"
        constraints = [
            OF_LINE,
            peewee.SQL("FOREIGN KEY (document_id) REFERENCES returns_order (document_id)"),
            peewee.Check("state IN ('expected', 'quarantine', 'registered', 'received', 'invoiced', 'cancelled')"),
            peewee.Check("replacement_quantity > 0"),
        ]
        indexes = ((("document_id",), False),)


class ReplacementRow(Table):
    """An order that replaces goods of a return: made up front, or by the packing slip."""

    order_id = Id(primary_key=True)
    return_id = Id()
    upfront = Flag()
    active = Flag()

    class Meta:
        table_name = "returns_replacement"
        constraints = [
            peewee.SQL("FOREIGN KEY (order_id) REFERENCES sales_order (document_id)"),
            peewee.SQL("FOREIGN KEY (return_id) REFERENCES returns_order (document_id)"),
        ]
        indexes = ((("return_id",), False),)


class VendorReturnRow(Table):
    """Goods of a return line that went back to a vendor; quantity in thousandths, without sign."""

    line_id = Id(primary_key=True)
    vendor = Text()
    quantity = Integer()
    adjustment_id = Id()

    class Meta:
        table_name = "returns_vendor_return"
        append_only = True
        constraints = [OF_LINE, peewee.Check("quantity > 0")]


class AgreementRow(Table):
    """A sales agreement: how much of a product a customer committed to, and how much of that left (thousandths)."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    customer_id = Id()
    product_id = Id()
    committed = Integer()
    fulfilled = Integer()

    class Meta:
        table_name = "returns_agreement"
        reference = "returns"
        constraints = [
            peewee.SQL("UNIQUE (legal_entity_id, code)"),
            OF_ENTITY,
            peewee.SQL("FOREIGN KEY (customer_id) REFERENCES parties_customer (id)"),
            peewee.SQL("FOREIGN KEY (product_id) REFERENCES catalog_product (id)"),
            peewee.Check("committed > 0"),
        ]


class ArrivalRow(Table):
    """The header of an arrival: goods came back, of one or several return orders."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    note = Text(null=True)

    class Meta:
        table_name = "returns_arrival"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference()]


class ArrivalLineRow(Table):
    """A line of an arrival: how much of which return line came (thousandths, without sign), and what was decided."""

    document_id = Id()
    number = Integer()
    order_id = Id()
    line_id = Id()
    quantity = Integer()
    disposition = Text(null=True)
    quarantine_warehouse_id = Id(null=True)
    quarantine_order_id = Id(null=True)
    partial = Flag()
    late = Flag()

    class Meta:
        table_name = "returns_arrival_line"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [
            peewee.SQL("FOREIGN KEY (document_id) REFERENCES returns_arrival (document_id)"),
            OF_LINE,
            peewee.Check("quantity > 0"),
        ]
        indexes = ((("line_id",), False),)


class QuarantineRow(Table):
    """A quarantine order: goods of one return line wait for inspection; quantity in thousandths, without sign."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    order_id = Id()
    line_id = Id()
    product_id = Id()
    warehouse_id = Id()
    quantity = Integer()
    disposition = Text(null=True)

    class Meta:
        table_name = "returns_quarantine_order"
        mutable = ("quantity", "disposition")
        constraints = [document_reference(), OF_LINE, peewee.Check("quantity > 0")]
        indexes = ((("line_id",), False),)


TABLES: tuple[type[Table], ...] = (
    ReasonGroupRow, ReasonRow, DispositionRow, ReturnOrderRow, ReturnLineRow, ReplacementRow, ArrivalRow, ArrivalLineRow, QuarantineRow,
    VendorReturnRow, AgreementRow,
)  # fmt: skip
