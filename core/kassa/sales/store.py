"""Rows of sales: orders, packing slips and invoices, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.kernel.tables import Table
from kassa.kernel.values import currency
from kassa.payments.documents import AppliedDeposit
from kassa.sales.documents import (
    Charge,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    LineCounters,
    LineTax,
    PackingSlip,
    PackingSlipLine,
    SalesLine,
    SalesOrder,
    Source,
    Treatment,
)
from kassa.sales.models import (
    InvoiceChargeRow,
    InvoiceLineRow,
    InvoiceRow,
    InvoiceTaxRow,
    OrderChargeRow,
    OrderChargeTaxRow,
    OrderLineRow,
    OrderRow,
    OrderTaxRow,
    PackingSlipLineRow,
    PackingSlipRow,
)
from kassa.sales.sources import load_sources

ROUNDING = "line-half-up-1"
HEADERS = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, o.customer_id, "
    "o.party_type, o.party_id, o.currency, o.price_includes_tax, o.warehouse_id, s.number, o.net, o.tax, o.total, o.discount_amount, o.discount_rate, "
    "coalesce(b.paid - b.applied - b.refunded - b.transferred - b.forfeited, 0) FROM kernel_document d "
    "JOIN sales_order o ON o.document_id = d.id JOIN org_store s ON s.id = d.store_id LEFT JOIN payments_deposit b ON b.order_id = d.id "
    "WHERE d.id IN {keys}"
)
LINES = (
    "SELECT l.document_id, l.id, l.number, l.product_id, p.number, l.description, l.quantity, l.unit_price, l.price_origin, l.discount, "
    "l.net, l.tax, l.total, l.warehouse_id, l.money, l.goods, l.cost_source, l.offset_role, b.delivered, b.invoiced, b.cancelled, "
    "b.delivered_cost, b.invoiced_cost, b.physical_cost, (SELECT max(t.sequence) FROM stock_transaction t WHERE t.lot_id = l.id), "
    "l.price_reason, l.total_share, l.discount_rate, l.discount_origin, l.net_discount, l.given_cost, l.source_document_id, l.source_number, "
    "l.source_cost, b.return_claimed, b.credited, l.unit_discount "
    "FROM sales_order_line l JOIN sales_line_balance b ON b.line_id = l.id JOIN catalog_product p ON p.id = l.product_id "
    "WHERE l.document_id IN {keys} ORDER BY l.document_id, l.number"
)
TAXES = (
    "SELECT t.line_id, t.code, t.rate, t.amount FROM sales_order_tax t JOIN sales_order_line l ON l.id = t.line_id "
    "WHERE l.document_id IN {keys} ORDER BY t.line_id, t.code"
)
SLIPS = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, p.order_id "
    "FROM kernel_document d JOIN sales_packing_slip p ON p.document_id = d.id WHERE d.id IN {keys}"
)
SLIP_LINES = (
    "SELECT document_id, number, order_line_id, quantity, cost FROM sales_packing_slip_line WHERE document_id IN {keys} "
    "ORDER BY document_id, number"
)
INVOICES = (
    "SELECT d.id, d.type, d.legal_entity_id, d.store_id, d.register, d.state, d.version, d.business_date, d.occurred_at, i.party_type, "
    "i.party_id, i.currency, s.number, x.id, i.due_date, i.net, i.tax, i.total, i.correction FROM kernel_document d "
    "JOIN sales_invoice i ON i.document_id = d.id JOIN org_store s ON s.id = d.store_id JOIN ledger_open_item x ON x.document_id = d.id "
    "WHERE d.id IN {keys}"
)
INVOICE_LINES = (
    "SELECT document_id, number, order_id, order_line_id, quantity, discount, net, tax, total, cost, net_discount FROM sales_invoice_line "
    "WHERE document_id IN {keys} ORDER BY document_id, number"
)
INVOICE_TAXES = (
    "SELECT document_id, line_number, code, rate, amount FROM sales_invoice_tax WHERE document_id IN {keys} "
    "ORDER BY document_id, line_number, code"
)
INVOICE_CHARGES = (
    "SELECT document_id, number, order_id, order_number, code, amount FROM sales_invoice_charge WHERE document_id IN {keys} "
    "ORDER BY document_id, number"
)
INVOICE_DEPOSITS = (
    "SELECT s.document_id, t.order_id, s.credit_item_id, s.amount FROM ledger_settlement s "
    "JOIN payments_deposit_item t ON t.open_item_id = s.credit_item_id WHERE s.document_id IN {keys} ORDER BY s.document_id, s.number"
)
CHARGES = (
    "SELECT document_id, number, line_number, code, category, value, origin, rule, overridden, reason, amount, refund_of_id, "
    "refund_of_number, invoiced, refunded FROM sales_order_charge WHERE document_id IN {keys} ORDER BY document_id, number"
)
CHARGE_TAXES = (
    "SELECT document_id, number, code, rate, amount FROM sales_order_charge_tax WHERE document_id IN {keys} ORDER BY document_id, number, code"
)


def order_rows(order: SalesOrder) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn an order into its rows; the counters of its lines are claims."""
    yield OrderRow, order_row(order)
    for line in order.lines:
        yield OrderLineRow, order_line_row(order.id, line)
        for tax in line.taxes:
            yield OrderTaxRow, (line.id, tax.code, tax.rate, tax.amount)
    for charge in order.charges:
        yield OrderChargeRow, charge_row(order.id, charge)
        for tax in charge.taxes:
            yield OrderChargeTaxRow, (order.id, charge.number, tax.code, tax.rate, tax.amount)


