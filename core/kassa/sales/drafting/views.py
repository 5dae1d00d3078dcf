"""Views of drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kassa.kernel.errors import Issue
from kassa.kernel.keys import numbers_of
from kassa.kernel.values import format_scaled
from kassa.org import facts as org
from kassa.sales.differing import difference
from kassa.sales.documents import SalesOrder
from kassa.sales.drafting.documents import Draft
from kassa.sales.messages.drafts import AmountsView, ChargeDifferenceView, DifferenceView, DraftView, LineDifferenceView
from kassa.sales.messages.orders import LineView
from kassa.sales.posting import customer_number
from kassa.sales.views import charge_view, order_view


def draft_view(draft: Draft, issues: Sequence[Issue], context: Any, version: int | None = None) -> DraftView:
    """Show a draft, at another version where it is being changed."""
    order = draft.order
    numbers = numbers_of(context.read, [order.of_id]) if order.of_id is not None else {}
    number = numbers.get(order.of_id or "")
    return DraftView(
        id=draft.id, kind=draft.kind, state=draft.state_on(today(order, context)), version=version or draft.version,
        expires_on=draft.expires_on, reference=draft.reference, of=number, of_version=order.of_version, stale=draft.stale,
        order=order_view(order, customer_number(context, order), number), issues=tuple(_told(issue) for issue in issues),
    )  # fmt: skip


def _told(issue: Issue) -> Mapping[str, Any]:
    return {name: value for name, value in issue.as_dict().items() if value is not None}


def today(order: SalesOrder, context: Any) -> str:
    """Give the business date in the zone of an order's store."""
    return org.business_date(context, org.store(context, order.store_id or ""), context.now)


def difference_view(draft: Draft, before: SalesOrder, after: SalesOrder, context: Any) -> DifferenceView:
    """Show what committing an edit would change."""
    places, found = before.exponent, difference(before, after)
    was = {line.line: line for line in order_view(before, None, None).lines}
    shall = {line.line: line for line in order_view(after, None, None).lines}

    def shown(line: Any, views: Mapping[int, LineView]) -> LineView | None:
        return views[line.number] if line is not None else None

    return DifferenceView(
        draft=draft.id, order=numbers_of(context.read, [before.id]).get(before.id, before.id), stale=draft.stale,
        customer_before=customer_number(context, before), customer_after=customer_number(context, after),
        lines=tuple(
            LineDifferenceView(line=line.number, before=shown(line.before, was), after=shown(line.after, shall)) for line in found.lines
        ),
        charges=tuple(
            ChargeDifferenceView(
                charge=charge.number, before=charge_view(charge.before, places) if charge.before is not None else None,
                after=charge_view(charge.after, places) if charge.after is not None else None,
            )
            for charge in found.charges
        ),
        before=_amounts(before), after=_amounts(after), more=format_scaled(after.total - before.total, places),
    )  # fmt: skip


def _amounts(order: SalesOrder) -> AmountsView:
    places = order.exponent
    return AmountsView(net=format_scaled(order.net, places), tax=format_scaled(order.tax, places), total=format_scaled(order.total, places))
