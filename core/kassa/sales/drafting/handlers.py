"""What is done with drafts: make, change, calculate anew, compare, commit, sell, void, and close those that are past their day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kassa.catalog import facts as catalog
from kassa.kernel.clock import add_days, date_of
from kassa.kernel.errors import Conflict, Issue, NotFound, Refused
from kassa.kernel.frozen import evolve
from kassa.kernel.keys import id_or_none
from kassa.kernel.operations import Result, page, read_cursor
from kassa.kernel.plan import Bulk, Event, Key
from kassa.kernel.stages import Facts
from kassa.kernel.values import currency, format_scaled, new_id
from kassa.org import facts as org
from kassa.org.editing import check_seen, given
from kassa.parties import facts as parties
from kassa.sales import facts
from kassa.sales.changing import apply, calculated
from kassa.sales.documents import SalesOrder
from kassa.sales.drafting import store
from kassa.sales.drafting.documents import Draft
from kassa.sales.drafting.editing import changed
from kassa.sales.drafting.models import DraftRow
from kassa.sales.drafting.views import difference_view, draft_view, today
from kassa.sales.messages import drafts as messages
from kassa.sales.ordering import build_order, customer_of, not_released
from kassa.sales.paying import authorised
from kassa.sales.posting import customer_number
from kassa.sales.pricing import Mode, rederived, repriced
from kassa.sales.rules import OVERRIDE
from kassa.sales.selling import sold
from kassa.sales.views import order_view
from kassa.sales.workflow import LIVE

DRAFTS = (
    "SELECT r.id, r.kind, r.state, s.number, r.expires_on, r.currency, r.total FROM sales_draft r JOIN org_store s ON s.id = r.store_id "
    "WHERE r.legal_entity_id = ?"
)
PLACE = "SELECT s.number FROM sales_draft r JOIN org_store s ON s.id = r.store_id WHERE r.id = ?"
EDIT = "SELECT id, version, expires_on FROM sales_draft WHERE of_id = ? AND of_version = ? AND state = 'open'"
OVER = "FROM sales_draft WHERE legal_entity_id = ? AND state = 'open' AND expires_on < ?"
EXPIRE = (
    "UPDATE sales_draft SET state = 'expired', version = version + 1, changed_at = ? "
    "WHERE legal_entity_id = ? AND state = 'open' AND expires_on < ?"
)


def create_draft(command: messages.CreateDraft, context: Any) -> Result:
    """Make a cart or a quote."""
    place = org.acting_store(context, command.store)
    asked, _ = build_order(command, context, place)
    days = context.setting("sales.quote_days" if command.kind == "quote" else "sales.draft_days", store_id=place.id)
    expires = command.expires_on or add_days(org.business_date(context, place, context.now), days)
    draft = Draft(id=asked.id, kind=command.kind, state="open", version=1, order=asked, expires_on=expires, reference=command.reference)
    return _kept(draft, asked, "recalculate", context, new=True)


def start_edit(command: messages.StartEdit, context: Any) -> Result:
    """Begin an edit of an open order; one at a time for each version of it."""
    order_id = facts.find_document(context, "order", command.order)
    order = facts.orders(context, [order_id])[order_id]
    if order.state not in LIVE:
        message = f"The order {command.order} is {order.state}; only open orders can be edited."
        issue = Issue(code="SALES_EDIT_FORBIDDEN", message=message, pointer="/order", got=order.state)
        raise Conflict(message, code="SALES_EDIT_FORBIDDEN", issues=(issue,))
    check_seen(context, f"The order {command.order}", order.version)
    _make_room(order, context)
    lines = tuple(line for line in order.lines if not line.gone)
    edited = evolve(order, state="draft", lines=lines, of_id=order.id, of_version=order.version)
    days = context.setting("sales.draft_days", store_id=order.store_id)
    draft = Draft(id=new_id(), kind="edit", state="open", version=1, order=edited, before=order, expires_on=add_days(today(order, context), days))
    context.plan.add([store.insert(draft, context)], "sales.start_edit")
    view = draft_view(draft, (), context)
    return Result(view=lambda numbers: view, version=1)


def check_no_other_edit(order: SalesOrder, facts_: Facts, context: Any) -> Iterable[Issue]:
    """Check that no other edit of this version of the order is going on; one that is past its last day counts no more."""
    row = context.read.row(EDIT, (order.id, order.version))
    if row is not None and row[2] >= today(order, context):
        message = f"The edit {row[0]} of this order has begun already. Go on with it, or void it."
        yield Issue(code="SALES_EDIT_BEGUN", message=message, pointer="/order", got=row[0])


def _make_room(order: SalesOrder, context: Any) -> None:
    """Close an edit of the same version that has expired; Conflict names one that is still going on."""
    try:
        context.gate("order", ("edit",), [order])
    except Refused as refused:
        if refused.code != "SALES_EDIT_BEGUN":
            raise
        raise Conflict(refused.issues[0].message, code=refused.code, issues=refused.issues) from None
    row = context.read.row(EDIT, (order.id, order.version))
    if row is not None:
        draft_id, version, expires_on = row
        old = Draft(id=draft_id, kind="edit", state="open", version=version, order=order, expires_on=expires_on)
        context.plan.add([store.close(old, "expired", context)], "sales.start_edit")


def read_draft(command: messages.DraftById, context: Any) -> messages.DraftView:
    """Show a draft, and what would stand against committing it now."""
    draft = store.load(context, command.draft)
    if draft.state != "open" or draft.stale:
        return draft_view(draft, (), context)
    _, issues = _calculated(draft, draft.order, "keep", context)
    return draft_view(draft, [*issues, *_unsellable(draft, context)], context)


def list_drafts(command: messages.ListDrafts, context: Any) -> Any:
    """List drafts, newest first."""
    entity = org.legal_entity(context)
    date = date_of(context.now, entity.time_zone)
    customer_id = parties.customer(context, command.customer).id if command.customer is not None else None
    order_id = facts.find_document(context, "order", command.order) if command.order is not None else None
    where, parameters = "", [entity.id]
    for column, value in (("r.kind", command.kind), ("r.customer_id", customer_id), ("r.of_id", order_id)):
        if value is not None:
            where, parameters = f"{where} AND {column} = ?", [*parameters, value]
    if command.state == "open":
        where, parameters = f"{where} AND r.state = 'open' AND r.expires_on >= ?", [*parameters, date]
    elif command.state == "expired":
        where, parameters = f"{where} AND (r.state = 'expired' OR (r.state = 'open' AND r.expires_on < ?))", [*parameters, date]
    elif command.state is not None:
        where, parameters = f"{where} AND r.state = ?", [*parameters, command.state]
    after = read_cursor(command.after, 1)
    if after is not None:
        where, parameters = f"{where} AND r.id < ?", [*parameters, id_or_none(str(after[0]))]
    rows = context.read.rows(f"{DRAFTS}{where} ORDER BY r.id DESC LIMIT ?", [*parameters, command.limit + 1])
    items = [
        messages.DraftSummaryView(
            id=row[0], kind=row[1], state="expired" if row[2] == "open" and row[4] < date else row[2], store=row[3],
            expires_on=row[4], currency=row[5], total=format_scaled(row[6], currency(row[5]).exponent),
        )
        for row in rows
    ]  # fmt: skip
    return page(command, messages.DraftSummaryView, items, lambda item: [item.id])


def change_draft(command: messages.ChangeDraft, context: Any) -> Result:
    """Change a draft; a cart's derived charges follow, those of quotes and edits wait until they are calculated anew (CO-24)."""
    draft = store.load(context, command.draft)
    check_seen(context, f"The draft {draft.id}", draft.version)
    draft = evolve(draft, **given(command, "expires_on", "reference"))
    _must_be_open(draft, context)
    if draft.kind == "cart":
        days = context.setting("sales.draft_days", store_id=draft.order.store_id)
        draft = evolve(draft, expires_on=max(draft.expires_on, add_days(today(draft.order, context), days)))
    return _kept(draft, changed(draft, command, context), "keep", context)


