"""Requests and views of transfers."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, Identifier, Items, LongText, Quantity, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference
from kassa.stock.messages.fields import DATE, NOTE, PRODUCT, REFERENCE, STORE, MovedPieces, Pieces

TRANSFER = about("Number, reference or id.", "TRO-S001-000001")


@attrs.frozen(kw_only=True)
class TransferRequestLine:
    """A product that goes to another warehouse."""

    product: Text = attrs.field(metadata=PRODUCT)
    quantity: Pieces = attrs.field(metadata=about("How much.", "4"))


@attrs.frozen(kw_only=True)
class CreateTransfer:
    """Orders goods from one warehouse of the legal entity to another."""

    from_warehouse: Reference = attrs.field(metadata=about("Code or id of the warehouse that gives.", "S001"))
    to_warehouse: Reference = attrs.field(
        metadata=about("Code or id of the warehouse that gets; also one for goods that wait for a decision.", "W01")
    )
    store: Reference | None = attrs.field(default=None, metadata=STORE)
    immediate: bool = attrs.field(
        default=False, metadata=about("Whether the goods are carried over at once: shipped and received together.")
    )
    reference: Text | None = attrs.field(default=None, metadata=REFERENCE)
    note: LongText | None = attrs.field(default=None, metadata=NOTE)
    date: Date | None = attrs.field(default=None, metadata=DATE)
    lines: Annotated[tuple[TransferRequestLine, ...], Items(1, 1000)] = attrs.field(metadata=about("Which products."))


@attrs.frozen(kw_only=True)
class TransferPart:
    """A part of a line that is shipped."""

    line: int = attrs.field(metadata=about("Number of the line.", 1))
    quantity: Pieces = attrs.field(metadata=about("How much of it.", "2"))


@attrs.frozen(kw_only=True)
class ArrivalPart:
    """A part of a line that arrived, or that was lost on its way."""

    line: int = attrs.field(metadata=about("Number of the line.", 1))
    quantity: MovedPieces = attrs.field(metadata=about("How much arrived.", "2"))
    lost: MovedPieces = attrs.field(default=0, metadata=about("How much was lost on its way and will not come any more.", "0"))


@attrs.frozen(kw_only=True)
class ShipTransfer:
    """Ships goods of a transfer: all that is left, or parts of lines."""

    transfer: Text = attrs.field(metadata=TRANSFER)
    date: Date | None = attrs.field(default=None, metadata=DATE)
    lines: Annotated[tuple[TransferPart, ...], Items(1, 1000)] | None = attrs.field(
        default=None, metadata=about("Which parts; all that is left where it is left out.")
    )


@attrs.frozen(kw_only=True)
class ReceiveTransfer:
    """Receives goods of a transfer: all that is on its way, or parts of lines."""

    transfer: Text = attrs.field(metadata=TRANSFER)
    date: Date | None = attrs.field(default=None, metadata=DATE)
    lines: Annotated[tuple[ArrivalPart, ...], Items(1, 1000)] | None = attrs.field(
        default=None, metadata=about("Which parts; all that is on its way where it is left out.")
    )


@attrs.frozen(kw_only=True)
class ReadTransfer:
    """Names a transfer."""

    transfer: Text = attrs.field(metadata=TRANSFER)


@attrs.frozen(kw_only=True)
class ListTransfers(PageRequest):
    """Asks for transfers, newest first."""

    state: str | None = attrs.field(default=None, metadata=about("Only those in a state.", "in_transit"))
    from_warehouse: Reference | None = attrs.field(default=None, metadata=about("Only those from one warehouse, by code or id."))
    to_warehouse: Reference | None = attrs.field(default=None, metadata=about("Only those to one warehouse, by code or id."))


@attrs.frozen(kw_only=True)
class TransferLineView:
    """A line of a transfer and how far it has come; `lot` leaves, `receipt_lot` arrives."""

    line: int
    product: str
    lot: Identifier
    receipt_lot: Identifier
    quantity: Quantity
    shipped: Quantity
    received: Quantity
    lost: Quantity
    cancelled: Quantity


@attrs.frozen(kw_only=True)
class TransferView:
    """A transfer; `postings` are the numbers of the documents that shipped and received, as far as this answer knows them."""

    id: Identifier
    number: str | None
    state: str
    from_warehouse: str
    to_warehouse: str
    note: str | None
    date: Date
    version: int
    lines: tuple[TransferLineView, ...]
    postings: tuple[str, ...]


@attrs.frozen(kw_only=True)
class TransferSummaryView:
    """A transfer in a list."""

    id: Identifier
    number: str | None
    state: str
    from_warehouse: str
    to_warehouse: str
    date: Date
