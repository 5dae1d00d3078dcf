"""Requests and views of return orders."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa import Address, ChargeRequest, CreateOrder, LineRequest, PageRequest, left_out, schema
from kassa_returns.documents import Positive

RMA_FIELD = {"description": "RMA number, or any other key or the id of the return order.", "examples": ["RMA-S001-000001"]}


@attrs.frozen(kw_only=True)
class ReplacementRequest:
    """What replaces the goods: the returned product and its quantity where nothing else is said."""

    product: schema.Text | None = attrs.field(default=None, metadata={"description": "Number or barcode of the product."})
    quantity: Positive | None = attrs.field(default=None, metadata={"description": "How many, without sign.", "examples": ["1"]})


@attrs.frozen(kw_only=True)
class ReturnLineRequest(LineRequest):
    """A line of a return order: a product and a negative quantity, with the invoice line of its sale where that is known."""

    disposition: schema.Code | None = attrs.field(default=None, metadata={"description": "Disposition code, where it is decided already."})
    replacement: ReplacementRequest | None = attrs.field(default=None, metadata={"description": "What replaces the goods."})
    slip_reference: schema.Text | None = attrs.field(default=None, metadata={"description": "The customer's own packing slip number."})
    without_receipt: bool = attrs.field(
        default=False, metadata={"description": "The goods come from none of the purchases that are offered for them."}
    )


@attrs.frozen(kw_only=True)
class FoundLine:
    """A part of an invoice line that comes back; all that is left of it where no quantity is given."""

    line: int = attrs.field(metadata={"description": "Number of the invoice's line."})
    quantity: Positive | None = attrs.field(default=None, metadata={"description": "How many, without sign.", "examples": ["1"]})


@attrs.frozen(kw_only=True)
class FindSalesOrder:
    """Takes lines of an invoice into a return: all of which something is left, or those that are named."""

    invoice: schema.Text = attrs.field(metadata={"description": "Number or any key of the invoice, of any store.", "examples": ["INV-S001-000001"]})
    lines: Annotated[tuple[FoundLine, ...], schema.Items(1, 1000)] | None = None


Found = Annotated[tuple[FindSalesOrder, ...], schema.Items(0, 50)]
Lines = Annotated[tuple[ReturnLineRequest, ...], schema.Items(0, 1000)]


@attrs.frozen(kw_only=True)
class CreateReturn(CreateOrder):
    """Authorises a return: what comes back, of which sale, and why. It promises neither acceptance nor credit."""

    customer: schema.Text = attrs.field(metadata={"description": "Number of the customer.", "examples": ["C0001"]})
    lines: Lines = attrs.field(default=(), metadata={"description": "What comes back."})
    invoices: Found = attrs.field(default=(), metadata={"description": "Invoices whose lines come back, of any store and order."})
    copy_charges: bool = attrs.field(
        default=False, metadata={"description": "Give back the charges of the orders of these invoices too; they can be changed afterwards."}
    )
    reason: schema.Code | None = attrs.field(default=None, metadata={"description": "Why the goods come back: a reason code."})
    warehouse: schema.Code | None = attrs.field(default=None, metadata={"description": "Code of the warehouse that receives the goods."})
    deadline: schema.Date | None = attrs.field(default=None, metadata={"description": "Last day for the goods; by setting where left out."})
    address: Address | None = attrs.field(default=None, metadata={"description": "Where the goods go; that of the warehouse where left out."})


@attrs.frozen(kw_only=True)
class ReadReturn:
    """Names a return order."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)


@attrs.frozen(kw_only=True)
class ChangeReturn:
    """Changes the header of a return; what is left out stays. Reason and deadline can change at any time."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)
    reason: schema.Code | None = attrs.field(factory=left_out)
    deadline: schema.Date = attrs.field(factory=left_out)
    address: Address | None = attrs.field(factory=left_out)
    warehouse: schema.Code = attrs.field(factory=left_out, metadata={"description": "Only while nothing came."})


@attrs.frozen(kw_only=True)
class AddLines:
    """Adds lines to a return of which nothing came yet."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)
    lines: Lines = ()
    invoices: Found = ()
    copy_charges: bool = False
    charges: Annotated[tuple[ChargeRequest, ...], schema.Items(0, 0)] = ()


@attrs.frozen(kw_only=True)
class ChangeLine:
    """Changes a line; what is left out stays. A line can get less, or a code; what credits without goods counts at once."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)
    line: schema.Text = attrs.field(metadata={"description": "Number of the line.", "examples": ["1"]})
    quantity: schema.Quantity = attrs.field(factory=left_out, metadata={"description": "Negative, and not more than before."})
    disposition: schema.Code | None = attrs.field(factory=left_out, metadata={"description": "Disposition code; null takes it away."})
    replacement: ReplacementRequest | None = attrs.field(factory=left_out)
    slip_reference: schema.Text | None = attrs.field(factory=left_out)
    agreement: schema.Code | None = attrs.field(
        factory=left_out, metadata={"description": "Sales agreement that the goods count off; null takes the link away."}
    )


@attrs.frozen(kw_only=True)
class LineOfReturn:
    """Names a line of a return."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)
    line: schema.Text = attrs.field(metadata={"description": "Number of the line.", "examples": ["1"]})


