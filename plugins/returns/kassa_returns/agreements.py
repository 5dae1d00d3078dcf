"""Sales agreements: a customer commits to a quantity of a product; what leaves counts towards it, and what comes back counts off.

Lines of orders name their agreement by the extension `returns.agreement`. A return line has that of its sale until somebody takes the
link away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from kassa import (
    Claim,
    Context,
    Facts,
    Http,
    Issue,
    NotFound,
    Operation,
    PackingSlip,
    Reader,
    Result,
    Row,
    Rule,
    SalesLine,
    SalesOrder,
    customer,
    evolve,
    legal_entity,
    new_id,
    product,
    schema,
    taken,
)
from kassa_returns.documents import LINE, Positive, ReturnLine
from kassa_returns.models import AgreementRow

BALANCE, LINK = "returns.agreement", "returns.agreement"
AGREEMENTS = "SELECT code, id, customer_id, product_id FROM returns_agreement WHERE legal_entity_id = ?"
OF_SALES = f"SELECT record_id, value FROM kernel_extension WHERE name = '{LINK}' AND record_id IN {{keys}}"
COUNTED = "SELECT fulfilled, committed FROM returns_agreement WHERE id = ?"


@attrs.frozen(kw_only=True)
class AgreementLink:
    """Names the sales agreement that a line belongs to."""

    agreement: schema.Code = attrs.field(metadata={"description": "Code of the agreement.", "examples": ["A-2026"]})


@attrs.frozen(kw_only=True)
class CreateAgreement:
    """Creates a sales agreement: how much of a product a customer commits to."""

    code: schema.Code = attrs.field(metadata={"description": "Its code.", "examples": ["A-2026"]})
    customer: schema.Text = attrs.field(metadata={"description": "Number of the customer.", "examples": ["C0001"]})
    product: schema.Text = attrs.field(metadata={"description": "Number of the product.", "examples": ["LAMP"]})
    committed: Positive = attrs.field(metadata={"description": "How many.", "examples": ["100"]})


@attrs.frozen(kw_only=True)
class ReadAgreement:
    """Names a sales agreement."""

    agreement: schema.Code = attrs.field(metadata={"description": "Its code.", "examples": ["A-2026"]})


@attrs.frozen(kw_only=True)
class AgreementView:
    """A sales agreement: what was committed, and how much of that left, less what came back."""

    code: str
    customer: str
    product: str
    committed: schema.Quantity
    fulfilled: schema.Quantity


def known_agreements(context: Any) -> Mapping[str, tuple[str, str, str]]:
    """Give the agreements of the legal entity by code: id, customer, product."""

    def load(read: Reader, entity_id: str) -> Mapping[str, tuple[str, str, str]]:
        return {row[0]: (row[1], row[2], row[3]) for row in read.rows(AGREEMENTS, (entity_id,))}

    found: Mapping[str, tuple[str, str, str]] = context.cached("returns", "agreements", legal_entity(context).id, load)
    return found


def create_agreement(command: CreateAgreement, context: Context) -> Result:
    """Plan a new agreement."""
    if command.code in known_agreements(context):
        raise taken("The agreement", "/code", command.code)
    buyer, goods = customer(context, command.customer), product(context, command.product)
    values = {
        "id": new_id(), "legal_entity_id": legal_entity(context).id, "code": command.code, "customer_id": buyer.id, "product_id": goods.id,
        "committed": command.committed, "fulfilled": 0,
    }  # fmt: skip
    context.plan.add([Row(AgreementRow, values)], "returns.create_agreement")
    view = AgreementView(code=command.code, customer=buyer.number, product=goods.number, committed=command.committed, fulfilled=0)
    return Result(view=lambda numbers: view, document_id=values["id"], version=1)  # type: ignore[arg-type]


def read_agreement(request: ReadAgreement, context: Context) -> AgreementView:
    """Show an agreement with what counts towards it."""
    found = known_agreements(context).get(request.agreement)
    if found is None:
        raise NotFound("agreement", request.agreement)
    fulfilled, committed = context.read.row(COUNTED, (found[0],))  # type: ignore[misc]
    return AgreementView(
        code=request.agreement, customer=customer(context, found[1]).number, product=product(context, found[2]).number, committed=committed,
        fulfilled=fulfilled,
    )  # fmt: skip


def linked(order: SalesOrder, context: Context) -> SalesOrder:
    """Give new return lines the agreement of their sale (RET-56)."""
    lots = [line.source.lot_id for line in order.lines if line.source is not None and not line.claimed]
    codes = {row[0]: schema.structure(AgreementLink, schema.loads(row[1])).agreement for row in context.read.rows_for(OF_SALES, lots)} if lots else {}
    if not codes:
        return order
    return evolve(order, lines=tuple(_linked(line, codes) for line in order.lines))


def _linked(line: SalesLine, codes: Mapping[str, str]) -> SalesLine:
    state = line.ext(ReturnLine)
    code = codes.get(line.source.lot_id) if line.source is not None and not line.claimed else None
    if state is None or code is None:
        return line
    value = evolve(state, agreement=code)
    return evolve(line, extensions=tuple(evolve(found, value=value) if found.name == LINE else found for found in line.extensions))


def check_links(order: SalesOrder, facts: Facts, context: Any) -> Iterable[Issue]:
    """Check that lines name agreements of their customer and product."""
    for line in order.lines:
        link = line.ext(AgreementLink)
        if link is not None:
            yield from _misfit(link.agreement, order, line, f"/lines/{line.number - 1}/extensions/{LINK}", context)


def _misfit(code: str, order: SalesOrder, line: SalesLine, pointer: str, context: Any) -> Iterable[Issue]:
    found = known_agreements(context).get(code)
    if found is None or found[1:] != (order.customer_id, line.product_id):
        message = f"Line {line.number}: {code} is no agreement of this customer about {line.product_number}."
        yield Issue(code="RET_AGREEMENT_UNKNOWN", message=message, pointer=pointer, got=code)


def agreement_of(code: str | None, order: SalesOrder, line: SalesLine, context: Context) -> str | None:
    """Give the agreement that a return line is linked to, or None; Refused where there is no such one."""
    if code is not None:
        context.refuse(_misfit(code, order, line, "/agreement", context))
    return code


def count(slip: PackingSlip, facts: Facts, context: Any) -> list[Any]:
    """Count what leaves towards the agreement of its line, and what comes back off it (RET-56)."""
    amounts: dict[str, int] = {}
    for line in slip.lines:
        state, link = line.order_line.ext(ReturnLine), line.order_line.ext(AgreementLink)
        code = state.agreement if state is not None else link.agreement if link is not None else None
        if code is not None:
            amounts[code] = amounts.get(code, 0) + line.quantity
    known = known_agreements(context) if amounts else {}
    return [Claim(BALANCE, (known[code][0],), {"fulfilled": quantity}) for code, quantity in amounts.items() if code in known]


RULES: Sequence[Any] = (
    Rule(name="returns.check_links", kind="order", transition="create", stage="check", run=check_links,
        summary="Lines name agreements of their customer and product.", rules=("RET-56",)),
    Rule(name="returns.count_agreements", kind="packing_slip", transition="post", stage="derived", run=count,
        summary="What leaves counts towards its agreement, what comes back off it.", rules=("RET-56",)),
)  # fmt: skip
OPERATIONS = (
    Operation(
        name="returns.create_agreement", summary="Create a sales agreement", effect="edit",
        http=Http(method="POST", path="/returns/agreements", status=201, location="/returns/agreements/{code}"), request=CreateAgreement,
        response=AgreementView, permission="returns.change_codes", handler=create_agreement, rules=("RET-56",),
        example={"code": "A-2026", "customer": "C0001", "product": "LAMP", "committed": "100"},
    ),
    Operation(
        name="returns.read_agreement", summary="Show a sales agreement", effect="read",
        http=Http(method="GET", path="/returns/agreements/{agreement}"), request=ReadAgreement, response=AgreementView,
        permission="returns.read", handler=read_agreement, rules=("RET-56",),
    ),
)  # fmt: skip
