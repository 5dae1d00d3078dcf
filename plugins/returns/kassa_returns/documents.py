"""Values of returns: what a return order adds to an order and its lines, codes, arrivals and quarantine orders."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import attrs

from kassa import Address, Document, Extended, SalesLine, SalesOrder, Thousandths, evolve, schema
from kassa_returns.workflow import header_state

TYPE = "returns.order"
"""The order type of return orders."""
LINE = "returns.line"
"""The name under which lines show what returns add; the header shows it under the name of the order type."""
RMA = "rma_number"
"""The name of the key by which a return order and its replacement orders are found."""
Action = Literal["credit", "credit_only", "scrap", "replace_and_credit", "replace_and_scrap", "return_to_customer"]
REPLACING = ("replace_and_credit", "replace_and_scrap")
Positive = Annotated[int, schema.Scaled(3, 1, 10**12)]
"""Thousandths of the unit, without sign."""
Signed = Annotated[int, schema.Scaled(6, -(10**16), 10**16)]
"""Millionths of the currency's unit, with sign."""


@attrs.frozen(kw_only=True)
class CodeCharge:
    """A charge that a code brings: an amount, a rate of the net amount, or so much for each piece; one of the three.

    Positive is paid by the customer. A rate keeps the sign of what it is taken of: 0.05 of a line of -90.00 gives the customer 4.50
    more, -0.05 is a restocking fee of 4.50.
    """

    code: schema.Code = attrs.field(metadata={"description": "Charge code.", "examples": ["handling"]})
    amount: Signed | None = attrs.field(default=None, metadata={"description": "A fixed amount without tax.", "examples": ["10"]})
    rate: schema.Rate | None = attrs.field(default=None, metadata={"description": "A part of the net amount, with its sign."})
    per_piece: Signed | None = attrs.field(default=None, metadata={"description": "So much for each piece."})


@attrs.frozen(kw_only=True)
class Disposition:
    """A disposition code of a legal entity: what becomes of goods, and what that costs."""

    id: str
    code: str
    name: str
    action: Action
    charges: tuple[CodeCharge, ...] = ()
    external_codes: tuple[str, ...] = ()
    active: bool = True
    version: int = 1


@attrs.frozen(kw_only=True)
class ReturnLine:
    """What a return line adds to an order line: how far it is, what becomes of the goods, what replaces them."""

    state: str = attrs.field(default="expected", metadata={"description": "Line status.", "examples": ["expected"]})
    disposition: str | None = attrs.field(default=None, metadata={"description": "Disposition code."})
    action: str | None = attrs.field(default=None, metadata={"description": "What that code does: one of the six actions."})
    decided: bool = attrs.field(default=False, metadata={"description": "The code was decided in quarantine and stays."})
    replacement_product: str | None = attrs.field(default=None, metadata={"description": "Product that replaces the goods."})
    replacement_product_id: str | None = None
    replacement_quantity: Positive | None = None
    slip_reference: str | None = attrs.field(default=None, metadata={"description": "The customer's own packing slip, for information."})
    late: bool = attrs.field(default=False, metadata={"description": "The goods came after the deadline and were let in."})
    agreement: str | None = attrs.field(default=None, metadata={"description": "Sales agreement that the goods count off."})


@attrs.frozen(kw_only=True)
class ReturnOrder:
    """What a return order adds to an order."""

    state: str = attrs.field(default="created", metadata={"description": "Header status.", "examples": ["created"]})
    rma_number: str = attrs.field(default="", metadata={"description": "The RMA number, which works wherever the order is named."})
    reason: str | None = attrs.field(default=None, metadata={"description": "Why the goods come back: a reason code."})
    reason_id: str | None = None
    deadline: schema.Date = attrs.field(metadata={"description": "Last day on which the goods may come."})
    warehouse_chosen: bool = False
    address: Address | None = attrs.field(default=None, metadata={"description": "Where the goods go, where another address was given."})
    replaced_upfront: bool = attrs.field(default=False, metadata={"description": "A replacement was made before the goods came."})


def header(order: SalesOrder) -> ReturnOrder:
    """Give what a return order adds to its order; ValueError where the order is none."""
    found = order.ext(ReturnOrder)
    if found is None:
        raise ValueError(f"order {order.id} is no return order")
    return found


def state_of(line: SalesLine) -> ReturnLine:
    """Give what a return line adds to its order line; a line that is new to returns is expected."""
    return line.ext(ReturnLine) or ReturnLine()


@attrs.frozen(kw_only=True)
class ArrivalLine:
    """Goods of one return line that came: how much (thousandths, without sign) and what was decided about them.

    `order` and `line` are as they stand before the arrival; `at` is the place in the request.
    """

    number: int
    at: str = ""
    order: SalesOrder
    line: SalesLine
    quantity: Thousandths
    disposition: Disposition | None = None
    disposition_code: str | None = None
    quarantine: bool | None = None
    quarantine_warehouse_id: str | None = None
    quarantine_order_id: str | None = None
    replacement_given: bool = False
    quarantine_forced: bool = False
    partial: bool = False
    late: bool = False


@attrs.frozen(kw_only=True)
class Arrival(Document):
    """Goods that came back: a journal over several return orders, a direct registration, or goods that inspection let go.

    The type says which: `journal`, `registration`, `inspected`.
    """

    kind: ClassVar[str] = "returns.arrival"

    note: str | None = None
    lines: tuple[ArrivalLine, ...]


@attrs.frozen(kw_only=True)
class QuarantineOrder(Document):
    """Goods of one return line that wait for inspection in a quarantine warehouse; quantity in thousandths, without sign."""

    kind: ClassVar[str] = "returns.quarantine_order"

    order_id: str
    line_id: str
    product_id: str
    warehouse_id: str
    quantity: Thousandths
    disposition: str | None = None


def with_lines(order: SalesOrder, values: dict[str, ReturnLine]) -> SalesOrder:
    """Give an order some of whose lines have other values, by id of the line."""
    lines = tuple(evolve(line, extensions=_with(line, values[line.id])) if line.id in values else line for line in order.lines)
    changed = evolve(order, lines=lines)
    return with_header(changed, evolve(header(order), state=header_state([state_of(line).state for line in lines])))


def with_header(order: SalesOrder, value: ReturnOrder) -> SalesOrder:
    """Give an order with another header of its return."""
    return evolve(order, extensions=_with(order, value))


def _with(record: SalesOrder | SalesLine, value: ReturnLine | ReturnOrder) -> tuple[Extended, ...]:
    others = tuple(found for found in record.extensions if type(found.value) is not type(value))
    return (*others, Extended(LINE if isinstance(value, ReturnLine) else TYPE, value))


def followed(order: SalesOrder) -> SalesOrder:
    """Let the states of returns follow what an order became: cancelled lines are cancelled, new ones expected, the header follows."""
    values = {}
    for line in order.lines:
        state = state_of(line)
        if line.gone and state.state != "cancelled":
            values[line.id] = evolve(state, state="cancelled")
        elif line.ext(ReturnLine) is None:
            values[line.id] = state
    return with_lines(order, values)