@attrs.frozen(kw_only=True)
class DeleteReturns:
    """Deletes returns of which nothing came: those that are named, or all that fit a filter. Look first, then confirm."""

    returns: Annotated[tuple[schema.Text, ...], schema.Items(0, 500)] = attrs.field(
        default=(), metadata={"description": "RMA numbers or other keys.", "examples": [["RMA-S001-000001"]]}
    )
    expired_before: schema.Date | None = attrs.field(default=None, metadata={"description": "All whose deadline is before this day."})
    confirm: bool = attrs.field(default=False, metadata={"description": "Without it the answer says what would be deleted."})


@attrs.frozen(kw_only=True)
class DeletedView:
    """Which returns were deleted, or would be."""

    returns: tuple[str, ...]
    deleted: bool


@attrs.frozen(kw_only=True)
class CreateReplacement:
    """Makes an order that replaces goods of a return before they came."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)
    copy_lines: bool = attrs.field(default=False, metadata={"description": "Take the products of the return's lines."})
    lines: Annotated[tuple[LineRequest, ...], schema.Items(0, 1000)] = ()


@attrs.frozen(kw_only=True)
class ReplacementView:
    """An order that replaces goods of a return."""

    id: schema.Identifier
    number: str | None
    rma_number: str
    total: schema.DecimalText


@attrs.frozen(kw_only=True)
class ListReturns(PageRequest):
    """Asks for return orders, newest first."""

    state: schema.Code | None = attrs.field(default=None, metadata={"description": "created, open, closed or cancelled."})
    customer: schema.Text | None = None
    expired: bool | None = attrs.field(default=None, metadata={"description": "Only those whose deadline passed while goods are expected."})


@attrs.frozen(kw_only=True)
class SourceOfLine:
    """The invoice line that a line takes back."""

    invoice: str | None
    line: int


@attrs.frozen(kw_only=True)
class ReturnLineView:
    """A line of a return order."""

    line: int
    lot: schema.Identifier
    product: str
    description: str
    quantity: schema.Quantity
    state: str
    unit_price: schema.UnitPrice
    price_origin: str
    discount: schema.DecimalText
    net: schema.DecimalText
    tax: schema.DecimalText
    total: schema.DecimalText
    cost: schema.DecimalText | None = attrs.field(default=None, metadata={"description": "What the goods come back at, where that is fixed."})
    source: SourceOfLine | None = None
    return_lot: schema.Identifier | None = attrs.field(default=None, metadata={"description": "Lot of the goods when they were sold."})
    unreferenced: bool
    disposition: str | None
    action: str | None
    replacement_product: str | None
    replacement_quantity: Positive | None
    slip_reference: str | None
    late: bool
    agreement: str | None


@attrs.frozen(kw_only=True)
class ReturnChargeView:
    """A charge of a return, with where it comes from: `manual`, or the code that brought it."""

    charge: int
    line: int | None
    code: str
    origin: str
    brought_by: str | None = attrs.field(metadata={"description": "Reason code or disposition code that brought it."})
    amount: schema.DecimalText
    tax: schema.DecimalText


@attrs.frozen(kw_only=True)
class ReturnView:
    """A return order."""

    id: schema.Identifier
    rma_number: str | None
    number: str | None
    state: str
    order_state: str
    version: int
    store: str
    warehouse: str
    customer: str
    currency: schema.CurrencyCode
    date: schema.Date
    deadline: schema.Date
    reason: str | None
    address: Address | None
    lines: tuple[ReturnLineView, ...]
    charges: tuple[ReturnChargeView, ...]
    replacements: tuple[schema.Identifier, ...]
    net: schema.DecimalText
    tax: schema.DecimalText
    total: schema.DecimalText


@attrs.frozen(kw_only=True)
class ReturnSummaryView:
    """A return order in the list."""

    id: schema.Identifier
    rma_number: str | None
    number: str | None
    state: str
    store: str
    customer: str
    date: schema.Date
    deadline: schema.Date
    expired: bool
    total: schema.DecimalText


@attrs.frozen(kw_only=True)
class ReadReturnable:
    """Asks what of an order may still come back."""

    order: schema.Text = attrs.field(metadata={"description": "Number or any key of the order.", "examples": ["SO-S001-000001"]})


@attrs.frozen(kw_only=True)
class ReturnableLineView:
    """An invoice line of which something may still come back."""

    invoice: str | None
    line: int
    product: str
    store: str
    date: schema.Date
    sold: schema.Quantity
    returned: schema.Quantity
    returnable: schema.Quantity
    unit_price: schema.UnitPrice
    net: schema.DecimalText


@attrs.frozen(kw_only=True)
class ReturnableView:
    """What may still come back."""

    lines: tuple[ReturnableLineView, ...]


@attrs.frozen(kw_only=True)
class FindPurchases:
    """Looks for purchases that goods without a receipt may come from, in any store: of a customer, by a payment, or of a product."""

    product: schema.Text = attrs.field(metadata={"description": "Number or barcode of the product.", "examples": ["LAMP"]})
    customer: schema.Text | None = None
    reference: schema.Text | None = attrs.field(default=None, metadata={"description": "Reference of the payment, such as the card's."})
    days: Annotated[int, schema.Range(1, 3650)] | None = attrs.field(default=None, metadata={"description": "How far back; by setting where left out."})


@attrs.frozen(kw_only=True)
class AcknowledgementLine:
    """A line of an acknowledgement."""

    line: int
    product: str
    description: str
    quantity: schema.Quantity
    state: str
    disposition: str | None


@attrs.frozen(kw_only=True)
class DocumentView:
    """A return document for print: what was authorised, or what was received."""

    title: str
    rma_number: str
    customer: str
    customer_name: str
    date: schema.Date
    deadline: schema.Date
    address: Address | None
    lines: tuple[AcknowledgementLine, ...]
