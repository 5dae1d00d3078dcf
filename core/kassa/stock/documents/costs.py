"""Values of costs: what is added to the cost of lots after the fact, and the closing of a stock period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import attrs

from kassa.kernel.contributions import Definition
from kassa.kernel.plan import Document
from kassa.kernel.values import Minor, Thousandths

Offset = tuple[str, str]
"""The role of an account and its selector, against which a cost is booked."""


@attrs.frozen(kw_only=True)
class CostOffset(Definition):
    """Says against which accounts the cost of lots was booked that a kind of document settled.

    `find(read, lot_ids)` answers role and selector by lot; a lot that it leaves out was booked to `cost_of_goods_sold`. A role
    that is empty means: against another lot of the same act, as goods that are transferred.
    """

    kind: str
    find: Callable[[Any, Sequence[str]], Mapping[str, Offset]]


@attrs.frozen(kw_only=True)
class CostLayer:
    """What is added to the cost of one lot: `value` to what is on hand, `variance` where its goods are gone; minor units.

    Both are signed as a debit; the account of `role` is credited with them together.
    """

    number: int
    lot_id: str
    sequence: int
    product_id: str
    product_number: str
    warehouse_id: str
    value: Minor
    variance: Minor = 0
    role: str
    selector: str = ""
    follows_lot_id: str | None = None


@attrs.frozen
class Match:
    """Goods that left are, for their cost, goods which came: thousandths and minor units, without sign."""

    issue_lot_id: str
    receipt_lot_id: str
    quantity: Thousandths
    cost: Minor


@attrs.frozen(kw_only=True)
class CostAdjustment(Document):
    """Changes what lots cost, after the fact: by hand (type `manual`), or when a stock period is closed (type `closing`)."""

    kind: ClassVar[str] = "stock_cost_adjustment"

    reason: str
    store_number: str = ""
    closing_id: str | None = None
    layers: tuple[CostLayer, ...]
    matches: tuple[Match, ...] = ()


@attrs.frozen(kw_only=True)
class Closing(Document):
    """The closing of the stock of a legal entity through a date; it is done when every product was settled."""

    kind: ClassVar[str] = "stock_closing"

    through: str
