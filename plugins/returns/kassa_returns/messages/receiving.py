"""Requests and views of arrivals and quarantine orders."""

from __future__ import annotations

from typing import Annotated

import attrs

from kassa import PageRequest, schema
from kassa_returns.documents import Positive
from kassa_returns.messages.orders import RMA_FIELD, ReplacementRequest


@attrs.frozen(kw_only=True)
class RegisterLine:
    """Goods of a return line that came, with the code that says what becomes of them."""

    line: int = attrs.field(metadata={"description": "Number of the return line.", "examples": [1]})
    quantity: Positive | None = attrs.field(
        default=None, metadata={"description": "How many came, without sign; all that is expected where left out.", "examples": ["1"]}
    )
    disposition: schema.Code | None = attrs.field(default=None, metadata={"description": "Disposition code; that of the line where left out."})
    replacement: ReplacementRequest | None = None
    slip_reference: schema.Text | None = attrs.field(default=None, metadata={"description": "The customer's own packing slip number."})


@attrs.frozen(kw_only=True)
class ArrivalLineRequest(RegisterLine):
    """Goods of a line of some return order that came: with a disposition code, or for quarantine."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)
    quarantine: bool | None = attrs.field(
        default=None, metadata={"description": "Send the goods to quarantine; on by itself where the product demands it."}
    )
    quarantine_warehouse: schema.Code | None = attrs.field(
        default=None, metadata={"description": "Where the goods wait; that of the receiving warehouse where left out."}
    )


@attrs.frozen(kw_only=True)
class RegisterArrival:
    """Registers goods that came back, of one or several return orders: an arrival journal."""

    store: schema.Text | None = attrs.field(default=None, metadata={"description": "Number of the store that receives; the token's where left out."})
    lines: Annotated[tuple[ArrivalLineRequest, ...], schema.Items(1, 500)]
    note: schema.Text | None = None
    start_inspection: bool = attrs.field(
        default=True, metadata={"description": "Quarantine orders are started at once; else somebody starts them."}
    )
    date: schema.Date | None = None


@attrs.frozen(kw_only=True)
class Register:
    """Registers goods of one return order directly from its lines; nothing is sent to quarantine so."""

    rma: schema.Text = attrs.field(metadata=RMA_FIELD)
    lines: Annotated[tuple[RegisterLine, ...], schema.Items(1, 500)]
    date: schema.Date | None = None


@attrs.frozen(kw_only=True)
class ArrivalLineView:
    """A line of an arrival; `partial` says that more of the return line is expected."""

    rma_number: str
    line: int
    product: str
    quantity: schema.Quantity
    disposition: str | None
    quarantine_warehouse: str | None
    quarantine_order: str | None
    partial: bool
    late: bool


@attrs.frozen(kw_only=True)
class ArrivalView:
    """An arrival of returned goods."""

    id: schema.Identifier
    number: str | None
    type: str
    state: str
    version: int
    date: schema.Date
    note: str | None
    lines: tuple[ArrivalLineView, ...]


@attrs.frozen(kw_only=True)
class ReadArrival:
    """Names an arrival."""

    arrival: schema.Text = attrs.field(metadata={"description": "Its number or id.", "examples": ["AR-S001-000001"]})


@attrs.frozen(kw_only=True)
class ListArrivals(PageRequest):
    """Asks for arrivals, newest first."""

    state: schema.Code | None = None


@attrs.frozen(kw_only=True)
class PostArrival:
    """Registers goods that came back from inspection; the code that was decided there stays."""

    arrival: schema.Text = attrs.field(metadata={"description": "Its number or id.", "examples": ["AR-S001-000001"]})
    disposition: schema.Code | None = attrs.field(default=None, metadata={"description": "The code that was decided, if it is said again."})


@attrs.frozen(kw_only=True)
class QuarantineView:
    """A quarantine order."""

    id: schema.Identifier
    number: str | None
    state: str
    version: int
    rma_number: str
    line: int
    product: str
    quantity: schema.Quantity
    warehouse: str
    disposition: str | None
    date: schema.Date


@attrs.frozen(kw_only=True)
class ReadQuarantine:
    """Names a quarantine order."""

    quarantine_order: schema.Text = attrs.field(metadata={"description": "Its number or id.", "examples": ["QO-S001-000001"]})


@attrs.frozen(kw_only=True)
class ListQuarantine(PageRequest):
    """Asks for quarantine orders, newest first."""

    state: schema.Code | None = None
    rma: schema.Text | None = None


@attrs.frozen(kw_only=True)
class SplitQuarantine:
    """Gives a part of the goods a quarantine order of its own, so that it can get another code."""

    quarantine_order: schema.Text = attrs.field(metadata={"description": "Its number or id.", "examples": ["QO-S001-000001"]})
    quantity: Positive = attrs.field(metadata={"description": "How many go to the new order, without sign.", "examples": ["3"]})


@attrs.frozen(kw_only=True)
class Decide:
    """Says what becomes of goods that were inspected."""

    quarantine_order: schema.Text = attrs.field(metadata={"description": "Its number or id.", "examples": ["QO-S001-000001"]})
    disposition: schema.Code = attrs.field(metadata={"description": "Disposition code.", "examples": ["SC"]})
    replacement: ReplacementRequest | None = None
