"""Error codes of carts, quotes and edits."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

DRAFT_CODES = (
    ErrorCode(
        code="SALES_DRAFT_CLOSED",
        title="Draft is closed",
        meaning="The draft was committed, voided, lost or has expired.",
        action="Make a new draft.",
        status=409,
    ),
    ErrorCode(
        code="SALES_DRAFT_STALE",
        title="Order changed meanwhile",
        meaning="The order is not any more as it was when its edit began.",
        action="Void the edit and begin another.",
        status=409,
    ),
    ErrorCode(
        code="SALES_DRAFT_EMPTY",
        title="Empty draft",
        meaning="A draft without lines cannot become an order.",
        action="Add a line first.",
    ),
    ErrorCode(
        code="SALES_EDIT_BEGUN",
        title="Order is being edited",
        meaning="Somebody has begun an edit of this order already.",
        action="Go on with that edit, or void it.",
        status=409,
    ),
    ErrorCode(
        code="SALES_EDIT_FORBIDDEN",
        title="Order cannot be edited",
        meaning="The order is invoiced or cancelled.",
        action="Take goods back by a return instead.",
        status=409,
    ),
    ErrorCode(
        code="SALES_QUOTE_EXPIRED",
        title="Quote has expired",
        meaning="The last day of the quote is past.",
        action="Give it another last day, or make a new quote.",
    ),
)