def recalculate_draft(command: messages.DraftById, context: Any) -> Result:
    """Find prices of lists and derived charges again; what is invoiced or set by hand stays (CO-24, CO-27)."""
    draft = store.load(context, command.draft)
    check_seen(context, f"The draft {draft.id}", draft.version)
    _must_be_open(draft, context)
    return _kept(draft, draft.order, "recalculate", context)


def read_difference(command: messages.DraftById, context: Any) -> messages.DifferenceView:
    """Show what committing an edit would change."""
    draft = store.load(context, command.draft)
    if draft.before is None:
        raise NotFound("edit", command.draft)
    return difference_view(draft, draft.before, draft.order, context)


def commit_draft(command: messages.DraftById, context: Any) -> Result:
    """Make a cart or quote an order, or let an edit change the order that it is of, all in one plan."""
    draft = _committed(command.draft, context)
    if draft.before is not None:
        return _commit_edit(draft, draft.before, context)
    (order,) = context.step("order", "create", [_confirmed(draft, context)])
    number = customer_number(context, order)
    return Result(view=lambda numbers: order_view(order, number, numbers.get(order.id)), document_id=order.id, version=1)


def prepare_sale(command: messages.SellDraft, engine: Any, request: Any) -> Any:
    """Have the cards that pay a draft authorised in its store."""
    with engine.database.snapshot() as read:
        place = read.value(PLACE, (id_or_none(command.draft),))
    return authorised(command.payments, place, engine, request)


