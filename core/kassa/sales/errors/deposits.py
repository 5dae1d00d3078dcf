"""Error codes of deposits."""

from __future__ import annotations

from kassa.kernel.errors import ErrorCode

DEPOSIT_CODES = (
    ErrorCode(
        code="SALES_DEPOSIT_LEFT",
        title="A deposit would be left",
        meaning="An order does not end while something is left of its deposits.",
        action="Refund it, transfer it to another order of the customer, or let it be forfeited.",
    ),
    ErrorCode(
        code="SALES_DEPOSIT_TOO_LARGE",
        title="Deposit larger than the order",
        meaning="Deposits come to no more than the order has yet to bill.",
        action="Take less.",
    ),
    ErrorCode(
        code="SALES_DEPOSIT_NEEDS_CUSTOMER",
        title="Deposit of nobody",
        meaning="A deposit is owed to a customer, and the order names none.",
        action="Make the order for a customer.",
    ),
    ErrorCode(
        code="SALES_DEPOSIT_OTHER_PARTY",
        title="Not an order of the same customer",
        meaning="A deposit goes to another order of the same customer in the same currency.",
        action="Name another order, or refund the deposit.",
    ),
    ErrorCode(
        code="CO_DEPOSIT_TENDER_NOT_ALLOWED",
        title="No deposit by this tender",
        meaning="A deposit brings money in; what stays open on an account does not.",
        action="Take another tender.",
    ),
    ErrorCode(
        code="PAYMENT_ACCOUNT_OF_NOBODY",
        title="Account of nobody",
        meaning="Only what a known customer owes can stay open on an account.",
        action="Name the customer, or take another tender.",
    ),
)
