"""Tables of sales: orders with lines and counters, packing slips, invoices."""

from __future__ import annotations

import peewee

from kassa.kernel.tables import Flag, Id, Integer, Table, Text, document_reference
from kassa.sales.source_models import SourceRow as SourceRow
from kassa.sales.source_models import SourceTaxRow as SourceTaxRow


def _line_of(table: str) -> peewee.SQL:
    return peewee.SQL(f"FOREIGN KEY (document_id) REFERENCES {table} (document_id)")


class OrderRow(Table):
    """The header of an order; amounts in minor units of its currency."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    customer_id = Id(null=True)
    party_type = Text()
    party_id = Id()
    currency = Text()
    price_includes_tax = Flag()
    warehouse_id = Id()
    discount_amount = Integer()
    discount_rate = Integer()
    net = Integer()
    tax = Integer()
    total = Integer()

    class Meta:
        table_name = "sales_order"
        constraints = [document_reference()]


OrderRow.add_index(
    OrderRow.index(OrderRow.customer_id, OrderRow.document_id, where=peewee.SQL("customer_id IS NOT NULL"), name="sales_order_customer")
)


class OrderLineRow(Table):
    """A line of an order; its id is the lot of its goods. Quantity in thousandths, price in millionths, amounts in minor units.

    A line that takes goods back names the invoice line and the lot of their sale (`source_…`), and its share of their cost; where
    it names none it is `unreferenced`. `net_discount` is the discount without tax.
    """

    id = Id(primary_key=True)
    document_id = Id()
    number = Integer()
    product_id = Id()
    description = Text()
    quantity = Integer()
    unit_price = Integer()
    price_origin = Text()
    price_reason = Text(null=True)
    discount = Integer()
    total_share = Integer()
    discount_rate = Integer()
    unit_discount = Integer()
    discount_origin = Text()
    net_discount = Integer()
    net = Integer()
    tax = Integer()
    total = Integer()
    warehouse_id = Id()
    money = Text()
    goods = Text()
    cost_source = Text()
    offset_role = Text()
    given_cost = Integer(null=True)
    source_document_id = Id(null=True)
    source_number = Integer(null=True)
    source_lot_id = Id(null=True)
    source_cost = Integer(null=True)
    unreferenced = Flag()

    class Meta:
        table_name = "sales_order_line"
        constraints = [_line_of("sales_order"), peewee.Check("quantity <> 0"), peewee.Check("unit_price >= 0")]
        indexes = ((("document_id", "number"), True),)


OrderLineRow.add_index(
    OrderLineRow.index(
        OrderLineRow.source_document_id,
        OrderLineRow.source_number,
        where=peewee.SQL("source_document_id IS NOT NULL"),
        name="sales_order_line_source",
    )
)


class OrderTaxRow(Table):
    """The tax of an order line by one tax code, as computed once; shares of it go to invoices and come back with credit notes."""

    line_id = Id()
    code = Text()
    rate = Integer()
    amount = Integer()

    class Meta:
        table_name = "sales_order_tax"
        primary_key = peewee.CompositeKey("line_id", "code")
        without_rowid = True
        constraints = [peewee.SQL("FOREIGN KEY (line_id) REFERENCES sales_order_line (id)")]


class OrderChargeRow(Table):
    """A charge of an order, on its header or on a line: money that is not the price of a product."""

    document_id = Id()
    number = Integer()
    line_number = Integer(null=True)
    code = Text()
    category = Text()
    value = Integer(null=True)
    origin = Text()
    rule = Text()
    overridden = Flag()
    reason = Text(null=True)
    amount = Integer()
    tax = Integer()
    refund_of_id = Id(null=True)
    refund_of_number = Integer(null=True)
    invoiced = Integer()
    refunded = Integer()

    class Meta:
        table_name = "sales_order_charge"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [
            _line_of("sales_order"),
            peewee.Check("category IN ('fixed', 'pieces', 'percent')"),
            peewee.Check("origin IN ('manual', 'act', 'derived')"),
            peewee.Check("abs(invoiced) <= abs(amount) AND (invoiced = 0 OR (invoiced > 0) = (amount > 0))"),
        ]


class OrderChargeTaxRow(Table):
    """The tax of an order's charge by one tax code; shares of it go to invoices with those of the charge."""

    document_id = Id()
    number = Integer()
    code = Text()
    rate = Integer()
    amount = Integer()

    class Meta:
        table_name = "sales_order_charge_tax"
        primary_key = peewee.CompositeKey("document_id", "number", "code")
        without_rowid = True
        constraints = [_line_of("sales_order")]


