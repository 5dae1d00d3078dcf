"""Rules of returns at the core's transitions: own states follow from what happens to orders, packing slips and invoices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from kassa import (
    Bulk,
    Facts,
    Issue,
    Key,
    Loader,
    NextStep,
    PackingSlip,
    Row,
    Rule,
    SalesLine,
    SalesOrder,
    Stored,
    derived_id,
    evolve,
    orders,
    products,
)
from kassa_returns.documents import REPLACING, RMA, TYPE, ReturnLine, followed, header, state_of
from kassa_returns.models import ReplacementRow, ReturnLineRow, ReturnOrderRow
from kassa_returns.store import changes, header_values, insert_rows
from kassa_returns.workflow import begun, header_state

LINE_STATE = "UPDATE returns_line SET state = ? WHERE line_id = ?"
HEADER_STATE = "UPDATE returns_order SET state = ? WHERE document_id = ?"
REPLACEMENT_OF = "SELECT order_id, return_id FROM returns_replacement WHERE active AND order_id IN {keys}"


@attrs.frozen
class Replaced:
    """The return whose goods an order replaces, if it replaces any."""

    return_id: str | None


@attrs.frozen
class Slipped:
    """The return order of a packing slip, where lines of it are replaced; and the products that replace them, by id."""

    order: SalesOrder | None
    products: Mapping[str, Any] = attrs.field(factory=dict)


def load_replaced(read: Any, documents: Sequence[SalesOrder], context: Any) -> Mapping[str, Replaced]:
    """Load which orders replace goods of a return."""
    plain = [order.id for order in documents if order.type != TYPE]
    known = dict(read.rows_for(REPLACEMENT_OF, plain)) if plain else {}
    return {order.id: Replaced(known.get(order.id)) for order in documents}


def load_slipped(read: Any, documents: Sequence[PackingSlip], context: Any) -> Mapping[str, Slipped]:
    """Load what packing slips need that make replacements: the return order, and the products."""
    wanted = [slip for slip in documents if any(_replaces(line.order_line) for line in slip.lines)]
    known = orders(context, [slip.order_id for slip in wanted]) if wanted else {}
    ids = [state_of(line.order_line).replacement_product_id for slip in wanted for line in slip.lines]
    found = products(context, [product_id for product_id in ids if product_id is not None]) if wanted else {}
    return {slip.id: Slipped(known.get(slip.order_id), found) for slip in documents}


def _replaces(line: SalesLine) -> bool:
    return state_of(line).action in REPLACING


def open_return(order: SalesOrder, facts: Facts, context: Any) -> list[Any]:
    """Write what a new return order adds to its order."""
    if order.type != TYPE:
        return []
    made = followed(order)
    values = {"document_id": order.id, "legal_entity_id": order.legal_entity_id, **header_values(made)}
    return [Row(ReturnOrderRow, values), *insert_rows(made, made.lines)]


def check_change(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that lines are cancelled only while nothing came, and added only then, and that what came keeps its quantity (RET-15, RET-50)."""
    if order.type != TYPE:
        return
    stored = facts.of(Stored).order
    known = {line.id: line for line in stored.lines}
    state = header_state([state_of(line).state for line in stored.lines])
    gone = [line.number for line in order.lines if line.gone and line.id in known and not known[line.id].gone]
    if gone and state != "created":
        told = ", ".join(map(str, gone))
        message = f"The return is {state}; line {told} could be cancelled only while nothing came."
        yield Issue(code="RET_CANNOT_CANCEL", message=message, pointer="/rma", rule="RET-50", got=state, document=order.id)
    for line in order.lines:
        before = known.get(line.id)
        if before is not None and not line.gone and line.quantity != before.quantity and state_of(before).state != "expected":
            message = f"Line {line.number} is {state_of(before).state}; its quantity changes while it is expected."
            yield Issue(code="RET_STATE", message=message, pointer=f"/lines/{line.number - 1}/quantity", got=state_of(before).state, document=order.id)
    if any(line.id not in known for line in order.lines) and begun(state_of(line).state for line in stored.lines):
        message = "Goods of this return came already, so no lines are added to it."
        yield Issue(code="RET_LINES_LOCKED", message=message, pointer="/lines", rule="RET-15", document=order.id)


def follow_change(order: SalesOrder, facts: Facts, context: Any) -> list[Any]:
    """Write what a change of its order does to a return."""
    return list(changes(facts.of(Stored).order, followed(order))) if order.type == TYPE else []


