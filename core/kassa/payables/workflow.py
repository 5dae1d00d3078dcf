"""States and transitions of vendor invoices, payments, their runs, and transfers of balances."""

from __future__ import annotations

from kassa.kernel.contributions import Transition

INVOICE_STATES = ("approved", "held")
INVOICE_TRANSITIONS = (
    Transition(name="post", target="approved", summary="The invoice is booked and may be paid.", event="payables.vendor_invoice_posted"),
    Transition(
        name="hold",
        sources=("approved",),
        target="held",
        summary="It is not paid until it is released.",
        event="payables.vendor_invoice_held",
    ),
    Transition(name="approve", sources=("held",), target="approved", summary="It may be paid.", event="payables.vendor_invoice_released"),
)
PAYMENT_STATES = ("posted", "confirmed", "rejected")
PAYMENT_TRANSITIONS = (
    Transition(name="post", target="posted", summary="The payment is booked.", event="payables.vendor_payment_posted"),
    Transition(
        name="confirm", sources=("posted",), target="confirmed", summary="The bank has paid.", event="payables.vendor_payment_confirmed"
    ),
    Transition(
        name="reject", sources=("posted",), target="rejected", summary="The bank has not paid.", event="payables.vendor_payment_rejected"
    ),
)
RUN_TRANSITIONS = (Transition(name="post", target="posted", summary="Payments go to the bank.", event="payables.payment_run_posted"),)
TRANSFER_TRANSITIONS = (
    Transition(name="post", target="posted", summary="What a customer is owed, a vendor is owed.", event="payables.balance_transferred"),
)