class ChargeCodeRow(Table):
    """A charge code of a legal entity: what it is called, where its income is booked, how it is taxed, what may be done with it."""

    id = Id(primary_key=True)
    legal_entity_id = Id()
    code = Text()
    name = Text()
    account_role = Text()
    tax_group = Text(null=True)
    is_shipping = Flag()
    is_refundable = Flag()
    active = Flag()
    version = Integer()

    class Meta:
        table_name = "sales_charge_code"
        reference = "sales"
        constraints = [
            peewee.SQL("UNIQUE (legal_entity_id, code)"),
            peewee.SQL("FOREIGN KEY (legal_entity_id) REFERENCES org_legal_entity (id)"),
            peewee.Check("version > 0"),
        ]


# What gives a charge back, found from the charge: for the few that do.
OrderChargeRow.add_index(
    OrderChargeRow.index(
        OrderChargeRow.refund_of_id, OrderChargeRow.refund_of_number, where=peewee.SQL("refund_of_id IS NOT NULL"),
        name="sales_order_charge_refund",
    )
)  # fmt: skip


class LineBalanceRow(Table):
    """How far an order line has come: quantities in thousandths without sign, costs in minor units, signed like the line."""

    line_id = Id(primary_key=True)
    ordered = Integer()
    reserved = Integer()
    picked = Integer()
    delivered = Integer()
    invoiced = Integer()
    cancelled = Integer()
    return_claimed = Integer()
    credited = Integer()
    delivered_cost = Integer()
    invoiced_cost = Integer()
    physical_cost = Integer()

    class Meta:
        table_name = "sales_line_balance"
        without_rowid = True
        constraints = [
            peewee.Check("delivered + cancelled <= ordered"),
            peewee.Check("invoiced + cancelled <= ordered"),
            peewee.Check("return_claimed + credited <= invoiced"),
            peewee.Check("delivered >= 0 AND invoiced >= 0 AND cancelled >= 0 AND return_claimed >= 0 AND credited >= 0"),
        ]


class PackingSlipRow(Table):
    """The header of a packing slip: goods of one order left or came physically."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    order_id = Id()

    class Meta:
        table_name = "sales_packing_slip"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference()]


PackingSlipRow.add_index(PackingSlipRow.index(PackingSlipRow.order_id))


class PackingSlipLineRow(Table):
    """A line of a packing slip: quantity signed as on the order, cost in minor units with the same sign."""

    document_id = Id()
    number = Integer()
    order_line_id = Id()
    product_id = Id()
    warehouse_id = Id()
    quantity = Integer()
    cost = Integer()

    class Meta:
        table_name = "sales_packing_slip_line"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [_line_of("sales_packing_slip")]


class InvoiceRow(Table):
    """The header of an invoice or, where its total is negative, of a credit note."""

    document_id = Id(primary_key=True)
    legal_entity_id = Id()
    party_type = Text()
    party_id = Id()
    currency = Text()
    net = Integer()
    tax = Integer()
    total = Integer()
    due_date = Text()
    rounding = Text()
    correction = Flag()

    class Meta:
        table_name = "sales_invoice"
        append_only = True
        evidence = "document_id"
        constraints = [document_reference(), peewee.Check("net + tax = total")]


class InvoiceLineRow(Table):
    """A line of an invoice with its share of the order line's amounts; minor units, signed like the quantity."""

    document_id = Id()
    number = Integer()
    order_id = Id()
    order_line_id = Id()
    product_id = Id()
    description = Text()
    quantity = Integer()
    unit_price = Integer()
    discount = Integer()
    net_discount = Integer()
    net = Integer()
    tax = Integer()
    total = Integer()
    cost = Integer()

    class Meta:
        table_name = "sales_invoice_line"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [_line_of("sales_invoice")]
        indexes = ((("order_id",), False),)


class InvoiceTaxRow(Table):
    """The tax of an invoice line or charge by one tax code; charges have negative line numbers."""

    document_id = Id()
    line_number = Integer()
    code = Text()
    rate = Integer()
    base = Integer()
    amount = Integer()

    class Meta:
        table_name = "sales_invoice_tax"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "line_number", "code")
        without_rowid = True
        constraints = [_line_of("sales_invoice")]


class InvoiceChargeRow(Table):
    """A charge on an invoice, with the order charge that it comes from."""

    document_id = Id()
    number = Integer()
    order_id = Id()
    order_number = Integer()
    code = Text()
    amount = Integer()
    tax = Integer()

    class Meta:
        table_name = "sales_invoice_charge"
        append_only = True
        evidence = "document_id"
        primary_key = peewee.CompositeKey("document_id", "number")
        without_rowid = True
        constraints = [_line_of("sales_invoice")]


TABLES: tuple[type[Table], ...] = (
    OrderRow, OrderLineRow, OrderTaxRow, OrderChargeRow, OrderChargeTaxRow, ChargeCodeRow, LineBalanceRow, PackingSlipRow, PackingSlipLineRow,
    InvoiceRow, InvoiceLineRow, InvoiceTaxRow, InvoiceChargeRow, SourceRow, SourceTaxRow,
)  # fmt: skip
