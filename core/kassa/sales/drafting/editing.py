"""Changes of a draft: what a request says of its header, lines and charges, made into the order that is calculated next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.kernel import extensions
from kassa.kernel.errors import Issue
from kassa.kernel.extensions import Extended
from kassa.kernel.frozen import evolve
from kassa.kernel.schema.rejections import Findings
from kassa.kernel.values import Thousandths, new_id, round_half_up
from kassa.org.editing import LEFT_OUT
from kassa.sales.changing import check_line, ended, reduced
from kassa.sales.documents import NOTHING_YET, Charge, DiscountOrigin, SalesLine, SalesOrder
from kassa.sales.drafting.documents import Draft
from kassa.sales.facts import selling_store
from kassa.sales.messages.drafts import ChangeDraft, DraftChargeChange, DraftLineChange
from kassa.sales.ordering import charge_of, customer_of, line_of, minor, warehouse_of
from kassa.sales.reasons import check_reason
from kassa.sales.sources import find_sources

OVERRIDE = "sales.override_charge"
PRICING = ("unit_price", "price_reason", "discount", "discount_rate")
OTHER_THAN_QUANTITY = (*PRICING, "description", "extensions", "warehouse")


def changed(draft: Draft, command: ChangeDraft, context: Any) -> SalesOrder:
    """Give the order of a draft as a request wants it, not calculated yet; everything that does not fit is reported at once."""
    issues: list[Issue] = []
    order = _header(draft, command, context, issues)
    order = _lines(draft, order, command, context, issues)
    order = _charges(order, command, context, issues)
    context.refuse(issues)
    return order


def _sent(value: Any) -> bool:
    return value is not LEFT_OUT


def _header(draft: Draft, command: ChangeDraft, context: Any, issues: list[Issue]) -> SalesOrder:
    order = draft.order
    if _sent(command.customer):
        customer = customer_of(command.customer, context, issues)
        party = ("customer", customer.billed_id) if customer is not None else ("store", order.store_id or "")
        if draft.before is not None and party[1] != draft.before.party_id and _begun(draft.before):
            message = "The order is invoiced in part, so it keeps its customer."
            issues.append(Issue(code="SALES_CUSTOMER_KEPT", message=message, pointer="/customer", got=command.customer))
        order = evolve(order, customer_id=customer.id if customer is not None else None, party_type=party[0], party_id=party[1])
    if _sent(command.discount):
        order = evolve(order, discount_amount=minor(command.discount, order.exponent, "/discount", issues))
    if _sent(command.discount_rate):
        order = evolve(order, discount_rate=command.discount_rate or 0)
    if _sent(command.extensions):
        if draft.kind == "edit":
            message = "Fields that plugins added to an order stay as they are; those of lines may change."
            issues.append(Issue(code="SALES_EXTENSION_KEPT", message=message, pointer="/extensions"))
        else:
            order = evolve(order, extensions=_read(SalesOrder, command.extensions, "/extensions", context))
    if draft.kind == "edit" and _sent(command.reference):
        message = "An order keeps its keys; the reference of an edit cannot change."
        issues.append(Issue(code="SALES_EXTENSION_KEPT", message=message, pointer="/reference"))
    return order


def _begun(order: SalesOrder) -> bool:
    return any(line.counters.invoiced for line in order.lines) or any(charge.invoiced for charge in order.charges)


def _read(record: type[Any], given: Mapping[str, Any], pointer: str, context: Any) -> tuple[Extended, ...]:
    findings = Findings()
    found = extensions.read(context.registry, record, given, pointer, findings)
    if findings.issues:
        raise findings.error()
    return found


def _lines(draft: Draft, order: SalesOrder, command: ChangeDraft, context: Any, issues: list[Issue]) -> SalesOrder:
    numbers = {line.number for line in order.lines}
    issues += _misnamed("lines", [change.line for change in command.change_lines], command.remove_lines, numbers)
    changes = {change.line: (place, change) for place, change in enumerate(command.change_lines)}
    removed = set(command.remove_lines)
    taken = max((line.number for line in (*order.lines, *(draft.before.lines if draft.before is not None else ()))), default=0)
    kept: list[SalesLine] = []
    renumbered: dict[int, int] = {}
    for line in order.lines:
        if line.number in removed:
            if line.counters.delivered or line.counters.invoiced:
                message = f"Line {line.number} was delivered or invoiced, so it cannot go; it can be less."
                issues.append(Issue(code="SALES_LINE_UNDERCUT", message=message, pointer="/remove_lines", got=str(line.number)))
        elif line.number not in changes:
            kept.append(line)
        else:
            place, change = changes[line.number]
            at = f"/change_lines/{place}"
            new = _handled(_changed_line(line, change, at, draft, issues), change, at, draft, context, issues)
            if draft.kind == "edit" and _is_stored(line, draft) and _handling(new) != _handling(line):
                # What is stored of a line never changes, so a line that is to be handled otherwise is a new one.
                taken += 1
                renumbered[line.number] = taken
                new = evolve(new, id=new_id(), number=taken)
                issues += _delivered(line, at)
            kept.append(new)
    charges = tuple(
        evolve(charge, line_number=renumbered.get(charge.line_number or 0, charge.line_number))
        for charge in order.charges
        if charge.line_number is None or charge.line_number not in removed
    )
    return evolve(order, lines=(*kept, *_added(order, command, taken, context, issues)), charges=charges)


def _handled(line: SalesLine, change: DraftLineChange, at: str, draft: Draft, context: Any, issues: list[Issue]) -> SalesLine:
    """Give a line other fields of plugins, and its goods another warehouse."""
    if _sent(change.extensions):
        line = evolve(line, extensions=_read(SalesLine, change.extensions, f"{at}/extensions", context))
    if _sent(change.warehouse):
        store = selling_store(context, draft.order)
        line = evolve(line, warehouse_id=warehouse_of(change.warehouse, line.quantity, at, store, context, issues))
    return line


def _handling(line: SalesLine) -> tuple[Any, ...]:
    return line.extensions, line.warehouse_id


def _is_stored(line: SalesLine, draft: Draft) -> bool:
    return draft.before is not None and any(old.id == line.id for old in draft.before.lines)


def _delivered(line: SalesLine, pointer: str) -> Iterable[Issue]:
    if line.counters != NOTHING_YET:
        message = f"Line {line.number} was delivered or invoiced in part, so its fields and its warehouse stay. Order the rest on a line of its own."
        yield Issue(code="SALES_LINE_UNDERCUT", message=message, pointer=pointer)


def _misnamed(what: str, changed: Sequence[int], removed: Sequence[int], known: set[int]) -> Iterable[Issue]:
    """Find numbers that the draft does not have, and those that stand there twice."""
    seen: set[int] = set()
    for field, numbers in ((f"change_{what}", changed), (f"remove_{what}", removed)):
        for place, number in enumerate(numbers):
            pointer = f"/{field}/{place}"
            if number not in known:
                code = "SALES_LINE_UNKNOWN" if what == "lines" else "SALES_CHARGE_NOT_THERE"
                message = f"The draft has none of the {what} with number {number}."
                yield Issue(code=code, message=message, pointer=pointer, got=str(number))
            elif number in seen:
                message = f"Number {number} of the {what} stands here twice. Say once what shall become of it."
                yield Issue(code="SALES_NAMED_TWICE", message=message, pointer=pointer, got=str(number))
            seen.add(number)


def _changed_line(line: SalesLine, change: DraftLineChange, at: str, draft: Draft, issues: list[Issue]) -> SalesLine:
    if line.counters.invoiced and any(_sent(getattr(change, name)) for name in OTHER_THAN_QUANTITY):
        message = f"Line {line.number} is invoiced in part: only its quantity can change. Order the rest on a line of its own."
        issues.append(Issue(code="SALES_LINE_INVOICED", message=message, pointer=at, got=str(line.number)))
        return line
    if line.source is not None and any(_sent(getattr(change, name)) for name in PRICING):
        message = f"Line {line.number}: price and discount are those of the sale that it takes back. Leave them out."
        issues.append(Issue(code="SALES_SOURCE_PRICE", message=message, pointer=at, got=str(line.number)))
        return line
    if _sent(change.quantity):
        line = _with_quantity(line, change.quantity, draft, issues)
    if _sent(change.unit_price):
        line = evolve(line, given_price=change.unit_price, unit_price=0, price_origin="unpriced", price_allowed=False, price_reason=None)
        if line.discount_origin == "list":
            line = evolve(line, discount=line.total_share, discount_rate=0, unit_discount=0, discount_origin="")
    if _sent(change.price_reason):
        line = evolve(line, price_reason=change.price_reason)
    if _sent(change.description):
        line = evolve(line, description=change.description or line.description)
    return _discounted(line, change, at, draft.order, issues)


def _with_quantity(line: SalesLine, quantity: Thousandths, draft: Draft, issues: list[Issue]) -> SalesLine:
    """Give a line another quantity; one that is invoiced in part keeps the amounts of what it was, or ends on what was billed."""
    old = next((old for old in draft.before.lines if old.id == line.id), None) if draft.before is not None else None
    cost = None if line.given_cost is None else round_half_up(line.given_cost * quantity, line.quantity)
    if old is None:
        return evolve(line, quantity=quantity, given_cost=cost)
    issues += check_line(old, evolve(line, quantity=quantity))
    if not old.counters.invoiced and old.source is None:
        return evolve(line, quantity=quantity, given_cost=cost)
    return old if quantity == old.quantity else reduced(old, abs(quantity))


def _discounted(line: SalesLine, change: DraftLineChange, at: str, order: SalesOrder, issues: list[Issue]) -> SalesLine:
    """Give a line another discount of its own: an amount, a rate, or none."""
    amount = change.discount if _sent(change.discount) else None
    rate = change.discount_rate if _sent(change.discount_rate) else None
    if amount is not None and rate:
        message = f"Line {line.number} has a discount by amount and one by rate. Give one of them."
        issues.append(Issue(code="SALES_DISCOUNT_TWICE", message=message, pointer=f"{at}/discount"))
    if not _sent(change.discount) and not _sent(change.discount_rate):
        return line
    own = minor(amount, order.exponent, f"{at}/discount", issues)
    origin: DiscountOrigin = "manual" if own or rate else ""
    return evolve(line, discount=own + line.total_share, discount_rate=rate or 0, unit_discount=0, discount_origin=origin)


def _added(order: SalesOrder, command: ChangeDraft, taken: int, context: Any, issues: list[Issue]) -> tuple[SalesLine, ...]:
    if not command.add_lines:
        return ()
    store = selling_store(context, order)
    products = catalog.products(context, [line.product for line in command.add_lines])
    named = {place: (line.source.invoice, line.source.line) for place, line in enumerate(command.add_lines) if line.source is not None}
    sources = find_sources(context, store.legal_entity_id, named, issues, "/add_lines") if named else {}
    lines = []
    for place, asked in enumerate(command.add_lines):
        at = f"/add_lines/{place}"
        extended = _read(SalesLine, asked.extensions, f"{at}/extensions", context) if asked.extensions else ()
        line = line_of(asked, taken + place + 1, at, products.get(asked.product), store, extended, context, issues, sources.get(place))
        if line is not None:
            lines.append(line)
    return tuple(lines)


def _charges(order: SalesOrder, command: ChangeDraft, context: Any, issues: list[Issue]) -> SalesOrder:
    issues += _misnamed(
        "charges", [c.charge for c in command.change_charges], command.remove_charges, {charge.number for charge in order.charges}
    )
    changes = {change.charge: (place, change) for place, change in enumerate(command.change_charges)}
    charges: list[Charge] = []
    for charge in order.charges:
        if charge.number in command.remove_charges:
            issues += _not_permitted(charge, "/remove_charges", context)
            charges += [ended(charge)] if charge.invoiced else []
        elif charge.number in changes:
            place, change = changes[charge.number]
            charges.append(_changed_charge(charge, change, f"/change_charges/{place}", order, context, issues))
        else:
            charges.append(charge)
    if command.add_charges:
        store = selling_store(context, order)
        start = max((charge.number for charge in order.charges), default=0)
        charges += [
            charge_of(asked, start + place + 1, f"/add_charges/{place}", store, context, issues)
            for place, asked in enumerate(command.add_charges)
        ]
    return evolve(order, charges=tuple(charges))


def _changed_charge(charge: Charge, change: DraftChargeChange, at: str, order: SalesOrder, context: Any, issues: list[Issue]) -> Charge:
    if charge.invoiced:
        message = f"The charge {charge.code} is billed already, at least in part; it can only stay or end there."
        issues.append(Issue(code="SALES_CHARGE_INVOICED", message=message, pointer=at, got=charge.code))
        return charge
    issues += _not_permitted(charge, at, context)
    issues += check_reason(context, "charge_override", change.reason, f"{at}/reason", store_id=order.store_id)
    amount = minor(change.amount, order.exponent, f"{at}/amount", issues)
    return evolve(charge, amount=amount, overridden=True, reason=change.reason)


def _not_permitted(charge: Charge, pointer: str, context: Any) -> Iterable[Issue]:
    """Find that somebody changes a charge that a rule derived without the permission to; a draft does not ask for approval."""
    if charge.origin == "derived" and not context.actor.may(OVERRIDE):
        message = f"The charge {charge.code} follows from a rule; you may not change it."
        yield Issue(
            code="SALES_CHARGE_OVERRIDE", message=message, pointer=pointer, severity="approvable", permission=OVERRIDE, got=charge.code
        )