def sell_draft(command: messages.SellDraft, context: Any) -> Result:
    """Sell a cart or quote cash-and-carry: order, packing slip, invoice and payments in one plan."""
    draft = _committed(command.draft, context)
    if draft.before is not None:
        raise NotFound("cart or quote", command.draft)
    return sold(_confirmed(draft, context), customer_number(context, draft.order), command.payments, context)


def void_draft(command: messages.VoidDraft, context: Any) -> Result:
    """Drop a draft without any change of an order; a quote is lost (CO-28, CO-47)."""
    draft = store.load(context, command.draft)
    check_seen(context, f"The draft {draft.id}", draft.version)
    if draft.state != "open":
        raise _closed(draft, draft.state)
    state: messages.DraftState = "lost" if draft.kind == "quote" else "void"
    ended = Event("sales.draft_ended", {"draft": draft.id, "kind": draft.kind, "state": state, "note": command.note}, draft.id)
    context.plan.add([store.close(draft, state, context, command.note), ended], "sales.void_draft")
    view = draft_view(evolve(draft, state=state), (), context, draft.version + 1)
    return Result(view=lambda numbers: view, version=draft.version + 1)


def expire_drafts(command: messages.ExpireDrafts, context: Any) -> Result:
    """Close every open draft that is past its last day; each counts as expired from that day on anyway."""
    entity = org.legal_entity(context)
    date = date_of(context.now, entity.time_zone)
    count = context.read.value(f"SELECT count(*) {OVER}", (entity.id, date))
    if count:
        context.plan.add([Bulk(DraftRow, EXPIRE, (context.now, entity.id, date))], "sales.expire_drafts")
    return Result(view=lambda numbers: messages.ExpiredView(expired=count))


def _calculated(draft: Draft, order: SalesOrder, mode: Mode, context: Any) -> tuple[SalesOrder, Sequence[Issue]]:
    """Calculate the order of a draft: an edit against the order that it is of, the others by themselves."""
    if draft.before is not None:
        return calculated(context, draft.before, order, mode)
    prepared = (
        repriced(order, "recalculate") if mode == "recalculate" else rederived(order) if draft.kind == "cart" else repriced(order, "keep")
    )
    ((shaped, issues),) = context.shape("order", "create", [prepared])
    return shaped, issues


