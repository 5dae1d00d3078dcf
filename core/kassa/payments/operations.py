"""Operations of payments."""

from __future__ import annotations

from typing import Any

from kassa.kernel.contributions import Http, Operation
from kassa.kernel.jobs import JobView
from kassa.kernel.operations import page_of
from kassa.payments import drawer, intents, listing, messages, refund_run, refunding, taking, voiding


def _read(name: str, summary: str, path: str, request: type[Any], response: type[Any], handler: Any, **more: Any) -> Operation:
    return Operation(
        name=f"payments.{name}", summary=summary, effect="read", http=Http(method="GET", path=path), request=request, response=response,
        permission="payments.read", handler=handler, **more,
    )  # fmt: skip


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
        prepare=taking.prepare,
        example={"customer": "C0001", "tender": "bank_transfer", "amount": "108.90", "invoices": ["INV-S001-000042"]},
    ),
    Operation(
        name="payments.void",
        summary="Void a payment of the day",
        description="Books the mirror image of a payment, on the same business date at the same register; what it settled is owed again.",
        effect="post",
        http=Http(method="POST", path="/payments/{payment}/void", status=201, location="/payments/{id}"),
        scope="acting_store",
        request=messages.VoidPayment,
        response=messages.PaymentView,
        permission="payments.void",
        handler=voiding.void,
        on="payment",
        steps=("payment.void", "payment.post"),
        example={"payment": "PAY-S001-000042", "reference": "Wrong tender"},
    ),
    Operation(
        name="payments.refund",
        summary="Refund a customer",
        description="Pays out open credits, never more than is open, and where a payment is named never more than it took. The tender decides "
        "how: cash and transfers at once, a card by its processor, a check by the next run, the customer's account not at all.",
        effect="post",
        http=Http(method="POST", path="/refunds", status=201),
        scope="acting_store",
        request=messages.Refund,
        response=messages.RefundView,
        permission="payments.refund",
        handler=refunding.refund,
        rules=("INV-14", "INV-16", "INV-17", "CO-68", "CO-69"),
        example={"customer": "C0001", "tender": "bank_transfer", "credits": ["CN-S001-000007"]},
    ),
    Operation(
        name="payments.cancel_refund",
        summary="Cancel a refund that waits",
        effect="post",
        http=Http(method="POST", path="/refunds/{refund}/cancellation"),
        request=messages.CancelRefund,
        response=messages.RefundView,
        permission="payments.refund",
        handler=refunding.cancel,
        example={"refund": "01a1f900-0000-7000-8000-000000000001"},
    ),
    Operation(
        name="payments.start_refund_run",
        summary="Pay all refunds that wait",
        description="Makes a job that pays every refund that was ordered, each by itself; one whose credit is not open any more is listed "
        "with the reason and left as it is.",
        effect="post",
        http=Http(method="POST", path="/refund-runs", status=202, location="/jobs/{id}"),
        request=messages.RefundRun,
        response=JobView,
        permission="payments.refund",
        handler=refund_run.start_run,
        rules=("INV-17",),
        example={"tender": "check"},
    ),
    Operation(
        name="payments.move_cash",
        summary="Move cash of a drawer",
        description="Puts change into the drawer, brings cash to the safe, or spends petty cash.",
        effect="post",
        http=Http(method="POST", path="/drawer-movements", status=201),
        scope="acting_store",
        request=messages.MoveCash,
        response=messages.DrawerView,
        permission="payments.move_cash",
        handler=drawer.move,
        example={"type": "safe_drop", "amount": "200.00", "store": "S001"},
    ),
    Operation(
        name="payments.authorise",
        summary="Plan the authorisation of a card",
        description="Part of operations that take payments by a processor: commits that a card will be asked, before it is. Hosts do not mount it.",
        effect="post",
        scope="acting_store",
        request=messages.Authorise,
        response=messages.IntentView,
        permission="payments.take",
        handler=intents.authorise,
    ),
    Operation(
        name="payments.record_result",
        summary="Record the answer of a processor",
        description="What a processor says of an intent, by its own notice or because it was asked. The same answer again changes nothing. Where a "
        "capture or refund is declined its payment is voided.",
        effect="post",
        http=Http(method="POST", path="/payment-intents/{intent}/results"),
        request=messages.RecordResult,
        response=messages.IntentView,
        permission="payments.record_result",
        handler=intents.record_result,
        on="payment_intent",
        steps=("payment_intent.confirm", "payment_intent.decline"),
        example={"intent": "01a1f900-0000-7000-8000-000000000001", "outcome": "approved", "reference": "ch_4711"},
    ),
    Operation(
        name="payments.release_authorisation",
        summary="Give an authorisation back",
        description="For an authorisation that no payment uses; it is given back by itself after payments.authorisation_minutes.",
        effect="post",
        http=Http(method="POST", path="/payment-intents/{intent}/release"),
        request=messages.ByIntent,
        response=messages.IntentView,
        permission="payments.take",
        handler=intents.release,
        on="payment_intent",
        steps=("payment_intent.give_up",),
        example={"intent": "01a1f900-0000-7000-8000-000000000001"},
    ),
    _read(
        "list_intents", "List what processors are to do", "/payment-intents", messages.ListIntents, page_of(messages.IntentView),
        intents.list_intents, collection=True,
    ),
    _read(
        "read_intent", "Read what a processor is to do", "/payment-intents/{intent}", messages.ByIntent, messages.IntentView,
        intents.read_intent,
    ),
    _read(
        "list", "List payments", "/payments", messages.ListPayments, page_of(messages.PaymentSummaryView), listing.list_payments,
        collection=True,
    ),
    _read(
        "read", "Read a payment", "/payments/{payment}", messages.ReadPayment, messages.PaymentView, listing.read_payment,
        description="A payment by its number or id, with what it settled and what is left of it.",
    ),
    _read(
        "list_tenders", "List the ways to pay", "/tenders", messages.ListTenders, page_of(messages.TenderView), listing.list_tenders,
        collection=True,
    ),
)  # fmt: skip
