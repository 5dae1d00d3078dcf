"""Operations of payments."""

from __future__ import annotations

from kassa.kernel.contributions import Http, Operation
from kassa.kernel.operations import page_of
from kassa.payments import listing, messages, taking

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="payments.take",
        summary="Take a payment on account",
        description="A customer pays. The invoices named are settled in their order, else the oldest first; what is left stays open as a credit.",
        effect="post",
        http=Http(method="POST", path="/payments", status=201, location="/payments/{id}"),
        scope="acting_store",
        request=messages.TakePayment,
        response=messages.PaymentView,
        permission="payments.take",
        handler=taking.take,
        example={"customer": "C0001", "tender": "bank_transfer", "amount": "108.90", "invoices": ["INV-S001-000042"]},
    ),
    Operation(
        name="payments.list",
        summary="List payments",
        effect="read",
        http=Http(method="GET", path="/payments"),
        request=messages.ListPayments,
        response=page_of(messages.PaymentSummaryView),
        permission="payments.read",
        handler=listing.list_payments,
        collection=True,
    ),
    Operation(
        name="payments.read",
        summary="Read a payment",
        description="A payment by its number or id, with what it settled and what is left of it.",
        effect="read",
        http=Http(method="GET", path="/payments/{payment}"),
        request=messages.ReadPayment,
        response=messages.PaymentView,
        permission="payments.read",
        handler=listing.read_payment,
    ),
    Operation(
        name="payments.list_tenders",
        summary="List the ways to pay",
        effect="read",
        http=Http(method="GET", path="/tenders"),
        request=messages.ListTenders,
        response=page_of(messages.TenderView),
        permission="payments.read",
        handler=listing.list_tenders,
        collection=True,
    ),
)
