"""What became of payments: the bank has paid, or it has not."""

from __future__ import annotations

from collections.abc import Sequence

from kassa.kernel import keys
from kassa.kernel.context import Context
from kassa.kernel.contributions import Http, Operation
from kassa.kernel.errors import Issue
from kassa.kernel.frozen import evolve
from kassa.kernel.operations import Result
from kassa.ledger.reversing import reversal_of
from kassa.org import facts as org
from kassa.org.editing import check_seen
from kassa.payables.documents import VendorPayment
from kassa.payables.messages import payments as messages
from kassa.payables.operations.paying import payment_view
from kassa.payables.store import load_payments

OF_RUN = (
    "SELECT p.document_id FROM payables_vendor_payment p JOIN kernel_document d ON d.id = p.document_id "
    "WHERE p.run_id IS NOT NULL AND p.run_id = ? AND d.state = 'posted' ORDER BY p.document_id"
)


def read_payment(context: Context, reference: str) -> VendorPayment:
    """Read a vendor payment by any of its keys or its id; NotFound, AmbiguousKey."""
    found = keys.find_document(context.read, "vendor_payment", org.legal_entity(context).id, reference)
    return load_payments(context.read, [found])[found]


def _chosen(command: messages.ConfirmPayments, context: Context) -> list[VendorPayment]:
    entity = org.legal_entity(context)
    if (command.payments is None) is (command.run is None):
        context.refuse([Issue(code="PAYABLES_NOTHING_DUE", message="Name payments or a run, one of the two.", pointer="/payments")])
    if command.payments is not None:
        ids: Sequence[str] = [keys.find_document(context.read, "vendor_payment", entity.id, reference) for reference in command.payments]
    else:
        run_id = keys.find_document(context.read, "vendor_payment_run", entity.id, command.run or "")
        ids = [row[0] for row in context.read.rows(OF_RUN, (run_id,))]
    loaded = load_payments(context.read, list(dict.fromkeys(ids)))
    return [loaded[document_id] for document_id in dict.fromkeys(ids)]


def confirm_payments(command: messages.ConfirmPayments, context: Context) -> Result:
    """Plan that the bank has paid; a payment that was told of already is refused."""
    payments = _chosen(command, context)
    if not payments:
        message = "All payments of this run were confirmed or rejected already."
        context.refuse([Issue(code="PAYABLES_NOTHING_DUE", message=message, pointer="/run")])
    moved = context.step("vendor_payment", "confirm", payments)
    numbers = keys.numbers_of(context.read, [payment.id for payment in moved])
    view = messages.ConfirmedView(payments=tuple(payment_view(found, numbers.get(found.id), found.version + 1) for found in moved))
    return Result(view=lambda given: view)


def reject_payment(command: messages.RejectPayment, context: Context) -> Result:
    """Plan that the bank has not paid: the booking is reversed, and what the payment settled is open again."""
    present = read_payment(context, command.payment)
    check_seen(context, "The vendor payment", present.version)
    (moved,) = context.step("vendor_payment", "reject", [present])
    reversal = reversal_of(context, present.id, description=command.reason, date=command.date, by_owner=True)
    context.step("journal", "post", [reversal])
    number = keys.numbers_of(context.read, [present.id]).get(present.id)
    view = payment_view(evolve(moved, version=present.version + 1), number, present.version + 1)
    return Result(view=lambda numbers: view, document_id=moved.id, version=view.version)


OPERATIONS = (
    Operation(
        name="payables.confirm_payments",
        summary="Tell that the bank has paid",
        effect="post",
        http=Http(method="POST", path="/vendor-payments/confirm"),
        request=messages.ConfirmPayments,
        response=messages.ConfirmedView,
        permission="payables.confirm_payment",
        handler=confirm_payments,
        on="vendor_payment",
        steps=("vendor_payment.confirm",),
        example={"payments": ["VPA-office-000001"]},
    ),
    Operation(
        name="payables.reject_payment",
        summary="Tell that the bank has not paid",
        description="The payment is reversed by a journal, and the invoices that it settled are open again.",
        effect="post",
        http=Http(method="POST", path="/vendor-payments/{payment}/reject"),
        request=messages.RejectPayment,
        response=messages.VendorPaymentView,
        permission="payables.confirm_payment",
        handler=reject_payment,
        on="vendor_payment",
        steps=("vendor_payment.reject", "journal.post"),
        example={"reason": "Account closed"},
    ),
)
