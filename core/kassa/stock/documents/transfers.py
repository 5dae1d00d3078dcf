"""Values of transfers: the order, and the documents that ship its goods and receive them."""

from __future__ import annotations

from typing import ClassVar

import attrs

from kassa.catalog.documents import Costing, NegativeStock
from kassa.kernel.plan import Document
from kassa.kernel.values import Micro, Minor, Thousandths


@attrs.frozen
class TransferCounters:
    """How far a line has come: thousandths, and costs in minor units, all without sign."""

    cancelled: Thousandths = 0
    shipped: Thousandths = 0
    received: Thousandths = 0
    lost: Thousandths = 0
    shipped_cost: Minor = 0
    received_cost: Minor = 0


@attrs.frozen(kw_only=True)
class TransferLine:
    """One product of a transfer. `id` is the lot that leaves, `receipt_lot_id` the one that arrives."""

    id: str
    receipt_lot_id: str
    number: int
    product_id: str
    product_number: str
    quantity: Thousandths
    standard_cost: Micro = 0
    costing: Costing = "moving_average"
    negative_stock: NegativeStock | None = None
    counters: TransferCounters = TransferCounters()

    @property
    def shippable(self) -> Thousandths:
        """Tell how much has yet to be shipped."""
        return self.quantity - self.counters.cancelled - self.counters.shipped

    @property
    def in_transit(self) -> Thousandths:
        """Tell how much is on its way."""
        return self.counters.shipped - self.counters.received - self.counters.lost

    @property
    def cost_in_transit(self) -> Minor:
        """Tell what the goods on their way are worth."""
        return self.counters.shipped_cost - self.counters.received_cost


@attrs.frozen(kw_only=True)
class Transfer(Document):
    """Goods that go from one warehouse to another of the same legal entity."""

    kind: ClassVar[str] = "stock_transfer"

    from_warehouse_id: str
    to_warehouse_id: str
    note: str | None = None
    store_number: str = ""
    exponent: int = 2
    lines: tuple[TransferLine, ...]


@attrs.frozen(kw_only=True)
class TransferPostingLine:
    """What a posting does with a line of a transfer: how much was shipped or received, how much was lost on its way; without sign."""

    number: int
    line: TransferLine
    quantity: Thousandths
    lost: Thousandths = 0
    cost: Minor = 0
    lost_cost: Minor = 0


@attrs.frozen(kw_only=True)
class TransferPosting(Document):
    """Goods of a transfer that leave (type `shipment`) or arrive (type `receipt`)."""

    kind: ClassVar[str] = "stock_transfer_posting"

    transfer: Transfer
    store_number: str = ""
    exponent: int = 2
    allow_negative: bool = False
    warn_negative: bool = False
    lines: tuple[TransferPostingLine, ...]