def warn_replacement(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Warn that an order which ends was made as a replacement (RET-48)."""
    if facts.of(Replaced).return_id is not None:
        message = "This order was made to replace goods of a return."
        yield Issue(code="RET_REPLACEMENT_CANCELLED", message=message, pointer="/order", rule="RET-48", severity="warn", document=order.id)


def end_replacement(order: SalesOrder, facts: Facts, context: Any) -> list[Any]:
    """Let a return be without its replacement when that is cancelled."""
    if facts.of(Replaced).return_id is None:
        return []
    return [Row(ReplacementRow, {"active": False}, key={"order_id": order.id})]


def check_slip(slip: PackingSlip, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check what a packing slip takes of return lines: all of what is registered, and where goods are replaced, by what (RET-39, RET-43)."""
    for line in slip.lines:
        order_line, state = line.order_line, line.order_line.ext(ReturnLine)
        if state is None:
            continue
        number, at = order_line.number, f"/lines/{line.number - 1}"
        if state.state != "registered":
            message = f"Line {number} is {state.state}; a packing slip takes what is registered."
            yield Issue(code="RET_NOT_REGISTERED", message=message, pointer=at, rule="RET-39", got=state.state)
        if abs(line.quantity) != abs(order_line.quantity) - order_line.counters.cancelled:
            message = f"Line {number} is received as a whole; register the part that came, which splits the line."
            yield Issue(code="RET_PARTIAL_SLIP", message=message, pointer=f"{at}/quantity", rule="RET-39")
        if _replaces(order_line) and state.replacement_product_id is None:
            message = f"Line {number}: {state.disposition} replaces the goods, and it is not said by what."
            yield Issue(code="RET_REPLACEMENT_ITEM_MISSING", message=message, pointer=at, rule="RET-43")


def receive(slip: PackingSlip, facts: Facts, context: Any) -> list[Any]:
    """Move return lines to received, and let an order follow that replaces goods (RET-43, RET-49)."""
    mine = [line.order_line for line in slip.lines if line.order_line.ext(ReturnLine) is not None]
    effects: list[Any] = [_to_state(line.id, "received") for line in mine]
    replaced = [line for line in mine if _replaces(line)]
    found = facts.of(Slipped)
    if replaced and found.order is not None:
        made = replacement_of(found.order, replaced, found.products, slip)
        effects.append(Row(ReplacementRow, {"order_id": made.id, "return_id": found.order.id, "upfront": False, "active": True}))
        effects.append(NextStep("order", "create", made))
    return effects


def replacement_of(order: SalesOrder, lines: Sequence[SalesLine], known: Mapping[str, Any], slip: PackingSlip) -> SalesOrder:
    """Make the order that replaces goods: its header from the customer of the return, its lines from what the return lines say."""
    made = []
    for number, line in enumerate(lines, 1):
        state = state_of(line)
        product = known[str(state.replacement_product_id)]
        made.append(
            SalesLine(
                id=derived_id(slip.id, "replacement", line.id), number=number, product_id=product.id, product_number=product.number,
                description=product.name, quantity=state.replacement_quantity or abs(line.quantity), tax_group=product.tax_group or "",
                stocked=product.stocked, post_physical=product.post_physical, standard_cost=product.standard_cost, costing=product.costing,
                negative_stock=product.negative_stock, warehouse_id=line.warehouse_id,
            )
        )  # fmt: skip
    return evolve(
        order, id=derived_id(slip.id, "replacement"), type="sales", state="draft", version=1, date=slip.date, occurred_at=slip.occurred_at,
        keys=(Key(RMA, header(order).rma_number, identifying=False),), lines=tuple(made), charges=(), discount_amount=0, discount_rate=0,
        net=0, tax=0, total=0, extensions=(),
    )  # fmt: skip


def _to_state(line_id: str, state: str) -> Bulk:
    """Move a return line to a state, also where the same plan makes it; the version of its order guards the move."""
    return Bulk(ReturnLineRow, LINE_STATE, (state, line_id))


def credit(order: SalesOrder, facts: Facts, context: Any) -> list[Any]:
    """Move return lines that are billed to the end to invoiced, and close a header that has no other line left (RET-51)."""
    if order.type != TYPE:
        return []
    after = {line.id: "invoiced" if _billed(line) else state_of(line).state for line in order.lines}
    effects = [_to_state(line.id, "invoiced") for line in order.lines if after[line.id] != state_of(line).state]
    state = header_state(list(after.values()))
    if state != header(order).state:
        effects.append(Bulk(ReturnOrderRow, HEADER_STATE, (state, order.id)))
    return effects


def _billed(line: SalesLine) -> bool:
    return not line.gone and line.counters.invoiced + line.counters.cancelled >= abs(line.quantity)


RULES = (
    Loader(name="returns.replaced", facts=Replaced, load=load_replaced, kind="order", transition="cancel"),
    Loader(name="returns.slipped", facts=Slipped, load=load_slipped, kind="packing_slip", transition="post"),
    Rule(name="returns.open", kind="order", transition="create", stage="derived", run=open_return,
        summary="What a return adds to its order is written.", rules=("RET-02",)),
    Rule(name="returns.check_change", kind="order", transition="change", stage="check", run=check_change,
        summary="Lines of a return come and go only while nothing came.", rules=("RET-15", "RET-50")),
    Rule(name="returns.follow_change", kind="order", transition="change", stage="derived", run=follow_change,
        summary="A return follows its order."),
    Rule(name="returns.warn_replacement", kind="order", transition="cancel", stage="check", run=warn_replacement,
        summary="A warning where the order replaces goods of a return.", rules=("RET-48",)),
    Rule(name="returns.end_replacement", kind="order", transition="cancel", stage="derived", run=end_replacement,
        summary="The return is without its replacement."),
    Rule(name="returns.check_slip", kind="packing_slip", transition="post", stage="check", run=check_slip,
        summary="Return lines are registered and received as a whole.", rules=("RET-39", "RET-43")),
    Rule(name="returns.receive", kind="packing_slip", transition="post", stage="derived", run=receive,
        summary="Return lines are received; what replaces goods is ordered.", rules=("RET-38", "RET-43", "RET-49")),
    *(
        Rule(name=f"returns.credit_{part}", kind="order", transition=f"invoice_{part}", stage="derived", run=credit,
            summary="Return lines are credited, and headers close.", rules=("RET-51",))
        for part in ("part", "all")
    ),
)  # fmt: skip