def _kept(draft: Draft, order: SalesOrder, mode: Mode, context: Any, *, new: bool = False) -> Result:
    """Calculate and keep a draft. What is refused outright stops it; what somebody may approve is told and asked for when it is committed."""
    shaped, issues = _calculated(draft, order, mode, context)
    planned = [issue for issue in issues if issue.severity != "approvable"]
    context.refuse(planned)
    may = context.actor.may(OVERRIDE)
    lines = tuple(evolve(line, price_allowed=True) if may and line.price_origin == "overridden" else line for line in shaped.lines)
    made = evolve(draft, order=evolve(shaped, lines=lines, of_id=draft.order.of_id, of_version=draft.order.of_version))
    context.plan.add([store.insert(made, context) if new else store.update(made, context)], context.operation.name)
    version = 1 if new else draft.version + 1
    view = draft_view(made, issues, context, version)
    return Result(view=lambda numbers: view, version=version)


def _must_be_open(draft: Draft, context: Any) -> None:
    state = draft.state_on(today(draft.order, context))
    if state == "open" and draft.stale:
        raise _stale(draft)
    if state != "open":
        raise _closed(draft, state)


def _closed(draft: Draft, state: str) -> Conflict:
    message = f"The {draft.kind} {draft.id} is {state}."
    if state == "expired" and draft.kind == "quote":
        issue = Issue(
            code="SALES_QUOTE_EXPIRED", message=f"The last day of the quote was {draft.expires_on}.", pointer="/draft", got=draft.expires_on
        )
        return Conflict(message, code="SALES_DRAFT_CLOSED", issues=(issue,))
    return Conflict(
        message, code="SALES_DRAFT_CLOSED", issues=(Issue(code="SALES_DRAFT_CLOSED", message=message, pointer="/draft", got=state),)
    )


def _stale(draft: Draft) -> Conflict:
    message = "The order changed since this edit began. Void the edit, look at the order, and begin another."
    return Conflict(
        message, code="SALES_DRAFT_STALE", issues=(Issue(code="SALES_DRAFT_STALE", message=message, pointer="/draft", got=draft.id),)
    )


def _committed(reference: str, context: Any) -> Draft:
    """Read a draft that shall be committed, and plan that it is over."""
    draft = store.load(context, reference)
    check_seen(context, f"The draft {draft.id}", draft.version)
    _must_be_open(draft, context)
    if not draft.order.lines and draft.before is None:
        message = "The draft has no line."
        context.refuse([Issue(code="SALES_DRAFT_EMPTY", message=message, pointer="/draft", got=draft.id)])
    context.refuse(_unsellable(draft, context))
    data = {"draft": draft.id, "kind": draft.kind, "order": draft.order.id}
    context.plan.add([store.close(draft, "committed", context), Event("sales.draft_committed", data, draft.id)], context.operation.name)
    return draft


def _confirmed(draft: Draft, context: Any) -> SalesOrder:
    """Give the order that a cart or quote becomes: of today, with the prices and charges that were shown."""
    order = repriced(draft.order, "keep")
    keys = (Key("reference", draft.reference),) if draft.reference is not None else ()
    return evolve(order, date=today(order, context), occurred_at=context.now, keys=keys, register=context.actor.register or order.register)


def _commit_edit(draft: Draft, before: SalesOrder, context: Any) -> Result:
    context.actor.require("sales.change_order")
    after, issues = calculated(context, before, evolve(draft.order, state=before.state))
    context.refuse(issues)
    order = evolve(apply(context, before, after, act="sales.commit_draft"), version=before.version + 1)
    view = order_view(order, customer_number(context, order), draft_view(draft, (), context).of)
    return Result(view=lambda numbers: view, document_id=order.id, version=order.version)


def _unsellable(draft: Draft, context: Any) -> list[Issue]:
    """Find what stands against a draft beside the checks of orders: products that are not sold any more, a customer who is blocked."""
    issues: list[Issue] = []
    known = {line.id for line in draft.before.lines} if draft.before is not None else set()
    lines = [line for line in draft.order.lines if line.id not in known]
    products = catalog.products(context, [line.product_id for line in lines])
    for line in lines:
        issues += not_released(products[line.product_id], f"/lines/{line.number - 1}/product")
    if draft.before is None or draft.before.customer_id != draft.order.customer_id:
        customer_of(draft.order.customer_id, context, issues)
    return issues