def order_row(order: SalesOrder) -> tuple[Any, ...]:
    """Make the row of an order's header."""
    return (
        order.id, order.legal_entity_id, order.customer_id, order.party_type, order.party_id, order.currency, order.price_includes_tax,
        order.warehouse_id, order.discount_amount, order.discount_rate, order.net, order.tax, order.total,
    )  # fmt: skip


def order_line_row(order_id: str, line: SalesLine) -> tuple[Any, ...]:
    """Make the row of an order's line."""
    treatment = line.treatment
    return (
        line.id, order_id, line.number, line.product_id, line.description, line.quantity, line.unit_price, line.price_origin,
        line.price_reason, line.discount, line.total_share, line.discount_rate, line.unit_discount, line.discount_origin, line.net_discount, line.net,
        line.tax, line.total, line.warehouse_id, treatment.money, treatment.goods, treatment.cost_source, treatment.offset_role, line.given_cost,
        *_source_columns(line.source), line.source_cost, line.unreferenced,
    )  # fmt: skip


def charge_row(order_id: str, charge: Charge) -> tuple[Any, ...]:
    """Make the row of an order's charge."""
    refunded_id, refunded_number = charge.refund_of or (None, None)
    return (
        order_id, charge.number, charge.line_number, charge.code, charge.category, charge.value, charge.origin, charge.rule,
        charge.overridden, charge.reason, charge.amount, charge.tax, refunded_id, refunded_number, charge.invoiced, charge.refunded,
    )  # fmt: skip


def _source_columns(source: Source | None) -> tuple[str | None, int | None, str | None]:
    return (source.document_id, source.number, source.lot_id) if source is not None else (None, None, None)


def load_orders(read: Any, ids: Sequence[str]) -> dict[str, SalesOrder]:
    """Read orders by id, with lines, taxes, charges and counters; what products are is left to `facts.orders`."""
    taxes: dict[str, list[LineTax]] = {}
    for line_id, code, rate, amount in read.rows_for(TAXES, ids):
        taxes.setdefault(line_id, []).append(LineTax(code, rate, amount))
    lines: dict[str, list[SalesLine]] = {}
    rows = read.rows_for(LINES, ids)
    named = list(dict.fromkeys(row[31] for row in rows if row[31] is not None))
    sources = load_sources(read, named) if named else {}
    for row in rows:
        lines.setdefault(row[0], []).append(_line(row, tuple(taxes.get(row[1], ())), sources.get((row[31], row[32]))))
    charges = _load_charges(read, ids)
    return {row[0]: _order(row, tuple(lines.get(row[0], ())), tuple(charges.get(row[0], ()))) for row in read.rows_for(HEADERS, ids)}


