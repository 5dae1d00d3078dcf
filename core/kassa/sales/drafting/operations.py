"""Operations of drafts."""

from __future__ import annotations

from kassa.kernel.contributions import Http, Operation, Schedule
from kassa.kernel.operations import page_of
from kassa.sales.drafting import handlers
from kassa.sales.messages import OrderView, SaleView
from kassa.sales.messages import drafts as messages

OPERATIONS = (
    Operation(
        name="sales.create_draft",
        summary="Make a cart or a quote",
        description="An order in state draft: priced and checked like any order, without number, stock and ledger. What somebody could "
        "approve does not stand against keeping it and is listed under `issues`.",
        effect="post",
        http=Http(method="POST", path="/drafts", status=201, location="/drafts/{id}"),
        scope="acting_store",
        request=messages.CreateDraft,
        response=messages.DraftView,
        permission="sales.edit_drafts",
        handler=handlers.create_draft,
        rules=("CO-04", "CO-79"),
        example={"store": "S001", "kind": "quote", "lines": [{"product": "85123A", "quantity": "6"}], "expires_on": "2026-12-31"},
    ),
    Operation(
        name="sales.start_edit",
        summary="Begin an edit of an order",
        description="Makes a draft of what the order shall be. One edit at a time for each version of the order; prices of its lines are locked.",
        effect="post",
        http=Http(method="POST", path="/orders/{order}/edits", status=201, location="/drafts/{id}"),
        request=messages.StartEdit,
        response=messages.DraftView,
        permission="sales.change_order",
        handler=handlers.start_edit,
        on="order",
        steps=("order.edit", "order.change"),
        rules=("CO-25", "CO-26", "CO-27"),
        example={"order": "SO-S001-000001"},
    ),
    Operation(
        name="sales.list_drafts",
        summary="List carts, quotes and edits",
        effect="read",
        http=Http(method="GET", path="/drafts"),
        request=messages.ListDrafts,
        response=page_of(messages.DraftSummaryView),
        permission="sales.read",
        handler=handlers.list_drafts,
        collection=True,
    ),
    Operation(
        name="sales.read_draft",
        summary="Show a draft",
        description="With what would be refused, or need approval, were it committed now.",
        effect="read",
        http=Http(method="GET", path="/drafts/{draft}"),
        request=messages.DraftById,
        response=messages.DraftView,
        permission="sales.read",
        handler=handlers.read_draft,
    ),
    Operation(
        name="sales.change_draft",
        summary="Change a draft",
        description="Adds, changes and removes lines and charges; prices that are there stay.",
        effect="edit",
        http=Http(method="PATCH", path="/drafts/{draft}"),
        request=messages.ChangeDraft,
        response=messages.DraftView,
        permission="sales.edit_drafts",
        handler=handlers.change_draft,
        rules=("CO-24", "CO-27"),
    ),
    Operation(
        name="sales.recalculate_draft",
        summary="Find prices and charges of a draft again",
        description="Takes prices and discounts of lists and derived charges anew; what was invoiced and what was set by hand stays.",
        effect="edit",
        http=Http(method="POST", path="/drafts/{draft}/recalculation"),
        request=messages.DraftById,
        response=messages.DraftView,
        permission="sales.edit_drafts",
        handler=handlers.recalculate_draft,
        rules=("CO-24", "CO-27"),
    ),
    Operation(
        name="sales.read_draft_difference",
        summary="Show what an edit would change",
        effect="read",
        http=Http(method="GET", path="/drafts/{draft}/difference"),
        request=messages.DraftById,
        response=messages.DifferenceView,
        permission="sales.read",
        handler=handlers.read_difference,
    ),
    Operation(
        name="sales.commit_draft",
        summary="Commit a draft",
        description="A cart or a quote becomes an order, an edit changes the order that it is of, in one plan. An edit of an order that "
        "changed meanwhile is refused; so is what undercuts what was delivered or invoiced. Edits need sales.change_order too.",
        effect="post",
        http=Http(method="POST", path="/drafts/{draft}/confirmation"),
        request=messages.DraftById,
        response=OrderView,
        permission="sales.create_order",
        handler=handlers.commit_draft,
        rules=("CO-04", "CO-25", "CO-79"),
    ),
    Operation(
        name="sales.sell_draft",
        summary="Sell a cart or quote and hand it over",
        description="Order, packing slip, invoice and payments in one plan, as sales.sell does.",
        effect="post",
        http=Http(method="POST", path="/drafts/{draft}/sale", location="/orders/{id}"),
        request=messages.SellDraft,
        response=SaleView,
        permission="sales.sell",
        handler=handlers.sell_draft,
        prepare=handlers.prepare_sale,
    ),
    Operation(
        name="sales.void_draft",
        summary="Void a cart or edit, or lose a quote",
        description="No order is changed.",
        effect="edit",
        http=Http(method="POST", path="/drafts/{draft}/voidance"),
        request=messages.VoidDraft,
        response=messages.DraftView,
        permission="sales.edit_drafts",
        handler=handlers.void_draft,
        rules=("CO-28", "CO-47"),
    ),
    Operation(
        name="sales.expire_drafts",
        summary="Close drafts that are past their last day",
        description="For housekeeping: an open draft counts as expired after its last day without it.",
        effect="post",
        http=Http(method="POST", path="/draft-expirations"),
        request=messages.ExpireDrafts,
        response=messages.ExpiredView,
        permission="sales.edit_drafts",
        handler=handlers.expire_drafts,
    ),
)

EXPIRY = Schedule(
    name="sales.expire_drafts", summary="Close drafts that are past their last day", operation="sales.expire_drafts", cron="5 * * * *"
)
"""Every hour, for the day ends at another hour in each zone."""
