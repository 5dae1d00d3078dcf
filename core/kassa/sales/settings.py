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
SETTINGS = (
    SettingDefinition(
        name="sales.credit_note_as_correction",
        summary="Credit notes are posted as correction (negative amounts on the original sides) unless the request says otherwise.",
        type="bool",
        default=False,
        levels=("installation", "legal_entity"),
    ),
    SettingDefinition(
        name="sales.use_return_store_dimensions",
        summary="What comes back by the invoice of another store is booked with the dimensions of the store that takes it back.",
        type="bool",
        default=False,
        levels=("installation", "legal_entity"),
    ),
)
SERIES = (
    NumberSeries(name="sales_order", summary="Sales orders", pattern="SO-{register}-{number}"),
    NumberSeries(name="packing_slip", summary="Packing slips", pattern="PS-{register}-{number}"),
    NumberSeries(name="invoice", summary="Invoices", pattern="INV-{register}-{number}"),
    NumberSeries(name="credit_note", summary="Credit notes", pattern="CN-{register}-{number}"),
)
INVOICE_SERIES = {"invoice": "invoice", "credit_note": "credit_note"}
