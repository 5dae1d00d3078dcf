"""Permissions of payments and the roles that hold them."""

from __future__ import annotations

from kassa.kernel.contributions import Permission, Role

PERMISSIONS = (
    Permission(name="payments.take", summary="Take a payment of a customer."),
    Permission(name="payments.read", summary="See payments."),
    Permission(name="payments.refund", summary="Pay out what customers are owed."),
    Permission(name="payments.pay_out", summary="How much may be paid out at once, by any act that gives money back.", measured="money"),
    Permission(
        name="payments.pay_out_cash", summary="How much of that may be paid out in cash though it was not paid in cash.", measured="money"
    ),
    Permission(name="payments.void", summary="Take a payment of the day back."),
    Permission(name="payments.move_cash", summary="Move cash between drawer and safe, and spend petty cash."),
    Permission(name="payments.record_result", summary="Tell what a processor says of an intent."),
)
LIMITED = ("payments.pay_out", "payments.pay_out_cash")
TILL = ("payments.take", "payments.read", "payments.move_cash", *LIMITED)
MANAGER = (*TILL, "payments.refund", "payments.void")
OFFICE = ("payments.take", "payments.read", "payments.refund", "payments.record_result", *LIMITED)
ROLES = (
    Role(name="payments.cashier", role="cashier", summary="Takes payments.", permissions=TILL),
    Role(name="payments.store_manager", role="store_manager", summary="Takes payments, gives them back.", permissions=MANAGER),
    Role(name="payments.accountant", role="accountant", summary="Takes payments, gives them back.", permissions=OFFICE),
    Role(name="payments.integrator", role="integrator", summary="Loads payments, answers for processors.", permissions=OFFICE),
    Role(name="payments.returns_clerk", role="returns_clerk", summary="Sees payments.", permissions=("payments.read",)),
    Role(name="payments.payables", role="payables", summary="Sees payments.", permissions=("payments.read",)),
)
