"""Views of sales: documents as the outside sees them, amounts as decimal texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.extensions import shown
from kassa.kernel.values import Minor, format_scaled
from kassa.payments.documents import Payment
from kassa.sales.documents import Charge, Invoice, InvoiceLine, LineTax, PackingSlip, SalesOrder, Source
from kassa.sales.messages import (
    ChargeView,
    InvoiceChargeView,
    InvoiceLineView,
    InvoiceView,
    LineView,
    OrderView,
    PackingSlipLineView,
    PackingSlipView,
    PaymentView,
    SaleLineView,
    SaleView,
    SourceView,
    TaxView,
)

Numbers = Mapping[str, str]
TITLES = {"invoice": "Invoice", "credit_note": "Credit note"}


def order_view(order: SalesOrder, customer: str | None, number: str | None) -> OrderView:
    """Show an order."""
    places = order.exponent
    lines = tuple(
        LineView(
            line=line.number, lot=line.id, warehouse_id=line.warehouse_id, product=line.product_number, description=line.description,
            quantity=line.quantity, delivered=line.counters.delivered * line.sign, invoiced=line.counters.invoiced * line.sign,
            cancelled=line.counters.cancelled * line.sign, returned=line.counters.return_claimed + line.counters.credited,
            unit_price=line.unit_price, price_origin=line.price_origin,
            price_reason=line.price_reason, discount=format_scaled(line.discount, places), discount_rate=line.discount_rate,
            share_of_discount=format_scaled(line.total_share, places), net=format_scaled(line.net, places),
            tax=format_scaled(line.tax, places), total=format_scaled(line.total, places), source=source_view(line.source),
            unreferenced=line.unreferenced, extensions=shown(line),
        )
        for line in order.lines
    )  # fmt: skip
    charges = tuple(charge_view(charge, places) for charge in order.charges)
    return OrderView(
        id=order.id, number=number, type=order.type, state=order.state, version=order.version, store=order.store_number,
        customer=customer, currency=order.currency, date=order.date, lines=lines, charges=charges,
        discount=format_scaled(order.discount_amount, places), discount_rate=order.discount_rate,
        net=format_scaled(order.net, places), tax=format_scaled(order.tax, places), total=format_scaled(order.total, places),
        extensions=shown(order),
    )  # fmt: skip


def charge_view(charge: Charge, places: int) -> ChargeView:
    """Show a charge of an order."""
    return ChargeView(
        charge=charge.number, line=charge.line_number, code=charge.code, category=charge.category,
        rate=charge.value if charge.category == "percent" else None, per_piece=charge.value if charge.category == "pieces" else None,
        origin=charge.origin, rule=charge.rule or None, overridden=charge.overridden, reason=charge.reason,
        amount=format_scaled(charge.amount, places), tax=format_scaled(charge.tax, places), invoiced=format_scaled(charge.invoiced, places),
        refunded=format_scaled(charge.refunded, places),
    )  # fmt: skip


def packing_slip_view(slip: PackingSlip, order_number: str, numbers: Numbers) -> PackingSlipView:
    """Show a packing slip."""
    lines = tuple(
        PackingSlipLineView(line=line.order_line.number, product=line.order_line.product_number, quantity=line.quantity)
        for line in slip.lines
    )
    return PackingSlipView(id=slip.id, number=numbers.get(slip.id), order=order_number, date=slip.date, lines=lines)


def invoice_lines(invoice: Invoice) -> tuple[InvoiceLineView, ...]:
    """Show the lines of an invoice."""
    return tuple(InvoiceLineView(**_billed(line, invoice.exponent)) for line in invoice.lines)


def _billed(line: InvoiceLine, places: int) -> dict[str, Any]:
    return {
        "line": line.number, "product": line.order_line.product_number, "description": line.order_line.description,
        "quantity": line.quantity, "unit_price": line.order_line.unit_price, "discount": format_scaled(line.discount, places),
        "net": format_scaled(line.net, places), "tax": format_scaled(line.tax, places), "total": format_scaled(line.total, places),
        "taxes": tuple(tax_view(tax, places) for tax in line.taxes), "source": source_view(line.order_line.source),
        "unreferenced": line.order_line.unreferenced,
    }  # fmt: skip


def source_view(source: Source | None) -> SourceView | None:
    """Show the invoice line that a line takes back."""
    return SourceView(invoice=source.document_number, line=source.number) if source is not None else None


def tax_view(tax: LineTax, places: int) -> TaxView:
    """Show the tax of a line or charge by one code."""
    return TaxView(code=tax.code, rate=tax.rate, amount=format_scaled(tax.amount, places))


def invoice_charges(invoice: Invoice) -> tuple[InvoiceChargeView, ...]:
    """Show the charges of an invoice."""
    places = invoice.exponent
    return tuple(
        InvoiceChargeView(
            code=c.code, charge=c.order_number, origin=c.origin, line=c.line_number, amount=format_scaled(c.amount, places),
            tax=format_scaled(c.tax, places), taxes=tuple(tax_view(tax, places) for tax in c.taxes),
        )
        for c in invoice.charges
    )  # fmt: skip


def invoice_view(invoice: Invoice, numbers: Numbers) -> InvoiceView:
    """Show an invoice or credit note."""
    places = invoice.exponent
    deposit = sum(applied.amount for applied in invoice.deposits)
    return InvoiceView(
        id=invoice.id, number=numbers.get(invoice.id), type=invoice.type, title=TITLES[invoice.type], date=invoice.date,  # type: ignore[arg-type]
        due_date=invoice.due_date, currency=invoice.currency, lines=invoice_lines(invoice), charges=invoice_charges(invoice),
        net=format_scaled(invoice.net, places), tax=format_scaled(invoice.tax, places), total=format_scaled(invoice.total, places),
        deposit=format_scaled(deposit, places), due=format_scaled(invoice.total - deposit, places),
    )  # fmt: skip


def sale_view(
    order: SalesOrder,
    slip: PackingSlip | None,
    invoice: Invoice,
    payments: Sequence[Payment],
    change: Minor,
    customer: str | None,
    numbers: Numbers,
) -> SaleView:
    """Show a cash-and-carry sale."""
    places = order.exponent
    lines = tuple(SaleLineView(**_billed(line, places), extensions=shown(line.order_line)) for line in invoice.lines)
    paid = tuple(PaymentView(number=numbers.get(p.id), tender=p.tender, amount=format_scaled(p.amount, places)) for p in payments)
    return SaleView(
        id=order.id, number=numbers.get(order.id), packing_slip=numbers.get(slip.id) if slip is not None else None,
        invoice=numbers.get(invoice.id), type=invoice.type, store=order.store_number, customer=customer, date=order.date,  # type: ignore[arg-type]
        occurred_at=order.occurred_at, currency=order.currency, lines=lines, charges=invoice_charges(invoice),
        net=format_scaled(invoice.net, places), tax=format_scaled(invoice.tax, places), total=format_scaled(invoice.total, places),
        payments=paid, change=format_scaled(change, places), extensions=shown(order),
    )  # fmt: skip
