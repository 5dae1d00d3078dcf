"""The vocabulary of sales: the plain order type, charge codes, number series."""

from __future__ import annotations

from kassa.kernel.contributions import NumberSeries, SettingDefinition
from kassa.sales.documents import ChargeCode, OrderType

ORDER_TYPES = (OrderType(name="sales", summary="Sales order; takes both signs, so an exchange is one order"),)
CHARGE_CODES = (
    ChargeCode(name="freight", summary="Freight"),
    ChargeCode(name="handling", summary="Handling"),
    ChargeCode(name="other", summary="Other charges"),
)
SERIES = (
    NumberSeries(name="sales_order", summary="Sales orders", pattern="SO-{register}-{number}"),
    NumberSeries(name="packing_slip", summary="Packing slips", pattern="PS-{register}-{number}"),
    NumberSeries(name="invoice", summary="Invoices", pattern="INV-{register}-{number}"),
    NumberSeries(name="credit_note", summary="Credit notes", pattern="CN-{register}-{number}"),
)
INVOICE_SERIES = {"invoice": "invoice", "credit_note": "credit_note"}
SETTINGS = (
    SettingDefinition(
        name="sales.deposit_application",
        summary="How much of a deposit an invoice takes: its share of what is not invoiced yet (proportional), or all that it can.",
        type="choice",
        choices=("proportional", "all"),
        default="proportional",
    ),
)
