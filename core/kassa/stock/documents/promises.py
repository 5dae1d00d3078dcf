"""Values of promises: reservations, which keep goods for lots, and blocks, which keep goods from everybody."""

from __future__ import annotations

from typing import ClassVar, Literal

import attrs

from kassa.kernel.plan import Document
from kassa.kernel.values import Thousandths
from kassa.stock.documents import Lot

Basis = Literal["on_hand", "ordered"]


@attrs.frozen(kw_only=True)
class ReservationLine:
    """Goods kept for one lot: thousandths without sign, of what is on hand or of what is on its way."""

    number: int
    lot: Lot
    product_number: str
    warehouse_id: str
    quantity: Thousandths
    basis: Basis = "on_hand"


@attrs.frozen(kw_only=True)
class Reservation(Document):
    """Goods that are kept for lots until `expires_at` (microseconds, UTC), or until somebody releases them."""

    kind: ClassVar[str] = "stock_reservation"

    expires_at: int | None = None
    note: str | None = None
    lines: tuple[ReservationLine, ...]


@attrs.frozen(kw_only=True)
class BlockLine:
    """Goods of one lot that are blocked, or not any more; thousandths without sign."""

    number: int
    lot: Lot
    product_number: str
    quantity: Thousandths


@attrs.frozen(kw_only=True)
class Block(Document):
    """Goods that cannot be sold where they lie (type `block`), or can be again (type `unblock`, of the document that it corrects)."""

    kind: ClassVar[str] = "stock_block"

    warehouse_id: str
    reason: str
    note: str | None = None
    lines: tuple[BlockLine, ...]
