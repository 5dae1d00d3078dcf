"""Requests and views of reservations and blocks."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa.kernel.operations import PageRequest
from kassa.kernel.schema import Date, Identifier, Instant, Items, LongText, Quantity, Text
from kassa.org.editing import about
from kassa.org.messages.scalars import Reference
from kassa.stock.documents.promises import Basis
from kassa.stock.messages.fields import DATE, NOTE, PRODUCT, REFERENCE, STORE, WAREHOUSE, Pieces


@attrs.frozen(kw_only=True)
class ReserveLine:
    """Goods to be kept for a lot: for a line of an order, or for a line of a cart that has no lot yet."""

    product: Text = attrs.field(metadata=PRODUCT)
    quantity: Pieces = attrs.field(metadata=about("How much is kept.", "2"))
    warehouse: Reference | None = attrs.field(default=None, metadata=WAREHOUSE)
    lot: Identifier | None = attrs.field(
        default=None, metadata=about("The lot: the id of a line of an order; a new one where it is left out.")
    )
    basis: Basis = attrs.field(
        default="on_hand", metadata=about("`on_hand`: goods that are there; `ordered`: goods on their way, which are kept when they come.")
    )


@attrs.frozen(kw_only=True)
class Reserve:
    """Keeps goods for lots: all lines, or none."""

    store: Reference | None = attrs.field(default=None, metadata=STORE)
    expires_at: Instant | None = attrs.field(
        default=None,
        metadata=about("Until when, as for a cart; until somebody releases them where it is left out.", "2099-12-31T12:00:00Z"),
    )
    reference: Text | None = attrs.field(default=None, metadata=REFERENCE)
    note: LongText | None = attrs.field(default=None, metadata=NOTE)
    lines: Annotated[tuple[ReserveLine, ...], Items(1, 500)] = attrs.field(metadata=about("Which goods."))


@attrs.frozen(kw_only=True)
class ReadReservation:
    """Names a reservation."""

    reservation: Text = attrs.field(metadata=about("Number, reference or id.", "RES-S001-000001"))


@attrs.frozen(kw_only=True)
class ListReservations(PageRequest):
    """Asks for reservations, newest first."""

    lot: Identifier | None = attrs.field(default=None, metadata=about("Only those that keep goods for a lot."))


@attrs.frozen(kw_only=True)
class ReservationLineView:
    """Goods kept for a lot; `reserved` is what of it still is, `awaited` what is kept of goods that are on their way."""

    line: int
    lot: Identifier
    product: str
    warehouse: str
    quantity: Quantity
    basis: Basis
    reserved: Quantity
    awaited: Quantity


@attrs.frozen(kw_only=True)
class ReservationView:
    """A reservation; `expires_at` is null for one without end, and for one that is over."""

    id: Identifier
    number: str | None
    state: str
    expires_at: Instant | None
    note: str | None
    lines: tuple[ReservationLineView, ...]


@attrs.frozen(kw_only=True)
class ReservationSummaryView:
    """A reservation in a list."""

    id: Identifier
    number: str | None
    state: str
    expires_at: Instant | None


@attrs.frozen(kw_only=True)
class TendReservations:
    """Releases what has expired, and keeps goods that came for whom they were promised; the oldest promise goes first."""


@attrs.frozen(kw_only=True)
class BlockRequestLine:
    """Goods of a product that nobody shall sell."""

    product: Text = attrs.field(metadata=PRODUCT)
    quantity: Pieces = attrs.field(metadata=about("How much.", "2"))


@attrs.frozen(kw_only=True)
class BlockGoods:
    """Takes goods out of what can be sold, where they lie; all lines, or none."""

    warehouse: Reference | None = attrs.field(default=None, metadata=WAREHOUSE)
    store: Reference | None = attrs.field(default=None, metadata=STORE)
    reason: Text = attrs.field(metadata=about("Why.", "damaged"))
    note: LongText | None = attrs.field(default=None, metadata=NOTE)
    reference: Text | None = attrs.field(default=None, metadata=REFERENCE)
    date: Date | None = attrs.field(default=None, metadata=DATE)
    lines: Annotated[tuple[BlockRequestLine, ...], Items(1, 500)] = attrs.field(metadata=about("Which goods."))


@attrs.frozen(kw_only=True)
class UnblockLine:
    """A part of a line of a block."""

    line: int = attrs.field(metadata=about("Number of the line.", 1))
    quantity: Pieces = attrs.field(metadata=about("How much of it.", "1"))


@attrs.frozen(kw_only=True)
class UnblockGoods:
    """Lets blocked goods be sold again: all that still are, or parts of lines."""

    block: Text = attrs.field(metadata=about("Number, reference or id of the block.", "BLK-S001-000001"))
    reason: Text = attrs.field(metadata=about("Why.", "looked at, all is well"))
    date: Date | None = attrs.field(default=None, metadata=DATE)
    lines: Annotated[tuple[UnblockLine, ...], Items(1, 500)] | None = attrs.field(
        default=None, metadata=about("Which parts; everything that is still blocked where it is left out.")
    )


@attrs.frozen(kw_only=True)
class ReadBlock:
    """Names a block."""

    block: Text = attrs.field(metadata=about("Number, reference or id.", "BLK-S001-000001"))


@attrs.frozen(kw_only=True)
class ListBlocks(PageRequest):
    """Asks for blocks and what ended them, newest first."""

    warehouse: Reference | None = attrs.field(default=None, metadata=about("Only those of one warehouse, by code or id."))


@attrs.frozen(kw_only=True)
class BlockLineView:
    """Goods of a block; `blocked` is what of it still is."""

    line: int
    lot: Identifier
    product: str
    quantity: Quantity
    blocked: Quantity


@attrs.frozen(kw_only=True)
class BlockView:
    """Goods that are blocked (type `block`), or are not any more (type `unblock`, of the block in `corrects`)."""

    id: Identifier
    number: str | None
    type: str
    corrects: Identifier | None
    warehouse: str
    reason: str
    note: str | None
    date: Date
    lines: tuple[BlockLineView, ...]