def _order(row: Sequence[Any], lines: tuple[SalesLine, ...], charges: tuple[Charge, ...]) -> SalesOrder:
    return SalesOrder(
        id=row[0], type=row[1], legal_entity_id=row[2], store_id=row[3], register=row[4], state=row[5], version=row[6], date=row[7],
        occurred_at=row[8], customer_id=row[9], party_type=row[10], party_id=row[11], currency=row[12],
        exponent=currency(row[12]).exponent, price_includes_tax=bool(row[13]), warehouse_id=row[14], store_number=row[15], net=row[16],
        tax=row[17], total=row[18], discount_amount=row[19], discount_rate=row[20], lines=lines, charges=charges,
        deposit=row[21],
    )  # fmt: skip


def _load_charges(read: Any, ids: Sequence[str]) -> dict[str, list[Charge]]:
    """Read the charges of orders; their taxes are asked for only where there is a charge."""
    rows = read.rows_for(CHARGES, ids)
    charged = list({row[0] for row in rows})
    taxes: dict[tuple[str, int], list[LineTax]] = {}
    for document_id, number, code, rate, amount in read.rows_for(CHARGE_TAXES, charged) if charged else ():
        taxes.setdefault((document_id, number), []).append(LineTax(code, rate, amount))
    found: dict[str, list[Charge]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(
            Charge(
                number=row[1], line_number=row[2], code=row[3], category=row[4], value=row[5], origin=row[6], rule=row[7],
                overridden=bool(row[8]), reason=row[9], amount=row[10], refund_of=(row[11], row[12]) if row[11] is not None else None,
                invoiced=row[13], refunded=row[14], taxes=tuple(taxes.get((row[0], row[1]), ())),
            )
        )  # fmt: skip
    return found


def _line(row: Sequence[Any], taxes: tuple[LineTax, ...], source: Source | None) -> SalesLine:
    return SalesLine(
        id=row[1], number=row[2], product_id=row[3], product_number=row[4], description=row[5], quantity=row[6], unit_price=row[7],
        price_origin=row[8], discount=row[9], net=row[10], tax=row[11], total=row[12], taxes=taxes, warehouse_id=row[13],
        treatment=Treatment(row[14], row[15], row[16], row[17]), stocked=row[15] != "none",
        counters=LineCounters(*row[18:24], *row[34:36]), sequence=row[24] or 0, price_reason=row[25], total_share=row[26],
        discount_rate=row[27], discount_origin=row[28], net_discount=row[29], given_cost=row[30], source=source, source_cost=row[33],
        claimed=source is not None, unit_discount=row[36],
    )  # fmt: skip


def packing_slip_rows(slip: PackingSlip) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn a packing slip into its rows."""
    yield PackingSlipRow, (slip.id, slip.legal_entity_id, slip.order_id)
    for line in slip.lines:
        source = line.order_line
        yield PackingSlipLineRow, (slip.id, line.number, source.id, source.product_id, source.warehouse_id, line.quantity, line.cost)


def load_packing_slips(read: Any, ids: Sequence[str]) -> dict[str, PackingSlip]:
    """Read packing slips by id; their order lines are as they stand now."""
    headers = read.rows_for(SLIPS, ids)
    orders = load_orders(read, list({row[9] for row in headers}))
    known = _lines_by_id(orders)
    lines: dict[str, list[PackingSlipLine]] = {}
    for document_id, number, line_id, quantity, cost in read.rows_for(SLIP_LINES, ids):
        lines.setdefault(document_id, []).append(PackingSlipLine(number=number, order_line=known[line_id], quantity=quantity, cost=cost))
    return {
        row[0]: PackingSlip(
            id=row[0], type=row[1], legal_entity_id=row[2], store_id=row[3], register=row[4], state=row[5], version=row[6], date=row[7],
            occurred_at=row[8], order_id=row[9], exponent=orders[row[9]].exponent, store_number=orders[row[9]].store_number,
            party_type=orders[row[9]].party_type, party_id=orders[row[9]].party_id, lines=tuple(lines.get(row[0], ())),
        )
        for row in headers
    }  # fmt: skip


def _lines_by_id(orders: Mapping[str, SalesOrder]) -> dict[str, SalesLine]:
    return {line.id: line for order in orders.values() for line in order.lines}


def load_invoices(read: Any, ids: Sequence[str]) -> dict[str, Invoice]:
    """Read invoices and credit notes by id; their order lines are as they stand now, and what was booked physically is not kept."""
    taxes: dict[tuple[str, int], list[LineTax]] = {}
    for document_id, number, code, rate, amount in read.rows_for(INVOICE_TAXES, ids):
        taxes.setdefault((document_id, number), []).append(LineTax(code, rate, amount))
    rows = read.rows_for(INVOICE_LINES, ids)
    known = _lines_by_id(load_orders(read, list({row[2] for row in rows})))
    lines: dict[str, list[InvoiceLine]] = {}
    for row in rows:
        lines.setdefault(row[0], []).append(
            InvoiceLine(
                number=row[1], order_id=row[2], order_line=known[row[3]], quantity=row[4], discount=row[5], net_discount=row[10],
                net=row[6], tax=row[7], total=row[8], taxes=tuple(taxes.get(row[:2], ())), cost=row[9], physical_cost=0,
            )
        )  # fmt: skip
    charges: dict[str, list[InvoiceCharge]] = {}
    for row in read.rows_for(INVOICE_CHARGES, ids):
        bearing = tuple(taxes.get((row[0], -row[1]), ()))
        charges.setdefault(row[0], []).append(
            InvoiceCharge(number=row[1], order_id=row[2], order_number=row[3], code=row[4], amount=row[5], taxes=bearing)
        )
    deposits: dict[str, list[AppliedDeposit]] = {}
    for invoice_id, *applied in read.rows_for(INVOICE_DEPOSITS, ids):
        deposits.setdefault(invoice_id, []).append(AppliedDeposit(*applied))
    return {
        row[0]: _invoice(row, tuple(lines.get(row[0], ())), tuple(charges.get(row[0], ())), tuple(deposits.get(row[0], ())))
        for row in read.rows_for(INVOICES, ids)
    }


def _invoice(
    row: Sequence[Any], lines: tuple[InvoiceLine, ...], charges: tuple[InvoiceCharge, ...], deposits: tuple[AppliedDeposit, ...]
) -> Invoice:
    return Invoice(
        id=row[0], type=row[1], legal_entity_id=row[2], store_id=row[3], register=row[4], state=row[5], version=row[6], date=row[7],
        occurred_at=row[8], party_type=row[9], party_id=row[10], currency=row[11], exponent=currency(row[11]).exponent,
        store_number=row[12], open_item_id=row[13], due_date=row[14], net=row[15], tax=row[16], total=row[17], correction=bool(row[18]),
        lines=lines, charges=charges, deposits=deposits,
    )  # fmt: skip


def invoice_rows(invoice: Invoice) -> Iterable[tuple[type[Table], tuple[Any, ...]]]:
    """Turn an invoice into its rows."""
    yield (
        InvoiceRow,
        (
            invoice.id, invoice.legal_entity_id, invoice.party_type, invoice.party_id, invoice.currency, invoice.net, invoice.tax,
            invoice.total, invoice.due_date, ROUNDING, invoice.correction,
        ),
    )  # fmt: skip
    for line in invoice.lines:
        yield InvoiceLineRow, _invoice_line_row(invoice.id, line)
        for tax in line.taxes:
            yield InvoiceTaxRow, (invoice.id, line.number, tax.code, tax.rate, line.net, tax.amount)
    for charge in invoice.charges:
        yield (
            InvoiceChargeRow,
            (invoice.id, charge.number, charge.order_id, charge.order_number, charge.code, charge.amount, charge.tax),
        )
        for tax in charge.taxes:
            yield InvoiceTaxRow, (invoice.id, -charge.number, tax.code, tax.rate, charge.amount, tax.amount)


def _invoice_line_row(invoice_id: str, line: InvoiceLine) -> tuple[Any, ...]:
    source = line.order_line
    return (
        invoice_id, line.number, line.order_id, source.id, source.product_id, source.description, line.quantity, source.unit_price,
        line.discount, line.net_discount, line.net, line.tax, line.total, line.cost,
    )  # fmt: skip
