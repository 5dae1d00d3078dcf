"""Error codes of payments."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

CODES = (
    ErrorCode(
        code="PAYMENT_TENDER_UNKNOWN",
        title="Unknown tender",
        meaning="No tender has this name.",
        action="Use one of the tenders that are declared (payments.list_tenders).",
    ),
    ErrorCode(
        code="PAYMENT_TENDER_NOT_ALLOWED",
        title="Tender not allowed",
        meaning="The tender cannot be taken, or cannot be paid out.",
        action="Use another tender.",
    ),
    ErrorCode(
        code="PAYMENT_AMOUNT",
        title="No amount to take",
        meaning="A payment is above 0 and has the digits of the currency of the books.",
        action="Correct the amount; money is paid out by a refund.",
    ),
    ErrorCode(
        code="PAYMENT_INVOICE_NOT_OPEN",
        title="The invoice is not open",
        meaning="The customer has no open invoice of this number.",
        action="Look at the customer's open items, or leave the invoices out.",
    ),
)
