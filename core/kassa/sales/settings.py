"""The vocabulary of sales: the plain order type, charge codes, number series, settings, and where the cost of lines was booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.contributions import EventType, NumberSeries, SettingDefinition
from kassa.sales.documents import ChargeCode, OrderType
from kassa.stock.documents.costs import CostOffset, Offset

ORDER_TYPES = (OrderType(name="sales", summary="Sales order; takes both signs, so an exchange is one order"),)
CHARGE_CODES = (
    ChargeCode(name="freight", summary="Freight", is_shipping=True),
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


def _offset_roles(read: Any, lot_ids: Sequence[str]) -> Mapping[str, Offset]:
    """The cost of a line of an order stands on the account that its treatment names."""
    return {line_id: (role, "") for line_id, role in read.rows_for("SELECT id, offset_role FROM sales_order_line WHERE id IN {keys}", lot_ids)}


COST_OFFSET = CostOffset(name="sales.cost", summary="Invoices book cost by the treatment of each line.", kind="invoice", find=_offset_roles)
SETTINGS = (
    SettingDefinition(
        name="sales.deposit_application",
        summary="How much of a deposit an invoice takes: its share of what is not invoiced yet (proportional), or all that it can.",
        type="choice",
        choices=("proportional", "all"),
        default="proportional",
    ),
    SettingDefinition(
        name="sales.header_charges",
        summary="Which part of an order's own charges a partial invoice takes: all on the first, or by net amount with the rest on the last.",
        type="choice",
        choices=("first", "pro_rata"),
        default="first",
    ),
    SettingDefinition(
        name="sales.draft_days", summary="How many days a cart or an edit in progress is kept.", type="int", default=30, minimum=1, maximum=3650
    ),
    SettingDefinition(
        name="sales.quote_days", summary="How many days a quote holds that names no last day.", type="int", default=30, minimum=1, maximum=3650
    ),
    SettingDefinition(name="sales.price_reason_required", summary="A price by hand needs a reason code.", type="bool", default=False),
    SettingDefinition(name="sales.charge_reason_required", summary="A charge that is changed by hand needs a reason code.", type="bool", default=False),
    SettingDefinition(name="sales.change_reason_required", summary="Cancelling lines of an order needs a reason code.", type="bool", default=False),
    SettingDefinition(name="sales.cancellation_reason_required", summary="Cancelling an order needs a reason code.", type="bool", default=False),
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

_ID = "0190a1b2-0000-7000-8000-000000000001"
_LINE = {
    "product": "85123A", "description": "White hanging heart", "quantity": "2", "unit_price": "12.5", "discount": "0.00", "net": "25.00",
    "tax": "0.00", "total": "25.00",
}  # fmt: skip
EVENTS = (
    EventType(
        name="sales.order_changed",
        summary="Lines or charges of an order became others; tells what was before.",
        fields={
            "document": "Id of the order.",
            "act": "What was done.",
            "reason": "Why, where that was told.",
            "by": "Who did it.",
            "currency": "Currency of the amounts.",
            "total": "Its total before and after.",
            "lines": "The lines that differ: number, before and after; null where there is none.",
            "charges": "The charges that differ, alike.",
        },
        example={
            "document": _ID, "act": "sales.cancel_lines", "reason": None, "by": "anna", "currency": "EUR",
            "total": {"before": "25.00", "after": "12.50"},
            "lines": [{"line": 1, "before": _LINE, "after": {**_LINE, "quantity": "1", "net": "12.50", "total": "12.50"}}],
            "charges": [],
        },
    ),
    EventType(
        name="sales.draft_committed",
        summary="A draft became an order, or changed the order that it was of.",
        fields={"draft": "Id of the draft.", "kind": "cart, quote or edit.", "order": "Id of the order."},
        example={"draft": _ID, "kind": "cart", "order": _ID},
    ),
    EventType(
        name="sales.draft_ended",
        summary="A draft was voided, or a quote lost.",
        fields={"draft": "Id of the draft.", "kind": "cart, quote or edit.", "state": "void or lost.", "note": "Why, where that was told."},
        example={"draft": _ID, "kind": "quote", "state": "lost", "note": "Too dear"},
    ),
)  # fmt: skip
