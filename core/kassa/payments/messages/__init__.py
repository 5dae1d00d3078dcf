"""Requests and views of payments, refunds, intents and drawers."""

from kassa.payments.messages.drawer import DrawerView, MoveCash
from kassa.payments.messages.intents import Authorise, ByIntent, IntentView, ListIntents, RecordResult
from kassa.payments.messages.payments import (
    ListPayments,
    ListTenders,
    PaymentSummaryView,
    PaymentView,
    ReadPayment,
    SettledView,
    TakePayment,
    TenderView,
    VoidPayment,
)
from kassa.payments.messages.refunds import CancelRefund, Refund, RefundRun, RefundView

__all__ = [
    "Authorise",
    "ByIntent",
    "CancelRefund",
    "DrawerView",
    "IntentView",
    "ListIntents",
    "ListPayments",
    "ListTenders",
    "MoveCash",
    "PaymentSummaryView",
    "PaymentView",
    "ReadPayment",
    "RecordResult",
    "Refund",
    "RefundRun",
    "RefundView",
    "SettledView",
    "TakePayment",
    "TenderView",
    "VoidPayment",
]
